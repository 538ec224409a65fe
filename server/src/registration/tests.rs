//! The rules of registration, as a new customer or a stranger meets them.

use super::service::{ASKED_PER_ADDRESS, MESSAGES, WINDOW};
use crate::{
    entity::{account, audit_event, configuration as configuration_row},
    outbox::service::send_due,
    rules,
    testing::{Fixture, PASSWORD, on_every_database, reason, watch_statements},
};
use app::{
    configuration::types::Setting,
    error::{AppError, Problem, Refusal},
    registration::port::RegistrationPort,
};
use sea_orm::{EntityTrait, PaginatorTrait};

const EMAIL: &str = "nora@example.org";

async fn open(fixture: &Fixture, on: bool) {
    let row = configuration_row::Model {
        key: Setting::SelfRegistration.key().to_owned(),
        value: u32::from(on).to_string(),
        changed_by: "test".to_owned(),
        changed_at: fixture.now(),
    };
    rules::store::put(&fixture.core.db, row).await.expect("stored");
}

async fn register(fixture: &Fixture, email: &str) -> Result<(), AppError> {
    fixture.registration().register(&fixture.origin, "Nora", email).await
}

async fn finish(fixture: &Fixture, token: &str, password: &str) -> Result<(), AppError> {
    fixture.registration().finish(&fixture.origin, token, password).await
}

/// Registers and reads the link in the mail.
async fn link_for(fixture: &Fixture, email: &str) -> String {
    register(fixture, email).await.expect("asked");
    send_due(&fixture.core).await.expect("sent");
    let text = fixture.mail.kept().pop().expect("a message").text;
    let link = text.lines().find_map(|line| line.strip_prefix("https://id.example.org/register/"));
    link.expect("a link").to_owned()
}

#[tokio::test]
async fn a_customer_registers_by_the_link_in_the_mail() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        open(&fixture, true).await;
        let token = link_for(&fixture, " Nora@Example.org ").await;
        assert_eq!(account::Entity::find().count(&fixture.core.db).await.expect("answers"), 0, "not before the proof");
        for _ in 0..3 {
            let link = fixture.registration().link(&token).await.expect("it lives");
            assert_eq!((link.name.as_str(), link.email.as_str()), ("Nora", "Nora@Example.org"));
        }
        let error = finish(&fixture, &token, "password1").await.expect_err("refused");
        assert_eq!(error.problem_of("password"), Some(&Problem::CommonPassword));
        finish(&fixture, &token, PASSWORD).await.expect("the link is still alive");
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert_eq!(reason(finish(&fixture, &token, PASSWORD).await), Refusal::LinkDead);
        let events = audit_event::Entity::find().all(&fixture.core.db).await.expect("answers");
        let registered = events.iter().find(|event| event.action.as_str() == "account_registered").expect("recorded");
        assert_eq!(
            (registered.subject.as_deref(), registered.address.as_deref()),
            (Some("Nora@Example.org"), Some("192.0.2.1"))
        );
    })
    .await;
}

#[tokio::test]
async fn while_it_is_off_there_is_no_such_thing() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        assert_eq!(fixture.registration().is_open().await, Ok(false), "off by default");
        assert_eq!(register(&fixture, EMAIL).await, Err(AppError::NotFound));
        open(&fixture, true).await;
        assert_eq!(fixture.registration().is_open().await, Ok(true));
        let token = link_for(&fixture, EMAIL).await;
        open(&fixture, false).await;
        assert_eq!(fixture.registration().link(&token).await, Err(AppError::NotFound));
        assert_eq!(finish(&fixture, &token, PASSWORD).await, Err(AppError::NotFound));
        assert_eq!(account::Entity::find().count(&fixture.core.db).await.expect("answers"), 0);
    })
    .await;
}

#[tokio::test]
async fn an_address_with_an_account_gets_the_same_answer_and_a_message_without_a_link() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        open(&fixture, true).await;
        fixture.customer("carla@example.org").await;
        assert_eq!(register(&fixture, "CARLA@example.org").await, register(&fixture, EMAIL).await);
        send_due(&fixture.core).await.expect("sent");
        let kept = fixture.mail.kept();
        let to_known = kept.iter().find(|mail| mail.to == "carla@example.org").expect("at its own address");
        assert!(to_known.text.contains("already has one") && !to_known.text.contains("http"));
        assert!(kept.iter().any(|mail| mail.to == EMAIL && mail.text.contains("/register/")));
    })
    .await;
}

#[tokio::test]
async fn known_and_unknown_addresses_cost_the_same_statements() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        open(&fixture, true).await;
        fixture.customer("carla@example.org").await;
        let mut seen = Vec::new();
        for email in ["carla@example.org", EMAIL] {
            statements.take();
            register(&fixture, email).await.expect("asked");
            seen.push(statements.take());
        }
        assert!(seen[0].iter().any(|sql| sql.contains("INSERT INTO \"delivery\"")), "{:?}", seen[0]);
        assert_eq!(seen[0], seen[1]);
        for _ in 0..MESSAGES {
            statements.take();
            register(&fixture, EMAIL).await.expect("asked");
        }
        assert_eq!(seen[0], statements.take(), "an address that had its messages");
    })
    .await;
}

#[tokio::test]
async fn nobody_floods_a_mailbox_or_the_server() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        open(&fixture, true).await;
        for _ in 0..MESSAGES + 2 {
            assert_eq!(register(&fixture, EMAIL).await, Ok(()));
        }
        send_due(&fixture.core).await.expect("sent");
        assert_eq!(fixture.mail.kept().len(), MESSAGES as usize);
        for n in 0..ASKED_PER_ADDRESS - MESSAGES - 2 {
            register(&fixture, &format!("n{n}@example.org")).await.expect("asked");
        }
        assert_eq!(reason(register(&fixture, "last@example.org").await), Refusal::TooManyMessages { minutes: 60 });
        fixture.clock.pass(WINDOW);
        register(&fixture, EMAIL).await.expect("after the window");
    })
    .await;
}

#[tokio::test]
async fn a_link_dies_with_time_and_when_the_account_came_another_way() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        open(&fixture, true).await;
        let first = link_for(&fixture, EMAIL).await;
        fixture.clock.pass(30 * 60);
        assert_eq!(reason(finish(&fixture, &first, PASSWORD).await), Refusal::LinkDead);
        let second = link_for(&fixture, EMAIL).await;
        fixture.customer(EMAIL).await;
        assert_eq!(reason(finish(&fixture, &second, "another good password").await), Refusal::LinkDead);
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("the account is as it was");
    })
    .await;
}

#[tokio::test]
async fn of_many_parallel_uses_of_a_link_one_creates_the_account() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        open(&fixture, true).await;
        let token = link_for(&fixture, EMAIL).await;
        let uses = (0..10).map(|_| {
            let (registration, origin, token) = (fixture.registration(), fixture.origin.clone(), token.clone());
            tokio::spawn(async move { registration.finish(&origin, &token, PASSWORD).await.is_ok() })
        });
        let mut made = 0;
        for one in uses.collect::<Vec<_>>() {
            made += u32::from(one.await.expect("runs"));
        }
        assert_eq!(made, 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_stranger_enters_as_a_name_is_not_in_the_message() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        open(&fixture, true).await;
        let name = "You won! https://evil.example";
        fixture.registration().register(&fixture.origin, name, EMAIL).await.expect("asked");
        send_due(&fixture.core).await.expect("sent");
        assert!(!fixture.mail.kept()[0].text.contains("evil"));
        let error = fixture.registration().register(&fixture.origin, " ", "x").await.expect_err("refused");
        assert!(error.problem_of("name").is_some() && error.problem_of("email").is_some());
    })
    .await;
}
