//! A fixture for tests of rules: a clock that is moved, mail that is kept, and a database of its own.
//!
//! Every test of this crate that touches storage runs on in-memory SQLite and on PostgreSQL (see [`on_every_database`]).

mod authenticator;
pub mod authority;
mod databases;
mod forms;
pub mod issuer;
pub mod smtp;
pub mod soft_key;
mod statements;

pub use databases::{on_every_database, sqlite};
pub use forms::{smtp_form, twilio_form};
pub use statements::watch_statements;

use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
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
    sessions::current::session_of,
};
use app::{
    account::port::AccountPort,
    approvals::port::ApprovalsPort,
    audit::port::AuditPort,
    brand::port::BrandPort,
    caller::{KnownBrowser, Origin, Session},
    challenge::port::{Answer, ChallengePort},
    configuration::{port::ConfigurationPort, rules::Rules, types::Setting},
    dashboard::port::DashboardPort,
    delivery::port::DeliveryPort,
    devices::port::DevicesPort,
    enrollment::{port::EnrollmentPort, types::Destination},
    error::{AppError, Refusal},
    invitation::port::InvitationPort,
    language::types::Language,
    login::{
        port::{LoggedIn, LoginPort, Verified},
        types::Audience,
    },
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
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::{net::IpAddr, sync::Arc};
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
        let clock = ManualClock::at(START);
        let mail = Arc::new(MemorySender::default());
        let texts = Arc::new(MemoryTexts::default());
        let core = Core {
            db: database::open(url).await.expect("a database"),
            clock: Arc::new(clock.clone()),
            vault: Vault::new(1, &[1; 32]),
            passwords: Passwords::with_cost(8, 1),
            mail: mail.clone(),
            tokens: Tokens::new(Reach::default()),
            sms: texts.clone(),
            brand: Brand::named("Configio"),
            public_url: public_url.parse().expect("an address"),
            outbox: patient(),
            templates: Templates::default(),
            reach: Reach::default(),
            smtp_defaults: smtp_form(),
            sms_defaults: SmsForm::default(),
        };
        let origin = Origin {
            address: IpAddr::from([192, 0, 2, 1]),
            user_agent: "test".to_owned(),
            known: KnownBrowser::default(),
            language: Language::default(),
        };
        Self { core: Arc::new(core), clock, mail, texts, origin }
    }

    /// Another server on the same database, as beside it or after a restart: it shares the key and the time, and keeps
    /// its own mail.
    pub fn another_server(&self, passwords: Passwords) -> Self {
        let mail = Arc::new(MemorySender::default());
        let texts = Arc::new(MemoryTexts::default());
        let core = Core {
            db: self.core.db.clone(),
            clock: Arc::new(self.clock.clone()),
            vault: Vault::new(1, &[1; 32]),
            passwords,
            mail: mail.clone(),
            tokens: Tokens::new(Reach::default()),
            sms: texts.clone(),
            brand: Brand::named("Configio"),
            public_url: self.core.public_url.clone(),
            outbox: patient(),
            templates: Templates::default(),
            reach: Reach::default(),
            smtp_defaults: smtp_form(),
            sms_defaults: SmsForm::default(),
        };
        Self { core: Arc::new(core), clock: self.clock.clone(), mail, texts, origin: self.origin.clone() }
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

    /// An administrator with an account.
    pub async fn administrator(&self, email: &str) -> Uuid {
        let new = NewAccount { audience: Audience::Admin, email, name: "Ada", password: PASSWORD };
        create(&self.core, Actor::Server, &new).await.expect("an administrator")
    }

    /// The live session of an administrator's token.
    pub async fn admin_session(&self, token: &str) -> Option<Session> {
        session_of(&self.core, Audience::Admin, token, &self.origin).await.expect("the database answers")
    }

    /// Signs an administrator in, with the password only. Tells the token and its session.
    pub async fn log_in_admin(&self, email: &str) -> (String, Session) {
        let login = self.login();
        let done = login.log_in(&self.origin, Audience::Admin, email, PASSWORD, None, None).await.expect("signs in");
        let session = self.admin_session(&done.session.secret).await.expect("a session");
        (done.session.secret, session)
    }

    /// Sends a code to a new entry's address.
    pub async fn send_code(&self, session: &Session, method: Uuid, email: &str) -> Result<(), AppError> {
        let destination = Destination { email: email.to_owned(), ..Destination::default() };
        self.enrollment().begin(session, method, &destination).await
    }

    /// Sets up mail for a signed-in account, in an installation where it is offered.
    pub async fn enroll(&self, session: &Session) {
        let method = self.secondary_auth().list().await.expect("secondary auths")[0].id;
        self.send_code(session, method, &session.email).await.expect("a code is sent");
        self.enrollment().verify(session, &self.code()).await.expect("the code is right");
    }

    /// A customer.
    pub async fn customer(&self, email: &str) -> Uuid {
        let new = NewAccount { audience: Audience::Customer, email, name: "Carla", password: PASSWORD };
        create(&self.core, Actor::Server, &new).await.expect("a customer")
    }

    /// The stored account.
    pub async fn account_row(&self, id: Uuid) -> crate::entity::account::Model {
        crate::accounts::store::by_id(&self.core.db, id).await.expect("answers").expect("an account")
    }

    /// A signed-in administrator, without going through the sign-in.
    pub fn admin(&self) -> Session {
        Session {
            id: Uuid::now_v7(),
            account_id: Uuid::now_v7(),
            audience: Audience::Admin,
            stage: app::caller::Stage::SignedIn,
            name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            language: None,
            stepped_up: true,
            grace_days_left: None,
            origin: self.origin.clone(),
            rules: Rules::default(),
        }
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

    /// Password only.
    pub async fn log_in(&self, email: &str, password: &str, trust: Option<&str>) -> Result<LoggedIn, AppError> {
        let trust = trust.map(str::to_owned);
        self.login().log_in(&self.origin, Audience::Customer, email, password, trust, None).await
    }

    /// The live session of a token.
    pub async fn session(&self, token: &str) -> Option<Session> {
        session_of(&self.core, Audience::Customer, token, &self.origin).await.expect("the database answers")
    }

    /// The session that a right password opens.
    pub async fn password_session(&self, email: &str) -> Session {
        let done = self.log_in(email, PASSWORD, None).await.expect("the password is right");
        self.session(&done.session.secret).await.expect("a session")
    }

    /// The token of a sign-in with everything that it asks for.
    pub async fn full_sign_in(&self, email: &str) -> String {
        let done = self.log_in(email, PASSWORD, None).await.expect("the password is right");
        if !done.code_needed {
            return done.session.secret;
        }
        let waiting = self.session(&done.session.secret).await.expect("a session");
        self.verify(&waiting, &self.code()).await.expect("the code is right").session.secret
    }

    /// Sends what is in the outbox and tells the recipients of all mail so far, with what it says.
    pub async fn mail_so_far(&self) -> Vec<(String, String)> {
        crate::outbox::service::send_due(&self.core).await.expect("the outbox is read");
        self.mail.kept().into_iter().map(|mail| (mail.to, mail.text)).collect()
    }

    /// A customer with a proved entry, in an installation where mail is offered.
    pub async fn enrolled_customer(&self, email: &str) -> Uuid {
        self.offer_mail().await;
        self.another_enrolled_customer(email).await
    }

    /// One more of them.
    pub async fn another_enrolled_customer(&self, email: &str) -> Uuid {
        let method = self.secondary_auth().list().await.expect("secondary auths")[0].id;
        let id = self.customer(email).await;
        let session = self.password_session(email).await;
        self.send_code(&session, method, email).await.expect("a code is sent");
        self.enrollment().verify(&session, &self.code()).await.expect("the code is right");
        id
    }

    /// An administrator with an entry, without going through the enrollment, in an installation where mail is offered.
    pub async fn enrolled_admin(&self, email: &str) -> Uuid {
        let new = NewAccount { audience: Audience::Admin, email, name: "Ada", password: PASSWORD };
        let id = create(&self.core, Actor::Server, &new).await.expect("an administrator");
        let entry = crate::entity::enrollment::Model {
            id: Uuid::now_v7(),
            account_id: id,
            secondary_auth_id: self.secondary_auth().list().await.expect("secondary auths")[0].id,
            destination: Some(email.to_owned()),
            added_at: self.now(),
            last_used_at: None,
            preferred: false,
            secret: None,
            last_step: None,
        };
        crate::entries::store::put(&self.core.db, entry).await.expect("an entry");
        id
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

    /// Enters a code at the sign-in.
    pub async fn verify(&self, session: &Session, code: &str) -> Result<Verified, AppError> {
        self.login().verify(session, Answer::Code(code), false).await
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
