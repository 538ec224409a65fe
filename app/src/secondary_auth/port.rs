//! What the server does for secondary auths.

use super::types::{SecondaryAuth, SecondaryAuthForm};
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;
use uuid::Uuid;

/// What deleting came to.
pub enum Deleted {
    /// It is gone.
    Done,
    /// People use it, so the deletion has to be confirmed.
    NeedsConfirmation,
}

/// Secondary auths. Callers are administrators.
#[async_trait]
pub trait SecondaryAuthPort: Send + Sync {
    /// All secondary auths, by title.
    async fn list(&self) -> Result<Vec<SecondaryAuth>, AppError>;
    /// The form of a new (`None`) or stored one.
    async fn form(&self, id: Option<Uuid>) -> Result<SecondaryAuthForm, AppError>;
    /// Stores a new one or changes one.
    ///
    /// # Errors
    /// `RequiredForAdmins` where administrators could no longer prove a required second factor.
    async fn save(&self, admin: &Session, id: Option<Uuid>, service: &str, title: &str) -> Result<(), AppError>;
    /// Removes one, and with it the entries of the people who use it.
    ///
    /// # Errors
    /// `RequiredForAdmins` where administrators could no longer prove a required second factor.
    async fn delete(&self, admin: &Session, id: Uuid, confirmed: bool) -> Result<Deleted, AppError>;
}
