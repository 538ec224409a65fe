//! A fixture for tests of rules: a clock that is moved, mail that is kept, and a database of its own.
//!
//! Every test of this crate that touches storage runs on in-memory SQLite and on PostgreSQL (see [`on_every_database`]).

mod authenticator;
pub mod authority;
mod databases;
mod forms;
pub mod issuer;
mod passkeys;
mod people;
pub mod smtp;
pub mod soft_key;
mod statements;

pub use databases::{on_every_database, sqlite};
pub use forms::{smtp_form, twilio_form};
pub use statements::watch_statements;

use crate::{
    core::{Core, Outbox},
    platform::{
        brand::Brand,
        clock::{Clock, ManualClock},
        database,
        passwords::Passwords,
        reach::Reach,
        template::Templates,
        vault::Vault,
    },
    providers::{memory::MemorySender, sms::memory::MemoryTexts, smtp::token::Tokens},
};
use app::{
    account::port::AccountPort,
    approvals::port::ApprovalsPort,
    audit::port::AuditPort,
    brand::port::BrandPort,
    caller::{KnownBrowser, Origin, Session},
    challenge::port::ChallengePort,
    configuration::{port::ConfigurationPort, types::Setting},
    dashboard::port::DashboardPort,
    delivery::port::DeliveryPort,
    devices::port::DevicesPort,
    enrollment::port::EnrollmentPort,
    error::{AppError, Refusal},
    invitation::port::InvitationPort,
    language::types::Language,
    login::{port::LoginPort, types::Audience},
    message_templates::port::MessageTemplatesPort,
    not_me::port::NotMePort,
    password::port::PasswordPort,
    policy::port::PolicyPort,
    recovery::port::RecoveryPort,
    registration::port::RegistrationPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, sms::SmsForm, types::Channel},
    sessions::port::SessionsPort,
    step_up::port::StepUpPort,
    users::port::UsersPort,
};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
};
use url::Url;
use uuid::Uuid;

/// The customers' password in tests.
pub const PASSWORD: &str = "copper-meadow-violin";
/// When the tests' clock starts: 2026-01-01 00:00 UTC.
pub const START: i64 = 1_767_225_600;

/// Everything that runs, on one database.
pub struct Fixture {
    pub core: Arc<Core>,
    pub clock: ManualClock,
    pub mail: Arc<MemorySender>,
    pub texts: Arc<MemoryTexts>,
    pub origin: Origin,
}

/// Pages of tests wait for their messages, unless a test is about that.
fn patient() -> Outbox {
    let mut outbox = Outbox::default();
    outbox.page = outbox.slow;
    outbox.scripted_page = outbox.slow;
    outbox
}

/// A way to each service, as tests of all rooms call them.
macro_rules! services {
    ($($name:ident: $($service:ident)::+ as $port:ident,)*) => {
        impl Fixture {
            $(pub fn $name(&self) -> impl $port + use<> {
                crate::$($service)::+(self.core.clone())
            })*
        }
    };
}

services! {
    challenge: challenge::ask::Challenges as ChallengePort,
    login: login::service::Login as LoginPort,
    enrollment: enrollment::service::Enrollments as EnrollmentPort,
    devices: devices::service::Devices as DevicesPort,
    sessions: sessions::service::Sessions as SessionsPort,
    step_up: step_up::service::StepUps as StepUpPort,
    recovery: recovery::service::Recoveries as RecoveryPort,
    services: services::service::Services as ServicesPort,
    secondary_auth: secondary_auth::service::SecondaryAuths as SecondaryAuthPort,
    policy: policy::service::Policies as PolicyPort,
    password: password::service::ForgottenPasswords as PasswordPort,
    message_templates: message_templates::service::MessageTemplates as MessageTemplatesPort,
    branding: brand::service::Branding as BrandPort,
    not_me: not_me::service::NotMes as NotMePort,
    registration: registration::service::Registrations as RegistrationPort,
    account: account::service::Accounts as AccountPort,
    configuration: configuration::service::Configurations as ConfigurationPort,
    users: users::service::Users as UsersPort,
    invitation: invitation::service::Invitations as InvitationPort,
    approvals: approvals::service::Approvals as ApprovalsPort,
    audit: audit::service::Audit as AuditPort,
    delivery: delivery::service::Deliveries as DeliveryPort,
    dashboard: dashboard::service::Dashboards as DashboardPort,
}

impl Fixture {
    /// A fixture on SQLite that people reach at an address.
    pub async fn at(public_url: &str) -> Self {
        Self::build_at("sqlite::memory:", public_url).await
    }

    async fn build(url: &str) -> Self {
        Self::build_at(url, "https://id.example.org").await
    }

    async fn build_at(url: &str, public_url: &str) -> Self {
        let origin = Origin {
            address: IpAddr::from([192, 0, 2, 1]),
            user_agent: "test".to_owned(),
            known: KnownBrowser::default(),
            language: Language::default(),
            scripted: false,
        };
        let db = database::open(url).await.expect("a database");
        let public_url = public_url.parse().expect("an address");
        Self::server(db, public_url, ManualClock::at(START), Passwords::with_cost(8, 1), origin)
    }

    /// Another server on the same database, as beside it or after a restart: it shares the key and the time, and keeps
    /// its own mail.
    pub fn another_server(&self, passwords: Passwords) -> Self {
        let Core { db, public_url, .. } = &*self.core;
        Self::server((**db).clone(), public_url.clone(), self.clock.clone(), passwords, self.origin.clone())
    }

    /// A server on another database, such as a restored one. It shares key and time.
    pub fn beside(&self, db: DatabaseConnection) -> Self {
        let passwords = Passwords::with_cost(8, 1);
        Self::server(db, self.core.public_url.clone(), self.clock.clone(), passwords, self.origin.clone())
    }

    fn server(
        db: DatabaseConnection,
        public_url: Url,
        clock: ManualClock,
        passwords: Passwords,
        origin: Origin,
    ) -> Self {
        let mail = Arc::new(MemorySender::default());
        let texts = Arc::new(MemoryTexts::default());
        let core = Core {
            db: db.into(),
            clock: Arc::new(clock.clone()),
            vault: Vault::new(1, &[1; 32]),
            passwords,
            mail: mail.clone(),
            tokens: Tokens::new(Reach::default()),
            sms: texts.clone(),
            brand: Brand::named("Configio"),
            public_url,
            outbox: patient(),
            templates: Templates::default(),
            reach: Reach::default(),
            past_set_up: Mutex::default(),
            smtp_defaults: smtp_form(),
            sms_defaults: SmsForm::default(),
        };
        Self { core: Arc::new(core), clock, mail, texts, origin }
    }

    /// Gives a setting a value, without asking whether it may have it.
    pub async fn set(&self, setting: Setting, value: u32) {
        let row = crate::entity::configuration::Model {
            key: setting.key().to_owned(),
            value: value.to_string(),
            changed_by: "test".to_owned(),
            changed_at: self.now(),
        };
        crate::rules::store::put(&self.core.db, row).await.expect("stored");
    }

    /// The events of an action, as "subject: details".
    pub async fn events(&self, action: app::audit::types::Action) -> Vec<String> {
        use crate::entity::audit_event::{Column, Entity};
        let events = Entity::find().filter(Column::Action.eq(action.as_str())).order_by_asc(Column::Id);
        let events = events.all(&self.core.db).await.expect("the database answers");
        events
            .into_iter()
            .map(|event| format!("{}: {}", event.subject.unwrap_or_default(), event.details.unwrap_or_default()))
            .collect()
    }

    /// Registers, offers and allows text messages to British numbers. Answers the secondary auth's id.
    pub async fn offer_texts(&self) -> Uuid {
        let admin = self.admin();
        self.services().save_sms(&admin, None, &twilio_form()).await.expect("a service");
        let services = self.services().list().await.expect("services");
        let service = services.iter().find(|service| service.kind == Channel::Sms).expect("the service").id;
        self.secondary_auth().save(&admin, None, &service.to_string(), "Text", &[]).await.expect("a secondary auth");
        for audience in Audience::ALL {
            self.policy().set_allowed(&admin, audience, true).await.expect("a policy");
        }
        let auths = self.secondary_auth().list().await.expect("secondary auths");
        auths.iter().find(|auth| auth.title == "Text").expect("the secondary auth").id
    }

    /// The last code that was sent by text message.
    pub fn text_code(&self) -> String {
        let text = self.texts.kept().pop().expect("a message").text;
        text.rsplit('#').next().expect("a code").to_owned()
    }

    /// Registers, offers and allows mail. Answers the secondary auth's id.
    pub async fn offer_mail(&self) -> Uuid {
        let admin = self.admin();
        self.services().save_smtp(&admin, None, &smtp_form()).await.expect("a service");
        let service = self.services().list().await.expect("services")[0].id;
        self.secondary_auth().save(&admin, None, &service.to_string(), "Email", &[]).await.expect("a secondary auth");
        for audience in Audience::ALL {
            self.policy().set_allowed(&admin, audience, true).await.expect("a policy");
        }
        self.secondary_auth().list().await.expect("secondary auths")[0].id
    }

    /// Sends what is in the outbox and tells the recipients of all mail so far, with what it says.
    pub async fn mail_so_far(&self) -> Vec<(String, String)> {
        crate::outbox::service::send_due(&self.core).await.expect("the outbox is read");
        self.mail.kept().into_iter().map(|mail| (mail.to, mail.text)).collect()
    }

    /// The last code that was sent.
    pub fn code(&self) -> String {
        let kept = self.mail.kept();
        let text = &kept.last().expect("a message").text;
        text.lines()
            .map(str::trim)
            .find(|l| l.len() == 6 && l.bytes().all(|b| b.is_ascii_digit()))
            .expect("a code")
            .to_owned()
    }

    /// The reference of the last code that was sent.
    pub fn reference(&self) -> String {
        let kept = self.mail.kept();
        let text = &kept.last().expect("a message").text;
        text.lines().find_map(|l| l.strip_prefix("Reference: ")).expect("a reference").to_owned()
    }

    /// A code that is certainly not the last one.
    pub fn wrong_code(&self) -> String {
        let right: u32 = self.code().parse().expect("digits");
        format!("{:06}", (right + 1) % 1_000_000)
    }

    /// Seconds since the start, for messages.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}

/// The reason of a refusal.
pub fn reason<T>(result: Result<T, AppError>) -> Refusal {
    match result {
        Err(AppError::Refused { reason, .. }) => reason,
        Err(other) => panic!("another error: {other:?}"),
        Ok(_) => panic!("it was accepted"),
    }
}

/// The same session, with a request from another address.
pub fn from(session: Session, origin: Origin) -> Session {
    Session { origin, ..session }
}
