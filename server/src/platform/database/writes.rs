//! SQLite has one writer at a time. Whoever finds another one at it would sleep and look again, for longer each time, and
//! under load some slept for seconds while others came and went. So the writers of this process wait in a queue, in the
//! order of coming, and only those of other processes are met at the file.

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};
use std::{ops::Deref, time::Duration};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// A process writes to one database.
static WRITER: Semaphore = Semaphore::const_new(1);
/// How long a turn is waited for, and a writer of another process.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A turn at writing; none is needed on PostgreSQL.
type Turn = Option<SemaphorePermit<'static>>;

/// Waits for a turn.
pub(super) async fn turn(backend: DbBackend) -> Result<Turn, DbErr> {
    if backend != DbBackend::Sqlite {
        return Ok(None);
    }
    match timeout(PATIENCE, WRITER.acquire()).await {
        Ok(Ok(turn)) => Ok(Some(turn)),
        Ok(Err(_)) | Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
    }
}

/// The database of a server: what writes without a transaction waits for its turn as well.
#[derive(Clone)]
pub struct Db(DatabaseConnection);

impl From<DatabaseConnection> for Db {
    fn from(connection: DatabaseConnection) -> Self {
        Self(connection)
    }
}

impl Deref for Db {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.0
    }
}

/// For tests that watch the statements.
#[cfg(test)]
impl std::ops::DerefMut for Db {
    fn deref_mut(&mut self) -> &mut DatabaseConnection {
        &mut self.0
    }
}

impl Db {
    async fn turn_for(&self, sql: &str) -> Result<Turn, DbErr> {
        if sql.trim_start().starts_with("SELECT") { Ok(None) } else { turn(self.0.get_database_backend()).await }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Db {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let _turn = self.turn_for(&statement.sql).await?;
        self.0.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let _turn = self.turn_for(sql).await?;
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let _turn = self.turn_for(&statement.sql).await?;
        self.0.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _turn = self.turn_for(&statement.sql).await?;
        self.0.query_all_raw(statement).await
    }
}

/// A transaction. It has its turn until it ends.
pub struct Transaction {
    inner: DatabaseTransaction,
    /// After what it is for, in the order in which they are dropped.
    _turn: Turn,
}

impl Transaction {
    pub(super) const fn with(inner: DatabaseTransaction, turn: Turn) -> Self {
        Self { inner, _turn: turn }
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.inner.commit().await
    }

    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

impl Deref for Transaction {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}
