//! The accounts of before, for migrations that give them what new ones have.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{FromQueryResult, Statement},
};
use uuid::Uuid;

/// How many are taken at a time.
const BATCH: u64 = 1_000;

/// What an account is found by.
#[derive(FromQueryResult)]
pub struct OldAccount {
    /// The account's id.
    pub id: Uuid,
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// The accounts that follow this id, in the order of their ids, as many as are taken at a time.
pub async fn old_accounts_after(db: &SchemaManagerConnection<'_>, id: Uuid) -> Result<Vec<OldAccount>, DbErr> {
    // The table's own columns, not the entity's: later migrations may add to those.
    let sql = format!("SELECT id, name, email FROM account WHERE id > $1 ORDER BY id LIMIT {BATCH}");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into()]);
    OldAccount::find_by_statement(statement).all(db).await
}
