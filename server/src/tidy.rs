//! Removes what nobody needs any more, every hour.

use crate::{challenge, core::Core, error::Error, outbox, platform::throttle};
use std::{sync::Arc, time::Duration};

/// How long a delivery is kept, in seconds.
pub const KEPT: i64 = 30 * 86_400;
/// Seconds after which no counter of tries and no challenge counts any more.
const COUNTED: i64 = 2 * 86_400;
/// The pause between two times.
const PAUSE: Duration = Duration::from_secs(3_600);

/// Tidies up for as long as the process lives.
pub async fn run(core: Arc<Core>) {
    loop {
        if let Err(error) = tidy(&core).await {
            tracing::warn!(%error, "old rows could not be removed; trying again in an hour");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Removes what is old.
pub async fn tidy(core: &Core) -> Result<(), Error> {
    let now = core.clock.now();
    outbox::store::remove_older(&core.db, now - KEPT).await?;
    challenge::store::remove_older(&core.db, now - COUNTED).await?;
    throttle::remove_older(&core.db, now - COUNTED).await
}
