//! A house for tests of rules: a clock that is moved, mail that is kept, and a database of its own.
//!
//! Every test of this crate that touches storage runs on in-memory SQLite, and where `TEST_POSTGRES_URL` is set, on
//! PostgreSQL too (see [`on_every_database`]).

use crate::{
    account::service::{Accounts, NewAccount, create},
    audit::{Actor, service::Audit},
    clock::{Clock, ManualClock},
    core::Core,
    dashboard::service::Dashboards,
    database,
    enrollment::service::Enrollments,
    login::service::{Login, session_of},
    passwords::Passwords,
    policy::service::Policies,
    providers::memory::MemorySender,
    secondary_auth::service::SecondaryAuths,
    services::service::Services,
    vault::Vault,
};
use app::{
    account::port::AccountPort,
    audit::port::AuditPort,
    caller::{Origin, Session},
    dashboard::port::DashboardPort,
    enrollment::port::EnrollmentPort,
    error::{AppError, Refusal},
    login::{
        port::{LoggedIn, LoginPort, Verified},
        types::Audience,
    },
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::SmtpForm},
};
use sea_orm::{ConnectionTrait, Database};
use std::{net::IpAddr, sync::Arc};
use tokio::sync::Notify;
use uuid::Uuid;

/// The customers' password in tests.
pub const PASSWORD: &str = "copper-meadow-violin";
/// When the tests' clock starts: 2026-01-01 00:00 UTC.
pub const START: i64 = 1_767_225_600;

/// Everything that runs, on one database.
pub struct House {
    pub core: Arc<Core>,
    pub clock: ManualClock,
    pub mail: Arc<MemorySender>,
    pub origin: Origin,
}

/// Runs a test on SQLite, and on PostgreSQL where there is one.
pub async fn on_every_database<F: Future<Output = ()>>(test: impl Fn(House) -> F) {
    test(House::build("sqlite::memory:").await).await;
    match std::env::var("TEST_POSTGRES_URL") {
        Ok(url) => {
            // A schema of its own for every test, so that they run side by side.
            let name = format!("t{}", Uuid::now_v7().simple());
            let server = Database::connect(&url).await.expect("PostgreSQL answers");
            server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
            let (base, _) = url.rsplit_once('/').expect("an address with a database");
            test(House::build(&format!("{base}/{name}")).await).await;
        }
        // The test command always sets it; without it this is somebody's quick loop.
        Err(_) => eprintln!("TEST_POSTGRES_URL is not set: SQLite only"),
    }
}

/// A house on SQLite alone, for tests of what does not depend on the database.
pub async fn sqlite() -> House {
    House::build("sqlite::memory:").await
}

impl House {
    /// A house on SQLite that people reach at an address.
    pub async fn at(public_url: &str) -> Self {
        Self::build_at("sqlite::memory:", public_url).await
    }

    async fn build(url: &str) -> Self {
        Self::build_at(url, "https://id.example.org").await
    }

    async fn build_at(url: &str, public_url: &str) -> Self {
        let clock = ManualClock::at(START);
        let mail = Arc::new(MemorySender::default());
        let core = Core {
            db: database::open(url).await.expect("a database"),
            clock: Arc::new(clock.clone()),
            vault: Vault::new("1", &[1; 32]),
            passwords: Passwords::with_cost(8, 1),
            mail: mail.clone(),
            brand: "Configio".into(),
            public_url: public_url.parse().expect("an address"),
            outbox: Notify::new(),
            smtp_defaults: smtp_form(),
        };
        let origin = Origin { address: IpAddr::from([192, 0, 2, 1]), user_agent: "test".to_owned() };
        Self { core: Arc::new(core), clock, mail, origin }
    }

    /// Another server on the same database, as beside it or after a restart: it shares the key and the time, and keeps
    /// its own mail.
    pub fn another_server(&self, passwords: Passwords) -> Self {
        let mail = Arc::new(MemorySender::default());
        let core = Core {
            db: self.core.db.clone(),
            clock: Arc::new(self.clock.clone()),
            vault: Vault::new("1", &[1; 32]),
            passwords,
            mail: mail.clone(),
            brand: self.core.brand.clone(),
            public_url: self.core.public_url.clone(),
            outbox: Notify::new(),
            smtp_defaults: smtp_form(),
        };
        Self { core: Arc::new(core), clock: self.clock.clone(), mail, origin: self.origin.clone() }
    }

    pub fn login(&self) -> impl LoginPort + use<> {
        Login(self.core.clone())
    }

    pub fn enrollment(&self) -> impl EnrollmentPort + use<> {
        Enrollments(self.core.clone())
    }

    pub fn services(&self) -> impl ServicesPort + use<> {
        Services(self.core.clone())
    }

    pub fn secondary_auth(&self) -> impl SecondaryAuthPort + use<> {
        SecondaryAuths(self.core.clone())
    }

    pub fn policy(&self) -> impl PolicyPort + use<> {
        Policies(self.core.clone())
    }

    pub fn account(&self) -> impl AccountPort + use<> {
        Accounts(self.core.clone())
    }

    pub fn audit(&self) -> impl AuditPort + use<> {
        Audit(self.core.clone())
    }

    pub fn dashboard(&self) -> impl DashboardPort + use<> {
        Dashboards(self.core.clone())
    }

    /// A customer.
    pub async fn customer(&self, email: &str) -> Uuid {
        let new = NewAccount { audience: Audience::Customer, email, name: "Carla", password: PASSWORD };
        create(&self.core, Actor::Server, &new).await.expect("a customer")
    }

    /// The stored account.
    pub async fn account_row(&self, id: Uuid) -> crate::entity::account::Model {
        crate::account::store::by_id(&self.core.db, id).await.expect("answers").expect("an account")
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
            stepped_up: true,
            grace_days_left: None,
            origin: self.origin.clone(),
        }
    }

    /// Registers, offers and allows mail. Answers the secondary auth's id.
    pub async fn offer_mail(&self) -> Uuid {
        let admin = self.admin();
        self.services().save_smtp(&admin, None, &smtp_form()).await.expect("a service");
        let service = self.services().list().await.expect("services")[0].id;
        self.secondary_auth().save(&admin, None, &service.to_string(), "Email").await.expect("a secondary auth");
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

    /// A customer with a proved entry, in a house where mail is offered.
    pub async fn enrolled_customer(&self, email: &str) -> Uuid {
        self.offer_mail().await;
        self.another_enrolled_customer(email).await
    }

    /// One more of them.
    pub async fn another_enrolled_customer(&self, email: &str) -> Uuid {
        let method = self.secondary_auth().list().await.expect("secondary auths")[0].id;
        let id = self.customer(email).await;
        let session = self.password_session(email).await;
        self.enrollment().send_code(&self.origin, &session, method, email).await.expect("a code is sent");
        self.enrollment().verify(&self.origin, &session, &self.code()).await.expect("the code is right");
        id
    }

    /// An administrator with an entry, without going through the enrollment, in a house where mail is offered.
    pub async fn enrolled_admin(&self, email: &str) -> Uuid {
        let new = NewAccount { audience: Audience::Admin, email, name: "Ada", password: PASSWORD };
        let id = create(&self.core, Actor::Server, &new).await.expect("an administrator");
        let entry = crate::entity::enrollment::Model {
            id: Uuid::now_v7(),
            account_id: id,
            secondary_auth_id: self.secondary_auth().list().await.expect("secondary auths")[0].id,
            destination: email.to_owned(),
            added_at: self.now(),
            last_used_at: None,
            preferred: false,
        };
        crate::enrollment::store::put(&self.core.db, entry).await.expect("an entry");
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
        self.login().verify(&self.origin, session, code, false).await
    }

    /// Seconds since the start, for messages.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}

/// A complete SMTP form.
pub fn smtp_form() -> SmtpForm {
    SmtpForm {
        title: "SMTP".to_owned(),
        host: "mail.example.org".to_owned(),
        port: "587".to_owned(),
        encryption: "starttls".to_owned(),
        user_name: "relay".to_owned(),
        password: "s3cret-relay".to_owned(),
        from_address: "no-reply@example.org".to_owned(),
        from_name: "Configio".to_owned(),
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
