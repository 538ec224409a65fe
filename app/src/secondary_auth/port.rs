//! What the server does for secondary auths.

use super::types::{DeletedSecondaryAuth, SecondaryAuth, SecondaryAuthForm};
use crate::{caller::Session, error::AppError, ports::Deleted};
use async_trait::async_trait;
use uuid::Uuid;

/// Secondary auths. Callers are administrators.
#[async_trait]
pub trait SecondaryAuthPort: Send + Sync {
    /// All secondary auths, by title.
    async fn list(&self) -> Result<Vec<SecondaryAuth>, AppError>;
    /// The form of a new (`None`) or stored one.
    async fn form(&self, id: Option<Uuid>) -> Result<SecondaryAuthForm, AppError>;
    /// Stores a new one or changes one. `fallbacks` are the ids of the providers that stand in for its own, in their
    /// order; they are of the same kind.
    ///
    /// # Errors
    /// `Invalid` by field; `RequiredForAdmins` where administrators could no longer prove a required second factor.
    async fn save(
        &self,
        admin: &Session,
        id: Option<Uuid>,
        service: &str,
        title: &str,
        fallbacks: &[&str],
    ) -> Result<(), AppError>;
    /// Removes one, and with it the entries of the people who use it, once that is confirmed. For a day all of it can be
    /// brought back.
    ///
    /// # Errors
    /// `RequiredForAdmins` where administrators could no longer prove a required second factor.
    async fn delete(&self, admin: &Session, id: Uuid, confirmed: bool) -> Result<Deleted, AppError>;
    /// Those that can be brought back, the last deleted one first.
    async fn deleted(&self) -> Result<Vec<DeletedSecondaryAuth>, AppError>;
    /// Brings one back with its entries, except where people have set up newer ones.
    ///
    /// # Errors
    /// `NotFound` where its day is over; `LastWayIn` where an entry that cannot be used would lock administrators out.
    async fn restore(&self, admin: &Session, id: Uuid) -> Result<(), AppError>;
}
