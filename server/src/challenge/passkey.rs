//! Passkeys as the answer to a challenge: what is asked, and whether the answer is right.

use super::service::{Purpose, Target};
use crate::{
    core::{Core, failed, internal},
    enrollment::{service as enrollment, store},
    entity::{account, enrollment as entry_row},
    providers::passkey::{Authentication, Owner, Passkey, Passkeys, Registration, Rejected, Used},
};
use app::{
    error::{AppError, Refusal},
    passkey::types::Ceremony,
    services::types::Channel,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Deserialize;
use uuid::Uuid;

/// The relying party.
///
/// # Errors
/// `NeedsHostName` where browsers allow no passkeys at the public address.
pub fn site(core: &Core) -> Result<Passkeys, AppError> {
    Passkeys::of(&core.public_url, &core.brand).ok_or_else(|| AppError::refused(Refusal::NeedsHostName))
}

/// A key of an account with its entry.
pub struct Key {
    /// The entry.
    pub entry: entry_row::Model,
    /// The key.
    pub key: Passkey,
}

/// The keys of an account, or those of one secondary auth.
///
/// # Errors
/// When the database fails.
pub async fn keys(
    db: &impl ConnectionTrait,
    core: &Core,
    account: Uuid,
    auth: Option<Uuid>,
) -> Result<Vec<Key>, AppError> {
    let entries = store::of_account(db, account).await.map_err(failed)?;
    let entries = entries.into_iter().filter(|full| full.kind == Channel::Passkey);
    let entries =
        entries.map(|full| full.entry).filter(|entry| auth.is_none_or(|auth| entry.secondary_auth_id == auth));
    let with_key = |entry: entry_row::Model| {
        let key = enrollment::secret_of(core, &entry)?.ok_or_else(|| internal("a passkey's entry without its key"))?;
        Ok(Key { entry, key: serde_json::from_str(&key).map_err(internal)? })
    };
    entries.map(with_key).collect()
}

/// What a challenge asks: the question, as JSON that has to stay secret, and the names of the keys that can answer it.
///
/// # Errors
/// `NeedsHostName`, or `NotOffered` where the account has no such key any more.
pub async fn question(
    db: &DatabaseTransaction,
    core: &Core,
    account: &account::Model,
    target: &Target,
) -> Result<(String, String), AppError> {
    let site = site(core)?;
    if target.purpose == Purpose::Enroll {
        let keys: Vec<_> = keys(db, core, account.id, None).await?.into_iter().map(|key| key.key).collect();
        let owner = Owner { id: account.id, email: &account.email, name: &account.name };
        let question = site.begin_registration(&owner, &keys).map_err(internal)?;
        return Ok((serde_json::to_string(&question).map_err(internal)?, String::new()));
    }
    let keys = keys(db, core, account.id, Some(target.secondary_auth_id)).await?;
    if keys.is_empty() {
        return Err(AppError::refused(Refusal::NotOffered));
    }
    let names: Vec<_> = keys.iter().map(|key| key.entry.destination.as_str()).collect();
    let names = names.join(", ");
    let keys: Vec<_> = keys.into_iter().map(|key| key.key).collect();
    let question = site.begin_authentication(&keys).map_err(internal)?;
    Ok((serde_json::to_string(&question).map_err(internal)?, names))
}

/// The part of a question that the browser is given.
///
/// # Errors
/// When the question cannot be read.
pub fn ceremony(core: &Core, question: &str) -> Result<Ceremony, AppError> {
    #[derive(Deserialize)]
    struct Question {
        options: String,
    }
    let Question { options } = serde_json::from_str(question).map_err(internal)?;
    Ok(Ceremony { options, origin: site(core)?.origin().to_owned() })
}

/// What an answer comes to.
pub enum Answer {
    /// It does not count.
    Rejected(Rejected),
    /// It brings a new key, as JSON.
    New(String),
    /// A known key gave it.
    Known(Used),
}

/// Checks an answer.
///
/// # Errors
/// When something inside fails.
pub fn check(core: &Core, question: &str, purpose: Purpose, answer: &str) -> Result<Answer, AppError> {
    let site = site(core)?;
    let checked = if purpose == Purpose::Enroll {
        let question: Registration = serde_json::from_str(question).map_err(internal)?;
        match site.finish_registration(&question, answer) {
            Ok(key) => Ok(Answer::New(serde_json::to_string(&key).map_err(internal)?)),
            Err(rejected) => Err(rejected),
        }
    } else {
        let question: Authentication = serde_json::from_str(question).map_err(internal)?;
        site.finish_authentication(&question, answer).map(Answer::Known)
    };
    Ok(checked.unwrap_or_else(|rejected| {
        // Escaped: it may repeat what was sent.
        tracing::info!(reason = ?rejected, "a passkey's answer was refused");
        Answer::Rejected(rejected)
    }))
}

/// Takes over what a right answer tells about its key, which is stored by now: its count has to have grown since. The
/// account is locked. Tells the key's entry, or nothing where it is a copy's answer or the key is gone.
///
/// # Errors
/// When the database fails.
pub async fn accept(
    db: &DatabaseTransaction,
    core: &Core,
    account: Uuid,
    auth: Uuid,
    used: &Used,
) -> Result<Result<entry_row::Model, Rejected>, AppError> {
    let keys = keys(db, core, account, Some(auth)).await?;
    let Some(Key { entry, mut key }) = keys.into_iter().find(|key| key.key.gave(used)) else {
        return Ok(Err(Rejected::Wrong("the key was removed".to_owned())));
    };
    if let Err(rejected) = key.accept(used) {
        return Ok(Err(rejected));
    }
    let secret = enrollment::seal(core, entry.id, &serde_json::to_string(&key).map_err(internal)?)?;
    store::keep_secret(db, entry.id, &secret).await.map_err(failed)?;
    Ok(Ok(entry))
}
