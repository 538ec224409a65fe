//! Right passwords whose code never came, and wrong ones that lock: whom that is told, and how often.

use super::unfinished::{QUIET, tell_due};
use crate::{
    accounts::password::TRIES,
    testing::{Fixture, PASSWORD, on_every_database, watch_statements},
};
use app::{
    account::port::AccountPort,
    audit::types::Action,
    caller::{KnownBrowser, Origin},
    challenge::port::Answer,
    language::types::Language,
    login::{
        port::{LoggedIn, LoginPort},
        types::Audience,
    },
};
use std::net::IpAddr;

const EMAIL: &str = "carla@example.org";
/// Longer than a sign-in waits for its code, in seconds.
const OVER: i64 = 15 * 60;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";

fn browser(network: u8, user_agent: &str, known: Option<&str>) -> Origin {
    let known = KnownBrowser(known.map(str::to_owned));
    Origin {
        address: IpAddr::from([203, 0, 113, network]),
        user_agent: user_agent.to_owned(),
        known,
        language: Language::En,
        scripted: false,
    }
}

async fn give_password(fixture: &Fixture, origin: &Origin) -> LoggedIn {
    let login = fixture.login();
    login.log_in(origin, Audience::Customer, EMAIL, PASSWORD, None, None).await.expect("the password is right")
}

/// A whole sign-in. Answers the token by which the browser is known from then on.
async fn sign_in(fixture: &Fixture, origin: &Origin) -> String {
    let done = give_password(fixture, origin).await;
    let session = fixture.session(&done.session.secret).await.expect("a session");
    let session = crate::testing::from(session, origin.clone());
    let login = fixture.login();
    login.verify(&session, Answer::Code(&fixture.code()), false).await.expect("the code is right").known.secret
}

/// The notices so far that say this.
async fn notices(fixture: &Fixture, words: &str) -> Vec<String> {
    tell_due(&fixture.core).await.expect("told");
    let mail = fixture.mail_so_far().await;
    mail.into_iter().filter(|(to, text)| to == EMAIL && text.contains(words)).map(|(_, text)| text).collect()
}

async fn unfinished(fixture: &Fixture) -> Vec<String> {
    notices(fixture, "but not the code").await
}

#[tokio::test]
async fn a_right_password_without_its_code_is_told_once_no_code_can_come() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        give_password(&fixture, &browser(66, FIREFOX, None)).await;
        fixture.clock.pass(OVER - 1);
        assert!(unfinished(&fixture).await.is_empty(), "the code may still come");
        fixture.clock.pass(1);
        let told = unfinished(&fixture).await;
        assert_eq!(told.len(), 1);
        for words in ["Jan 1, 2026 12:00 AM UTC", "203.0.113.66, Firefox on Linux", "https://id.example.org/not-me/"] {
            assert!(told[0].contains(words), "{words} is missing: {}", told[0]);
        }
        assert_eq!(fixture.events(Action::SignInUnfinished).await.len(), 1);
        assert_eq!(unfinished(&fixture).await.len(), 1, "it is told once");
    })
    .await;
}

#[tokio::test]
async fn somebody_who_gave_up_once_and_came_in_later_is_told_nothing() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let home = browser(1, FIREFOX, None);
        give_password(&fixture, &home).await;
        fixture.clock.pass(60);
        let known = sign_in(&fixture, &home).await;
        // The browser is known now, so it is the same one wherever it is.
        give_password(&fixture, &browser(2, FIREFOX, Some(&known))).await;
        fixture.clock.pass(60);
        sign_in(&fixture, &browser(3, "another phone", None)).await;
        fixture.clock.pass(OVER);
        assert!(unfinished(&fixture).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_owner_who_signs_in_meanwhile_does_not_hide_somebody_else() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        give_password(&fixture, &browser(66, FIREFOX, None)).await;
        fixture.clock.pass(1);
        give_password(&fixture, &browser(1, "visit evil.example", None)).await;
        fixture.clock.pass(60);
        sign_in(&fixture, &browser(1, FIREFOX, None)).await;
        fixture.clock.pass(OVER);
        let told = unfinished(&fixture).await;
        assert!(told.len() == 1 && told[0].contains("2 times"), "{told:?}");
        assert!(told[0].contains("an unknown browser") && !told[0].contains("evil"), "a stranger's words: {told:?}");
    })
    .await;
}

#[tokio::test]
async fn many_of_them_are_told_together_once_a_day() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        for network in 0..3 {
            give_password(&fixture, &browser(60 + network, FIREFOX, None)).await;
            fixture.clock.pass(OVER);
            assert_eq!(unfinished(&fixture).await.len(), 1, "the first is told, the others wait");
        }
        fixture.clock.pass(QUIET);
        let told = unfinished(&fixture).await;
        assert!(told.len() == 2 && told[1].contains("2 times") && told[1].contains("203.0.113.62"), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_leaves_nothing_to_tell_of_the_old_one() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        give_password(&fixture, &browser(66, FIREFOX, None)).await;
        let session = fixture.session(&token).await.expect("a session");
        fixture.account().change_password(&session, PASSWORD, "seven lakes walk home").await.expect("changed");
        fixture.clock.pass(OVER);
        assert!(unfinished(&fixture).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_that_lock_are_told_once_a_day_and_without_a_link() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let tries = async |network: u8, tries: i32| {
            for _ in 0..tries {
                let origin = browser(network, FIREFOX, None);
                let login = fixture.login();
                assert!(login.log_in(&origin, Audience::Customer, EMAIL, "wrong", None, None).await.is_err());
            }
        };
        tries(66, TRIES - 1).await;
        assert!(notices(&fixture, "Wrong passwords").await.is_empty());
        tries(66, 5).await;
        tries(67, TRIES + 1).await;
        let told = notices(&fixture, "Wrong passwords").await;
        assert!(told.len() == 1 && told[0].contains("203.0.113.66, Firefox on Linux"), "{told:?}");
        assert!(!told[0].contains("http"), "a link to end what nobody has begun");
        fixture.clock.pass(QUIET);
        tries(66, TRIES).await;
        assert_eq!(notices(&fixture, "Wrong passwords").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_lock_costs_the_same_statements_for_every_address() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let mut seen = Vec::new();
        for (network, email) in [(66, EMAIL), (67, "unknown@example.org"), (68, EMAIL)] {
            let origin = browser(network, FIREFOX, None);
            for _ in 0..TRIES {
                statements.take();
                let login = fixture.login();
                assert!(login.log_in(&origin, Audience::Customer, email, "wrong", None, None).await.is_err());
            }
            seen.push(statements.take());
        }
        assert!(seen[0].iter().any(|sql| sql.contains("INSERT INTO \"delivery\"")), "{:?}", seen[0]);
        assert_eq!(seen[0], seen[1], "an unknown address");
        assert_eq!(seen[0], seen[2], "an account that was told");
    })
    .await;
}

#[tokio::test]
async fn locked_codes_are_told_with_a_link_as_whoever_entered_them_has_the_password() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        for _ in 0..2 {
            let session = fixture.password_session(EMAIL).await;
            for _ in 0..5 {
                assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
            }
        }
        let told = notices(&fixture, "Your codes are locked").await;
        assert!(told.len() == 1 && told[0].contains("https://id.example.org/not-me/"), "{told:?}");
    })
    .await;
}
