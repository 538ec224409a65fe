//! Looking after the keys that seal stored secrets: replacing them while servers run, and telling how they stand.

mod reseal;
mod rotate;
#[cfg(test)]
mod tests;

pub use reseal::{Resealed, reseal};
pub use rotate::{Rotation, begin, finish, start_over};

use crate::{
    core::Core,
    error::Error,
    platform::{
        clock::day_text,
        vault::table::{self, HASH},
    },
};
use sea_orm::ConnectionTrait;
use std::{fmt, sync::Arc, time::Duration};

/// How often a server asks for new keys.
const PAUSE: Duration = Duration::from_secs(10);
/// After how long every server seals with a new key.
pub const SETTLED: Duration = Duration::from_secs(25);

/// Learns new keys for as long as the process lives, so that this server seals with them too.
pub async fn run(core: Arc<Core>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        if let Err(error) = core.vault.load(&core.db).await {
            tracing::warn!(%error, "new keys could not be read; trying again");
        }
    }
}

/// How the keys stand.
pub struct Status {
    outer: i32,
    newest: i32,
    made_at: i64,
    finished: bool,
    waiting: u64,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { outer, newest, waiting, .. } = self;
        write!(f, "key {outer} wraps data key {newest} of {}", day_text(self.made_at))?;
        match (self.finished, waiting) {
            (true, 0) => Ok(()),
            (true, _) => write!(f, "; values under older data keys: {waiting}"),
            (false, _) => write!(
                f,
                "; its rotation is not finished, values under older data keys: {waiting}; run countersign key rotate again"
            ),
        }
    }
}

/// How the keys of a database stand.
///
/// # Errors
/// When the database fails or has no keys yet.
pub async fn status(db: &impl ConnectionTrait) -> Result<Status, Error> {
    let rows = table::all(db).await?;
    let newest = rows.last().filter(|row| row.id != HASH).ok_or_else(|| Error::broken("there are no keys yet"))?;
    Ok(Status {
        outer: table::wrapped_by(newest)?,
        newest: newest.id,
        made_at: newest.created_at,
        finished: newest.finished_at.is_some(),
        waiting: reseal::waiting(db, newest.id).await?,
    })
}
