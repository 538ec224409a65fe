//! What the server does for lists of accounts and for helping their people.

use super::types::{AccountDetails, AccountList, Help, ListQuery, Person};
use crate::{caller::Session, error::AppError, login::types::Audience};
use async_trait::async_trait;
use uuid::Uuid;

/// The accounts of both audiences. Callers are administrators.
#[async_trait]
pub trait UsersPort: Send + Sync {
    /// A page of the accounts of an audience.
    async fn list(&self, audience: Audience, query: &ListQuery) -> Result<AccountList, AppError>;
    /// One account with all that helps its person.
    async fn details(&self, admin: &Session, audience: Audience, id: Uuid) -> Result<AccountDetails, AppError>;
    /// Changes one's own name.
    ///
    /// # Errors
    /// `Invalid` for the field `name`.
    async fn rename(&self, admin: &Session, name: &str) -> Result<(), AppError>;
    /// Whom an action would be about.
    async fn person(&self, audience: Audience, id: Uuid) -> Result<Person, AppError>;
    /// Helps somebody else's account, or stops it. `item` names one session or device instead of all.
    ///
    /// # Errors
    /// `Refused` with `OwnAccount` or `LastAdmin`.
    async fn help(
        &self,
        admin: &Session,
        audience: Audience,
        id: Uuid,
        help: Help,
        item: Option<Uuid>,
    ) -> Result<(), AppError>;
}
