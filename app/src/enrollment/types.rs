//! Entries and what can be added.

use crate::{challenge::types::CodeScreen, services::types::Channel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A proved secondary authentication entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The entry's id.
    pub id: Uuid,
    /// What it is.
    pub kind: Channel,
    /// The secondary auth's title.
    pub title: String,
    /// Where codes go, masked; a passkey's name; none for an authenticator app.
    pub destination: Option<String>,
    /// When it was proved, UTC, `YYYY-MM-DD HH:MM`.
    pub added: String,
    /// When it was last used to sign in, same format.
    pub last_used: Option<String>,
    /// Whether its provider can send at the moment.
    pub usable: bool,
    /// Whether sign-ins begin with it.
    pub preferred: bool,
}

/// An entry that was deleted in the last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeletedEntry {
    /// The id that it had, and gets again.
    pub id: Uuid,
    /// What it was.
    pub kind: Channel,
    /// The secondary auth's title.
    pub title: String,
    /// Where codes went, masked; a passkey's name, or nothing for an authenticator app.
    pub destination: String,
    /// When it was deleted, UTC, `YYYY-MM-DD HH:MM`.
    pub at: String,
}

/// A secondary auth that can be set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The secondary auth's id.
    pub id: Uuid,
    /// What it is.
    pub kind: Channel,
    /// Its title.
    pub title: String,
}

/// What was typed about a new entry. Each channel reads the fields that it needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The email address.
    pub email: String,
    /// The country of the phone number, as two letters.
    pub country: String,
    /// The phone number, as one writes it there.
    pub phone: String,
}

/// What an authenticator app is set up with. Only the account's owner sees it, and only until a code proves it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SetUp {
    /// The seed in groups of four.
    pub key: String,
    /// The seed and its settings as a link, for an app on this device.
    pub uri: String,
    /// The link as a QR code, an SVG element.
    pub qr_code: String,
}

/// Without the seed.
impl std::fmt::Debug for SetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetUp").finish_non_exhaustive()
    }
}

/// The page that proves a new entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proving {
    /// The code screen.
    pub screen: CodeScreen,
    /// What an authenticator app needs first.
    pub set_up: Option<SetUp>,
}

/// A country whose numbers text messages may go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Country {
    /// Its two letters (ISO 3166-1).
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its calling code, which it may share with others.
    pub calling: u16,
}

/// What the two-factor page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwoFactor {
    /// The entries, newest first.
    pub entries: Vec<Entry>,
    /// What can still be added.
    pub choices: Vec<Choice>,
    /// The countries whose numbers text messages may go to, where they are offered.
    pub countries: Vec<Country>,
    /// The account's address, offered as the first destination.
    pub email: String,
    /// Whether a code for a new entry is on its way.
    pub pending: bool,
    /// Whether the second factor was switched off after too many failures.
    pub disabled: bool,
    /// How many recovery codes are left; `None` without an entry that they could replace.
    pub recovery_codes: Option<u32>,
    /// Whether the entries can be changed without confirming one's identity first.
    pub stepped_up: bool,
}
