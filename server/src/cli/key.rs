//! `countersign key`: looks after the key that stored secrets are sealed with.

use super::{Outcome, core_with, open_core, open_database};
use clap::Subcommand;
use server::{
    error::Error,
    keys,
    platform::{
        clock::{Clock, SystemClock},
        config::Settings,
        vault::{Key, KeySource, Vault, line, random},
    },
};

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Replace the key while servers run. What was interrupted is taken up again.
    Rotate,
    /// Tell which keys there are, and whether anything is sealed with an older one.
    Status,
    /// Print a new key, for a variable or a credential.
    New,
    /// Begin with a new key after the old one was lost: services' passwords, recovery codes, authenticator apps and
    /// passkeys have to be set up again.
    StartOver {
        /// Say that the key is lost and that there is no backup of it.
        #[arg(long)]
        the_key_is_lost: bool,
    },
}

/// Runs one of them.
pub async fn run(settings: &Settings, command: KeyCommand) -> Outcome {
    let source = settings.key_source();
    match command {
        KeyCommand::Rotate => rotate(settings, &source).await,
        KeyCommand::Status => {
            let core = open_core(settings, 0).await?;
            println!("{source}: {}", keys::status(&core.db).await?);
            Ok(())
        }
        KeyCommand::New => {
            let last = source.read().ok().and_then(|keys| keys.last_key_value().map(|(id, _)| *id));
            print!("{}", &*line(last.unwrap_or(0) + 1, &Key::random()));
            Ok(())
        }
        KeyCommand::StartOver { the_key_is_lost } => start_over(settings, &source, the_key_is_lost).await,
    }
}

async fn rotate(settings: &Settings, source: &KeySource) -> Outcome {
    let core = open_core(settings, 0).await?;
    let rotation = keys::begin(&core, source).await?;
    let begun = if rotation.resumed { "An interrupted rotation goes on" } else { "The rotation has begun" };
    println!("{begun}: key {} wraps data key {}.", rotation.outer, rotation.data_key);
    println!("Waiting {} s until all servers seal with it.", keys::SETTLED.as_secs());
    tokio::time::sleep(keys::SETTLED).await;
    let resealed = keys::reseal(&core).await?;
    keys::finish(&core, source, &rotation).await?;
    println!("Sealed anew: {}. Left because no key opens them: {}.", resealed.done, resealed.unreadable);
    match source {
        KeySource::File(_) => {
            println!("Back up {source} apart from the database, and keep the old key with old backups.")
        }
        _ => println!("Remove the keys before key {} from {source}, and keep them with old backups.", rotation.outer),
    }
    Ok(())
}

async fn start_over(settings: &Settings, source: &KeySource, sure: bool) -> Outcome {
    let db = open_database(settings).await?;
    match Vault::open(&db, source.clone(), SystemClock { ahead: 0 }.now()).await {
        Ok(_) => return Err(format!("{source} opens this database: nothing is lost").into()),
        Err(Error::Vault(_)) if sure => {}
        Err(Error::Vault(problem)) => {
            return Err(format!(
                "{problem}\nStarting over makes everything unreadable that was sealed with it: the passwords of services \
                 have to be entered again, recovery codes made anew, and authenticator apps and passkeys set up again \
                 after `countersign account reset-2fa`. Stop all servers and run it with --the-key-is-lost"
            )
            .into());
        }
        Err(error) => return Err(error.into()),
    }
    let core = core_with(settings, db, Vault::new(1, &random()), 0)?;
    keys::start_over(&core, source).await?;
    println!("The database has new keys, wrapped by {source}. Back it up apart from the database.");
    Ok(())
}
