//! Random secrets, keyed hashes and encryption at rest. The key lives outside the database.

use crate::error::Error;
use app::recovery::types::{LENGTH, LETTERS};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::{fs, io, path::Path};
use subtle::ConstantTimeEq;

/// Bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;
/// Letters of a reference: no vowels, so that no words arise.
const REFERENCE_LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What can go wrong with the key or a sealed value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key file cannot be read or created.
    #[error("the key file {path} cannot be used: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The key file does not hold `id:key`.
    #[error("the key file {0} must hold one line `id:key` with 32 bytes of base64url")]
    Format(String),
    /// A stored value was sealed with another key, or altered.
    #[error("a stored secret cannot be decrypted with this key")]
    Sealed,
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        Self::Vault(error.to_string())
    }
}

/// Holds the key and what is derived from it.
pub struct Vault {
    key_id: String,
    cipher: XChaCha20Poly1305,
    hash_key: [u8; 32],
}

impl Vault {
    /// Reads the key file, or creates it with mode 0600.
    ///
    /// # Errors
    /// When the file cannot be read, created or understood.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let file_error = |source| VaultError::File { path: path.display().to_string(), source };
        let line = match fs::read_to_string(path) {
            Ok(line) => line,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let line = format!("1:{}\n", URL_SAFE_NO_PAD.encode(random::<32>()));
                create_private(path, &line).map_err(file_error)?;
                // Another process may have been first; its key is the one that counts.
                fs::read_to_string(path).map_err(file_error)?
            }
            Err(error) => return Err(file_error(error)),
        };
        let format_error = || VaultError::Format(path.display().to_string());
        let (id, key) = line.trim().split_once(':').ok_or_else(format_error)?;
        let key = URL_SAFE_NO_PAD.decode(key).map_err(|_| format_error())?;
        let key: [u8; 32] = key.try_into().map_err(|_| format_error())?;
        Ok(Self::new(id, &key))
    }

    /// A vault with a given key.
    pub fn new(key_id: &str, key: &[u8; 32]) -> Self {
        // One purpose, one key (RFC 5869 §3.2).
        let derive = |label: &str| {
            let mut out = [0_u8; 32];
            Hkdf::<Sha256>::new(None, key)
                .expand(label.as_bytes(), &mut out)
                .expect("32 bytes are within HKDF's limit");
            out
        };
        Self {
            key_id: key_id.to_owned(),
            cipher: XChaCha20Poly1305::new(&derive("countersign seal").into()),
            hash_key: derive("countersign keyed hash"),
        }
    }

    /// Encrypts a secret for one place, which the sealed value is bound to.
    ///
    /// # Errors
    /// `Sealed` if the cipher fails, which it does only for absurd lengths.
    pub fn seal(&self, place: &str, secret: &str) -> Result<String, VaultError> {
        let nonce = random::<24>();
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: secret.as_bytes(), aad: place.as_bytes() })
            .map_err(|_| VaultError::Sealed)?;
        Ok(format!("{}:{}", self.key_id, URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Decrypts what was sealed for this place.
    ///
    /// # Errors
    /// `Sealed` for another key, another place or an altered value.
    pub fn open_sealed(&self, place: &str, sealed: &str) -> Result<String, VaultError> {
        let (id, body) = sealed.split_once(':').ok_or(VaultError::Sealed)?;
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| VaultError::Sealed)?;
        if id != self.key_id || body.len() < 24 {
            return Err(VaultError::Sealed);
        }
        let (nonce, body) = body.split_at(24);
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| VaultError::Sealed)?;
        let plain = self
            .cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: place.as_bytes() })
            .map_err(|_| VaultError::Sealed)?;
        String::from_utf8(plain).map_err(|_| VaultError::Sealed)
    }

    /// HMAC-SHA-256 over the parts, each with its length, so that no two lists of parts collide.
    pub fn keyed_hash(&self, parts: &[&str]) -> String {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.hash_key).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
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

fn create_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).and_then(|()| file.sync_all()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_values_open_only_in_their_place_and_with_their_key() {
        let vault = Vault::new("1", &[7; 32]);
        let sealed = vault.seal("provider:a", "s3cret").expect("seals");
        assert!(!sealed.contains("s3cret"));
        assert_eq!(vault.open_sealed("provider:a", &sealed).expect("opens"), "s3cret");
        assert!(vault.open_sealed("provider:b", &sealed).is_err());
        assert!(Vault::new("1", &[8; 32]).open_sealed("provider:a", &sealed).is_err());
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

    #[test]
    fn the_key_file_is_private_and_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let sealed = Vault::open(&path).and_then(|v| v.seal("p", "x")).expect("creates the key");
        assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
        assert_eq!(Vault::open(&path).and_then(|v| v.open_sealed("p", &sealed)).expect("reads it again"), "x");
    }
}
