//! The passkeys of an account: which may answer, and what an answer changes about one.

use crate::{
    core::Core,
    entity::enrollment,
    entries::{secret, store},
    error::Error,
    providers::passkey::{Passkey, Rejected, Used},
};
use app::{error::AppError, services::types::Channel};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

/// A key of an account with its entry.
pub struct Key {
    /// The entry.
    pub entry: enrollment::Model,
    /// The key.
    pub key: Passkey,
}

/// The keys of an account, or those of one secondary auth.
///
/// # Errors
/// When a stored key cannot be read.
pub async fn keys(
    db: &impl ConnectionTrait,
    core: &Core,
    account: Uuid,
    auth: Option<Uuid>,
) -> Result<Vec<Key>, Error> {
    let entries = store::of_account(db, account).await?;
    let entries = entries.into_iter().filter(|full| full.kind == Channel::Passkey);
    let entries =
        entries.map(|full| full.entry).filter(|entry| auth.is_none_or(|auth| entry.secondary_auth_id == auth));
    let mut keys = Vec::new();
    for entry in entries {
        let key = secret::open(db, &core.vault, &entry).await?;
        let key = key.ok_or_else(|| Error::broken("a passkey's entry without its key"))?;
        keys.push(Key { entry, key: serde_json::from_str(&key)? });
    }
    Ok(keys)
}

/// Takes over what a right answer tells about its key, which is stored by now: its count has to have grown since. The
/// account is locked. Tells the key's entry, or nothing where it is a copy's answer or the key is gone.
///
/// # Errors
/// When something inside fails.
pub async fn accept(
    db: &DatabaseTransaction,
    core: &Core,
    account: Uuid,
    auth: Uuid,
    used: &Used,
) -> Result<Result<enrollment::Model, Rejected>, AppError> {
    let keys = keys(db, core, account, Some(auth)).await?;
    let Some(Key { entry, mut key }) = keys.into_iter().find(|key| key.key.gave(used)) else {
        return Ok(Err(Rejected::Wrong("the key was removed".to_owned())));
    };
    if let Err(rejected) = key.accept(used) {
        return Ok(Err(rejected));
    }
    let sealed = secret::seal(&core.vault, entry.id, &serde_json::to_string(&key).map_err(Error::from)?)?;
    store::keep_secret(db, entry.id, &sealed).await?;
    Ok(Ok(entry))
}
