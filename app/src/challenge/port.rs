//! What the server does for a challenge, whatever it proves.

use super::types::{CodeScreen, Method, Progress, Purpose};
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;
use uuid::Uuid;

/// What somebody proves it by.
#[derive(Clone, Copy)]
pub enum Answer<'a> {
    /// The code of the running challenge, or a passkey's answer as JSON.
    Code(&'a str),
    /// A recovery or helpdesk code, which stands in for any challenge.
    RecoveryCode(&'a str),
}

/// Challenges of a session.
#[async_trait]
pub trait ChallengePort: Send + Sync {
    /// What the code screen shows.
    ///
    /// # Errors
    /// `StepUpNeeded` at a step-up whose password was not proved lately.
    async fn screen(&self, session: &Session, purpose: Purpose) -> Result<CodeScreen, AppError>;
    /// How far the message of the code is that the session waits for. Nothing where it waits for none, any more.
    async fn progress(&self, session: &Session, purpose: Purpose) -> Result<Option<Progress>, AppError>;
    /// By what it can be proved, the preferred way first.
    async fn methods(&self, session: &Session, purpose: Purpose) -> Result<Vec<Method>, AppError>;
    /// Proves it by another method from now on, and sends its code where it has one.
    ///
    /// # Errors
    /// `NotFound` for what is no usable entry of the account, and as [`Self::send_new_code`].
    async fn choose(&self, session: &Session, purpose: Purpose, entry: Uuid) -> Result<(), AppError>;
    /// Sends a new code, which replaces the old one, or begins again where none is sent.
    async fn send_new_code(&self, session: &Session, purpose: Purpose) -> Result<(), AppError>;
}
