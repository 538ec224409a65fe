//! One key of 256 bits, and what it can do.

use super::{VaultError, random};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a nonce of XChaCha20.
const NONCE: usize = 24;

/// A key of 256 bits. Its memory is wiped when it goes, and it does not show itself.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Key {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new key.
    pub fn random() -> Self {
        Self::new(random())
    }

    /// A key written in base64url; nothing where it is none.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        Some(Self::new(bytes.as_slice().try_into().ok()?))
    }

    /// The key in base64url.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// The key for one purpose that follows from this one (RFC 5869 §3.2).
    pub fn derive(&self, label: &str) -> Self {
        let mut out = Zeroizing::new([0_u8; 32]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(label.as_bytes(), out.as_mut_slice())
            .expect("32 bytes are within HKDF's limit");
        Self(out)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new_from_slice(self.0.as_slice()).expect("the key has 32 bytes")
    }

    /// Encrypts for one place, in base64url.
    ///
    /// # Errors
    /// `Sealed` if the cipher fails, which it does only for absurd lengths.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<String, VaultError> {
        let nonce = random::<NONCE>();
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Sealed)?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what was encrypted for this place.
    ///
    /// # Errors
    /// `Sealed` for another key, another place or an altered value.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let body = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| VaultError::Sealed)?;
        let (nonce, body) = body.split_first_chunk::<NONCE>().ok_or(VaultError::Sealed)?;
        let payload = Payload { msg: body, aad: place.as_bytes() };
        let plain = self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| VaultError::Sealed)?;
        Ok(Zeroizing::new(plain))
    }

    /// HMAC-SHA-256 over the parts, each with its length, so that no two lists of parts collide.
    pub fn hash(&self, parts: &[&str]) -> String {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_slice()).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Encrypts another key with this one.
    ///
    /// # Errors
    /// As [`Key::seal`].
    pub fn wrap(&self, id: i32, key: &Self) -> Result<String, VaultError> {
        self.derive("countersign wrap").seal(&place(id), key.0.as_slice())
    }

    /// Decrypts a key that this one wraps.
    ///
    /// # Errors
    /// As [`Key::open`].
    pub fn unwrap(&self, id: i32, wrapped: &str) -> Result<Self, VaultError> {
        let bytes = self.derive("countersign wrap").open(&place(id), wrapped)?;
        Ok(Self::new(bytes.as_slice().try_into().map_err(|_| VaultError::Sealed)?))
    }
}

/// What a wrapped key is bound to.
fn place(id: i32) -> String {
    format!("data_key:{id}")
}
