//! `countersign provider`: registers service providers, by the rules of the pages.

use super::{Outcome, open_core, secret_from_stdin};
use app::{
    error::{AppError, Problem},
    services::{
        port::ServicesPort,
        sign_in::SignIn,
        sms::{SmsForm, Vendor},
        types::{Channel, SmtpForm},
    },
    ui::messages,
};
use clap::{Args, Subcommand};
use server::{
    audit::Actor,
    core::Core,
    platform::{config::Settings, database},
    secondary_auth, services,
};
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

#[derive(Subcommand)]
pub enum ProviderCommand {
    /// Register a service provider.
    #[command(subcommand)]
    Add(AddCommand),
}

#[derive(Subcommand)]
pub enum AddCommand {
    /// A mail server, for codes by email.
    Smtp(Box<SmtpArgs>),
    /// Text messages through Twilio, an HTTP gateway or a message centre that speaks SMPP.
    Sms(Box<SmsArgs>),
    /// Codes that an authenticator app makes.
    Authenticator(Common),
    /// Passkeys.
    Passkey(Common),
}

#[derive(Args)]
pub struct Common {
    /// The title in lists.
    #[arg(long)]
    title: String,
    /// Offer it as a secondary authentication too, under this title.
    #[arg(long, value_name = "TITLE")]
    offer: Option<String>,
}

/// What is left out has the value that the form would start with.
#[derive(Args)]
pub struct SmtpArgs {
    #[command(flatten)]
    common: Common,
    /// Host name or IP address.
    #[arg(long)]
    host: Option<String>,
    /// TCP port.
    #[arg(long)]
    port: Option<String>,
    /// none, starttls or tls.
    #[arg(long)]
    encryption: Option<String>,
    /// User name, where the server asks for one.
    #[arg(long)]
    user_name: Option<String>,
    /// The sender's address.
    #[arg(long)]
    from_address: Option<String>,
    /// The sender's name.
    #[arg(long)]
    from_name: Option<String>,
    /// Where answers go, if not to the sender.
    #[arg(long, default_value = "")]
    reply_to: String,
    /// Who the server says it is in EHLO; the host of the public address where it is left out.
    #[arg(long, default_value = "")]
    ehlo_name: String,
    /// A file of certificates in PEM that are trusted beside those of the system.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// password, microsoft, microsoft_app or google.
    #[arg(long, default_value = "password")]
    sign_in: String,
    /// The application's id, for Microsoft 365 and Google.
    #[arg(long, default_value = "")]
    client_id: String,
    /// Microsoft's directory, by id or name.
    #[arg(long, default_value = "")]
    tenant: String,
    /// Where access tokens are fetched, if not at Microsoft's or Google's own address.
    #[arg(long, default_value = "")]
    token_url: String,
    /// Read the password from standard input; for Microsoft 365 and Google a line with the client secret, and then one
    /// with the refresh token.
    #[arg(long)]
    secret_stdin: bool,
}

/// Each vendor uses some of them; what is left out has the value that the form would start with.
#[derive(Args)]
pub struct SmsArgs {
    #[command(flatten)]
    common: Common,
    /// twilio, gateway or smpp.
    #[arg(long, value_parser = vendor)]
    vendor: Vendor,
    /// The address of the gateway, or of Twilio's interface.
    #[arg(long)]
    url: Option<String>,
    /// The gateway's HTTP method.
    #[arg(long)]
    method: Option<String>,
    /// The gateway's headers, one a line.
    #[arg(long)]
    headers: Option<String>,
    /// The gateway's body.
    #[arg(long)]
    body: Option<String>,
    /// What the gateway's answer has to contain.
    #[arg(long)]
    success: Option<String>,
    /// The message centre's host name or IP address.
    #[arg(long)]
    host: Option<String>,
    /// Its TCP port.
    #[arg(long)]
    port: Option<String>,
    /// `on` where its connection is encrypted.
    #[arg(long)]
    tls: Option<String>,
    /// gsm7 or latin1.
    #[arg(long)]
    alphabet: Option<String>,
    /// The account's SID or the system id.
    #[arg(long)]
    account: Option<String>,
    /// The SID of an API key.
    #[arg(long)]
    api_key: Option<String>,
    /// Who the messages come from.
    #[arg(long)]
    sender: Option<String>,
    /// Two letters of each country that messages go to, with commas.
    #[arg(long)]
    countries: Option<String>,
    /// The most messages of a day.
    #[arg(long)]
    daily: Option<String>,
    /// Read the secret from standard input.
    #[arg(long)]
    secret_stdin: bool,
}

fn vendor(text: &str) -> Result<Vendor, String> {
    text.parse().map_err(|()| format!("it is one of {}", Vendor::ALL.map(Vendor::as_str).join(", ")))
}

/// Runs one of them.
pub async fn run(settings: &Settings, command: ProviderCommand) -> Outcome {
    let ProviderCommand::Add(command) = command;
    match command {
        AddCommand::Smtp(args) => {
            let secret = if args.secret_stdin { secret_from_stdin()? } else { String::new() };
            let ca = args.ca_file.as_deref().map_or_else(|| Ok(String::new()), read_ca)?;
            let core = open_core(settings, 0).await?;
            let form = args.form(&core, &secret, ca);
            add(&core, &args.common, New::Smtp(&form)).await
        }
        AddCommand::Sms(args) => {
            let secret = if args.secret_stdin { secret_from_stdin()? } else { String::new() };
            let core = open_core(settings, 0).await?;
            let start = services::service::Services(core.clone()).new_sms(args.vendor).await.map_err(named)?.form;
            add(&core, &args.common, New::Sms(&args.form(start, secret))).await
        }
        AddCommand::Authenticator(common) => add_plain(settings, &common, Channel::Authenticator).await,
        AddCommand::Passkey(common) => add_plain(settings, &common, Channel::Passkey).await,
    }
}

async fn add_plain(settings: &Settings, common: &Common, kind: Channel) -> Outcome {
    add(&*open_core(settings, 0).await?, common, New::Plain(kind)).await
}

enum New<'a> {
    Smtp(&'a SmtpForm),
    Sms(&'a SmsForm),
    Plain(Channel),
}

/// Adds a provider, and where wanted its secondary authentication: both or nothing.
async fn add(core: &Core, common: &Common, new: New<'_>) -> Outcome {
    let transaction = database::begin_alone(&core.db).await.map_err(AppError::from).map_err(named)?;
    if let Some(title) = &common.offer {
        // Asked first, so that the log does not tell what is taken back.
        let there =
            secondary_auth::store::by_title(&transaction, title.trim()).await.map_err(AppError::from).map_err(named)?;
        if there.is_some() {
            return Err(flagged(AppError::field("title", Problem::Taken), |_| "offer".to_owned()));
        }
    }
    let added = match new {
        New::Smtp(form) => services::smtp::put_smtp(&transaction, core, Actor::CommandLine, None, form).await,
        New::Sms(form) => services::sms::put_sms(&transaction, core, Actor::CommandLine, None, form).await,
        New::Plain(kind) => {
            services::service::put_plain(&transaction, core, Actor::CommandLine, None, kind, &common.title).await
        }
    };
    let id = added.map_err(named)?.to_string();
    if let Some(title) = &common.offer {
        secondary_auth::service::put(&transaction, core, Actor::CommandLine, None, &id, title, None)
            .await
            .map_err(|error| flagged(error, |_| "offer".to_owned()))?;
    }
    database::commit(transaction).await.map_err(AppError::from).map_err(named)?;
    println!("The service provider {} was added.", common.title.trim());
    if let Some(title) = &common.offer {
        println!("It is offered as {}.", title.trim());
    }
    Ok(())
}

fn read_ca(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("--ca-file: {} cannot be read: {error}", path.display()))
}

impl SmtpArgs {
    fn form(&self, core: &Core, secret: &str, ca: String) -> SmtpForm {
        let by_token = self.sign_in.parse::<SignIn>().is_ok_and(SignIn::by_token);
        let (client_secret, refresh_token) = secret.split_once('\n').unwrap_or((secret, ""));
        let only =
            |used: bool, secret: &str| if used { secret.trim_end_matches('\r').to_owned() } else { String::new() };
        let given = |value: &Option<String>, default: &String| value.clone().unwrap_or_else(|| default.clone());
        let defaults = &core.smtp_defaults;
        SmtpForm {
            title: self.common.title.clone(),
            host: given(&self.host, &defaults.host),
            port: given(&self.port, &defaults.port),
            encryption: given(&self.encryption, &defaults.encryption),
            user_name: given(&self.user_name, &defaults.user_name),
            password: only(!by_token, secret),
            from_address: given(&self.from_address, &defaults.from_address),
            from_name: given(&self.from_name, &core.brand.name()),
            reply_to: self.reply_to.clone(),
            ehlo_name: self.ehlo_name.clone(),
            ca,
            sign_in: self.sign_in.clone(),
            client_id: self.client_id.clone(),
            tenant: self.tenant.clone(),
            token_url: self.token_url.clone(),
            client_secret: only(by_token, client_secret),
            refresh_token: only(by_token, refresh_token),
        }
    }
}

impl SmsArgs {
    fn form(&self, start: SmsForm, secret: String) -> SmsForm {
        let given = |value: &Option<String>, default: String| value.clone().unwrap_or(default);
        SmsForm {
            title: self.common.title.clone(),
            vendor: start.vendor,
            url: given(&self.url, start.url),
            method: given(&self.method, start.method),
            headers: given(&self.headers, start.headers),
            body: given(&self.body, start.body),
            success: given(&self.success, start.success),
            host: given(&self.host, start.host),
            port: given(&self.port, start.port),
            tls: given(&self.tls, start.tls),
            alphabet: given(&self.alphabet, start.alphabet),
            account: given(&self.account, start.account),
            api_key: given(&self.api_key, start.api_key),
            sender: given(&self.sender, start.sender),
            secret,
            countries: given(&self.countries, start.countries),
            daily: given(&self.daily, start.daily),
            test_to: String::new(),
        }
    }
}

/// A form's error with the names of the options.
fn named(error: AppError) -> Box<dyn Error> {
    flagged(error, |field| match field {
        "password" | "secret" | "client_secret" | "refresh_token" => "secret-stdin".to_owned(),
        "ca" => "ca-file".to_owned(),
        field => field.replace('_', "-"),
    })
}

fn flagged(error: AppError, option: impl Fn(&str) -> String) -> Box<dyn Error> {
    match &error {
        AppError::Invalid { fields, .. } => {
            let all = fields.iter().map(|f| format!("--{}: {}", option(&f.field), messages::problem(&f.problem)));
            all.collect::<Vec<_>>().join(" ").into()
        }
        _ => messages::error(&error).into(),
    }
}
