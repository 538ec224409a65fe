//! The rules of a forgotten password, as its owner or an attacker meets them.

use super::service::{ADDRESS_WINDOW, ASKED_PER_ADDRESS, LINKS, LINKS_IN_ALL, LINKS_WINDOW};
use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
    entity::{
        account, audit_event, delivery,
        email_key::EmailKey,
        link::{self, LinkPurpose},
    },
    links::service::{self as links, NewLink},
    outbox::service::send_due,
    recovery::service::issue,
    testing::{Fixture, PASSWORD, on_every_database, reason, watch_statements},
};
use app::{
    caller::{Origin, Stage},
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    enrollment::port::EnrollmentPort,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    login::{port::LoginPort, types::Audience},
    password::port::PasswordPort,
    policy::port::PolicyPort,
};
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};
use std::net::IpAddr;
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";
const NEW: &str = "seven lakes walk home";

async fn ask(fixture: &Fixture, email: &str) -> Result<(), AppError> {
    fixture.password().ask_reset(&fixture.origin, Audience::Customer, email).await
}

async fn set(fixture: &Fixture, token: &str, password: &str) -> Result<Audience, AppError> {
    fixture.password().set_password(&fixture.origin, token, password).await.map(|done| done.audience)
}

/// Asks for a link and reads it in the mail.
async fn link_for(fixture: &Fixture, email: &str) -> String {
    ask(fixture, email).await.expect("asked");
    send_due(&fixture.core).await.expect("sent");
    token(fixture)
}

/// The token of the last link that was sent.
fn token(fixture: &Fixture) -> String {
    let text = fixture.mail.kept().pop().expect("a message").text;
    let link = text.lines().find_map(|line| line.strip_prefix("https://id.example.org/password/"));
    link.expect("a link").to_owned()
}

async fn disable(fixture: &Fixture, id: Uuid) {
    let change = account::ActiveModel { id: Set(id), disabled_at: Set(Some(fixture.now())), ..Default::default() };
    change.update(&fixture.core.db).await.expect("disabled");
}

async fn admin(fixture: &Fixture) -> Uuid {
    let new = NewAccount { audience: Audience::Admin, email: "ada@example.org", name: "Ada", password: PASSWORD };
    create(&fixture.core, Actor::Server, &new).await.expect("an administrator")
}

#[tokio::test]
async fn a_link_gives_a_new_password_once() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let token = link_for(&fixture, "  CARLA@example.org ").await;
        assert_eq!(fixture.mail.kept()[0].to, EMAIL);
        // Looking at it does not use it up: mail scanners do that.
        for _ in 0..3 {
            let link = fixture.password().reset_link(&token).await.expect("it lives");
            assert_eq!((link.audience, link.email.as_str(), link.min), (Audience::Customer, EMAIL, 8));
        }
        assert_eq!(set(&fixture, &token, NEW).await.expect("set"), Audience::Customer);
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        fixture.log_in(EMAIL, NEW, None).await.expect("the new password is right");
        assert_eq!(reason(set(&fixture, &token, "another good password").await), Refusal::LinkDead);
        assert_eq!(reason(fixture.password().reset_link(&token).await), Refusal::LinkDead);
        assert_eq!(reason(set(&fixture, "guess", NEW).await), Refusal::LinkDead);
        send_due(&fixture.core).await.expect("sent");
        assert!(fixture.mail.kept()[1].text.contains("Your password was changed"), "it was not announced");
    })
    .await;
}

#[tokio::test]
async fn a_link_serves_its_purpose_only() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let token = link_for(&fixture, EMAIL).await;
        for purpose in
            [LinkPurpose::SetUp, LinkPurpose::Invitation, LinkPurpose::Registration, LinkPurpose::EmailChange]
        {
            let found = links::living(&fixture.core.db, &fixture.core, purpose, &token).await;
            assert_eq!(reason(found), Refusal::LinkDead, "{purpose:?}");
        }
        links::living(&fixture.core.db, &fixture.core, LinkPurpose::PasswordReset, &token).await.expect("it lives");
    })
    .await;
}

#[tokio::test]
async fn of_many_parallel_uses_of_a_link_one_succeeds() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let token = link_for(&fixture, EMAIL).await;
        let uses = (0..10).map(|n| {
            let (password, origin, token) = (fixture.password(), fixture.origin.clone(), token.clone());
            tokio::spawn(async move { password.set_password(&origin, &token, &format!("{NEW} {n}")).await.is_ok() })
        });
        let mut done = 0;
        for one in uses.collect::<Vec<_>>() {
            done += u32::from(one.await.expect("runs"));
        }
        assert_eq!(done, 1);
    })
    .await;
}

#[tokio::test]
async fn known_unknown_disabled_and_limited_addresses_get_the_same_answer() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let disabled = fixture.customer("conrad@example.org").await;
        disable(&fixture, disabled).await;
        admin(&fixture).await;
        for email in ["nobody@example.org", "conrad@example.org", "ada@example.org"] {
            assert_eq!(ask(&fixture, email).await, Ok(()));
        }
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0, "nobody there is to receive a link");
        assert_eq!(delivery::Entity::find().count(&fixture.core.db).await.expect("answers"), 0);
        assert_eq!(link::Entity::find().count(&fixture.core.db).await.expect("answers"), 0);
        for _ in 0..LINKS + 3 {
            assert_eq!(ask(&fixture, EMAIL).await, Ok(()));
        }
        send_due(&fixture.core).await.expect("runs");
        assert_eq!(fixture.mail.kept().len(), LINKS as usize);
        // The last link that was sent is the one that works.
        fixture.password().reset_link(&token(&fixture)).await.expect("it lives");
        fixture.clock.pass(LINKS_WINDOW);
        link_for(&fixture, EMAIL).await;
        assert_eq!(fixture.mail.kept().len(), LINKS as usize + 1);
    })
    .await;
}

/// Time cannot be tested without a stopwatch, but what takes the time can: the database is asked the same things in
/// the same order. Besides them there is only the composition of the message, which is done for everybody, and no
/// password is hashed and no mail server talked to before the answer.
#[tokio::test]
async fn every_address_costs_the_same_statements() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let disabled = fixture.customer("conrad@example.org").await;
        disable(&fixture, disabled).await;
        let mut seen = Vec::new();
        for email in [EMAIL, "nobody@example.org", "conrad@example.org"] {
            statements.take();
            ask(&fixture, email).await.expect("asked");
            seen.push(statements.take());
        }
        assert!(seen[0].iter().any(|sql| sql.contains("INSERT INTO \"delivery\"")), "{:?}", seen[0]);
        assert_eq!(seen[0], seen[1], "an unknown address");
        assert_eq!(seen[0], seen[2], "a disabled account");
        for _ in 0..LINKS {
            statements.take();
            ask(&fixture, EMAIL).await.expect("asked");
        }
        assert_eq!(seen[0], statements.take(), "an address that had its links");
    })
    .await;
}

#[tokio::test]
async fn one_client_cannot_ask_for_everybody() {
    on_every_database(async |fixture| {
        for n in 0..ASKED_PER_ADDRESS {
            ask(&fixture, &format!("c{n}@example.org")).await.expect("asked");
        }
        let refused = reason(ask(&fixture, EMAIL).await);
        assert_eq!(refused, Refusal::TooManyMessages { minutes: 15 });
        let elsewhere = Origin { address: IpAddr::from([203, 0, 113, 9]), ..fixture.origin.clone() };
        fixture.password().ask_reset(&elsewhere, Audience::Customer, EMAIL).await.expect("another client may");
        fixture.clock.pass(ADDRESS_WINDOW);
        ask(&fixture, EMAIL).await.expect("after the window");
    })
    .await;
}

#[tokio::test]
async fn strangers_do_not_use_up_the_owners_links() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let strangers = Origin { address: IpAddr::from([203, 0, 113, 9]), ..fixture.origin.clone() };
        for _ in 0..LINKS + 3 {
            fixture.password().ask_reset(&strangers, Audience::Customer, EMAIL).await.expect("asked");
        }
        send_due(&fixture.core).await.expect("sent");
        assert_eq!(fixture.mail.kept().len(), LINKS as usize);
        ask(&fixture, EMAIL).await.expect("asked");
        send_due(&fixture.core).await.expect("sent");
        assert_eq!(fixture.mail.kept().len(), LINKS as usize + 1, "the owner gets one");
        for n in 0..10 {
            let strangers = Origin { address: IpAddr::from([198, 51, 100, n]), ..fixture.origin.clone() };
            for _ in 0..LINKS {
                fixture.password().ask_reset(&strangers, Audience::Customer, EMAIL).await.expect("asked");
            }
        }
        send_due(&fixture.core).await.expect("sent");
        assert_eq!(fixture.mail.kept().len(), LINKS_IN_ALL as usize, "nobody floods a mailbox");
    })
    .await;
}

#[tokio::test]
async fn a_link_dies_with_time_with_a_newer_one_with_its_account_and_with_its_address() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.customer(EMAIL).await;
        let first = link_for(&fixture, EMAIL).await;
        let second = link_for(&fixture, EMAIL).await;
        assert_eq!(reason(set(&fixture, &first, NEW).await), Refusal::LinkDead);
        fixture.clock.pass(30 * 60 - 1);
        fixture.password().reset_link(&second).await.expect("it lives");
        fixture.clock.pass(1);
        assert_eq!(reason(set(&fixture, &second, NEW).await), Refusal::LinkDead);
        let third = link_for(&fixture, EMAIL).await;
        let moved = account::ActiveModel {
            id: Set(id),
            email: Set("carla@new.example".to_owned()),
            email_key: Set(EmailKey::of("carla@new.example")),
            ..Default::default()
        };
        moved.update(&fixture.core.db).await.expect("moved");
        assert_eq!(reason(set(&fixture, &third, NEW).await), Refusal::LinkDead, "the old mailbox opens nothing");
        let fourth = link_for(&fixture, "carla@new.example").await;
        disable(&fixture, id).await;
        assert_eq!(reason(set(&fixture, &fourth, NEW).await), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_voids_every_other_link_of_the_account() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.customer(EMAIL).await;
        // Somebody who knew the old password wanted to take the account to another address.
        let new = NewLink {
            purpose: LinkPurpose::EmailChange,
            account_id: Some(id),
            audience: Audience::Customer,
            email: Some("thief@example.org"),
            name: None,
            lifetime: 1_800,
        };
        let theirs = links::issue(&fixture.core.db, &fixture.core, &new).await.expect("a link");
        set(&fixture, &link_for(&fixture, EMAIL).await, NEW).await.expect("set");
        let living = links::living(&fixture.core.db, &fixture.core, LinkPurpose::EmailChange, &theirs).await;
        assert_eq!(reason(living), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_trusted_devices_and_the_code_is_still_asked_for() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let done = fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("signs in");
        let trust = done.trust.expect("a trusted device").secret;
        let half = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        let token = link_for(&fixture, EMAIL).await;
        assert!(fixture.session(&done.session.secret).await.is_some(), "asking ends nothing");
        set(&fixture, &token, NEW).await.expect("set");
        assert!(fixture.session(&done.session.secret).await.is_none(), "the session lives");
        assert!(fixture.session(&half).await.is_none(), "the sign-in that waits for its code lives");
        let next = fixture.log_in(EMAIL, NEW, Some(&trust)).await.expect("the password is right");
        assert!(next.code_needed, "a reset must not skip the second factor");
        let session = fixture.session(&next.session.secret).await.expect("a session");
        fixture.verify(&session, &fixture.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_opens_the_pause_of_the_old_one_but_not_the_second_factors() {
    on_every_database(async |fixture| {
        let id = fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
        for _ in 0..11 {
            assert!(fixture.log_in(EMAIL, "what was it", None).await.is_err());
        }
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin, "paused");
        let token = link_for(&fixture, EMAIL).await;
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin, "asking opens nothing");
        set(&fixture, &token, NEW).await.expect("set");
        fixture.log_in(EMAIL, NEW, None).await.expect("whoever forgot it has tried often");
        assert_eq!(fixture.account_row(id).await.factor_failures, 1);
    })
    .await;
}

#[tokio::test]
async fn a_client_that_tried_too_often_stays_paused() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        for n in 0..100 {
            assert!(fixture.log_in(&format!("c{n}@example.org"), "wrong", None).await.is_err());
        }
        let token = link_for(&fixture, EMAIL).await;
        set(&fixture, &token, NEW).await.expect("set");
        assert_eq!(reason(fixture.log_in(EMAIL, NEW, None).await), Refusal::WrongLogin);
    })
    .await;
}

#[tokio::test]
async fn passwords_follow_the_rules_and_a_refused_one_leaves_the_link_alive() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let token = link_for(&fixture, EMAIL).await;
        for (password, problem) in [
            ("", Problem::Required),
            ("short", Problem::TooShort(8)),
            ("password1", Problem::CommonPassword),
            (EMAIL, Problem::CommonPassword),
        ] {
            let error = set(&fixture, &token, password).await.expect_err("refused");
            assert_eq!(error.problem_of("password"), Some(&problem), "{password}");
        }
        set(&fixture, &token, "ship moss 7").await.expect("eight are enough for a customer");
    })
    .await;
}

#[tokio::test]
async fn an_administrator_needs_fifteen_characters_unless_there_is_a_second_factor() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        let id = admin(&fixture).await;
        let ask = async || {
            let asked = fixture.password().ask_reset(&fixture.origin, Audience::Admin, "ada@example.org").await;
            asked.expect("asked");
            send_due(&fixture.core).await.expect("sent");
            token(&fixture)
        };
        let first = ask().await;
        assert_eq!(fixture.password().reset_link(&first).await.expect("it lives").min, 15);
        let error = set(&fixture, &first, "fourteen chars").await.expect_err("refused");
        assert_eq!(error.problem_of("password"), Some(&Problem::TooShort(15)));
        let session = app::caller::Session { account_id: id, ..fixture.admin() };
        fixture.send_code(&session, method, "ada@example.org").await.expect("sent");
        fixture.enrollment().verify(&session, &fixture.code()).await.expect("enrolled");
        let second = ask().await;
        assert_eq!(fixture.password().reset_link(&second).await.expect("it lives").min, 8);
        fixture.policy().set_allowed(&session, Audience::Admin, false).await.expect("switched");
        assert_eq!(fixture.password().reset_link(&second).await.expect("it lives").min, 15, "the entry does not count");
        fixture.policy().set_allowed(&session, Audience::Admin, true).await.expect("switched");
        assert_eq!(set(&fixture, &second, "fourteen chars").await.expect("set"), Audience::Admin);
    })
    .await;
}

#[tokio::test]
async fn without_a_provider_or_a_mail_server_the_answer_is_the_same_and_the_link_follows() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        assert_eq!(ask(&fixture, EMAIL).await, Ok(()));
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0);
        fixture.offer_mail().await;
        fixture.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None }));
        send_due(&fixture.core).await.expect("runs");
        fixture.mail.fail_with(None);
        fixture.clock.pass(60);
        send_due(&fixture.core).await.expect("runs");
        set(&fixture, &token(&fixture), NEW).await.expect("set");
    })
    .await;
}

#[tokio::test]
async fn asking_and_setting_are_recorded_without_the_token_or_the_password() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.customer(EMAIL).await;
        let token = link_for(&fixture, EMAIL).await;
        ask(&fixture, "nobody@example.org").await.expect("asked");
        set(&fixture, &token, NEW).await.expect("set");
        let events = audit_event::Entity::find().all(&fixture.core.db).await.expect("answers");
        let seen: Vec<_> = events
            .iter()
            .filter(|event| event.action.as_str().starts_with("password_reset"))
            .map(|event| (event.action.as_str(), event.outcome.0.as_str(), event.subject_id.or(event.actor_id)))
            .collect();
        assert_eq!(
            seen,
            [
                ("password_reset_asked", "success", Some(id)),
                ("password_reset_asked", "failure", None),
                ("password_reset", "success", Some(id)),
            ]
        );
        let all = format!("{events:?}");
        assert!(!all.contains(&token) && !all.contains(NEW) && !all.contains("nobody@"));
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_that_reset_an_administrators_password_is_not_the_second_factor_too() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.enrolled_admin("ada@example.org").await;
        fixture.password().ask_reset(&fixture.origin, Audience::Admin, "ada@example.org").await.expect("asked");
        send_due(&fixture.core).await.expect("sent");
        set(&fixture, &token(&fixture), "another-long-password-4").await.expect("set");
        let sent = fixture.mail.kept().len();
        let log_in = async || {
            let login = fixture.login();
            let new = "another-long-password-4";
            let done = login.log_in(&fixture.origin, Audience::Admin, "ada@example.org", new, None, None).await;
            fixture.admin_session(&done.expect("the password is right").session.secret).await.expect("a session")
        };
        let waiting = log_in().await;
        assert_eq!((waiting.stage, fixture.mail.kept().len()), (Stage::CodeNeeded, sent), "a code was sent there");
        let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.problem, Some(Refusal::MailboxAlone));
        assert_eq!(reason(fixture.challenge().send_new_code(&waiting, Purpose::SignIn).await), Refusal::MailboxAlone);
        // Another administrator or the command line cures it, for good.
        let account = fixture.account_row(id).await;
        let code = issue(&fixture.core, Actor::CommandLine, &account).await.expect("issued");
        fixture.login().verify(&waiting, Answer::RecoveryCode(&code), false).await.expect("signs in");
        let waiting = log_in().await;
        let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.problem, None);
        fixture.login().verify(&waiting, Answer::Code(&fixture.code()), false).await.expect("the code counts again");
    })
    .await;
}
