//! Authenticator apps.

use super::{Fixture, PASSWORD};
use crate::providers::authenticator::{STEP, code_at};
use app::{
    caller::Session,
    enrollment::{port::EnrollmentPort, types::Destination},
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::Channel},
};
use data_encoding::BASE32_NOPAD;
use uuid::Uuid;

impl Fixture {
    /// Offers an authenticator app beside what is offered already. Answers the secondary auth's id.
    pub async fn offer_app(&self) -> Uuid {
        self.offer_mail().await;
        let admin = self.admin();
        self.services().save_plain(&admin, None, Channel::Authenticator, "App").await.expect("a service");
        let services = self.services().list().await.expect("lists");
        let service = services.iter().find(|service| service.kind == Channel::Authenticator).expect("the app").id;
        self.secondary_auth().save(&admin, None, &service.to_string(), "Authenticator", &[]).await.expect("offered");
        let offered = self.secondary_auth().list().await.expect("lists");
        offered.iter().find(|auth| auth.title == "Authenticator").expect("is offered").id
    }

    /// Begins an entry. Answers the seed that the page shows.
    pub async fn begin_app(&self, session: &Session, method: Uuid) -> String {
        self.enrollment().begin(session, method, &Destination::default()).await.expect("begins");
        let proving = self.enrollment().proving(session).await.expect("shows");
        assert_eq!(proving.screen.problem, None);
        proving.set_up.expect("a seed").key.replace(' ', "")
    }

    /// What the app shows so many steps from now.
    pub fn app_code(&self, seed: &str, steps: i64) -> String {
        let seed = BASE32_NOPAD.decode(seed.as_bytes()).expect("base32");
        code_at(&seed, self.now() / STEP + steps).expect("a code")
    }

    /// A customer with an authenticator app alone, in an installation that offers it. Answers the seed.
    pub async fn enrolled_with_app(&self, email: &str) -> String {
        let method = self.offer_app().await;
        self.customer(email).await;
        let session = self.log_in(email, PASSWORD, None).await.expect("signs in").session;
        let session = self.session(&session.secret).await.expect("a session");
        let seed = self.begin_app(&session, method).await;
        self.enrollment().verify(&session, &self.app_code(&seed, 0)).await.expect("proved");
        seed
    }
}
