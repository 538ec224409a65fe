//! The channels that people prove themselves by, one file each. A channel computes: it reads what was typed, makes
//! what a challenge asks, and compares the answer. It knows no database, no request and no clock; what to do with its
//! verdict is the challenge's.

mod authenticator;
mod email;
mod mask;
mod passkey;
pub mod recovery;
mod sent_code;
mod sms;

pub use mask::mask;
pub use passkey::{ceremony, relying_party};

use crate::{
    accounts::factor::Counted,
    core::Core,
    entity::{account, challenge, recovery_code, service_provider},
    error::Error,
    platform::{brand::Brand, secret::Secret, vault::Vault},
    providers::passkey::{Passkey, Used},
};
use app::{
    challenge::types::Purpose,
    delivery::message::MessageText,
    enrollment::types::Destination,
    error::{AppError, DeliveryFailure, Refusal},
    language::types::Language,
    services::types::Channel,
};
use url::Url;

/// On whose behalf a channel asks: the site that people see, and its key.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The key.
    pub vault: &'a Vault,
    /// What people see of whom they deal with.
    pub brand: &'a Brand,
    /// The address that people type.
    pub public_url: &'a Url,
}

impl<'a> Asker<'a> {
    /// This installation.
    pub fn of(core: &'a Core) -> Self {
        Self { vault: &core.vault, brand: &core.brand, public_url: &core.public_url }
    }
}

/// A challenge at its beginning, before it is stored.
pub struct Beginning<'a> {
    /// Who has to prove.
    pub account: &'a account::Model,
    /// The challenge, with everything that its answer is bound to.
    pub challenge: &'a challenge::Model,
    /// What it proves.
    pub purpose: Purpose,
    /// Minutes that it lives.
    pub minutes: u32,
    /// The language of the message.
    pub language: Language,
    /// The passkeys that the account has, where the channel asked for them.
    pub keys: Vec<Passkey>,
}

impl Beginning<'_> {
    /// What stands on the message and on the screen.
    pub fn reference(&self) -> &str {
        self.challenge.reference.as_deref().unwrap_or_default()
    }
}

/// What a challenge asks.
#[derive(Default)]
pub struct Question {
    /// The keyed hash of the code that was made, where one is sent.
    pub code_hash: Option<String>,
    /// What the answer is compared with where no code is sent, not encrypted yet.
    pub secret: Option<Secret>,
    /// The message that carries the code.
    pub message: Option<MessageText>,
}

/// What an answer is compared with.
pub enum Expected<'a> {
    /// A challenge, with its own secret or the entry's, opened.
    Challenge {
        /// The challenge.
        challenge: &'a challenge::Model,
        /// What it proves.
        purpose: Purpose,
        /// What the answer is compared with where no code was sent.
        secret: Option<&'a str>,
        /// Unix seconds.
        now: i64,
    },
    /// The stored code of this hash, if the account has one.
    RecoveryCode {
        /// The code.
        stored: Option<&'a recovery_code::Model>,
        /// Unix seconds.
        now: i64,
    },
}

/// What the comparison came to.
pub enum Verdict {
    /// The answer is right.
    Right(Right),
    /// It is wrong.
    Wrong,
    /// It was right once, or comes too late: whoever knows it is no stranger, and is told.
    Spent(Refusal),
    /// It is the right answer of a key that may have been copied.
    Copied,
}

/// What a right answer was, and with it what follows in the tables.
pub enum Right {
    /// The code that was sent.
    Sent,
    /// The code of an authenticator app, at this time step.
    Step(i64),
    /// A new passkey, as JSON.
    NewKey(String),
    /// The answer of a known passkey.
    Key(Used),
    /// A recovery or helpdesk code.
    Recovery,
}

/// A channel.
pub trait Verifier: Sync {
    /// What was typed, in the form that is compared.
    ///
    /// # Errors
    /// `Invalid` with the form's field for what cannot be an answer; it costs no try.
    fn read(&self, typed: &str) -> Result<String, AppError>;

    /// Where the codes of a new entry go; nothing where none are sent.
    ///
    /// # Errors
    /// `Invalid` with the form's field; `Refused` where it cannot be used here.
    fn destination(
        &self,
        _asker: Asker<'_>,
        _typed: &Destination,
        _provider: &service_provider::Model,
    ) -> Result<Option<String>, AppError> {
        Ok(None)
    }

    /// Makes what a challenge asks.
    ///
    /// # Errors
    /// `Refused` where it cannot be asked here.
    fn ask(&self, asker: Asker<'_>, beginning: &Beginning<'_>) -> Result<Question, AppError>;

    /// Compares an answer. It has to be shown that the try and the failure were counted before.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    fn compare(
        &self,
        asker: Asker<'_>,
        counted: &Counted,
        expected: &Expected<'_>,
        answer: &str,
    ) -> Result<Verdict, Error>;

    /// What to say about a wrong answer that leaves so many tries.
    fn wrong(&self, tries_left: u32) -> Refusal {
        Refusal::WrongCode { tries_left }
    }

    /// Why a message did not leave, in the words of the channel.
    fn not_delivered(&self, failure: DeliveryFailure) -> Refusal {
        Refusal::NotDelivered(failure)
    }

    /// Whether each message costs money, so that the limits of its provider hold too.
    fn costs_money(&self) -> bool {
        false
    }

    /// Whether it asks keys that the account has registered.
    fn asks_keys(&self) -> bool {
        false
    }

    /// Whether the answer is compared with the secret of the account's entry.
    fn compares_with_entry(&self) -> bool {
        false
    }
}

/// What to say where the tries are used up. Where nothing is sent, one begins again.
pub const fn exhausted(channel: Channel) -> Refusal {
    if channel.sends() { Refusal::TriesExhausted } else { Refusal::StartAgain }
}

/// What to say where the time is over.
pub const fn expired(channel: Channel) -> Refusal {
    if channel.sends() { Refusal::CodeExpired } else { Refusal::StartAgain }
}

/// The channel of a kind of service provider: the one place that matches on it.
pub fn of(kind: Channel) -> &'static dyn Verifier {
    match kind {
        Channel::Smtp => &email::Email,
        Channel::Sms => &sms::Sms,
        Channel::Authenticator => &authenticator::Authenticator,
        Channel::Passkey => &passkey::Passkey,
    }
}
