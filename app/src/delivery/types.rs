//! What messages are about, how far they are, and how their list is read.

use crate::{error::DeliveryFailure, login::types::Audience};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use uuid::Uuid;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A verification code.
    Code,
    /// An invitation.
    Invitation,
    /// A link for a new password.
    PasswordReset,
    /// A link that finishes a registration.
    Registration,
    /// A link that proves a new address.
    EmailChange,
    /// The announcement of a change.
    Notice,
    /// A message as its editor sees it, with samples.
    Sample,
}

impl MessageKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Code,
        Self::Invitation,
        Self::PasswordReset,
        Self::Registration,
        Self::EmailChange,
        Self::Notice,
        Self::Sample,
    ];

    /// The name in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::Registration => "registration",
            Self::EmailChange => "email_change",
            Self::Notice => "notice",
            Self::Sample => "sample",
        }
    }
}

impl FromStr for MessageKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryState {
    /// It waits for a server of ours to take it up.
    Queued,
    /// It is with a provider, which has not answered yet.
    Sending,
    /// An attempt failed, and another one follows.
    Retrying,
    /// The provider took it.
    Accepted,
    /// It was given up after a failure.
    Failed,
    /// Its time was over before a provider took it.
    Expired,
    /// Nobody waits for it any more: its code was used or replaced.
    Dropped,
}

impl DeliveryState {
    /// All of them, in the order of a message's life.
    pub const ALL: [Self; 7] =
        [Self::Queued, Self::Sending, Self::Retrying, Self::Accepted, Self::Failed, Self::Expired, Self::Dropped];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Retrying => "retrying",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
        }
    }
}

impl FromStr for DeliveryState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// The filter and page of the list, as the query string has them. Values that cannot be read are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryQuery {
    /// A [`DeliveryState`] by name.
    pub state: String,
    /// A [`MessageKind`] by name.
    pub kind: String,
    /// A provider by id.
    pub provider: String,
    /// How the address of a person, or the address or number that a message went to, begins.
    pub person: String,
    /// The message that the page comes after, further into the past.
    pub before: String,
    /// The message that the page comes before, towards the present.
    pub after: String,
}

impl DeliveryQuery {
    /// The filter's fields with their values.
    pub fn filter(&self) -> [(&'static str, &str); 4] {
        [("state", &self.state), ("kind", &self.kind), ("provider", &self.provider), ("person", &self.person)]
    }

    /// Whether any filter is set.
    pub fn is_filtered(&self) -> bool {
        self.filter().iter().any(|(_, value)| !value.is_empty())
    }
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addressee {
    /// The account.
    pub id: Uuid,
    /// Its audience.
    pub audience: Audience,
    /// Its address.
    pub email: String,
}

/// A message as administrators see it. Never what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// When it was asked for, UTC, `YYYY-MM-DD HH:MM:SS`.
    pub time: String,
    /// What it is about.
    pub kind: MessageKind,
    /// Whom it is for, where that has an account.
    pub person: Option<Addressee>,
    /// Where it goes, with most of it hidden.
    pub destination: String,
    /// Whether it goes as a text message.
    pub by_text: bool,
    /// The title of the provider that has or had it last.
    pub provider: Option<String>,
    /// How far it is.
    pub state: DeliveryState,
    /// Since when, or until when: it was taken, given up, or is tried again. Same format.
    pub moment: Option<String>,
    /// Its attempts, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
}

/// An attempt to hand a message to a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryAttempt {
    /// When it ended, UTC, `YYYY-MM-DD HH:MM:SS`.
    pub time: String,
    /// How long it took, in seconds.
    pub seconds: u32,
    /// The provider's title, where there was one.
    pub provider: Option<String>,
    /// Why it failed, with the provider's answer.
    pub failure: Option<DeliveryFailure>,
}

/// A page of the list, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryList {
    /// The messages.
    pub deliveries: Vec<Delivery>,
    /// The providers that messages can go through, by id and title.
    pub providers: Vec<(Uuid, String)>,
    /// The message where newer ones begin, if there are any.
    pub newer: Option<Uuid>,
    /// The message where older ones begin, if there are any.
    pub older: Option<Uuid>,
}
