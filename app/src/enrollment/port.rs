//! What the server does for enrollment.

use super::types::{Destination, Proving, TwoFactor};
use crate::{caller::Session, error::AppError, ports::Deleted};
use async_trait::async_trait;
use uuid::Uuid;

/// The entries of the signed-in account.
#[async_trait]
pub trait EnrollmentPort: Send + Sync {
    /// The entries and what can be added.
    ///
    /// # Errors
    /// `NotOffered` while two-factor authentication is not allowed for the audience.
    async fn overview(&self, session: &Session) -> Result<TwoFactor, AppError>;
    /// Begins a new entry: sends a code to its destination, or prepares what an authenticator app is set up with.
    async fn begin(&self, session: &Session, method: Uuid, destination: &Destination) -> Result<(), AppError>;
    /// What the page shows that proves it.
    async fn proving(&self, session: &Session) -> Result<Proving, AppError>;
    /// Proves the destination and adds the entry.
    async fn verify(&self, session: &Session, code: &str) -> Result<(), AppError>;
    /// The same for a new passkey, by its answer and with the name that its owner gives it.
    ///
    /// # Errors
    /// `Invalid` for a name that cannot be used; the answer counts as no try then.
    async fn register_passkey(&self, session: &Session, name: &str, answer: &str) -> Result<(), AppError>;
    /// Lets sign-ins begin with this entry.
    async fn prefer(&self, session: &Session, entry: Uuid) -> Result<(), AppError>;
    /// Removes an entry of the account. The last one that works has to be confirmed.
    ///
    /// # Errors
    /// `RequiredEntry` where it is the last one that works and a second factor is required.
    async fn delete(&self, session: &Session, entry: Uuid, confirmed: bool) -> Result<Deleted, AppError>;
}
