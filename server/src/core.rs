//! What every service needs: the database, the clock, the key and the way out.

use crate::{
    platform::{clock::Clock, passwords::Passwords, vault::Vault},
    providers::{MailSender, sms::SmsSender},
};
use sea_orm::DatabaseConnection;
use std::sync::Arc;
use tokio::sync::Notify;
use url::Url;

/// What every service needs.
pub struct Core {
    /// The database.
    pub db: DatabaseConnection,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The key.
    pub vault: Vault,
    /// Password hashing.
    pub passwords: Passwords,
    /// The way out for mail.
    pub mail: Arc<dyn MailSender>,
    /// The way out for text messages.
    pub sms: Arc<dyn SmsSender>,
    /// The name that people see.
    pub brand: Arc<str>,
    /// The address that people type; links in mail begin with it and never with the Host header.
    pub public_url: Url,
    /// Wakes whoever sends what is in the outbox.
    pub outbox: Notify,
    /// What a new SMTP provider starts with.
    pub smtp_defaults: app::services::types::SmtpForm,
    /// What a new provider of text messages starts with, where its vendor is the one named there.
    pub sms_defaults: app::services::sms::SmsForm,
}

impl Core {
    /// The full address of one of our pages, for mail.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}
