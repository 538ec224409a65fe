//! What the audit log keeps of codes: who asked, by which method, how it ended. Never a code, never a whole
//! destination, never the mail server's answer, which may repeat both.

use super::service::Purpose;
use crate::{
    accounts,
    audit::{self, Actor, Event},
    channel::mask,
    core::Core,
    offers,
};
use app::{
    audit::types::Action,
    caller::Origin,
    error::{AppError, DeliveryFailureKind, Refusal},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Which code it is about.
pub struct About<'a> {
    /// The account.
    pub account_id: Uuid,
    /// What the code proves.
    pub purpose: Purpose,
    /// Which secondary auth carries it.
    pub secondary_auth_id: Uuid,
    /// Where it goes.
    pub destination: &'a str,
}

/// Records that a code was sent, or why not. Being a little too early is not worth a line.
///
/// # Errors
/// When the database fails.
pub async fn sent(
    core: &Core,
    origin: &Origin,
    about: &About<'_>,
    result: &Result<(), AppError>,
) -> Result<(), AppError> {
    match result {
        Ok(()) => record(core, origin, about, Action::CodeSent, None).await,
        Err(AppError::Refused { reason: Refusal::TooSoon { .. }, .. }) => Ok(()),
        Err(error) => record(core, origin, about, Action::CodeSent, Some(reason(error))).await,
    }
}

/// Records that a code was not even compared, and passes the reason on.
pub async fn refused(core: &Core, origin: &Origin, about: &About<'_>, error: AppError) -> AppError {
    match record(core, origin, about, Action::CodeRefused, Some(reason(&error))).await {
        Ok(()) => error,
        Err(failure) => failure,
    }
}

/// Records that a code was wrong, whatever came of it.
///
/// # Errors
/// When the database fails.
pub async fn wrong(core: &Core, origin: &Origin, about: &About<'_>, error: &AppError) -> Result<(), AppError> {
    let replaced = matches!(error, AppError::Refused { reason: Refusal::CodeReplaced { .. }, .. });
    let reason = if replaced { "replaced code" } else { "wrong code" };
    record(core, origin, about, Action::CodeRefused, Some(reason)).await
}

async fn record(
    core: &Core,
    origin: &Origin,
    about: &About<'_>,
    action: Action,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let account = accounts::store::by_id(&core.db, about.account_id).await?;
    let account = account.ok_or(AppError::SignInNeeded)?;
    let actor = Actor::Account(&account, origin);
    let details = format!("{}, {}", words(about.purpose), method(&core.db, about).await?);
    let event = match reason {
        None => Event::new(action, actor).with(details),
        Some(reason) => Event::failure(action, actor).with(format!("{details}, {reason}")),
    };
    audit::record(&core.db, core, event).await
}

/// The method and where it leads: "Email to c•••a@example.org".
///
/// # Errors
/// When the database fails.
pub async fn method(db: &impl ConnectionTrait, about: &About<'_>) -> Result<String, AppError> {
    let auth = offers::store::secondary_auth(db, about.secondary_auth_id).await?;
    let title = auth.map_or_else(|| "deleted method".to_owned(), |auth| auth.title);
    let destination = mask(about.destination);
    Ok(match destination.as_str() {
        "" => title,
        // A passkey's name, of which nothing is hidden.
        name if name == about.destination => format!("{title}: {name}"),
        masked => format!("{title} to {masked}"),
    })
}

/// The purpose in words.
pub(crate) const fn words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "sign-in",
        Purpose::Enroll => "new entry",
        Purpose::StepUp => "confirmation",
    }
}

/// Why, in words of our own.
pub(crate) fn reason(error: &AppError) -> &'static str {
    let AppError::Refused { reason, .. } = error else { return "failed" };
    match reason {
        Refusal::NotDelivered(failure) | Refusal::TextNotDelivered(failure) => kind(failure.kind),
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

/// Why a message was not handed over, in words of our own.
pub const fn kind(kind: DeliveryFailureKind) -> &'static str {
    match kind {
        DeliveryFailureKind::Unreachable => "server unreachable",
        DeliveryFailureKind::TimedOut => "server timed out",
        DeliveryFailureKind::Tls => "no secure connection",
        DeliveryFailureKind::Authentication => "authentication refused",
        DeliveryFailureKind::RecipientRefused => "recipient refused",
        DeliveryFailureKind::Overloaded => "server overloaded",
        DeliveryFailureKind::Refused => "message refused",
        DeliveryFailureKind::Inactive => "service inactive",
    }
}
