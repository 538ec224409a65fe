//! `countersign db`: backs up a whole installation, restores it, or copies it into another database.

use super::{Outcome, prepare_folder};
use clap::Subcommand;
use sea_orm::DatabaseConnection;
use server::{
    copy::{self, copy},
    platform::{
        clock::{Clock, SystemClock},
        config::Settings,
        database,
        progress::grouped,
    },
};
use std::path::{Path, PathBuf};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Subcommand)]
pub enum DbCommand {
    /// Write everything into one new file, while servers run. The key is not in it.
    Backup {
        /// The file, which must not be there yet.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Put such a file into the database of the settings, which has to be empty, and end all sessions. Stop all servers
    /// before.
    Restore {
        /// The file.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
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
    match command {
        DbCommand::Backup { to } => {
            // A command that is stopped leaves no half of a backup behind.
            let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
            tokio::select! {
                done = back_up(settings, &to) => done,
                _ = interrupt.recv() => Err("stopped: there is no backup".into()),
                _ = terminate.recv() => Err("stopped: there is no backup".into()),
            }
        }
        DbCommand::Restore { from } => restore(settings, &from).await,
        DbCommand::Copy { from, to } => copy_all(settings, from, &to).await,
    }
}

async fn back_up(settings: &Settings, to: &Path) -> Outcome {
    let url = settings.database_url();
    if database::is_missing(&url) {
        return Err("there is no database yet".into());
    }
    let source = database::reach(&url).await.map_err(|error| format!("the database cannot be used: {error}"))?;
    let backup = copy::backup(&source, to, &database::files(&url)).await?;
    let (rows, tables) = (grouped(backup.copied.rows), backup.copied.tables);
    println!("Backed up {rows} rows of {tables} tables into {}, and read them again.", to.display());
    match backup.key {
        Some(key) => {
            println!("It needs the key of now: {key}. The key is in {}, and not in the backup.", settings.key_source());
            println!("Keep the key too, apart from the backup: who has both can read the stored secrets.");
        }
        None => println!("It needs no key: no server has started on this database."),
    }
    Ok(())
}

async fn restore(settings: &Settings, from: &Path) -> Outcome {
    prepare_folder(settings)?;
    let backup = copy::read_backup(from, &settings.data_dir, settings.key_source()).await?;
    let target = open_target(&settings.database_url()).await;
    let target = target.map_err(|error| format!("the database cannot be used: {error}"))?;
    let restored = copy::restore(&backup, &target, SystemClock { ahead: 0 }.now()).await?;
    let (copied, ended) = (restored.copied, restored.ended);
    println!("Restored {} rows of {} tables, and both hold the same.", grouped(copied.rows), copied.tables);
    println!("What may have been ended since the backup is {}.", ended.summary());
    println!(
        "Valid again as at the time of the backup: passwords, methods, recovery codes, and accounts that were disabled or \
         deleted since. Disable those accounts again before you let people in."
    );
    println!("Now run countersign doctor, and start the servers.");
    Ok(())
}

async fn copy_all(settings: &Settings, from: Option<String>, to: &str) -> Outcome {
    let from = from.unwrap_or_else(|| settings.database_url());
    if from == to {
        return Err("--from and --to are the same database".into());
    }
    if database::is_missing(&from) {
        return Err("--from: there is no such database".into());
    }
    let source = database::reach(&from).await.map_err(|error| format!("--from cannot be used: {error}"))?;
    let target = open_target(to).await.map_err(|error| format!("--to cannot be used: {error}"))?;
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
