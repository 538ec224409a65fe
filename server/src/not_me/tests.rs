//! Saying that it was someone else, as the owner of an account or an attacker does it.

use super::service::{DEAD_LINKS, WINDOW};
use crate::{
    entity::{account, email_key::EmailKey, link},
    outbox::notice::{Addressee, DISPUTED, announce},
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    account::port::AccountPort,
    audit::types::Action,
    caller::{Origin, Session},
    challenge::port::Answer,
    delivery::notice::Notice,
    error::Refusal,
    login::{port::LoginPort, types::Audience},
    not_me::{
        port::{NotMePort, Stopped},
        types::Then,
    },
    password::port::PasswordPort,
};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use std::net::IpAddr;
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";
const NEW: &str = "seven lakes walk home";

/// Tells the account of something, and answers the token of the link in the message.
async fn told(fixture: &Fixture, id: Uuid, email: &str, notice: Notice) -> String {
    let whom = Addressee { account_id: Some(id), audience: Audience::Customer, email, language: None };
    announce(&fixture.core.db, &fixture.core, whom, Some(&fixture.origin), notice).await.expect("told");
    token(fixture, email, "not-me").await.expect("a link")
}

/// The token of such a link in the last message to somebody.
async fn token(fixture: &Fixture, to: &str, page: &str) -> Option<String> {
    let mail = fixture.mail_so_far().await;
    let (_, text) = mail.iter().rev().find(|(address, _)| address == to)?;
    let start = format!("https://id.example.org/{page}/");
    text.lines().find_map(|line| line.strip_prefix(&start)).map(str::to_owned)
}

async fn stop(fixture: &Fixture, token: &str) -> Result<Then, app::error::AppError> {
    fixture.not_me().stop(&fixture.origin, token).await.map(|Stopped { then, .. }| then)
}

/// Gives an account another address, whoever wants that.
async fn move_to(fixture: &Fixture, id: Uuid, email: &str) {
    let (email_key, email) = (Set(EmailKey::of(email)), Set(email.to_owned()));
    let moved = account::ActiveModel { id: Set(id), email, email_key, ..Default::default() };
    moved.update(&fixture.core.db).await.expect("moved");
}

#[tokio::test]
async fn it_ends_everything_of_the_account_once_and_nothing_of_another() {
    on_every_database(async |fixture| {
        let id = fixture.enrolled_customer(EMAIL).await;
        fixture.administrator("ada@example.org").await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        let conrad = fixture.full_sign_in("conrad@example.org").await;
        let waiting = fixture.password_session(EMAIL).await;
        let done = fixture.login().verify(&waiting, Answer::Code(&fixture.code()), true).await.expect("signs in");
        let trust = done.trust.expect("a trusted device").secret;
        let token = token(&fixture, EMAIL, "not-me").await.expect("a new device is told, with a link");
        let half = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").session.secret;

        // Looking changes nothing: programs that check mail do it.
        for _ in 0..3 {
            let disputed = fixture.not_me().link(&fixture.origin, &token).await.expect("it lives");
            assert_eq!((disputed.email.as_str(), disputed.what), (EMAIL, Action::DeviceTrusted));
            assert_eq!((disputed.time.as_str(), disputed.then), ("2026-01-01 00:00", Then::Link));
        }
        assert!(fixture.session(&done.session.secret).await.is_some() && fixture.session(&half).await.is_some());

        assert_eq!(stop(&fixture, &token).await.expect("stopped"), Then::Link);
        for session in [&done.session.secret, &half] {
            assert!(fixture.session(session).await.is_none(), "a session lives");
        }
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await), Refusal::WrongLogin);
        assert!(fixture.session(&conrad).await.is_some(), "somebody else is signed out");
        fixture.log_in("conrad@example.org", PASSWORD, None).await.expect("somebody else's password is right");
        assert!(fixture.account_row(id).await.disabled_at.is_none());
        let mail = fixture.mail_so_far().await;
        let admin = mail.iter().rev().find(|(to, _)| to == "ada@example.org").expect("the administrators are told");
        assert!(admin.1.contains(EMAIL) && admin.1.contains("Device trusted"), "{}", admin.1);
        assert_eq!(fixture.events(Action::NotMe).await.len(), 1);

        assert_eq!(reason(stop(&fixture, &token).await), Refusal::LinkDead, "it works once");
        assert_eq!(reason(fixture.not_me().link(&fixture.origin, &token).await), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn the_new_password_comes_by_the_usual_link_and_skips_no_second_factor() {
    on_every_database(async |fixture| {
        let id = fixture.enrolled_customer(EMAIL).await;
        let dispute = told(&fixture, id, EMAIL, Notice::PasswordChanged).await;
        stop(&fixture, &dispute).await.expect("stopped");
        assert_eq!(reason(fixture.password().reset_link(&dispute).await), Refusal::LinkDead, "it gives no password");
        let reset = token(&fixture, EMAIL, "password").await.expect("a link for a new password");
        fixture.password().set_password(&fixture.origin, &reset, NEW).await.expect("set");
        let done = fixture.log_in(EMAIL, NEW, None).await.expect("the new password is right");
        assert!(done.code_needed, "the second factor was skipped");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        fixture.verify(&session, &fixture.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn a_link_lives_for_seven_days_and_whatever_is_done_with_the_account_meanwhile() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.customer(EMAIL).await;
        let first = told(&fixture, id, EMAIL, Notice::DeviceTrusted).await;
        let second = told(&fixture, id, EMAIL, Notice::PasswordChanged).await;
        fixture.not_me().link(&fixture.origin, &first).await.expect("a newer one does not end it");
        let session: Session = fixture.password_session(EMAIL).await;
        fixture.account().change_password(&session, PASSWORD, NEW).await.expect("changed, by whoever it was");
        fixture.not_me().link(&fixture.origin, &first).await.expect("a new password does not end it");
        fixture.clock.pass(DISPUTED - 1);
        fixture.not_me().link(&fixture.origin, &second).await.expect("it lives");
        fixture.clock.pass(1);
        assert_eq!(reason(stop(&fixture, &first).await), Refusal::LinkDead);
        fixture.clock.pass(-DISPUTED);
        assert_eq!(reason(stop(&fixture, &first).await), Refusal::LinkDead, "it lives again");
        fixture.log_in(EMAIL, NEW, None).await.expect("nothing was stopped");
    })
    .await;
}

#[tokio::test]
async fn of_many_parallel_uses_one_stops_and_the_links_of_the_other_notices_end_with_it() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.customer(EMAIL).await;
        let other = told(&fixture, id, EMAIL, Notice::DeviceTrusted).await;
        let token = told(&fixture, id, EMAIL, Notice::PasswordChanged).await;
        let uses = (0..8).map(|_| {
            let (not_me, origin, token) = (fixture.not_me(), fixture.origin.clone(), token.clone());
            tokio::spawn(async move { not_me.stop(&origin, &token).await.is_ok() })
        });
        let mut stopped = 0;
        for one in uses.collect::<Vec<_>>() {
            stopped += u32::from(one.await.expect("runs"));
        }
        assert_eq!(stopped, 1);
        assert_eq!(reason(stop(&fixture, &other).await), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn where_the_address_was_changed_the_account_is_disabled_and_nobody_gets_a_link() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.administrator("ada@example.org").await;
        let id = fixture.customer(EMAIL).await;
        let token = told(&fixture, id, EMAIL, Notice::EmailChanged).await;
        move_to(&fixture, id, "thief@example.org").await;
        assert_eq!(fixture.not_me().link(&fixture.origin, &token).await.expect("it lives").then, Then::Hold);
        assert_eq!(stop(&fixture, &token).await.expect("stopped"), Then::Hold);
        assert!(fixture.account_row(id).await.disabled_at.is_some());
        fixture.password().ask_reset(&fixture.origin, Audience::Customer, "thief@example.org").await.expect("asked");
        let mail = fixture.mail_so_far().await;
        assert!(!mail.iter().any(|(_, text)| text.contains("/password/")), "a link for a new password left: {mail:?}");
        assert!(mail.iter().any(|(to, text)| to == "ada@example.org" && text.contains("enable it")), "{mail:?}");
        assert_eq!(reason(fixture.log_in("thief@example.org", PASSWORD, None).await), Refusal::WrongLogin);
    })
    .await;
}

#[tokio::test]
async fn the_only_administrator_is_not_disabled() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.administrator("ada@example.org").await;
        let whom =
            Addressee { account_id: Some(id), audience: Audience::Admin, email: "ada@example.org", language: None };
        announce(&fixture.core.db, &fixture.core, whom, Some(&fixture.origin), Notice::EmailChanged)
            .await
            .expect("told");
        let token = token(&fixture, "ada@example.org", "not-me").await.expect("a link");
        move_to(&fixture, id, "thief@example.org").await;
        assert_eq!(fixture.not_me().link(&fixture.origin, &token).await.expect("it lives").then, Then::Alone);
        assert_eq!(stop(&fixture, &token).await.expect("stopped"), Then::Alone);
        assert!(fixture.account_row(id).await.disabled_at.is_none());
        assert!(token_of_reset(&fixture).await.is_none(), "whoever changed the address got a link");
    })
    .await;
}

async fn token_of_reset(fixture: &Fixture) -> Option<String> {
    token(fixture, "thief@example.org", "password").await
}

#[tokio::test]
async fn unknown_used_and_expired_links_are_answered_alike_and_one_network_opens_only_so_many() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.customer(EMAIL).await;
        let living = told(&fixture, id, EMAIL, Notice::DeviceTrusted).await;
        for n in 0..DEAD_LINKS {
            assert_eq!(reason(fixture.not_me().link(&fixture.origin, &format!("guess {n}")).await), Refusal::LinkDead);
        }
        let full = Refusal::TooManyLinks { minutes: 15 };
        assert_eq!(reason(fixture.not_me().link(&fixture.origin, "guess").await), full);
        assert_eq!(reason(stop(&fixture, "guess").await), full);
        fixture.not_me().link(&fixture.origin, &living).await.expect("guesses keep nobody from stopping");
        let elsewhere = Origin { address: IpAddr::from([203, 0, 113, 9]), ..fixture.origin.clone() };
        assert_eq!(reason(fixture.not_me().link(&elsewhere, "guess").await), Refusal::LinkDead);
        fixture.clock.pass(WINDOW);
        assert_eq!(reason(fixture.not_me().link(&fixture.origin, "guess").await), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn only_a_hash_of_the_link_is_stored_with_what_it_is_about() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = fixture.customer(EMAIL).await;
        let token = told(&fixture, id, EMAIL, Notice::EntryRemoved).await;
        let stored = link::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert_eq!(token.len(), 43, "256 bits");
        assert!(stored.iter().all(|link| !format!("{link:?}").contains(&token)));
        assert_eq!(stored[0].event.map(|event| event.0), Some(Action::EntryRemoved));
        // What others did is not disputed, and what gives nothing away needs no new password.
        for notice in [Notice::Disabled, Notice::FactorReset, Notice::SignInLocked(15), Notice::AddressInUse] {
            let whom = Addressee { account_id: Some(id), audience: Audience::Customer, email: EMAIL, language: None };
            announce(&fixture.core.db, &fixture.core, whom, Some(&fixture.origin), notice).await.expect("told");
            assert!(self::token(&fixture, EMAIL, "not-me").await.is_none(), "{notice:?} has a link");
        }
    })
    .await;
}
