//! Providers of text messages as administrators see them.

use serde::{Deserialize, Serialize};

/// Who sends the text messages, and with it the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// Twilio's Messages API.
    Twilio,
    /// Any HTTP gateway.
    Gateway,
    /// A message centre that speaks SMPP.
    Smpp,
}

impl Vendor {
    /// All of them, in the order of the pages.
    pub const ALL: [Self; 3] = [Self::Twilio, Self::Gateway, Self::Smpp];

    /// The name in addresses, forms and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Gateway => "gateway",
            Self::Smpp => "smpp",
        }
    }
}

impl std::str::FromStr for Vendor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|vendor| vendor.as_str() == text).ok_or(())
    }
}

/// How a text is written for a message centre.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Alphabet {
    /// GSM 7-bit, one septet an octet (`data_coding` 0).
    #[default]
    Gsm7,
    /// ISO 8859-1 (`data_coding` 3).
    Latin1,
}

impl Alphabet {
    /// Both, in the order of the form.
    pub const ALL: [Self; 2] = [Self::Gsm7, Self::Latin1];

    /// The name in forms and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm7",
            Self::Latin1 => "latin1",
        }
    }
}

impl std::str::FromStr for Alphabet {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|alphabet| alphabet.as_str() == text).ok_or(())
    }
}

/// The form of a provider of text messages, as text, the way it was typed: each vendor uses some of the fields. The
/// secret only ever comes in.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SmsForm {
    /// The title in lists.
    pub title: String,
    /// A [`Vendor`] by name.
    pub vendor: String,
    /// The address of the API, or of the gateway.
    pub url: String,
    /// The HTTP method.
    pub method: String,
    /// The headers, one a line.
    pub headers: String,
    /// The body.
    pub body: String,
    /// What the answer has to contain.
    pub success: String,
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: String,
    /// `on` where the connection is encrypted.
    pub tls: String,
    /// An [`Alphabet`] by name.
    pub alphabet: String,
    /// The account's SID or the system id.
    pub account: String,
    /// The SID of an API key.
    pub api_key: String,
    /// Who the messages come from.
    pub sender: String,
    /// Auth token, key or password; empty to keep the stored one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secret: String,
    /// Two letters of each country that messages go to.
    pub countries: String,
    /// The most messages of a day.
    pub daily: String,
    /// Where a test message goes.
    pub test_to: String,
}

/// Without the secret.
impl std::fmt::Debug for SmsForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.typed()).finish()
    }
}

impl SmsForm {
    /// What may go back to the browser with an error: everything but the secret.
    pub fn typed(&self) -> [(&str, &str); 17] {
        [
            ("title", &self.title),
            ("vendor", &self.vendor),
            ("url", &self.url),
            ("method", &self.method),
            ("headers", &self.headers),
            ("body", &self.body),
            ("success", &self.success),
            ("host", &self.host),
            ("port", &self.port),
            ("tls", &self.tls),
            ("alphabet", &self.alphabet),
            ("account", &self.account),
            ("api_key", &self.api_key),
            ("sender", &self.sender),
            ("countries", &self.countries),
            ("daily", &self.daily),
            ("test_to", &self.test_to),
        ]
    }
}

/// A stored provider, or the defaults of a new one, for its form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmsService {
    /// Who sends.
    pub vendor: Vendor,
    /// The fields, without the secret.
    pub form: SmsForm,
    /// Whether a secret is stored.
    pub secret_set: bool,
    /// Whether it may be used.
    pub active: bool,
    /// How many accounts receive their codes through it.
    pub enrolled: u32,
}
