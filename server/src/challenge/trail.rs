//! What the audit log keeps of codes: who asked, by which method, how it ended. Never a code, never a whole
//! destination, never the mail server's answer, which may repeat both.

use crate::{
    audit::{self, Actor, Event},
    channel::mask,
    core::Core,
};
use app::{
    audit::types::Action,
    challenge::types::Purpose,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Refusal},
};

/// Which proof it is about.
pub struct About<'a> {
    /// Who proves.
    pub actor: Actor<'a>,
    /// What for.
    pub purpose: Purpose,
    /// By what, in words.
    pub method: String,
}

impl About<'_> {
    /// Records that a code was sent, or why not. Being a little too early is not worth a line.
    pub async fn sent(&self, core: &Core, result: &Result<(), AppError>) -> Result<(), AppError> {
        match result {
            Ok(()) => self.record(core, Action::CodeSent, None).await,
            Err(AppError::Refused { reason: Refusal::TooSoon { .. }, .. }) => Ok(()),
            Err(error) => self.record(core, Action::CodeSent, Some(reason(error))).await,
        }
    }

    /// Records that an answer was refused, and passes the reason on.
    pub async fn refused(&self, core: &Core, error: AppError) -> AppError {
        match self.record(core, Action::CodeRefused, Some(reason(&error))).await {
            Ok(()) => error,
            Err(failure) => failure,
        }
    }

    /// Records that a code was wrong, whatever is said about it, and passes that on.
    pub async fn wrong(&self, core: &Core, error: AppError) -> AppError {
        let replaced = matches!(error, AppError::Refused { reason: Refusal::CodeReplaced { .. }, .. });
        let reason = if replaced { "replaced code" } else { "wrong code" };
        match self.record(core, Action::CodeRefused, Some(reason)).await {
            Ok(()) => error,
            Err(failure) => failure,
        }
    }

    async fn record(&self, core: &Core, action: Action, reason: Option<&str>) -> Result<(), AppError> {
        let details = format!("{}, {}", purpose_text(self.purpose), self.method);
        let event = match reason {
            None => Event::new(action, self.actor).with(details),
            Some(reason) => Event::failure(action, self.actor).with(format!("{details}, {reason}")),
        };
        audit::record(&core.db, core, event).await
    }
}

/// The method and where it leads: "Email to c•••a@example.org". `title` is its secondary auth's.
pub fn method(title: Option<&str>, destination: Option<&str>) -> String {
    let title = title.unwrap_or("deleted method");
    let Some(destination) = destination else { return title.to_owned() };
    match mask(destination).as_str() {
        // A passkey's name, of which nothing is hidden.
        name if name == destination => format!("{title}: {name}"),
        masked => format!("{title} to {masked}"),
    }
}

/// The purpose as the log has it.
pub const fn purpose_text(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "sign-in",
        Purpose::Enroll => "new entry",
        Purpose::StepUp => "confirmation",
    }
}

/// Why, as the log has it.
fn reason(error: &AppError) -> &'static str {
    let AppError::Refused { reason, .. } = error else { return "failed" };
    match reason {
        Refusal::NotDelivered(failure) | Refusal::TextNotDelivered(failure) => failure_text(failure.kind),
        Refusal::TooManyTexts { .. } => "too many text messages",
        Refusal::TextCeiling => "daily ceiling reached",
        Refusal::CountryRefused => "country not allowed",
        Refusal::TooManyCodes { .. } => "too many codes",
        Refusal::FactorLocked { .. } => "locked",
        Refusal::FactorDisabled => "switched off",
        Refusal::TriesExhausted => "no tries left",
        Refusal::CodeExpired | Refusal::RecoveryCodeExpired => "expired code",
        Refusal::CodeUsed | Refusal::StepUsed | Refusal::RecoveryCodeUsed => "used code",
        Refusal::WrongRecoveryCode => "wrong code",
        Refusal::PasskeyCopied => "the passkey's counter went back: it may have been copied",
        Refusal::StartAgain => "no tries left or too late",
        _ => "refused",
    }
}

/// What an administrator tried to send, with how it ended.
pub fn tried<'a>(action: Action, actor: Actor<'a>, details: String, sent: &Result<(), DeliveryFailure>) -> Event<'a> {
    match sent {
        Ok(()) => Event::new(action, actor).with(details),
        Err(failure) => Event::failure(action, actor).with(format!("{details}, {}", failure_text(failure.kind))),
    }
}

/// Why a message was not handed over, as the log has it.
pub const fn failure_text(kind: DeliveryFailureKind) -> &'static str {
    match kind {
        DeliveryFailureKind::Unreachable => "server unreachable",
        DeliveryFailureKind::TimedOut => "server timed out",
        DeliveryFailureKind::Tls => "no secure connection",
        DeliveryFailureKind::Authentication => "authentication refused",
        DeliveryFailureKind::RecipientRefused => "recipient refused",
        DeliveryFailureKind::Overloaded => "server overloaded",
        DeliveryFailureKind::Refused => "message refused",
        DeliveryFailureKind::Inactive => "service inactive",
        DeliveryFailureKind::Paused => "service paused",
        DeliveryFailureKind::Deferred => "put off by the server",
        DeliveryFailureKind::MailboxFull => "mailbox full",
        DeliveryFailureKind::Policy => "refused by policy",
        DeliveryFailureKind::TooLarge => "message too large",
        DeliveryFailureKind::NoSignIn => "no sign-in offered",
        DeliveryFailureKind::AddressNotSupported => "address not supported",
        DeliveryFailureKind::TokenUnreachable => "token server unreachable",
        DeliveryFailureKind::ClientRefused => "application refused by the token server",
        DeliveryFailureKind::GrantRefused => "refresh token refused",
        DeliveryFailureKind::AccessRefused => "access by token refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::{audit::details::said, language::types::Language};

    #[test]
    fn what_is_recorded_of_a_code_is_said_in_other_languages() {
        use DeliveryFailureKind::{
            AccessRefused, AddressNotSupported, Authentication, ClientRefused, Deferred, GrantRefused, Inactive,
            MailboxFull, NoSignIn, Overloaded, Paused, Policy, RecipientRefused, Refused, TimedOut, Tls,
            TokenUnreachable, TooLarge, Unreachable,
        };
        let failures = [
            AccessRefused,
            AddressNotSupported,
            Authentication,
            ClientRefused,
            Deferred,
            GrantRefused,
            Inactive,
            MailboxFull,
            NoSignIn,
            Overloaded,
            Paused,
            Policy,
            RecipientRefused,
            Refused,
            TimedOut,
            Tls,
            TokenUnreachable,
            TooLarge,
            Unreachable,
        ];
        let purposes = [Purpose::SignIn, Purpose::Enroll, Purpose::StepUp].map(purpose_text);
        let refusals = [
            Refusal::TextCeiling,
            Refusal::CountryRefused,
            Refusal::FactorLocked { minutes: 1 },
            Refusal::FactorDisabled,
            Refusal::TriesExhausted,
            Refusal::CodeExpired,
            Refusal::CodeUsed,
            Refusal::WrongRecoveryCode,
            Refusal::PasskeyCopied,
            Refusal::StartAgain,
        ];
        let reasons = refusals.map(|refusal| reason(&AppError::refused(refusal)));
        for english in failures.map(failure_text).into_iter().chain(purposes).chain(reasons) {
            assert_ne!(Language::De.speak(|| said(english)), english);
        }
    }
}
