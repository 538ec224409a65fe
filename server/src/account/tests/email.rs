//! Changing one's own address.

use crate::testing::{House, PASSWORD, on_every_database, reason};
use app::{
    account::port::AccountPort,
    caller::Session,
    error::{Problem, Refusal},
    login::types::Audience,
};

const OLD: &str = "carla@example.org";
const NEW: &str = "Carla.New@example.org";

async fn signed_in(house: &House, email: &str) -> Session {
    let token = house.full_sign_in(email).await;
    house.session(&token).await.expect("a session")
}

/// The token in the last message to an address.
async fn token(house: &House, to: &str) -> String {
    let mail = house.mail_so_far().await;
    let (_, text) = mail.iter().rev().find(|(address, _)| address == to).expect("a message");
    text.lines().find_map(|line| line.strip_prefix("https://id.example.org/email/")).expect("a link").to_owned()
}

#[tokio::test]
async fn the_link_proves_the_new_address_and_both_are_told() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(OLD).await;
        let session = signed_in(&house, OLD).await;
        house.account().ask_for_email(&session, &format!(" {NEW} ")).await.expect("asked");
        let token = token(&house, NEW).await;
        assert_eq!(house.account().email_link(&token).await.expect("it lives").email, NEW);
        house.log_in(OLD, PASSWORD, None).await.expect("asking and looking change nothing");
        let audience = house.account().confirm_email(&house.origin, &token).await.expect("changed");
        assert_eq!(audience, Audience::Customer);
        assert_eq!(reason(house.log_in(OLD, PASSWORD, None).await), Refusal::WrongLogin);
        house.log_in(NEW, PASSWORD, None).await.expect("signs in with the new one");
        let mail = house.mail_so_far().await;
        for address in [OLD, NEW] {
            let told = mail.iter().any(|(to, text)| to == address && text.contains("Your email address"));
            assert!(told, "{address} was not told: {mail:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_works_once_and_not_for_long_and_a_newer_one_replaces_it() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(OLD).await;
        let session = signed_in(&house, OLD).await;
        house.account().ask_for_email(&session, "first@example.org").await.expect("asked");
        let first = token(&house, "first@example.org").await;
        house.account().ask_for_email(&session, NEW).await.expect("asked");
        let second = token(&house, NEW).await;
        assert_eq!(reason(house.account().confirm_email(&house.origin, &first).await), Refusal::LinkDead);
        assert_eq!(reason(house.account().email_link("guess").await), Refusal::LinkDead);
        house.clock.pass(30 * 60);
        assert_eq!(reason(house.account().confirm_email(&house.origin, &second).await), Refusal::LinkDead);
        house.account().ask_for_email(&session, NEW).await.expect("asked");
        let third = token(&house, NEW).await;
        let uses = (0..10).map(|_| {
            let (accounts, origin, token) = (house.account(), house.origin.clone(), third.clone());
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
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(OLD).await;
        house.customer("conrad@example.org").await;
        let session = signed_in(&house, OLD).await;
        house.account().ask_for_email(&session, "CONRAD@example.org").await.expect("the same answer");
        let mail = house.mail_so_far().await;
        let (to, text) = mail.last().expect("a message");
        assert!(to == "conrad@example.org" && text.contains("for another account") && !text.contains("/email/"));
        // Taken only after the link was sent.
        house.account().ask_for_email(&session, NEW).await.expect("asked");
        let token = token(&house, NEW).await;
        house.customer(NEW).await;
        assert_eq!(reason(house.account().confirm_email(&house.origin, &token).await), Refusal::LinkDead);
        house.log_in(OLD, PASSWORD, None).await.expect("nothing was changed");
    })
    .await;
}

#[tokio::test]
async fn bad_and_unchanged_addresses_are_named_and_messages_are_limited() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(OLD).await;
        let session = signed_in(&house, OLD).await;
        for (email, problem) in [
            ("", Problem::Required),
            ("not an address", Problem::NotAnEmail),
            ("a@b.example\r\nBcc: x@y.example", Problem::ControlCharacters),
            ("CARLA@example.org", Problem::Unchanged),
        ] {
            let error = house.account().ask_for_email(&session, email).await.expect_err("refused");
            assert_eq!(error.problem_of("new_email"), Some(&problem), "{email:?}");
        }
        for n in 0..5 {
            house.account().ask_for_email(&session, &format!("new{n}@example.org")).await.expect("asked");
        }
        let sixth = house.account().ask_for_email(&session, "new5@example.org").await;
        assert_eq!(reason(sixth), Refusal::TooManyMessages { minutes: 60 });
        assert_eq!(house.mail_so_far().await.len(), 5);
        // Nor is one address flooded from many accounts.
        let mut last = Ok(());
        for n in 0..6 {
            let email = format!("c{n}@example.org");
            house.customer(&email).await;
            let session = signed_in(&house, &email).await;
            last = house.account().ask_for_email(&session, "victim@example.org").await;
        }
        assert_eq!(reason(last), Refusal::TooManyMessages { minutes: 60 });
    })
    .await;
}

#[tokio::test]
async fn a_new_password_kills_the_link() {
    on_every_database(async |house| {
        house.offer_mail().await;
        house.customer(OLD).await;
        let session = signed_in(&house, OLD).await;
        house.account().ask_for_email(&session, NEW).await.expect("asked");
        let token = token(&house, NEW).await;
        house.account().change_password(&session, PASSWORD, "granite-ribbon-thistle").await.expect("changed");
        assert_eq!(reason(house.account().confirm_email(&house.origin, &token).await), Refusal::LinkDead);
    })
    .await;
}
