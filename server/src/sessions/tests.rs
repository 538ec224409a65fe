//! The rules of one's own sessions.

use crate::testing::{PASSWORD, on_every_database};
use app::{error::AppError, sessions::port::SessionsPort};

const EMAIL: &str = "carla@example.org";

#[tokio::test]
async fn sessions_are_listed_and_one_of_them_is_this_one() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        fixture.full_sign_in(EMAIL).await;
        fixture.clock.pass(120);
        let token = fixture.full_sign_in(EMAIL).await;
        let session = fixture.session(&token).await.expect("a session");
        let sessions = fixture.sessions().list(&session).await.expect("lists");
        let shown: Vec<_> = sessions.iter().map(|s| (s.began.as_str(), s.this_one)).collect();
        assert_eq!(shown, [("2026-01-01 00:02", true), ("2026-01-01 00:00", false)]);
        assert_eq!((sessions[0].browser.as_str(), sessions[0].address.as_str()), ("test", "192.0.2.1"));
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_dead_and_nobody_ends_somebody_elses() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let (mine, other) = (fixture.full_sign_in(EMAIL).await, fixture.full_sign_in(EMAIL).await);
        let session = fixture.session(&mine).await.expect("a session");
        let id = fixture.session(&other).await.expect("a session").id;
        fixture.customer("mallory@example.org").await;
        let mallory = fixture.full_sign_in("mallory@example.org").await;
        let mallory = fixture.session(&mallory).await.expect("a session");
        assert_eq!(fixture.sessions().end(&mallory, id).await, Err(AppError::NotFound));
        assert!(fixture.session(&other).await.is_some());
        fixture.sessions().end(&session, id).await.expect("ended");
        assert!(fixture.session(&other).await.is_none());
        assert_eq!(fixture.sessions().end(&session, id).await, Err(AppError::NotFound));
        assert!(fixture.session(&mine).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn all_others_end_also_those_that_wait_for_their_code() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let first = fixture.full_sign_in(EMAIL).await;
        let mine = fixture.full_sign_in(EMAIL).await;
        let waiting = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").session.secret;
        let foreign = "conrad@example.org";
        fixture.another_enrolled_customer(foreign).await;
        let foreign = fixture.full_sign_in(foreign).await;
        let session = fixture.session(&mine).await.expect("a session");
        fixture.sessions().end_others(&session).await.expect("ended");
        for (token, lives) in [(first, false), (waiting, false), (mine, true), (foreign, true)] {
            assert_eq!(fixture.session(&token).await.is_some(), lives);
        }
    })
    .await;
}
