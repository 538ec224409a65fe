//! `countersign config`: checks the settings, and moves the configuration between the database and a file.

use super::{Outcome, message_of, open_core};
use clap::Subcommand;
use server::{
    config_file::{self, ImportError},
    platform::config::{Settings, check as settings_check},
};
use std::{fs, io::Read, path::PathBuf};

#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Check the settings file, the environment, the key and whether the database can be reached.
    Check,
    /// Print service providers, secondary authentications, policies and configuration as TOML, without secrets.
    Export,
    /// Apply such a file: what it does not name stays as it is.
    Import {
        /// Print the differences and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// The file; standard input where it is left out.
        file: Option<PathBuf>,
    },
}

/// Tells what is wrong with the settings, one line a problem.
pub async fn check() -> Outcome {
    let problems = settings_check::problems().await;
    if problems.is_empty() {
        println!("The settings are fine.");
        return Ok(());
    }
    Err(problems.join("\n").into())
}

/// Runs one of them.
pub async fn run(settings: &Settings, command: ConfigCommand) -> Outcome {
    match command {
        ConfigCommand::Check => check().await,
        ConfigCommand::Export => {
            let core = open_core(settings, 0).await?;
            print!("{}", config_file::export(&core).await.map_err(message_of)?);
            Ok(())
        }
        ConfigCommand::Import { dry_run, file } => {
            let (name, text) = match file {
                Some(path) => {
                    let name = path.display().to_string();
                    let text = fs::read_to_string(&path).map_err(|error| format!("{name} cannot be read: {error}"))?;
                    (name, text)
                }
                None => {
                    let mut text = String::new();
                    let read = std::io::stdin().read_to_string(&mut text);
                    read.map_err(|error| format!("standard input cannot be read: {error}"))?;
                    ("standard input".to_owned(), text)
                }
            };
            let core = open_core(settings, 0).await?;
            let report = config_file::import(&core, &text, dry_run).await.map_err(|error| match error {
                ImportError::Bad(bad) => format!("{name}, {bad}").into(),
                ImportError::Refused(error) => message_of(error),
            })?;
            print!("{report}");
            println!("{}", if dry_run { "This was a dry run: nothing was changed." } else { "The file was applied." });
            Ok(())
        }
    }
}
