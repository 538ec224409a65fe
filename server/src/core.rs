//! What every service needs: the database, the clock, the key and the way out.

use crate::{clock::Clock, passwords::Passwords, providers::MailSender, vault::Vault};
use app::error::AppError;
use sea_orm::{DatabaseConnection, DbErr};
use std::sync::Arc;

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
    /// The name that people see.
    pub brand: Arc<str>,
    /// What a new SMTP provider starts with.
    pub smtp_defaults: app::services::types::SmtpForm,
}

/// A failure inside: logged here, told to nobody.
pub fn internal(error: impl std::fmt::Display) -> AppError {
    tracing::error!(%error, "internal failure");
    AppError::Internal
}

/// A failed query.
pub fn failed(error: DbErr) -> AppError {
    internal(error)
}
