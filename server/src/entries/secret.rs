//! What an entry is checked against: the seed of an authenticator app or the public key of a passkey, encrypted.

use crate::{entity::enrollment, error::Error, platform::vault::Vault};
use uuid::Uuid;

/// The secret of an entry, if its channel has one.
pub fn open(vault: &Vault, entry: &enrollment::Model) -> Result<Option<String>, Error> {
    entry.secret.as_deref().map(|sealed| open_of(vault, entry.id, sealed)).transpose()
}

/// The same of an entry that is known by its id.
pub fn open_of(vault: &Vault, entry: Uuid, sealed: &str) -> Result<String, Error> {
    Ok(vault.open_sealed(&place(entry), sealed)?)
}

/// Seals the secret of an entry.
pub fn seal(vault: &Vault, entry: Uuid, secret: &str) -> Result<String, Error> {
    Ok(vault.seal(&place(entry), secret)?)
}

/// What an entry's secret is bound to.
fn place(id: Uuid) -> String {
    format!("enrollment:{id}")
}
