//! Whether a pooler stands before PostgreSQL that our statements do not get through. One that hands each transaction to
//! another connection has to keep prepared statements; otherwise they fail, or another client's is executed.

use sea_orm::{
    DatabaseConnection, DbErr,
    sqlx::{self, Connection, PgConnection, Row},
};

/// How often it is tried: on a busy pooler a client may get the same connection twice by chance.
const ROUNDS: u32 = 5;
/// No such statement, and one of that name is there already.
const STATEMENT_ERRORS: [&str; 2] = ["26000", "42P05"];
/// What is to be done.
const PROBLEM: &str = "a pooler in transaction mode stands before it that keeps no prepared statements, such as PgBouncer \
                       older than 1.21: set pool_mode=session there, or max_prepared_statements=200 from version 1.21 on, or \
                       connect to PostgreSQL itself";
const UNNAMED: &str = "a pooler in transaction mode stands before it, so statements need names: leave \
                       statement-cache-capacity=0 out of the address";

/// Refuses such a pooler.
///
/// # Errors
/// What has to be set; or when the database cannot be reached.
pub async fn check(db: &DatabaseConnection) -> Result<(), DbErr> {
    let pool = db.get_postgres_connection_pool();
    let (mut one, mut other) = (pool.acquire().await.map_err(failed)?, pool.acquire().await.map_err(failed)?);
    let mut shared = false;
    for _ in 0..ROUNDS {
        prepared(&mut one).await?;
        let before = process(&mut one).await?;
        // While this transaction lasts, its connection is nobody else's.
        sqlx::raw_sql("BEGIN").execute(&mut *other).await.map_err(failed)?;
        let taken = process(&mut other).await?;
        shared |= before == taken || before != process(&mut one).await?;
        let again = prepared(&mut one).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut *other).await.map_err(failed)?;
        again?;
    }
    if shared && one.cached_statements_size() == 0 { Err(DbErr::Custom(UNNAMED.to_owned())) } else { Ok(()) }
}

/// Executes a statement that is prepared once for a connection.
async fn prepared(connection: &mut PgConnection) -> Result<(), DbErr> {
    match sqlx::query("SELECT $1::bigint").bind(1_i64).fetch_one(connection).await {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| is_about_statements(&code)) => {
            Err(DbErr::Custom(PROBLEM.to_owned()))
        }
        Err(error) => Err(failed(error)),
    }
}

fn is_about_statements(code: &str) -> bool {
    STATEMENT_ERRORS.contains(&code)
}

/// Which process of PostgreSQL answers, asked without preparing anything.
async fn process(connection: &mut PgConnection) -> Result<i32, DbErr> {
    let row = sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await.map_err(failed)?;
    row.try_get(0).map_err(failed)
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Custom(error.to_string())
}
