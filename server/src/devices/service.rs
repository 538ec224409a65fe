//! The rules of trusted devices.

use super::{browser, store};
use crate::{
    audit::{self, Actor, Event},
    clock::minute_text,
    core::{Core, failed},
    database,
    entity::trusted_device,
    vault,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session, Token},
    devices::{port::DevicesPort, types::Device},
    error::AppError,
};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use uuid::Uuid;

/// Days until a trusted device expires; 0 would turn trusting off.
pub const TRUST_DAYS: u32 = 30;
/// How many devices an account may trust.
const MOST: u64 = 20;

/// The trusted devices of one's own account.
pub struct Devices(pub Arc<Core>);

#[async_trait]
impl DevicesPort for Devices {
    async fn list(&self, session: &Session, token: Option<&str>) -> Result<Vec<Device>, AppError> {
        list(&self.0, session.account_id, token).await
    }

    async fn revoke(&self, session: &Session, id: Uuid) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await.map_err(failed)?;
        if !store::end(&transaction, session.account_id, id).await.map_err(failed)? {
            return Err(AppError::NotFound);
        }
        audit::record(&transaction, &self.0, revoked(session, "one")).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn revoke_all(&self, session: &Session) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await.map_err(failed)?;
        store::end_all(&transaction, session.account_id).await.map_err(failed)?;
        audit::record(&transaction, &self.0, revoked(session, "all")).await?;
        transaction.commit().await.map_err(failed)
    }
}

fn revoked<'a>(session: &'a Session, which: &str) -> Event<'a> {
    let event = Event::new(Action::DeviceRevoked, Actor::Session(session));
    event.to_account(session.account_id, &session.email).with(which)
}

/// The trusted devices of an account. `token` marks the one that asks.
///
/// # Errors
/// When the database fails.
pub async fn list(core: &Core, account_id: Uuid, token: Option<&str>) -> Result<Vec<Device>, AppError> {
    let current = token.map(vault::token_hash);
    let devices = store::of_account(&core.db, account_id, core.clock.now()).await.map_err(failed)?;
    let device = |row: trusted_device::Model| Device {
        id: row.id,
        browser: browser::name(&row.user_agent),
        address: row.address,
        last_used: minute_text(row.last_used_at),
        expires: minute_text(row.expires_at),
        this_one: current.as_ref() == Some(&row.token_hash),
    };
    Ok(devices.into_iter().map(device).collect())
}

/// Trusts the browser that just proved a code.
///
/// # Errors
/// When the database fails.
pub async fn trust(
    core: &Core,
    db: &impl ConnectionTrait,
    origin: &Origin,
    account_id: Uuid,
) -> Result<Option<Token>, AppError> {
    if TRUST_DAYS == 0 {
        return Ok(None);
    }
    let now = core.clock.now();
    let lifetime = i64::from(TRUST_DAYS) * 86_400;
    let secret = vault::new_token();
    store::insert(
        db,
        trusted_device::Model {
            id: Uuid::now_v7(),
            account_id,
            token_hash: vault::token_hash(&secret),
            created_at: now,
            last_used_at: now,
            expires_at: now + lifetime,
            address: origin.address.to_string(),
            user_agent: origin.user_agent.clone(),
        },
    )
    .await
    .map_err(failed)?;
    store::trim(db, account_id, MOST, now).await.map_err(failed)?;
    Ok(Some(Token { secret, max_age: Some(lifetime) }))
}

/// Accepts a living token of this account and swaps it for a new one (design: rotated at use).
///
/// # Errors
/// When the database fails.
pub async fn use_token(
    core: &Core,
    origin: &Origin,
    account_id: Uuid,
    token: Option<&str>,
) -> Result<Option<Token>, AppError> {
    let Some(token) = token else { return Ok(None) };
    let now = core.clock.now();
    let secret = vault::new_token();
    let new_hash = vault::token_hash(&secret);
    let change = store::used(new_hash.clone(), now, origin.address.to_string(), origin.user_agent.clone());
    if !store::rotate(&core.db, account_id, &vault::token_hash(token), change, now).await.map_err(failed)? {
        return Ok(None);
    }
    let expires_at = store::expiry(&core.db, &new_hash).await.map_err(failed)?.unwrap_or(now);
    Ok(Some(Token { secret, max_age: Some(expires_at - now) }))
}
