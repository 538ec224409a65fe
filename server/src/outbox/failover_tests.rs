//! Providers that stand in for each other, and the breaker that takes one out.

use super::{
    breaker::{FAILURES, LONGEST_PAUSE, PAUSE},
    service::{Outgoing, enqueue, send_due},
};
use crate::{
    entity::{delivery, delivery_attempt},
    outbox::breaker,
    platform::passwords::Passwords,
    testing::{Fixture, PASSWORD, on_every_database, smtp_form, twilio_form},
};
use app::{
    dashboard::port::DashboardPort,
    delivery::{message::plain_message, types::MessageKind},
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, sms::SmsForm, types::SmtpForm},
};
use sea_orm::{EntityTrait, QueryOrder};
use std::collections::BTreeSet;
use uuid::Uuid;

const MAIN: &str = "mail.example.org";
const SPARE: &str = "spare.example.org";
const EMAIL: &str = "carla@example.org";

fn failing(kind: DeliveryFailureKind) -> Option<DeliveryFailure> {
    Some(DeliveryFailure { kind, answer: Some("the server's words".to_owned()) })
}

async fn service(fixture: &Fixture, title: &str) -> Uuid {
    let services = fixture.services().list().await.expect("lists");
    services.iter().find(|service| service.title == title).expect("the service").id
}

/// Mail is offered, and a second provider stands in for the first one.
async fn offer_both(fixture: &Fixture) {
    let auth = fixture.offer_mail().await;
    let admin = fixture.admin();
    let spare = SmtpForm { title: "Spare".to_owned(), host: SPARE.to_owned(), ..smtp_form() };
    fixture.services().save_smtp(&admin, None, &spare).await.expect("a service");
    let (main, spare) = (service(fixture, "SMTP").await.to_string(), service(fixture, "Spare").await.to_string());
    fixture.secondary_auth().save(&admin, Some(auth), &main, "Email", &[&spare]).await.expect("saved");
}

/// A customer who is sent a code.
async fn code_for(fixture: &Fixture, email: &str) -> Result<(), AppError> {
    fixture.customer(email).await;
    let session = fixture.password_session(email).await;
    let method = fixture.secondary_auth().list().await.expect("lists")[0].id;
    fixture.send_code(&session, method, email).await
}

async fn kinds(fixture: &Fixture) -> Vec<Option<DeliveryFailureKind>> {
    let rows = delivery_attempt::Entity::find().order_by_asc(delivery_attempt::Column::Id);
    let rows = rows.all(&fixture.core.db).await.expect("answers");
    rows.into_iter().map(|row| row.failure.map(|failure| failure.0.kind)).collect()
}

async fn notice_to(fixture: &Fixture, to: &str) {
    let text = plain_message("Configio", "Subject".to_owned(), &["words"]);
    let message = Outgoing { kind: MessageKind::Notice, account_id: None, to, text: &text, lifetime: 86_400 };
    enqueue(&fixture.core.db, &fixture.core, &message).await.expect("stored");
}

#[tokio::test]
async fn a_code_goes_on_to_the_next_provider_at_once() {
    on_every_database(async |fixture| {
        offer_both(&fixture).await;
        fixture.mail.fail_at(MAIN, failing(DeliveryFailureKind::Unreachable));
        code_for(&fixture, EMAIL).await.expect("the code left");
        let kept = fixture.mail.kept().pop().expect("a message");
        assert_eq!((kept.host.as_str(), kept.to.as_str()), (SPARE, EMAIL));
        assert_eq!(kinds(&fixture).await, [Some(DeliveryFailureKind::Unreachable), None]);
        let row = delivery::Entity::find_by_id(kept.id).one(&fixture.core.db).await.expect("answers").expect("a row");
        assert_eq!(row.service_id, Some(service(&fixture, "Spare").await), "the one that took it");
        // What is put off by one is taken by the other, and not sent again by the first.
        fixture.mail.fail_at(MAIN, failing(DeliveryFailureKind::Deferred));
        code_for(&fixture, "conrad@example.org").await.expect("the code left");
        fixture.mail.fail_at(MAIN, None);
        fixture.clock.pass(60);
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 0);
    })
    .await;
}

#[tokio::test]
async fn what_may_have_arrived_or_is_refused_for_its_recipient_goes_no_further() {
    on_every_database(async |fixture| {
        offer_both(&fixture).await;
        for kind in
            [DeliveryFailureKind::TimedOut, DeliveryFailureKind::RecipientRefused, DeliveryFailureKind::MailboxFull]
        {
            fixture.mail.fail_at(MAIN, failing(kind));
            // What becomes of it is told on the screen; after a time-out it counts as on its way.
            let _ = code_for(&fixture, &format!("{kind:?}@example.org")).await;
            assert_eq!(kinds(&fixture).await.last(), Some(&Some(kind)));
            assert_eq!(fixture.mail.begun_at(SPARE), 0, "{kind:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn other_mail_goes_on_to_every_provider_that_sends_mail() {
    on_every_database(async |fixture| {
        offer_both(&fixture).await;
        fixture.mail.fail_at(MAIN, failing(DeliveryFailureKind::Policy));
        notice_to(&fixture, EMAIL).await;
        assert_eq!(send_due(&fixture.core).await.expect("runs"), 1);
        assert_eq!(fixture.mail.kept().pop().expect("a message").host, SPARE);
    })
    .await;
}

#[tokio::test]
async fn no_flood_of_sign_ins_reaches_a_provider_that_refuses_ours() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.mail.fail_at(MAIN, failing(DeliveryFailureKind::Authentication));
        let other = fixture.another_server(Passwords::with_cost(8, 1));
        other.mail.fail_at(MAIN, failing(DeliveryFailureKind::Authentication));
        for n in 0..10 {
            code_for(if n % 2 == 0 { &fixture } else { &other }, &format!("c{n}@example.org"))
                .await
                .expect_err("fails");
        }
        let tried = fixture.mail.begun_at(MAIN) + other.mail.begun_at(MAIN);
        assert_eq!(tried, usize::try_from(FAILURES).expect("a few"), "over both servers");
        assert_eq!(kinds(&fixture).await.last(), Some(&Some(DeliveryFailureKind::Paused)));
    })
    .await;
}

#[tokio::test]
async fn one_message_tries_it_again_after_growing_pauses_and_brings_it_back() {
    on_every_database(async |fixture| {
        offer_both(&fixture).await;
        fixture.mail.fail_at(MAIN, failing(DeliveryFailureKind::Unreachable));
        for n in 0..FAILURES {
            code_for(&fixture, &format!("c{n}@example.org")).await.expect("by the other one");
        }
        let mut n = FAILURES;
        let mut pause = PAUSE;
        // Two messages whenever one may try; the second one goes straight to the other provider.
        let mut after = async |seconds: i64| {
            fixture.clock.pass(seconds);
            let before = fixture.mail.begun_at(MAIN);
            for _ in 0..2 {
                n += 1;
                code_for(&fixture, &format!("c{n}@example.org")).await.expect("left");
            }
            fixture.mail.begun_at(MAIN) - before
        };
        for _ in 0..7 {
            assert_eq!(after(pause - 1).await, 0, "its pause is {pause} s");
            assert_eq!(after(1).await, 1);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        fixture.mail.fail_at(MAIN, None);
        assert_eq!(after(pause).await, 2, "it took the first one, so it is back");
        assert!(breaker::all_out(&fixture.core.db).await.expect("answers").is_empty());
    })
    .await;
}

#[tokio::test]
async fn only_failures_in_a_row_of_the_provider_itself_count() {
    on_every_database(async |fixture| {
        offer_both(&fixture).await;
        for (n, kind) in [
            DeliveryFailureKind::Unreachable,
            DeliveryFailureKind::Unreachable,
            DeliveryFailureKind::Policy,
            DeliveryFailureKind::Tls,
            DeliveryFailureKind::Authentication,
            // Within a moment; it may be slow.
            DeliveryFailureKind::TimedOut,
        ]
        .into_iter()
        .enumerate()
        {
            fixture.mail.fail_at(MAIN, failing(kind));
            let _ = code_for(&fixture, &format!("c{n}@example.org")).await;
        }
        assert!(breaker::all_out(&fixture.core.db).await.expect("answers").is_empty());
        fixture.mail.fail_at(MAIN, failing(DeliveryFailureKind::NoSignIn));
        code_for(&fixture, EMAIL).await.expect("by the other one");
        assert_eq!(breaker::all_out(&fixture.core.db).await.expect("answers").len(), 1);
        // Whoever mends it does not wait.
        let main = service(&fixture, "SMTP").await;
        let mended = SmtpForm { password: "another".to_owned(), ..smtp_form() };
        fixture.services().save_smtp(&fixture.admin(), Some(main), &mended).await.expect("saved");
        assert!(breaker::all_out(&fixture.core.db).await.expect("answers").is_empty());
    })
    .await;
}

#[tokio::test]
async fn administrators_are_told_once_by_another_provider_and_on_the_dashboard() {
    on_every_database(async |fixture| {
        offer_both(&fixture).await;
        for email in ["ada@example.org", "una@example.org"] {
            fixture.administrator(email).await;
        }
        send_due(&fixture.core).await.expect("sent");
        let before = fixture.mail.kept().len();
        fixture.mail.fail_at(MAIN, failing(DeliveryFailureKind::Unreachable));
        for n in 0..FAILURES + 2 {
            code_for(&fixture, &format!("c{n}@example.org")).await.expect("by the other one");
        }
        send_due(&fixture.core).await.expect("sent");
        let kept = fixture.mail.kept();
        let notices: Vec<_> = kept[before..].iter().filter(|mail| mail.text.contains("failed several times")).collect();
        assert!(notices.iter().all(|mail| mail.host == SPARE && mail.text.contains("SMTP failed")), "{notices:?}");
        let to: BTreeSet<_> = notices.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!((notices.len(), to), (2, BTreeSet::from(["ada@example.org", "una@example.org"])));
        let dashboard = fixture.dashboard().overview(&fixture.admin()).await.expect("shows");
        let paused: Vec<_> = dashboard.providers.iter().filter(|provider| provider.paused.is_some()).collect();
        assert_eq!(paused.len(), 1);
        let pause = paused[0].paused.as_ref().expect("a pause");
        assert_eq!((paused[0].title.as_str(), pause.since.as_str()), ("SMTP", "2026-01-01 00:00"));
    })
    .await;
}

#[tokio::test]
async fn fallbacks_are_other_providers_of_the_same_kind_and_stay() {
    on_every_database(async |fixture| {
        offer_both(&fixture).await;
        let admin = fixture.admin();
        fixture.services().save_sms(&admin, None, &twilio_form()).await.expect("a service");
        let auth = fixture.secondary_auth().list().await.expect("lists").remove(0);
        assert_eq!(auth.fallbacks, ["Spare"]);
        let id = async |title| service(&fixture, title).await.to_string();
        let (main, spare, text) = (id("SMTP").await, id("Spare").await, id("Twilio").await);
        let save =
            async |chain: &[&str]| fixture.secondary_auth().save(&admin, Some(auth.id), &main, "Email", chain).await;
        let problem =
            |result: Result<(), AppError>, field: &str| result.expect_err("refused").problem_of(field).cloned();
        assert_eq!(problem(save(&[&spare, &text]).await, "fallback_2"), Some(Problem::OtherKind));
        assert_eq!(problem(save(&["x"]).await, "fallback_1"), Some(Problem::NotAChoice));
        save(&["", &main]).await.expect("saved");
        assert!(fixture.secondary_auth().list().await.expect("lists")[0].fallbacks.is_empty(), "not itself");
        save(&["", &spare]).await.expect("saved");
        let form = fixture.secondary_auth().form(Some(auth.id)).await.expect("shows");
        assert_eq!(form.fallback_ids, [service(&fixture, "Spare").await]);
        assert_eq!(form.fallbacks.len(), 2, "mail alone");
        let used = fixture.services().delete(&admin, service(&fixture, "Spare").await, true).await;
        let used = crate::testing::reason(used);
        assert_eq!(used, Refusal::InUse { by: "Email".to_owned() });
    })
    .await;
}

#[tokio::test]
async fn a_fallback_for_text_messages_sends_only_where_it_may_and_as_much_as_it_may() {
    on_every_database(async |fixture| {
        let auth = fixture.offer_texts().await;
        let admin = fixture.admin();
        let spare =
            SmsForm { title: "Spare".to_owned(), countries: "US".to_owned(), daily: "1".to_owned(), ..twilio_form() };
        fixture.services().save_sms(&admin, None, &spare).await.expect("a service");
        let (main, other) = (service(&fixture, "Twilio").await, service(&fixture, "Spare").await);
        let chain = other.to_string();
        fixture.secondary_auth().save(&admin, Some(auth), &main.to_string(), "Text", &[&chain]).await.expect("saved");
        fixture.texts.fail_with(failing(DeliveryFailureKind::Policy));
        let send = async |email: &str, phone: &str| {
            fixture.customer(email).await;
            let session = fixture.log_in(email, PASSWORD, None).await.expect("signs in").session.secret;
            let session = fixture.session(&session).await.expect("a session");
            let to = app::enrollment::types::Destination { phone: phone.to_owned(), ..Default::default() };
            let _ = app::enrollment::port::EnrollmentPort::begin(&fixture.enrollment(), &session, auth, &to).await;
            let last = delivery_attempt::Entity::find().order_by_desc(delivery_attempt::Column::Id);
            let last = last.one(&fixture.core.db).await.expect("answers").expect("an attempt");
            last.failure.and_then(|failure| failure.0.answer).unwrap_or_default()
        };
        assert!(send("a@example.org", "+447400123456").await.contains("that country"));
        fixture
            .services()
            .save_sms(&admin, Some(other), &SmsForm { countries: "GB".to_owned(), ..spare })
            .await
            .expect("saved");
        assert_eq!(send("b@example.org", "+447400123457").await, "the server's words", "the first of the day");
        assert!(send("c@example.org", "+447400123458").await.contains("today"));
    })
    .await;
}
