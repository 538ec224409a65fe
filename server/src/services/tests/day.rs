//! A provider's last day.

use crate::{
    entity::delivery_attempt,
    outbox::service::{Outgoing, enqueue, send_due},
    testing::{on_every_database, smtp_form},
};
use app::{
    delivery::{message::plain_message, types::MessageKind},
    error::{AppError, DeliveryFailure, DeliveryFailureKind},
    secondary_auth::port::SecondaryAuthPort,
    services::{day::SlowAttempt, port::ServicesPort, types::SmtpForm},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use uuid::Uuid;

#[tokio::test]
async fn a_day_counts_what_was_taken_and_what_failed_and_says_whom_the_provider_serves() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        fixture.enrolled_customer("carla@example.org").await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        let spare = SmtpForm { title: "Spare".to_owned(), ..smtp_form() };
        fixture.services().save_smtp(&admin, None, &spare).await.expect("saved");
        let services = fixture.services().list().await.expect("lists");
        let [main, spare] =
            ["SMTP", "Spare"].map(|title| services.iter().find(|s| s.title == title).expect("there").id);
        let auth = fixture.secondary_auth().list().await.expect("lists")[0].id;
        fixture
            .secondary_auth()
            .save(&admin, Some(auth), &main.to_string(), "Email", &[&spare.to_string()])
            .await
            .expect("saved");
        let send = async || {
            let text = plain_message("Configio", "Subject".to_owned(), &["words"]);
            let (kind, to) = (MessageKind::Notice, "ada@example.org");
            let message = Outgoing { kind, account_id: None, to, text: &text, lifetime: 86_400 };
            enqueue(&fixture.core.db, &fixture.core, &message).await.expect("stored");
            send_due(&fixture.core).await.expect("runs");
        };
        // Their codes, and that they are told of their new entries.
        fixture.mail_so_far().await;
        let before = fixture.services().day(main).await.expect("shows");
        let (told, failed) = before.sums();
        assert!(before.hours.len() == 24 && told >= 2 && failed == 0, "{before:?}");
        fixture.clock.pass(3_600 * 2);
        send().await;
        let refused = DeliveryFailure { kind: DeliveryFailureKind::RecipientRefused, answer: None };
        fixture.mail.fail_with(Some(refused));
        send().await;
        let slow = delivery_attempt::Entity::find()
            .order_by_desc(delivery_attempt::Column::Id)
            .one(&fixture.core.db)
            .await
            .expect("answers")
            .expect("one");
        let ended_at = slow.ended_at;
        let mut slow = slow.into_active_model();
        slow.began_at = Set(ended_at - 12);
        slow.update(&fixture.core.db).await.expect("changed");
        let day = fixture.services().day(main).await.expect("shows");
        assert_eq!(day.sums(), (told + 1, 1));
        let last = day.hours.last().expect("hours");
        assert_eq!((last.time.as_str(), last.accepted, last.failed), ("2026-01-01 02:00", 1, 1));
        assert_eq!((day.hours[21].accepted, day.hours[22].accepted), (told, 0));
        let slowest = SlowAttempt { time: "2026-01-01 02:00:00".to_owned(), seconds: 12, accepted: false };
        assert_eq!((day.slowest.len(), &day.slowest[0]), (3, &slowest));
        for (id, fallback) in [(main, false), (spare, true)] {
            let uses = fixture.services().day(id).await.expect("shows").used_by;
            assert_eq!(
                (uses.len(), uses[0].title.as_str(), uses[0].fallback, uses[0].people),
                (1, "Email", fallback, 2)
            );
        }
        // What is older than a day is not shown.
        fixture.clock.pass(86_400);
        assert_eq!(fixture.services().day(main).await.expect("shows").sums(), (0, 0));
        assert_eq!(fixture.services().day(Uuid::now_v7()).await, Err(AppError::NotFound));
    })
    .await;
}
