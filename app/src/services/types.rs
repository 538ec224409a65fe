//! Service providers as administrators see them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Its title.
    pub title: String,
    /// Host and port.
    pub target: String,
    /// Whether it may be used.
    pub active: bool,
}

/// An SMTP provider's form, as text, the way it was typed. The password only ever comes in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
}

impl SmtpForm {
    /// What may go back to the browser with an error: everything but the password.
    pub fn typed(&self) -> [(&str, &str); 7] {
        [
            ("title", &self.title),
            ("host", &self.host),
            ("port", &self.port),
            ("encryption", &self.encryption),
            ("user_name", &self.user_name),
            ("from_address", &self.from_address),
            ("from_name", &self.from_name),
        ]
    }
}

/// A stored provider, or the defaults of a new one, for its form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmtpService {
    /// The fields, without the password.
    pub form: SmtpForm,
    /// Whether a password is stored.
    pub password_set: bool,
    /// Whether it may be used.
    pub active: bool,
    /// How many accounts receive their codes through it.
    pub enrolled: u32,
}

/// The answer to the service form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Saved {
    /// The provider was stored.
    Stored,
    /// A test message was handed over for this address.
    TestSent(String),
}
