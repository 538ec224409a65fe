//! What the dashboard tells.

use super::service::note;
use crate::{
    entity::{protection, stored::Stored},
    outbox::{
        self,
        service::{Outgoing, enqueue, send_due},
    },
    rules::rules,
    testing::{Fixture, PASSWORD, on_every_database, smtp_form},
};
use app::{
    caller::Session,
    challenge::port::Answer,
    dashboard::{
        port::DashboardPort,
        types::{Dashboard, Share, Task},
    },
    delivery::message::MessageText,
    delivery::types::MessageKind,
    error::{DeliveryFailure, DeliveryFailureKind},
    language::types::Language,
    login::{port::LoginPort, types::Audience},
    services::port::ServicesPort,
};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

const DAY: i64 = 86_400;

async fn overview(fixture: &Fixture, admin: &Session) -> Dashboard {
    // As a request of now would find the settings.
    let admin = Session { rules: rules(&fixture.core).await.expect("answers"), ..admin.clone() };
    fixture.dashboard().overview(&admin).await.expect("shows")
}

async fn shown(fixture: &Fixture) -> Dashboard {
    overview(fixture, &fixture.admin()).await
}

fn to_do(dashboard: &Dashboard) -> Vec<Task> {
    dashboard.steps.iter().filter(|step| !step.done).map(|step| step.task).collect()
}

async fn mail(fixture: &Fixture, account_id: Option<Uuid>, to: &str, kind: MessageKind) {
    let text = MessageText {
        subject: "s".to_owned(),
        text: "t".to_owned(),
        html: "h".to_owned(),
        language: Language::En,
        branded: false,
        draft: None,
    };
    let message = Outgoing { kind, account_id, to, text: &text, lifetime: 7 * DAY };
    enqueue(&fixture.core.db, &fixture.core, &message).await.expect("queued");
}

fn refused(answer: &str) -> Option<DeliveryFailure> {
    Some(DeliveryFailure { kind: DeliveryFailureKind::RecipientRefused, answer: Some(answer.to_owned()) })
}

#[tokio::test]
async fn the_figures_are_those_of_active_accounts_and_are_kept_by_day() {
    on_every_database(async |fixture| {
        assert_eq!(shown(&fixture).await.customers, Share::default());
        fixture.enrolled_customer("carla@example.org").await;
        fixture.customer("conrad@example.org").await;
        let dashboard = shown(&fixture).await;
        assert_eq!(dashboard.customers, Share { accounts: 2, enrolled: 1 });
        assert_eq!(dashboard.admins, Share::default());
        let change = "UPDATE account SET disabled_at = 1 WHERE email = 'conrad@example.org'";
        fixture.core.db.execute_unprepared(change).await.expect("disabled");
        assert_eq!(shown(&fixture).await.customers, Share { accounts: 1, enrolled: 1 });
        fixture.clock.pass(3 * DAY);
        fixture.customer("cora@example.org").await;
        let days = shown(&fixture).await.days;
        let days: Vec<_> = days.iter().map(|day| (day.offset, day.date.as_str(), day.customers)).collect();
        let share = |accounts, enrolled| Share { accounts, enrolled };
        assert_eq!(days, [(0, "2026-01-01", share(1, 1)), (3, "2026-01-04", share(2, 1))]);
        // What is too old is no longer drawn.
        fixture.clock.pass(89 * DAY);
        assert_eq!(shown(&fixture).await.days.first().map(|day| day.date.clone()), Some("2026-01-04".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn any_number_of_servers_may_note_the_same_day() {
    on_every_database(async |fixture| {
        fixture.customer("carla@example.org").await;
        let noting = (0..10).map(|_| {
            let core = fixture.core.clone();
            tokio::spawn(async move { note(&core).await })
        });
        for done in noting.collect::<Vec<_>>() {
            done.await.expect("runs").expect("noted");
        }
        let rows = protection::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert_eq!(rows.len(), 2, "one an audience");
        assert_eq!(rows.iter().map(|row| row.accounts).sum::<i32>(), 1);
    })
    .await;
}

#[tokio::test]
async fn so_many_accounts_are_counted_once_a_minute_and_nobody_waits() {
    on_every_database(async |fixture| {
        let today = fixture.now() / DAY;
        let row = |audience: Audience, accounts| protection::Model {
            day: today,
            audience: Stored(audience),
            accounts,
            enrolled: 0,
        };
        let many = vec![row(Audience::Admin, 3), row(Audience::Customer, 1_000_000)];
        super::store::put_protection(&fixture.core.db, many.clone()).await.expect("stored");
        assert_eq!(shown(&fixture).await.customers.accounts, 1_000_000, "what is known is shown at once");
        let counted = async |expected: i32| {
            for _ in 0..200 {
                let rows = protection::Entity::find().all(&fixture.core.db).await.expect("answers");
                if rows.iter().any(|row| row.audience.0 == Audience::Customer && row.accounts == expected) {
                    return true;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            false
        };
        assert!(counted(0).await, "and counted by the way");
        super::store::put_protection(&fixture.core.db, many).await.expect("stored");
        for _ in 0..3 {
            shown(&fixture).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert_eq!(shown(&fixture).await.customers.accounts, 1_000_000, "not again within the minute");
        fixture.clock.pass(60);
        shown(&fixture).await;
        assert!(counted(0).await, "a minute later it is");
    })
    .await;
}

#[tokio::test]
async fn plain_http_is_warned_of_unless_it_stays_on_the_machine() {
    for (url, insecure) in [
        ("https://id.example.org", false),
        ("http://127.0.0.1:3000", false),
        ("http://[::1]:3000", false),
        ("http://localhost:3000", false),
        ("http://id.example.org", true),
        ("http://10.0.0.5", true),
        ("http://localhost.example.org", true),
    ] {
        let fixture = Fixture::at(url).await;
        let dashboard = shown(&fixture).await;
        assert_eq!(dashboard.insecure, insecure, "{url}");
        assert_eq!(to_do(&dashboard).contains(&Task::Https), insecure, "{url}");
    }
}

#[tokio::test]
async fn a_provider_shows_its_last_success_and_its_last_failure_with_the_servers_answer() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let provider = shown(&fixture).await.providers.remove(0);
        assert_eq!((provider.title.as_str(), provider.active), ("SMTP", true));
        assert_eq!((provider.sent, provider.failed, &provider.last_success), (0, 0, &None));
        assert!(provider.last_failure.is_none());
        mail(&fixture, None, "a@example.org", MessageKind::Notice).await;
        send_due(&fixture.core).await.expect("runs");
        fixture.clock.pass(60);
        fixture.mail.fail_with(refused("550 no such user"));
        mail(&fixture, None, "b@example.org", MessageKind::Notice).await;
        send_due(&fixture.core).await.expect("runs");
        let provider = shown(&fixture).await.providers.remove(0);
        assert_eq!((provider.sent, provider.failed), (1, 1));
        assert_eq!(provider.last_success.as_deref(), Some("2026-01-01 00:00"));
        let failure = provider.last_failure.expect("it failed");
        assert_eq!(failure.time, "2026-01-01 00:01");
        assert_eq!(failure.failure, refused("550 no such user"));
        // A day later they are no longer counted, but still known.
        fixture.clock.pass(DAY);
        let provider = shown(&fixture).await.providers.remove(0);
        assert_eq!((provider.sent, provider.failed), (0, 0));
        assert!(provider.last_success.is_some() && provider.last_failure.is_some());
        // A server that is down shows at once, not only when its messages are given up.
        let down = DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: Some("refused".to_owned()) };
        fixture.mail.fail_with(Some(down.clone()));
        mail(&fixture, None, "c@example.org", MessageKind::Notice).await;
        send_due(&fixture.core).await.expect("runs");
        let provider = shown(&fixture).await.providers.remove(0);
        assert_eq!(provider.last_failure.and_then(|last| last.failure), Some(down));
    })
    .await;
}

#[tokio::test]
async fn the_last_failures_name_message_account_and_reason() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer("carla@example.org").await;
        send_due(&fixture.core).await.expect("runs");
        let dashboard = shown(&fixture).await;
        assert!(dashboard.failed_deliveries.is_empty() && dashboard.failed_sign_ins.is_empty());
        fixture.mail.fail_with(refused("550 no"));
        mail(&fixture, Some(carla), "private-box@example.org", MessageKind::Notice).await;
        send_due(&fixture.core).await.expect("runs");
        fixture.clock.pass(60);
        mail(&fixture, None, "invited@example.org", MessageKind::Invitation).await;
        send_due(&fixture.core).await.expect("runs");
        let failed = shown(&fixture).await.failed_deliveries;
        let seen: Vec<_> = failed.iter().map(|f| (f.kind, f.to.as_str(), f.account.as_str())).collect();
        assert_eq!(
            seen,
            [
                (MessageKind::Invitation, "i•••d@example.org", "invited@example.org"),
                (MessageKind::Notice, "p•••x@example.org", "carla@example.org"),
            ]
        );
        assert_eq!(failed[0].failure, refused("550 no"));
        // What expires without ever having been tried has no reason of its own.
        fixture.mail.fail_with(None);
        let id = fixture.services().list().await.expect("services")[0].id;
        fixture.services().set_active(&fixture.admin(), id, false).await.expect("switched");
        mail(&fixture, None, "late@example.org", MessageKind::Invitation).await;
        fixture.clock.pass(8 * DAY);
        outbox::store::give_up_expired(&fixture.core.db, fixture.now()).await.expect("given up");
        assert_eq!(shown(&fixture).await.failed_deliveries[0].failure, None);
    })
    .await;
}

#[tokio::test]
async fn the_last_failed_sign_ins_are_the_newest_five() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer("carla@example.org").await;
        let session = fixture.password_session("carla@example.org").await;
        for _ in 0..5 {
            assert!(fixture.log_in("carla@example.org", "wrong", None).await.is_err());
            fixture.clock.pass(1);
        }
        assert!(fixture.login().verify(&session, Answer::Code(&fixture.wrong_code()), false).await.is_err());
        fixture.clock.pass(1);
        assert!(fixture.log_in("nobody@example.org", PASSWORD, None).await.is_err());
        let failed = shown(&fixture).await.failed_sign_ins;
        let seen: Vec<_> =
            failed.iter().map(|e| (e.action.as_str(), e.account.as_deref(), e.subject.as_deref())).collect();
        let carla = Some("carla@example.org");
        let wrong = ("password_refused", None, carla);
        assert_eq!(seen, [("password_refused", None, None), ("code_refused", carla, None), wrong, wrong, wrong]);
        assert!(failed.iter().all(|event| !event.succeeded && event.address.as_deref() == Some("192.0.2.1")));
    })
    .await;
}

#[tokio::test]
async fn nothing_secret_is_on_the_dashboard() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer("carla@example.org").await;
        let text = format!("{:?}", shown(&fixture).await);
        assert!(!text.contains(&smtp_form().password) && !text.contains(&fixture.code()));
    })
    .await;
}
