//! What email and text messages share: a random code, of which only a keyed hash is kept.

use super::{Expected, Right, Verdict};
use crate::{
    entity::challenge,
    error::Error,
    platform::vault::{self, Vault},
};
use app::{error::AppError, validate};

/// Six digits, whatever stands between them.
pub fn read(typed: &str) -> Result<String, AppError> {
    validate::code(typed).map_err(|problem| AppError::field("code", problem))
}

/// Bound to everything that a code must not be moved between (ASVS 6.6.2).
pub fn hash(vault: &Vault, c: &challenge::Model, code: &str) -> String {
    let (id, account, session, auth) =
        (c.id.to_string(), c.account_id.to_string(), c.session_id.to_string(), c.secondary_auth_id.to_string());
    vault.keyed_hash(&["code", &id, &account, &session, &auth, &c.purpose, &c.destination, code])
}

/// Whether it is the code that was sent.
pub fn compare(vault: &Vault, expected: &Expected<'_>, code: &str) -> Result<Verdict, Error> {
    let Expected::Challenge { challenge, .. } = expected else { return Ok(Verdict::Wrong) };
    let same = vault::same(&hash(vault, challenge, code), &challenge.code_hash);
    Ok(if same { Verdict::Right(Right::Sent) } else { Verdict::Wrong })
}
