//! The rules of a step-up.

use crate::{
    audit::Actor,
    recovery::service::issue,
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    caller::Session,
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    recovery::port::RecoveryPort,
    secondary_auth::port::SecondaryAuthPort,
    services::port::ServicesPort,
    step_up::port::StepUpPort,
};

const EMAIL: &str = "carla@example.org";
/// A step-up is over.
const OVER: i64 = 600;

async fn live(fixture: &Fixture, token: &str) -> Session {
    fixture.session(token).await.expect("a session")
}

/// A signed-in customer with an entry, whose sign-in no longer counts as a step-up.
async fn stale(fixture: &Fixture) -> Session {
    fixture.enrolled_customer(EMAIL).await;
    let token = fixture.full_sign_in(EMAIL).await;
    fixture.clock.pass(OVER);
    live(fixture, &token).await
}

fn wrong_password<T>(result: Result<T, AppError>) -> bool {
    result.err().is_some_and(|error| error.problem_of("password") == Some(&Problem::WrongPassword))
}

#[tokio::test]
async fn a_sign_in_with_everything_asked_for_counts_for_ten_minutes() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let other = "conrad@example.org";
        fixture.customer(other).await;
        for email in [EMAIL, other] {
            let token = fixture.full_sign_in(email).await;
            fixture.clock.pass(OVER - 1);
            assert!(live(&fixture, &token).await.stepped_up, "{email}");
            fixture.clock.pass(1);
            assert!(!live(&fixture, &token).await.stepped_up, "{email}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_trusted_device_replaces_no_step_up() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let done = fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("signs in");
        let trust = done.trust.expect("a trusted device").secret;
        let done = fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("signs in");
        assert!(!done.code_needed);
        let session = live(&fixture, &done.session.secret).await;
        assert!(!session.stepped_up);
        assert!(fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right").code_needed);
    })
    .await;
}

#[tokio::test]
async fn without_an_entry_the_password_is_enough_and_counts_in_this_session_only() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let (old, other) = (fixture.full_sign_in(EMAIL).await, fixture.full_sign_in(EMAIL).await);
        fixture.clock.pass(OVER);
        let session = live(&fixture, &old).await;
        let done = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
        assert!(!done.code_needed);
        assert!(fixture.session(&old).await.is_none(), "the old token lives");
        let now = live(&fixture, &done.session.secret).await;
        assert!(now.stepped_up && now.id == session.id);
        assert!(!live(&fixture, &other).await.stepped_up, "another session was stepped up");
        fixture.clock.pass(OVER);
        assert!(!live(&fixture, &done.session.secret).await.stepped_up);
    })
    .await;
}

#[tokio::test]
async fn with_an_entry_the_code_is_needed_too_and_the_token_changes_at_both_steps() {
    on_every_database(async |fixture| {
        let session = stale(&fixture).await;
        let first = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
        assert!(first.code_needed);
        let half = live(&fixture, &first.session.secret).await;
        assert!(!half.stepped_up, "the password alone was enough");
        let screen = fixture.challenge().screen(&half, Purpose::StepUp).await.expect("shows");
        assert_eq!((screen.destination.as_deref(), screen.problem), (Some("c•••a@example.org"), None));
        let wrong = fixture.step_up().verify(&half, Answer::Code(&fixture.wrong_code())).await;
        assert_eq!(reason(wrong), Refusal::WrongCode { tries_left: 4 });
        let second = fixture.step_up().verify(&half, Answer::Code(&fixture.code())).await.expect("the code is right");
        assert!(fixture.session(&first.session.secret).await.is_none(), "the old token lives");
        let done = live(&fixture, &second.secret).await;
        assert!(done.stepped_up && done.id == session.id);
        // What was proved is used up.
        assert_eq!(
            fixture.step_up().verify(&done, Answer::Code(&fixture.code())).await.err(),
            Some(AppError::step_up_needed())
        );
    })
    .await;
}

#[tokio::test]
async fn a_code_needs_its_password_first_and_not_long_ago() {
    on_every_database(async |fixture| {
        let session = stale(&fixture).await;
        let needed = Some(AppError::step_up_needed());
        assert_eq!(fixture.challenge().screen(&session, Purpose::StepUp).await.err(), needed);
        assert_eq!(fixture.challenge().send_new_code(&session, Purpose::StepUp).await.err(), needed);
        assert_eq!(fixture.step_up().verify(&session, Answer::Code("000000")).await.err(), needed);
        fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
        fixture.clock.pass(870);
        fixture.challenge().send_new_code(&session, Purpose::StepUp).await.expect("sent");
        fixture.clock.pass(30);
        assert_eq!(fixture.step_up().verify(&session, Answer::Code(&fixture.code())).await.err(), needed);
    })
    .await;
}

#[tokio::test]
async fn another_sessions_code_is_of_no_use() {
    on_every_database(async |fixture| {
        let session = stale(&fixture).await;
        fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
        let code = fixture.code();
        fixture.clock.pass(30);
        let token = fixture.full_sign_in(EMAIL).await;
        let other = live(&fixture, &token).await;
        fixture.step_up().confirm(&other, PASSWORD).await.expect("the password is right");
        if fixture.code() != code {
            assert!(fixture.step_up().verify(&other, Answer::Code(&code)).await.is_err());
        }
        fixture.step_up().verify(&session, Answer::Code(&code)).await.expect("its own session takes it");
    })
    .await;
}

#[tokio::test]
async fn while_two_factor_is_not_allowed_an_entry_still_counts() {
    on_every_database(async |fixture| {
        stale(&fixture).await;
        fixture.policy().set_allowed(&fixture.admin(), Audience::Customer, false).await.expect("switched");
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert!(!done.code_needed, "the sign-in asks for nothing more");
        let session = live(&fixture, &done.session.secret).await;
        assert!(!session.stepped_up, "the password alone counted as a step-up");
        let half = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
        assert!(half.code_needed);
        let half = live(&fixture, &half.session.secret).await;
        assert!(!half.stepped_up);
        let whole = fixture.step_up().verify(&half, Answer::Code(&fixture.code())).await.expect("the code is right");
        assert!(live(&fixture, &whole.secret).await.stepped_up);
    })
    .await;
}

#[tokio::test]
async fn with_an_entry_that_cannot_be_used_only_another_code_confirms() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        let session = live(&fixture, &token).await;
        fixture.recovery().make(&session).await.expect("made");
        let service = fixture.services().list().await.expect("lists")[0].id;
        fixture.services().set_active(&fixture.admin(), service, false).await.expect("stopped");
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        let session = live(&fixture, &done.session.secret).await;
        assert!(!session.stepped_up, "the password alone counted");
        let half = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
        assert!(half.code_needed, "the password alone confirmed");
        let half = live(&fixture, &half.session.secret).await;
        assert!(!half.stepped_up);
        let nothing = Refusal::NothingUsable { audience: Audience::Customer };
        let screen = fixture.challenge().screen(&half, Purpose::StepUp).await.expect("shows");
        assert_eq!(screen.problem, Some(nothing.clone()), "the page says what helps");
        assert_eq!(reason(fixture.challenge().send_new_code(&half, Purpose::StepUp).await), nothing);
        let account = fixture.account_row(half.account_id).await;
        let code = issue(&fixture.core, Actor::CommandLine, &account).await.expect("issued");
        let whole = fixture.step_up().verify(&half, Answer::RecoveryCode(&code)).await.expect("the code is right");
        assert!(live(&fixture, &whole.secret).await.stepped_up);
    })
    .await;
}

#[tokio::test]
async fn a_session_of_the_password_alone_counts_no_longer_once_there_is_an_entry() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let (mine, other) = (fixture.full_sign_in(EMAIL).await, fixture.full_sign_in(EMAIL).await);
        assert!(live(&fixture, &other).await.stepped_up);
        fixture.offer_mail().await;
        let session = live(&fixture, &mine).await;
        fixture.enroll(&session).await;
        assert!(fixture.session(&other).await.is_none(), "it lived on beside the first entry");
        assert!(live(&fixture, &mine).await.stepped_up, "who set it up has proved it");
        // Where an entry comes from elsewhere, the session is not ended, and does not count either.
        let neighbour = "conrad@example.org";
        let id = fixture.customer(neighbour).await;
        let token = fixture.full_sign_in(neighbour).await;
        let auth = fixture.secondary_auth().list().await.expect("lists")[0].id;
        let entry = crate::entity::enrollment::Model {
            id: uuid::Uuid::now_v7(),
            account_id: id,
            secondary_auth_id: auth,
            destination: Some(neighbour.to_owned()),
            added_at: fixture.now(),
            last_used_at: None,
            preferred: false,
            secret: None,
            last_step: None,
        };
        crate::entries::store::put(&fixture.core.db, entry).await.expect("an entry");
        assert!(!live(&fixture, &token).await.stepped_up);
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_count_by_the_session_and_keep_nobody_else_out() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        let session = live(&fixture, &token).await;
        let empty = fixture.step_up().confirm(&session, "").await.err().expect("refused");
        assert_eq!(empty.problem_of("password"), Some(&Problem::Required));
        for _ in 0..10 {
            assert!(wrong_password(fixture.step_up().confirm(&session, "wrong").await));
        }
        let paused = reason(fixture.step_up().confirm(&session, PASSWORD).await);
        assert_eq!(paused, Refusal::TooManyTries { minutes: 15 }, "ten were not the end");
        assert!(fixture.session(&token).await.is_some(), "the session itself stays");
        let other = fixture.full_sign_in(EMAIL).await;
        let other = live(&fixture, &other).await;
        fixture.step_up().confirm(&other, PASSWORD).await.expect("another session is not concerned");
        fixture.clock.pass(900);
        fixture.step_up().confirm(&session, PASSWORD).await.expect("the pause is over");
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_count_on_the_account_as_anywhere() {
    on_every_database(async |fixture| {
        let session = stale(&fixture).await;
        fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
        for _ in 0..5 {
            assert!(fixture.step_up().verify(&session, Answer::Code(&fixture.wrong_code())).await.is_err());
        }
        assert_eq!(
            reason(fixture.step_up().verify(&session, Answer::Code(&fixture.code())).await),
            Refusal::TriesExhausted
        );
        assert_eq!(fixture.account_row(session.account_id).await.factor_failures, 5);
        let waiting = fixture.password_session(EMAIL).await;
        for _ in 0..5 {
            assert!(fixture.verify(&waiting, &fixture.wrong_code()).await.is_err());
        }
        let screen = fixture.challenge().screen(&session, Purpose::StepUp).await.expect("shows");
        assert_eq!(screen.problem, Some(Refusal::FactorLocked { minutes: 15 }));
    })
    .await;
}

#[tokio::test]
async fn confirming_twice_sends_no_second_code_before_the_pause_is_over() {
    on_every_database(async |fixture| {
        let session = stale(&fixture).await;
        let before = fixture.mail.kept().len();
        for _ in 0..2 {
            assert!(fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right").code_needed);
        }
        assert_eq!(fixture.mail.kept().len(), before + 1);
        assert_eq!(
            reason(fixture.challenge().send_new_code(&session, Purpose::StepUp).await),
            Refusal::TooSoon { seconds: 30 }
        );
        fixture.clock.pass(30);
        fixture.challenge().send_new_code(&session, Purpose::StepUp).await.expect("sent");
        fixture.step_up().verify(&session, Answer::Code(&fixture.code())).await.expect("the new code is right");
    })
    .await;
}

#[tokio::test]
async fn when_the_mail_server_is_down_the_code_screen_tells_and_can_ask_again() {
    on_every_database(async |fixture| {
        let session = stale(&fixture).await;
        fixture.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None }));
        assert!(fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right").code_needed);
        let screen = fixture.challenge().screen(&session, Purpose::StepUp).await.expect("shows");
        assert!(matches!(screen.problem, Some(Refusal::NotDelivered(_))));
        fixture.mail.fail_with(None);
        fixture.challenge().send_new_code(&session, Purpose::StepUp).await.expect("the server is back");
        fixture.step_up().verify(&session, Answer::Code(&fixture.code())).await.expect("the code is right");
    })
    .await;
}
