//! Passkeys, with keys of software.

use super::{Fixture, PASSWORD, soft_key::SoftKey};
use app::{
    enrollment::{port::EnrollmentPort, types::Destination},
    login::types::Audience,
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::Channel},
};
use uuid::Uuid;

impl Fixture {
    /// Offers passkeys beside what is offered already. Answers the secondary auth's id.
    pub async fn offer_passkeys(&self) -> Uuid {
        let admin = self.admin();
        self.services().save_plain(&admin, None, Channel::Passkey, "Keys").await.expect("a service");
        let services = self.services().list().await.expect("lists");
        let service = services.iter().find(|service| service.kind == Channel::Passkey).expect("passkeys").id;
        self.secondary_auth().save(&admin, None, &service.to_string(), "Passkey", &[]).await.expect("offered");
        self.policy().set_allowed(&admin, Audience::Customer, true).await.expect("allowed");
        let offered = self.secondary_auth().list().await.expect("lists");
        offered.iter().find(|auth| auth.title == "Passkey").expect("is offered").id
    }

    /// A customer with a key, by the secondary auth.
    pub async fn enrolled_with_key(&self, email: &str, method: Uuid, key: &mut SoftKey) {
        self.customer(email).await;
        let session = self.log_in(email, PASSWORD, None).await.expect("signs in").session;
        let session = self.session(&session.secret).await.expect("a session");
        self.enrollment().begin(&session, method, &Destination::default()).await.expect("begins");
        let proving = self.enrollment().proving(&session).await.expect("shows");
        let asked = proving.screen.passkey.expect("a question");
        let answer = key.register(&asked.options, &asked.origin);
        self.enrollment().register_passkey(&session, "Blue key", &answer).await.expect("the key is taken");
    }
}
