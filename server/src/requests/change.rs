//! What can wait for an approval: everything that weakens protection, moves messages or makes an administrator.

use app::{
    configuration::types::Setting,
    language::types::Language,
    login::types::Audience,
    message_templates::types::{Message, Parts},
    services::{
        sms::SmsForm,
        types::{Channel, SmtpForm},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A change as it was asked for. It is stored sealed, for it may hold the secret of a provider, and has no form for logs.
#[derive(Serialize, Deserialize)]
pub enum Change {
    /// Two-factor authentication is no longer allowed to an audience.
    Disallow(Audience),
    /// A channel is forbidden to an audience, or permitted again.
    Channel {
        /// Whom.
        audience: Audience,
        /// Which channel.
        kind: Channel,
        /// Whether it is forbidden.
        forbidden: bool,
    },
    /// A setting gets a weaker value.
    Setting {
        /// Which one.
        setting: Setting,
        /// The value, as it was typed.
        value: String,
    },
    /// A mail provider is added or changed.
    Smtp {
        /// Which one; none for a new one.
        id: Option<Uuid>,
        /// The form.
        form: Box<SmtpForm>,
    },
    /// A provider of text messages is added or changed.
    Sms {
        /// Which one; none for a new one.
        id: Option<Uuid>,
        /// The form.
        form: Box<SmsForm>,
    },
    /// A provider is no longer used.
    StopProvider(Uuid),
    /// A provider is deleted.
    DeleteProvider(Uuid),
    /// A secondary auth goes through other providers, or has another title.
    SecondaryAuth {
        /// Which one.
        id: Uuid,
        /// Its provider, as it was chosen.
        service: String,
        /// Its title, as it was typed.
        title: String,
        /// The providers that stand in for it, as they were chosen.
        fallbacks: Vec<String>,
    },
    /// A secondary auth is deleted with its entries.
    DeleteSecondaryAuth(Uuid),
    /// A message gets other words.
    Template {
        /// Which one.
        message: Message,
        /// In which language.
        language: Language,
        /// Its words.
        parts: Box<Parts>,
    },
    /// An administrator gets another address, to which the link for a new password goes then.
    AdminEmail {
        /// Whose.
        id: Uuid,
        /// The name, as it was typed.
        name: String,
        /// The address, as it was typed.
        email: String,
    },
    /// Somebody is invited as an administrator, who could approve then.
    InviteAdmin {
        /// The name, as it was typed.
        name: String,
        /// The address, as it was typed.
        email: String,
    },
}
