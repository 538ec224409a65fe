//! The ways out: each sends through one kind of service provider. No SQL, no HTTP of ours.

pub mod authenticator;
pub mod http;
pub mod memory;
pub mod passkey;
pub mod sms;
pub mod smtp;
pub mod tls;

use crate::platform::brand::Logo;
use app::{
    delivery::message::MessageText,
    error::{DeliveryFailure, DeliveryFailureKind},
    services::{sign_in::SignIn, types::Encryption},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// The most of a server's answer that is kept, in characters.
const ANSWER_MAX: usize = 300;
/// How long somebody who looks at a page waits for what becomes of a message.
pub const PAGE: Duration = Duration::from_secs(6);

fn failure(kind: DeliveryFailureKind, answer: impl Into<String>) -> DeliveryFailure {
    DeliveryFailure { kind, answer: Some(answer.into()) }
}

/// Servers repeat what they were sent. The answer is logged and shown, so it loses the code, the number, the secret
/// and what belongs neither into a page nor into a log.
fn discreet(failure: DeliveryFailure, secret: &str, to: &str, text: &str) -> DeliveryFailure {
    let codes = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() >= 4);
    // The number first: a code may be a part of it.
    let hidden = [to.trim_start_matches('+'), secret].into_iter().chain(codes).filter(|part| !part.is_empty());
    let hide = |answer: String| {
        let answer = hidden.fold(answer, |answer, part| answer.replace(part, "•••"));
        answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ANSWER_MAX).collect()
    };
    DeliveryFailure { answer: failure.answer.map(hide), ..failure }
}

/// What becomes of a message while somebody looks at a page. Where that takes longer, it is given up.
///
/// # Errors
/// Why it was not handed over.
pub async fn while_watched(sending: impl Future<Output = Result<(), DeliveryFailure>>) -> Result<(), DeliveryFailure> {
    let answer = || Some(format!("no answer within {} s", PAGE.as_secs()));
    let timed_out = |_| DeliveryFailure { kind: DeliveryFailureKind::TimedOut, answer: answer() };
    tokio::time::timeout(PAGE, sending).await.map_err(timed_out)?
}

/// How to reach a mail server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmtpSettings {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// User name; empty to send without authentication.
    pub user_name: String,
    /// The sender's address.
    pub from_address: String,
    /// The sender's name.
    pub from_name: String,
    /// Where answers go; empty for the sender.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply_to: String,
    /// Who we say we are; empty for the host of the public address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ehlo_name: String,
    /// Certificates in PEM that are trusted beside those of the system.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ca: String,
    /// How we sign in.
    #[serde(default, skip_serializing_if = "SignIn::is_password")]
    pub sign_in: SignIn,
    /// Where a token takes the place of the password: the application's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    /// Microsoft's directory, by id or name; empty for anybody's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tenant: String,
    /// Where tokens are fetched; empty for Microsoft's or Google's own address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub token_url: String,
}

/// A message to be sent.
#[derive(Clone, Copy)]
pub struct Mail<'a> {
    /// What it is known by: a repeat has the same one, and so the same `Message-ID`.
    pub id: Uuid,
    /// When it was written, in Unix seconds.
    pub written_at: i64,
    /// How long it is worth handing over from now on.
    pub worth: Duration,
    /// The recipient.
    pub to: &'a str,
    /// What it says.
    pub text: &'a MessageText,
    /// The brand's logo, where there is one.
    pub logo: Option<&'a Logo>,
}

impl Mail<'_> {
    /// The logo, if it is to be shown.
    pub fn shown_logo(&self) -> Option<&Logo> {
        self.logo.filter(|_| self.text.branded)
    }
}

/// Sends mail.
#[async_trait]
pub trait MailSender: Send + Sync {
    /// Hands a message over to the mail server. That may take minutes with a slow one; whoever waits for it decides
    /// how long.
    ///
    /// # Errors
    /// Why the server did not take it. After `TimedOut` it may have.
    async fn send(&self, via: &SmtpSettings, password: Option<&str>, mail: &Mail<'_>) -> Result<(), DeliveryFailure>;
}
