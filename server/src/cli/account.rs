//! `countersign account`: creates accounts and helps locked-out people.

use super::{Outcome, message_of, open_core, secret_from_stdin};
use app::login::types::Audience;
use clap::{Args, Subcommand};
use server::{
    account::{
        help::{disable, unlock},
        service::{NewAccount, create},
    },
    accounts,
    audit::Actor,
    core::Core,
    enrollment::service::reset,
    entity::{self, email_key::EmailKey},
    platform::config::Settings,
    recovery::service::issue,
};

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Create an account.
    Create {
        /// admin or customer.
        #[arg(long, value_parser = audience)]
        audience: Audience,
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// Read the password from standard input instead of asking for it.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Remove the second factor of an account that is locked out.
    #[command(name = "reset-2fa")]
    Reset2fa(Who),
    /// Print a code that stands in for the second factor once, for somebody whose codes do not arrive.
    HelpdeskCode(Who),
    /// Open the counters of wrong passwords and wrong codes.
    Unlock(Who),
    /// Stop an account from signing in, at once.
    Disable(Who),
}

#[derive(Args)]
pub struct Who {
    /// The account's address; where an administrator and a customer share it, both are meant.
    #[arg(long)]
    email: String,
}

fn audience(text: &str) -> Result<Audience, String> {
    text.parse().map_err(|()| "it is either admin or customer".to_owned())
}

/// Runs one of them.
pub async fn run(settings: &Settings, command: AccountCommand) -> Outcome {
    match command {
        AccountCommand::Create { audience, email, name, password_stdin } => {
            let password = if password_stdin { secret_from_stdin()? } else { asked_password()? };
            let core = open_core(settings, 0).await?;
            let new = NewAccount { audience, email: &email, name: &name, password: &password };
            create(&core, Actor::CommandLine, &new).await.map_err(message_of)?;
            println!("The account {email} was created.");
        }
        AccountCommand::Reset2fa(who) => {
            let core = open_core(settings, 0).await?;
            for account in accounts_of(&core, &who).await? {
                let removed = reset(&core, Actor::CommandLine, &account).await.map_err(message_of)?;
                println!(
                    "{} {}: {removed} entries removed, counter opened.",
                    account.audience.0.as_str(),
                    account.email
                );
            }
        }
        AccountCommand::HelpdeskCode(who) => {
            let core = open_core(settings, 0).await?;
            for account in accounts_of(&core, &who).await? {
                let code = issue(&core, Actor::CommandLine, &account).await.map_err(message_of)?;
                println!("{} {}: {code}", account.audience.0.as_str(), account.email);
            }
        }
        AccountCommand::Unlock(who) => {
            let core = open_core(settings, 0).await?;
            for account in accounts_of(&core, &who).await? {
                let open = unlock(&core, Actor::CommandLine, &account).await.map_err(message_of)?;
                let rest = if open { "" } else { " The second factor stays switched off: use reset-2fa." };
                println!("{} {}: unlocked.{rest}", account.audience.0.as_str(), account.email);
            }
        }
        AccountCommand::Disable(who) => {
            let core = open_core(settings, 0).await?;
            for account in accounts_of(&core, &who).await? {
                disable(&core, Actor::CommandLine, &account).await.map_err(message_of)?;
                println!("{} {}: disabled.", account.audience.0.as_str(), account.email);
            }
        }
    }
    Ok(())
}

/// The accounts with an address, in both audiences.
async fn accounts_of(core: &Core, who: &Who) -> Outcome<Vec<entity::account::Model>> {
    let key = EmailKey::of(&who.email);
    let mut accounts = Vec::new();
    for audience in Audience::ALL {
        accounts.extend(accounts::store::by_email(&core.db, audience, &key).await?);
    }
    if accounts.is_empty() { Err(format!("there is no account {}", who.email).into()) } else { Ok(accounts) }
}

/// Asks the terminal.
fn asked_password() -> Outcome<String> {
    let asked = rpassword::prompt_password("Password: ");
    Ok(asked
        .map_err(|error| format!("there is no terminal to ask for the password: use --password-stdin ({error})"))?)
}
