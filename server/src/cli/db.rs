//! `countersign db`: copies a whole installation into another database.

use super::Outcome;
use clap::Subcommand;
use sea_orm::DatabaseConnection;
use server::{
    copy::{self, copy},
    platform::{config::Settings, database, progress::grouped},
};

#[derive(Subcommand)]
pub enum DbCommand {
    /// Copy everything into an empty database, such as from SQLite to PostgreSQL. A copy that was interrupted goes on when
    /// it is started again. Stop all servers before.
    Copy {
        /// The address of the database to copy from; the one of the settings where it is left out.
        #[arg(long, value_name = "URL")]
        from: Option<String>,
        /// The address of the database to copy to.
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

/// Runs one of them.
pub async fn run(settings: &Settings, command: DbCommand) -> Outcome {
    let DbCommand::Copy { from, to } = command;
    let from = from.unwrap_or_else(|| settings.database_url());
    if from == to {
        return Err("--from and --to are the same database".into());
    }
    if database::is_missing(&from) {
        return Err("--from: there is no such database".into());
    }
    let source = database::reach(&from).await.map_err(|error| format!("--from cannot be used: {error}"))?;
    let target = open_target(&to).await.map_err(|error| format!("--to cannot be used: {error}"))?;
    let copied = copy(&source, &target).await?;
    println!("Copied {} rows of {} tables, and both databases hold the same.", grouped(copied.rows), copied.tables);
    println!("Now set DATABASE_URL, or database_url in countersign.toml, to the new address. Then start the servers.");
    println!("The new database needs the same key as before: {}.", settings.key_source());
    println!("Keep the old database until you have signed in. Then delete it, since it holds the same secrets.");
    Ok(())
}

/// One without any table is brought up to date. Anything else stays as it is.
async fn open_target(url: &str) -> Outcome<DatabaseConnection> {
    if !database::is_missing(url) {
        let target = database::reach(url).await?;
        if !copy::is_new(&target).await? {
            return Ok(target);
        }
        target.close().await?;
    }
    Ok(database::open(url).await?)
}
