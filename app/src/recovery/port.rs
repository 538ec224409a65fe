//! What the server does for recovery codes.

use super::types::{Helpdesk, Recovery};
use crate::{
    caller::{Session, Token},
    error::AppError,
    login::types::Audience,
};
use async_trait::async_trait;
use uuid::Uuid;

/// Recovery codes.
#[async_trait]
pub trait RecoveryPort: Send + Sync {
    /// The codes of one's own account. `once` is what [`Self::make`] gave to the browser; it is of use once.
    async fn overview(&self, session: &Session, once: Option<&str>) -> Result<Recovery, AppError>;
    /// Makes a new set, which voids the old one. Answers what lets this session's next page show it, once.
    ///
    /// # Errors
    /// `NoEntry` where the account has no secondary authentication entry.
    async fn make(&self, session: &Session) -> Result<Token, AppError>;
    /// For whom a helpdesk code would be issued. `once` is what [`Self::issue`] gave to the browser; it is of use once.
    async fn helpdesk(
        &self,
        admin: &Session,
        audience: Audience,
        id: Uuid,
        once: Option<&str>,
    ) -> Result<Helpdesk, AppError>;
    /// Issues a helpdesk code for somebody else, which voids the one of before. Answers what lets the next page of the
    /// administrator's session show it, once.
    ///
    /// # Errors
    /// `OwnAccount`; `NoEntry` where there is no second factor that it would stand in for.
    async fn issue(&self, admin: &Session, audience: Audience, id: Uuid) -> Result<Token, AppError>;
}
