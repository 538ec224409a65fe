//! What the server does for accounts.

use super::types::{Advice, Me, NewEmail, Security};
use crate::{
    caller::{Origin, Session, Token},
    error::AppError,
    language::types::Language,
    login::types::Audience,
};
use async_trait::async_trait;

/// Accounts and the first administrator.
#[async_trait]
pub trait AccountPort: Send + Sync {
    /// The signed-in person's own account.
    async fn me(&self, session: &Session) -> Result<Me, AppError>;
    /// What would make the signed-in person's account safer.
    async fn advice(&self, session: &Session) -> Result<Advice, AppError>;
    /// Remembers that a stronger second factor is not to be suggested any more.
    async fn dismiss_suggestion(&self, session: &Session) -> Result<(), AppError>;
    /// What protects the signed-in person's account, and what happened with it.
    async fn security(&self, session: &Session) -> Result<Security, AppError>;
    /// Changes the caller's own name.
    ///
    /// # Errors
    /// `Invalid` by field.
    async fn change_name(&self, session: &Session, name: &str) -> Result<(), AppError>;
    /// Keeps the language that the caller has chosen.
    async fn set_language(&self, session: &Session, language: Language) -> Result<(), AppError>;
    /// Changes the caller's own password. Trusted devices end. Answers the session's new token.
    ///
    /// # Errors
    /// `Invalid` by field; a wrong current password counts as one at the sign-in.
    async fn change_password(&self, session: &Session, current: &str, new: &str) -> Result<Token, AppError>;
    /// Sends a link to a new address. The answer does not tell whether that address is taken.
    ///
    /// # Errors
    /// `Invalid` by field, `TooManyMessages`.
    async fn ask_for_email(&self, session: &Session, email: &str) -> Result<(), AppError>;
    /// What the link for a new address is about.
    ///
    /// # Errors
    /// `LinkDead` when it was used, expired or never existed.
    async fn email_link(&self, token: &str) -> Result<NewEmail, AppError>;
    /// Changes the address; the link is the authority and dies with it. Tells whose address it is.
    ///
    /// # Errors
    /// `LinkDead`, also where someone else has the address by now.
    async fn confirm_email(&self, origin: &Origin, token: &str) -> Result<Audience, AppError>;
    /// Whether this set-up link can still be used.
    ///
    /// # Errors
    /// `LinkDead` when it was used or never existed.
    async fn check_set_up_link(&self, token: &str) -> Result<(), AppError>;
    /// Creates the first administrator; the link dies with it.
    ///
    /// # Errors
    /// `Invalid` by field, `LinkDead`.
    async fn set_up(&self, token: &str, name: &str, email: &str, password: &str) -> Result<(), AppError>;
}
