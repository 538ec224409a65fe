//! What the log keeps, how it is read, and that nothing is ever changed in it.

use super::{Actor, Event, record, service::PAGE, store};
use crate::{
    audit_export::export,
    entity::{
        audit_event::{self, Model, Recorded},
        stored::Stored,
    },
    sessions::current::session_of,
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    audit::{
        port::AuditPort,
        types::{Action, AuditList, AuditQuery, Outcome},
    },
    caller::Session,
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    configuration::types::Setting,
    enrollment::port::EnrollmentPort,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    services::port::ServicesPort,
};
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

/// Everything, oldest first.
async fn all(fixture: &Fixture) -> Vec<Model> {
    let rows = audit_event::Entity::find().order_by_asc(audit_event::Column::Id).all(&fixture.core.db).await;
    rows.expect("the database answers")
}

/// What happened since there were so many events: action, outcome, details.
async fn since(fixture: &Fixture, before: usize) -> Vec<(String, &'static str, String)> {
    let rows = all(fixture).await.into_iter().skip(before);
    rows.map(|row| (row.action.to_string(), row.outcome.0.as_str(), row.details.unwrap_or_default())).collect()
}

async fn list(fixture: &Fixture, query: AuditQuery) -> AuditList {
    fixture.audit().list(&query).await.expect("shows")
}

fn with(change: impl FnOnce(&mut AuditQuery)) -> AuditQuery {
    let mut query = AuditQuery::default();
    change(&mut query);
    query
}

/// An event about an account, as far as the filters care.
async fn happened(fixture: &Fixture, action: Action, outcome: Outcome, subject: &str) {
    let actor = Actor::Stranger(&fixture.origin);
    let event = if outcome == Outcome::Success { Event::new(action, actor) } else { Event::failure(action, actor) };
    record(&fixture.core.db, &fixture.core, event.to(subject)).await.expect("recorded");
}

async fn csv(fixture: &Fixture, query: &AuditQuery) -> String {
    let admin = fixture.admin();
    let lines = export(fixture.core.clone(), &admin, query).await.expect("begins");
    let parts: Vec<_> = lines.try_collect().await.expect("goes on");
    String::from_utf8(parts.concat()).expect("text")
}

#[tokio::test]
async fn a_sign_in_with_its_failures_leaves_its_trail() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let before = all(&fixture).await.len();
        assert!(fixture.log_in("nobody@example.org", PASSWORD, None).await.is_err());
        assert!(fixture.log_in(EMAIL, "not the password", None).await.is_err());
        let down = DeliveryFailure {
            kind: DeliveryFailureKind::Refused,
            answer: Some("554 5.7.1 <carla@example.org> rejected".to_owned()),
        };
        fixture.mail.fail_with(Some(down));
        let session = fixture.password_session(EMAIL).await;
        fixture.mail.fail_with(None);
        fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("sent");
        assert!(
            reason(fixture.challenge().send_new_code(&session, Purpose::SignIn).await)
                == Refusal::TooSoon { seconds: 30 }
        );
        assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
        fixture.clock.pass(600);
        assert!(fixture.verify(&session, &fixture.code()).await.is_err());
        fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("sent");
        let code = fixture.code();
        let done = fixture.login().verify(&session, Answer::Code(&code), true).await.expect("signs in");
        assert!(fixture.verify(&session, &code).await.is_err(), "used before");
        fixture
            .login()
            .log_out(&fixture.session(&done.session.secret).await.expect("a session"))
            .await
            .expect("signs out");
        let trail = since(&fixture, before).await;
        let trail: Vec<_> = trail.iter().map(|(a, o, d)| (a.as_str(), *o, d.as_str())).collect();
        let by = "sign-in, Email to c•••a@example.org";
        let (refused, wrong, expired, used) = (
            format!("{by}, message refused"),
            format!("{by}, wrong code"),
            format!("{by}, expired code"),
            format!("{by}, used code"),
        );
        assert_eq!(
            trail,
            [
                ("password_refused", "failure", "customer, unknown address"),
                ("password_refused", "failure", "customer, wrong password"),
                ("password_accepted", "success", "password"),
                ("code_sent", "failure", refused.as_str()),
                ("code_sent", "success", by),
                ("code_refused", "failure", wrong.as_str()),
                ("code_refused", "failure", expired.as_str()),
                ("code_sent", "success", by),
                ("logged_in", "success", "password, Email to c•••a@example.org"),
                ("device_trusted", "success", ""),
                ("code_refused", "failure", used.as_str()),
                ("logged_out", "success", ""),
            ]
        );
        for row in all(&fixture).await.into_iter().skip(before) {
            assert_eq!(row.address.as_deref(), Some("192.0.2.1"), "{}: from where", row.action);
            let whom = if row.action.as_str() == "password_refused" { row.subject_id } else { row.actor_id };
            let known = row.details.as_deref() != Some("customer, unknown address");
            assert_eq!(whom, known.then_some(account), "{}: who", row.action);
        }
    })
    .await;
}

#[tokio::test]
async fn locks_and_the_end_of_a_factor_are_recorded_once() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let before = all(&fixture).await.len();
        for _ in 0..2 {
            let session = fixture.password_session(EMAIL).await;
            for _ in 0..5 {
                assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
            }
        }
        let locked = fixture.password_session(EMAIL).await;
        assert!(fixture.verify(&locked, "000000").await.is_err());
        let trail = since(&fixture, before).await;
        let count = |action: Action, end: &str| {
            trail.iter().filter(|(name, _, details)| name == action.as_str() && details.ends_with(end)).count()
        };
        assert_eq!(count(Action::CodeRefused, "wrong code"), 10);
        assert_eq!(count(Action::FactorLocked, "failures: 10"), 1);
        assert_eq!(count(Action::CodeSent, "locked"), 1, "no code is sent to a locked account");
        assert_eq!(count(Action::FactorDisabled, ""), 0);
        let change = "UPDATE account SET factor_failures = 99, factor_locked_until = NULL";
        fixture.core.db.execute_unprepared(change).await.expect("changed");
        let session = fixture.password_session(EMAIL).await;
        assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
        let trail = since(&fixture, before).await;
        assert_eq!(trail.last().map(|(action, ..)| action.as_str()), Some(Action::FactorDisabled.as_str()));
    })
    .await;
}

#[tokio::test]
async fn what_administrators_do_is_recorded_with_what_it_was() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let admin = fixture.admin();
        let id = fixture.services().list().await.expect("services")[0].id;
        let mut form = crate::testing::smtp_form();
        fixture.services().save_smtp(&admin, Some(id), &form).await.expect("saved");
        fixture.services().test_smtp(&admin, Some(id), &form).await.expect("sent");
        form.host = "127.0.0.1".to_owned();
        fixture
            .mail
            .fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::TimedOut, answer: Some("x".to_owned()) }));
        assert!(fixture.services().test_smtp(&admin, Some(id), &form).await.is_err());
        fixture.services().set_active(&admin, id, false).await.expect("switched");
        fixture.policy().set_allowed(&admin, Audience::Customer, false).await.expect("switched");
        let rows = all(&fixture).await;
        assert!(
            rows.iter()
                .all(|row| row.actor.as_deref() == Some("ada@example.org")
                    && row.address.as_deref() == Some("192.0.2.1"))
        );
        let trail: Vec<_> = rows
            .iter()
            .map(|r| {
                (r.action.as_str(), r.subject.as_deref().unwrap_or_default(), r.details.as_deref().unwrap_or_default())
            })
            .collect();
        assert_eq!(
            trail,
            [
                ("service_saved", "SMTP", "added, mail.example.org:587"),
                ("secondary_auth_saved", "Email", "added, SMTP"),
                ("policy_changed", "admin", "allowed"),
                ("policy_changed", "customer", "allowed"),
                ("service_saved", "SMTP", "changed, mail.example.org:587"),
                ("service_tested", "SMTP", "mail.example.org:587"),
                ("service_tested", "SMTP", "127.0.0.1:587, server timed out"),
                ("service_switched", "SMTP", "inactive"),
                ("policy_changed", "customer", "not allowed"),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn no_code_password_token_or_secret_stands_in_any_event() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        let session = fixture.session(&waiting.session.secret).await.expect("a session");
        assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
        let done = fixture.login().verify(&session, Answer::Code(&fixture.code()), true).await.expect("signs in");
        let trust = done.trust.expect("trusted").secret;
        let again = fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("signs in");
        // Somebody types the password into the wrong field.
        assert!(fixture.log_in(PASSWORD, "x", None).await.is_err());
        let row = fixture.account_row(account).await;
        crate::enrollment::service::reset(&fixture.core, Actor::CommandLine, &row).await.expect("reset");
        let mut secrets = vec![
            PASSWORD.to_owned(),
            "s3cret-relay".to_owned(),
            row.password_hash,
            waiting.session.secret,
            done.session.secret,
            trust,
            again.session.secret,
            again.trust.expect("rotated").secret,
            fixture.wrong_code(),
        ];
        let hashes: Vec<_> = secrets.iter().map(|secret| crate::platform::vault::token_hash(secret)).collect();
        secrets.extend(hashes);
        let codes = fixture.mail.kept().into_iter().flat_map(|mail| {
            let lines: Vec<_> = mail.text.lines().map(|line| line.trim().to_owned()).collect();
            lines.into_iter().filter(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit()))
        });
        let before = secrets.len();
        secrets.extend(codes);
        assert_eq!(secrets.len(), before + 2, "the codes of both messages");
        for row in all(&fixture).await {
            let details = row.details.unwrap_or_default();
            let text = format!("{:?}", [row.actor, row.subject, row.address, Some(details.clone())]);
            for secret in &secrets {
                assert!(!text.contains(secret), "{} tells {secret}: {text}", row.action);
            }
            assert!(!details.contains(EMAIL), "{} tells where codes go: {details}", row.action);
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_can_forge_a_line() {
    on_every_database(async |fixture| {
        let forged = "a\r\nb\nc\u{2028}d\u{202e}e\0f\u{1b}[31m";
        let session = Session { email: forged.to_owned(), ..fixture.admin() };
        let event = Event::new(Action::ServiceSaved, Actor::Session(&session)).to(forged).with(forged);
        record(&fixture.core.db, &fixture.core, event).await.expect("recorded");
        let row = all(&fixture).await.remove(0);
        for text in [row.actor, row.subject, row.details] {
            assert_eq!(text.as_deref(), Some("a  b c d e f [31m"));
        }
        let lines = csv(&fixture, &AuditQuery::default()).await;
        assert_eq!(lines.matches("\r\n").count(), 3, "one line an event: {lines}");
        // Long texts are cut rather than refused.
        happened(&fixture, Action::ServiceSaved, Outcome::Success, &"x".repeat(9_000)).await;
        assert_eq!(all(&fixture).await.pop().map(|row| row.subject.map(|text| text.len())), Some(Some(500)));
    })
    .await;
}

#[tokio::test]
async fn the_database_refuses_to_change_or_delete_an_event() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let before = all(&fixture).await;
        assert!(!before.is_empty());
        for statement in [
            "UPDATE audit_event SET details = 'nothing happened'",
            "UPDATE audit_event SET at = at WHERE action = 'account_created'",
            "DELETE FROM audit_event",
            "DELETE FROM audit_event WHERE 1 = 1",
            "INSERT INTO audit_event SELECT * FROM audit_event WHERE true ON CONFLICT (id) DO UPDATE SET details = 'x'",
        ] {
            let error = fixture.core.db.execute_unprepared(statement).await.expect_err(statement);
            assert!(error.to_string().contains("append-only"), "{statement}: {error}");
        }
        if fixture.core.db.get_database_backend() == sea_orm::DbBackend::Postgres {
            assert!(fixture.core.db.execute_unprepared("TRUNCATE audit_event").await.is_err());
        } else {
            let replace = "REPLACE INTO audit_event (id, at, action, outcome, actor_id, actor, subject_id, subject, address, details) \
                 SELECT id, 0, action, outcome, actor_id, actor, subject_id, subject, address, 'x' FROM audit_event";
            assert!(fixture.core.db.execute_unprepared(replace).await.is_err());
        }
        // An account that goes takes nothing with it.
        fixture.core.db.execute_unprepared("DELETE FROM account").await.expect("deleted");
        assert_eq!(all(&fixture).await, before);
    })
    .await;
}

#[tokio::test]
async fn pages_go_back_and_forth_without_losing_or_repeating_an_event() {
    on_every_database(async |fixture| {
        assert_eq!(list(&fixture, AuditQuery::default()).await, AuditList { events: vec![], newer: None, older: None });
        let total = PAGE * 2 + 20;
        for n in 0..total {
            happened(&fixture, Action::LoggedIn, Outcome::Success, &format!("c{n:03}@example.org")).await;
            // Some share their second.
            fixture.clock.pass(i64::from(n % 3 == 0));
        }
        let subjects = |list: &AuditList| {
            list.events.iter().map(|event| event.subject.clone().expect("named")).collect::<Vec<_>>()
        };
        let first = list(&fixture, AuditQuery::default()).await;
        assert_eq!(first.events[0].subject, Some(format!("c{:03}@example.org", total - 1)), "newest first");
        assert_eq!((first.events.len(), first.newer), (PAGE, None));
        let before = |list: &AuditList| with(|q| q.before = list.older.expect("older ones").to_string());
        let second = list(&fixture, before(&first)).await;
        let third = list(&fixture, before(&second)).await;
        assert_eq!((second.events.len(), third.events.len(), third.older), (PAGE, 20, None));
        let mut seen = [subjects(&first), subjects(&second), subjects(&third)].concat();
        seen.reverse();
        assert_eq!(seen, (0..total).map(|n| format!("c{n:03}@example.org")).collect::<Vec<_>>());
        let after = |list: &AuditList| with(|q| q.after = list.newer.expect("newer ones").to_string());
        assert_eq!(list(&fixture, after(&third)).await, second);
        assert_eq!(list(&fixture, after(&second)).await, first, "the first page is always full");
        // What is no event leads to the beginning.
        for cursor in ["x", "00000000-0000-7000-8000-000000000000"] {
            assert_eq!(list(&fixture, with(|q| q.before = cursor.to_owned())).await, first);
            assert_eq!(list(&fixture, with(|q| q.after = cursor.to_owned())).await, first);
        }
    })
    .await;
}

#[tokio::test]
async fn filters_narrow_the_list_alone_and_together() {
    on_every_database(async |fixture| {
        happened(&fixture, Action::LoggedIn, Outcome::Success, "Carla@example.org").await;
        happened(&fixture, Action::PasswordRefused, Outcome::Failure, "carla@example.org").await;
        fixture.clock.pass(86_400);
        happened(&fixture, Action::CodeSent, Outcome::Failure, "conrad@example.org").await;
        happened(&fixture, Action::CodeSent, Outcome::Success, "100%_@example.org").await;
        let admin = fixture.admin();
        let own = Event::new(Action::EntryAdded, Actor::Session(&admin)).to_account(admin.account_id, &admin.email);
        record(&fixture.core.db, &fixture.core, own).await.expect("recorded");
        let count = async |query: AuditQuery| list(&fixture, query).await.events.len();
        for (account, expected) in [
            ("", 5),
            ("carla@example.org", 2),
            ("CARLA@EXAMPLE.ORG", 2),
            ("c", 3),
            (" conrad ", 1),
            ("100%_", 1),
            ("%", 0),
            ("_", 0),
            ("arla", 0),
            // Who acted and who it was about are one event.
            ("ada@example.org", 1),
            ("' OR 1=1 --", 0),
        ] {
            assert_eq!(count(with(|q| q.account = account.to_owned())).await, expected, "{account:?}");
        }
        assert_eq!(count(with(|q| q.action = "code_sent".to_owned())).await, 2);
        assert_eq!(count(with(|q| q.outcome = "failure".to_owned())).await, 2);
        assert_eq!(count(with(|q| q.outcome = "success".to_owned())).await, 3);
        assert_eq!(count(with(|q| q.from = "2026-01-02".to_owned())).await, 3);
        assert_eq!(count(with(|q| q.to = "2026-01-01".to_owned())).await, 2);
        let both = |q: &mut AuditQuery| {
            (q.from, q.to) = ("2026-01-01".to_owned(), "2026-01-02".to_owned());
        };
        assert_eq!(count(with(both)).await, 5);
        let all_of_it = |q: &mut AuditQuery| {
            both(q);
            (q.account, q.action, q.outcome) = ("con".to_owned(), "code_sent".to_owned(), "failure".to_owned());
        };
        assert_eq!(count(with(all_of_it)).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_named_and_shows_nothing() {
    on_every_database(async |fixture| {
        let query = AuditQuery {
            account: "a\nb".to_owned(),
            action: "everything".to_owned(),
            outcome: "maybe".to_owned(),
            from: "yesterday".to_owned(),
            to: "2026-02-30".to_owned(),
            ..AuditQuery::default()
        };
        let error = fixture.audit().list(&query).await.expect_err("refused");
        for (field, problem) in [
            ("account", Problem::ControlCharacters),
            ("action", Problem::NotAChoice),
            ("outcome", Problem::NotAChoice),
            ("from", Problem::NotADate),
            ("to", Problem::NotADate),
        ] {
            assert_eq!(error.problem_of(field), Some(&problem), "{field}");
        }
        let admin = fixture.admin();
        let exported = export(fixture.core.clone(), &admin, &query).await.map(|_| ());
        assert!(matches!(exported, Err(AppError::Invalid { .. })));
        assert!(all(&fixture).await.is_empty(), "what did not happen is not recorded");
    })
    .await;
}

#[tokio::test]
async fn the_export_holds_every_line_once_and_no_formula() {
    on_every_database(async |fixture| {
        for n in 0..2_500 {
            happened(&fixture, Action::LoggedIn, Outcome::Success, &format!("c{n}@example.org")).await;
        }
        for trap in ["=1+1", "+1", "-1", "@SUM(A1)", "a,\"b\""] {
            happened(&fixture, Action::ServiceSaved, Outcome::Success, trap).await;
        }
        let text = csv(&fixture, &AuditQuery::default()).await;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head: Vec<_> = reader.headers().expect("a head").iter().map(str::to_owned).collect();
        assert_eq!(head, ["id", "time_utc", "action", "account", "about", "address", "outcome", "details"]);
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        // The export itself is the newest of them.
        assert_eq!(rows.len(), 2_506);
        assert_eq!((&rows[0][2], &rows[0][3], &rows[0][7]), ("audit_exported", "ada@example.org", "all events"));
        let about: Vec<_> = rows[1..6].iter().map(|row| &row[4]).collect();
        assert_eq!(about, ["a,\"b\"", "'@SUM(A1)", "'-1", "'+1", "'=1+1"]);
        assert_eq!((&rows[6][1], &rows[6][4]), ("2026-01-01T00:00:00Z", "c2499@example.org"));
        assert_eq!(&rows[2_505][4], "c0@example.org");
        assert!(text.contains("\"a,\"\"b\"\"\"") && text.ends_with("\r\n"), "RFC 4180");
        let some = csv(&fixture, &with(|q| q.account = "c24".to_owned())).await;
        assert_eq!(some.lines().count(), 1 + 111, "c24, c240 to c249, c2400 to c2499");
        let last = list(&fixture, AuditQuery::default()).await.events.remove(0);
        assert_eq!((last.action.as_str(), last.details.as_deref()), ("audit_exported", Some("account: c24")));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let admin = fixture.admin();
        let id = fixture.services().list().await.expect("services")[0].id;
        fixture
            .core
            .db
            .execute_unprepared("ALTER TABLE audit_event RENAME TO audit_event_away")
            .await
            .expect("renamed");
        assert!(fixture.services().set_active(&admin, id, false).await.is_err());
        assert!(fixture.policy().set_allowed(&admin, Audience::Customer, false).await.is_err());
        fixture
            .core
            .db
            .execute_unprepared("ALTER TABLE audit_event_away RENAME TO audit_event")
            .await
            .expect("renamed");
        assert!(fixture.services().list().await.expect("services")[0].active);
        assert!(crate::rules::policies::is_allowed(&fixture.core.db, Audience::Customer).await.expect("answers"));
    })
    .await;
}

#[tokio::test]
async fn an_entry_added_and_removed_is_recorded_with_its_method() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let done = fixture.verify(&waiting, &fixture.code()).await.expect("signs in");
        let session = session_of(&fixture.core, Audience::Customer, &done.session.secret, &fixture.origin).await;
        let session = session.expect("answers").expect("a session");
        let entry = fixture.enrollment().overview(&session).await.expect("shows").entries[0].id;
        fixture.enrollment().delete(&session, entry, true).await.expect("removed");
        for action in [Action::EntryAdded, Action::EntryRemoved] {
            let filter = store::Filter { action: Some(action), ..store::Filter::default() };
            let rows = store::page(&fixture.core.db, &filter, store::Place::Newest, 9).await.expect("answers");
            assert_eq!(rows.len(), 1);
            let seen = (rows[0].actor.as_deref(), rows[0].details.as_deref());
            assert_eq!(seen, (Some(EMAIL), Some("Email to c•••a@example.org")));
        }
    })
    .await;
}

#[tokio::test]
async fn an_action_of_another_version_is_shown_by_its_name() {
    on_every_database(async |fixture| {
        let row = Model {
            id: Uuid::now_v7(),
            at: fixture.now(),
            action: Recorded::Unknown("pigeon_released".to_owned()),
            outcome: Stored(Outcome::Success),
            actor_id: None,
            actor: None,
            subject_id: None,
            subject: None,
            address: None,
            details: None,
        };
        store::insert(&fixture.core.db, row).await.expect("stored");
        assert_eq!(list(&fixture, AuditQuery::default()).await.events[0].action, "pigeon_released");
        assert!(csv(&fixture, &AuditQuery::default()).await.contains(",pigeon_released,"));
    })
    .await;
}

#[tokio::test]
async fn events_are_removed_when_their_time_is_over_and_not_before() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        fixture.clock.pass(200 * 86_400);
        fixture.customer("conrad@example.org").await;
        fixture.clock.pass(200 * 86_400);
        crate::tidy::tidy(&fixture.core).await.expect("tidied");
        assert_eq!(all(&fixture).await.len(), 2, "400 days are not over");
        fixture.clock.pass(1);
        crate::tidy::tidy(&fixture.core).await.expect("tidied");
        let left = all(&fixture).await;
        assert_eq!(left.len(), 1);
        let error = fixture.core.db.execute_unprepared("DELETE FROM audit_event").await.expect_err("refused");
        assert!(error.to_string().contains("append-only"), "{error}");
        fixture.set(Setting::AuditDays, 30).await;
        crate::tidy::tidy(&fixture.core).await.expect("tidied");
        assert!(all(&fixture).await.is_empty());
    })
    .await;
}
