//! Which messages there are, what may stand in them, and what the editor works with.

use crate::{challenge::text_message::Segments, error::FieldProblem, language::types::Language};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The longest subject, in characters.
pub const SUBJECT_MAX: u32 = 200;
/// The longest text.
pub const TEXT_MAX: u32 = 3_000;
/// The longest HTML.
pub const HTML_MAX: u32 = 10_000;

/// Makes [`Message`] from one line a message: its name, the placeholder that it cannot do without, and all of them.
macro_rules! messages {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $required:expr, [$($placeholder:literal),*];)*) => {
        /// A message that we send. The names are stored, so they stay as they are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Message {
            $($(#[$doc])* $variant,)*
        }

        impl Message {
            /// All messages.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the table and in addresses.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What may stand in it between two braces each.
            pub const fn placeholders(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => &[$($placeholder),*],)*
                }
            }

            /// The placeholder without which the message is worth nothing.
            pub const fn required(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => $required,)*
                }
            }
        }
    };
}

messages! {
    /// A verification code.
    Code = "code", Some("code"), ["brand", "code", "reference", "lifetime"];
    /// A link for a new password.
    PasswordReset = "password_reset", Some("link"), ["brand", "link", "lifetime"];
    /// An invitation.
    Invitation = "invitation", Some("link"), ["brand", "name", "link", "expires"];
    /// A link that finishes a registration.
    Registration = "registration", Some("link"), ["brand", "link", "lifetime"];
    /// Somebody with an account wants to register once more.
    KnownAddress = "known_address", None, ["brand"];
    /// A link that proves a new address.
    EmailChange = "email_change", Some("link"), ["brand", "link", "lifetime"];
    /// What happened with an account.
    Notice = "notice", Some("what"), ["brand", "what", "details", "advice"];
    /// The same, with the link to say that it was someone else.
    Disputed = "disputed", Some("link"), ["brand", "what", "details", "advice", "link", "lifetime"];
    /// What an administrator changed, to all administrators.
    AdminChange = "admin_change", Some("what"), ["brand", "what", "who", "address", "time"];
    /// What an administrator asks for and another one has to agree to, to all administrators.
    ApprovalAsked = "approval_asked", Some("what"), ["brand", "what", "who", "address", "time"];
    /// A service provider is paused, to all administrators.
    Paused = "paused", Some("title"), ["brand", "title", "reason", "time"];
    /// The owner of an account said that it was someone else, to all administrators.
    NotThem = "not_them", Some("who"), ["brand", "who", "what", "told", "effect", "address", "time"];
    /// A service provider is tried out.
    Test = "test", None, ["brand", "title"];
    /// A verification code by text message.
    TextCode = "text_code", Some("code"), ["brand", "code", "reference", "minutes", "host"];
    /// A service provider of text messages is tried out.
    TextTest = "text_test", None, ["brand"];
}

impl Message {
    /// Whether it is a text message, which has a text alone.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::TextCode | Self::TextTest)
    }
}

impl FromStr for Message {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|message| message.as_str() == text).ok_or(())
    }
}

/// What a message is made of: subject, text and HTML, with placeholders or without.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The subject line.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// The HTML form.
    pub html: String,
}

/// A message in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Which one.
    pub message: Message,
    /// When it was changed last, UTC, and by whom; nothing where it is as it came.
    pub changed: Option<(String, String)>,
}

/// A message as it would arrive, with samples in place of what is filled in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// What is wrong with it, if anything.
    pub problems: Vec<FieldProblem>,
    /// The subject line.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// Changes with the HTML, which is a document of its own.
    pub version: String,
    /// How long it is, where it is a text message.
    pub segments: Option<Segments>,
}

/// A message in the editor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Editor {
    /// Which one.
    pub message: Message,
    /// In which language.
    pub language: Language,
    /// What stands in the fields: what its editor typed last, what is stored, or what it came with.
    pub parts: Parts,
    /// How that would arrive.
    pub shown: Shown,
    /// Whether something is stored in place of what it came with.
    pub changed: bool,
    /// Whether the fields hold something that is not saved.
    pub draft: bool,
    /// The caller's own number, masked, where it is a text message and they have proved one.
    pub own_number: Option<String>,
}

/// What a button of the editor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Stores what was typed.
    Save,
    /// Shows how it would arrive.
    Preview,
    /// Sends it to the one who edits.
    Send,
}
