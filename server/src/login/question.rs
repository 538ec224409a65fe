//! Asks for a passkey before the password is known to be right, and tells nobody by it whether there is such an account.
//!
//! Every address is asked for keys: an account that has passkeys for its own, any other for some that nobody has, the same
//! each time. What an answer is checked against goes along, sealed for that address, so nothing is kept of those who only
//! ask.

use crate::{
    accounts,
    challenge::{keys, prepared::Prepared},
    channel::{Asker, relying_party},
    core::Core,
    entity::email_key::EmailKey,
    entries,
    error::{Error, internal},
    platform::{clock::SKEW, throttle, vault::VaultError},
    providers::passkey::Passkey,
};
use app::{
    caller::Origin,
    error::{AppError, Refusal},
    login::types::Audience,
    passkey::types::PasskeyQuestion,
    services::types::Channel,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often one network may ask within [`WINDOW`].
pub const QUESTIONS: i32 = 100;
/// That window, in seconds.
pub const WINDOW: i64 = 900;
/// Seconds for which a question can be answered.
pub const LIFETIME: i64 = 300;
/// What is sealed is as long as a multiple of so many bytes, so that its length does not tell whose keys are in it.
const PADDED: usize = 4_096;
/// How long the ids of keys are, in bytes, of those that people have.
const LENGTHS: [usize; 5] = [16, 20, 32, 48, 64];

/// A question of passkeys that was asked for an address.
pub struct Asked {
    /// Whose keys were asked; nil where there are none.
    pub account_id: Uuid,
    /// By which secondary auth.
    pub secondary_auth_id: Uuid,
    /// What begins its challenge.
    pub prepared: Prepared,
}

/// An [`Asked`] on its way through the browser.
#[derive(Serialize, Deserialize)]
struct Sealed {
    id: Uuid,
    account_id: Uuid,
    secondary_auth_id: Uuid,
    /// Unix seconds.
    ends_at: i64,
    question: String,
}

/// What a question is sealed for.
fn place(audience: Audience, email: &EmailKey) -> String {
    format!("passkey-question:{}:{}", audience.as_str(), email.as_str())
}

/// Asks for a passkey of the account of an address. Does the same for every address (checklist 46).
///
/// # Errors
/// `TooManyTries` for the network; `NeedsHostName` where browsers allow no passkeys at the public address.
pub async fn ask(core: &Core, origin: &Origin, audience: Audience, email: &str) -> Result<PasskeyQuestion, AppError> {
    let now = core.clock.now();
    let counter = format!("passkey-question:{}", origin.network());
    if throttle::count(&core.db, &counter, now, WINDOW).await? > QUESTIONS {
        let minutes = u32::try_from(WINDOW / 60).unwrap_or_default();
        return Err(AppError::refused(Refusal::TooManyTries { minutes }));
    }
    let site = relying_party(Asker::of(core))?;
    let email = EmailKey::of(email);
    let account = accounts::store::by_email(&core.db, audience, &email).await?;
    let account = account.filter(|account| account.disabled_at.is_none()).map(|account| account.id);
    // For nobody the same statements find nothing.
    let account_id = account.unwrap_or_default();
    let entries = entries::in_use(core, account_id, audience).await?;
    // The preferred ones come first.
    let auth = entries.iter().find(|entry| entry.kind == Channel::Passkey).map(|entry| entry.secondary_auth_id);
    let secondary_auth_id = auth.unwrap_or_default();
    let found = keys(&core.db, core, account_id, Some(secondary_auth_id)).await?;
    let found: Vec<_> = found.into_iter().map(|key| key.key).collect();
    let strangers = nobodys(core, audience, &email)?;
    let (account_id, keys) = if found.is_empty() { (Uuid::nil(), strangers) } else { (account_id, found) };
    let question = site.begin_authentication(&keys).map_err(internal)?;
    let sealed = Sealed {
        id: Uuid::now_v7(),
        account_id,
        secondary_auth_id,
        ends_at: now + LIFETIME,
        question: serde_json::to_string(&question).map_err(Error::from)?,
    };
    let mut sealed = serde_json::to_string(&sealed).map_err(Error::from)?;
    sealed.push_str(&" ".repeat(sealed.len().next_multiple_of(PADDED) - sealed.len()));
    let sealed = core.vault.seal(&place(audience, &email), &sealed).map_err(Error::from)?;
    Ok(PasskeyQuestion { options: question.options, origin: site.origin().to_owned(), question: sealed })
}

/// Keys that nobody has, the same for an address each time: one mostly, or two.
fn nobodys(core: &Core, audience: Audience, email: &EmailKey) -> Result<Vec<Passkey>, Error> {
    let bytes = |number: &str, part: &str| {
        let hash = core.vault.keyed_hash(&["passkey of nobody", audience.as_str(), email.as_str(), number, part]);
        URL_SAFE_NO_PAD.decode(hash).map_err(|_| Error::broken("a hash that is no base64url"))
    };
    let shape = bytes("", "")?;
    let (first, second) = (usize::from(shape[0]), usize::from(shape[1]));
    let how_many = if first % 4 == 0 { 2 } else { 1 };
    let mut keys = Vec::new();
    for (number, length) in ["1", "2"].into_iter().zip([first, second]).take(how_many) {
        let mut id = bytes(number, "1")?;
        id.extend(bytes(number, "2")?);
        id.truncate(LENGTHS[length % LENGTHS.len()]);
        keys.push(Passkey::nobodys(&id)?);
    }
    Ok(keys)
}

/// Opens a question that comes back.
///
/// # Errors
/// `WrongLogin` where it was not asked for this address, or too long ago.
pub async fn open(core: &Core, audience: Audience, email: &str, sealed: &str) -> Result<Asked, AppError> {
    let refused = || AppError::refused(Refusal::WrongLogin);
    let opened = core.vault.open_sealed(&core.db, &place(audience, &EmailKey::of(email)), sealed).await;
    let opened = match opened {
        Ok(opened) => opened,
        Err(VaultError::Sealed) => return Err(refused()),
        Err(error) => return Err(Error::from(error).into()),
    };
    let Sealed { id, account_id, secondary_auth_id, ends_at, question } =
        serde_json::from_str(&opened).map_err(Error::from)?;
    let now = core.clock.now();
    if ends_at <= now || ends_at > now + LIFETIME + SKEW {
        return Err(refused());
    }
    Ok(Asked { account_id, secondary_auth_id, prepared: Prepared { id, question: question.into() } })
}
