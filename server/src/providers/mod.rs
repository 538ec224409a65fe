//! The ways out: each sends through one kind of service provider. No SQL, no HTTP of ours.

pub mod authenticator;
pub mod memory;
pub mod passkey;
pub mod sms;
pub mod smtp;
mod tls;

use app::{delivery::message::MessageText, error::DeliveryFailure, services::types::Encryption};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

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
}

/// Sends mail.
#[async_trait]
pub trait MailSender: Send + Sync {
    /// Hands a message over to the mail server.
    ///
    /// # Errors
    /// Why the server did not take it, within a few seconds.
    async fn send(
        &self,
        via: &SmtpSettings,
        password: Option<&str>,
        to: &str,
        text: &MessageText,
    ) -> Result<(), DeliveryFailure>;
}
