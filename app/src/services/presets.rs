//! Mail servers that many use: what is known of them is filled in, and what has to be looked up there is said.

use super::{
    sign_in::SignIn,
    types::{Encryption, SmtpForm},
};

/// What everybody is called there.
const SENDGRID_USER: &str = "apikey";

/// A mail service whose settings are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Gmail and Google Workspace.
    Gmail,
    /// Microsoft 365.
    Microsoft365,
    /// Amazon Simple Email Service.
    Ses,
    /// Mailgun.
    Mailgun,
    /// Postmark.
    Postmark,
    /// SendGrid.
    SendGrid,
}

impl Preset {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Gmail, Self::Microsoft365, Self::Ses, Self::Mailgun, Self::Postmark, Self::SendGrid];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gmail => "gmail",
            Self::Microsoft365 => "microsoft365",
            Self::Ses => "ses",
            Self::Mailgun => "mailgun",
            Self::Postmark => "postmark",
            Self::SendGrid => "sendgrid",
        }
    }

    /// What it calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gmail => "Gmail",
            Self::Microsoft365 => "Microsoft 365",
            Self::Ses => "Amazon SES",
            Self::Mailgun => "Mailgun",
            Self::Postmark => "Postmark",
            Self::SendGrid => "SendGrid",
        }
    }

    const fn host(self) -> &'static str {
        match self {
            Self::Gmail => "smtp.gmail.com",
            Self::Microsoft365 => "smtp.office365.com",
            Self::Ses => "email-smtp.us-east-1.amazonaws.com",
            Self::Mailgun => "smtp.mailgun.org",
            Self::Postmark => "smtp.postmarkapp.com",
            Self::SendGrid => "smtp.sendgrid.net",
        }
    }

    /// The form with what is known of the server. What was typed stays beside it; what stood there before it was typed
    /// into, as the server's own defaults, does not belong to this service. The sender is nobody's but the operator's.
    pub fn fill(self, form: SmtpForm, before: &SmtpForm) -> SmtpForm {
        let known = form.user_name == SENDGRID_USER || form.user_name == before.user_name;
        let user_name = match self {
            Self::SendGrid => SENDGRID_USER.to_owned(),
            _ if known => String::new(),
            _ => form.user_name,
        };
        let by_microsoft = [SignIn::Microsoft, SignIn::MicrosoftApp].map(SignIn::as_str).contains(&&*form.sign_in);
        let sign_in = match self {
            // It takes no passwords from programs.
            Self::Microsoft365 => SignIn::MicrosoftApp.as_str().to_owned(),
            _ if by_microsoft => String::new(),
            _ => form.sign_in,
        };
        SmtpForm {
            host: self.host().to_owned(),
            // All of them take messages at the port for submission (RFC 6409).
            port: "587".to_owned(),
            encryption: Encryption::StartTls.as_str().to_owned(),
            sign_in,
            user_name,
            ..form
        }
    }

    /// Where its host depends on.
    pub fn host_hint(self) -> Option<String> {
        match self {
            Self::Ses => Some(tr!(services.preset_ses_host)),
            Self::Mailgun => Some(tr!(services.preset_mailgun_host)),
            Self::Gmail | Self::Microsoft365 | Self::Postmark | Self::SendGrid => None,
        }
    }

    /// What the user name is there.
    pub fn user_name_hint(self) -> String {
        match self {
            Self::Gmail => tr!(services.preset_gmail_user),
            Self::Microsoft365 => tr!(services.preset_microsoft_user),
            Self::Ses => tr!(services.preset_ses_user),
            Self::Mailgun => tr!(services.preset_mailgun_user),
            Self::Postmark => tr!(services.preset_postmark_user),
            Self::SendGrid => tr!(services.preset_sendgrid_user),
        }
    }

    /// What the password is there.
    pub fn password_hint(self) -> String {
        match self {
            Self::Gmail => tr!(services.preset_gmail_password),
            Self::Microsoft365 => tr!(services.preset_microsoft_password),
            Self::Ses => tr!(services.preset_ses_password),
            Self::Mailgun => tr!(services.preset_mailgun_password),
            Self::Postmark => tr!(services.preset_postmark_password),
            Self::SendGrid => tr!(services.preset_sendgrid_password),
        }
    }
}

impl std::str::FromStr for Preset {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate;

    #[test]
    fn a_preset_fills_in_the_server_and_nothing_of_the_sender() {
        let form = SmtpForm {
            title: "Ours".to_owned(),
            from_address: "robot@example.org".to_owned(),
            user_name: "old".to_owned(),
            ..SmtpForm::default()
        };
        for preset in Preset::ALL {
            assert_eq!(preset.as_str().parse(), Ok(preset));
            let filled = preset.fill(form.clone(), &form);
            assert!(validate::host(&filled.host).is_ok() && validate::port(&filled.port).is_ok(), "{preset:?}");
            assert_eq!(filled.encryption.parse(), Ok(Encryption::StartTls));
            assert_eq!((filled.title.as_str(), filled.from_address.as_str()), ("Ours", "robot@example.org"));
            assert!(["", "apikey"].contains(&filled.user_name.as_str()));
        }
        let typed = SmtpForm { user_name: "me".to_owned(), sign_in: "google".to_owned(), ..form.clone() };
        let gmail = Preset::Gmail.fill(typed.clone(), &form);
        assert_eq!((gmail.user_name.as_str(), gmail.sign_in.as_str()), ("me", "google"), "what was typed stays");
        let sendgrid = Preset::SendGrid.fill(typed.clone(), &form);
        assert_eq!(Preset::Ses.fill(sendgrid, &form).user_name, "", "what the one before filled in does not");
        let microsoft = Preset::Microsoft365.fill(typed, &form);
        assert_eq!(Preset::Mailgun.fill(microsoft, &form).sign_in, "");
        assert!("gmail ".parse::<Preset>().is_err() && "x".parse::<Preset>().is_err());
    }
}
