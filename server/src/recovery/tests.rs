//! The rules of recovery codes.

use crate::{
    audit::Actor,
    challenge::limits::{ADDRESS_WINDOW, FAILURES_PER_ADDRESS, address_counter},
    enrollment::service::reset,
    entity::{audit_event, recovery_code},
    entries::recovery_codes,
    platform::throttle,
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    audit::types::Action,
    caller::{Session, Stage, Token},
    challenge::port::Answer,
    enrollment::port::EnrollmentPort,
    error::{AppError, Problem, Refusal},
    login::port::LoginPort,
    recovery::{
        port::RecoveryPort,
        types::{LENGTH, LETTERS, SET, in_groups},
    },
    secondary_auth::port::SecondaryAuthPort,
    step_up::port::StepUpPort,
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use std::collections::BTreeSet;

mod helpdesk;

const EMAIL: &str = "carla@example.org";

/// A signed-in customer with an entry.
async fn signed_in(fixture: &Fixture, email: &str) -> Session {
    let token = fixture.full_sign_in(email).await;
    fixture.session(&token).await.expect("a session")
}

/// The same in a new fixture.
async fn enrolled(fixture: &Fixture) -> Session {
    fixture.enrolled_customer(EMAIL).await;
    signed_in(fixture, EMAIL).await
}

/// Makes a set and reads it on its page.
async fn new_codes(fixture: &Fixture, session: &Session) -> Vec<String> {
    let once = fixture.recovery().make(session).await.expect("made");
    fixture.recovery().overview(session, Some(&once.secret)).await.expect("shows").fresh
}

async fn left(fixture: &Fixture, session: &Session) -> u32 {
    fixture.recovery().overview(session, None).await.expect("shows").left
}

async fn use_code(fixture: &Fixture, waiting: &Session, code: &str) -> Result<Token, AppError> {
    let done = fixture.login().verify(waiting, Answer::RecoveryCode(code), false).await?;
    Ok(done.session)
}

async fn stored(fixture: &Fixture) -> Vec<recovery_code::Model> {
    recovery_code::Entity::find().all(&fixture.core.db).await.expect("the database answers")
}

#[tokio::test]
async fn a_set_has_ten_codes_of_eighty_bits_and_only_keyed_hashes_are_stored() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let codes = new_codes(&fixture, &session).await;
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), SET as usize);
        let bits = LENGTH * LETTERS.len().ilog2() as usize;
        assert!(bits >= 64, "{bits} bits");
        for code in &codes {
            assert!(code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter)), "{code}");
        }
        let used: BTreeSet<char> = codes.concat().chars().collect();
        assert!(used.len() > 16, "random letters are not only {used:?}");
        let rows = stored(&fixture).await;
        assert_eq!(rows.len(), codes.len());
        for (row, code) in rows.iter().zip(&codes) {
            assert!(!format!("{row:?}").contains(code.as_str()));
            assert_ne!(
                row.code_hash,
                crate::platform::vault::token_hash(code),
                "a hash without the key can be tried out"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn they_are_told_once_and_only_in_the_session_that_made_them() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let once = fixture.recovery().make(&session).await.expect("made").secret;
        assert!(!once.contains(&stored(&fixture).await[0].code_hash));
        fixture.clock.pass(30);
        let other = signed_in(&fixture, EMAIL).await;
        let show =
            async |session: &Session| fixture.recovery().overview(session, Some(&once)).await.expect("shows").fresh;
        assert!(show(&other).await.is_empty(), "another session reads them");
        assert_eq!(show(&session).await.len(), SET as usize);
        assert!(show(&session).await.is_empty(), "they are shown a second time");
        let late = fixture.recovery().make(&session).await.expect("made").secret;
        fixture.clock.pass(300);
        assert!(fixture.recovery().overview(&session, Some(&late)).await.expect("shows").fresh.is_empty());
        assert!(fixture.recovery().overview(&session, Some("nonsense")).await.expect("shows").fresh.is_empty());
        assert_eq!(left(&fixture, &session).await, SET);
    })
    .await;
}

#[tokio::test]
async fn each_signs_in_once_however_it_is_typed() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let codes = new_codes(&fixture, &session).await;
        let spellings = [
            codes[0].clone(),
            in_groups(&codes[1]),
            format!("  {} ", codes[2].to_lowercase().replace('0', "o").replace('1', "l")),
            in_groups(&codes[3]).replace('-', " – "),
        ];
        for (used, spelling) in spellings.iter().enumerate() {
            let waiting = fixture.password_session(EMAIL).await;
            assert_eq!(waiting.stage, Stage::CodeNeeded);
            let token = use_code(&fixture, &waiting, spelling).await.expect("signs in").secret;
            let done = fixture.session(&token).await.expect("a session");
            assert_eq!((done.stage, done.stepped_up), (Stage::SignedIn, true));
            assert_eq!(left(&fixture, &session).await, SET - 1 - used as u32);
            let again = fixture.password_session(EMAIL).await;
            assert_eq!(reason(use_code(&fixture, &again, spelling).await), Refusal::RecoveryCodeUsed);
            fixture.clock.pass(300);
        }
        let waiting = fixture.password_session(EMAIL).await;
        for (typed, problem) in [
            (" - ", Problem::NotARecoveryCode),
            ("", Problem::Required),
            ("123456", Problem::NotARecoveryCode),
            ("UUUU-UUUU-UUUU-UUUU", Problem::NotARecoveryCode),
        ] {
            let error = use_code(&fixture, &waiting, typed).await.err().expect("refused");
            assert_eq!(error.problem_of("recovery_code"), Some(&problem), "{typed:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn of_many_parallel_uses_one_gets_in() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let code = new_codes(&fixture, &session).await.remove(0);
        let mut waiting = Vec::new();
        for _ in 0..8 {
            waiting.push(fixture.password_session(EMAIL).await);
        }
        let uses = waiting.into_iter().map(|waiting| {
            let (login, code) = (fixture.login(), code.clone());
            tokio::spawn(async move { login.verify(&waiting, Answer::RecoveryCode(&code), false).await.is_ok() })
        });
        let mut in_by_it = 0;
        for one in uses.collect::<Vec<_>>() {
            in_by_it += u32::from(one.await.expect("runs"));
        }
        assert_eq!((in_by_it, left(&fixture, &session).await), (1, SET - 1));
    })
    .await;
}

#[tokio::test]
async fn a_new_set_voids_the_old_one_and_codes_are_bound_to_their_account() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let old = new_codes(&fixture, &session).await;
        let new = new_codes(&fixture, &session).await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        let waiting = fixture.password_session(EMAIL).await;
        let other = fixture.password_session("conrad@example.org").await;
        assert_eq!(reason(use_code(&fixture, &waiting, &old[0]).await), Refusal::WrongRecoveryCode);
        assert_eq!(reason(use_code(&fixture, &other, &new[0]).await), Refusal::WrongRecoveryCode);
        use_code(&fixture, &waiting, &new[0]).await.expect("signs in");
        // Of two that are made at once, the set that works is the one that is shown.
        let make = async || fixture.recovery().make(&session).await.expect("made").secret;
        let (void, works) = (make().await, make().await);
        let show = async |once: &str| fixture.recovery().overview(&session, Some(once)).await.expect("shows").fresh;
        assert!(show(&void).await.is_empty(), "codes that do not work");
        assert_eq!(show(&works).await.len(), SET as usize);
    })
    .await;
}

#[tokio::test]
async fn wrong_ones_count_together_with_all_other_codes() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let codes = new_codes(&fixture, &session).await;
        let waiting = fixture.password_session(EMAIL).await;
        for _ in 0..5 {
            assert!(fixture.verify(&waiting, &fixture.wrong_code()).await.is_err());
        }
        let wrong = "0000-0000-0000-0000";
        for _ in 0..4 {
            assert_eq!(reason(use_code(&fixture, &waiting, wrong).await), Refusal::WrongRecoveryCode);
        }
        let locked = Refusal::FactorLocked { minutes: 15 };
        assert_eq!(reason(use_code(&fixture, &waiting, wrong).await), locked);
        assert_eq!(reason(use_code(&fixture, &waiting, &codes[0]).await), locked, "the right one fails too");
        assert_eq!(fixture.events(Action::FactorLocked).await.len(), 1);
        fixture.clock.pass(900);
        let waiting = fixture.password_session(EMAIL).await;
        use_code(&fixture, &waiting, &codes[0]).await.expect("signs in");
        assert_eq!(fixture.account_row(session.account_id).await.factor_failures, 0, "a success clears the count");
    })
    .await;
}

#[tokio::test]
async fn wrong_ones_count_on_the_clients_address() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let codes = new_codes(&fixture, &session).await;
        let waiting = fixture.password_session(EMAIL).await;
        let key = address_counter(&fixture.origin);
        assert!(use_code(&fixture, &waiting, "0000-0000-0000-0000").await.is_err());
        let counted = throttle::counted(&fixture.core.db, &key, fixture.now(), ADDRESS_WINDOW).await;
        assert_eq!(counted.expect("answers"), 1);
        for _ in 1..FAILURES_PER_ADDRESS {
            throttle::count(&fixture.core.db, &key, fixture.now(), ADDRESS_WINDOW).await.expect("counted");
        }
        assert!(matches!(reason(use_code(&fixture, &waiting, &codes[0]).await), Refusal::FactorLocked { .. }));
    })
    .await;
}

#[tokio::test]
async fn a_code_confirms_that_it_is_you_after_the_password_and_once() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        let session = fixture.session(&token).await.expect("a session");
        let codes = new_codes(&fixture, &session).await;
        fixture.clock.pass(600);
        let session = fixture.session(&token).await.expect("a session");
        assert!(!session.stepped_up);
        let early = fixture.step_up().verify(&session, Answer::RecoveryCode(&codes[0])).await.err();
        assert_eq!(early, Some(AppError::step_up_needed()), "a code alone is not enough");
        let half = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right").session.secret;
        let half = fixture.session(&half).await.expect("a session");
        let done =
            fixture.step_up().verify(&half, Answer::RecoveryCode(&codes[0])).await.expect("the code is right").secret;
        assert!(fixture.session(&done).await.expect("a session").stepped_up);
        assert_eq!(left(&fixture, &session).await, SET - 1);
    })
    .await;
}

#[tokio::test]
async fn they_go_with_the_last_entry_and_with_a_reset() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        new_codes(&fixture, &session).await;
        let entry = fixture.enrollment().overview(&session).await.expect("shows").entries[0].id;
        fixture.enrollment().delete(&session, entry, true).await.expect("removed");
        assert!(stored(&fixture).await.is_empty());
        assert_eq!(fixture.recovery().make(&session).await.err(), Some(AppError::refused(Refusal::NoEntry)));
        let session = signed_in(&fixture, EMAIL).await;
        fixture.clock.pass(30);
        fixture.enroll(&session).await;
        new_codes(&fixture, &session).await;
        let account = fixture.account_row(session.account_id).await;
        reset(&fixture.core, Actor::CommandLine, &account).await.expect("reset");
        assert!(stored(&fixture).await.is_empty());
        fixture.clock.pass(30);
        // An administrator who takes a method away takes what stands in for it.
        fixture.enroll(&session).await;
        new_codes(&fixture, &session).await;
        let auth = fixture.secondary_auth().list().await.expect("lists")[0].id;
        fixture.secondary_auth().delete(&fixture.admin(), auth, true).await.expect("deleted");
        assert!(stored(&fixture).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn making_and_using_them_is_recorded_and_announced_without_a_code() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let codes = new_codes(&fixture, &session).await;
        let waiting = fixture.password_session(EMAIL).await;
        use_code(&fixture, &waiting, &codes[0]).await.expect("signs in");
        assert_eq!(fixture.events(Action::RecoveryCodesMade).await, [": "]);
        assert_eq!(fixture.events(Action::RecoveryCodeUsed).await, [": sign-in"]);
        let signed_in = fixture.events(Action::LoggedIn).await;
        assert!(signed_in.contains(&": password, recovery code".to_owned()), "{signed_in:?}");
        let mail = fixture.mail_so_far().await;
        for text in ["New recovery codes were created", "You have 9 recovery codes left."] {
            assert!(mail.iter().any(|(to, body)| to == EMAIL && body.contains(text)), "{text}");
        }
        let all = format!("{mail:?}{:?}", audit_event::Entity::find().all(&fixture.core.db).await.expect("answers"));
        for code in &codes {
            assert!(!all.contains(code.as_str()) && !all.contains(&in_groups(code)));
        }
        assert_eq!(recovery_codes::count_left(&fixture.core.db, session.account_id).await.expect("answers"), SET - 1);
    })
    .await;
}

#[tokio::test]
async fn a_right_code_sent_twice_is_no_failure() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let codes = new_codes(&fixture, &session).await;
        fixture.clock.pass(30);
        let waiting = fixture.password_session(EMAIL).await;
        let done = join_all((0..12).map(|_| use_code(&fixture, &waiting, &codes[0]))).await;
        assert_eq!(done.into_iter().filter(Result::is_ok).count(), 1, "it is accepted once");
        let waiting = fixture.password_session(EMAIL).await;
        for _ in 0..12 {
            assert_eq!(reason(use_code(&fixture, &waiting, &codes[0]).await), Refusal::RecoveryCodeUsed);
        }
        let row = fixture.account_row(session.account_id).await;
        assert_eq!((row.factor_failures, row.factor_locked_until), (0, None));
        use_code(&fixture, &waiting, &codes[1]).await.expect("nothing is locked");
    })
    .await;
}

#[tokio::test]
async fn one_accounts_wrong_codes_do_not_lock_its_office() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        let waiting = fixture.password_session(EMAIL).await;
        for _ in 0..FAILURES_PER_ADDRESS + 20 {
            assert!(use_code(&fixture, &waiting, "0000-0000-0000-0000").await.is_err());
        }
        let neighbour = fixture.password_session("conrad@example.org").await;
        fixture.verify(&neighbour, &fixture.code()).await.expect("a neighbour is not concerned");
    })
    .await;
}
