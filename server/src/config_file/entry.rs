//! What can stand in the file: entries with their values, and which values each of them has.

use app::{
    configuration::types::Setting, configuration::types::Unit, language::types::Language, login::types::Audience,
    message_templates::types::Message, services::types::Channel,
};
use std::fmt;
use toml::Value;

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A service provider, by its title.
    Provider(String),
    /// A secondary auth, by its title.
    SecondaryAuth(String),
    /// The policy of an audience.
    Policy(Audience),
    /// The settings.
    Configuration,
    /// The brand, as far as it was set.
    Brand,
    /// The words of a message in a language, as far as they were changed.
    Message(Message, Language),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(title) => write!(f, "provider {}", text(title)),
            Self::SecondaryAuth(title) => write!(f, "secondary auth {}", text(title)),
            Self::Policy(audience) => write!(f, "policy {}", audience.as_str()),
            Self::Brand => f.write_str("brand"),
            Self::Configuration => f.write_str("configuration"),
            Self::Message(message, language) => write!(f, "message {} in {}", message.as_str(), language.as_str()),
        }
    }
}

/// An entry as it is stored, with all of its values in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is about.
    pub name: Name,
    /// Its values.
    pub values: Vec<(&'static str, Value)>,
}

impl Entry {
    /// One of its values.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }
}

/// An entry as the file has it, with the values that it names and the lines where they stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What it is about.
    pub name: Name,
    /// Where its title stands, or its head.
    pub line: usize,
    /// Its values.
    pub values: Vec<(&'static str, usize, Value)>,
}

impl Wanted {
    /// One of its values.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|(name, ..)| *name == key).map(|(.., value)| value)
    }

    /// Where a value stands; the entry itself where the file does not name it.
    pub fn line_of(&self, key: &str) -> usize {
        self.values.iter().find(|(name, ..)| *name == key).map_or(self.line, |(_, line, _)| *line)
    }

    /// The value of a text, or nothing where the file does not name it.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }

    /// The same of a yes or no.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(Value::as_bool)
    }
}

/// What kind of value stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text in quotes.
    Text,
    /// The same, with every space and line break as it is.
    Lines,
    /// A whole number.
    Number,
    /// true or false.
    Flag,
    /// A list of kinds of service providers.
    Kinds,
    /// A list of texts in quotes.
    Texts,
}

/// What every provider has.
pub const PROVIDER: &[(&str, Type)] = &[("kind", Type::Text), ("active", Type::Flag)];
/// What a secondary auth has.
pub const SECONDARY_AUTH: &[(&str, Type)] = &[("provider", Type::Text), ("fallbacks", Type::Texts)];
/// What a policy has.
pub const POLICY: &[(&str, Type)] = &[("allowed", Type::Flag), ("forbidden", Type::Kinds)];

/// What only some mail servers need: such a value stands in the file where there is one.
pub const SMTP_EXTRA: &[&str] = &["reply_to", "ehlo_name", "ca", "sign_in", "client_id", "tenant", "token_url"];

/// What the brand has. Files are not among it.
pub const BRAND: &[(&str, Type)] = &[
    ("name", Type::Text),
    ("accent", Type::Text),
    ("help", Type::Text),
    ("legal", Type::Text),
    ("privacy", Type::Text),
];

/// What a message has.
pub const MESSAGE: &[(&str, Type)] = &[("subject", Type::Text), ("text", Type::Lines), ("html", Type::Lines)];

/// What providers of a kind have beside that: the fields of their form, without the title and without the secret.
pub const fn fields(kind: Channel) -> &'static [(&'static str, Type)] {
    match kind {
        Channel::Smtp => &[
            ("host", Type::Text),
            ("port", Type::Number),
            ("encryption", Type::Text),
            ("user_name", Type::Text),
            ("from_address", Type::Text),
            ("from_name", Type::Text),
            ("reply_to", Type::Text),
            ("ehlo_name", Type::Text),
            ("ca", Type::Text),
            ("sign_in", Type::Text),
            ("client_id", Type::Text),
            ("tenant", Type::Text),
            ("token_url", Type::Text),
        ],
        Channel::Sms => &[
            ("vendor", Type::Text),
            ("url", Type::Text),
            ("method", Type::Text),
            ("headers", Type::Text),
            ("body", Type::Text),
            ("success", Type::Text),
            ("host", Type::Text),
            ("port", Type::Number),
            ("tls", Type::Text),
            ("alphabet", Type::Text),
            ("account", Type::Text),
            ("api_key", Type::Text),
            ("sender", Type::Text),
            ("countries", Type::Text),
            ("daily", Type::Number),
        ],
        Channel::Authenticator | Channel::Passkey => &[],
    }
}

/// What the settings are.
pub fn settings() -> Vec<(&'static str, Type)> {
    let one =
        |setting: &Setting| (setting.key(), if setting.unit() == Unit::Toggle { Type::Flag } else { Type::Number });
    Setting::ALL.iter().map(one).collect()
}

/// A setting's number as the file has it.
pub fn setting_value(setting: Setting, number: u32) -> Value {
    match setting.unit() {
        Unit::Toggle => Value::Boolean(number != 0),
        _ => Value::Integer(number.into()),
    }
}

/// Text in quotes.
pub fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A value as it is typed into a form: text without its quotes, a toggle as 0 or 1.
pub fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(on) => u8::from(*on).to_string(),
        other => other.to_string(),
    }
}
