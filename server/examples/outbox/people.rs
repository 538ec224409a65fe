//! The installation that is measured, and the people in it.

use app::{
    caller::{KnownBrowser, Origin, Session, Stage},
    configuration::rules::Rules,
    error::AppError,
    language::types::Language,
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, sms::SmsForm, types::SmtpForm},
    ui::messages,
};
use sea_orm::DatabaseConnection;
use server::{
    account::service::{NewAccount, create},
    audit::Actor,
    core::{Core, Outbox},
    entity::enrollment,
    entries,
    login::service::Login,
    platform::{brand::Brand, clock::ManualClock, passwords::Passwords, reach::Reach, vault::Vault},
    policy::service::Policies,
    providers::{
        sms::Vendors,
        smtp::{SmtpSender, token::Tokens},
    },
    secondary_auth::service::SecondaryAuths,
    services::service::Services,
};
use std::{error::Error, net::IpAddr, sync::Arc};
use uuid::Uuid;

const PASSWORD: &str = "copper-meadow-violin";

/// Someone whose password was right, and who waits for a code.
pub struct Person {
    /// The token of the session.
    pub token: String,
    /// Where the requests come from.
    pub origin: Origin,
}

/// An error in words.
pub fn words(error: AppError) -> String {
    messages::error(&error)
}

/// A server's insides as they are when it serves, but for passwords, which are not measured here, and the clock.
pub fn core(db: DatabaseConnection, clock: ManualClock) -> Result<Arc<Core>, Box<dyn Error>> {
    let public_url = "https://id.example.org".parse()?;
    Ok(Arc::new(Core {
        db,
        clock: Arc::new(clock),
        vault: Vault::new(1, &[1; 32]),
        passwords: Passwords::with_cost(8, 1),
        mail: Arc::new(SmtpSender::new(&public_url, Reach::default())),
        tokens: Tokens::new(Reach::default()),
        sms: Arc::new(Vendors::new(Reach::default())),
        brand: Brand::named("Configio"),
        public_url,
        outbox: Outbox::default(),
        templates: Default::default(),
        reach: Reach::default(),
        past_set_up: std::sync::Mutex::default(),
        smtp_defaults: SmtpForm::default(),
        sms_defaults: SmsForm::default(),
    }))
}

/// Offers customers codes by mail through the server at this port.
pub async fn offer(core: &Arc<Core>, port: u16) -> Result<(), Box<dyn Error>> {
    let admin = administrator();
    let form = SmtpForm {
        title: "SMTP".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: port.to_string(),
        encryption: "none".to_owned(),
        from_address: "no-reply@example.org".to_owned(),
        from_name: "Configio".to_owned(),
        ..SmtpForm::default()
    };
    let services = Services(core.clone());
    services.save_smtp(&admin, None, &form).await.map_err(words)?;
    let service = services.list().await.map_err(words)?[0].id.to_string();
    SecondaryAuths(core.clone()).save(&admin, None, &service, "Email", &[]).await.map_err(words)?;
    Policies(core.clone()).set_allowed(&admin, Audience::Customer, true).await.map_err(words)?;
    Ok(())
}

/// Makes a customer with an entry, who enters the password. A code is sent.
pub async fn sign_in(core: &Arc<Core>, number: usize) -> Result<Person, Box<dyn Error>> {
    let email = format!("person{number}@example.org");
    let new = NewAccount { audience: Audience::Customer, email: &email, name: "Person", password: PASSWORD };
    let account_id = create(core, Actor::Server, &new).await.map_err(words)?;
    let auths = SecondaryAuths(core.clone()).list().await.map_err(words)?;
    let entry = enrollment::Model {
        id: Uuid::now_v7(),
        account_id,
        secondary_auth_id: auths[0].id,
        destination: Some(email.clone()),
        added_at: core.clock.now(),
        last_used_at: None,
        preferred: false,
        secret: None,
        last_step: None,
    };
    entries::store::put(&core.db, entry).await?;
    // Each from an address of its own.
    let address = IpAddr::from([10, 0, u8::try_from(number / 250)?, u8::try_from(number % 250)?]);
    let origin = origin(address);
    let login = Login(core.clone());
    let done = login.log_in(&origin, Audience::Customer, &email, PASSWORD, None, None).await.map_err(words)?;
    Ok(Person { token: done.session.secret, origin })
}

fn origin(address: IpAddr) -> Origin {
    Origin {
        address,
        user_agent: "outbox".to_owned(),
        language: Language::En,
        known: KnownBrowser::default(),
        scripted: false,
    }
}

fn administrator() -> Session {
    Session {
        id: Uuid::nil(),
        account_id: Uuid::nil(),
        audience: Audience::Admin,
        stage: Stage::SignedIn,
        name: "Ada".to_owned(),
        language: None,
        email: "ada@example.org".to_owned(),
        stepped_up: true,
        grace_days_left: None,
        origin: origin(IpAddr::from([127, 0, 0, 1])),
        rules: Rules::default(),
    }
}
