//! Changing one's own password.

use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    account::port::AccountPort,
    caller::Session,
    challenge::port::Answer,
    error::{AppError, Problem, Refusal},
    login::{port::LoginPort, types::Audience},
    sessions::port::SessionsPort,
};

const EMAIL: &str = "carla@example.org";
const NEW: &str = "granite-ribbon-thistle";

async fn signed_in(fixture: &Fixture) -> Session {
    let token = fixture.full_sign_in(EMAIL).await;
    fixture.session(&token).await.expect("a session")
}

fn problem(result: Result<app::caller::Token, AppError>, field: &str) -> Option<Problem> {
    result.err().and_then(|error| error.problem_of(field).cloned())
}

#[tokio::test]
async fn the_new_password_counts_and_the_old_one_is_dead() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let (mine, other) = (fixture.full_sign_in(EMAIL).await, fixture.full_sign_in(EMAIL).await);
        let session = fixture.session(&mine).await.expect("a session");
        let token = fixture.account().change_password(&session, PASSWORD, NEW).await.expect("changed");
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        fixture.log_in(EMAIL, NEW, None).await.expect("signs in");
        assert!(fixture.session(&mine).await.is_none(), "the old token lives");
        let session = fixture.session(&token.secret).await.expect("this session stays");
        // The other one is for its owner to end, who is asked.
        assert!(fixture.session(&other).await.is_some());
        fixture.sessions().end_others(&session).await.expect("ended");
        assert!(fixture.session(&other).await.is_none());
        let mail = fixture.mail_so_far().await;
        let notices = mail.iter().filter(|(to, text)| to == EMAIL && text.contains("Your password was changed"));
        assert_eq!(notices.count(), 1, "{mail:?}");
    })
    .await;
}

#[tokio::test]
async fn trusted_devices_end_with_the_old_password() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let done = fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("signs in");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        fixture.account().change_password(&session, PASSWORD, NEW).await.expect("changed");
        let trust = done.trust.expect("a trusted device").secret;
        assert!(fixture.log_in(EMAIL, NEW, Some(&trust)).await.expect("asks").code_needed);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_current_password_counts_by_the_session() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = signed_in(&fixture).await;
        for _ in 0..10 {
            let refused = fixture.account().change_password(&session, "wrong", NEW).await;
            assert_eq!(problem(refused, "current_password"), Some(Problem::WrongPassword));
        }
        let refused = fixture.account().change_password(&session, PASSWORD, NEW).await;
        assert_eq!(reason(refused), Refusal::TooManyTries { minutes: 15 });
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is still the old one");
        assert!(fixture.mail_so_far().await.is_empty(), "a change was announced");
    })
    .await;
}

#[tokio::test]
async fn the_new_password_follows_the_rules() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = signed_in(&fixture).await;
        for (new, expected) in [
            ("", Problem::Required),
            ("short", Problem::TooShort(8)),
            ("password123", Problem::CommonPassword),
            (PASSWORD, Problem::Unchanged),
        ] {
            let refused = fixture.account().change_password(&session, PASSWORD, new).await;
            assert_eq!(problem(refused, "new_password"), Some(expected), "{new:?}");
        }
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("nothing was changed");
    })
    .await;
}

#[tokio::test]
async fn an_administrators_only_factor_is_longer() {
    on_every_database(async |fixture| {
        let password = "seven lakes walk home";
        let new = NewAccount { audience: Audience::Admin, email: EMAIL, name: "Ada", password };
        let account_id = create(&fixture.core, Actor::Server, &new).await.expect("an administrator");
        let session = Session { account_id, email: EMAIL.to_owned(), ..fixture.admin() };
        let refused = fixture.account().change_password(&session, password, "fourteen chars").await;
        assert_eq!(problem(refused, "new_password"), Some(Problem::TooShort(15)));
        assert_eq!(fixture.account().security(&session).await.expect("shows").password_min, 15);
    })
    .await;
}
