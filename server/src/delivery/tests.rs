//! The list of deliveries, as administrators read it.

use super::service::{PAGE, state_of};
use crate::{
    entity::delivery,
    outbox::{
        service::{LEASE, Next, Outgoing, PAUSE, enqueue, next, send_due},
        store as outbox,
    },
    testing::{Fixture, on_every_database},
};
use app::{
    audit::types::AuditQuery,
    delivery::{
        message::plain_message,
        port::DeliveryPort,
        types::{Delivery, DeliveryList, DeliveryQuery, DeliveryState, MessageKind},
    },
    error::{DeliveryFailure, DeliveryFailureKind},
    login::types::Audience,
    users::port::UsersPort,
};
use sea_orm::EntityTrait;
use uuid::Uuid;

async fn list(fixture: &Fixture, change: impl FnOnce(&mut DeliveryQuery)) -> DeliveryList {
    let mut query = DeliveryQuery::default();
    change(&mut query);
    fixture.delivery().list(&query).await.expect("lists")
}

async fn put(fixture: &Fixture, kind: MessageKind, to: &str, account_id: Option<Uuid>) -> Uuid {
    let text = plain_message("Configio", "Subject".to_owned(), &["secret words 493817"]);
    let message = Outgoing { kind, account_id, to, text: &text, lifetime: 86_400 };
    enqueue(&fixture.core.db, &fixture.core, &message).await.expect("stored")
}

async fn put_to(fixture: &Fixture, to: &str) -> Uuid {
    put(fixture, MessageKind::Notice, to, None).await
}

fn fail(fixture: &Fixture, kind: DeliveryFailureKind, answer: &str) {
    fixture.mail.fail_with(Some(DeliveryFailure { kind, answer: Some(answer.to_owned()) }));
}

async fn send(fixture: &Fixture) {
    send_due(&fixture.core).await.expect("runs");
}

fn one(list: &DeliveryList, id: Uuid) -> Delivery {
    list.deliveries.iter().find(|delivery| delivery.id == id).expect("it is listed").clone()
}

#[tokio::test]
async fn each_attempt_is_listed_with_its_time_and_answer_and_without_the_address() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = put_to(&fixture, "carla@example.org").await;
        fail(&fixture, DeliveryFailureKind::Deferred, "451 <carla@example.org> wait");
        send(&fixture).await;
        let first = one(&list(&fixture, |_| ()).await, id);
        assert_eq!((first.state, first.attempts.len()), (DeliveryState::Retrying, 1));
        assert!(first.moment.is_some(), "when it is tried again");
        let answer = first.attempts[0].failure.as_ref().and_then(|failure| failure.answer.as_deref());
        assert_eq!(answer, Some("451 <c•••a@example.org> wait"));
        fixture.clock.pass(PAUSE * 2);
        fixture.mail.fail_with(None);
        send(&fixture).await;
        let all = list(&fixture, |_| ()).await;
        let last = one(&all, id);
        assert_eq!((last.state, last.attempts.len()), (DeliveryState::Accepted, 2));
        assert_eq!(last.attempts[1].failure, None);
        assert_eq!((last.attempts[1].provider.as_deref(), last.provider.as_deref()), (Some("SMTP"), Some("SMTP")));
        assert_eq!((last.time.as_str(), last.destination.as_str()), ("2026-01-01 00:00:00", "c•••a@example.org"));
        assert_eq!(last.moment.as_deref(), Some("2026-01-01 00:00:30"));
        let page = serde_json::to_string(&all).expect("JSON");
        assert!(!page.contains("493817") && !page.contains("carla@"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_code_is_listed_with_its_attempt_and_never_said() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer("carla@example.org").await;
        fixture.password_session("carla@example.org").await;
        let code = fixture.code();
        let found = list(&fixture, |query| query.kind = "code".to_owned()).await;
        assert_eq!(found.deliveries.len(), 2, "of the enrollment and of the sign-in");
        assert!(found.deliveries.iter().all(|code| code.attempts.len() == 1 && code.state == DeliveryState::Accepted));
        assert!(!serde_json::to_string(&found).expect("JSON").contains(&code));
    })
    .await;
}

/// A message in each state.
async fn every_state(fixture: &Fixture) -> Vec<(Uuid, DeliveryState)> {
    let accepted = put_to(fixture, "accepted@example.org").await;
    send(fixture).await;
    fail(fixture, DeliveryFailureKind::RecipientRefused, "550 no");
    let failed = put_to(fixture, "failed@example.org").await;
    send(fixture).await;
    let dropped = put_to(fixture, "dropped@example.org").await;
    outbox::give_up(&fixture.core.db, dropped, fixture.now()).await.expect("given up");
    let expired = put_to(fixture, "expired@example.org").await;
    outbox::give_up(&fixture.core.db, expired, fixture.now() + 86_400).await.expect("given up");
    fail(fixture, DeliveryFailureKind::Unreachable, "nobody there");
    let retrying = put_to(fixture, "retrying@example.org").await;
    send(fixture).await;
    fixture.mail.fail_with(None);
    let sending = put_to(fixture, "sending@example.org").await;
    let Next::Messages(_) = next(&fixture.core, 1).await.expect("answers") else { panic!("nothing was due") };
    let queued = put_to(fixture, "queued@example.org").await;
    vec![
        (queued, DeliveryState::Queued),
        (sending, DeliveryState::Sending),
        (retrying, DeliveryState::Retrying),
        (accepted, DeliveryState::Accepted),
        (failed, DeliveryState::Failed),
        (expired, DeliveryState::Expired),
        (dropped, DeliveryState::Dropped),
    ]
}

#[tokio::test]
async fn every_state_is_told_and_filtered_by() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let made = every_state(&fixture).await;
        let all = list(&fixture, |_| ()).await;
        assert_eq!(all.deliveries.len(), made.len());
        for (id, state) in &made {
            assert_eq!(one(&all, *id).state, *state);
            let found = list(&fixture, |query| query.state = state.as_str().to_owned()).await;
            let ids: Vec<_> = found.deliveries.iter().map(|delivery| delivery.id).collect();
            assert_eq!(ids, [*id], "{state:?}");
        }
        // After its lease it waits again, and after its pause it is still one that is tried again.
        fixture.clock.pass(LEASE);
        let queued = list(&fixture, |query| query.state = "queued".to_owned()).await;
        assert_eq!(queued.deliveries.len(), 2);
        for row in delivery::Entity::find().all(&fixture.core.db).await.expect("answers") {
            let found = list(&fixture, |query| query.state = state_of(&row, fixture.now()).as_str().to_owned()).await;
            assert!(found.deliveries.iter().any(|delivery| delivery.id == row.id), "both rules agree");
        }
    })
    .await;
}

#[tokio::test]
async fn the_list_is_narrowed_by_kind_provider_and_person() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let carla = fixture.customer("carla@example.org").await;
        let own = put(&fixture, MessageKind::PasswordReset, "carla@example.org", Some(carla)).await;
        let elsewhere = put(&fixture, MessageKind::EmailChange, "Carla.New@elsewhere.example", Some(carla)).await;
        let number = put(&fixture, MessageKind::Notice, "+447700900123", None).await;
        send(&fixture).await;
        let ids = async |change: &dyn Fn(&mut DeliveryQuery)| {
            let list = list(&fixture, change).await;
            list.deliveries.into_iter().map(|delivery| delivery.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&|query| query.kind = "password_reset".to_owned()).await, [own]);
        assert_eq!(ids(&|query| query.person = "Carla@".to_owned()).await, [elsewhere, own], "by the account");
        assert_eq!(ids(&|query| query.person = "carla.n".to_owned()).await, [elsewhere], "by where it goes");
        assert_eq!(ids(&|query| query.person = "+4477".to_owned()).await, [number]);
        assert!(ids(&|query| query.person = "nobody".to_owned()).await.is_empty());
        let provider = list(&fixture, |_| ()).await.providers[0].0;
        assert_eq!(ids(&|query| query.provider = provider.to_string()).await.len(), 3);
        assert!(ids(&|query| query.provider = Uuid::now_v7().to_string()).await.is_empty());
        // What cannot be read is ignored.
        assert_eq!(ids(&|query| query.state = "'\0".to_owned()).await.len(), 3);
        assert_eq!(ids(&|query| query.person = "ca\0rla@".to_owned()).await.len(), 2);
        assert_eq!(ids(&|query| query.before = "x".to_owned()).await.len(), 3);
        let person = one(&list(&fixture, |_| ()).await, own).person.expect("somebody");
        assert_eq!(
            (person.id, person.audience, person.email.as_str()),
            (carla, Audience::Customer, "carla@example.org")
        );
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_and_lead_back() {
    on_every_database(async |fixture| {
        let mut made = Vec::new();
        for n in 0..PAGE * 2 + 3 {
            made.push(put_to(&fixture, &format!("c{n}@example.org")).await);
        }
        made.reverse();
        let ids = |list: &DeliveryList| list.deliveries.iter().map(|delivery| delivery.id).collect::<Vec<_>>();
        let older = async |list: &DeliveryList| {
            let before = list.older.expect("older ones").to_string();
            self::list(&fixture, |query| query.before = before).await
        };
        let first = list(&fixture, |_| ()).await;
        assert_eq!((ids(&first), first.newer), (made[..PAGE].to_vec(), None));
        let second = older(&first).await;
        assert_eq!(ids(&second), made[PAGE..2 * PAGE]);
        let third = older(&second).await;
        assert_eq!((ids(&third), third.older), (made[2 * PAGE..].to_vec(), None));
        let after = third.newer.expect("newer ones").to_string();
        assert_eq!(ids(&list(&fixture, |query| query.after = after).await), ids(&second));
        let after = second.newer.expect("newer ones").to_string();
        let back = list(&fixture, |query| query.after = after).await;
        assert_eq!((ids(&back), back.newer), (ids(&first), None), "the first page is shown whole");
    })
    .await;
}

#[tokio::test]
async fn the_page_of_an_account_shows_its_last_five_messages() {
    on_every_database(async |fixture| {
        let carla = fixture.customer("carla@example.org").await;
        put_to(&fixture, "somebody@example.org").await;
        let mut made = Vec::new();
        for _ in 0..7 {
            made.push(put(&fixture, MessageKind::Notice, "carla@example.org", Some(carla)).await);
        }
        let none = AuditQuery::default();
        let activity = fixture.users().activity(Audience::Customer, carla, &none).await.expect("activity");
        let ids: Vec<_> = activity.deliveries.iter().map(|delivery| delivery.id).collect();
        assert_eq!(ids, made[2..].iter().rev().copied().collect::<Vec<_>>());
    })
    .await;
}
