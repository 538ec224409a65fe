//! The rules of enrollment.

use super::service::{entries_of, reset};
use crate::{
    audit::Actor,
    devices,
    entity::enrollment,
    entries::store,
    platform::clock::minute_text,
    rules::Rules,
    testing::{Fixture, on_every_database, reason, watch_statements},
};
use app::{
    account::port::AccountPort,
    audit::types::Action,
    challenge::port::Answer,
    delivery::notice::{Notice, Told, notice_message},
    enrollment::port::EnrollmentPort,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    language::types::Language,
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    ports::Deleted,
    secondary_auth::port::SecondaryAuthPort,
    services::port::ServicesPort,
};
use futures_util::future::join_all;
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

/// Whether the account was sent a notice, at the time that it is now.
async fn was_notified(fixture: &Fixture, notice: Notice) -> bool {
    let time = &minute_text(fixture.now());
    let told =
        Told { language: Language::En, brand: &fixture.core.brand.name(), notice, time, place: None, link: None };
    let text = notice_message(&told).text;
    // What happened and when; where it was done and a link may follow.
    let first = text.split("\n\n").take(2).collect::<Vec<_>>().join("\n\n");
    fixture.mail_so_far().await.iter().any(|(to, text)| to == EMAIL && text.starts_with(&first))
}

#[tokio::test]
async fn an_entry_exists_only_once_a_code_proved_it() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let token = fixture.log_in(EMAIL, crate::testing::PASSWORD, None).await.expect("signs in").session.secret;
        let session = fixture.session(&token).await.expect("a session");
        fixture.send_code(&session, method, "box@example.org").await.expect("sent");
        assert!(fixture.enrollment().verify(&session, &fixture.wrong_code()).await.is_err());
        let overview = fixture.enrollment().overview(&session).await.expect("shows");
        assert!(overview.entries.is_empty() && overview.pending);
        assert!(!fixture.log_in(EMAIL, crate::testing::PASSWORD, None).await.expect("signs in").code_needed);
        fixture.enrollment().verify(&session, &fixture.code()).await.expect("proved");
        let overview = fixture.enrollment().overview(&session).await.expect("shows");
        assert_eq!(overview.entries.len(), 1);
        assert_eq!(overview.entries[0].destination.as_deref(), Some("b•••@example.org"));
        assert_eq!(overview.entries[0].added, "2026-01-01 00:00");
        assert!(overview.choices.is_empty(), "nothing is left to add");
        let session = fixture.session(&token).await.expect("a session");
        assert!(fixture.account().me(&session).await.expect("shows").has_entry);
    })
    .await;
}

#[tokio::test]
async fn bad_addresses_and_methods_are_named_and_nothing_is_sent() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        for (email, problem) in [
            ("", Problem::Required),
            ("not an address", Problem::NotAnEmail),
            ("a@b.example\r\nBcc: x@y.example", Problem::ControlCharacters),
        ] {
            let error = fixture.send_code(&session, method, email).await.expect_err("refused");
            assert_eq!(error.problem_of("email"), Some(&problem), "{email:?}");
        }
        let error = fixture.send_code(&session, Uuid::now_v7(), EMAIL).await.expect_err("refused");
        assert_eq!(error.problem_of("method"), Some(&Problem::NotAChoice));
        assert!(fixture.mail.kept().is_empty());
    })
    .await;
}

#[tokio::test]
async fn asking_again_for_the_same_address_has_the_pause_of_send_new_code() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let send = async |email: &str| fixture.send_code(&session, method, email).await;
        send("box@example.org").await.expect("sent");
        assert_eq!(reason(send("Box@example.org").await), Refusal::TooSoon { seconds: 30 });
        send("other@example.org").await.expect("a corrected address needs no pause");
        assert_eq!(
            reason(send("box@example.org").await),
            Refusal::TooSoon { seconds: 30 },
            "however many came between"
        );
        for to in ["box", "other", "box"] {
            fixture.clock.pass(31);
            send(&format!("{to}@example.org")).await.expect("after its pause");
        }
        fixture.clock.pass(31);
        assert!(
            matches!(reason(send("other@example.org").await), Refusal::TooManyCodes { .. }),
            "three in five minutes"
        );
    })
    .await;
}

#[tokio::test]
async fn of_many_who_ask_for_one_address_at_once_one_gets_a_code() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let ask = || fixture.send_code(&session, method, "box@example.org");
        let answers = join_all((0..8).map(|_| ask())).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        assert_eq!(fixture.mail.kept().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_removes_somebody_elses_entry() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let mine = fixture.password_session(EMAIL).await;
        let entry = fixture.enrollment().overview(&mine).await.expect("shows").entries[0].id;
        fixture.customer("mallory@example.org").await;
        let other = fixture.password_session("mallory@example.org").await;
        assert_eq!(fixture.enrollment().delete(&other, entry, true).await, Err(AppError::NotFound));
        fixture.enrollment().delete(&mine, entry, true).await.expect("one's own can be removed");
        assert!(!fixture.log_in(EMAIL, crate::testing::PASSWORD, None).await.expect("signs in").code_needed);
    })
    .await;
}

#[tokio::test]
async fn whoever_sets_an_address_up_sees_it_in_full_also_while_its_message_is_late() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        fixture.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::TimedOut, answer: None }));
        fixture.send_code(&session, method, "box@example.org").await.expect("leads on, as it may still arrive");
        let screen = fixture.enrollment().proving(&session).await.expect("shows").screen;
        assert_eq!(screen.destination.as_deref(), Some("box@example.org"));
        assert!(matches!(screen.problem, Some(Refusal::NotDelivered(_))));
        fixture.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None }));
        assert!(fixture.send_code(&session, method, "other@example.org").await.is_err(), "nothing will arrive");
        fixture.mail.fail_with(None);
        fixture.send_code(&session, method, "third@example.org").await.expect("sent");
        fixture.enrollment().verify(&session, &fixture.code()).await.expect("proved");
        let entries = fixture.enrollment().overview(&session).await.expect("shows").entries;
        assert_eq!(entries[0].destination.as_deref(), Some("t•••d@example.org"), "from then on it is masked");
    })
    .await;
}

#[tokio::test]
async fn the_last_entry_that_works_goes_only_once_that_is_confirmed() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let entries = async || fixture.enrollment().overview(&session).await.expect("shows").entries;
        let entry = entries().await[0].id;
        assert_eq!(fixture.enrollment().delete(&session, entry, false).await, Ok(Deleted::NeedsConfirmation));
        assert_eq!(entries().await.len(), 1, "nothing goes before the answer");
        assert!(fixture.events(Action::EntryRemoved).await.is_empty());
        assert_eq!(fixture.enrollment().delete(&session, entry, true).await, Ok(Deleted::Done));
        assert!(entries().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn nobody_prefers_somebody_elses_entry() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let mine = fixture.password_session(EMAIL).await;
        let entry = fixture.enrollment().overview(&mine).await.expect("shows").entries[0].id;
        fixture.customer("mallory@example.org").await;
        let other = fixture.password_session("mallory@example.org").await;
        assert_eq!(fixture.enrollment().prefer(&other, entry).await, Err(AppError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_comes_or_goes_is_announced_and_ends_trust() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let trusted = async || {
            devices::service::list(&fixture.core, &Rules::default(), account, None).await.expect("lists").len()
        };
        let sign_in_and_trust = async || {
            let waiting = fixture.password_session(EMAIL).await;
            let done = fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("signs in");
            assert_eq!(trusted().await, 1);
            fixture.session(&done.session.secret).await.expect("a session")
        };
        let session = sign_in_and_trust().await;
        let method = fixture.secondary_auth().list().await.expect("lists")[0].id;
        fixture.send_code(&session, method, "box@example.org").await.expect("sent");
        fixture.enrollment().verify(&session, &fixture.code()).await.expect("proved");
        assert_eq!(trusted().await, 0, "a new entry");
        let session = sign_in_and_trust().await;
        let entry = fixture.enrollment().overview(&session).await.expect("shows").entries[0].id;
        fixture.enrollment().delete(&session, entry, true).await.expect("removed");
        assert_eq!(trusted().await, 0, "a removed entry");
        for notice in [Notice::EntryAdded, Notice::EntryRemoved] {
            assert!(was_notified(&fixture, notice).await, "{notice:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_reset_is_announced() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        reset(&fixture.core, Actor::CommandLine, &fixture.account_row(account).await).await.expect("reset");
        assert!(was_notified(&fixture, Notice::FactorReset).await);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_reached_while_it_is_not_allowed() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let token = fixture.log_in(EMAIL, crate::testing::PASSWORD, None).await.expect("signs in").session.secret;
        let session = fixture.session(&token).await.expect("a session");
        assert!(fixture.account().me(&session).await.expect("shows").two_factor_allowed);
        fixture.policy().set_allowed(&fixture.admin(), Audience::Customer, false).await.expect("switched");
        let session = fixture.session(&token).await.expect("a session");
        assert!(!fixture.account().me(&session).await.expect("shows").two_factor_allowed);
        assert_eq!(reason(fixture.enrollment().overview(&session).await), Refusal::NotOffered);
        let sent = fixture.send_code(&session, method, EMAIL).await;
        assert_eq!(reason(sent), Refusal::NotOffered);
    })
    .await;
}

#[tokio::test]
async fn many_entries_are_read_in_as_few_statements_as_one() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        let account = fixture.enrolled_customer(EMAIL).await;
        let read = async || {
            statements.take();
            let entries = entries_of(&fixture.core, account).await.expect("lists");
            (entries.len(), statements.take().len())
        };
        assert_eq!(read().await, (1, 1));
        let first = store::of_account(&fixture.core.db, account).await.expect("answers").remove(0).entry;
        let service = fixture.services().list().await.expect("services")[0].id.to_string();
        for title in ["Second", "Third"] {
            fixture.secondary_auth().save(&fixture.admin(), None, &service, title, &[]).await.expect("offered");
            let offered = fixture.secondary_auth().list().await.expect("secondary auths");
            let secondary_auth_id = offered.into_iter().find(|auth| auth.title == title).expect("offered").id;
            let another = enrollment::Model { id: Uuid::now_v7(), secondary_auth_id, ..first.clone() };
            store::insert(&fixture.core.db, another).await.expect("stored");
        }
        assert_eq!(read().await, (3, 1));
    })
    .await;
}
