//! The messages for errors: what happened and what to do. And the messages for what was done.

use crate::{
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Obstacle, Problem, Refusal},
    login::types::Audience,
};

/// What somebody reads who came by a name that is not this server's.
pub fn misdirected(address: String) -> String {
    tr!(page.misdirected, address = address)
}

/// A browser and the system it runs on.
pub fn browser_on(browser: &str, system: &str) -> String {
    tr!(devices.browser_on, browser = browser, system = system)
}

/// What is wrong with a field.
pub fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Required => tr!(problem.required),
        Problem::TooLong(max) => tr!(problem.too_long, max = max),
        Problem::TooShort(min) => tr!(problem.too_short, min = min),
        Problem::NotAnEmail => tr!(problem.not_an_email),
        Problem::NotAHost => tr!(problem.not_a_host),
        Problem::NotAPort => tr!(problem.not_a_port),
        Problem::ControlCharacters => tr!(problem.control_characters),
        Problem::CommonPassword => tr!(problem.common_password),
        Problem::Taken => tr!(problem.taken),
        Problem::OtherKind => tr!(problem.other_kind),
        Problem::NotAChoice => tr!(problem.not_a_choice),
        Problem::SecretNeededAgain => tr!(problem.secret_needed_again),
        Problem::NotAPhoneNumber => tr!(problem.not_a_phone_number),
        Problem::NotAMobileNumber => tr!(problem.not_a_mobile_number),
        Problem::CountryNotAllowed => tr!(problem.country_not_allowed),
        Problem::NotInternational => tr!(problem.not_international),
        Problem::NotCertificates => tr!(problem.not_certificates),
        Problem::CertificateExpired => tr!(problem.certificate_expired),
        Problem::NotASid => tr!(problem.not_a_sid),
        Problem::NotASender => tr!(problem.not_a_sender),
        Problem::NotCountries => tr!(problem.not_countries),
        Problem::NotAUrl => tr!(problem.not_a_url),
        Problem::NotAColour => tr!(problem.not_a_colour),
        Problem::LowContrast(nearest) => tr!(problem.low_contrast, colour = nearest.clone()),
        Problem::NotAPicture => tr!(problem.not_a_picture),
        Problem::NotAnIcon => tr!(problem.not_an_icon),
        Problem::NotALink => tr!(problem.not_a_link),
        Problem::NotHeaders => tr!(problem.not_headers),
        Problem::NotATemplate => tr!(problem.not_a_template),
        Problem::UnknownPlaceholder(name) => tr!(problem.unknown_placeholder, name = name.clone()),
        Problem::NeedsPlaceholder(name) => tr!(problem.needs_placeholder, name = name.clone()),
        Problem::NeedsLastLine => tr!(problem.needs_last_line, line = "@{{ host }} #{{ code }}"),
        Problem::TooManyParts(parts) => tr!(problem.too_many_parts, parts = *parts),
        Problem::Syntax(line) => tr!(problem.syntax, line = *line),
        Problem::CannotBeFilledIn => tr!(problem.cannot_be_filled_in),
        Problem::PlaceholderMissing => tr!(problem.placeholder_missing),
        Problem::NotACode => tr!(problem.not_a_code),
        Problem::NotARecoveryCode => tr!(recovery.not_a_code),
        Problem::NotADate => tr!(problem.not_a_date),
        Problem::AddressNotAllowed => tr!(problem.address_not_allowed),
        Problem::HostNotAllowed => tr!(problem.host_not_allowed),
        Problem::WrongPassword => tr!(problem.wrong_password),
        Problem::Unchanged => tr!(problem.unchanged),
        Problem::NotWithin { min, max } => tr!(problem.not_within, min = min, max = max),
    }
}

/// What went wrong as a whole.
pub fn error(error: &AppError) -> String {
    match error {
        AppError::Invalid { fields, .. } if fields.is_empty() => tr!(error.unreadable),
        AppError::Invalid { .. } => tr!(error.invalid),
        AppError::Refused { reason, .. } => refusal(reason),
        AppError::SignInNeeded => tr!(error.sign_in_needed),
        AppError::CodeNeeded => tr!(error.code_needed),
        AppError::EnrollmentNeeded => tr!(error.enrollment_needed),
        AppError::StepUpNeeded { .. } => tr!(error.step_up_needed),
        AppError::AwaitsApproval => tr!(approvals.done_asked),
        AppError::Forbidden => tr!(error.forbidden),
        AppError::NotFound => tr!(error.not_found),
        AppError::Busy => tr!(error.busy),
        AppError::Offline => tr!(error.offline),
        AppError::Internal { id: Some(id) } => tr!(error.internal_with_id, id = id.clone()),
        AppError::Unavailable | AppError::Internal { id: None } => tr!(error.internal),
    }
}

fn refusal(reason: &Refusal) -> String {
    match reason {
        Refusal::WrongLogin => tr!(refusal.wrong_login),
        Refusal::WrongCode { tries_left } => tr!(refusal.wrong_code, count = *tries_left),
        Refusal::CodeReplaced { reference } => tr!(refusal.code_replaced, reference = reference.clone()),
        Refusal::CodeExpired => tr!(refusal.code_expired),
        Refusal::CodeUsed => tr!(refusal.code_used),
        Refusal::WrongRecoveryCode => tr!(recovery.wrong),
        Refusal::RecoveryCodeUsed => tr!(recovery.used),
        Refusal::RecoveryCodeExpired => tr!(recovery.expired),
        Refusal::NoEntry => tr!(recovery.no_entry),
        Refusal::MailboxAlone => tr!(recovery.mailbox_alone),
        Refusal::LastWayIn { accounts } => tr!(requirement.last_way_in, count = *accounts),
        Refusal::NothingUsable { audience: Audience::Admin } => tr!(recovery.nothing_usable_admin),
        Refusal::NothingUsable { audience: Audience::Customer } => tr!(recovery.nothing_usable),
        Refusal::TriesExhausted => tr!(refusal.tries_exhausted),
        Refusal::FactorLocked { minutes } => tr!(refusal.factor_locked, count = *minutes),
        Refusal::FactorDisabled => tr!(refusal.factor_disabled),
        Refusal::StepUsed => tr!(refusal.step_used),
        Refusal::WrongPasskey { tries_left } => tr!(passkey.wrong, count = *tries_left),
        Refusal::PasskeyCopied => tr!(passkey.copied),
        Refusal::NeedsHostName => tr!(passkey.needs_host_name),
        Refusal::StartAgain => tr!(refusal.start_again),
        Refusal::TooSoon { seconds } => tr!(refusal.too_soon, count = *seconds),
        Refusal::TooManyCodes { minutes } => tr!(refusal.too_many_codes, count = *minutes),
        Refusal::TooManyTries { minutes } => tr!(refusal.too_many_tries, count = *minutes),
        Refusal::TooManyMessages { minutes } => tr!(refusal.too_many_messages, count = *minutes),
        Refusal::TooManyTexts { minutes } => tr!(refusal.too_many_texts, count = *minutes),
        Refusal::TooManyLinks { minutes } => tr!(refusal.too_many_links, count = *minutes),
        Refusal::TextCeiling => tr!(refusal.text_ceiling),
        Refusal::CountryRefused => tr!(refusal.country_refused),
        Refusal::NotDelivered(failure) => delivery(failure),
        Refusal::TextNotDelivered(failure) => text_delivery(failure),
        Refusal::NotOffered => tr!(refusal.not_offered),
        Refusal::NoChallenge => tr!(refusal.no_challenge),
        Refusal::InUse { by } => tr!(refusal.in_use, by = by.clone()),
        Refusal::InUseToRestore { by } => tr!(refusal.in_use_to_restore, by = by.clone()),
        Refusal::NewerEntry => tr!(refusal.newer_entry),
        Refusal::OwnRequest => tr!(approvals.own_request),
        Refusal::NeedsSecondAdmin => tr!(approvals.needs_second_admin),
        Refusal::LinkDead => tr!(refusal.link_dead),
        Refusal::CannotBeRequired(reason) => obstacle(*reason),
        Refusal::RequiredForAdmins { accounts } => tr!(refusal.required_for_admins, count = *accounts),
        Refusal::RequiredEntry => tr!(refusal.required_entry),
        Refusal::LastAdmin => tr!(refusal.last_admin),
        Refusal::NoMail => tr!(invitation.refused_no_mail),
        Refusal::OwnAccount => tr!(users.refused_own_account),
    }
}

/// Why a second factor cannot be required of administrators yet, and what to do first.
pub fn obstacle(reason: Obstacle) -> String {
    match reason {
        Obstacle::NothingUsable => tr!(refusal.nothing_usable),
        Obstacle::NotAllowed => tr!(refusal.not_allowed),
        Obstacle::NotEnrolled => tr!(refusal.not_enrolled),
    }
}

/// Why a message was not sent. Administrators, who also get the server's answer, read another text.
pub fn delivery(failure: &DeliveryFailure) -> String {
    if failure.answer.is_some() {
        return delivery_admin(failure.kind);
    }
    match failure.kind {
        DeliveryFailureKind::RecipientRefused => tr!(delivery.recipient_refused),
        DeliveryFailureKind::TimedOut => tr!(delivery.timed_out),
        DeliveryFailureKind::Unreachable => tr!(delivery.unreachable),
        DeliveryFailureKind::Inactive
        | DeliveryFailureKind::Paused
        | DeliveryFailureKind::TokenUnreachable
        | DeliveryFailureKind::ClientRefused
        | DeliveryFailureKind::GrantRefused
        | DeliveryFailureKind::AccessRefused => tr!(delivery.inactive),
        DeliveryFailureKind::Overloaded => tr!(delivery.overloaded),
        DeliveryFailureKind::Deferred => tr!(delivery.deferred),
        DeliveryFailureKind::MailboxFull => tr!(delivery.mailbox_full),
        DeliveryFailureKind::AddressNotSupported => tr!(delivery.address_not_supported),
        DeliveryFailureKind::Tls
        | DeliveryFailureKind::Authentication
        | DeliveryFailureKind::NoSignIn
        | DeliveryFailureKind::Policy
        | DeliveryFailureKind::TooLarge
        | DeliveryFailureKind::Refused => tr!(delivery.refused),
    }
}

/// Why a text message was not sent.
fn text_delivery(failure: &DeliveryFailure) -> String {
    if failure.answer.is_some() {
        return text_delivery_admin(failure.kind);
    }
    match failure.kind {
        DeliveryFailureKind::RecipientRefused => tr!(text_delivery.recipient_refused),
        DeliveryFailureKind::TimedOut => tr!(text_delivery.timed_out),
        DeliveryFailureKind::Unreachable => tr!(text_delivery.unreachable),
        DeliveryFailureKind::Inactive | DeliveryFailureKind::Paused => tr!(delivery.inactive),
        DeliveryFailureKind::Overloaded => tr!(text_delivery.overloaded),
        // The rest is told by mail servers alone.
        _ => tr!(text_delivery.refused),
    }
}

/// Why a message was not sent, for administrators.
pub fn delivery_admin(kind: DeliveryFailureKind) -> String {
    match kind {
        DeliveryFailureKind::Unreachable => tr!(delivery_admin.unreachable),
        DeliveryFailureKind::TimedOut => tr!(delivery_admin.timed_out),
        DeliveryFailureKind::Tls => tr!(delivery_admin.tls),
        DeliveryFailureKind::Authentication => tr!(delivery_admin.authentication),
        DeliveryFailureKind::RecipientRefused => tr!(delivery_admin.recipient_refused),
        DeliveryFailureKind::Overloaded => tr!(delivery_admin.overloaded),
        DeliveryFailureKind::Deferred => tr!(delivery_admin.deferred),
        DeliveryFailureKind::MailboxFull => tr!(delivery_admin.mailbox_full),
        DeliveryFailureKind::Policy => tr!(delivery_admin.policy),
        DeliveryFailureKind::TooLarge => tr!(delivery_admin.too_large),
        DeliveryFailureKind::NoSignIn => tr!(delivery_admin.no_sign_in),
        DeliveryFailureKind::AddressNotSupported => tr!(delivery_admin.address_not_supported),
        DeliveryFailureKind::Paused => tr!(delivery_admin.paused),
        DeliveryFailureKind::TokenUnreachable => tr!(delivery_admin.token_unreachable),
        DeliveryFailureKind::ClientRefused => tr!(delivery_admin.client_refused),
        DeliveryFailureKind::GrantRefused => tr!(delivery_admin.grant_refused),
        DeliveryFailureKind::AccessRefused => tr!(delivery_admin.access_refused),
        DeliveryFailureKind::Refused | DeliveryFailureKind::Inactive => tr!(delivery_admin.refused),
    }
}

/// Why a text message was not sent, for administrators.
pub fn text_delivery_admin(kind: DeliveryFailureKind) -> String {
    match kind {
        DeliveryFailureKind::Unreachable => tr!(text_delivery_admin.unreachable),
        DeliveryFailureKind::TimedOut => tr!(text_delivery_admin.timed_out),
        DeliveryFailureKind::Tls => tr!(text_delivery_admin.tls),
        DeliveryFailureKind::Authentication => tr!(text_delivery_admin.authentication),
        DeliveryFailureKind::RecipientRefused => tr!(text_delivery_admin.recipient_refused),
        DeliveryFailureKind::Overloaded => tr!(text_delivery_admin.overloaded),
        DeliveryFailureKind::Paused => tr!(delivery_admin.paused),
        // The rest is told by mail servers alone.
        _ => tr!(text_delivery_admin.refused),
    }
}

/// What a finished action is answered with, by the name in the address (`?done=…`).
pub fn done(name: &str) -> Option<String> {
    Some(match name {
        "saved" => tr!(done.saved),
        "deleted" => tr!(done.deleted),
        "restored" | "restore-entry" => tr!(done.restored),
        "not_me" => tr!(done.not_me),
        "not_me_alone" => tr!(done.not_me_alone),
        "template_sent" => tr!(done.template_sent),
        "template_reset" => tr!(done.template_reset),
        "not_me_held" => tr!(done.not_me_held),
        "preferred" => tr!(done.preferred),
        "added" => tr!(done.added),
        "activated" => tr!(done.activated),
        "deactivated" => tr!(done.deactivated),
        "set_up" => tr!(done.set_up),
        "reset_asked" => tr!(done.reset_asked),
        "password_set" => tr!(done.password_set),
        "registration_asked" => tr!(done.registration_asked),
        "registered" => tr!(done.registered),
        "device_revoked" => tr!(done.device_revoked),
        "devices_revoked" => tr!(done.devices_revoked),
        "session_ended" => tr!(done.session_ended),
        "sessions_ended" => tr!(done.sessions_ended),
        "password_changed" => tr!(done.password_changed),
        "email_link_sent" => tr!(done.email_link_sent),
        "email_changed" => tr!(done.email_changed),
        "reset-2fa" => tr!(users.done_reset_factor),
        "unlock" => tr!(users.done_unlock),
        "disable" => tr!(users.done_disable),
        "enable" => tr!(users.done_enable),
        "end-sessions" => tr!(users.done_end_sessions),
        "revoke-devices" => tr!(users.done_revoke_devices),
        "approval_asked" => tr!(approvals.done_asked),
        "approved" => tr!(approvals.done_approved),
        "declined" => tr!(approvals.done_declined),
        "withdrawn" => tr!(approvals.done_withdrawn),
        "delete" => tr!(users.done_delete),
        "invited" => tr!(invitation.done_invited),
        "recovery_saved" => tr!(recovery.done_saved),
        "taken_back" => tr!(invitation.done_taken_back),
        "invitation_accepted" => tr!(invitation.done_accepted),
        _ => return None,
    })
}
