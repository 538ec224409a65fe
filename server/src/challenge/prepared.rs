//! Begins a challenge with a question that was asked before there was a session: of passkeys, beside the password.

use super::{
    place,
    send::{Target, blank},
    store,
};
use crate::{
    accounts::factor::{Standing, lock_account},
    core::Core,
    entity::challenge,
    error::Error,
    platform::{database, secret::Secret},
    rules::Rules,
};
use app::{
    caller::Origin,
    error::{AppError, Refusal},
};
use uuid::Uuid;

/// A question that was asked before.
pub struct Prepared {
    /// The id that its challenge will have, so that it begins one.
    pub id: Uuid,
    /// What its answer is checked against.
    pub question: Secret,
}

/// Begins its challenge, within the limits.
///
/// # Errors
/// `Refused` with `FactorLocked` or `FactorDisabled`; with `CodeUsed` where it has begun one already.
pub async fn begin(
    core: &Core,
    rules: &Rules,
    origin: &Origin,
    target: &Target,
    Prepared { id, question }: Prepared,
) -> Result<(), AppError> {
    let now = core.clock.now();
    let transaction = database::begin(&core.db).await?;
    // Its lock lets those who begin with one question come one after the other.
    let account = lock_account(&transaction, target.account_id).await?.ok_or(AppError::SignInNeeded)?;
    Standing::from(&account).check(rules, now)?;
    if store::by_id(&transaction, id).await?.is_some() {
        return Err(AppError::refused(Refusal::CodeUsed));
    }
    let secret = core.vault.seal(&place(id), &question).map_err(Error::from)?;
    let begun = challenge::Model { id, secret: Some(secret), ..blank(target, origin, rules, now) };
    store::insert(&transaction, begun).await?;
    Ok(database::commit(transaction).await?)
}
