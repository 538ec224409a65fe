//! Word from one server to the others that share a PostgreSQL (LISTEN and NOTIFY). SQLite has one server, which needs none.

use crate::error::Error;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, sqlx::postgres::PgListener};
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// That something is in the outbox.
pub const OUTBOX: &str = "countersign_outbox";
/// How long our own word may take to come back.
const ECHO: Duration = Duration::from_secs(5);

/// Tells all servers, this one too, as soon as the transaction is committed.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tell(db: &impl ConnectionTrait, channel: &str) -> Result<(), Error> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&format!("NOTIFY {channel}")).await?;
    }
    Ok(())
}

/// What hears the others, on a connection of its own.
pub struct Ear(PgListener);

impl Ear {
    /// Begins to listen. Nothing where our own word does not come back: a pooler such as PgBouncer hands each transaction
    /// to another connection, on which nobody listens.
    ///
    /// # Errors
    /// In words, when the database cannot be reached.
    pub async fn open(db: &DatabaseConnection, channel: &str) -> Result<Option<Self>, String> {
        let mut listener = PgListener::connect_with(db.get_postgres_connection_pool()).await.map_err(in_words)?;
        listener.listen(channel).await.map_err(in_words)?;
        let word = Uuid::now_v7().to_string();
        db.execute_unprepared(&format!("NOTIFY {channel}, '{word}'")).await.map_err(in_words)?;
        let echo = async {
            loop {
                match listener.try_recv().await.map_err(in_words)? {
                    Some(heard) if heard.payload() == word => return Ok::<bool, String>(true),
                    // Another server's.
                    Some(_) => {}
                    // The connection broke, and with it what was said meanwhile.
                    None => return Ok(false),
                }
            }
        };
        let heard = timeout(ECHO, echo).await.unwrap_or(Ok(false))?;
        Ok(heard.then_some(Self(listener)))
    }

    /// Waits for a word. A connection that broke and stands again counts as one: some may have been missed.
    ///
    /// # Errors
    /// In words, when the database cannot be reached.
    pub async fn word(&mut self) -> Result<(), String> {
        self.0.try_recv().await.map(drop).map_err(in_words)
    }
}

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}
