//! The rules of signing in.

use crate::{
    accounts,
    audit::Actor,
    enrollment::service::reset,
    entity::{challenge, session, trusted_device},
    platform::passwords::Passwords,
    recovery::service::issue,
    testing::{Fixture, PASSWORD, on_every_database, reason, smtp_form, sqlite, watch_statements},
};
use app::{
    account::port::AccountPort,
    audit::types::Action,
    caller::{Session, Stage},
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    configuration::types::Setting,
    enrollment::port::EnrollmentPort,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Refusal},
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::SmtpForm},
    step_up::port::StepUpPort,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::{
    io,
    sync::{Arc, Mutex},
};

const EMAIL: &str = "carla@example.org";

async fn trusted(fixture: &Fixture) -> String {
    let session = fixture.password_session(EMAIL).await;
    let done = fixture.login().verify(&session, Answer::Code(&fixture.code()), true).await.expect("the code is right");
    done.trust.expect("a trusted device").secret
}

#[tokio::test]
async fn unknown_wrong_disabled_and_paused_look_alike() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        assert_eq!(reason(fixture.log_in("nobody@example.org", PASSWORD, None).await), Refusal::WrongLogin);
        assert_eq!(reason(fixture.log_in(EMAIL, "wrong", None).await), Refusal::WrongLogin);
        assert_eq!(reason(fixture.log_in(EMAIL, &"x".repeat(100_000), None).await), Refusal::WrongLogin);
        let gone = fixture.customer("gone@example.org").await;
        accounts::store::set_disabled(&fixture.core.db, gone, Some(fixture.now())).await.expect("disabled");
        assert_eq!(reason(fixture.log_in("gone@example.org", PASSWORD, None).await), Refusal::WrongLogin);
        for _ in 0..10 {
            assert_eq!(reason(fixture.log_in("CARLA@example.org ", "wrong", None).await), Refusal::WrongLogin);
        }
        // Paused in every spelling.
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        fixture.clock.pass(900);
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("the pause is over");
    })
    .await;
}

#[tokio::test]
async fn an_administrators_password_does_not_open_the_customers_door() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let tried = fixture.login().log_in(&fixture.origin, Audience::Admin, EMAIL, PASSWORD, None, None).await;
        assert_eq!(reason(tried), Refusal::WrongLogin);
    })
    .await;
}

#[tokio::test]
async fn a_session_opens_nothing_of_the_other_audience() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        // Whoever has the token can put it into a cookie of the other name.
        assert!(fixture.admin_session(&done.session.secret).await.is_none());
        assert!(fixture.session(&done.session.secret).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_token_changes_at_every_step_and_the_old_one_is_dead() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let first = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(first.code_needed);
        let session = fixture.session(&first.session.secret).await.expect("a session");
        assert_eq!(session.stage, Stage::CodeNeeded);
        let second = fixture.verify(&session, &fixture.code()).await.expect("the code is right");
        assert!(fixture.session(&first.session.secret).await.is_none(), "the old token lives");
        let session = fixture.session(&second.session.secret).await.expect("a session");
        assert_eq!(session.stage, Stage::SignedIn);
        fixture.login().log_out(&session).await.expect("signs out");
        assert!(fixture.session(&second.session.secret).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn tokens_have_256_bits_and_only_hashes_are_stored() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let code = fixture.code();
        let done = fixture.login().verify(&waiting, Answer::Code(&code), true).await.expect("the code is right");
        let trust = done.trust.expect("a trusted device").secret;
        let other = trusted(&fixture).await;
        assert!(done.session.secret != trust && trust != other);
        let db = &fixture.core.db;
        let sessions = session::Entity::find().all(db).await.expect("answers");
        let devices = trusted_device::Entity::find().all(db).await.expect("answers");
        let stored = format!("{sessions:?} {devices:?}");
        for token in [&done.session.secret, &trust, &other] {
            assert!(token.len() >= 43, "43 letters of base64url hold 256 bits");
            assert!(!stored.contains(token.as_str()), "the database holds a token in clear");
        }
        let challenges = challenge::Entity::find().all(db).await.expect("answers");
        assert!(
            !challenges.is_empty()
                && challenges.iter().all(|row| !row.code_hash.as_ref().expect("a hash").contains(&code))
        );
    })
    .await;
}

#[tokio::test]
async fn a_weaker_password_hash_is_renewed_at_sign_in() {
    on_every_database(async |fixture| {
        let id = fixture.customer(EMAIL).await;
        let hash = async || {
            let account =
                crate::accounts::store::by_id(&fixture.core.db, id).await.expect("answers").expect("is there");
            account.password_hash
        };
        let old = hash().await;
        let risen = fixture.another_server(Passwords::with_cost(16, 1));
        assert_eq!(reason(risen.log_in(EMAIL, "wrong", None).await), Refusal::WrongLogin);
        assert_eq!(hash().await, old, "a wrong password must not change it");
        risen.log_in(EMAIL, PASSWORD, None).await.expect("the old hash still counts");
        assert!(hash().await.starts_with("$argon2id$v=19$m=16,"));
        risen.log_in(EMAIL, PASSWORD, None).await.expect("and so does the new one");
    })
    .await;
}

#[tokio::test]
async fn signing_in_again_ends_the_browsers_older_session() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let first = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        let old = fixture.session(&first.session.secret).await;
        let login = fixture.login();
        login.log_in(&fixture.origin, Audience::Customer, EMAIL, PASSWORD, None, old.as_ref()).await.expect("signs in");
        assert!(fixture.session(&first.session.secret).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn sessions_end_when_idle_and_at_last_in_any_case() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let idle = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        fixture.clock.pass(3_599);
        assert!(fixture.session(&idle).await.is_some());
        fixture.clock.pass(3_600);
        assert!(fixture.session(&idle).await.is_none());
        let busy = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        for _ in 0..47 {
            fixture.clock.pass(1_800);
            assert!(fixture.session(&busy).await.is_some());
        }
        fixture.clock.pass(1_800);
        assert!(fixture.session(&busy).await.is_none(), "24 hours are the end");
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_waits_a_quarter_of_an_hour_for_its_code() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let token = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").session.secret;
        fixture.clock.pass(899);
        assert!(fixture.session(&token).await.is_some());
        fixture.clock.pass(1);
        assert!(fixture.session(&token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_trusted_device_skips_the_code_until_it_expires_and_its_token_rotates() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let first = trusted(&fixture).await;
        let done = fixture.log_in(EMAIL, PASSWORD, Some(&first)).await.expect("signs in");
        assert!(!done.code_needed);
        let second = done.trust.expect("a new token").secret;
        assert_ne!(first, second);
        fixture.clock.pass(30);
        assert!(
            fixture.log_in(EMAIL, PASSWORD, Some(&first)).await.expect("asks").code_needed,
            "the old token is dead"
        );
        assert!(fixture.log_in(EMAIL, PASSWORD, None).await.expect("asks").code_needed, "another browser is asked");
        fixture.clock.pass(30 * 86_400 - 31);
        let third = fixture.log_in(EMAIL, PASSWORD, Some(&second)).await.expect("signs in");
        assert!(!third.code_needed);
        fixture.clock.pass(1);
        let token = third.trust.expect("a new token").secret;
        assert!(
            fixture.log_in(EMAIL, PASSWORD, Some(&token)).await.expect("asks").code_needed,
            "use must not prolong it"
        );
    })
    .await;
}

#[tokio::test]
async fn trust_belongs_to_one_account_and_never_replaces_the_password() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let token = trusted(&fixture).await;
        assert_eq!(reason(fixture.log_in(EMAIL, "wrong", Some(&token)).await), Refusal::WrongLogin);
        let other = "conrad@example.org";
        fixture.another_enrolled_customer(other).await;
        assert!(fixture.log_in(other, PASSWORD, Some(&token)).await.expect("asks").code_needed);
    })
    .await;
}

#[tokio::test]
async fn trust_ends_at_a_factor_change_and_at_a_reset() {
    on_every_database(async |fixture| {
        let account = fixture.enrolled_customer(EMAIL).await;
        let token = trusted(&fixture).await;
        let done = fixture.log_in(EMAIL, PASSWORD, Some(&token)).await.expect("signs in");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        let overview = fixture.enrollment().overview(&session).await.expect("shows");
        fixture.enrollment().delete(&session, overview.entries[0].id, true).await.expect("removed");
        let overview = fixture.enrollment().overview(&session).await.expect("shows");
        let method = overview.choices[0].id;
        fixture.send_code(&session, method, "new@example.org").await.expect("sent");
        fixture.enrollment().verify(&session, &fixture.code()).await.expect("enrolled");
        let token = done.trust.expect("a token").secret;
        assert!(fixture.log_in(EMAIL, PASSWORD, Some(&token)).await.expect("asks").code_needed);
        let token = trusted(&fixture).await;
        reset(&fixture.core, Actor::CommandLine, &fixture.account_row(account).await).await.expect("reset");
        assert!(
            !fixture.log_in(EMAIL, PASSWORD, Some(&token)).await.expect("signs in").code_needed,
            "no factor is left"
        );
        let devices = trusted_device::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert!(devices.is_empty(), "it would count again with the next entry");
    })
    .await;
}

#[tokio::test]
async fn at_most_twenty_devices_are_trusted() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let mut tokens = Vec::new();
        for _ in 0..21 {
            tokens.push(trusted(&fixture).await);
            fixture.clock.pass(301);
        }
        assert!(
            fixture.log_in(EMAIL, PASSWORD, Some(&tokens[0])).await.expect("asks").code_needed,
            "the oldest had to go"
        );
        assert!(!fixture.log_in(EMAIL, PASSWORD, Some(&tokens[1])).await.expect("signs in").code_needed);
    })
    .await;
}

#[tokio::test]
async fn while_it_is_not_allowed_or_cannot_be_sent_the_password_is_enough_and_the_entry_is_kept() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let admin = fixture.admin();
        fixture.policy().set_allowed(&admin, Audience::Customer, false).await.expect("switched");
        assert!(!fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").code_needed);
        fixture.policy().set_allowed(&admin, Audience::Customer, true).await.expect("switched");
        assert!(fixture.log_in(EMAIL, PASSWORD, None).await.expect("asks").code_needed, "the entry was kept");
        let service = fixture.services().list().await.expect("lists")[0].id;
        fixture.services().set_active(&admin, service, false).await.expect("deactivated");
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert!(!done.code_needed, "customers are let in, unless a setting says otherwise");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        assert!(fixture.account().advice(&session).await.expect("shows").unprotected, "the page says so");
        let token = done.session.secret;
        fixture.services().set_active(&admin, service, true).await.expect("activated");
        assert!(fixture.session(&token).await.is_none(), "it lived on beside those that are asked for a code");
        fixture.services().set_active(&admin, service, false).await.expect("deactivated");
        let recorded = fixture.events(Action::LoggedIn).await;
        assert_eq!(recorded.last().map(String::as_str), Some(": password alone, as no code can be sent"));
        fixture.set(Setting::CustomersWithoutCode, 0).await;
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(done.code_needed);
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        assert_eq!(waiting.stage, Stage::CodeNeeded);
        let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.problem, Some(Refusal::NothingUsable { audience: Audience::Customer }));
    })
    .await;
}

#[tokio::test]
async fn administrators_are_kept_out_while_no_code_can_be_sent_and_a_helpdesk_code_lets_them_in() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.enrolled_admin("ada@example.org").await;
        fixture.administrator("una@example.org").await;
        let service = fixture.services().list().await.expect("lists")[0].id;
        fixture.services().set_active(&fixture.admin(), service, false).await.expect("una still gets in");
        let (_, waiting) = fixture.log_in_admin("ada@example.org").await;
        assert_eq!(waiting.stage, Stage::CodeNeeded);
        let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.problem, Some(Refusal::NothingUsable { audience: Audience::Admin }));
        let account = fixture.account_row(waiting.account_id).await;
        let code = issue(&fixture.core, Actor::CommandLine, &account).await.expect("issued");
        let done = fixture.login().verify(&waiting, Answer::RecoveryCode(&code), false).await.expect("signs in");
        let session = fixture.admin_session(&done.session.secret).await.expect("a session");
        assert_eq!((session.stage, session.stepped_up), (Stage::SignedIn, true));
        fixture.set(Setting::AdminsWithoutCode, 1).await;
        let (_, session) = fixture.log_in_admin("ada@example.org").await;
        assert_eq!((session.stage, session.stepped_up), (Stage::SignedIn, false), "let in, and no more");
    })
    .await;
}

#[tokio::test]
async fn what_was_begun_ends_with_a_change_of_password_factor_or_state() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let changes: [&str; 4] = ["password", "entry", "reset", "state"];
        for change in changes {
            fixture.clock.pass(3_600);
            let token = fixture.full_sign_in(EMAIL).await;
            let session = fixture.session(&token).await.expect("a session");
            fixture.clock.pass(3_000);
            // Somebody else who knows the password waits for a code, and a step-up waits for its own.
            let waiting = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").session.secret;
            let code = fixture.code();
            let half = fixture.step_up().confirm(&session, PASSWORD).await.expect("right").session.secret;
            let half = fixture.session(&half).await.expect("a session");
            let account = fixture.account_row(session.account_id).await;
            match change {
                "password" => {
                    let changed = fixture.account().change_password(&half, PASSWORD, "another-long-password-4").await;
                    changed.expect("changed");
                    let hash = fixture.core.passwords.hash(PASSWORD).await.expect("hashed");
                    crate::accounts::store::set_password_hash(&fixture.core.db, account.id, hash).await.expect("back");
                }
                "entry" => {
                    let entry = fixture.enrollment().overview(&half).await.expect("shows").entries[0].id;
                    fixture.enrollment().delete(&half, entry, true).await.expect("removed");
                    fixture.clock.pass(60);
                    fixture.enroll(&half).await;
                }
                "reset" => {
                    crate::enrollment::service::reset(&fixture.core, Actor::CommandLine, &account)
                        .await
                        .expect("reset");
                    fixture.clock.pass(60);
                    fixture.enroll(&half).await;
                }
                _ => {
                    crate::account::help::disable(&fixture.core, Actor::CommandLine, &account).await.expect("disabled");
                    crate::account::help::enable(&fixture.core, Actor::CommandLine, &account).await.expect("enabled");
                }
            }
            assert!(fixture.session(&waiting).await.is_none(), "{change}: the waiting sign-in lived on");
            assert!(
                fixture.step_up().verify(&half, Answer::Code(&code)).await.is_err(),
                "{change}: the step-up lived on"
            );
            let open = challenge::Entity::find()
                .filter(challenge::Column::AccountId.eq(account.id))
                .filter(challenge::Column::ConsumedAt.is_null())
                .filter(challenge::Column::ExpiresAt.gt(fixture.now()))
                .all(&fixture.core.db)
                .await
                .expect("answers");
            assert!(open.is_empty(), "{change}: a challenge lived on");
        }
    })
    .await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    on_every_database(async |fixture| {
        use sea_orm::{ActiveModelTrait, Set};
        let id = fixture.customer(EMAIL).await;
        let token = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        let change = crate::entity::account::ActiveModel {
            id: Set(id),
            disabled_at: Set(Some(fixture.now())),
            ..Default::default()
        };
        change.update(&fixture.core.db).await.expect("disabled");
        assert!(fixture.session(&token).await.is_none());
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
    })
    .await;
}

/// What would stand in the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer failed").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_says_who_and_where_and_holds_no_secret() {
    let fixture = sqlite().await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    // While there is one subscriber only, whichever test meets an event first decides whether anybody wants it.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());

    let account = fixture.enrolled_customer(EMAIL).await;
    assert!(fixture.log_in(EMAIL, "a wrong password", None).await.is_err());
    let opened = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
    let waiting = fixture.session(&opened.session.secret).await.expect("a session");
    let (code, wrong) = (fixture.code(), fixture.wrong_code());
    assert!(fixture.verify(&waiting, &wrong).await.is_err());
    let done = fixture.login().verify(&waiting, Answer::Code(&code), true).await.expect("the code is right");
    let trust = done.trust.expect("a trusted device").secret;
    fixture.login().log_out(&waiting).await.expect("signs out");
    let answer = Some("550 no\r\n2026-01-01T00:00:00Z  INFO audit: forged".to_owned());
    fixture.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::Refused, answer }));
    fixture.password_session(EMAIL).await;

    let text = String::from_utf8(log.0.lock().expect("no writer failed").clone()).expect("text");
    let account = account.to_string();
    for event in ["account_created", "entry_added", "password_refused", "code_refused", "logged_in", "logged_out"] {
        let line = text.lines().find(|line| line.contains(event)).unwrap_or_else(|| panic!("{event} is missing"));
        assert!(line.split(' ').next().is_some_and(|time| time.ends_with('Z')), "UTC: {line}");
        assert!(event == "account_created" || line.contains("address=\"192.0.2.1\""), "where: {line}");
        assert!(line.contains(&account), "who: {line}");
    }
    let relay = smtp_form().password;
    for secret in [PASSWORD, "a wrong password", &relay, &opened.session.secret, &done.session.secret, &trust] {
        assert!(!text.contains(secret), "the log holds {secret}");
    }
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric());
    assert!(words().all(|word| word != code && word != wrong), "the log holds a code");
    assert!(text.lines().all(|line| !line.starts_with("2026-01-01T00:00:00Z")), "a line was forged");
}

/// Adds a second secondary auth over the same provider, and an entry for it.
async fn another_entry(fixture: &Fixture, session: &Session, destination: &str) {
    let service = fixture.services().list().await.expect("lists")[0].id.to_string();
    fixture.secondary_auth().save(&fixture.admin(), None, &service, "Second mail", &[]).await.expect("offered");
    let choices = fixture.enrollment().overview(session).await.expect("shows").choices;
    fixture.send_code(session, choices[0].id, destination).await.expect("sent");
    fixture.enrollment().verify(session, &fixture.code()).await.expect("proved");
}

#[tokio::test]
async fn of_several_entries_the_preferred_one_is_used_and_another_can_be_chosen() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let token = fixture.verify(&session, &fixture.code()).await.expect("signs in").session.secret;
        let session = fixture.session(&token).await.expect("a session");
        another_entry(&fixture, &session, "second@example.org").await;

        let waiting = fixture.password_session(EMAIL).await;
        assert_eq!(fixture.mail.kept().last().expect("a message").to, EMAIL, "the first entry is the preferred one");
        let first_code = fixture.code();
        let methods = fixture.challenge().methods(&waiting, Purpose::SignIn).await.expect("lists");
        assert_eq!(methods.len(), 2);
        assert!(fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows").has_other_methods);
        let sent = fixture.mail.kept().len();
        fixture.challenge().choose(&waiting, Purpose::SignIn, methods[1].id).await.expect("sent");
        assert_eq!(fixture.mail.kept().len(), sent + 1);
        assert_eq!(fixture.mail.kept().last().expect("a message").to, "second@example.org");
        assert_eq!(
            reason(fixture.challenge().choose(&waiting, Purpose::SignIn, methods[1].id).await),
            Refusal::TooSoon { seconds: 30 },
            "choosing again has the pause of Send New Code"
        );
        if first_code != fixture.code() {
            assert!(fixture.verify(&waiting, &first_code).await.is_err(), "the first code was replaced");
        }
        fixture.clock.pass(30);
        fixture.challenge().send_new_code(&waiting, Purpose::SignIn).await.expect("sent");
        assert_eq!(fixture.mail.kept().last().expect("a message").to, "second@example.org", "by the chosen method");
        fixture.verify(&waiting, &fixture.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn nobody_chooses_somebody_elses_entry() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        let other = fixture.password_session("conrad@example.org").await;
        let entry = fixture.challenge().methods(&other, Purpose::SignIn).await.expect("lists")[0].id;
        let waiting = fixture.password_session(EMAIL).await;
        let sent = fixture.mail.kept().len();
        assert_eq!(fixture.challenge().choose(&waiting, Purpose::SignIn, entry).await, Err(AppError::NotFound));
        assert_eq!(fixture.mail.kept().len(), sent, "nothing is sent");
    })
    .await;
}

#[tokio::test]
async fn another_preferred_entry_is_used_first_and_deleting_it_prefers_the_rest() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let token = fixture.verify(&session, &fixture.code()).await.expect("signs in").session.secret;
        let session = fixture.session(&token).await.expect("a session");
        another_entry(&fixture, &session, "second@example.org").await;
        let entries = fixture.enrollment().overview(&session).await.expect("shows").entries;
        assert_eq!(entries.iter().map(|e| e.preferred).collect::<Vec<_>>(), [false, true], "newest first");
        fixture.enrollment().prefer(&session, entries[0].id).await.expect("preferred");
        fixture.password_session(EMAIL).await;
        assert_eq!(fixture.mail.kept().last().expect("a message").to, "second@example.org");
        fixture.enrollment().delete(&session, entries[0].id, true).await.expect("removed");
        let left = fixture.enrollment().overview(&session).await.expect("shows").entries;
        assert!(left.len() == 1 && left[0].preferred);
        assert_eq!(fixture.enrollment().prefer(&session, entries[0].id).await, Err(AppError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn where_the_preferred_entry_cannot_be_used_nothing_is_sent_before_a_method_is_chosen() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let token = fixture.verify(&session, &fixture.code()).await.expect("signs in").session.secret;
        let session = fixture.session(&token).await.expect("a session");
        let admin = fixture.admin();
        // Two more entries, over a provider of their own.
        let form = SmtpForm { title: "Other".to_owned(), ..smtp_form() };
        fixture.services().save_smtp(&admin, None, &form).await.expect("a service");
        let services = fixture.services().list().await.expect("lists");
        let (other, first) = (&services[0], &services[1]);
        assert_eq!((other.title.as_str(), first.title.as_str()), ("Other", "SMTP"));
        for (title, to) in [("B", "b@example.org"), ("C", "c@example.org")] {
            fixture.secondary_auth().save(&admin, None, &other.id.to_string(), title, &[]).await.expect("offered");
            let choices = fixture.enrollment().overview(&session).await.expect("shows").choices;
            fixture.send_code(&session, choices[0].id, to).await.expect("sent");
            fixture.enrollment().verify(&session, &fixture.code()).await.expect("proved");
        }
        fixture.services().set_active(&admin, first.id, false).await.expect("deactivated");
        let sent = fixture.mail.kept().len();
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(done.code_needed && done.choice_needed);
        assert_eq!(fixture.mail.kept().len(), sent, "nothing is sent unasked");
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        let methods = fixture.challenge().methods(&waiting, Purpose::SignIn).await.expect("lists");
        assert_eq!(methods.len(), 2);
        fixture.challenge().choose(&waiting, Purpose::SignIn, methods[0].id).await.expect("sent");
        fixture.verify(&waiting, &fixture.code()).await.expect("signs in");
    })
    .await;
}

/// What another version stored, or somebody by hand, is no reason to ask for less.
#[tokio::test]
async fn a_stored_value_that_is_unknown_opens_nothing() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let spoil = async |table: &str, column: &str, value: &str| {
            let sql = format!("UPDATE {table} SET {column} = {value}");
            fixture.core.db.execute_unprepared(&sql).await.expect("stored");
        };
        for (column, unknown, known) in
            [("kind", "'pigeon'", "'smtp'"), ("failure", "'{}'", "NULL"), ("failure", "'Unreachable'", "NULL")]
        {
            spoil("challenge", column, unknown).await;
            let failed = fixture.verify(&waiting, &fixture.code()).await;
            assert!(matches!(failed, Err(AppError::Internal { id: Some(_) })), "{column}");
            spoil("challenge", column, known).await;
        }
        for (table, column, unknown, known) in [
            ("service_provider", "kind", "'pigeon'", "'smtp'"),
            ("policy", "forbidden", "'sms,pigeon'", "''"),
            ("account", "audience", "'root'", "'customer'"),
        ] {
            spoil(table, column, unknown).await;
            let done = fixture.log_in(EMAIL, PASSWORD, None).await;
            // An account of no known audience is none of this one either.
            assert!(matches!(done, Err(AppError::Internal { .. } | AppError::Refused { .. })), "{table}.{column}");
            spoil(table, column, known).await;
        }
        fixture.verify(&waiting, &fixture.code()).await.expect("signs in");
    })
    .await;
}

/// What a request with a code costs the database: at most half of what it did before the proofs had one road
/// (docs/benchmarks.md), with the settings read once, together with the session. One of the last ones forgets what the same
/// person left unfinished.
#[tokio::test]
async fn a_code_costs_few_statements() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        fixture.enrolled_customer(EMAIL).await;
        fixture.set(Setting::CodeTries, 4).await;
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        statements.take();
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        assert_eq!(waiting.rules.get(Setting::CodeTries), 4);
        let session = statements.take();
        assert!(fixture.verify(&waiting, &fixture.wrong_code()).await.is_err());
        let wrong = statements.take();
        fixture.verify(&waiting, &fixture.code()).await.expect("the code is right");
        let right = statements.take();
        let counts = [&session, &wrong, &right].map(Vec::len);
        assert_eq!(counts, [1, 6, 10], "{session:#?}{wrong:#?}{right:#?}");
    })
    .await;
}
