//! What has ended stays ended when the clock goes back, and nothing pauses longer for it.

use crate::{
    entity::{
        link::{self, LinkPurpose},
        recovery_code::CodeKind,
        trusted_device,
    },
    entries::recovery_codes,
    links::service::{self as links, NewLink},
    platform::throttle,
    recovery::service::row,
    testing::{House, PASSWORD, on_every_database, reason},
};
use app::{
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    error::Refusal,
    login::{port::LoginPort, types::Audience},
};
use sea_orm::EntityTrait;

const EMAIL: &str = "carla@example.org";
const DAY: i64 = 86_400;

#[tokio::test]
async fn a_code_that_was_too_late_once_is_too_late_for_ever() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let session = house.password_session(EMAIL).await;
        let code = house.code();
        house.clock.pass(600);
        assert_eq!(reason(house.verify(&session, &code).await), Refusal::CodeExpired);
        house.clock.pass(-300);
        assert_eq!(reason(house.verify(&session, &code).await), Refusal::CodeExpired, "it came alive");
        // And one from before the clock went back by more than clocks differ.
        let session = house.password_session(EMAIL).await;
        let code = house.code();
        house.clock.pass(-61);
        assert_eq!(reason(house.verify(&session, &code).await), Refusal::CodeExpired);
        house.clock.pass(1);
        house.verify(&session, &code).await.expect("a minute is how much clocks differ");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ended_by_time_stays_ended() {
    on_every_database(async |house| {
        house.customer(EMAIL).await;
        let token = house.full_sign_in(EMAIL).await;
        house.clock.pass(3_600);
        assert!(house.session(&token).await.is_none());
        house.clock.pass(-3_600);
        assert!(house.session(&token).await.is_none(), "it came alive");
        let token = house.full_sign_in(EMAIL).await;
        house.clock.pass(-3_600);
        assert!(house.session(&token).await.is_none(), "it began in the future");
    })
    .await;
}

#[tokio::test]
async fn a_trusted_device_that_expired_stays_expired() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let waiting = house.password_session(EMAIL).await;
        let done = house.login().verify(&waiting, Answer::Code(&house.code()), true).await.expect("the code is right");
        let trust = done.trust.expect("trusted").secret;
        house.clock.pass(30 * DAY);
        assert!(house.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("asks").code_needed);
        house.clock.pass(-30 * DAY);
        assert!(house.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("asks").code_needed, "it came alive");
        let left = trusted_device::Entity::find().all(&house.core.db).await.expect("answers");
        assert!(left.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_link_that_expired_stays_expired() {
    on_every_database(async |house| {
        let new = NewLink {
            purpose: LinkPurpose::SetUp,
            account_id: None,
            audience: Audience::Admin,
            email: None,
            name: None,
            lifetime: 600,
        };
        let (db, core) = (&house.core.db, &house.core);
        let living = async |token: &str| links::living(db, core, LinkPurpose::SetUp, token).await.map(|_| ());
        let token = links::issue(db, core, &new).await.expect("made");
        house.clock.pass(-60);
        living(&token).await.expect("clocks differ a little");
        house.clock.pass(-1);
        assert_eq!(reason(living(&token).await), Refusal::LinkDead, "it began in the future");
        house.clock.pass(661);
        assert_eq!(reason(living(&token).await), Refusal::LinkDead);
        house.clock.pass(-600);
        assert_eq!(reason(living(&token).await), Refusal::LinkDead, "it came alive");
        assert!(link::Entity::find().all(db).await.expect("answers").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_helpdesk_code_that_expired_stays_expired() {
    on_every_database(async |house| {
        let account = house.enrolled_customer(EMAIL).await;
        let code = "0123456789ABCDEF";
        let ends = Some(house.now() + 600);
        let stored = vec![row(&house.core, account, CodeKind::Helpdesk, code, ends)];
        recovery_codes::insert(&house.core.db, stored).await.expect("stored");
        house.clock.pass(600);
        let waiting = house.password_session(EMAIL).await;
        let login = house.login();
        let tried = |code| login.verify(&waiting, Answer::RecoveryCode(code), false);
        assert_eq!(reason(tried(code).await), Refusal::RecoveryCodeExpired);
        house.clock.pass(-50);
        assert_eq!(reason(tried(code).await), Refusal::RecoveryCodeExpired, "it came alive");
        assert_eq!(house.account_row(account).await.factor_failures, 0, "who knows it does not guess");
    })
    .await;
}

#[tokio::test]
async fn a_counter_that_began_in_the_future_pauses_nobody() {
    on_every_database(async |house: House| {
        let (db, key) = (&house.core.db, "a counter");
        let ahead = house.now() + 10 * DAY;
        for _ in 0..7 {
            throttle::count(db, key, ahead, 900).await.expect("counts");
        }
        assert_eq!(throttle::counted(db, key, house.now(), 900).await.expect("answers"), 0);
        assert_eq!(throttle::count(db, key, house.now(), 900).await.expect("counts"), 1, "it begins again");
        assert_eq!(throttle::count(db, key, house.now() - 60, 900).await.expect("counts"), 2, "clocks differ a little");
    })
    .await;
}

#[tokio::test]
async fn a_lock_that_began_in_the_future_is_no_longer_than_any_other() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        house.clock.pass(10 * DAY);
        for _ in 0..2 {
            let session = house.password_session(EMAIL).await;
            for _ in 0..5 {
                assert!(house.verify(&session, &house.wrong_code()).await.is_err());
            }
        }
        house.clock.pass(-10 * DAY);
        house.password_session(EMAIL).await;
        house.clock.pass(899);
        let session = house.password_session(EMAIL).await;
        let told = house.challenge().send_new_code(&session, Purpose::SignIn).await;
        assert_eq!(reason(told), Refusal::FactorLocked { minutes: 1 }, "it is not opened early");
        house.clock.pass(1);
        let session = house.password_session(EMAIL).await;
        house.verify(&session, &house.code()).await.expect("the lock is over");
    })
    .await;
}
