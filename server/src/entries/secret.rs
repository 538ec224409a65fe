//! What an entry is checked against: the seed of an authenticator app or the public key of a passkey, encrypted.

use crate::{
    entity::enrollment,
    error::Error,
    platform::{secret::Secret, vault::Vault},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// The secret of an entry, if its channel has one.
pub async fn open(
    db: &impl ConnectionTrait,
    vault: &Vault,
    entry: &enrollment::Model,
) -> Result<Option<Secret>, Error> {
    let Some(sealed) = &entry.secret else { return Ok(None) };
    open_of(db, vault, entry.id, sealed).await.map(Some)
}

/// The same of an entry that is known by its id.
pub async fn open_of(db: &impl ConnectionTrait, vault: &Vault, entry: Uuid, sealed: &str) -> Result<Secret, Error> {
    Ok(vault.open_sealed(db, &place(entry), sealed).await?)
}

/// Seals the secret of an entry.
pub fn seal(vault: &Vault, entry: Uuid, secret: &str) -> Result<String, Error> {
    Ok(vault.seal(&place(entry), secret)?)
}

/// What an entry's secret is bound to.
fn place(id: Uuid) -> String {
    format!("enrollment:{id}")
}
