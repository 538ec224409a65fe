//! Old rows leave some at a time, so that nobody who signs in meanwhile waits for them.

use crate::error::Error;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::time::{Duration, Instant};

/// How many rows are removed in one statement.
pub const SOME: u64 = 200;
/// How many times as long as they took is waited before the next ones.
const REST: u32 = 2;

/// Removes some of the rows from before a time, the oldest first. Tells how many there were.
///
/// # Errors
/// When the database fails.
pub async fn remove_some<E: EntityTrait>(
    db: &impl ConnectionTrait,
    key: E::Column,
    time: E::Column,
    before: i64,
) -> Result<u64, Error> {
    let old = E::find().select_only().column(key).filter(time.lt(before)).order_by_asc(time).limit(SOME).into_query();
    // The time once more: PostgreSQL looks again at a row that was changed meanwhile, but not for it.
    Ok(E::delete_many().filter(key.in_subquery(old)).filter(time.lt(before)).exec(db).await?.rows_affected)
}

/// Removes some rows again and again until there are no more, and rests in between.
///
/// # Errors
/// That of what removes them.
pub async fn remove_all<F: Future<Output = Result<u64, Error>>>(mut some: impl FnMut() -> F) -> Result<(), Error> {
    loop {
        let began = Instant::now();
        if some().await? < SOME {
            return Ok(());
        }
        let rest = REST * began.elapsed();
        tokio::time::sleep(rest.min(Duration::from_secs(1))).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{entity::throttle, testing::on_every_database};
    use sea_orm::{PaginatorTrait, Set};
    use throttle::Column::{Key, StartedAt};

    #[tokio::test]
    async fn the_oldest_leave_first_and_the_new_ones_stay() {
        on_every_database(async |fixture| {
            let db = &fixture.core.db;
            let most = i64::try_from(SOME).expect("few");
            let many = 2 * most + 10;
            let row = |n: i64| throttle::ActiveModel { key: Set(format!("{n}")), count: Set(1), started_at: Set(n) };
            throttle::Entity::insert_many((0..many).map(row)).exec_without_returning(db).await.expect("stored");
            let left = async || {
                let first = throttle::Entity::find().order_by_asc(StartedAt).one(db).await.expect("answers");
                let count = throttle::Entity::find().count(db).await.expect("a count");
                (first.map(|row| row.started_at), count)
            };
            let some = async || remove_some::<throttle::Entity>(db, Key, StartedAt, many - 3).await.expect("removed");
            assert_eq!(some().await, SOME);
            assert_eq!(left().await, (Some(most), SOME + 10));
            remove_all(|| remove_some::<throttle::Entity>(db, Key, StartedAt, many - 3)).await.expect("removed");
            assert_eq!(left().await, (Some(many - 3), 3));
        })
        .await;
    }
}
