//! What would make an account safer.

use crate::testing::{House, on_every_database};
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

async fn advice(house: &House, session: &Session) -> Advice {
    house.account().advice(session).await.expect("shows")
}

/// Offers a kind beside mail.
async fn offer(house: &House, kind: Channel) {
    let admin = house.admin();
    house.services().save_plain(&admin, None, kind, kind.as_str()).await.expect("saved");
    let services = house.services().list().await.expect("lists");
    let service = services.iter().find(|service| service.kind == kind).expect("is there").id;
    house.secondary_auth().save(&admin, None, &service.to_string(), kind.as_str(), &[]).await.expect("offered");
}

async fn signed_in(house: &House) -> Session {
    let token = house.full_sign_in(EMAIL).await;
    house.session(&token).await.expect("a session")
}

#[tokio::test]
async fn a_stronger_kind_is_suggested_until_it_is_dismissed() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let session = signed_in(&house).await;
        assert_eq!(advice(&house, &session).await.stronger, None, "nothing stronger is offered");
        offer(&house, Channel::Authenticator).await;
        assert_eq!(advice(&house, &session).await.stronger, Some(Channel::Authenticator));
        offer(&house, Channel::Passkey).await;
        assert_eq!(advice(&house, &session).await.stronger, Some(Channel::Passkey), "the strongest one");
        house
            .policy()
            .set_forbidden(&house.admin(), Audience::Customer, Channel::Passkey, true)
            .await
            .expect("forbidden");
        assert_eq!(advice(&house, &session).await.stronger, Some(Channel::Authenticator));
        house.account().dismiss_suggestion(&session).await.expect("dismissed");
        house.clock.pass(30);
        assert_eq!(advice(&house, &signed_in(&house).await).await.stronger, None, "in every session");
    })
    .await;
}

#[tokio::test]
async fn nobody_without_a_second_factor_in_use_is_advised_about_it() {
    on_every_database(async |house| {
        house.offer_mail().await;
        offer(&house, Channel::Authenticator).await;
        house.customer(EMAIL).await;
        let session = house.password_session(EMAIL).await;
        assert_eq!(advice(&house, &session).await, Advice { unprotected: false, few_codes: None, stronger: None });
    })
    .await;
}

#[tokio::test]
async fn few_recovery_codes_are_a_warning() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let session = signed_in(&house).await;
        assert_eq!(advice(&house, &session).await.few_codes, Some(0));
        let once = house.recovery().make(&session).await.expect("made").secret;
        assert_eq!(advice(&house, &session).await.few_codes, None);
        let codes = house.recovery().overview(&session, Some(&once)).await.expect("shows").fresh;
        for (used, code) in codes.iter().enumerate() {
            house.clock.pass(300);
            let waiting = house.password_session(EMAIL).await;
            house.login().verify(&waiting, Answer::RecoveryCode(code), false).await.expect("signs in");
            let left = 9 - u32::try_from(used).expect("few");
            assert_eq!(advice(&house, &session).await.few_codes, (left <= 3).then_some(left));
        }
    })
    .await;
}
