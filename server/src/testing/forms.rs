//! Forms that can be saved as they are.

use app::services::{sms::SmsForm, types::SmtpForm};

/// A complete SMTP form.
pub fn smtp_form() -> SmtpForm {
    SmtpForm {
        title: "SMTP".to_owned(),
        host: "mail.example.org".to_owned(),
        port: "587".to_owned(),
        encryption: "starttls".to_owned(),
        user_name: "relay".to_owned(),
        password: "s3cret-relay".to_owned(),
        from_address: "no-reply@example.org".to_owned(),
        from_name: "Configio".to_owned(),
        ..SmtpForm::default()
    }
}

/// A complete form for Twilio.
pub fn twilio_form() -> SmsForm {
    SmsForm {
        title: "Twilio".to_owned(),
        vendor: "twilio".to_owned(),
        url: "https://api.twilio.com".to_owned(),
        account: "AC0123456789abcdef0123456789abcdef".to_owned(),
        sender: "+15005550006".to_owned(),
        secret: "t0p-s3cret".to_owned(),
        countries: "GB".to_owned(),
        daily: "100".to_owned(),
        ..SmsForm::default()
    }
}
