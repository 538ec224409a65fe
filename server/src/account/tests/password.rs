//! Changing one's own password.

use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
    testing::{House, PASSWORD, on_every_database, reason},
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

async fn signed_in(house: &House) -> Session {
    let token = house.full_sign_in(EMAIL).await;
    house.session(&token).await.expect("a session")
}

fn problem(result: Result<app::caller::Token, AppError>, field: &str) -> Option<Problem> {
    result.err().and_then(|error| error.problem_of(field).cloned())
}

#[tokio::test]
async fn the_new_password_counts_and_the_old_one_is_dead() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let (mine, other) = (house.full_sign_in(EMAIL).await, house.full_sign_in(EMAIL).await);
        let session = house.session(&mine).await.expect("a session");
        let token = house.account().change_password(&session, PASSWORD, NEW).await.expect("changed");
        assert_eq!(reason(house.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        house.log_in(EMAIL, NEW, None).await.expect("signs in");
        assert!(house.session(&mine).await.is_none(), "the old token lives");
        let session = house.session(&token.secret).await.expect("this session stays");
        // The other one is for its owner to end, who is asked.
        assert!(house.session(&other).await.is_some());
        house.sessions().end_others(&session).await.expect("ended");
        assert!(house.session(&other).await.is_none());
        let mail = house.mail_so_far().await;
        let told = mail.iter().filter(|(to, text)| to == EMAIL && text.contains("Your password was changed"));
        assert_eq!(told.count(), 1, "{mail:?}");
    })
    .await;
}

#[tokio::test]
async fn trusted_devices_end_with_the_old_password() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let waiting = house.password_session(EMAIL).await;
        let done = house.login().verify(&waiting, Answer::Code(&house.code()), true).await.expect("signs in");
        let session = house.session(&done.session.secret).await.expect("a session");
        house.account().change_password(&session, PASSWORD, NEW).await.expect("changed");
        let trust = done.trust.expect("a trusted device").secret;
        assert!(house.log_in(EMAIL, NEW, Some(&trust)).await.expect("asks").code_needed);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_current_password_counts_by_the_session() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let session = signed_in(&house).await;
        for _ in 0..10 {
            let refused = house.account().change_password(&session, "wrong", NEW).await;
            assert_eq!(problem(refused, "current_password"), Some(Problem::WrongPassword));
        }
        let refused = house.account().change_password(&session, PASSWORD, NEW).await;
        assert_eq!(reason(refused), Refusal::TooManyTries { minutes: 15 });
        house.log_in(EMAIL, PASSWORD, None).await.expect("the password is still the old one");
        assert!(house.mail_so_far().await.is_empty(), "a change was announced");
    })
    .await;
}

#[tokio::test]
async fn the_new_password_follows_the_rules() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let session = signed_in(&house).await;
        for (new, expected) in [
            ("", Problem::Required),
            ("short", Problem::TooShort(8)),
            ("password123", Problem::CommonPassword),
            (PASSWORD, Problem::Unchanged),
        ] {
            let refused = house.account().change_password(&session, PASSWORD, new).await;
            assert_eq!(problem(refused, "new_password"), Some(expected), "{new:?}");
        }
        house.log_in(EMAIL, PASSWORD, None).await.expect("nothing was changed");
    })
    .await;
}

#[tokio::test]
async fn an_administrators_only_factor_is_longer() {
    on_every_database(async |house| {
        let password = "seven lakes walk home";
        let new = NewAccount { audience: Audience::Admin, email: EMAIL, name: "Ada", password };
        let account_id = create(&house.core, Actor::Server, &new).await.expect("an administrator");
        let session = Session { account_id, email: EMAIL.to_owned(), ..house.admin() };
        let refused = house.account().change_password(&session, password, "fourteen chars").await;
        assert_eq!(problem(refused, "new_password"), Some(Problem::TooShort(15)));
        assert_eq!(house.account().security(&session).await.expect("shows").password_min, 15);
    })
    .await;
}
