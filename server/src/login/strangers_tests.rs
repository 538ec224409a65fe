//! Whom wrong passwords keep out: whoever typed them, and nobody else.

use crate::{
    accounts::password::{TRIES, TRIES_OF_STRANGERS, TRIES_PER_NETWORK},
    audit::WINDOW,
    entity::{account, known_browser, session},
    platform::{throttle, vault::token_hash},
    testing::{Fixture, PASSWORD, on_every_database, reason},
    tidy::tidy,
};
use app::{
    account::port::AccountPort,
    audit::types::Action,
    caller::{KnownBrowser, Origin, Stage},
    challenge::port::Answer,
    error::{AppError, Problem, Refusal},
    login::{
        port::{LoggedIn, LoginPort, Verified},
        types::Audience,
    },
    step_up::port::StepUpPort,
};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::{
    net::IpAddr,
    time::{Duration, Instant},
};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

/// A browser somewhere, which shows a token or none.
fn browser(fixture: &Fixture, network: u8, known: Option<&str>) -> Origin {
    let known = KnownBrowser(known.map(str::to_owned));
    Origin { address: IpAddr::from([203, 0, 113, network]), known, ..fixture.origin.clone() }
}

async fn log_in(fixture: &Fixture, origin: &Origin, email: &str, password: &str) -> Result<LoggedIn, AppError> {
    fixture.login().log_in(origin, Audience::Customer, email, password, None, None).await
}

/// Wrong passwords from so many networks, from each as many as it may.
async fn strangers_try(fixture: &Fixture, email: &str, networks: u8) {
    for network in 0..networks {
        for _ in 0..TRIES {
            let tried = log_in(fixture, &browser(fixture, 100 + network, None), email, "wrong").await;
            assert_eq!(reason(tried), Refusal::WrongLogin);
        }
    }
}

/// The token of a browser that has signed in.
async fn known_token(fixture: &Fixture, email: &str) -> String {
    let done = log_in(fixture, &browser(fixture, 1, None), email, PASSWORD).await.expect("signs in");
    done.known.expect("complete").secret
}

#[tokio::test]
async fn strangers_never_keep_the_owner_out_of_a_known_browser() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let token = known_token(&fixture, EMAIL).await;
        strangers_try(&fixture, EMAIL, 4).await;
        const { assert!(4 * TRIES > TRIES_OF_STRANGERS) };
        let new = log_in(&fixture, &browser(&fixture, 1, None), EMAIL, PASSWORD).await;
        assert_eq!(reason(new), Refusal::WrongLogin, "for strangers it is paused everywhere");
        // Also beside those who try, whose network may do nothing more.
        for network in [1, 100] {
            let owner = browser(&fixture, network, Some(&token));
            let done = log_in(&fixture, &owner, EMAIL, PASSWORD).await.expect("the browser is known");
            assert_eq!(done.known.expect("complete").secret, token, "it stays known by the same token");
        }
        for _ in 0..TRIES {
            let tried = log_in(&fixture, &browser(&fixture, 1, Some(&token)), EMAIL, "wrong").await;
            assert_eq!(reason(tried), Refusal::WrongLogin);
        }
        let tried = log_in(&fixture, &browser(&fixture, 1, Some(&token)), EMAIL, PASSWORD).await;
        assert_eq!(reason(tried), Refusal::WrongLogin, "its own tries pause it as well");
        fixture.clock.pass(900);
        log_in(&fixture, &browser(&fixture, 1, Some(&token)), EMAIL, PASSWORD).await.expect("the pause is over");
    })
    .await;
}

async fn account(fixture: &Fixture) -> account::Model {
    account::Entity::find()
        .filter(account::Column::Email.eq(EMAIL))
        .one(&fixture.core.db)
        .await
        .expect("answers")
        .expect("one")
}

/// Password and code together, from a browser that is new.
async fn with_code(fixture: &Fixture, network: u8, password: &str, code: &str) -> Result<Verified, AppError> {
    let origin = browser(fixture, network, None);
    fixture.login().log_in_with_code(&origin, Audience::Customer, EMAIL, password, code, None).await
}

#[tokio::test]
async fn a_code_of_the_app_given_with_the_password_passes_a_lock_of_strangers() {
    on_every_database(async |fixture| {
        let seed = fixture.enrolled_with_app(EMAIL).await;
        fixture.clock.pass(60);
        strangers_try(&fixture, EMAIL, 4).await;
        let alone = log_in(&fixture, &browser(&fixture, 1, None), EMAIL, PASSWORD).await;
        assert_eq!(reason(alone), Refusal::WrongLogin, "the password alone is not looked at");
        let code = fixture.app_code(&seed, 0);
        assert_eq!(reason(with_code(&fixture, 1, "wrong", &code).await), Refusal::WrongLogin);
        assert_eq!(account(&fixture).await.factor_failures, 0, "who lacks the password locks no factor");
        let done = with_code(&fixture, 1, PASSWORD, &code).await.expect("the code is still good, and both are right");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        assert_eq!(session.stage, Stage::SignedIn);
        assert_eq!(reason(with_code(&fixture, 2, PASSWORD, &code).await), Refusal::WrongLogin, "it works once");
        let known = browser(&fixture, 1, Some(&done.known.secret));
        log_in(&fixture, &known, EMAIL, PASSWORD).await.expect("from then on the browser is known");
    })
    .await;
}

#[tokio::test]
async fn password_and_code_together_are_no_way_to_guess_either() {
    on_every_database(async |fixture| {
        let seed = fixture.enrolled_with_app(EMAIL).await;
        fixture.clock.pass(60);
        let wrong = if fixture.app_code(&seed, 0) == "000000" { "000001" } else { "000000" };
        for n in 0..10 {
            assert_eq!(reason(with_code(&fixture, n, PASSWORD, wrong).await), Refusal::WrongLogin);
        }
        let account = account(&fixture).await;
        assert!(account.factor_locked_until.is_some(), "wrong codes count as everywhere");
        let refused = with_code(&fixture, 20, PASSWORD, &fixture.app_code(&seed, 0)).await;
        assert_eq!(reason(refused), Refusal::WrongLogin, "and so does the lock");
        let waiting = session::Entity::find().filter(session::Column::SignedIn.eq(false));
        assert_eq!(waiting.all(&fixture.core.db).await.expect("answers").len(), 0, "nothing is left to go on with");

        fixture.clock.pass(3_600);
        for _ in 0..TRIES {
            assert_eq!(
                reason(with_code(&fixture, 30, "wrong", &fixture.app_code(&seed, 0)).await),
                Refusal::WrongLogin
            );
        }
        let over = with_code(&fixture, 30, PASSWORD, &fixture.app_code(&seed, 0)).await;
        assert_eq!(reason(over), Refusal::WrongLogin, "a network has its limit here too");
        with_code(&fixture, 31, PASSWORD, &fixture.app_code(&seed, 0)).await.expect("another network goes on");
        let no_code = with_code(&fixture, 31, PASSWORD, "12").await.err().expect("refused");
        assert_eq!(no_code.problem_of("code"), Some(&Problem::NotACode));
    })
    .await;
}

#[tokio::test]
async fn without_an_app_there_is_nothing_that_passes_the_lock() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let code = fixture.code();
        assert_eq!(reason(with_code(&fixture, 1, PASSWORD, &code).await), Refusal::WrongLogin, "mailed codes do not");
        let began = Instant::now();
        assert_eq!(reason(with_code(&fixture, 1, "wrong", &code).await), Refusal::WrongLogin);
        assert!(began.elapsed() >= Duration::from_millis(400), "every refusal takes as long");
    })
    .await;
}

#[tokio::test]
async fn strangers_of_one_network_pause_nobody_else() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        strangers_try(&fixture, EMAIL, 1).await;
        let tried = log_in(&fixture, &browser(&fixture, 100, None), EMAIL, PASSWORD).await;
        assert_eq!(reason(tried), Refusal::WrongLogin, "they may not go on");
        log_in(&fixture, &browser(&fixture, 1, None), EMAIL, PASSWORD).await.expect("the owner in a new browser may");
    })
    .await;
}

#[tokio::test]
async fn a_trusted_browser_is_a_known_one() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let done =
            fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("the code is right");
        let trust = done.trust.expect("trusted").secret;
        strangers_try(&fixture, EMAIL, 4).await;
        let (login, origin) = (fixture.login(), browser(&fixture, 1, None));
        let tried = login.log_in(&origin, Audience::Customer, EMAIL, PASSWORD, Some(trust), None).await;
        assert!(!tried.expect("signs in").code_needed);
    })
    .await;
}

#[tokio::test]
async fn a_session_is_told_the_truth_about_its_password_whatever_strangers_try() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        let session = fixture.session(&token).await.expect("a session");
        strangers_try(&fixture, EMAIL, 4).await;
        let confirmed = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right").session;
        let session = fixture.session(&confirmed.secret).await.expect("a session");
        for _ in 0..TRIES {
            let error = fixture.step_up().confirm(&session, "wrong").await.err().expect("refused");
            assert_eq!(error.problem_of("password"), Some(&Problem::WrongPassword));
        }
        let paused = Refusal::TooManyTries { minutes: 15 };
        assert_eq!(reason(fixture.step_up().confirm(&session, PASSWORD).await), paused, "its own tries count");
        let changed = fixture.account().change_password(&session, PASSWORD, "another good password").await;
        assert_eq!(reason(changed), paused, "everywhere in it");
        fixture.clock.pass(900);
        fixture.step_up().confirm(&session, PASSWORD).await.expect("the pause is over");
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_known_to_its_accounts_by_a_token_that_nobody_gave_it() {
    on_every_database(async |fixture| {
        let other = "conrad@example.org";
        fixture.customer(EMAIL).await;
        fixture.customer(other).await;
        let token = known_token(&fixture, EMAIL).await;
        let rows = known_browser::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert!(token.len() >= 43 && !format!("{rows:?}").contains(&token), "only its hash is stored");
        assert!(!format!("{:?}", browser(&fixture, 1, Some(&token))).contains(&token), "it is in no log");
        // Known to one account, it is a stranger to another.
        strangers_try(&fixture, other, 4).await;
        let tried = log_in(&fixture, &browser(&fixture, 1, Some(&token)), other, PASSWORD).await;
        assert_eq!(reason(tried), Refusal::WrongLogin);
        fixture.clock.pass(900);
        let both = log_in(&fixture, &browser(&fixture, 1, Some(&token)), other, PASSWORD).await.expect("signs in");
        let both = both.known.expect("complete").secret;
        assert_ne!(both, token, "whoever planted the first one does not have this one");
        for email in [EMAIL, other] {
            strangers_try(&fixture, email, 4).await;
            log_in(&fixture, &browser(&fixture, 1, Some(&both)), email, PASSWORD).await.expect("known to both");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_is_remembered_when_it_is_complete_and_forgotten_with_its_password() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let first =
            log_in(&fixture, &browser(&fixture, 1, None), EMAIL, PASSWORD).await.expect("the password is right");
        assert!(first.code_needed && first.known.is_none(), "a password alone makes nobody known");
        let waiting = fixture.session(&first.session.secret).await.expect("a session");
        let done = fixture.verify(&waiting, &fixture.code()).await.expect("the code is right");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        let count = async || known_browser::Entity::find().all(&fixture.core.db).await.expect("answers").len();
        let before = count().await;
        assert!(before > 0);
        fixture.account().change_password(&session, PASSWORD, "another good password").await.expect("changed");
        assert_eq!(count().await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_account_is_known_in_fifty_browsers_and_the_one_used_longest_ago_is_forgotten_first() {
    on_every_database(async |fixture| {
        let account = fixture.customer(EMAIL).await;
        for n in 0..52 {
            fixture.clock.pass(1);
            let row = known_browser::Model {
                id: Uuid::now_v7(),
                account_id: account,
                token_hash: n.to_string(),
                created_at: fixture.now(),
                last_used_at: fixture.now(),
            };
            known_browser::ActiveModel::from(row).reset_all().insert(&fixture.core.db).await.expect("stored");
        }
        fixture.customer("conrad@example.org").await;
        let neighbour = known_token(&fixture, "conrad@example.org").await;
        tidy(&fixture.core).await.expect("tidied");
        let rows = known_browser::Entity::find().order_by_asc(known_browser::Column::LastUsedAt);
        let rows = rows.all(&fixture.core.db).await.expect("answers");
        assert_eq!(rows.len(), 51);
        assert_eq!((rows[0].token_hash.as_str(), &rows[50].token_hash), ("2", &token_hash(&neighbour)));
    })
    .await;
}

#[tokio::test]
async fn over_a_limit_there_is_no_hash_and_one_line_for_all() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        strangers_try(&fixture, EMAIL, 1).await;
        let stranger = browser(&fixture, 100, None);
        // With all turns taken, whoever needs a hash waits.
        let taken = fixture.core.passwords.all_turns().await;
        for _ in 0..40 {
            let tried =
                tokio::time::timeout(Duration::from_secs(5), log_in(&fixture, &stranger, EMAIL, PASSWORD)).await;
            assert_eq!(reason(tried.expect("no hash")), Refusal::WrongLogin);
        }
        drop(taken);
        let lines = async || fixture.events(Action::PasswordRefused).await;
        assert_eq!(lines().await.len(), TRIES as usize);
        fixture.clock.pass(WINDOW);
        tidy(&fixture.core).await.expect("tidied");
        tidy(&fixture.core).await.expect("tidied");
        let lines = lines().await;
        assert_eq!(lines.len(), TRIES as usize + 1, "{lines:?}");
        assert!(lines.last().is_some_and(|line| line.contains("over a limit: 40 since 2026-01-01")), "{lines:?}");
    })
    .await;
}

#[tokio::test]
async fn what_one_account_adds_to_its_network_is_capped() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        for _ in 0..5 {
            strangers_try(&fixture, "conrad@example.org", 1).await;
        }
        let by_network = format!("login-address:{}", browser(&fixture, 100, None).network());
        let counted = throttle::counted(&fixture.core.db, &by_network, fixture.now(), 900).await.expect("answers");
        assert_eq!(counted, TRIES);
        log_in(&fixture, &browser(&fixture, 100, None), EMAIL, PASSWORD).await.expect("a neighbour is not kept out");
        for n in 0..TRIES_PER_NETWORK {
            let _ = log_in(&fixture, &browser(&fixture, 100, None), &format!("c{n}@example.org"), "wrong").await;
        }
        let tried = log_in(&fixture, &browser(&fixture, 100, None), EMAIL, PASSWORD).await;
        assert_eq!(reason(tried), Refusal::WrongLogin, "but many accounts are a search");
    })
    .await;
}

#[tokio::test]
async fn a_trusted_browser_signs_in_in_six_tabs_at_once() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let done =
            fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("the code is right");
        let trust = done.trust.expect("trusted").secret;
        let tabs = join_all((0..6).map(|_| fixture.log_in(EMAIL, PASSWORD, Some(&trust)))).await;
        let tabs: Vec<_> = tabs.into_iter().map(|tab| tab.expect("signs in")).collect();
        assert!(tabs.iter().all(|tab| !tab.code_needed), "a tab was asked");
        let swapped: Vec<_> = tabs.into_iter().filter_map(|tab| tab.trust).collect();
        assert_eq!(swapped.len(), 1, "one of them gets the new token, and the others leave it alone");
        fixture.clock.pass(30);
        assert!(fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("asks").code_needed, "the old one is dead");
        assert!(!fixture.log_in(EMAIL, PASSWORD, Some(&swapped[0].secret)).await.expect("signs in").code_needed);
    })
    .await;
}
