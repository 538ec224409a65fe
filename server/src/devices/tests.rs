//! The rules of one's own trusted devices.

use crate::testing::{House, PASSWORD, on_every_database};
use app::{
    caller::Session, challenge::port::Answer, devices::port::DevicesPort, error::AppError, login::port::LoginPort,
};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

/// Trusts a browser. Tells its session and the device's token.
async fn trusting(house: &House, email: &str) -> (Session, String) {
    let waiting = house.password_session(email).await;
    let done = house.login().verify(&waiting, Answer::Code(&house.code()), true).await.expect("the code is right");
    let session = house.session(&done.session.secret).await.expect("a session");
    (session, done.trust.expect("a trusted device").secret)
}

async fn is_asked(house: &House, email: &str, trust: &str) -> bool {
    house.log_in(email, PASSWORD, Some(trust)).await.expect("the password is right").code_needed
}

#[tokio::test]
async fn devices_are_listed_with_what_makes_them_recognisable() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        trusting(&house, EMAIL).await;
        house.clock.pass(60);
        let (session, token) = trusting(&house, EMAIL).await;
        let devices = house.devices().list(&session, Some(&token)).await.expect("lists");
        let shown: Vec<_> = devices.iter().map(|d| (d.last_used.as_str(), d.expires.as_str(), d.this_one)).collect();
        let expected =
            [("2026-01-01 00:01", "2026-01-31 00:01", true), ("2026-01-01 00:00", "2026-01-31 00:00", false)];
        assert_eq!(shown, expected);
        assert_eq!((devices[0].browser.as_str(), devices[0].address.as_str()), ("test", "192.0.2.1"));
        house.clock.pass(30 * 86_400);
        assert!(house.devices().list(&session, None).await.expect("lists").is_empty(), "expired ones are shown");
    })
    .await;
}

#[tokio::test]
async fn a_revoked_device_asks_for_a_code_again_and_the_others_do_not() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let (_, kept) = trusting(&house, EMAIL).await;
        let (session, revoked) = trusting(&house, EMAIL).await;
        let devices = house.devices().list(&session, Some(&revoked)).await.expect("lists");
        let this_one = devices.iter().find(|device| device.this_one).expect("it is marked").id;
        house.devices().revoke(&session, this_one).await.expect("revoked");
        assert_eq!(house.devices().revoke(&session, this_one).await, Err(AppError::NotFound));
        assert!(is_asked(&house, EMAIL, &revoked).await);
        assert!(!is_asked(&house, EMAIL, &kept).await);
    })
    .await;
}

#[tokio::test]
async fn all_are_revoked_at_once_and_nobody_elses() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let other = "conrad@example.org";
        house.another_enrolled_customer(other).await;
        let (_, first) = trusting(&house, EMAIL).await;
        let (session, second) = trusting(&house, EMAIL).await;
        let (foreign_session, foreign) = trusting(&house, other).await;
        let id = house.devices().list(&foreign_session, None).await.expect("lists")[0].id;
        assert_eq!(house.devices().revoke(&session, id).await, Err(AppError::NotFound));
        assert_eq!(house.devices().revoke(&session, Uuid::now_v7()).await, Err(AppError::NotFound));
        house.devices().revoke_all(&session).await.expect("revoked");
        for token in [first, second] {
            assert!(is_asked(&house, EMAIL, &token).await);
        }
        assert!(!is_asked(&house, other, &foreign).await);
    })
    .await;
}
