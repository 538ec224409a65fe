//! What the server does for a step-up.

use crate::{
    caller::{Session, Token},
    challenge::port::Answer,
    error::AppError,
};
use async_trait::async_trait;

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
    /// Checks an answer and finishes the step-up. Answers the session's new token.
    ///
    /// # Errors
    /// `StepUpNeeded` unless this session proved the password lately; `Refused` with the reason.
    async fn verify(&self, session: &Session, answer: Answer<'_>) -> Result<Token, AppError>;
}
