//! What the server does for a step-up.

use crate::{
    caller::{Session, Token},
    challenge::types::{CodeScreen, Method},
    error::AppError,
};
use async_trait::async_trait;
use uuid::Uuid;

/// What a right password leads to.
pub struct Confirmed {
    /// The session's new token.
    pub session: Token,
    /// Whether a verification code is still needed.
    pub code_needed: bool,
}

/// Proving again who one is.
#[async_trait]
pub trait StepUpPort: Send + Sync {
    /// Checks the password of the session's account, and sends a code where the account has an entry.
    ///
    /// # Errors
    /// `Invalid` for a wrong password, which counts as one at the sign-in; `Busy` under overload.
    async fn confirm(&self, session: &Session, password: &str) -> Result<Confirmed, AppError>;
    /// What the code screen shows.
    ///
    /// # Errors
    /// `StepUpNeeded` unless this session proved the password lately.
    async fn code_screen(&self, session: &Session) -> Result<CodeScreen, AppError>;
    /// How it can be proved.
    async fn methods(&self, session: &Session) -> Result<Vec<Method>, AppError>;
    /// Proves it by another method from now on, and sends its code where it has one.
    ///
    /// # Errors
    /// `NotFound` for no usable entry of the account, and as [`Self::send_new_code`].
    async fn choose(&self, session: &Session, entry: Uuid) -> Result<(), AppError>;
    /// Sends a new code, which replaces the old one, or begins again where none is sent.
    async fn send_new_code(&self, session: &Session) -> Result<(), AppError>;
    /// Checks a code and finishes the step-up. Answers the session's new token.
    async fn verify(&self, session: &Session, code: &str) -> Result<Token, AppError>;
}
