//! What was begun before a change of password, factor or state, and ends with it.

use crate::{challenge, entries::whose::Whose, error::Error, links, requests, sessions};
use sea_orm::ConnectionTrait;

/// Ends the sign-ins that wait for their code, open challenges of every purpose, step-ups whose code is missing, and
/// approval requests and links: whoever began them knew the account as it was before.
pub async fn end(db: &impl ConnectionTrait, whose: impl Into<Whose>, now: i64) -> Result<(), Error> {
    let whose = whose.into();
    sessions::store::end_waiting(db, whose).await?;
    challenge::store::end_open(db, whose, now).await?;
    requests::store::remove_of(db, whose).await?;
    links::store::remove_begun(db, whose).await
}
