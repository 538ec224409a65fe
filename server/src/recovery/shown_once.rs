//! What is shown once and stored nowhere: between the form that makes a code and the page that shows it, the code
//! travels in a cookie, sealed with the server's key and bound to the session. So it works on every server and without
//! JavaScript, and the database knows hashes only.

use crate::{
    core::Core,
    error::internal,
    platform::{throttle, vault},
};
use app::{
    caller::{Session, Token},
    error::AppError,
};
use serde::{Deserialize, Serialize};

/// Seconds between the form and its page.
const LIFETIME: i64 = 300;

#[derive(Serialize, Deserialize)]
struct Sealed {
    about: String,
    expires_at: i64,
    codes: Vec<String>,
}

/// Seals codes for the next page of this session that is about the same.
///
/// # Errors
/// When the cipher fails.
pub fn seal(core: &Core, session: &Session, about: &str, codes: Vec<String>) -> Result<Token, AppError> {
    let once = Sealed { about: about.to_owned(), expires_at: core.clock.now() + LIFETIME, codes };
    let text = serde_json::to_string(&once).map_err(internal)?;
    let secret = core.vault.seal(&place(session), &text).map_err(internal)?;
    Ok(Token { secret, max_age: Some(LIFETIME) })
}

/// Opens what was sealed. Nothing comes of it a second time, nor in another session, nor for another page.
pub async fn open(core: &Core, session: &Session, about: &str, sealed: &str) -> Result<Vec<String>, AppError> {
    let now = core.clock.now();
    let opened = core.vault.open_sealed(&core.db, &place(session), sealed).await.ok();
    let once = opened.and_then(|text| serde_json::from_str::<Sealed>(&text).ok());
    let Some(once) = once.filter(|once| once.about == about && once.expires_at > now) else { return Ok(Vec::new()) };
    let key = format!("once:{}", vault::token_hash(sealed));
    let first = throttle::count(&core.db, &key, now, 2 * LIFETIME).await? == 1;
    Ok(if first { once.codes } else { Vec::new() })
}

/// What the sealed codes are bound to.
fn place(session: &Session) -> String {
    format!("once:{}", session.id)
}
