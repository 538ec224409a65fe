//! The commands.

use app::{error::AppError, login::types::Audience, services::sms::SmsForm};
use axum::Router;
use clap::{Args, Parser, Subcommand};
use server::{
    account::{
        self,
        help::{disable, unlock},
        service::{NewAccount, create, new_set_up_link},
    },
    audit::Actor,
    clock::SystemClock,
    config::{self, Settings},
    core::Core,
    dashboard, database, delivery, demo,
    enrollment::service::reset,
    http::{Site, router},
    passwords::Passwords,
    ports::ports,
    providers::{sms::Vendors, smtp::SmtpSender},
    vault::Vault,
};
use std::{
    error::Error,
    fs::{self, DirBuilder},
    io::Read,
    net::{SocketAddr, TcpListener},
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tracing_subscriber::EnvFilter;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How long running requests and messages in hand may take after SIGTERM.
const DRAIN: Duration = Duration::from_secs(8);

/// Two-factor authentication services manager.
#[derive(Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve,
    /// Run the server with sample accounts, a mail server of its own on loopback and a mailbox page.
    Demo(DemoArgs),
    /// Bring the database up to date.
    Migrate,
    /// Create accounts and help locked-out people.
    #[command(subcommand)]
    Account(AccountCommand),
}

#[derive(Args)]
struct DemoArgs {
    /// Start with the mail service registered, offered and allowed.
    #[arg(long)]
    ready: bool,
    /// Move the server's clock ahead, to see what expires.
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    days_ahead: u16,
}

#[derive(Subcommand)]
enum AccountCommand {
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
    /// Open the counters of wrong passwords and wrong codes.
    Unlock(Who),
    /// Stop an account from signing in, at once.
    Disable(Who),
}

#[derive(Args)]
struct Who {
    /// The account's address; where an administrator and a customer share it, both are meant.
    #[arg(long)]
    email: String,
}

fn audience(text: &str) -> Result<Audience, String> {
    text.parse().map_err(|()| "it is either admin or customer".to_owned())
}

/// Runs a command.
pub async fn run(cli: Cli) -> Outcome {
    let settings = Settings::read()?;
    start_log(&settings);
    match cli.command {
        Command::Serve => serve(settings).await,
        Command::Demo(args) => run_demo(settings, &args).await,
        Command::Migrate => {
            prepare_folder(&settings)?;
            database::open(&settings.database_url()).await?;
            println!("The database is up to date.");
            Ok(())
        }
        Command::Account(command) => run_account(&settings, command).await,
    }
}

fn start_log(settings: &Settings) {
    // Migrations are told quietly, so that a command that fails leaves one line, unless the setting names them.
    let filter = format!("sea_orm_migration=warn,{}", settings.log);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if settings.log_format == "json" { log.json().init() } else { log.with_ansi(false).init() }
}

fn prepare_folder(settings: &Settings) -> Outcome {
    let folder = &settings.data_dir;
    // The database file is readable by others, so the folder is not.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| format!("the data directory {} cannot be used: {error}", folder.display()))?;
    Ok(())
}

async fn open_core(settings: &Settings, seconds_ahead: i64) -> Outcome<Arc<Core>> {
    open_core_with(settings, seconds_ahead, SmsForm::default()).await
}

async fn open_core_with(settings: &Settings, seconds_ahead: i64, sms_defaults: SmsForm) -> Outcome<Arc<Core>> {
    prepare_folder(settings)?;
    let url = settings.database_url();
    let db = database::open(&url).await.map_err(|error| format!("the database cannot be used: {error}"))?;
    Ok(Arc::new(Core {
        db,
        clock: Arc::new(SystemClock { ahead: seconds_ahead }),
        vault: Vault::open(&settings.key_file())?,
        passwords: Passwords::new(),
        mail: Arc::new(SmtpSender),
        sms: Arc::new(Vendors),
        brand: settings.brand.as_str().into(),
        public_url: settings.public_url()?,
        outbox: Notify::new(),
        smtp_defaults: settings.smtp_defaults(),
        sms_defaults,
    }))
}

async fn serve(settings: Settings) -> Outcome {
    let core = open_core(&settings, 0).await?;
    if let Some(token) = new_set_up_link(&core).await.map_err(told)? {
        let base = settings.public_url()?;
        println!("There is no account yet. Create the first administrator within a day at:");
        println!("  {}", base.join(&format!("setup/{token}"))?);
    }
    listen(&settings, &core, Router::new()).await
}

async fn run_demo(mut settings: Settings, args: &DemoArgs) -> Outcome {
    prepare_folder(&settings)?;
    let mail = port_of_the_demo(&settings.data_dir.join("demo-smtp-port"))?;
    let mail_address = mail.local_addr()?;
    settings.smtp_host = mail_address.ip().to_string();
    settings.smtp_port = mail_address.port();
    settings.smtp_encryption = "none".to_owned();
    settings.smtp_from_address = "no-reply@demo.example".to_owned();
    let texts = port_of_the_demo(&settings.data_dir.join("demo-sms-port"))?;
    let texts_address = texts.local_addr()?;
    let texts_form = demo::gateway_form(texts_address.port());
    let core = open_core_with(&settings, i64::from(args.days_ahead) * 86_400, texts_form).await?;
    let mailbox = demo::Mailbox::default();
    demo::listen(mail, mailbox.clone())?;
    demo::serve_gateway(texts, mailbox.clone())?;
    demo::fill(&core).await.map_err(told)?;
    if args.ready {
        demo::make_ready(&ports(&core)).await.map_err(told)?;
    }
    let base = settings.public_url()?;
    println!("Demo of Countersign. Its accounts and its data are for trying out only.");
    for (audience, _, email, password) in demo::SAMPLES {
        let page = base.join(audience.login_path())?;
        println!("  {:<8}  {page}  {email}  {password}", audience.as_str());
    }
    println!("  mailbox   {}", base.join("demo/mailbox")?);
    println!("  text message gateway on {texts_address}");
    println!("  mail server on {mail_address}; delete {} to begin anew", settings.data_dir.display());
    let sheet = config::stylesheet(&config::leptos_options()?);
    let routes = demo::routes(mailbox, core.brand.clone(), &sheet);
    listen(&settings, &core, routes).await
}

/// A port of the demo: any free one at first, and the same one afterwards, because providers remember it.
fn port_of_the_demo(file: &Path) -> Outcome<TcpListener> {
    let known = fs::read_to_string(file).ok().and_then(|text| text.trim().parse::<u16>().ok());
    let listener = TcpListener::bind(("127.0.0.1", known.unwrap_or(0)))
        .map_err(|error| format!("the demo's port {} is in use: {error}", known.unwrap_or(0)))?;
    fs::write(file, listener.local_addr()?.port().to_string())?;
    Ok(listener)
}

async fn listen(settings: &Settings, core: &Arc<Core>, extra: Router) -> Outcome {
    let leptos = config::leptos_options()?;
    let address = leptos.site_addr;
    let site = Arc::new(Site {
        core: core.clone(),
        ports: ports(core),
        leptos,
        proxies: settings.proxies(),
        secure: settings.public_url()?.scheme() == "https",
    });
    let app = router(&site, extra).into_make_service_with_connect_info::<SocketAddr>();
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| format!("the address {address} cannot be served: {error}"))?;
    println!("Listening on http://{address}");
    let (stopping, stopped) = watch::channel(false);
    let outbox = tokio::spawn(delivery::worker::run(core.clone(), until(stopped.clone())));
    tokio::spawn(dashboard::service::run(core.clone()));
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        wait_for_signal().await;
        let _ = stopping.send(true);
    });
    let all = async { tokio::join!(server.into_future(), outbox).0 };
    tokio::select! {
        done = all => done?,
        () = async { until(stopped).await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("some requests or messages did not end in time");
        }
    }
    Ok(())
}

/// Waits until the server is told to stop.
async fn until(mut stopped: watch::Receiver<bool>) {
    // It also stops when its sender is gone.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn wait_for_signal() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

async fn run_account(settings: &Settings, command: AccountCommand) -> Outcome {
    match command {
        AccountCommand::Create { audience, email, name, password_stdin } => {
            let password = if password_stdin {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text.trim_end_matches(['\r', '\n']).to_owned()
            } else {
                rpassword::prompt_password("Password: ")?
            };
            let core = open_core(settings, 0).await?;
            let new = NewAccount { audience, email: &email, name: &name, password: &password };
            create(&core, Actor::CommandLine, &new).await.map_err(told)?;
            println!("The account {email} was created.");
        }
        AccountCommand::Reset2fa(who) => {
            let core = open_core(settings, 0).await?;
            for account in accounts_of(&core, &who).await? {
                let removed = reset(&core, Actor::CommandLine, &account).await.map_err(told)?;
                println!("{} {}: {removed} entries removed, counter opened.", account.audience, account.email);
            }
        }
        AccountCommand::Unlock(who) => {
            let core = open_core(settings, 0).await?;
            for account in accounts_of(&core, &who).await? {
                let open = unlock(&core, Actor::CommandLine, &account).await.map_err(told)?;
                let rest = if open { "" } else { " The second factor stays switched off: use reset-2fa." };
                println!("{} {}: unlocked.{rest}", account.audience, account.email);
            }
        }
        AccountCommand::Disable(who) => {
            let core = open_core(settings, 0).await?;
            for account in accounts_of(&core, &who).await? {
                disable(&core, Actor::CommandLine, &account).await.map_err(told)?;
                println!("{} {}: disabled.", account.audience, account.email);
            }
        }
    }
    Ok(())
}

/// The accounts with an address, in both audiences.
async fn accounts_of(core: &Core, who: &Who) -> Outcome<Vec<server::entity::account::Model>> {
    let key = account::service::email_key(&who.email);
    let mut accounts = Vec::new();
    for audience in Audience::ALL {
        accounts.extend(account::store::by_email(&core.db, audience, &key).await?);
    }
    if accounts.is_empty() { Err(format!("there is no account {}", who.email).into()) } else { Ok(accounts) }
}

/// An error in words, by field where it has fields.
fn told(error: AppError) -> Box<dyn Error> {
    match &error {
        AppError::Invalid { fields, .. } => {
            let words = fields.iter().map(|f| format!("{}: {}", f.field, app::ui::words::problem(&f.problem)));
            words.collect::<Vec<_>>().join(" ").into()
        }
        _ => app::ui::words::error(&error).into(),
    }
}
