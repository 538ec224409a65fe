//! The commands.

mod account;
mod bench;
mod config;
mod db;
mod demo;
mod doctor;
mod key;
mod provider;
mod serve;

use app::{error::AppError, services::sms::SmsForm};
use clap::{Parser, Subcommand};
use sea_orm::DatabaseConnection;
use server::{
    copy,
    core::{Core, Outbox},
    looks,
    platform::{
        brand::Brand,
        clock::{Clock, SystemClock},
        config::Settings,
        database,
        passwords::Passwords,
        private,
        template::Templates,
        vault::Vault,
    },
    providers::{
        sms::Vendors,
        smtp::{SmtpSender, token::Tokens},
    },
};
use std::{
    error::Error,
    io::Read,
    sync::{Arc, Mutex},
};
use tracing_subscriber::EnvFilter;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Two-factor authentication services manager.
#[derive(Parser)]
#[command(name = "countersign", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve,
    /// Run the server with sample accounts, a mail server of its own on loopback and a mailbox page.
    Demo(demo::DemoArgs),
    /// Bring the database up to date.
    Migrate,
    /// Create accounts and help locked-out people.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Register service providers.
    #[command(subcommand)]
    Provider(provider::ProviderCommand),
    /// Check the settings; write the configuration into a file, or read it from one.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Try out whatever the server needs: database, key, clock and service providers.
    Doctor,
    /// Look after the key that stored secrets are sealed with.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Back up, restore, and copy everything into another database.
    #[command(subcommand)]
    Db(db::DbCommand),
    /// Fill a database to measure by.
    #[command(subcommand, hide = true)]
    Bench(bench::BenchCommand),
}

/// Runs a command.
///
/// # Errors
/// What went wrong, one line a problem.
pub async fn run(cli: Cli) -> Outcome {
    // This one tells what is wrong with the settings, so it reads them itself.
    if let Command::Config(config::ConfigCommand::Check) = cli.command {
        return config::check().await;
    }
    let settings = Settings::read()?;
    start_log(&settings);
    match cli.command {
        Command::Serve => serve::run(settings).await,
        Command::Demo(args) => demo::run(settings, &args).await,
        Command::Migrate => {
            prepare_folder(&settings)?;
            database::open(&settings.database_url()).await?;
            println!("The database is up to date.");
            Ok(())
        }
        Command::Account(command) => account::run(&settings, command).await,
        Command::Provider(command) => provider::run(&settings, command).await,
        Command::Config(command) => config::run(&settings, command).await,
        Command::Doctor => doctor::run(&settings).await,
        Command::Key(command) => key::run(&settings, command).await,
        Command::Db(command) => db::run(&settings, command).await,
        Command::Bench(command) => bench::run(&settings, command).await,
    }
}

fn start_log(settings: &Settings) {
    // Migrations are told quietly, so that a command that fails leaves one line, unless the setting names them.
    let filter = format!("sea_orm_migration=warn,{}", settings.log);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if settings.log_format == "json" { log.json().init() } else { log.with_ansi(false).init() }
}

/// Makes the data directory, and keeps others out of it, also where it was there before.
fn prepare_folder(settings: &Settings) -> Outcome {
    let folder = &settings.data_dir;
    private::folder(folder).map_err(|error| {
        format!("the data directory {} cannot be used, or not be given the mode 700: {error}", folder.display())
    })?;
    Ok(())
}

async fn open_core(settings: &Settings, seconds_ahead: i64) -> Outcome<Arc<Core>> {
    open_core_with(settings, seconds_ahead, SmsForm::default()).await
}

async fn open_core_with(settings: &Settings, seconds_ahead: i64, sms_defaults: SmsForm) -> Outcome<Arc<Core>> {
    let db = open_database(settings).await?;
    let now = SystemClock { ahead: seconds_ahead }.now();
    let vault = Vault::open(&db, settings.key_source(), now).await?;
    let core = Core { sms_defaults, ..core_with(settings, db, vault, seconds_ahead)? };
    // Commands send messages too.
    looks::refresh(&core).await;
    Ok(Arc::new(core))
}

async fn open_database(settings: &Settings) -> Outcome<DatabaseConnection> {
    prepare_folder(settings)?;
    let url = settings.database_url();
    let db = database::open(&url).await.map_err(|error| format!("the database cannot be used: {error}"))?;
    if copy::is_unfinished(&db).await? {
        return Err(
            "the database holds a part of a copy: start `countersign db copy` or `countersign db restore` again, \
                    which go on with it, or use a new database"
                .into(),
        );
    }
    Ok(db)
}

fn core_with(settings: &Settings, db: DatabaseConnection, vault: Vault, seconds_ahead: i64) -> Outcome<Core> {
    Ok(Core {
        db: db.into(),
        clock: Arc::new(SystemClock { ahead: seconds_ahead }),
        vault,
        passwords: Passwords::new(),
        mail: Arc::new(SmtpSender::new(&settings.public_url()?, settings.reach())),
        tokens: Tokens::new(settings.reach()),
        sms: Arc::new(Vendors::new(settings.reach())),
        brand: Brand::named(&settings.brand),
        public_url: settings.public_url()?,
        outbox: Outbox::default(),
        templates: Templates::default(),
        reach: settings.reach(),
        past_set_up: Mutex::default(),
        smtp_defaults: settings.smtp_defaults(),
        sms_defaults: SmsForm::default(),
    })
}

/// A password or another secret from standard input, where no list of processes shows it.
fn secret_from_stdin() -> Outcome<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// An error in words, by field where it has fields.
fn message_of(error: AppError) -> Box<dyn Error> {
    match &error {
        AppError::Invalid { fields, .. } => {
            let words = fields.iter().map(|f| format!("{}: {}", f.field, app::ui::messages::problem(&f.problem)));
            words.collect::<Vec<_>>().join(" ").into()
        }
        _ => app::ui::messages::error(&error).into(),
    }
}
