//! `countersign demo`: the server with sample accounts, a mail server of its own on loopback and a mailbox page.

use super::{
    Outcome, message_of, open_core_with, prepare_folder,
    serve::{Place, listen},
};
use app::site_files;
use clap::Args;
use server::{demo, platform::config::Settings};
use std::{fs, net::TcpListener, path::Path};

#[derive(Args)]
pub struct DemoArgs {
    /// Start with the mail service registered, offered and allowed.
    #[arg(long)]
    ready: bool,
    /// Move the server's clock ahead, to see what expires.
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    days_ahead: u16,
}

/// Runs the demo.
pub async fn run(mut settings: Settings, args: &DemoArgs) -> Outcome {
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
    let place = Place::take().await?;
    let mailbox = demo::Mailbox::default();
    demo::listen(mail, mailbox.clone())?;
    demo::serve_gateway(texts, mailbox.clone())?;
    demo::fill(&core).await.map_err(message_of)?;
    if args.ready {
        demo::make_ready(&core).await.map_err(message_of)?;
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
    let sheet = site_files::address(place.site(), "css");
    let routes = demo::routes(mailbox, core.clone(), &sheet);
    listen(&settings, &core, place, routes).await
}

/// A port of the demo: any free one at first, and the same one afterwards, because providers remember it.
fn port_of_the_demo(file: &Path) -> Outcome<TcpListener> {
    let known = fs::read_to_string(file).ok().and_then(|text| text.trim().parse::<u16>().ok());
    let listener = TcpListener::bind(("127.0.0.1", known.unwrap_or(0)))
        .map_err(|error| format!("the demo's port {} is in use: {error}", known.unwrap_or(0)))?;
    fs::write(file, listener.local_addr()?.port().to_string())?;
    Ok(listener)
}
