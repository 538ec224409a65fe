//! The rules of one-time links: random, hashed at rest, single use, expiring; a newer one replaces the older.

use super::store;
use crate::{
    core::Core,
    entity::{
        link::{self, LinkPurpose},
        stored::Stored,
    },
    platform::vault,
};
use app::{
    audit::types::Action,
    error::{AppError, Refusal},
    login::types::Audience,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// A link to be made.
pub struct NewLink<'a> {
    /// What it allows.
    pub purpose: LinkPurpose,
    /// The account that it is for, where there is one already.
    pub account_id: Option<Uuid>,
    /// The audience of that account or of the one to come.
    pub audience: Audience,
    /// The address that it is sent to.
    pub email: Option<&'a str>,
    /// The name that a new account starts with.
    pub name: Option<&'a str>,
    /// Seconds that it works.
    pub lifetime: i64,
}

/// Makes a link and tells its token. Older links of the same purpose for the same address die.
pub async fn issue(db: &impl ConnectionTrait, core: &Core, new: &NewLink<'_>) -> Result<String, AppError> {
    store::remove_of(db, new.purpose, new.audience, new.email).await?;
    add(db, core, new, None).await
}

/// The same beside older ones. `event` is what it is about, where it is about something that happened.
pub async fn add(
    db: &impl ConnectionTrait,
    core: &Core,
    new: &NewLink<'_>,
    event: Option<Stored<Action>>,
) -> Result<String, AppError> {
    let now = core.clock.now();
    let token = vault::new_token();
    store::remove_expired(db, now).await?;
    let model = link::Model {
        token_hash: vault::token_hash(&token),
        purpose: new.purpose,
        account_id: new.account_id,
        audience: Stored(new.audience),
        email: new.email.map(str::to_owned),
        name: new.name.map(str::to_owned),
        event,
        created_at: now,
        expires_at: now + new.lifetime,
        used_at: None,
    };
    store::insert(db, model).await?;
    Ok(token)
}

/// A link that can still be used.
///
/// # Errors
/// `LinkDead` when it was used, expired, was replaced or never existed.
pub async fn living(
    db: &impl ConnectionTrait,
    core: &Core,
    purpose: LinkPurpose,
    token: &str,
) -> Result<link::Model, AppError> {
    let (hash, now) = (vault::token_hash(token), core.clock.now());
    if let Some(link) = store::living(db, purpose, &hash, now).await? {
        return Ok(link);
    }
    // What is over has ended for good, also if the clock goes back.
    store::remove_expired(db, now).await?;
    Err(AppError::refused(Refusal::LinkDead))
}

/// Uses a link up: of many parallel uses exactly one succeeds.
///
/// # Errors
/// `LinkDead` when it was used, expired, was replaced or never existed.
pub async fn consume(
    db: &impl ConnectionTrait,
    core: &Core,
    purpose: LinkPurpose,
    token: &str,
) -> Result<link::Model, AppError> {
    let link = living(db, core, purpose, token).await?;
    if store::consume(db, &link.token_hash, core.clock.now()).await? {
        Ok(link)
    } else {
        Err(AppError::refused(Refusal::LinkDead))
    }
}
