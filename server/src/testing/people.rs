//! Accounts of tests, and how they sign in.

use super::{Fixture, PASSWORD};
use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
    sessions::current::session_of,
};
use app::{
    caller::Session,
    challenge::port::Answer,
    configuration::rules::Rules,
    enrollment::{port::EnrollmentPort, types::Destination},
    error::AppError,
    login::{
        port::{LoggedIn, LoginPort, Verified},
        types::Audience,
    },
    secondary_auth::port::SecondaryAuthPort,
};
use uuid::Uuid;

impl Fixture {
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
            two_factor_allowed: true,
            has_entry: false,
            stepped_up: true,
            grace_days_left: None,
            origin: self.origin.clone(),
            rules: Rules::default(),
        }
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

    /// Enters a code at the sign-in.
    pub async fn verify(&self, session: &Session, code: &str) -> Result<Verified, AppError> {
        self.login().verify(session, Answer::Code(code), false).await
    }
}
