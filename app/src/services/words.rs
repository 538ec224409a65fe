//! What people read about the kinds of service providers.

use super::types::Kind;

/// The name of a kind.
pub fn kind_name(kind: Kind) -> String {
    match kind {
        Kind::Smtp => "SMTP".to_owned(),
        Kind::Sms => tr!(services.sms),
        Kind::Authenticator => tr!(services.authenticator),
        Kind::Passkey => tr!(services.passkey),
    }
}

/// What a kind does, in one sentence.
pub fn kind_hint(kind: Kind) -> String {
    match kind {
        Kind::Smtp => tr!(services.smtp_hint),
        Kind::Sms => tr!(services.sms_hint),
        Kind::Authenticator => tr!(services.authenticator_hint),
        Kind::Passkey => tr!(services.passkey_hint),
    }
}
