//! The rules of trusted devices.

use super::store::{self, Living};
use crate::{
    audit::{self, Actor, Event},
    core::Core,
    entity::trusted_device,
    platform::{
        clock::{SKEW, minute_text},
        database, vault,
    },
    rules::Rules,
    sessions::browser,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session, Token},
    configuration::types::Setting,
    devices::{port::DevicesPort, types::Device},
    error::AppError,
};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use uuid::Uuid;

/// Seconds for which the token before the last swap is still accepted: several tabs of a browser sign in with the same
/// one at once.
const GRACE: i64 = 30;

/// The trusted devices of one's own account.
pub struct Devices(pub Arc<Core>);

#[async_trait]
impl DevicesPort for Devices {
    async fn list(&self, session: &Session, token: Option<&str>) -> Result<Vec<Device>, AppError> {
        list(&self.0, &session.rules, session.account_id, token).await
    }

    async fn revoke(&self, session: &Session, id: Uuid) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        if !store::end(&transaction, session.account_id, id).await? {
            return Err(AppError::NotFound);
        }
        audit::record(&transaction, &self.0, revoked(session, "one")).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn revoke_all(&self, session: &Session) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        store::end_all(&transaction, session.account_id).await?;
        audit::record(&transaction, &self.0, revoked(session, "all")).await?;
        Ok(database::commit(transaction).await?)
    }
}

fn revoked<'a>(session: &'a Session, which: &str) -> Event<'a> {
    let event = Event::new(Action::DeviceRevoked, Actor::Session(session));
    event.to_account(session.account_id, &session.email).with(which)
}

/// The trusted devices of an account. `token` marks the one that asks.
pub async fn list(core: &Core, rules: &Rules, account_id: Uuid, token: Option<&str>) -> Result<Vec<Device>, AppError> {
    let current = token.map(vault::token_hash);
    let (lifetime, now) = (rules.seconds(Setting::TrustedDeviceDays), core.clock.now());
    let devices = store::of_account(&core.db, account_id, living(lifetime, now)).await?;
    let device = |row: trusted_device::Model| Device {
        id: row.id,
        browser: browser::name(&row.user_agent),
        expires: minute_text(end(&row, lifetime)),
        address: row.address,
        last_used: minute_text(row.last_used_at),
        this_one: current.as_ref() == Some(&row.token_hash),
    };
    Ok(devices.into_iter().map(device).collect())
}

/// What is alive now. The days that count are those of now, so that lowering them shortens trust that was given
/// before, and none ends it; raising them prolongs nothing.
fn living(lifetime: i64, now: i64) -> Living {
    Living { expires_after: now, created_after: now - lifetime, created_until: now + SKEW }
}

/// When the trust in a device ends.
fn end(device: &trusted_device::Model, lifetime: i64) -> i64 {
    device.expires_at.min(device.created_at + lifetime)
}

/// Trusts the browser that just proved a code, unless trusting is turned off.
pub async fn trust(
    core: &Core,
    rules: &Rules,
    db: &impl ConnectionTrait,
    origin: &Origin,
    account_id: Uuid,
) -> Result<Option<Token>, AppError> {
    let lifetime = rules.seconds(Setting::TrustedDeviceDays);
    if lifetime == 0 {
        return Ok(None);
    }
    let now = core.clock.now();
    let secret = vault::new_token();
    store::insert(
        db,
        trusted_device::Model {
            id: Uuid::now_v7(),
            account_id,
            token_hash: vault::token_hash(&secret),
            previous_hash: None,
            rotated_at: None,
            created_at: now,
            last_used_at: now,
            expires_at: now + lifetime,
            address: origin.address.to_string(),
            user_agent: origin.user_agent.clone(),
        },
    )
    .await?;
    let most = u64::from(rules.get(Setting::TrustedDevices));
    store::trim(db, account_id, most, living(lifetime, now)).await?;
    Ok(Some(Token { secret, max_age: Some(lifetime) }))
}

/// How a token was accepted.
pub enum Trusted {
    /// It was swapped for this one.
    Swapped(Token),
    /// Another tab swapped it a moment ago, and the browser has the new one already.
    AMomentAgo,
}

/// Accepts a living token of this account and swaps it for a new one (design: rotated at use). What is found to be over
/// ends for good, whatever the clock does later.
pub async fn use_token(
    core: &Core,
    rules: &Rules,
    origin: &Origin,
    account_id: Uuid,
    token: Option<&str>,
) -> Result<Option<Trusted>, AppError> {
    let Some(token) = token else { return Ok(None) };
    let (lifetime, now) = (rules.seconds(Setting::TrustedDeviceDays), core.clock.now());
    let secret = vault::new_token();
    let old_hash = vault::token_hash(token);
    let swap = store::Swap { old: &old_hash, new: vault::token_hash(&secret), at: now };
    let living = living(lifetime, now);
    if let Some(device) = store::rotate(&core.db, account_id, swap, origin, living).await? {
        return Ok(Some(Trusted::Swapped(Token { secret, max_age: Some(end(&device, lifetime) - now) })));
    }
    if store::was_swapped(&core.db, account_id, &old_hash, now - GRACE, now + SKEW, living).await? {
        return Ok(Some(Trusted::AMomentAgo));
    }
    store::end_dead(&core.db, account_id, &old_hash, living).await?;
    Ok(None)
}
