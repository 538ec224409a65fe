//! A server's insides without its HTTP, for the programs that measure them.
#![allow(dead_code, reason = "each program uses a part of it")]

use app::{
    caller::{KnownBrowser, Origin, Session, Stage},
    configuration::rules::Rules,
    error::AppError,
    language::types::Language,
    login::types::Audience,
    services::{sms::SmsForm, types::SmtpForm},
    ui::messages,
};
use sea_orm::DatabaseConnection;
use server::{
    account::service::{NewAccount, create},
    audit::Actor,
    core::{Core, Outbox},
    entity::enrollment,
    entries,
    platform::{brand::Brand, clock::Clock, passwords::Passwords, reach::Reach, vault::Vault},
    providers::{MailSender, sms::Vendors, smtp::token::Tokens},
};
use std::{
    error::Error,
    net::IpAddr,
    sync::{Arc, Mutex},
};
use uuid::Uuid;

/// The password of everybody that is made here.
pub const PASSWORD: &str = "copper-meadow-violin";

/// An error in words.
pub fn words(error: AppError) -> String {
    messages::error(&error)
}

/// All that services need, as when it serves, but for passwords, whose hashes cost nothing here.
pub fn core(
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    mail: Arc<dyn MailSender>,
) -> Result<Arc<Core>, Box<dyn Error>> {
    Ok(Arc::new(Core {
        db: db.into(),
        clock,
        vault: Vault::new(1, &[1; 32]),
        passwords: Passwords::with_cost(8, 1),
        mail,
        tokens: Tokens::new(Reach::default()),
        sms: Arc::new(Vendors::new(Reach::default())),
        brand: Brand::named("Configio"),
        public_url: "https://id.example.org".parse()?,
        outbox: Outbox::default(),
        templates: Default::default(),
        reach: Reach::default(),
        past_set_up: Mutex::default(),
        smtp_defaults: SmtpForm::default(),
        sms_defaults: SmsForm::default(),
    }))
}

/// A customer with this number, and, where an offer is named, an entry by it.
pub async fn customer(core: &Arc<Core>, number: usize, offer: Option<Uuid>) -> Result<String, Box<dyn Error>> {
    let email = format!("person{number}@example.org");
    let new = NewAccount { audience: Audience::Customer, email: &email, name: "Person", password: PASSWORD };
    let account_id = create(core, Actor::Server, &new).await.map_err(words)?;
    if let Some(secondary_auth_id) = offer {
        let entry = enrollment::Model {
            id: Uuid::now_v7(),
            account_id,
            secondary_auth_id,
            destination: Some(email.clone()),
            added_at: core.clock.now(),
            last_used_at: None,
            preferred: false,
            secret: None,
            last_step: None,
        };
        entries::store::put(&core.db, entry).await?;
    }
    Ok(email)
}

/// Where the customer with this number asks from: each from an address of its own.
pub fn origin(number: usize) -> Result<Origin, Box<dyn Error>> {
    Ok(Origin {
        address: IpAddr::from([10, 0, u8::try_from(number / 250)?, u8::try_from(number % 250)?]),
        user_agent: "measured".to_owned(),
        language: Language::En,
        known: KnownBrowser::default(),
        scripted: false,
    })
}

/// An administrator who is signed in.
pub fn administrator() -> Result<Session, Box<dyn Error>> {
    Ok(Session {
        id: Uuid::nil(),
        account_id: Uuid::nil(),
        audience: Audience::Admin,
        stage: Stage::SignedIn,
        name: "Ada".to_owned(),
        language: None,
        email: "ada@example.org".to_owned(),
        two_factor_allowed: true,
        has_entry: false,
        stepped_up: true,
        grace_days_left: None,
        origin: origin(0)?,
        rules: Rules::default(),
    })
}
