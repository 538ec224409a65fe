//! The database, its key and its clock, and the service providers that stand in it.

use crate::{
    entity::{audit_event, service_provider},
    error::Error,
    keys,
    migration::Migrator,
    offers,
    platform::{clock::second_text, config::Settings, vault::Vault},
    providers::smtp::{SmtpSender, token::Tokens},
    services,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, QueryOrder, Statement};
use sea_orm_migration::MigratorTrait;
use std::time::Instant;

/// How far the database's clock may be from ours, in seconds: codes live for minutes.
const CLOCKS_APART: i64 = 30;

/// Which data keys there are, and whether they open the stored secrets.
pub async fn key(
    db: &DatabaseConnection,
    vault: Result<&Vault, &String>,
    providers: &Result<Vec<service_provider::Model>, Error>,
) -> Result<String, String> {
    let vault = vault.map_err(Clone::clone)?;
    let status = keys::status(db).await.map_err(|error| error.to_string())?;
    let (mut opened, mut closed) = (0, Vec::new());
    for row in providers.as_ref().map_err(ToString::to_string)?.iter().filter(|row| row.secret.is_some()) {
        match offers::provider::secret_of(db, vault, row).await {
            Ok(_) => opened += 1,
            Err(_) => closed.push(&*row.title),
        }
    }
    if closed.is_empty() {
        return Ok(format!("it opens the stored secrets of service providers: {opened}; {status}"));
    }
    Err(format!("it does not open the secret of {}: were they sealed with an earlier one?", closed.join(", ")))
}

/// Whether its tables are those of this version.
pub async fn schema(db: &DatabaseConnection) -> Result<String, String> {
    let begun = Instant::now();
    let pending = Migrator::get_pending_migrations(db).await.map_err(|error| error.to_string())?.len();
    if pending > 0 {
        return Err(format!("migrations that are missing: {pending}; run countersign migrate"));
    }
    let name = if db.get_database_backend() == DbBackend::Postgres { "PostgreSQL" } else { "SQLite" };
    Ok(format!("{name} is up to date and answers within {} ms", begun.elapsed().as_millis()))
}

/// Whether its clock and ours agree.
pub async fn time(db: &DatabaseConnection, now: i64) -> Result<String, String> {
    let in_words = |error: DbErr| error.to_string();
    if db.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT CAST(extract(epoch FROM now()) AS bigint) AS now";
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.map_err(in_words)?;
        let theirs = row.map(|row| row.try_get::<i64>("", "now")).transpose().map_err(in_words)?.unwrap_or(now);
        if (theirs - now).abs() > CLOCKS_APART {
            return Err(format!("it is {} s apart from the database's clock", (theirs - now).abs()));
        }
    }
    let newest = audit_event::Entity::find().order_by_desc(audit_event::Column::Id).one(db).await.map_err(in_words)?;
    match newest {
        Some(event) if event.at > now + CLOCKS_APART => {
            Err(format!("the newest event of the audit log lies {} s ahead of it", event.at - now))
        }
        _ => Ok(format!("{} UTC", second_text(now))),
    }
}

/// Connects to where a provider sends, without sending anything.
pub async fn provider(
    settings: &Settings,
    db: &DatabaseConnection,
    row: &service_provider::Model,
    vault: Option<&Vault>,
    now: i64,
) -> Result<String, String> {
    if !row.active {
        return Ok("it is not active".to_owned());
    }
    let vault = vault.ok_or("it needs the key")?;
    let smtp = SmtpSender::new(&settings.public_url().map_err(|error| error.to_string())?, settings.reach());
    let tokens = Tokens::new(settings.reach());
    services::probe::probe(&smtp, &tokens, now, db, vault, row).await
}
