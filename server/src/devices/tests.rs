//! The rules of one's own trusted devices.

use crate::testing::{Fixture, PASSWORD, on_every_database};
use app::{
    caller::Session, challenge::port::Answer, devices::port::DevicesPort, error::AppError, login::port::LoginPort,
};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

/// Trusts a browser. Tells its session and the device's token.
async fn trusting(fixture: &Fixture, email: &str) -> (Session, String) {
    let waiting = fixture.password_session(email).await;
    let done = fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("the code is right");
    let session = fixture.session(&done.session.secret).await.expect("a session");
    (session, done.trust.expect("a trusted device").secret)
}

async fn is_asked(fixture: &Fixture, email: &str, trust: &str) -> bool {
    fixture.log_in(email, PASSWORD, Some(trust)).await.expect("the password is right").code_needed
}

#[tokio::test]
async fn devices_are_listed_with_what_makes_them_recognisable() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        trusting(&fixture, EMAIL).await;
        fixture.clock.pass(60);
        let (session, token) = trusting(&fixture, EMAIL).await;
        let devices = fixture.devices().list(&session, Some(&token)).await.expect("lists");
        let shown: Vec<_> = devices.iter().map(|d| (d.last_used.as_str(), d.expires.as_str(), d.this_one)).collect();
        let expected =
            [("2026-01-01 00:01", "2026-01-31 00:01", true), ("2026-01-01 00:00", "2026-01-31 00:00", false)];
        assert_eq!(shown, expected);
        assert_eq!((devices[0].browser.as_str(), devices[0].address.as_str()), ("test", "192.0.2.1"));
        fixture.clock.pass(30 * 86_400);
        assert!(fixture.devices().list(&session, None).await.expect("lists").is_empty(), "expired ones are shown");
    })
    .await;
}

#[tokio::test]
async fn a_revoked_device_asks_for_a_code_again_and_the_others_do_not() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let (_, kept) = trusting(&fixture, EMAIL).await;
        let (session, revoked) = trusting(&fixture, EMAIL).await;
        let devices = fixture.devices().list(&session, Some(&revoked)).await.expect("lists");
        let this_one = devices.iter().find(|device| device.this_one).expect("it is marked").id;
        fixture.devices().revoke(&session, this_one).await.expect("revoked");
        assert_eq!(fixture.devices().revoke(&session, this_one).await, Err(AppError::NotFound));
        assert!(is_asked(&fixture, EMAIL, &revoked).await);
        assert!(!is_asked(&fixture, EMAIL, &kept).await);
    })
    .await;
}

#[tokio::test]
async fn all_are_revoked_at_once_and_nobody_elses() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let other = "conrad@example.org";
        fixture.another_enrolled_customer(other).await;
        let (_, first) = trusting(&fixture, EMAIL).await;
        let (session, second) = trusting(&fixture, EMAIL).await;
        let (foreign_session, foreign) = trusting(&fixture, other).await;
        let id = fixture.devices().list(&foreign_session, None).await.expect("lists")[0].id;
        assert_eq!(fixture.devices().revoke(&session, id).await, Err(AppError::NotFound));
        assert_eq!(fixture.devices().revoke(&session, Uuid::now_v7()).await, Err(AppError::NotFound));
        fixture.devices().revoke_all(&session).await.expect("revoked");
        for token in [first, second] {
            assert!(is_asked(&fixture, EMAIL, &token).await);
        }
        assert!(!is_asked(&fixture, other, &foreign).await);
    })
    .await;
}
