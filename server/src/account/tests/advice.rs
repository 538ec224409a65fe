//! What would make an account safer.

use crate::testing::{Fixture, on_every_database};
use app::{
    account::{port::AccountPort, types::Advice},
    caller::Session,
    challenge::port::Answer,
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    recovery::port::RecoveryPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::Channel},
};

const EMAIL: &str = "carla@example.org";

async fn advice(fixture: &Fixture, session: &Session) -> Advice {
    fixture.account().advice(session).await.expect("shows")
}

/// Offers a kind beside mail.
async fn offer(fixture: &Fixture, kind: Channel) {
    let admin = fixture.admin();
    fixture.services().save_plain(&admin, None, kind, kind.as_str()).await.expect("saved");
    let services = fixture.services().list().await.expect("lists");
    let service = services.iter().find(|service| service.kind == kind).expect("is there").id;
    fixture.secondary_auth().save(&admin, None, &service.to_string(), kind.as_str(), &[]).await.expect("offered");
}

async fn signed_in(fixture: &Fixture) -> Session {
    let token = fixture.full_sign_in(EMAIL).await;
    fixture.session(&token).await.expect("a session")
}

#[tokio::test]
async fn a_stronger_kind_is_suggested_until_it_is_dismissed() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let session = signed_in(&fixture).await;
        assert_eq!(advice(&fixture, &session).await.stronger, None, "nothing stronger is offered");
        offer(&fixture, Channel::Authenticator).await;
        assert_eq!(advice(&fixture, &session).await.stronger, Some(Channel::Authenticator));
        offer(&fixture, Channel::Passkey).await;
        assert_eq!(advice(&fixture, &session).await.stronger, Some(Channel::Passkey), "the strongest one");
        fixture
            .policy()
            .set_forbidden(&fixture.admin(), Audience::Customer, Channel::Passkey, true)
            .await
            .expect("forbidden");
        assert_eq!(advice(&fixture, &session).await.stronger, Some(Channel::Authenticator));
        fixture.account().dismiss_suggestion(&session).await.expect("dismissed");
        fixture.clock.pass(30);
        assert_eq!(advice(&fixture, &signed_in(&fixture).await).await.stronger, None, "in every session");
    })
    .await;
}

#[tokio::test]
async fn nobody_without_a_second_factor_in_use_is_advised_about_it() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        offer(&fixture, Channel::Authenticator).await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        assert_eq!(advice(&fixture, &session).await, Advice { unprotected: false, few_codes: None, stronger: None });
    })
    .await;
}

#[tokio::test]
async fn few_recovery_codes_are_a_warning() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let session = signed_in(&fixture).await;
        assert_eq!(advice(&fixture, &session).await.few_codes, Some(0));
        let once = fixture.recovery().make(&session).await.expect("made").secret;
        assert_eq!(advice(&fixture, &session).await.few_codes, None);
        let codes = fixture.recovery().overview(&session, Some(&once)).await.expect("shows").fresh;
        for (used, code) in codes.iter().enumerate() {
            fixture.clock.pass(300);
            let waiting = fixture.password_session(EMAIL).await;
            fixture.login().verify(&waiting, Answer::RecoveryCode(code), false).await.expect("signs in");
            let left = 9 - u32::try_from(used).expect("few");
            assert_eq!(advice(&fixture, &session).await.few_codes, (left <= 3).then_some(left));
        }
    })
    .await;
}
