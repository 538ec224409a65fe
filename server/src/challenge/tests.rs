//! The rules of codes, as a person or an attacker meets them.

use super::{limits, store};
use crate::{
    accounts::factor,
    audit::Actor,
    entity::{challenge, delivery},
    outbox::service::{LEASE, PAUSE, send_due},
    platform::passwords::Passwords,
    rules::Rules,
    testing::{Fixture, from, on_every_database, reason, smtp_form},
};
use app::{
    audit::types::Action,
    caller::{Origin, Session},
    challenge::{
        port::{Answer, ChallengePort},
        types::{Purpose, Stage},
    },
    enrollment::port::EnrollmentPort,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    login::port::LoginPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::SmtpForm},
};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use std::{net::IpAddr, sync::Arc, time::Duration};
use uuid::Uuid;

mod model;
mod texts;

const EMAIL: &str = "carla@example.org";

async fn waiting(fixture: &Fixture) -> Session {
    fixture.enrolled_customer(EMAIL).await;
    fixture.password_session(EMAIL).await
}

/// The same browser, from another address.
fn elsewhere(fixture: &Fixture) -> Origin {
    Origin { address: IpAddr::from([203, 0, 113, 9]), ..fixture.origin.clone() }
}

async fn failures(fixture: &Fixture, account: Uuid) -> i32 {
    let account = crate::accounts::store::by_id(&fixture.core.db, account).await.expect("answers").expect("is there");
    account.factor_failures
}

#[tokio::test]
async fn an_accepted_code_fails_on_reuse() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let code = fixture.code();
        fixture.verify(&session, &code).await.expect("the code is right");
        assert_eq!(reason(fixture.verify(&session, &code).await), Refusal::CodeUsed);
        let other = fixture.password_session(EMAIL).await;
        assert!(fixture.verify(&other, &code).await.is_err(), "another sign-in took the code");
    })
    .await;
}

#[tokio::test]
async fn fifty_parallel_submits_of_the_right_code_give_one_session() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let code = fixture.code();
        let submits = (0..50).map(|_| {
            let (login, session, code) = (fixture.login(), session.clone(), code.clone());
            tokio::spawn(async move { login.verify(&session, Answer::Code(&code), false).await.is_ok() })
        });
        let mut accepted = 0;
        for submit in submits.collect::<Vec<_>>() {
            accepted += u32::from(submit.await.expect("runs"));
        }
        assert_eq!(accepted, 1);
        // And the account is none the worse for it.
        let next = fixture.password_session(EMAIL).await;
        fixture.verify(&next, &fixture.code()).await.expect("the next sign-in works");
    })
    .await;
}

#[tokio::test]
async fn a_hundred_parallel_wrong_codes_count_at_most_five() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let wrong = fixture.wrong_code();
        let submits = (0..100).map(|_| {
            let (login, session, code) = (fixture.login(), session.clone(), wrong.clone());
            tokio::spawn(async move { login.verify(&session, Answer::Code(&code), false).await.err() })
        });
        for submit in submits.collect::<Vec<_>>() {
            assert!(submit.await.expect("runs").is_some());
        }
        assert_eq!(failures(&fixture, session.account_id).await, 5);
        assert_eq!(reason(fixture.verify(&session, &fixture.code()).await), Refusal::TriesExhausted);
    })
    .await;
}

#[tokio::test]
async fn a_code_dies_after_ten_minutes() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        fixture.clock.pass(599);
        assert_eq!(reason(fixture.verify(&session, &fixture.wrong_code()).await), Refusal::WrongCode { tries_left: 4 });
        fixture.clock.pass(1);
        assert_eq!(reason(fixture.verify(&session, &fixture.code()).await), Refusal::CodeExpired);
    })
    .await;
}

#[tokio::test]
async fn after_five_wrong_tries_even_the_right_code_fails() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        for left in [4, 3, 2, 1] {
            assert_eq!(
                reason(fixture.verify(&session, &fixture.wrong_code()).await),
                Refusal::WrongCode { tries_left: left }
            );
        }
        assert_eq!(reason(fixture.verify(&session, &fixture.wrong_code()).await), Refusal::TriesExhausted);
        assert_eq!(reason(fixture.verify(&session, &fixture.code()).await), Refusal::TriesExhausted);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_code_costs_no_try_and_spaces_do_not_matter() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        for (typed, problem) in [("", Problem::Required), ("12345", Problem::NotACode), ("abcdef", Problem::NotACode)] {
            let error = fixture.verify(&session, typed).await.err().expect("refused");
            assert_eq!(error.problem_of("code"), Some(&problem));
        }
        let code = fixture.code();
        fixture.verify(&session, &format!(" {} {} ", &code[..3], &code[3..])).await.expect("accepted");
    })
    .await;
}

#[tokio::test]
async fn a_new_code_replaces_the_old_one_and_says_so() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let old = fixture.code();
        fixture.clock.pass(30);
        fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("sent");
        let (new, reference) = (fixture.code(), fixture.reference());
        if old != new {
            assert_eq!(
                reason(fixture.verify(&session, &old).await),
                Refusal::CodeReplaced { reference: reference.clone() }
            );
        }
        assert_eq!(fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").reference, reference);
        fixture.verify(&session, &new).await.expect("the new one works");
    })
    .await;
}

#[tokio::test]
async fn send_new_code_has_a_pause_and_limits_that_survive_new_sign_ins() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        assert_eq!(
            reason(fixture.challenge().send_new_code(&session, Purpose::SignIn).await),
            Refusal::TooSoon { seconds: 30 }
        );
        fixture.clock.pass(10);
        assert_eq!(fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").resend_in, 20);
        fixture.clock.pass(20);
        for _ in 0..3 {
            fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("sent");
            fixture.clock.pass(30);
        }
        let too_many = reason(fixture.challenge().send_new_code(&session, Purpose::SignIn).await);
        assert!(matches!(too_many, Refusal::TooManyCodes { .. }), "{too_many:?}");
        // Another sign-in from another address does not help.
        let other = fixture.password_session(EMAIL).await;
        fixture.clock.pass(30);
        let refused =
            reason(fixture.challenge().send_new_code(&from(other.clone(), elsewhere(&fixture)), Purpose::SignIn).await);
        assert!(matches!(refused, Refusal::TooManyCodes { .. }), "{refused:?}");
        fixture.clock.pass(300);
        fixture.challenge().send_new_code(&other, Purpose::SignIn).await.expect("sent after the window");
    })
    .await;
}

#[tokio::test]
async fn an_account_gets_only_so_many_codes_however_it_asks() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let [(window, most), _] = limits::MESSAGES;
        for n in 0..most {
            fixture.send_code(&session, method, &format!("box{n}@example.org")).await.expect("each is another entry");
        }
        let refused = reason(fixture.send_code(&session, method, EMAIL).await);
        assert!(matches!(refused, Refusal::TooManyCodes { .. }), "{refused:?}");
        fixture.clock.pass(window);
        fixture.send_code(&session, method, EMAIL).await.expect("sent after the window");
    })
    .await;
}

#[tokio::test]
async fn codes_to_one_destination_are_limited_over_all_accounts() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        let mut refused = None;
        for n in 0..limits::MESSAGES[0].1 + 1 {
            let email = format!("c{n}@example.org");
            fixture.customer(&email).await;
            let session = fixture.password_session(&email).await;
            let sent = fixture.send_code(&session, method, "Victim@example.org").await;
            refused = sent.err();
        }
        assert!(matches!(refused, Some(AppError::Refused { reason: Refusal::TooManyCodes { .. }, .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn codes_asked_for_from_one_address_are_limited_over_all_accounts() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        let [(_, most)] = limits::MESSAGES_PER_ADDRESS;
        let each = limits::MESSAGES[0].1;
        for n in 0..most / each {
            let email = format!("c{n}@example.org");
            fixture.customer(&email).await;
            let session = fixture.password_session(&email).await;
            for k in 0..each {
                let to = format!("box{n}-{k}@example.org");
                fixture.send_code(&session, method, &to).await.expect("sent");
            }
        }
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let refused = reason(fixture.send_code(&session, method, EMAIL).await);
        assert!(matches!(refused, Refusal::TooManyCodes { .. }), "{refused:?}");
        fixture.send_code(&from(session.clone(), elsewhere(&fixture)), method, EMAIL).await.expect("only this address");
    })
    .await;
}

#[tokio::test]
async fn one_counter_covers_every_flow_address_and_spelling() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let method = fixture.secondary_auth().list().await.expect("lists")[0].id;
        let signed_in = fixture.password_session(EMAIL).await;
        fixture.verify(&signed_in, &fixture.code()).await.expect("signs in");
        let enrollment = fixture.enrollment();
        fixture.send_code(&signed_in, method, "other@example.org").await.expect("sent");
        for _ in 0..5 {
            assert!(enrollment.verify(&signed_in, &fixture.wrong_code()).await.is_err());
        }
        let waiting = fixture.password_session(" CARLA@Example.org").await;
        for _ in 0..5 {
            let tried = fixture
                .login()
                .verify(&from(waiting.clone(), elsewhere(&fixture)), Answer::Code(&fixture.wrong_code()), false)
                .await;
            assert!(tried.is_err());
        }
        assert_eq!(failures(&fixture, account).await, 10);
        let locked = Refusal::FactorLocked { minutes: 15 };
        assert_eq!(reason(fixture.challenge().send_new_code(&signed_in, Purpose::Enroll).await), locked);
        assert_eq!(reason(fixture.challenge().send_new_code(&waiting, Purpose::SignIn).await), locked);
    })
    .await;
}

#[tokio::test]
async fn failures_survive_a_restart_and_what_is_rolled_back() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        for _ in 0..5 {
            assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
        }
        let restarted = fixture.another_server(Passwords::with_cost(8, 1));
        assert_eq!(reason(restarted.verify(&session, &fixture.code()).await), Refusal::TriesExhausted);
        // The code is right, but its sign-in has ended meanwhile: nothing of it is kept but the try.
        let ended = fixture.password_session(EMAIL).await;
        fixture.login().log_out(&ended).await.expect("ends");
        assert_eq!(restarted.verify(&ended, &fixture.code()).await.err(), Some(AppError::SignInNeeded));
        assert_eq!(failures(&fixture, session.account_id).await, 6);
    })
    .await;
}

#[tokio::test]
async fn ten_failures_pause_the_factor_twice_as_long_each_time_and_a_hundred_switch_it_off() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let mut pause = i64::from(15);
        for round in 1..=10 {
            for half in 0..2 {
                let session = fixture.password_session(EMAIL).await;
                for _ in 0..5 {
                    assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
                }
                // Neither a new sign-in nor a new code starts the count anew.
                if half == 0 {
                    fixture.clock.pass(600);
                }
            }
            let session = fixture.password_session(EMAIL).await;
            let shown = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").problem;
            if round == 10 {
                assert_eq!(shown, Some(Refusal::FactorDisabled));
                assert_eq!(
                    reason(fixture.challenge().send_new_code(&session, Purpose::SignIn).await),
                    Refusal::FactorDisabled
                );
                fixture.clock.pass(365 * 86_400);
                let later = fixture.password_session(EMAIL).await;
                assert_eq!(
                    reason(fixture.challenge().send_new_code(&later, Purpose::SignIn).await),
                    Refusal::FactorDisabled
                );
            } else {
                assert_eq!(
                    shown,
                    Some(Refusal::FactorLocked { minutes: u32::try_from(pause).expect("small") }),
                    "round {round}"
                );
                fixture.clock.pass(pause * 60);
                pause *= 2;
            }
        }
        // The last way back in.
        let account = fixture.password_session(EMAIL).await.account_id;
        crate::enrollment::service::reset(&fixture.core, Actor::CommandLine, &fixture.account_row(account).await)
            .await
            .expect("reset");
        assert!(!fixture.log_in(EMAIL, crate::testing::PASSWORD, None).await.expect("signs in").code_needed);
    })
    .await;
}

#[tokio::test]
async fn a_success_clears_the_accounts_count_but_not_the_addresss() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        for round in 0..limits::FAILURES_PER_ADDRESS / 4 {
            // Another account every time, so that only the address adds up.
            let email = format!("c{round}@example.org");
            fixture.another_enrolled_customer(&email).await;
            let session = fixture.password_session(&email).await;
            for _ in 0..4 {
                assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
            }
            let right = fixture.verify(&session, &fixture.code()).await;
            if round + 1 < limits::FAILURES_PER_ADDRESS / 4 {
                right.expect("the fifth is right");
            } else {
                assert!(matches!(reason(right), Refusal::FactorLocked { .. }), "the address is out of tries");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_works_only_in_the_session_that_asked_for_it() {
    on_every_database(async |fixture| {
        let mine = waiting(&fixture).await;
        let code = fixture.code();
        // So that the other one gets a code as well, whichever session they are taken for.
        fixture.clock.pass(31);
        let other = fixture.password_session(EMAIL).await;
        if fixture.code() != code {
            assert!(fixture.verify(&other, &code).await.is_err());
        }
        fixture.verify(&mine, &code).await.expect("its own session takes it");
    })
    .await;
}

#[tokio::test]
async fn a_code_cannot_be_moved_to_another_account_or_purpose() {
    on_every_database(async |fixture| {
        let mine = waiting(&fixture).await;
        let code = fixture.code();
        fixture.another_enrolled_customer("conrad@example.org").await;
        let theirs = fixture.password_session("conrad@example.org").await;
        let newest = async |session: &Session| {
            store::newest(&fixture.core.db, session.id, Purpose::SignIn).await.expect("answers").remove(0)
        };
        // Not even by somebody who can write to the database, but does not have the key.
        let stolen = challenge::ActiveModel {
            id: Set(newest(&theirs).await.id),
            code_hash: Set(newest(&mine).await.code_hash),
            ..Default::default()
        };
        stolen.update(&fixture.core.db).await.expect("written");
        assert_eq!(reason(fixture.verify(&theirs, &code).await), Refusal::WrongCode { tries_left: 4 });
        let enrolled = fixture.enrollment().verify(&mine, &code).await;
        assert_eq!(reason(enrolled), Refusal::NoChallenge);
        fixture.verify(&mine, &code).await.expect("its own sign-in takes it");
    })
    .await;
}

#[tokio::test]
async fn when_the_mail_server_is_down_nothing_is_lost_and_a_new_code_works_when_it_is_back() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let down =
            DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: Some("connection refused".to_owned()) };
        fixture.mail.fail_with(Some(down));
        let session = fixture.password_session(EMAIL).await;
        let screen = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows");
        let expected = DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None };
        assert_eq!(screen.problem, Some(Refusal::NotDelivered(expected)), "the server's answer is not for customers");
        assert_eq!(screen.resend_in, 0, "there is nothing to wait for");
        assert!(matches!(
            reason(fixture.challenge().send_new_code(&session, Purpose::SignIn).await),
            Refusal::NotDelivered(_)
        ));
        fixture.mail.fail_with(None);
        fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("the server is back");
        fixture.verify(&session, &fixture.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn messages_count_for_their_limits_whatever_becomes_of_them() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        for kind in [DeliveryFailureKind::TimedOut, DeliveryFailureKind::Unreachable] {
            let email = format!("{}@example.org", format!("{kind:?}").to_lowercase());
            fixture.another_enrolled_customer(&email).await;
            let session = fixture.password_session(&email).await;
            fixture.mail.fail_with(Some(DeliveryFailure { kind, answer: None }));
            for _ in 0..3 {
                fixture.clock.pass(30);
                let asked = fixture.challenge().send_new_code(&session, Purpose::SignIn).await;
                assert!(matches!(reason(asked), Refusal::NotDelivered(_)), "{kind:?}");
            }
            fixture.clock.pass(30);
            let asked = reason(fixture.challenge().send_new_code(&session, Purpose::SignIn).await);
            assert!(matches!(asked, Refusal::TooManyCodes { .. }), "{kind:?}: {asked:?}");
            fixture.mail.fail_with(None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_right_code_sent_twice_is_no_failure() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let code = fixture.code();
        let done = join_all((0..4).map(|_| fixture.verify(&session, &code))).await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
        for lost in done.into_iter().filter(Result::is_err) {
            assert_eq!(reason(lost), Refusal::CodeUsed);
        }
        assert_eq!(reason(fixture.verify(&session, &code).await), Refusal::CodeUsed);
        assert_eq!(fixture.account_row(account).await.factor_failures, 0);
    })
    .await;
}

#[tokio::test]
async fn only_ones_own_failure_is_taken_back() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let (db, rules) = (&fixture.core.db, Rules::default());
        let count = async || {
            let counted = factor::count_failure(db, account, &rules, fixture.now()).await.expect("answers");
            counted.expect("it is not locked")
        };
        let take_back = async |counted| factor::take_back(db, account, counted, &rules).await.expect("answers");
        let failures = async || fixture.account_row(account).await.factor_failures;
        let (first, second, _third) = (count().await, count().await, count().await);
        take_back(first).await;
        take_back(second).await;
        assert_eq!(failures().await, 1, "two of three, in any order");
        // Two right answers at the same moment, and a wrong one after the first of them.
        let (_used, late) = (count().await, count().await);
        factor::clear_failures(db, account, None).await.expect("answers");
        count().await;
        take_back(late).await;
        assert_eq!(failures().await, 1, "the wrong one stays");
    })
    .await;
}

#[tokio::test]
async fn an_older_code_lives_on_when_the_new_one_could_not_leave() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let code = fixture.code();
        fixture.clock.pass(30);
        fixture.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None }));
        assert!(fixture.challenge().send_new_code(&session, Purpose::SignIn).await.is_err());
        fixture.verify(&session, &code).await.expect("the first code still counts");
    })
    .await;
}

/// Asks for a new code in a server that vanishes while the mail server has not answered yet.
async fn ask_and_vanish(fixture: &Fixture, session: &Session) {
    let other = fixture.another_server(Passwords::with_cost(8, 1));
    other.mail.be_silent_to(Some("carla"));
    let (challenge, session) = (other.challenge(), session.clone());
    let request = tokio::spawn(async move { challenge.send_new_code(&session, Purpose::SignIn).await });
    while other.mail.begun() == 0 {
        tokio::task::yield_now().await;
        assert!(!request.is_finished(), "it did not come so far");
    }
    // Its mail server never answers, so it does nothing more.
    request.abort();
    assert!(request.await.expect_err("it vanished").is_cancelled());
}

/// Another server, whose pages wait for milliseconds, and whose mail server does not answer before it is told to.
fn slow_server(fixture: &Fixture) -> Fixture {
    let mut slow = fixture.another_server(Passwords::with_cost(8, 1));
    Arc::get_mut(&mut slow.core).expect("it is new").outbox.page = Duration::from_millis(20);
    slow.mail.be_silent_to(Some("carla"));
    slow
}

#[tokio::test]
async fn a_page_that_hears_what_comes_later_does_not_wait_for_a_slow_mail_server() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        fixture.clock.pass(30);
        let mut slow = fixture.another_server(Passwords::with_cost(8, 1));
        Arc::get_mut(&mut slow.core).expect("it is new").outbox.scripted_page = Duration::from_millis(20);
        slow.mail.be_silent_to(Some("carla"));
        let scripted = from(session.clone(), Origin { scripted: true, ..fixture.origin.clone() });
        let challenge = slow.challenge();
        let asked = challenge.send_new_code(&scripted, Purpose::SignIn);
        tokio::time::timeout(Duration::from_secs(3), asked).await.expect("it does not wait").expect("it is on its way");
        assert_eq!(stage(&fixture, &session).await, Some(Stage::Sending));
    })
    .await;
}

async fn problem(fixture: &Fixture, session: &Session) -> Option<DeliveryFailureKind> {
    let screen = fixture.challenge().screen(session, Purpose::SignIn).await.expect("shows");
    screen.problem.map(|problem| match problem {
        Refusal::NotDelivered(failure) => failure.kind,
        other => panic!("{other:?}"),
    })
}

async fn stage(fixture: &Fixture, session: &Session) -> Option<Stage> {
    let screen = fixture.challenge().screen(session, Purpose::SignIn).await.expect("shows");
    screen.progress.map(|progress| progress.stage)
}

/// Waits until the screen says what became of a message.
async fn wait_for_failure(fixture: &Fixture, session: &Session, wanted: Option<DeliveryFailureKind>) {
    let outcome = async {
        while problem(fixture, session).await != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), outcome).await.expect("it was not told");
}

#[tokio::test]
async fn a_code_that_a_slow_mail_server_takes_in_the_end_arrives_once_and_counts() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let first = fixture.code();
        send_due(&fixture.core).await.expect("the notices leave");
        fixture.clock.pass(30);
        let slow = slow_server(&fixture);
        slow.challenge().send_new_code(&session, Purpose::SignIn).await.expect("the page does not wait");
        assert_eq!(problem(&fixture, &session).await, None);
        assert_eq!(stage(&fixture, &session).await, Some(Stage::Sending));
        let screen = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.resend_in, 30, "it may be on its way");
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0, "it is in hand");
        let replaced = Refusal::CodeReplaced { reference: screen.reference.clone() };
        assert_eq!(reason(fixture.verify(&session, &first).await), replaced, "the page asks for the one on its way");
        slow.mail.be_silent_to(None);
        let taken = async {
            while stage(&fixture, &session).await != Some(Stage::Accepted) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), taken).await.expect("it was not told");
        assert_eq!((slow.mail.begun(), slow.mail.kept().len()), (1, 1), "it arrives once");
        if slow.code() != first {
            let replaced = Refusal::CodeReplaced { reference: screen.reference };
            assert_eq!(reason(fixture.verify(&session, &first).await), replaced);
        }
        fixture.verify(&session, &slow.code()).await.expect("signs in");
        fixture.clock.pass(LEASE);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0, "once is enough");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_that_comes_late_is_told_when_it_comes() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        fixture.clock.pass(30);
        let slow = slow_server(&fixture);
        let refused = DeliveryFailureKind::RecipientRefused;
        slow.mail.fail_with(Some(DeliveryFailure { kind: refused, answer: None }));
        slow.challenge().send_new_code(&session, Purpose::SignIn).await.expect("the page does not wait");
        slow.mail.be_silent_to(None);
        wait_for_failure(&fixture, &session, Some(refused)).await;
        let logged = async {
            while !fixture.events(Action::CodeSent).await.iter().any(|event| event.contains("recipient refused")) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), logged).await.expect("it was not logged");
        fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("without a pause");
        fixture.verify(&session, &fixture.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn who_leaves_the_page_gets_the_code_all_the_same_and_a_server_that_stops_waits_for_it() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        send_due(&fixture.core).await.expect("the notices leave");
        fixture.clock.pass(30);
        let slow = fixture.another_server(Passwords::with_cost(8, 1));
        slow.mail.be_silent_to(Some("carla"));
        let (challenge, of) = (slow.challenge(), session.clone());
        let request = tokio::spawn(async move { challenge.send_new_code(&of, Purpose::SignIn).await });
        while slow.mail.begun() == 0 {
            tokio::task::yield_now().await;
        }
        request.abort();
        let stopping = tokio::spawn(crate::outbox::worker::run(slow.core.clone(), async {}));
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!stopping.is_finished(), "it left a code in the middle");
        slow.mail.be_silent_to(None);
        stopping.await.expect("it stops");
        fixture.verify(&session, &slow.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn a_code_that_is_put_off_is_sent_again_while_it_lives() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        send_due(&fixture.core).await.expect("the notices leave");
        let deferred = DeliveryFailureKind::Deferred;
        fixture.mail.fail_with(Some(DeliveryFailure { kind: deferred, answer: None }));
        let session = fixture.password_session(EMAIL).await;
        assert_eq!(problem(&fixture, &session).await, Some(deferred));
        let screen = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.resend_in, 0, "nothing has left yet");
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0, "the server asked for a pause");
        fixture.clock.pass(PAUSE * 2);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 1);
        assert_eq!(problem(&fixture, &session).await, Some(deferred), "still put off");
        fixture.mail.fail_with(None);
        fixture.clock.pass(PAUSE * 4);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 1);
        assert_eq!(problem(&fixture, &session).await, None);
        assert_eq!(fixture.reference(), screen.reference, "it is the same code");
        fixture.verify(&session, &fixture.code()).await.expect("signs in");
        // And never after its end.
        fixture.mail.fail_with(Some(DeliveryFailure { kind: deferred, answer: None }));
        fixture.password_session(EMAIL).await;
        fixture.mail.fail_with(None);
        fixture.clock.pass(600);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0);
        let rows = delivery::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert!(rows.iter().all(|row| row.body.is_none()), "a text was kept");
    })
    .await;
}

#[tokio::test]
async fn a_code_whose_sender_vanished_is_sent_by_another_server_while_it_lives() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let (first, sent) = (fixture.code(), fixture.mail.kept().len());
        fixture.clock.pass(30);
        ask_and_vanish(&fixture, &session).await;
        let shown = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").reference;
        fixture.clock.pass(LEASE - 1);
        send_due(&fixture.core).await.expect("runs");
        let codes = || fixture.mail.kept().iter().filter(|kept| kept.text.contains("Reference: ")).count();
        let before = codes();
        fixture.clock.pass(1);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 1);
        assert_eq!(codes(), before + 1);
        assert!(fixture.mail.kept().len() > sent);
        assert_eq!(fixture.reference(), shown, "it is the code that the screen waits for");
        if fixture.code() != first {
            let replaced = Refusal::CodeReplaced { reference: shown };
            assert_eq!(reason(fixture.verify(&session, &first).await), replaced);
        }
        fixture.verify(&session, &fixture.code()).await.expect("signs in");
        fixture.clock.pass(LEASE);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0, "once is enough");
    })
    .await;
}

#[tokio::test]
async fn a_code_that_nobody_waits_for_any_more_is_not_sent_again() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        send_due(&fixture.core).await.expect("the notices leave");
        fixture.clock.pass(30);
        ask_and_vanish(&fixture, &session).await;
        // Replaced by a newer one.
        fixture.clock.pass(30);
        fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("sent");
        let sent = fixture.mail.kept().len();
        fixture.clock.pass(LEASE);
        send_due(&fixture.core).await.expect("runs");
        assert_eq!(fixture.mail.kept().len(), sent);
        // Expired.
        ask_and_vanish(&fixture, &session).await;
        fixture.clock.pass(600);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0);
        assert_eq!(fixture.mail.kept().len(), sent);
        let rows = delivery::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert!(rows.iter().all(|row| row.body.is_none()), "a text was kept");
    })
    .await;
}

#[tokio::test]
async fn a_code_whose_failure_was_told_brings_no_later_surprise() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        send_due(&fixture.core).await.expect("the notices leave");
        for kind in [DeliveryFailureKind::Unreachable, DeliveryFailureKind::TimedOut] {
            let sent = fixture.mail.kept().len();
            fixture.mail.fail_with(Some(DeliveryFailure { kind, answer: None }));
            let session = fixture.password_session(EMAIL).await;
            let shown = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").problem;
            assert_eq!(shown, Some(Refusal::NotDelivered(DeliveryFailure { kind, answer: None })));
            fixture.mail.fail_with(None);
            fixture.clock.pass(LEASE);
            assert_eq!(send_due(&fixture.core).await.expect("runs"), 0, "{kind:?}");
            assert_eq!(fixture.mail.kept().len(), sent);
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_that_another_server_cannot_send_either_is_told_as_not_delivered() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        let first = fixture.code();
        send_due(&fixture.core).await.expect("the notices leave");
        fixture.clock.pass(30);
        ask_and_vanish(&fixture, &session).await;
        fixture.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None }));
        fixture.clock.pass(LEASE);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 1);
        let screen = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows");
        assert!(matches!(screen.problem, Some(Refusal::NotDelivered(_))));
        assert_eq!(screen.resend_in, 0, "there is nothing to wait for");
        fixture.verify(&session, &first).await.expect("the first code still counts");
    })
    .await;
}

#[tokio::test]
async fn a_code_leaves_through_the_provider_that_was_offered_or_not_at_all() {
    on_every_database(async |fixture| {
        let session = waiting(&fixture).await;
        send_due(&fixture.core).await.expect("the notices leave");
        fixture.clock.pass(30);
        ask_and_vanish(&fixture, &session).await;
        // Another provider can send mail, but it is not the one that the person chose.
        let admin = fixture.admin();
        let chosen = fixture.services().list().await.expect("services")[0].id;
        let other = SmtpForm { title: "Other".to_owned(), ..smtp_form() };
        fixture.services().save_smtp(&admin, None, &other).await.expect("saved");
        fixture.services().set_active(&admin, chosen, false).await.expect("deactivated");
        let sent = fixture.mail.kept().len();
        fixture.clock.pass(LEASE);
        send_due(&fixture.core).await.expect("runs");
        assert_eq!(fixture.mail.kept().len(), sent);
    })
    .await;
}
