//! What the server does for lists of accounts and for helping with them.

use super::{
    account::{AccountActivity, AccountDetails},
    types::{AccountList, Help, ListQuery, Person},
};
use crate::{audit::types::AuditQuery, caller::Session, error::AppError, login::types::Audience};
use async_trait::async_trait;
use uuid::Uuid;

/// The accounts of both audiences. Callers are administrators.
#[async_trait]
pub trait UsersPort: Send + Sync {
    /// A page of the accounts of an audience.
    async fn list(&self, audience: Audience, query: &ListQuery) -> Result<AccountList, AppError>;
    /// One account with everything that an administrator needs to help.
    async fn details(&self, admin: &Session, audience: Audience, id: Uuid) -> Result<AccountDetails, AppError>;
    /// A page of what an account did and what was done to it, and the last messages to it.
    async fn activity(&self, audience: Audience, id: Uuid, query: &AuditQuery) -> Result<AccountActivity, AppError>;
    /// Changes someone else's name and address.
    ///
    /// # Errors
    /// `Invalid` for `name` and `email`, `OwnAccount`; `AwaitsApproval` where two have to agree on an administrator's
    /// address.
    async fn change(
        &self,
        admin: &Session,
        audience: Audience,
        id: Uuid,
        name: &str,
        email: &str,
    ) -> Result<(), AppError>;
    /// Changes the caller's own name.
    ///
    /// # Errors
    /// `Invalid` for the field `name`.
    async fn rename(&self, admin: &Session, name: &str) -> Result<(), AppError>;
    /// Whom an action would be about.
    async fn person(&self, audience: Audience, id: Uuid) -> Result<Person, AppError>;
    /// Carries out an administrator's action on someone else's account. `item` limits it to one session or device.
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
