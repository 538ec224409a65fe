//! The rules of trusted devices.

use super::store;
use crate::{
    clock::minute_text,
    core::{Core, failed},
    entity::trusted_device,
    vault,
};
use app::{
    caller::{Origin, Token},
    devices::types::Device,
    error::AppError,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Days until a trusted device expires; 0 would turn trusting off.
pub const TRUST_DAYS: u32 = 30;
/// How many devices an account may trust.
const MOST: u64 = 20;

/// The trusted devices of an account. `token` marks the one that asks.
///
/// # Errors
/// When the database fails.
pub async fn list(core: &Core, account_id: Uuid, token: Option<&str>) -> Result<Vec<Device>, AppError> {
    let current = token.map(vault::token_hash);
    let devices = store::of_account(&core.db, account_id, core.clock.now()).await.map_err(failed)?;
    let device = |row: trusted_device::Model| Device {
        id: row.id,
        browser: browser_name(&row.user_agent),
        address: row.address,
        last_used: minute_text(row.last_used_at),
        expires: minute_text(row.expires_at),
        this_one: current.as_ref() == Some(&row.token_hash),
    };
    Ok(devices.into_iter().map(device).collect())
}

/// A browser's own description in short words.
pub fn browser_name(user_agent: &str) -> String {
    user_agent.to_owned()
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
