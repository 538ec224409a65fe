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
    outbox::service::run_once,
    recovery::service::issue,
    testing::{House, PASSWORD, on_every_database, reason, watch_statements},
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

async fn ask(house: &House, email: &str) -> Result<(), AppError> {
    house.password().ask_reset(&house.origin, Audience::Customer, email).await
}

async fn set(house: &House, token: &str, password: &str) -> Result<Audience, AppError> {
    house.password().set_password(&house.origin, token, password).await.map(|done| done.audience)
}

/// Asks for a link and reads it in the mail.
async fn link_for(house: &House, email: &str) -> String {
    ask(house, email).await.expect("asked");
    run_once(&house.core).await.expect("sent");
    token(house)
}

/// The token of the last link that was sent.
fn token(house: &House) -> String {
    let text = house.mail.kept().pop().expect("a message").text;
    let link = text.lines().find_map(|line| line.strip_prefix("https://id.example.org/password/"));
    link.expect("a link").to_owned()
}

async fn disable(house: &House, id: Uuid) {
    let change = account::ActiveModel { id: Set(id), disabled_at: Set(Some(house.now())), ..Default::default() };
    change.update(&house.core.db).await.expect("disabled");
}

async fn admin(house: &House) -> Uuid {
    let new = NewAccount { audience: Audience::Admin, email: "ada@example.org", name: "Ada", password: PASSWORD };
    create(&house.core, Actor::Server, &new).await.expect("an administrator")
}

#[tokio::test]
async fn a_link_gives_a_new_password_once() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let token = link_for(&house, "  CARLA@example.org ").await;
        assert_eq!(house.mail.kept()[0].to, EMAIL);
        // Looking at it does not use it up: mail scanners do that.
        for _ in 0..3 {
            let link = house.password().reset_link(&token).await.expect("it lives");
            assert_eq!((link.audience, link.email.as_str(), link.min), (Audience::Customer, EMAIL, 8));
        }
        assert_eq!(set(&house, &token, NEW).await.expect("set"), Audience::Customer);
        assert_eq!(reason(house.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        house.log_in(EMAIL, NEW, None).await.expect("the new password is right");
        assert_eq!(reason(set(&house, &token, "another good password").await), Refusal::LinkDead);
        assert_eq!(reason(house.password().reset_link(&token).await), Refusal::LinkDead);
        assert_eq!(reason(set(&house, "guess", NEW).await), Refusal::LinkDead);
        run_once(&house.core).await.expect("sent");
        assert!(house.mail.kept()[1].text.contains("Your password was changed"), "it was not announced");
    })
    .await;
}

#[tokio::test]
async fn a_link_serves_its_purpose_only() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let token = link_for(&house, EMAIL).await;
        for purpose in
            [LinkPurpose::SetUp, LinkPurpose::Invitation, LinkPurpose::Registration, LinkPurpose::EmailChange]
        {
            let found = links::living(&house.core.db, &house.core, purpose, &token).await;
            assert_eq!(reason(found), Refusal::LinkDead, "{purpose:?}");
        }
        links::living(&house.core.db, &house.core, LinkPurpose::PasswordReset, &token).await.expect("it lives");
    })
    .await;
}

#[tokio::test]
async fn of_many_parallel_uses_of_a_link_one_succeeds() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let token = link_for(&house, EMAIL).await;
        let uses = (0..10).map(|n| {
            let (password, origin, token) = (house.password(), house.origin.clone(), token.clone());
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
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let disabled = house.customer("conrad@example.org").await;
        disable(&house, disabled).await;
        admin(&house).await;
        for email in ["nobody@example.org", "conrad@example.org", "ada@example.org"] {
            assert_eq!(ask(&house, email).await, Ok(()));
        }
        assert_eq!(run_once(&house.core).await.expect("runs"), 0, "nobody there is to receive a link");
        assert_eq!(delivery::Entity::find().count(&house.core.db).await.expect("answers"), 0);
        assert_eq!(link::Entity::find().count(&house.core.db).await.expect("answers"), 0);
        for _ in 0..LINKS + 3 {
            assert_eq!(ask(&house, EMAIL).await, Ok(()));
        }
        run_once(&house.core).await.expect("runs");
        assert_eq!(house.mail.kept().len(), LINKS as usize);
        // The last link that was sent is the one that works.
        house.password().reset_link(&token(&house)).await.expect("it lives");
        house.clock.pass(LINKS_WINDOW);
        link_for(&house, EMAIL).await;
        assert_eq!(house.mail.kept().len(), LINKS as usize + 1);
    })
    .await;
}

/// Time cannot be tested without a stopwatch, but what takes the time can: the database is asked the same things in
/// the same order. Besides them there is only the composition of the message, which is done for everybody, and no
/// password is hashed and no mail server talked to before the answer.
#[tokio::test]
async fn every_address_costs_the_same_statements() {
    on_every_database(async |mut house| {
        let statements = watch_statements(&mut house);
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let disabled = house.customer("conrad@example.org").await;
        disable(&house, disabled).await;
        let mut seen = Vec::new();
        for email in [EMAIL, "nobody@example.org", "conrad@example.org"] {
            statements.take();
            ask(&house, email).await.expect("asked");
            seen.push(statements.take());
        }
        assert!(seen[0].iter().any(|sql| sql.contains("INSERT INTO \"delivery\"")), "{:?}", seen[0]);
        assert_eq!(seen[0], seen[1], "an unknown address");
        assert_eq!(seen[0], seen[2], "a disabled account");
        for _ in 0..LINKS {
            statements.take();
            ask(&house, EMAIL).await.expect("asked");
        }
        assert_eq!(seen[0], statements.take(), "an address that had its links");
    })
    .await;
}

#[tokio::test]
async fn one_client_cannot_ask_for_everybody() {
    on_every_database(async |house| {
        for n in 0..ASKED_PER_ADDRESS {
            ask(&house, &format!("c{n}@example.org")).await.expect("asked");
        }
        let refused = reason(ask(&house, EMAIL).await);
        assert_eq!(refused, Refusal::TooManyMessages { minutes: 15 });
        let elsewhere = Origin { address: IpAddr::from([203, 0, 113, 9]), ..house.origin.clone() };
        house.password().ask_reset(&elsewhere, Audience::Customer, EMAIL).await.expect("another client may");
        house.clock.pass(ADDRESS_WINDOW);
        ask(&house, EMAIL).await.expect("after the window");
    })
    .await;
}

#[tokio::test]
async fn strangers_do_not_use_up_the_owners_links() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let strangers = Origin { address: IpAddr::from([203, 0, 113, 9]), ..house.origin.clone() };
        for _ in 0..LINKS + 3 {
            house.password().ask_reset(&strangers, Audience::Customer, EMAIL).await.expect("asked");
        }
        run_once(&house.core).await.expect("sent");
        assert_eq!(house.mail.kept().len(), LINKS as usize);
        ask(&house, EMAIL).await.expect("asked");
        run_once(&house.core).await.expect("sent");
        assert_eq!(house.mail.kept().len(), LINKS as usize + 1, "the owner gets one");
        for n in 0..10 {
            let strangers = Origin { address: IpAddr::from([198, 51, 100, n]), ..house.origin.clone() };
            for _ in 0..LINKS {
                house.password().ask_reset(&strangers, Audience::Customer, EMAIL).await.expect("asked");
            }
        }
        run_once(&house.core).await.expect("sent");
        assert_eq!(house.mail.kept().len(), LINKS_IN_ALL as usize, "nobody floods a mailbox");
    })
    .await;
}

#[tokio::test]
async fn a_link_dies_with_time_with_a_newer_one_with_its_account_and_with_its_address() {
    on_every_database(async |house| {
        house.offer_mail().await;
        let id = house.customer(EMAIL).await;
        let first = link_for(&house, EMAIL).await;
        let second = link_for(&house, EMAIL).await;
        assert_eq!(reason(set(&house, &first, NEW).await), Refusal::LinkDead);
        house.clock.pass(30 * 60 - 1);
        house.password().reset_link(&second).await.expect("it lives");
        house.clock.pass(1);
        assert_eq!(reason(set(&house, &second, NEW).await), Refusal::LinkDead);
        let third = link_for(&house, EMAIL).await;
        let moved = account::ActiveModel {
            id: Set(id),
            email: Set("carla@new.example".to_owned()),
            email_key: Set(EmailKey::of("carla@new.example")),
            ..Default::default()
        };
        moved.update(&house.core.db).await.expect("moved");
        assert_eq!(reason(set(&house, &third, NEW).await), Refusal::LinkDead, "the old mailbox opens nothing");
        let fourth = link_for(&house, "carla@new.example").await;
        disable(&house, id).await;
        assert_eq!(reason(set(&house, &fourth, NEW).await), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_voids_every_other_link_of_the_account() {
    on_every_database(async |house| {
        house.offer_mail().await;
        let id = house.customer(EMAIL).await;
        // Somebody who knew the old password wanted to take the account to another address.
        let new = NewLink {
            purpose: LinkPurpose::EmailChange,
            account_id: Some(id),
            audience: Audience::Customer,
            email: Some("thief@example.org"),
            name: None,
            lifetime: 1_800,
        };
        let theirs = links::issue(&house.core.db, &house.core, &new).await.expect("a link");
        set(&house, &link_for(&house, EMAIL).await, NEW).await.expect("set");
        let living = links::living(&house.core.db, &house.core, LinkPurpose::EmailChange, &theirs).await;
        assert_eq!(reason(living), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_trusted_devices_and_the_code_is_still_asked_for() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let waiting = house.password_session(EMAIL).await;
        let done = house.login().verify(&waiting, Answer::Code(&house.code()), true).await.expect("signs in");
        let trust = done.trust.expect("a trusted device").secret;
        let half = house.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        let token = link_for(&house, EMAIL).await;
        assert!(house.session(&done.session.secret).await.is_some(), "asking ends nothing");
        set(&house, &token, NEW).await.expect("set");
        assert!(house.session(&done.session.secret).await.is_none(), "the session lives");
        assert!(house.session(&half).await.is_none(), "the sign-in that waits for its code lives");
        let next = house.log_in(EMAIL, NEW, Some(&trust)).await.expect("the password is right");
        assert!(next.code_needed, "a reset must not skip the second factor");
        let session = house.session(&next.session.secret).await.expect("a session");
        house.verify(&session, &house.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_opens_the_pause_of_the_old_one_but_not_the_second_factors() {
    on_every_database(async |house| {
        let id = house.enrolled_customer(EMAIL).await;
        let session = house.password_session(EMAIL).await;
        assert!(house.verify(&session, &house.wrong_code()).await.is_err());
        for _ in 0..11 {
            assert!(house.log_in(EMAIL, "what was it", None).await.is_err());
        }
        assert_eq!(reason(house.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin, "paused");
        let token = link_for(&house, EMAIL).await;
        assert_eq!(reason(house.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin, "asking opens nothing");
        set(&house, &token, NEW).await.expect("set");
        house.log_in(EMAIL, NEW, None).await.expect("whoever forgot it has tried often");
        assert_eq!(house.account_row(id).await.factor_failures, 1);
    })
    .await;
}

#[tokio::test]
async fn a_client_that_tried_too_often_stays_paused() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        for n in 0..100 {
            assert!(house.log_in(&format!("c{n}@example.org"), "wrong", None).await.is_err());
        }
        let token = link_for(&house, EMAIL).await;
        set(&house, &token, NEW).await.expect("set");
        assert_eq!(reason(house.log_in(EMAIL, NEW, None).await), Refusal::WrongLogin);
    })
    .await;
}

#[tokio::test]
async fn passwords_follow_the_rules_and_a_refused_one_leaves_the_link_alive() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(EMAIL).await;
        let token = link_for(&house, EMAIL).await;
        for (password, problem) in [
            ("", Problem::Required),
            ("short", Problem::TooShort(8)),
            ("password1", Problem::CommonPassword),
            (EMAIL, Problem::CommonPassword),
        ] {
            let error = set(&house, &token, password).await.expect_err("refused");
            assert_eq!(error.problem_of("password"), Some(&problem), "{password}");
        }
        set(&house, &token, "ship moss 7").await.expect("eight are enough for a customer");
    })
    .await;
}

#[tokio::test]
async fn an_administrator_needs_fifteen_characters_unless_there_is_a_second_factor() {
    on_every_database(async |house| {
        let method = house.offer_mail().await;
        let id = admin(&house).await;
        let ask = async || {
            let asked = house.password().ask_reset(&house.origin, Audience::Admin, "ada@example.org").await;
            asked.expect("asked");
            run_once(&house.core).await.expect("sent");
            token(&house)
        };
        let first = ask().await;
        assert_eq!(house.password().reset_link(&first).await.expect("it lives").min, 15);
        let error = set(&house, &first, "fourteen chars").await.expect_err("refused");
        assert_eq!(error.problem_of("password"), Some(&Problem::TooShort(15)));
        let session = app::caller::Session { account_id: id, ..house.admin() };
        house.send_code(&session, method, "ada@example.org").await.expect("sent");
        house.enrollment().verify(&session, &house.code()).await.expect("enrolled");
        let second = ask().await;
        assert_eq!(house.password().reset_link(&second).await.expect("it lives").min, 8);
        house.policy().set_allowed(&session, Audience::Admin, false).await.expect("switched");
        assert_eq!(house.password().reset_link(&second).await.expect("it lives").min, 15, "the entry does not count");
        house.policy().set_allowed(&session, Audience::Admin, true).await.expect("switched");
        assert_eq!(set(&house, &second, "fourteen chars").await.expect("set"), Audience::Admin);
    })
    .await;
}

#[tokio::test]
async fn without_a_provider_or_a_mail_server_the_answer_is_the_same_and_the_link_follows() {
    on_every_database(async |house| {
        house.customer(EMAIL).await;
        assert_eq!(ask(&house, EMAIL).await, Ok(()));
        assert_eq!(run_once(&house.core).await.expect("runs"), 0);
        house.offer_mail().await;
        house.mail.fail_with(Some(DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None }));
        run_once(&house.core).await.expect("runs");
        house.mail.fail_with(None);
        house.clock.pass(60);
        run_once(&house.core).await.expect("runs");
        set(&house, &token(&house), NEW).await.expect("set");
    })
    .await;
}

#[tokio::test]
async fn asking_and_setting_are_recorded_without_the_token_or_the_password() {
    on_every_database(async |house| {
        house.offer_mail().await;
        let id = house.customer(EMAIL).await;
        let token = link_for(&house, EMAIL).await;
        ask(&house, "nobody@example.org").await.expect("asked");
        set(&house, &token, NEW).await.expect("set");
        let events = audit_event::Entity::find().all(&house.core.db).await.expect("answers");
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
    on_every_database(async |house| {
        house.offer_mail().await;
        let id = house.enrolled_admin("ada@example.org").await;
        house.password().ask_reset(&house.origin, Audience::Admin, "ada@example.org").await.expect("asked");
        run_once(&house.core).await.expect("sent");
        set(&house, &token(&house), "another-long-password-4").await.expect("set");
        let sent = house.mail.kept().len();
        let log_in = async || {
            let login = house.login();
            let new = "another-long-password-4";
            let done = login.log_in(&house.origin, Audience::Admin, "ada@example.org", new, None, None).await;
            house.admin_session(&done.expect("the password is right").session.secret).await.expect("a session")
        };
        let waiting = log_in().await;
        assert_eq!((waiting.stage, house.mail.kept().len()), (Stage::CodeNeeded, sent), "a code was sent there");
        let screen = house.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.problem, Some(Refusal::MailboxAlone));
        assert_eq!(reason(house.challenge().send_new_code(&waiting, Purpose::SignIn).await), Refusal::MailboxAlone);
        // Another administrator or the command line cures it, for good.
        let account = house.account_row(id).await;
        let code = issue(&house.core, Actor::CommandLine, &account).await.expect("issued");
        house.login().verify(&waiting, Answer::RecoveryCode(&code), false).await.expect("signs in");
        let waiting = log_in().await;
        let screen = house.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.problem, None);
        house.login().verify(&waiting, Answer::Code(&house.code()), false).await.expect("the code counts again");
    })
    .await;
}
