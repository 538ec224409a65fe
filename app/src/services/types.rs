//! Service providers as administrators see them.

use super::sms::SmsService;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How people prove who they are. Each service provider serves one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Codes by email.
    Smtp,
    /// Codes by text message.
    Sms,
    /// Codes that an app makes of a shared seed (RFC 6238).
    Authenticator,
    /// A key pair of which the server knows the public half (WebAuthn).
    Passkey,
}

/// How much a channel protects (NIST SP 800-63B-4 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Better than a password alone: messages can be read or redirected on their way.
    Weaker,
    /// Nothing travels, but a code can be entered on a false page.
    Stronger,
    /// A false page gets nothing that works elsewhere.
    Strongest,
}

impl Channel {
    /// All channels, in the order of the pages.
    pub const ALL: [Self; 4] = [Self::Smtp, Self::Sms, Self::Authenticator, Self::Passkey];

    /// The name in addresses, forms, tables and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Sms => "sms",
            Self::Authenticator => "authenticator",
            Self::Passkey => "passkey",
        }
    }

    /// Whether the server sends a code.
    pub const fn sends(self) -> bool {
        matches!(self, Self::Smtp | Self::Sms)
    }

    /// How much it protects.
    pub const fn strength(self) -> Strength {
        match self {
            Self::Smtp | Self::Sms => Strength::Weaker,
            Self::Authenticator => Strength::Stronger,
            Self::Passkey => Strength::Strongest,
        }
    }
}

impl std::str::FromStr for Channel {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text).ok_or(())
    }
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Not at all: only for servers on the same machine or network.
    None,
    /// Plain first, then upgraded (RFC 3207); refused where the server does not offer it.
    #[default]
    StartTls,
    /// From the first byte (RFC 8314).
    Tls,
}

impl Encryption {
    /// All kinds, in the order of the form.
    pub const ALL: [Self; 3] = [Self::None, Self::StartTls, Self::Tls];

    /// The name in forms and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        }
    }
}

impl std::str::FromStr for Encryption {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|e| e.as_str() == text).ok_or(())
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// The provider's id.
    pub id: Uuid,
    /// What it is.
    pub kind: Channel,
    /// Its title.
    pub title: String,
    /// The server that it sends through, where it sends anything.
    pub target: Option<String>,
    /// Whether it may be used.
    pub active: bool,
}

/// An SMTP provider's form, as text, the way it was typed. The password only ever comes in.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SmtpForm {
    /// The title in lists.
    pub title: String,
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: String,
    /// An [`Encryption`] by name.
    pub encryption: String,
    /// User name; empty to send without authentication.
    pub user_name: String,
    /// Password; empty to keep the stored one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub password: String,
    /// The sender's address.
    pub from_address: String,
    /// The sender's name.
    pub from_name: String,
    /// Where answers go; empty for the sender.
    #[serde(default)]
    pub reply_to: String,
    /// Who we say we are; empty for the host of the public address.
    #[serde(default)]
    pub ehlo_name: String,
    /// Certificates in PEM that are trusted beside those of the system.
    #[serde(default)]
    pub ca: String,
    /// A [`SignIn`](super::sign_in::SignIn) by name; empty for user name and password.
    #[serde(default)]
    pub sign_in: String,
    /// The application's id where a token takes the place of the password.
    #[serde(default)]
    pub client_id: String,
    /// Microsoft's directory, by id or name.
    #[serde(default)]
    pub tenant: String,
    /// Where tokens are fetched; empty for Microsoft's or Google's own address.
    #[serde(default)]
    pub token_url: String,
    /// The application's secret; empty to keep the stored one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_secret: String,
    /// The mailbox's refresh token; empty to keep the stored one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub refresh_token: String,
}

/// The most of the certificates that an address carries back to a form, in bytes; proxies take no long addresses.
const CA_IN_ADDRESS: usize = 4_000;

/// Without the secrets.
impl std::fmt::Debug for SmtpForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.typed()).finish()
    }
}

impl SmtpForm {
    /// What may go back to the browser with an error: everything but the secrets.
    pub fn typed(&self) -> Vec<(&str, &str)> {
        let typed: [(&str, &str); 13] = [
            ("title", &self.title),
            ("host", &self.host),
            ("port", &self.port),
            ("encryption", &self.encryption),
            ("user_name", &self.user_name),
            ("from_address", &self.from_address),
            ("from_name", &self.from_name),
            ("reply_to", &self.reply_to),
            ("ehlo_name", &self.ehlo_name),
            ("sign_in", &self.sign_in),
            ("client_id", &self.client_id),
            ("tenant", &self.tenant),
            ("token_url", &self.token_url),
        ];
        let ca = Some(("ca", self.ca.as_str())).filter(|(_, ca)| ca.len() <= CA_IN_ADDRESS);
        typed.into_iter().chain(ca).collect()
    }
}

/// A stored provider, or the defaults of a new one, for its form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmtpService {
    /// The fields, without the secrets.
    pub form: SmtpForm,
    /// Whether a password is stored.
    pub password_set: bool,
    /// Whether what fetches tokens is stored.
    pub client_set: bool,
    /// Whether it may be used.
    pub active: bool,
    /// How many accounts receive their codes through it.
    pub enrolled: u32,
}

/// A provider that has a title and nothing else to set: nothing is sent through it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlainService {
    /// What it is.
    pub kind: Channel,
    /// Its title.
    pub title: String,
    /// Whether it may be used.
    pub active: bool,
    /// How many accounts use it.
    pub enrolled: u32,
    /// Where browsers allow the passkeys of this site, if anywhere.
    pub passkeys_at: Option<String>,
}

/// A stored provider, or the defaults of a new one, for the form of its channel.
#[allow(clippy::large_enum_variant, reason = "there is one at a time, on its way to a page")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AnyService {
    /// Codes by email.
    Smtp(SmtpService),
    /// Codes by text message.
    Sms(SmsService),
    /// Nothing is sent.
    Plain(PlainService),
}

impl AnyService {
    /// Its title.
    pub fn title(&self) -> &str {
        match self {
            Self::Smtp(service) => &service.form.title,
            Self::Sms(service) => &service.form.title,
            Self::Plain(service) => &service.title,
        }
    }

    /// How many accounts use it.
    pub const fn enrolled(&self) -> u32 {
        match self {
            Self::Smtp(service) => service.enrolled,
            Self::Sms(service) => service.enrolled,
            Self::Plain(service) => service.enrolled,
        }
    }
}

/// The answer to the service form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Saved {
    /// The provider was stored.
    Stored,
    /// A test message was handed over for this address.
    TestSent(String),
}
