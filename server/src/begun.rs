//! What was begun before a change of password, factor or state, and ends with it.

use crate::{challenge, error::Error, links, sessions};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Ends the sign-ins that wait for their code, open challenges of every purpose, step-ups whose code is missing, and
/// links: whoever began them knew the account as it was before.
pub async fn end(db: &impl ConnectionTrait, account: Uuid, now: i64) -> Result<(), Error> {
    sessions::store::end_waiting(db, account).await?;
    challenge::store::end_open(db, account, now).await?;
    links::store::remove_begun(db, account).await
}
