//! What people read about the kinds of service providers.

use super::{sms::Vendor, types::Kind};

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

/// The name of a vendor of text messages, or of what it speaks.
pub fn vendor_name(vendor: Vendor) -> String {
    match vendor {
        Vendor::Twilio => "Twilio".to_owned(),
        Vendor::Gateway => tr!(sms.gateway),
        Vendor::Smpp => "SMPP".to_owned(),
    }
}

/// What it is, in one sentence.
pub fn vendor_hint(vendor: Vendor) -> String {
    match vendor {
        Vendor::Twilio => tr!(sms.twilio_hint),
        Vendor::Gateway => tr!(sms.gateway_hint),
        Vendor::Smpp => tr!(sms.smpp_hint),
    }
}
