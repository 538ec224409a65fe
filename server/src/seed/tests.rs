use super::{Plan, SeedError, fill};
use crate::{
    entity::{account, audit_event, delivery, enrollment},
    testing::{START, on_every_database, sqlite},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryOrder, Statement};
use std::collections::BTreeMap;

const PLAN: Plan = Plan { customers: 50, entries: 60, audit: 1_234, messages: 501, seed: 7, now: START };

async fn all(
    db: &DatabaseConnection,
) -> (Vec<account::Model>, Vec<enrollment::Model>, Vec<audit_event::Model>, Vec<delivery::Model>) {
    (
        account::Entity::find().order_by_asc(account::Column::Id).all(db).await.expect("accounts"),
        enrollment::Entity::find().order_by_asc(enrollment::Column::Id).all(db).await.expect("entries"),
        audit_event::Entity::find().order_by_asc(audit_event::Column::Id).all(db).await.expect("events"),
        delivery::Entity::find().order_by_asc(delivery::Column::Id).all(db).await.expect("messages"),
    )
}

#[tokio::test]
async fn a_plan_makes_the_same_rows_everywhere_and_no_more_the_second_time() {
    let model = sqlite().await.core.db.clone();
    fill(&model, &PLAN).await.expect("filled");
    on_every_database(async |fixture| {
        let db = &fixture.core.db;
        // As if it had been interrupted.
        fill(db, &Plan { audit: 100, messages: 0, ..PLAN }).await.expect("filled");
        let early = audit_event::Entity::find().count(db).await.expect("a count");
        assert_eq!(early, 100);
        fill(db, &PLAN).await.expect("filled");
        fill(db, &PLAN).await.expect("nothing to do");
        let (accounts, entries, events, messages) = all(db).await;
        let expected = all(&model).await;
        assert_eq!((&accounts, &entries, &messages), (&expected.0, &expected.1, &expected.3));
        assert_eq!([accounts.len(), entries.len(), events.len(), messages.len()], [50, 60, 1_234, 501]);
        let mut each = BTreeMap::<_, u32>::new();
        for entry in &entries {
            *each.entry(entry.account_id).or_default() += 1;
        }
        assert!(each.len() == 50 && each.values().all(|count| (1..=2).contains(count)), "spread evenly");
        assert_eq!(events.last().expect("events").at, START, "the last one just now");
        assert!(accounts.iter().all(|one| one.email.ends_with(".seeded.example.com")));
        let sql = "SELECT count(DISTINCT account_id) AS n FROM account_word WHERE enrolled";
        let found = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("answers");
        assert_eq!(found.expect("a row").try_get::<i64>("", "n").expect("a number"), 50, "they are found by words");
    })
    .await;
}

#[tokio::test]
async fn customers_may_have_many_entries() {
    let db = sqlite().await.core.db.clone();
    fill(&db, &Plan { customers: 100, entries: 5_000, audit: 0, messages: 0, ..PLAN }).await.expect("filled");
    assert_eq!(enrollment::Entity::find().count(&db).await.expect("a count"), 5_000);
}

#[tokio::test]
async fn another_seed_makes_other_people() {
    let (one, other) = (super::people::customer(&PLAN, 3), super::people::customer(&Plan { seed: 8, ..PLAN }, 3));
    assert_eq!(one.id, other.id);
    assert_ne!(one.email, other.email);
}

#[tokio::test]
async fn a_database_with_real_people_stays_as_it_is() {
    on_every_database(async |fixture| {
        fixture.customer("carla@example.com").await;
        let refused = fill(&fixture.core.db, &PLAN).await.expect_err("refused");
        assert!(matches!(refused, SeedError::Strangers(email) if email == "carla@example.com"));
        assert_eq!(account::Entity::find().count(&fixture.core.db).await.expect("a count"), 1);
    })
    .await;
}
