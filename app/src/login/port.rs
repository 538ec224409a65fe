//! What the server does for signing in.

use super::types::Audience;
use crate::{
    caller::{Origin, Session, Token},
    challenge::types::{CodeScreen, Method},
    error::AppError,
};
use async_trait::async_trait;
use uuid::Uuid;

/// What a right password leads to.
pub struct LoggedIn {
    /// The new session's token.
    pub session: Token,
    /// The rotated trusted-device token, if this browser is trusted.
    pub trust: Option<Token>,
    /// Whether a verification code is still needed.
    pub code_needed: bool,
    /// Whether the person has to choose how to receive it first.
    pub choice_needed: bool,
    /// Whether a required second factor has to be set up first.
    pub enrollment_needed: bool,
}

/// What a right code leads to.
pub struct Verified {
    /// The new session's token.
    pub session: Token,
    /// The token of a newly trusted device.
    pub trust: Option<Token>,
}

/// Signing in and out.
#[async_trait]
pub trait LoginPort: Send + Sync {
    /// Checks the password and sends a code where the account has an entry. Ends the session that this browser had.
    ///
    /// # Errors
    /// `WrongLogin` for every kind of wrong, `Busy` under overload.
    async fn log_in(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
        password: &str,
        trust: Option<String>,
        old: Option<&Session>,
    ) -> Result<LoggedIn, AppError>;
    /// What the code screen shows.
    async fn code_screen(&self, session: &Session) -> Result<CodeScreen, AppError>;
    /// How this sign-in can be proved, the preferred way first.
    async fn methods(&self, session: &Session) -> Result<Vec<Method>, AppError>;
    /// Sends a code by the chosen method.
    ///
    /// # Errors
    /// `NotFound` for what is no usable entry of the account, and as [`Self::send_new_code`].
    async fn choose(&self, origin: &Origin, session: &Session, entry: Uuid) -> Result<(), AppError>;
    /// Sends a new code, which replaces the old one.
    async fn send_new_code(&self, origin: &Origin, session: &Session) -> Result<(), AppError>;
    /// Checks a code and finishes the sign-in.
    async fn verify(&self, origin: &Origin, session: &Session, code: &str, trust: bool) -> Result<Verified, AppError>;
    /// Ends a session on the server.
    async fn log_out(&self, session: &Session) -> Result<(), AppError>;
}
