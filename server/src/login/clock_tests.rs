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
    testing::{Fixture, PASSWORD, on_every_database, reason},
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
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let code = fixture.code();
        fixture.clock.pass(600);
        assert_eq!(reason(fixture.verify(&session, &code).await), Refusal::CodeExpired);
        fixture.clock.pass(-300);
        assert_eq!(reason(fixture.verify(&session, &code).await), Refusal::CodeExpired, "it came alive");
        // And one from before the clock went back by more than clocks differ.
        let session = fixture.password_session(EMAIL).await;
        let code = fixture.code();
        fixture.clock.pass(-61);
        assert_eq!(reason(fixture.verify(&session, &code).await), Refusal::CodeExpired);
        fixture.clock.pass(1);
        fixture.verify(&session, &code).await.expect("a minute is how much clocks differ");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ended_by_time_stays_ended() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        fixture.clock.pass(3_600);
        assert!(fixture.session(&token).await.is_none());
        fixture.clock.pass(-3_600);
        assert!(fixture.session(&token).await.is_none(), "it came alive");
        let token = fixture.full_sign_in(EMAIL).await;
        fixture.clock.pass(-3_600);
        assert!(fixture.session(&token).await.is_none(), "it began in the future");
    })
    .await;
}

#[tokio::test]
async fn a_trusted_device_that_expired_stays_expired() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let done =
            fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("the code is right");
        let trust = done.trust.expect("trusted").secret;
        fixture.clock.pass(30 * DAY);
        assert!(fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("asks").code_needed);
        fixture.clock.pass(-30 * DAY);
        assert!(fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("asks").code_needed, "it came alive");
        let left = trusted_device::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert!(left.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_link_that_expired_stays_expired() {
    on_every_database(async |fixture| {
        let new = NewLink {
            purpose: LinkPurpose::SetUp,
            account_id: None,
            audience: Audience::Admin,
            email: None,
            name: None,
            lifetime: 600,
        };
        let (db, core) = (&fixture.core.db, &fixture.core);
        let living = async |token: &str| links::living(db, core, LinkPurpose::SetUp, token).await.map(|_| ());
        let token = links::issue(db, core, &new).await.expect("made");
        fixture.clock.pass(-60);
        living(&token).await.expect("clocks differ a little");
        fixture.clock.pass(-1);
        assert_eq!(reason(living(&token).await), Refusal::LinkDead, "it began in the future");
        fixture.clock.pass(661);
        assert_eq!(reason(living(&token).await), Refusal::LinkDead);
        fixture.clock.pass(-600);
        assert_eq!(reason(living(&token).await), Refusal::LinkDead, "it came alive");
        assert!(link::Entity::find().all(db).await.expect("answers").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_helpdesk_code_that_expired_stays_expired() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let code = "0123456789ABCDEF";
        let ends = Some(fixture.now() + 600);
        let stored = vec![row(&fixture.core, account, CodeKind::Helpdesk, code, ends)];
        recovery_codes::insert(&fixture.core.db, stored).await.expect("stored");
        fixture.clock.pass(600);
        let waiting = fixture.password_session(EMAIL).await;
        let login = fixture.login();
        let tried = |code| login.verify(&waiting, Answer::RecoveryCode(code), false);
        assert_eq!(reason(tried(code).await), Refusal::RecoveryCodeExpired);
        fixture.clock.pass(-50);
        assert_eq!(reason(tried(code).await), Refusal::RecoveryCodeExpired, "it came alive");
        assert_eq!(fixture.account_row(account).await.factor_failures, 0, "who knows it does not guess");
    })
    .await;
}

#[tokio::test]
async fn a_counter_that_began_in_the_future_pauses_nobody() {
    on_every_database(async |fixture: Fixture| {
        let (db, key) = (&fixture.core.db, "a counter");
        let ahead = fixture.now() + 10 * DAY;
        for _ in 0..7 {
            throttle::count(db, key, ahead, 900).await.expect("counts");
        }
        assert_eq!(throttle::counted(db, key, fixture.now(), 900).await.expect("answers"), 0);
        assert_eq!(throttle::count(db, key, fixture.now(), 900).await.expect("counts"), 1, "it begins again");
        assert_eq!(
            throttle::count(db, key, fixture.now() - 60, 900).await.expect("counts"),
            2,
            "clocks differ a little"
        );
    })
    .await;
}

#[tokio::test]
async fn a_lock_that_began_in_the_future_is_no_longer_than_any_other() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        fixture.clock.pass(10 * DAY);
        for _ in 0..2 {
            let session = fixture.password_session(EMAIL).await;
            for _ in 0..5 {
                assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
            }
        }
        fixture.clock.pass(-10 * DAY);
        fixture.password_session(EMAIL).await;
        fixture.clock.pass(899);
        let session = fixture.password_session(EMAIL).await;
        let outcome = fixture.challenge().send_new_code(&session, Purpose::SignIn).await;
        assert_eq!(reason(outcome), Refusal::FactorLocked { minutes: 1 }, "it is not opened early");
        fixture.clock.pass(1);
        let session = fixture.password_session(EMAIL).await;
        fixture.verify(&session, &fixture.code()).await.expect("the lock is over");
    })
    .await;
}
