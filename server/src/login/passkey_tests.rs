//! Password and passkey together, while the passwords of strangers lock the account.

use super::question::{LIFETIME, QUESTIONS, WINDOW};
use crate::{
    accounts::{
        self,
        password::{TRIES, TRIES_OF_STRANGERS},
    },
    entity::{account, email_key::EmailKey, session},
    platform::throttle,
    testing::{Fixture, PASSWORD, on_every_database, reason, soft_key::SoftKey, watch_statements},
};
use app::{
    audit::types::Action,
    caller::{KnownBrowser, Origin, Stage},
    error::{AppError, Refusal},
    login::{
        port::{LoggedIn, LoginPort, PasskeyAnswer, Verified},
        types::Audience,
    },
    passkey::types::PasskeyQuestion,
    policy::port::PolicyPort,
    services::types::Channel,
    users::{port::UsersPort, types::Help},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    net::IpAddr,
    time::{Duration, Instant},
};

const EMAIL: &str = "carla@example.org";
const OTHER: &str = "conrad@example.org";
const UNKNOWN: &str = "chris@example.org";

/// A browser somewhere, which nobody knows.
fn browser(fixture: &Fixture, network: u8) -> Origin {
    let known = KnownBrowser::default();
    Origin { address: IpAddr::from([203, 0, 113, network]), known, ..fixture.origin.clone() }
}

/// A customer with a key, in an installation that offers passkeys.
async fn with_key(fixture: &Fixture) -> SoftKey {
    let (method, mut key) = (fixture.offer_passkeys().await, SoftKey::new(1));
    fixture.enrolled_with_key(EMAIL, method, &mut key).await;
    key
}

async fn account(fixture: &Fixture) -> account::Model {
    let account = accounts::store::by_email(&fixture.core.db, Audience::Customer, &EmailKey::of(EMAIL)).await;
    account.expect("answers").expect("an account")
}

async fn question_of(fixture: &Fixture, audience: Audience, email: &str) -> PasskeyQuestion {
    fixture.login().passkey_question(&browser(fixture, 1), audience, email).await.expect("a question")
}

async fn question(fixture: &Fixture, email: &str) -> PasskeyQuestion {
    question_of(fixture, Audience::Customer, email).await
}

fn answer(key: &mut SoftKey, asked: &PasskeyQuestion) -> String {
    key.answer(&asked.options, &asked.origin)
}

/// Password and answer from a network.
async fn enter(
    fixture: &Fixture,
    network: u8,
    (email, password): (&str, &str),
    answer: &str,
    question: &str,
) -> Result<Verified, AppError> {
    let (origin, given) = (browser(fixture, network), PasskeyAnswer { answer, question });
    fixture.login().log_in_with_passkey(&origin, Audience::Customer, (email, password), given, None).await
}

/// All of it by one who has the key.
async fn sign_in(fixture: &Fixture, network: u8, password: &str, key: &mut SoftKey) -> Result<Verified, AppError> {
    let asked = question(fixture, EMAIL).await;
    enter(fixture, network, (EMAIL, password), &answer(key, &asked), &asked.question).await
}

async fn password_alone(fixture: &Fixture, network: u8, password: &str) -> Result<LoggedIn, AppError> {
    fixture.login().log_in(&browser(fixture, network), Audience::Customer, EMAIL, password, None, None).await
}

async fn failures(fixture: &Fixture) -> i32 {
    account(fixture).await.factor_failures
}

/// How many sign-ins wait for something.
async fn waiting(fixture: &Fixture) -> u64 {
    let waiting = session::Entity::find().filter(session::Column::SignedIn.eq(false));
    waiting.count(&fixture.core.db).await.expect("answers")
}

#[tokio::test]
async fn a_passkey_given_with_the_password_passes_a_lock_of_strangers() {
    on_every_database(async |fixture| {
        let mut key = with_key(&fixture).await;
        for network in 0..4 {
            for _ in 0..TRIES {
                assert_eq!(reason(password_alone(&fixture, 100 + network, "wrong").await), Refusal::WrongLogin);
            }
        }
        const { assert!(4 * TRIES > TRIES_OF_STRANGERS) };
        let alone = password_alone(&fixture, 1, PASSWORD).await;
        assert_eq!(reason(alone), Refusal::WrongLogin, "the password alone is not looked at");
        let began = Instant::now();
        assert_eq!(reason(sign_in(&fixture, 1, "wrong", &mut key).await), Refusal::WrongLogin);
        assert!(began.elapsed() >= Duration::from_millis(600), "question and refusal take their time");
        assert_eq!(failures(&fixture).await, 0, "who lacks the password locks no factor");
        let done = sign_in(&fixture, 1, PASSWORD, &mut key).await.expect("both are right");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        assert_eq!(session.stage, Stage::SignedIn);
        let events = fixture.events(Action::LoggedIn).await;
        assert!(events.iter().any(|event| event.ends_with("password, Passkey: Blue key")), "{events:?}");
        let known = KnownBrowser(Some(done.known.secret));
        let origin = Origin { known, ..browser(&fixture, 1) };
        let known = fixture.login().log_in(&origin, Audience::Customer, EMAIL, PASSWORD, None, None).await;
        known.expect("from then on the browser is known");
    })
    .await;
}

#[tokio::test]
async fn password_and_passkey_together_are_no_way_to_guess_either() {
    on_every_database(async |fixture| {
        let mut key = with_key(&fixture).await;
        let mut stranger = SoftKey::new(9);
        for n in 0..10 {
            assert_eq!(reason(sign_in(&fixture, n, PASSWORD, &mut stranger).await), Refusal::WrongLogin);
        }
        assert_eq!(failures(&fixture).await, 10, "wrong answers count as everywhere");
        let locked = sign_in(&fixture, 20, PASSWORD, &mut key).await;
        assert_eq!(reason(locked), Refusal::WrongLogin, "and so does the lock");
        assert_eq!(waiting(&fixture).await, 0, "nothing is left to go on with");
        fixture.clock.pass(3_600);
        for _ in 0..TRIES {
            assert_eq!(reason(sign_in(&fixture, 30, "wrong", &mut key).await), Refusal::WrongLogin);
        }
        let over = sign_in(&fixture, 30, PASSWORD, &mut key).await;
        assert_eq!(reason(over), Refusal::WrongLogin, "a network has its limit here too");
        sign_in(&fixture, 31, PASSWORD, &mut key).await.expect("another network goes on");
    })
    .await;
}

#[tokio::test]
async fn a_question_counts_once_in_time_and_for_its_address() {
    on_every_database(async |fixture| {
        let (method, mut key, mut other) = (fixture.offer_passkeys().await, SoftKey::new(1), SoftKey::new(2));
        // By a counter the second answer would be taken for a copy's.
        key.counts = false;
        fixture.enrolled_with_key(EMAIL, method, &mut key).await;
        fixture.enrolled_with_key(OTHER, method, &mut other).await;
        let carla = (EMAIL, PASSWORD);

        let asked = question(&fixture, EMAIL).await;
        let right = answer(&mut key, &asked);
        enter(&fixture, 1, carla, &right, &asked.question).await.expect("signs in");
        let again = enter(&fixture, 1, carla, &right, &asked.question).await;
        assert_eq!(reason(again), Refusal::WrongLogin, "it was used");
        let asked = question(&fixture, EMAIL).await;
        let right = answer(&mut key, &asked);
        let wrong = answer(&mut SoftKey::new(9), &asked);
        assert_eq!(reason(enter(&fixture, 1, carla, &wrong, &asked.question).await), Refusal::WrongLogin);
        let second = enter(&fixture, 1, carla, &right, &asked.question).await;
        assert_eq!(reason(second), Refusal::WrongLogin, "a wrong answer uses it up too");

        let of_other = question(&fixture, OTHER).await;
        let of_admin = question_of(&fixture, Audience::Admin, EMAIL).await;
        let mine = question(&fixture, EMAIL).await;
        let (theirs, own) = (answer(&mut other, &of_other), answer(&mut key, &mine));
        for (answer, question) in [
            // By a key that the account has, so that it would be compared; a question begins one challenge alone.
            (&own, &of_other.question),
            (&theirs, &of_other.question),
            (&own, &of_admin.question),
            (&own, &"made up".to_owned()),
            (&own, &mine.question[..mine.question.len() - 1].to_owned()),
        ] {
            let failed = failures(&fixture).await;
            assert_eq!(reason(enter(&fixture, 2, carla, answer, question).await), Refusal::WrongLogin);
            assert_eq!(failures(&fixture).await, failed, "no answer was compared");
        }
        fixture.clock.pass(LIFETIME);
        assert_eq!(reason(enter(&fixture, 3, carla, &own, &mine.question).await), Refusal::WrongLogin, "too late");
        let asked = question(&fixture, EMAIL).await;
        fixture.clock.pass(LIFETIME - 1);
        let right = answer(&mut key, &asked);
        enter(&fixture, 3, carla, &right, &asked.question).await.expect("just in time");
        assert_eq!(waiting(&fixture).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_copy_of_a_key_is_refused_recorded_and_told_here_too() {
    on_every_database(async |fixture| {
        let mut key = with_key(&fixture).await;
        let mut copy = key.clone();
        sign_in(&fixture, 1, PASSWORD, &mut key).await.expect("signs in");
        assert_eq!(reason(sign_in(&fixture, 1, PASSWORD, &mut copy).await), Refusal::WrongLogin);
        let refused = fixture.events(Action::CodeRefused).await;
        assert!(refused.iter().any(|event| event.contains("may have been copied")), "{refused:?}");
    })
    .await;
}

/// What differs from question to question taken out.
fn shape(asked: &PasskeyQuestion) -> (BTreeSet<String>, Value) {
    let mut options: Value = serde_json::from_str(&asked.options).expect("JSON");
    let keys = options.as_object().expect("options").keys().cloned().collect();
    options["challenge"] = Value::Null;
    (keys, options)
}

#[tokio::test]
async fn every_address_is_asked_for_keys_alike() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        with_key(&fixture).await;
        fixture.customer(OTHER).await;
        let mut lengths = BTreeSet::new();
        let mut sent = Vec::new();
        for email in [EMAIL, OTHER, UNKNOWN, "  CARLA@example.org", ""] {
            statements.take();
            let first = question(&fixture, email).await;
            sent.push(statements.take());
            let second = question(&fixture, email).await;
            assert_eq!(shape(&first), shape(&second), "the same keys each time");
            assert_ne!(first.options, second.options, "and another challenge");
            assert_ne!(first.question, second.question);
            let (_, options) = shape(&first);
            let allowed = options["allowCredentials"].as_array().expect("keys");
            assert!(matches!(allowed.len(), 1 | 2));
            assert!(allowed.iter().all(|key| key["type"] == "public-key"
                && key.as_object().map(|key| key.keys().cloned().collect())
                    == Some(BTreeSet::from(["id".to_owned(), "type".to_owned()]))));
            assert_eq!(
                (&options["userVerification"], first.origin.as_str()),
                (&"preferred".into(), "https://id.example.org")
            );
            lengths.insert(first.question.len());
        }
        assert_eq!(lengths.len(), 1, "what is sealed is as long: {lengths:?}");
        assert!(sent.iter().all(|statements| *statements == sent[0]), "{sent:#?}");
        let keys = shape(&question(&fixture, EMAIL).await).0;
        let emails: Vec<_> = (0..40).map(|n| format!("{n}@example.org")).collect();
        let mut shapes = BTreeSet::new();
        for asked in join_all(emails.iter().map(|email| question(&fixture, email))).await {
            let (of_nobody, options) = shape(&asked);
            assert_eq!(of_nobody, keys);
            let allowed = options["allowCredentials"].as_array().expect("keys");
            shapes.insert(allowed.iter().map(|key| key["id"].as_str().map_or(0, str::len)).collect::<Vec<_>>());
        }
        assert!(shapes.len() > 5, "one and two keys, with ids of several lengths: {shapes:?}");
        assert_ne!(
            shape(&question(&fixture, UNKNOWN).await),
            shape(&question_of(&fixture, Audience::Admin, UNKNOWN).await)
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_use_passkeys_is_asked_for_some_that_nobody_has() {
    on_every_database(async |fixture| {
        let mut key = with_key(&fixture).await;
        let own = shape(&question(&fixture, EMAIL).await).1;
        let asked = question(&fixture, EMAIL).await;
        let admin = fixture.admin();
        fixture.policy().set_forbidden(&admin, Audience::Customer, Channel::Passkey, true).await.expect("forbidden");
        let right = answer(&mut key, &asked);
        let late = enter(&fixture, 1, (EMAIL, PASSWORD), &right, &asked.question).await;
        assert_eq!(reason(late), Refusal::WrongLogin, "it was forbidden meanwhile");
        assert_ne!(shape(&question(&fixture, EMAIL).await).1, own);
        assert_eq!(reason(sign_in(&fixture, 1, PASSWORD, &mut key).await), Refusal::WrongLogin);
        fixture.policy().set_forbidden(&admin, Audience::Customer, Channel::Passkey, false).await.expect("permitted");
        assert_eq!(shape(&question(&fixture, EMAIL).await).1, own);
        let id = account(&fixture).await.id;
        fixture.users().help(&admin, Audience::Customer, id, Help::Disable, None).await.expect("disabled");
        assert_ne!(shape(&question(&fixture, EMAIL).await).1, own, "a disabled account is nobody's");
        assert_eq!(reason(sign_in(&fixture, 1, PASSWORD, &mut key).await), Refusal::WrongLogin);
    })
    .await;
}

#[tokio::test]
async fn one_network_asks_only_so_often() {
    on_every_database(async |fixture| {
        with_key(&fixture).await;
        let (login, here) = (fixture.login(), browser(&fixture, 1));
        let ask = async |origin: &Origin, email: &str| login.passkey_question(origin, Audience::Customer, email).await;
        let counter = format!("passkey-question:{}", here.network());
        for _ in 0..QUESTIONS - 1 {
            throttle::count(&fixture.core.db, &counter, fixture.now(), WINDOW).await.expect("counts");
        }
        ask(&here, EMAIL).await.expect("the last one");
        for email in [EMAIL, UNKNOWN] {
            assert_eq!(reason(ask(&here, email).await), Refusal::TooManyTries { minutes: 15 });
        }
        ask(&browser(&fixture, 2), EMAIL).await.expect("another network may");
        fixture.clock.pass(WINDOW);
        ask(&here, EMAIL).await.expect("the window is over");
    })
    .await;
}
