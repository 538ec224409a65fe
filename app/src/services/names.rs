//! Names and descriptions of channels and vendors.

use super::{sms::Vendor, types::Channel};

/// The name of a channel.
pub fn channel_name(channel: Channel) -> String {
    match channel {
        Channel::Smtp => "SMTP".to_owned(),
        Channel::Sms => tr!(services.sms),
        Channel::Authenticator => tr!(services.authenticator),
        Channel::Passkey => tr!(services.passkey),
    }
}

/// What people prove themselves by through a channel, within a sentence.
pub fn channel_proofs(channel: Channel) -> String {
    match channel {
        Channel::Smtp => tr!(strength.email_codes),
        Channel::Sms => tr!(strength.text_codes),
        Channel::Authenticator => tr!(strength.app_codes),
        Channel::Passkey => tr!(strength.passkeys),
    }
}

/// What a channel does, in one sentence.
pub fn channel_hint(channel: Channel) -> String {
    match channel {
        Channel::Smtp => tr!(services.smtp_hint),
        Channel::Sms => tr!(services.sms_hint),
        Channel::Authenticator => tr!(services.authenticator_hint),
        Channel::Passkey => tr!(services.passkey_hint),
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
