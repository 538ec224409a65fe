//! The rules of invitations.

use crate::{
    outbox,
    testing::{Fixture, PASSWORD, on_every_database, reason, smtp_form},
};
use app::{
    error::{AppError, Problem, Refusal},
    invitation::port::InvitationPort,
    login::{port::LoginPort, types::Audience},
    services::port::ServicesPort,
};

const EMAIL: &str = "ina@example.org";
const LONG_PASSWORD: &str = "seven lakes walk home";

/// The token in the last message to an address.
async fn token(fixture: &Fixture, to: &str) -> String {
    outbox::service::send_due(&fixture.core).await.expect("sent");
    let mails = fixture.mail.kept();
    let mail = mails.iter().rfind(|mail| mail.to == to).expect("a message");
    let link = mail.text.lines().find_map(|line| line.strip_prefix("https://id.example.org/invitation/"));
    link.expect("a link of ours on a line of its own").to_owned()
}

async fn register_mail(fixture: &Fixture) {
    fixture.services().save_smtp(&fixture.admin(), None, &smtp_form()).await.expect("a service");
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_signs_in() {
    on_every_database(async |fixture| {
        register_mail(&fixture).await;
        let invitation = fixture.invitation();
        invitation.invite(&fixture.admin(), Audience::Customer, "Ina <b>", "Ina@Example.org").await.expect("invited");
        let token = token(&fixture, EMAIL).await;
        let invited = invitation.invited(&token).await.expect("it lives");
        assert_eq!((invited.name.as_str(), invited.email.as_str(), invited.password_min), ("Ina <b>", EMAIL, 8));
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin, "no account before");
        for (password, problem) in [
            ("", Problem::Required),
            ("short", Problem::TooShort(8)),
            ("password1", Problem::CommonPassword),
            (&"x".repeat(129), Problem::TooLong(128)),
        ] {
            let error = invitation.accept(&fixture.origin, &token, password).await.expect_err("refused");
            assert_eq!(error.problem_of("password"), Some(&problem), "{password:?}");
        }
        let uses = (0..8).map(|_| {
            let (invitation, origin, token) = (fixture.invitation(), fixture.origin.clone(), token.clone());
            tokio::spawn(async move { invitation.accept(&origin, &token, PASSWORD).await })
        });
        let mut made = 0;
        for one in uses.collect::<Vec<_>>() {
            made += u32::from(one.await.expect("runs").is_ok());
        }
        assert_eq!(made, 1);
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert_eq!(reason(invitation.invited(&token).await), Refusal::LinkDead);
        assert!(invitation.pending(Audience::Customer).await.expect("lists").invitations.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_administrators_password_has_fifteen_characters() {
    on_every_database(async |fixture| {
        register_mail(&fixture).await;
        let invitation = fixture.invitation();
        invitation.invite(&fixture.admin(), Audience::Admin, "Ina", EMAIL).await.expect("invited");
        let token = token(&fixture, EMAIL).await;
        let error = invitation.accept(&fixture.origin, &token, "fourteen chars").await.expect_err("refused");
        assert_eq!(error.problem_of("password"), Some(&Problem::TooShort(15)));
        let audience = invitation.accept(&fixture.origin, &token, LONG_PASSWORD).await.expect("accepted");
        assert_eq!(audience, Audience::Admin);
        let login = fixture.login();
        login.log_in(&fixture.origin, Audience::Admin, EMAIL, LONG_PASSWORD, None, None).await.expect("signs in");
        assert_eq!(reason(fixture.log_in(EMAIL, LONG_PASSWORD, None).await), Refusal::WrongLogin, "no customer");
    })
    .await;
}

#[tokio::test]
async fn a_link_dies_of_age_of_a_newer_one_and_of_being_taken_back() {
    on_every_database(async |fixture| {
        register_mail(&fixture).await;
        let (invitation, admin) = (fixture.invitation(), fixture.admin());
        let customer = Audience::Customer;
        invitation.invite(&admin, customer, "Ina", EMAIL).await.expect("invited");
        let first = token(&fixture, EMAIL).await;
        invitation.send_again(&admin, customer, "INA@example.org").await.expect("sent again");
        let second = token(&fixture, EMAIL).await;
        assert_eq!(reason(invitation.invited(&first).await), Refusal::LinkDead, "replaced");
        fixture.clock.pass(72 * 3_600 - 1);
        invitation.invited(&second).await.expect("it lives for 72 hours");
        fixture.clock.pass(1);
        assert_eq!(reason(invitation.accept(&fixture.origin, &second, PASSWORD).await), Refusal::LinkDead);
        assert!(invitation.pending(customer).await.expect("lists").invitations.is_empty());
        assert_eq!(invitation.send_again(&admin, customer, EMAIL).await, Err(AppError::NotFound));
        invitation.invite(&admin, customer, "Ina", EMAIL).await.expect("invited");
        invitation.invite(&admin, Audience::Admin, "Ina", EMAIL).await.expect("the other half is another account");
        let third = token(&fixture, EMAIL).await;
        let pending = invitation.pending(customer).await.expect("lists");
        assert_eq!((pending.invitations.len(), pending.more), (1, false));
        assert_eq!(pending.invitations[0].expires, "2026-01-07 00:00");
        invitation.take_back(&admin, Audience::Admin, EMAIL).await.expect("taken back");
        assert_eq!(reason(invitation.invited(&third).await), Refusal::LinkDead);
        assert_eq!(invitation.take_back(&admin, Audience::Admin, EMAIL).await, Err(AppError::NotFound));
        assert_eq!(invitation.pending(customer).await.expect("lists").invitations.len(), 1, "the other one stays");
        for token in ["", "guess"] {
            assert_eq!(reason(invitation.invited(token).await), Refusal::LinkDead);
        }
    })
    .await;
}

#[tokio::test]
async fn bad_fields_are_named_and_nothing_is_sent() {
    on_every_database(async |fixture| {
        register_mail(&fixture).await;
        fixture.customer("carla@example.org").await;
        let admin = fixture.admin();
        let long = "x".repeat(101);
        for (name, email, field, problem) in [
            ("", EMAIL, "name", Problem::Required),
            (long.as_str(), EMAIL, "name", Problem::TooLong(100)),
            ("Ina\r\nBcc: x@y.example", EMAIL, "name", Problem::ControlCharacters),
            ("Ina", "", "email", Problem::Required),
            ("Ina", "ina@", "email", Problem::NotAnEmail),
            ("Ina", "ina@example.org, eve@example.org", "email", Problem::NotAnEmail),
            ("Ina", "CARLA@example.org", "email", Problem::Taken),
        ] {
            let error =
                fixture.invitation().invite(&admin, Audience::Customer, name, email).await.expect_err("refused");
            assert_eq!(error.problem_of(field), Some(&problem), "{name:?} {email:?}");
        }
        outbox::service::send_due(&fixture.core).await.expect("runs");
        assert!(fixture.mail.kept().is_empty());
    })
    .await;
}

#[tokio::test]
async fn without_a_service_that_sends_nobody_is_invited() {
    on_every_database(async |fixture| {
        let (invitation, admin) = (fixture.invitation(), fixture.admin());
        assert!(!invitation.ready().await.expect("answers").mail);
        let tried = invitation.invite(&admin, Audience::Customer, "Ina", EMAIL).await;
        assert_eq!(reason(tried), Refusal::NoMail);
        assert!(invitation.pending(Audience::Customer).await.expect("lists").invitations.is_empty());
        register_mail(&fixture).await;
        assert!(invitation.ready().await.expect("answers").mail);
        let service = fixture.services().list().await.expect("lists")[0].id;
        fixture.services().set_active(&admin, service, false).await.expect("deactivated");
        let tried = invitation.invite(&admin, Audience::Customer, "Ina", EMAIL).await;
        assert_eq!(reason(tried), Refusal::NoMail, "an inactive one does not send");
    })
    .await;
}

#[tokio::test]
async fn an_account_that_was_created_meanwhile_wins() {
    on_every_database(async |fixture| {
        register_mail(&fixture).await;
        fixture.invitation().invite(&fixture.admin(), Audience::Customer, "Ina", EMAIL).await.expect("invited");
        let token = token(&fixture, EMAIL).await;
        fixture.customer(EMAIL).await;
        let tried = fixture.invitation().accept(&fixture.origin, &token, "another-password-9").await;
        assert_eq!(reason(tried), Refusal::LinkDead);
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("its password is what it was");
    })
    .await;
}
