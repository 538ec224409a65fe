//! The rules of the outbox, as an operator or a recipient meets them.

use super::{
    breaker_store,
    hands::HANDS,
    notice::{Addressee, announce},
    service::{
        LEASE, LONGEST_PAUSE, Next, Outgoing, PAUSE, enqueue, hand_over, next, pause, record_all, send, send_due,
    },
    store,
    worker::run,
};
use crate::{
    core::Core,
    entity::{delivery, delivery_attempt},
    platform::{database, passwords::Passwords, throttle},
    testing::{Fixture, on_every_database, smtp_form, watch_statements},
    tidy::{KEPT, tidy},
};
use app::{
    delivery::{
        message::{MessageText, plain_message},
        notice::Notice,
        types::MessageKind,
    },
    error::{DeliveryFailure, DeliveryFailureKind},
    login::types::Audience,
    policy::port::PolicyPort,
    services::{port::ServicesPort, types::SmtpForm},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait, QueryFilter, TransactionTrait,
};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;

const TO: &str = "carla@example.org";

fn text(words: &str) -> MessageText {
    plain_message("Configio", "Subject".to_owned(), &[words])
}

async fn put(core: &Core, to: &str, words: &str) -> Uuid {
    put_for(core, to, words, 86_400).await
}

async fn put_for(core: &Core, to: &str, words: &str, lifetime: i64) -> Uuid {
    let message = Outgoing { kind: MessageKind::Notice, account_id: None, to, text: &text(words), lifetime };
    enqueue(&core.db, core, &message).await.expect("stored")
}

async fn stored(fixture: &Fixture, id: Uuid) -> delivery::Model {
    delivery::Entity::find_by_id(id).one(&fixture.core.db).await.expect("answers").expect("a delivery")
}

async fn sent_now(fixture: &Fixture) -> u32 {
    send_due(&fixture.core).await.expect("runs")
}

/// The message that a server takes next.
async fn taken(core: &Core) -> delivery::Model {
    let Next::Messages(mut messages) = next(core, 1).await.expect("answers") else { panic!("nothing was due") };
    messages.remove(0)
}

fn failing(kind: DeliveryFailureKind) -> Option<DeliveryFailure> {
    Some(DeliveryFailure { kind, answer: Some("the server's words".to_owned()) })
}

/// Waits until something holds that another task brings about.
async fn until(holds: impl AsyncFn() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), waiting).await.expect("it did not happen");
}

#[tokio::test]
async fn many_servers_that_claim_at_once_take_each_message_once() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let mut expected = BTreeSet::new();
        for n in 0..40 {
            expected.insert(put(&fixture.core, &format!("c{n}@example.org"), "hello").await);
        }
        let servers = (0..8).map(|_| {
            let core = fixture.core.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Next::Messages(messages) = next(&core, 3).await.expect("answers") {
                    assert!(messages.len() <= 3);
                    taken.extend(messages.iter().map(|message| message.id));
                }
                taken
            })
        });
        let mut taken = Vec::new();
        for server in servers.collect::<Vec<_>>() {
            taken.extend(server.await.expect("runs"));
        }
        assert_eq!(taken.len(), 40, "a message was in two hands, or in none");
        assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), expected);
    })
    .await;
}

#[tokio::test]
async fn what_another_server_is_claiming_is_passed_over_instead_of_waited_for() {
    on_every_database(async |fixture| {
        // SQLite has one writer at a time, so there is nothing to pass over.
        if fixture.core.db.get_database_backend() != DatabaseBackend::Postgres {
            return;
        }
        let first = put(&fixture.core, TO, "first").await;
        let second = put(&fixture.core, TO, "second").await;
        let now = fixture.now();
        let other = fixture.core.db.begin().await.expect("a transaction");
        let theirs = store::claim(&other, now, now + LEASE, None, 1).await.expect("answers").remove(0);
        let ours = store::claim(&fixture.core.db, now, now + LEASE, None, 9).await.expect("answers").remove(0);
        assert_eq!((theirs.id, ours.id), (first, second));
        other.rollback().await.expect("the other server ends");
        let again = store::claim(&fixture.core.db, now, now + LEASE, None, 9).await.expect("answers").remove(0);
        assert_eq!(again.id, first);
    })
    .await;
}

#[tokio::test]
async fn after_a_crash_the_same_text_is_sent_when_the_lease_has_run_out() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = put(&fixture.core, TO, "the same words").await;
        let in_hand = taken(&fixture.core).await;
        // The server that holds it ends here.
        fixture.clock.pass(LEASE - 1);
        assert_eq!(sent_now(&fixture).await, 0, "it may still be alive");
        fixture.clock.pass(1);
        assert_eq!(sent_now(&fixture).await, 1);
        assert!(fixture.mail.kept()[0].text.contains("the same words"));
        assert_eq!(fixture.mail.kept()[0].id, id, "a repeat is known by the same id");
        // And if it was only slow, it neither spoils the record nor sends it once more.
        fixture.mail.fail_with(failing(DeliveryFailureKind::Unreachable));
        send(&fixture.core, &in_hand).await.expect("records");
        let row = stored(&fixture, id).await;
        assert!(row.sent_at.is_some() && row.failed_at.is_none());
        fixture.clock.pass(86_400);
        assert_eq!(sent_now(&fixture).await, 0);
    })
    .await;
}

#[tokio::test]
async fn attempts_are_repeated_with_pauses_that_double_up_to_an_hour() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.mail.fail_with(failing(DeliveryFailureKind::Unreachable));
        let id = put(&fixture.core, TO, "hello").await;
        assert_eq!(sent_now(&fixture).await, 1);
        let mut least = PAUSE;
        for attempts in 1..13 {
            let pause = pause(id, attempts);
            assert!((least..=least + least / 4).contains(&pause), "{pause} is not near {least}");
            fixture.clock.pass(pause - 1);
            assert_eq!(sent_now(&fixture).await, 0, "too early for a pause of {pause}");
            fixture.clock.pass(1);
            assert_eq!(sent_now(&fixture).await, 1, "too late for a pause of {pause}");
            least = (least * 2).min(LONGEST_PAUSE);
        }
        let row = stored(&fixture, id).await;
        assert_eq!((row.attempts, row.sent_at, row.failed_at), (13, None, None));
        assert!(row.failure.expect("a failure").0.answer.is_some_and(|answer| answer.contains("the server's words")));
        fixture.mail.fail_with(None);
        fixture.clock.pass(pause(id, 13));
        assert_eq!(sent_now(&fixture).await, 1);
        assert_eq!(fixture.mail.kept().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_would_fail_again_is_given_up_and_nothing_else() {
    use DeliveryFailureKind::{AddressNotSupported, Deferred, MailboxFull, Policy, RecipientRefused, TooLarge};
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        for (kind, again) in [
            (RecipientRefused, false),
            (TooLarge, false),
            (AddressNotSupported, false),
            (Policy, true),
            (MailboxFull, true),
            (Deferred, true),
        ] {
            fixture.mail.fail_with(failing(kind));
            let id = put(&fixture.core, TO, "hello").await;
            assert_eq!(sent_now(&fixture).await, 1);
            fixture.mail.fail_with(None);
            let row = stored(&fixture, id).await;
            assert_eq!((row.failed_at.is_none(), row.body.is_some()), (again, again), "{kind:?}");
            fixture.clock.pass(3_600);
            assert_eq!(sent_now(&fixture).await, u32::from(again), "{kind:?}");
        }
    })
    .await;
}

/// Another server that looks after its messages within milliseconds.
fn brisk(fixture: &Fixture) -> Fixture {
    let mut other = fixture.another_server(Passwords::with_cost(8, 1));
    let outbox = &mut Arc::get_mut(&mut other.core).expect("it is new").outbox;
    (outbox.slow, outbox.renewal) = (Duration::from_millis(20), Duration::from_millis(5));
    other
}

#[tokio::test]
async fn a_message_that_a_mail_server_takes_minutes_for_stays_in_one_hand() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let slow = brisk(&fixture);
        slow.mail.be_silent_to(Some("carla"));
        let id = put(&fixture.core, TO, "hello").await;
        let message = taken(&slow.core).await;
        let core = slow.core.clone();
        let sending = tokio::spawn(async move { send(&core, &message).await });
        for _ in 0..3 {
            fixture.clock.pass(LEASE - 1);
            until(async || stored(&fixture, id).await.leased_until == Some(fixture.now() + LEASE)).await;
            assert_eq!(sent_now(&fixture).await, 0, "it was in two hands");
        }
        slow.mail.be_silent_to(None);
        sending.await.expect("runs").expect("records");
        assert!(stored(&fixture, id).await.sent_at.is_some());
        assert_eq!((slow.mail.begun(), fixture.mail.begun()), (1, 0));
        // What another has taken over is not kept.
        let mut lost = stored(&fixture, put(&fixture.core, TO, "hello").await).await;
        lost.attempts += 1;
        store::renew(&fixture.core.db, &lost, fixture.now() + LEASE).await.expect("answers");
        assert_eq!(sent_now(&fixture).await, 1);
    })
    .await;
}

#[tokio::test]
async fn slow_messages_hold_up_no_others() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let brisk = brisk(&fixture);
        brisk.mail.be_silent_to(Some("silent"));
        let worker = tokio::spawn(run(brisk.core.clone(), std::future::pending()));
        for n in 0..HANDS + 1 {
            put(&brisk.core, &format!("silent{n}@example.org"), "hello").await;
        }
        until(async || brisk.mail.begun() == HANDS + 1).await;
        put(&brisk.core, TO, "hello").await;
        until(async || brisk.mail.kept().len() == 1).await;
        worker.abort();
    })
    .await;
}

#[tokio::test]
async fn an_expired_message_is_never_sent() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = put_for(&fixture.core, TO, "hello", 600).await;
        fixture.clock.pass(600);
        assert_eq!(sent_now(&fixture).await, 0);
        let row = stored(&fixture, id).await;
        assert!(row.failed_at.is_some() && row.body.is_none(), "its text is of no more use");
        assert!(fixture.mail.kept().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_text_is_encrypted_at_rest_and_gone_when_it_was_sent() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let id = put(&fixture.core, TO, "https://id.example.org/password/secret-token").await;
        let body = stored(&fixture, id).await.body.expect("a body");
        for part in ["secret-token", "password", "example", "Subject", "html"] {
            assert!(!body.contains(part), "{part} can be read");
        }
        assert_eq!(sent_now(&fixture).await, 1);
        assert_eq!(stored(&fixture, id).await.body, None);
    })
    .await;
}

#[tokio::test]
async fn a_message_of_a_transaction_that_is_rolled_back_is_never_sent() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let account = fixture.customer(TO).await;
        for (commit, expected) in [(false, 0), (true, 1)] {
            let transaction = database::begin(&fixture.core.db).await.expect("a transaction");
            let whom = Addressee { account_id: Some(account), audience: Audience::Customer, email: TO, language: None };
            let done = announce(&transaction, &fixture.core, whom, None, Notice::PasswordChanged).await;
            done.expect("stored");
            if commit { database::commit(transaction).await } else { database::rollback(transaction).await }
                .expect("ends");
            assert_eq!(sent_now(&fixture).await, expected);
        }
        assert!(fixture.mail.kept()[0].text.contains("password"));
    })
    .await;
}

#[tokio::test]
async fn messages_wait_for_a_provider_without_using_up_attempts() {
    on_every_database(async |fixture| {
        let id = put(&fixture.core, TO, "hello").await;
        assert!(matches!(next(&fixture.core, 1).await.expect("answers"), Next::NoProvider(1)));
        fixture.clock.pass(3_600);
        assert_eq!(sent_now(&fixture).await, 0);
        assert_eq!(stored(&fixture, id).await.attempts, 0);
        fixture.offer_mail().await;
        let service = fixture.services().list().await.expect("services")[0].id;
        fixture.services().set_active(&fixture.admin(), service, false).await.expect("deactivated");
        assert_eq!(sent_now(&fixture).await, 0, "an inactive provider sends nothing");
        fixture.services().set_active(&fixture.admin(), service, true).await.expect("activated");
        assert_eq!(sent_now(&fixture).await, 1);
        assert_eq!(stored(&fixture, id).await.service_id, Some(service));
        assert!(matches!(next(&fixture.core, 1).await.expect("answers"), Next::Nothing));
    })
    .await;
}

#[tokio::test]
async fn new_messages_come_before_those_that_failed_already() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.mail.fail_with(failing(DeliveryFailureKind::Unreachable));
        put(&fixture.core, "old@example.org", "hello").await;
        sent_now(&fixture).await;
        fixture.mail.fail_with(None);
        fixture.clock.pass(PAUSE * 2);
        put(&fixture.core, "new@example.org", "hello").await;
        assert_eq!(sent_now(&fixture).await, 2);
        let order: Vec<_> = fixture.mail.kept().into_iter().map(|kept| kept.to).collect();
        assert_eq!(order, ["new@example.org", "old@example.org"]);
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_hangs_holds_up_only_its_own_messages_and_never_more_than_four() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.mail.be_silent_to(Some("silent"));
        let worker = tokio::spawn(run(fixture.core.clone(), std::future::pending()));
        for n in 0..HANDS - 1 {
            put(&fixture.core, &format!("silent{n}@example.org"), "hello").await;
        }
        for n in 0..10 {
            put(&fixture.core, &format!("c{n}@example.org"), "hello").await;
        }
        until(async || fixture.mail.kept().len() == 10).await;
        for n in 3..10 {
            put(&fixture.core, &format!("silent{n}@example.org"), "hello").await;
        }
        until(async || fixture.mail.begun() == 10 + HANDS).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(fixture.mail.begun(), 10 + HANDS, "no more than four are being sent");
        fixture.mail.be_silent_to(None);
        until(async || fixture.mail.kept().len() == 20).await;
        worker.abort();
    })
    .await;
}

/// A worker that has sent some and taken more than it has hands, which its mail server keeps waiting.
async fn with_more_than_its_hands(fixture: &Fixture) -> (JoinHandle<()>, oneshot::Sender<()>, Vec<Uuid>) {
    fixture.offer_mail().await;
    fixture.mail.be_silent_to(Some("silent"));
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(run(fixture.core.clone(), async move {
        let _ = stopped.await;
    }));
    // By these it knows that the mail server is quick.
    for n in 0..HANDS {
        put(&fixture.core, &format!("c{n}@example.org"), "hello").await;
    }
    until(async || fixture.mail.kept().len() == HANDS).await;
    let mut silent = Vec::new();
    for n in 0..HANDS * 2 {
        silent.push(put(&fixture.core, &format!("silent{n}@example.org"), "hello").await);
    }
    let all_taken = async || store::count_due(&fixture.core.db, fixture.now()).await.expect("answers") == 0;
    until(async || all_taken().await && fixture.mail.begun() == HANDS * 2).await;
    (worker, stop, silent)
}

#[tokio::test]
async fn what_waits_for_a_hand_is_given_back_when_the_server_stops() {
    on_every_database(async |fixture| {
        let (worker, stop, silent) = with_more_than_its_hands(&fixture).await;
        stop.send(()).expect("it runs");
        let free = async || store::count_due(&fixture.core.db, fixture.now()).await.expect("answers");
        until(async || free().await == HANDS as u64).await;
        fixture.mail.be_silent_to(None);
        worker.await.expect("it ends");
        assert_eq!(fixture.mail.kept().len(), HANDS * 2, "what was being sent has ended");
        let (sent, back) = silent.split_at(HANDS);
        for id in sent {
            assert!(stored(&fixture, *id).await.sent_at.is_some());
        }
        for id in back {
            let row = stored(&fixture, *id).await;
            assert_eq!((row.sent_at, row.leased_until, row.attempts), (None, None, 0), "as if it had not been taken");
        }
        assert_eq!(sent_now(&fixture).await, HANDS as u32, "another server sends them");
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_hand_is_in_no_other_servers() {
    on_every_database(async |mut fixture| {
        let core = Arc::get_mut(&mut fixture.core).expect("it is new");
        core.outbox.renewal = Duration::from_millis(50);
        let other = fixture.another_server(Passwords::with_cost(8, 1));
        let (worker, _stop, silent) = with_more_than_its_hands(&fixture).await;
        for _ in 0..3 {
            fixture.clock.pass(LEASE - 1);
            for id in &silent {
                until(async || stored(&fixture, *id).await.leased_until == Some(fixture.now() + LEASE)).await;
            }
            assert_eq!(send_due(&other.core).await.expect("runs"), 0, "one was in two hands");
        }
        fixture.mail.be_silent_to(None);
        until(async || fixture.mail.kept().len() == HANDS * 3).await;
        worker.abort();
    })
    .await;
}

#[tokio::test]
async fn a_full_outbox_is_taken_and_recorded_many_at_a_time() {
    let mut fixture = crate::testing::sqlite().await;
    let statements = watch_statements(&mut fixture);
    fixture.offer_mail().await;
    let mut all = Vec::new();
    for n in 0..100 {
        all.push(put(&fixture.core, &format!("c{n}@example.org"), "hello").await);
    }
    statements.take();
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(run(fixture.core.clone(), async move {
        let _ = stopped.await;
    }));
    until(async || fixture.mail.kept().len() == 100).await;
    stop.send(()).expect("it runs");
    worker.await.expect("it ends");
    for id in all {
        let row = stored(&fixture, id).await;
        assert!(row.sent_at.is_some() && row.body.is_none() && row.leased_until.is_none());
        let tries = delivery_attempt::Entity::find().filter(delivery_attempt::Column::DeliveryId.eq(id));
        assert_eq!((row.attempts, tries.count(&fixture.core.db).await.expect("answers")), (1, 1));
    }
    let writes = statements.take().into_iter().filter(|sql| sql.starts_with("UPDATE \"delivery\"")).count();
    // One by one, there would be two for each.
    assert!(writes < 150, "{writes} statements for 100 messages");
}

#[tokio::test]
async fn of_what_is_recorded_together_each_keeps_its_own_end() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let (good, bad) =
            (put(&fixture.core, TO, "hello").await, put(&fixture.core, "nobody@example.org", "hello").await);
        let Next::Messages(messages) = next(&fixture.core, 2).await.expect("answers") else {
            panic!("nothing was due")
        };
        let mut ended = Vec::new();
        for message in messages {
            let kind = DeliveryFailureKind::Unreachable;
            fixture.mail.fail_with(if message.id == bad { failing(kind) } else { None });
            ended.extend(hand_over(&fixture.core, message).await.expect("tried"));
        }
        record_all(&fixture.core, &ended).await.expect("recorded");
        let (good, bad) = (stored(&fixture, good).await, stored(&fixture, bad).await);
        assert!(good.sent_at.is_some() && good.failure.is_none() && good.body.is_none());
        assert!(bad.sent_at.is_none() && bad.failure.is_some() && bad.body.is_some());
        assert!(bad.retry_at.is_some_and(|at| at >= fixture.now() + PAUSE));
        let service = good.service_id.expect("a provider");
        let known = breaker_store::of(&fixture.core.db, service).await.expect("answers").expect("a failure");
        assert_eq!(known.failures, 1);
        let attempts = delivery_attempt::Entity::find().count(&fixture.core.db).await.expect("answers");
        assert_eq!(attempts, 2);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_finishes_what_it_has_in_hand_and_takes_no_more() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.mail.be_silent_to(Some("silent"));
        let (stop, stopped) = oneshot::channel::<()>();
        let worker = tokio::spawn(run(fixture.core.clone(), async move {
            let _ = stopped.await;
        }));
        let in_hand = put(&fixture.core, "silent@example.org", "hello").await;
        until(async || fixture.mail.begun() == 1).await;
        stop.send(()).expect("it runs");
        // The signal is seen before anything else.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let later = put(&fixture.core, TO, "hello").await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert!(!worker.is_finished(), "it left a message in the middle");
        fixture.mail.be_silent_to(None);
        worker.await.expect("it ends");
        assert!(stored(&fixture, in_hand).await.sent_at.is_some());
        assert_eq!(stored(&fixture, later).await.attempts, 0);
    })
    .await;
}

#[tokio::test]
async fn deliveries_are_kept_for_thirty_days() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer("carla@example.org").await;
        put(&fixture.core, TO, "hello").await;
        assert_eq!(sent_now(&fixture).await, 2, "with the announcement");
        throttle::count(&fixture.core.db, "somebody", fixture.now(), 900).await.expect("counts");
        let kept = async || delivery::Entity::find().count(&fixture.core.db).await.expect("answers");
        fixture.clock.pass(KEPT);
        tidy(&fixture.core).await.expect("tidies");
        assert_eq!(kept().await, 3, "with the code");
        fixture.clock.pass(1);
        // A running server does so by itself.
        let tidying = tokio::spawn(crate::tidy::run(fixture.core.clone()));
        until(async || kept().await == 0).await;
        until(async || crate::entity::throttle::Entity::find().count(&fixture.core.db).await == Ok(0)).await;
        tidying.abort();
        let counters = crate::entity::throttle::Entity::find().count(&fixture.core.db).await.expect("answers");
        assert_eq!(counters, 0, "counters of tries pass too");
        let challenges = crate::entity::challenge::Entity::find().count(&fixture.core.db).await.expect("answers");
        assert_eq!(challenges, 0, "and challenges");
    })
    .await;
}

#[tokio::test]
async fn every_administrator_is_told_of_a_change_once_and_not_by_what_was_just_pointed_elsewhere() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let admin = fixture.admin();
        let form = SmtpForm { title: "Steady".to_owned(), host: "steady.example.org".to_owned(), ..smtp_form() };
        fixture.clock.pass(60);
        fixture.services().save_smtp(&admin, None, &form).await.expect("a service");
        for email in ["ada@example.org", "una@example.org"] {
            fixture.administrator(email).await;
        }
        let services = fixture.services().list().await.expect("lists");
        let first = services.iter().find(|service| service.title == "SMTP").expect("is there").id;
        fixture.clock.pass(60);
        let elsewhere = SmtpForm { host: "evil.example".to_owned(), password: "typed-again".to_owned(), ..smtp_form() };
        fixture.services().save_smtp(&admin, Some(first), &elsewhere).await.expect("changed");
        fixture.policy().set_allowed(&admin, Audience::Customer, false).await.expect("switched");
        let before = fixture.mail.kept().len();
        send_due(&fixture.core).await.expect("sent");
        let kept = fixture.mail.kept();
        let sent: Vec<_> = kept[before..].iter().map(|mail| (mail.host.as_str(), mail.to.as_str())).collect();
        let (ada, una) = (("steady.example.org", "ada@example.org"), ("steady.example.org", "una@example.org"));
        assert_eq!(sent, [ada, una, ada, una]);
        let text = &kept[before].text;
        for part in ["evil.example", "ada@example.org", "192.0.2.1", "Jan 1, 2026 12:02 AM"] {
            assert!(text.contains(part), "{part} is missing: {text}");
        }
        assert!(!text.contains("typed-again"));
        assert!(kept[before + 2].text.contains("customer"), "what was switched");
    })
    .await;
}

#[tokio::test]
async fn a_message_of_another_server_wakes_an_idle_one_at_once() {
    on_every_database(async |fixture| {
        // SQLite has one server, which wakes itself.
        if fixture.core.db.get_database_backend() != DatabaseBackend::Postgres {
            return;
        }
        fixture.offer_mail().await;
        let other = fixture.another_server(Passwords::with_cost(8, 1));
        let worker = tokio::spawn(run(fixture.core.clone(), std::future::pending()));
        until(async || fixture.core.outbox.hears()).await;
        // By then it looks every few seconds.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let begun = std::time::Instant::now();
        put(&other.core, TO, "hello").await;
        until(async || fixture.mail.kept().len() == 1).await;
        assert!(begun.elapsed() < Duration::from_millis(500), "it took {:?}", begun.elapsed());
        // What is not committed is not told, and what is rolled back never.
        let transaction = other.core.db.begin().await.expect("a transaction");
        let words = text("never");
        let message = Outgoing { kind: MessageKind::Notice, account_id: None, to: TO, text: &words, lifetime: 86_400 };
        enqueue(&transaction, &other.core, &message).await.expect("stored");
        transaction.rollback().await.expect("rolled back");
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(fixture.mail.kept().len(), 1);
        worker.abort();
    })
    .await;
}

#[tokio::test]
async fn a_server_that_hears_the_others_looks_again_when_a_message_comes_due() {
    on_every_database(async |fixture| {
        let db = &fixture.core.db;
        assert_eq!(store::next_due(db).await.expect("answers"), None);
        fixture.offer_mail().await;
        put(&fixture.core, TO, "hello").await;
        fixture.mail.fail_with(failing(DeliveryFailureKind::Unreachable));
        assert_eq!(sent_now(&fixture).await, 1);
        let due = store::next_due(db).await.expect("answers").expect("another attempt");
        assert!(due >= fixture.now() + PAUSE);
        fixture.mail.fail_with(None);
        fixture.clock.pass(due - fixture.now());
        assert_eq!(sent_now(&fixture).await, 1);
        assert_eq!(store::next_due(db).await.expect("answers"), None);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_kept_is_told() {
    let fixture = crate::testing::sqlite().await;
    fixture.offer_mail().await;
    let core = &fixture.core;
    let provider = fixture.services().list().await.expect("lists")[0].id;
    let message = put(core, TO, "Kept").await;
    // Like a full disk: each of these is accepted, and refused where SQLite commits it.
    for sql in [
        "CREATE TABLE there (id integer PRIMARY KEY)",
        "CREATE TABLE nowhere (id integer REFERENCES there (id) DEFERRABLE INITIALLY DEFERRED)",
    ] {
        core.db.execute_unprepared(sql).await.expect("made");
    }
    for (table, change) in
        [("delivery", "INSERT"), ("delivery_attempt", "INSERT"), ("breaker", "INSERT"), ("delivery", "UPDATE")]
    {
        let sql = format!(
            "CREATE TRIGGER full_{table}_{change} AFTER {change} ON {table} BEGIN INSERT INTO nowhere VALUES (1); END"
        );
        core.db.execute_unprepared(&sql).await.expect("made");
    }
    let another =
        Outgoing { kind: MessageKind::Notice, account_id: None, to: TO, text: &text("Lost"), lifetime: 86_400 };
    assert!(enqueue(&core.db, core, &another).await.is_err(), "a message");
    let attempt = delivery_attempt::Model {
        id: Uuid::now_v7(),
        delivery_id: message,
        service_id: Some(provider),
        began_at: fixture.now(),
        ended_at: fixture.now(),
        failure: None,
    };
    assert!(store::insert_attempts(&core.db, vec![attempt]).await.is_err(), "how an attempt went");
    let failure = DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: None };
    assert!(breaker_store::count_failure(&core.db, provider, &failure).await.is_err(), "a failure of a provider");
    assert!(
        store::claim(&core.db, fixture.now(), fixture.now() + LEASE, None, 1).await.is_err(),
        "whose hand it is in"
    );
    assert_eq!(delivery::Entity::find().count(&core.db).await, Ok(1));
}
