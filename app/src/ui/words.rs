//! Words for errors: what happened and what to do.

use crate::error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal};

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
        Problem::NotAChoice => tr!(problem.not_a_choice),
        Problem::SecretNeededAgain => tr!(problem.secret_needed_again),
        Problem::NotACode => tr!(problem.not_a_code),
        Problem::AddressNotAllowed => tr!(problem.address_not_allowed),
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
        AppError::Forbidden => tr!(error.forbidden),
        AppError::NotFound => tr!(error.not_found),
        AppError::Busy => tr!(error.busy),
        AppError::Offline => tr!(error.offline),
        AppError::Internal => tr!(error.internal),
    }
}

fn refusal(reason: &Refusal) -> String {
    match reason {
        Refusal::WrongLogin => tr!(refusal.wrong_login),
        Refusal::WrongCode { tries_left: 1 } => tr!(refusal.wrong_code_last),
        Refusal::WrongCode { tries_left } => tr!(refusal.wrong_code, tries = tries_left),
        Refusal::CodeReplaced { reference } => tr!(refusal.code_replaced, reference = reference.clone()),
        Refusal::CodeExpired => tr!(refusal.code_expired),
        Refusal::CodeUsed => tr!(refusal.code_used),
        Refusal::TriesExhausted => tr!(refusal.tries_exhausted),
        Refusal::FactorLocked { minutes } => tr!(refusal.factor_locked, minutes = minutes),
        Refusal::FactorDisabled => tr!(refusal.factor_disabled),
        Refusal::TooSoon { seconds } => tr!(refusal.too_soon, seconds = seconds),
        Refusal::TooManyCodes { minutes } => tr!(refusal.too_many_codes, minutes = minutes),
        Refusal::NotDelivered(failure) => delivery(failure),
        Refusal::NotOffered => tr!(refusal.not_offered),
        Refusal::NoChallenge => tr!(refusal.no_challenge),
        Refusal::InUse { by } => tr!(refusal.in_use, by = by.clone()),
        Refusal::LinkDead => tr!(refusal.link_dead),
    }
}

/// Why a message was not handed over. With the server's answer the words are for administrators.
pub fn delivery(failure: &DeliveryFailure) -> String {
    if failure.answer.is_some() {
        return match failure.kind {
            DeliveryFailureKind::Unreachable => tr!(delivery_admin.unreachable),
            DeliveryFailureKind::TimedOut => tr!(delivery_admin.timed_out),
            DeliveryFailureKind::Tls => tr!(delivery_admin.tls),
            DeliveryFailureKind::Authentication => tr!(delivery_admin.authentication),
            DeliveryFailureKind::RecipientRefused => tr!(delivery_admin.recipient_refused),
            DeliveryFailureKind::Refused | DeliveryFailureKind::Inactive => tr!(delivery_admin.refused),
        };
    }
    match failure.kind {
        DeliveryFailureKind::RecipientRefused => tr!(delivery.recipient_refused),
        DeliveryFailureKind::TimedOut => tr!(delivery.timed_out),
        DeliveryFailureKind::Unreachable => tr!(delivery.unreachable),
        DeliveryFailureKind::Inactive => tr!(delivery.inactive),
        DeliveryFailureKind::Tls | DeliveryFailureKind::Authentication | DeliveryFailureKind::Refused => {
            tr!(delivery.refused)
        }
    }
}

/// What a finished action is answered with, by the name in the address (`?done=…`).
pub fn done(name: &str) -> Option<String> {
    Some(match name {
        "saved" => tr!(done.saved),
        "deleted" => tr!(done.deleted),
        "added" => tr!(done.added),
        "activated" => tr!(done.activated),
        "deactivated" => tr!(done.deactivated),
        "set_up" => tr!(done.set_up),
        _ => return None,
    })
}
