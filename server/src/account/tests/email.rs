//! Changing one's own address.

use crate::testing::{Fixture, PASSWORD, on_every_database, reason};
use app::{
    account::port::AccountPort,
    caller::Session,
    error::{Problem, Refusal},
    login::types::Audience,
};

const OLD: &str = "carla@example.org";
const NEW: &str = "Carla.New@example.org";

async fn signed_in(fixture: &Fixture, email: &str) -> Session {
    let token = fixture.full_sign_in(email).await;
    fixture.session(&token).await.expect("a session")
}

/// The token in the last message to an address.
async fn token(fixture: &Fixture, to: &str) -> String {
    let mail = fixture.mail_so_far().await;
    let (_, text) = mail.iter().rev().find(|(address, _)| address == to).expect("a message");
    text.lines().find_map(|line| line.strip_prefix("https://id.example.org/email/")).expect("a link").to_owned()
}

#[tokio::test]
async fn the_link_proves_the_new_address_and_both_are_told() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(OLD).await;
        let session = signed_in(&fixture, OLD).await;
        fixture.account().ask_for_email(&session, &format!(" {NEW} ")).await.expect("asked");
        let token = token(&fixture, NEW).await;
        assert_eq!(fixture.account().email_link(&token).await.expect("it lives").email, NEW);
        fixture.log_in(OLD, PASSWORD, None).await.expect("asking and looking change nothing");
        let audience = fixture.account().confirm_email(&fixture.origin, &token).await.expect("changed");
        assert_eq!(audience, Audience::Customer);
        assert_eq!(reason(fixture.log_in(OLD, PASSWORD, None).await), Refusal::WrongLogin);
        fixture.log_in(NEW, PASSWORD, None).await.expect("signs in with the new one");
        let mail = fixture.mail_so_far().await;
        for address in [OLD, NEW] {
            let notified = mail.iter().any(|(to, text)| to == address && text.contains("Your email address"));
            assert!(notified, "{address} was not told: {mail:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_works_once_and_not_for_long_and_a_newer_one_replaces_it() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(OLD).await;
        let session = signed_in(&fixture, OLD).await;
        fixture.account().ask_for_email(&session, "first@example.org").await.expect("asked");
        let first = token(&fixture, "first@example.org").await;
        fixture.account().ask_for_email(&session, NEW).await.expect("asked");
        let second = token(&fixture, NEW).await;
        assert_eq!(reason(fixture.account().confirm_email(&fixture.origin, &first).await), Refusal::LinkDead);
        assert_eq!(reason(fixture.account().email_link("guess").await), Refusal::LinkDead);
        fixture.clock.pass(30 * 60);
        assert_eq!(reason(fixture.account().confirm_email(&fixture.origin, &second).await), Refusal::LinkDead);
        fixture.account().ask_for_email(&session, NEW).await.expect("asked");
        let third = token(&fixture, NEW).await;
        let uses = (0..10).map(|_| {
            let (accounts, origin, token) = (fixture.account(), fixture.origin.clone(), third.clone());
            tokio::spawn(async move { accounts.confirm_email(&origin, &token).await.is_ok() })
        });
        let mut worked = 0;
        for one in uses.collect::<Vec<_>>() {
            worked += u32::from(one.await.expect("runs"));
        }
        assert_eq!(worked, 1);
    })
    .await;
}

#[tokio::test]
async fn a_taken_address_is_answered_like_a_free_one_and_only_its_owner_learns_of_it() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(OLD).await;
        fixture.customer("conrad@example.org").await;
        let session = signed_in(&fixture, OLD).await;
        fixture.account().ask_for_email(&session, "CONRAD@example.org").await.expect("the same answer");
        let mail = fixture.mail_so_far().await;
        let (to, text) = mail.last().expect("a message");
        assert!(to == "conrad@example.org" && text.contains("for another account") && !text.contains("/email/"));
        // Taken only after the link was sent.
        fixture.account().ask_for_email(&session, NEW).await.expect("asked");
        let token = token(&fixture, NEW).await;
        fixture.customer(NEW).await;
        assert_eq!(reason(fixture.account().confirm_email(&fixture.origin, &token).await), Refusal::LinkDead);
        fixture.log_in(OLD, PASSWORD, None).await.expect("nothing was changed");
    })
    .await;
}

#[tokio::test]
async fn bad_and_unchanged_addresses_are_named_and_messages_are_limited() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(OLD).await;
        let session = signed_in(&fixture, OLD).await;
        for (email, problem) in [
            ("", Problem::Required),
            ("not an address", Problem::NotAnEmail),
            ("a@b.example\r\nBcc: x@y.example", Problem::ControlCharacters),
            ("CARLA@example.org", Problem::Unchanged),
        ] {
            let error = fixture.account().ask_for_email(&session, email).await.expect_err("refused");
            assert_eq!(error.problem_of("new_email"), Some(&problem), "{email:?}");
        }
        for n in 0..5 {
            fixture.account().ask_for_email(&session, &format!("new{n}@example.org")).await.expect("asked");
        }
        let sixth = fixture.account().ask_for_email(&session, "new5@example.org").await;
        assert_eq!(reason(sixth), Refusal::TooManyMessages { minutes: 60 });
        assert_eq!(fixture.mail_so_far().await.len(), 5);
        // Nor is one address flooded from many accounts.
        let mut last = Ok(());
        for n in 0..6 {
            let email = format!("c{n}@example.org");
            fixture.customer(&email).await;
            let session = signed_in(&fixture, &email).await;
            last = fixture.account().ask_for_email(&session, "victim@example.org").await;
        }
        assert_eq!(reason(last), Refusal::TooManyMessages { minutes: 60 });
    })
    .await;
}

#[tokio::test]
async fn a_new_password_kills_the_link() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.customer(OLD).await;
        let session = signed_in(&fixture, OLD).await;
        fixture.account().ask_for_email(&session, NEW).await.expect("asked");
        let token = token(&fixture, NEW).await;
        fixture.account().change_password(&session, PASSWORD, "granite-ribbon-thistle").await.expect("changed");
        assert_eq!(reason(fixture.account().confirm_email(&fixture.origin, &token).await), Refusal::LinkDead);
    })
    .await;
}
