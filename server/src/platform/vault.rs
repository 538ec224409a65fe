//! Random secrets, keyed hashes and encryption at rest. A key outside of the database wraps the keys that stand in it:
//! one of keyed hashes, which stays, and those that seal, of which the newest is used (see decision 25).

mod key;
mod source;
pub mod table;

pub use key::Key;
pub use source::{KeySource, OuterKeys, line};

use crate::{
    error::Error,
    platform::{database, secret::Secret},
};
use app::recovery::types::{LENGTH, LETTERS};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io,
    sync::{PoisonError, RwLock},
};
use subtle::ConstantTimeEq;

/// Bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;
/// Letters of a reference: no vowels, so that no words arise.
const REFERENCE_LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What can go wrong with the key or a sealed value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no key where the database was sealed with one.
    #[error(
        "{0} is not there, but the database holds what was sealed with it: put the key back from its backup. If it is \
         lost for good, `countersign key start-over` tells what that costs"
    )]
    Missing(String),
    /// The database has no keys yet.
    #[error("there are no keys yet: the first start of the server makes them")]
    None,
    /// The key cannot be read, created or replaced.
    #[error("{from} cannot be used: {source}")]
    Unreadable {
        /// Where it comes from.
        from: String,
        /// Why.
        source: io::Error,
    },
    /// The source does not hold keys.
    #[error("{0} must hold one line `id:key` a key, with 32 bytes of base64url")]
    Format(String),
    /// The database was sealed with a key that the source does not hold.
    #[error(
        "the database was sealed with key {id}, and {from} holds {known}: put key {id} back, from its backup or from \
         the server where it was rotated"
    )]
    Unknown {
        /// Where it comes from.
        from: String,
        /// The key that is needed.
        id: i32,
        /// The keys that are there.
        known: String,
    },
    /// The key has the right id and is another one.
    #[error(
        "{from} holds another key {id} than the one that this database was sealed with: is it another installation's? \
         Put the right one back from its backup"
    )]
    Wrong {
        /// Where it comes from.
        from: String,
        /// The key's id.
        id: i32,
    },
    /// The key is not ours to change.
    #[error(
        "{0} has to be changed by hand: put a new key before the old one (`countersign key new` prints one), start the \
         servers again with both, and rotate then"
    )]
    ReadOnly(String),
    /// A stored value was sealed with another key, or altered.
    #[error("a stored secret cannot be decrypted with this key")]
    Sealed,
    /// The data keys cannot be read or written.
    #[error("database: {0}")]
    Database(#[from] DbErr),
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Database(error) => Self::Database(error),
            error => Self::Vault(error.to_string()),
        }
    }
}

/// Seals and hashes with the data keys of a database.
pub struct Vault {
    /// Where the outer key comes from; nothing for keys of a test, which are in no database.
    source: Option<KeySource>,
    hash: Key,
    seal: RwLock<BTreeMap<i32, Key>>,
}

impl Vault {
    /// Opens the data keys of a database, and makes the first ones, with a key file, where it has none.
    ///
    /// # Errors
    /// When the key is missing, unreadable or another one; says what to do.
    pub async fn open(db: &DatabaseConnection, source: KeySource, now: i64) -> Result<Self, Error> {
        // Servers that start side by side make the first keys once.
        let transaction = database::begin_alone(db).await?;
        if table::all(&transaction).await?.is_empty() {
            table::first(&transaction, &source, now).await?;
        }
        let vault = Self::existing(&transaction, source).await?;
        database::commit(transaction).await?;
        Ok(vault)
    }

    /// Opens the data keys of a database and makes none.
    ///
    /// # Errors
    /// As [`Vault::open`]; also when there are none yet.
    pub async fn existing(db: &impl ConnectionTrait, source: KeySource) -> Result<Self, VaultError> {
        let rows = table::all(db).await?;
        let hash = rows.iter().find(|row| row.id == table::HASH).ok_or(VaultError::None)?;
        let outer = source.read()?;
        let hash = table::unwrap(&source, &outer, hash)?;
        let vault = Self { source: Some(source), hash, seal: RwLock::default() };
        vault.load(db).await?;
        Ok(vault)
    }

    /// A vault with given keys, in no database.
    pub fn new(id: i32, key: &[u8; 32]) -> Self {
        let key = Key::new(*key);
        let seal = BTreeMap::from([(id, key.derive("countersign seal"))]);
        Self { source: None, hash: key.derive("countersign keyed hash"), seal: RwLock::new(seal) }
    }

    /// Learns the data keys that were made since: by a rotation, on this server or on another one.
    ///
    /// # Errors
    /// When the database fails, or the outer key that wraps a new one is not here.
    pub async fn load(&self, db: &impl ConnectionTrait) -> Result<(), VaultError> {
        let Some(source) = &self.source else { return Ok(()) };
        let rows = table::all(db).await?;
        let mut new = rows.iter().filter(|row| row.id != table::HASH && self.key(row.id).is_none()).peekable();
        if new.peek().is_none() {
            return Ok(());
        }
        let outer = source.read()?;
        let new = new.map(|row| Ok((row.id, table::unwrap(source, &outer, row)?)));
        let new = new.collect::<Result<Vec<_>, VaultError>>()?;
        self.seal.write().unwrap_or_else(PoisonError::into_inner).extend(new);
        Ok(())
    }

    fn key(&self, id: i32) -> Option<Key> {
        self.seal.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// The data key that seals, and its id.
    pub fn newest(&self) -> (i32, Key) {
        let keys = self.seal.read().unwrap_or_else(PoisonError::into_inner);
        let (id, key) = keys.last_key_value().expect("a vault has a key that seals");
        (*id, key.clone())
    }

    /// Encrypts a secret for one place, which the sealed value is bound to.
    ///
    /// # Errors
    /// `Sealed` if the cipher fails, which it does only for absurd lengths.
    pub fn seal(&self, place: &str, secret: &str) -> Result<String, VaultError> {
        let (id, key) = self.newest();
        Ok(format!("{id}:{}", key.seal(place, secret.as_bytes())?))
    }

    /// Decrypts what was sealed for this place. Where it was sealed with a key that this server has not heard of, the
    /// keys are read again.
    ///
    /// # Errors
    /// `Sealed` for another key, another place or an altered value.
    pub async fn open_sealed(
        &self,
        db: &impl ConnectionTrait,
        place: &str,
        sealed: &str,
    ) -> Result<Secret, VaultError> {
        let (id, body) = sealed.split_once(':').ok_or(VaultError::Sealed)?;
        let id = id.parse().map_err(|_| VaultError::Sealed)?;
        let key = match self.key(id) {
            Some(key) => key,
            None => {
                self.load(db).await?;
                self.key(id).ok_or(VaultError::Sealed)?
            }
        };
        let mut plain = key.open(place, body)?;
        String::from_utf8(std::mem::take(&mut *plain)).map(Secret::from).map_err(|_| VaultError::Sealed)
    }

    /// HMAC-SHA-256 over the parts, by a key that no rotation changes: recovery codes and limits live on it.
    pub fn keyed_hash(&self, parts: &[&str]) -> String {
        self.hash.hash(parts)
    }
}

/// Compares hashes without telling by time where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// A token of 256 random bits, for cookies and links.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(random::<TOKEN_BYTES>())
}

/// The hash of a token, as it is stored. Tokens are random, so a plain hash is enough.
pub fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// Six random digits, leading zeros kept.
pub fn new_code() -> String {
    format!("{:06}", below(1_000_000))
}

/// A random recovery code: sixteen letters of five bits.
pub fn new_recovery_code() -> String {
    (0..LENGTH).map(|_| char::from(LETTERS[below(32) as usize])).collect()
}

/// Three random letters, other than the last ones.
pub fn new_reference(last: Option<&str>) -> String {
    loop {
        let letters = (0..3).map(|_| char::from(REFERENCE_LETTERS[below(20) as usize])).collect::<String>();
        if Some(letters.as_str()) != last {
            return letters;
        }
    }
}

/// A uniform random number below `end`: numbers of the incomplete last round are drawn again.
fn below(end: u32) -> u32 {
    let fair = u32::MAX - u32::MAX % end;
    loop {
        let number = u32::from_be_bytes(random());
        if number < fair {
            return number % end;
        }
    }
}

/// Bytes of the system's CSPRNG. Without it nothing here is safe, so its failure ends the request.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system's random source failed");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sealed_values_open_only_in_their_place_and_with_their_key() {
        let db = sea_orm::Database::connect("sqlite::memory:").await.expect("a database");
        let vault = Vault::new(1, &[7; 32]);
        let sealed = vault.seal("provider:a", "s3cret").expect("seals");
        assert!(!sealed.contains("s3cret"));
        assert_eq!(vault.open_sealed(&db, "provider:a", &sealed).await.expect("opens").expose(), "s3cret");
        assert!(vault.open_sealed(&db, "provider:b", &sealed).await.is_err());
        assert!(Vault::new(1, &[8; 32]).open_sealed(&db, "provider:a", &sealed).await.is_err());
        assert!(Vault::new(2, &[7; 32]).open_sealed(&db, "provider:a", &sealed).await.is_err());
        assert_ne!(sealed, vault.seal("provider:a", "s3cret").expect("seals"), "the nonce must be new each time");
    }

    #[test]
    fn codes_are_six_digits_and_spread_over_the_whole_range() {
        let codes: Vec<_> = (0..2_000).map(|_| new_code()).collect();
        assert!(codes.iter().all(|c| c.len() == 6 && c.bytes().all(|b| b.is_ascii_digit())));
        for digit in '0'..='9' {
            assert!(codes.iter().any(|c| c.starts_with(digit)), "no code starts with {digit}");
        }
    }
}
