//! Hears from the other servers that something is in the outbox (PostgreSQL), so that an idle server need not look all the
//! time.

use crate::{
    core::Core,
    platform::signals::{Ear, OUTBOX},
};
use sea_orm::DbBackend;
use std::{sync::Arc, time::Duration};

/// How long it goes without before it tries again.
const AGAIN: Duration = Duration::from_secs(60);

/// Listens for as long as the process lives. Where that cannot be, the worker looks every second.
pub async fn run(core: Arc<Core>) {
    if core.db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let mut told = false;
    loop {
        let problem = match Ear::open(&core.db, OUTBOX).await {
            Ok(Some(ear)) => {
                told = false;
                hear(&core, ear).await
            }
            Ok(None) => "what is told by NOTIFY does not arrive, as behind PgBouncer in transaction mode".to_owned(),
            Err(problem) => problem,
        };
        core.outbox.set_hears(false);
        // Back to looking often.
        core.outbox.wake.notify_one();
        if !told {
            tracing::warn!(problem, "no word from other servers: the outbox is looked into every second instead");
            told = true;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Answers why it ended.
async fn hear(core: &Core, mut ear: Ear) -> String {
    core.outbox.set_hears(true);
    loop {
        core.outbox.wake.notify_one();
        if let Err(problem) = ear.word().await {
            return problem;
        }
    }
}
