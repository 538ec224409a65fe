//! Queries about challenges.

use super::limits::ADDRESS_WINDOW;
use crate::{
    accounts::factor::Standing,
    entity::{account, challenge, enrollment, secondary_auth, stored::Stored, throttle},
    entries::whose::Whose,
    error::Error,
    platform::{clock::SKEW, database::old_rows},
};
use app::{challenge::types::Purpose, services::types::Channel};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func, IntoCondition, Query, SimpleExpr},
};
use uuid::Uuid;

/// As many challenges of a session and purpose as are looked at.
const LOOKED_AT: u64 = 20;

/// A challenge with what its answer depends on.
#[derive(FromQueryResult)]
pub struct Asked {
    /// The challenge.
    #[sea_orm(nested)]
    pub challenge: challenge::Model,
    /// How the account's second factor stands.
    #[sea_orm(nested)]
    pub standing: Standing,
    /// Wrong answers from the client's address in the window.
    pub address_failures: i32,
    /// The title of its secondary auth, if that still exists.
    pub title: Option<String>,
    /// The entry of an authenticator app.
    pub entry_id: Option<Uuid>,
    /// Its seed, encrypted.
    pub entry_secret: Option<String>,
}

/// How an account stands that answers without a challenge.
#[derive(FromQueryResult)]
pub struct Unasked {
    /// How its second factor stands.
    #[sea_orm(nested)]
    pub standing: Standing,
    /// Wrong answers from the client's address in the window.
    pub address_failures: i32,
}

/// The count of a counter, in a window that began within so many seconds.
fn counted(key: &str, now: i64, window: i64) -> SimpleExpr {
    let count = Query::select()
        .expr(Expr::col((throttle::Entity, throttle::Column::Count)).sum())
        .from(throttle::Entity)
        .and_where(Expr::col((throttle::Entity, throttle::Column::Key)).eq(key))
        .and_where(Expr::col((throttle::Entity, throttle::Column::StartedAt)).gt(now - window))
        .and_where(Expr::col((throttle::Entity, throttle::Column::StartedAt)).lte(now + SKEW))
        .to_owned();
    let count = Expr::SubQuery(None, Box::new(count.into()));
    Expr::expr(Func::coalesce([count, Expr::value(0)])).cast_as("integer")
}

fn newest_first(session: Uuid, purpose: Purpose) -> Select<challenge::Entity> {
    challenge::Entity::find()
        .filter(challenge::Column::SessionId.eq(session))
        .filter(challenge::Column::Purpose.eq(Stored(purpose)))
        .order_by_desc(challenge::Column::Id)
        .limit(LOOKED_AT)
}

/// The newest challenges of a session and purpose, newest first.
pub async fn newest(
    db: &impl ConnectionTrait,
    session: Uuid,
    purpose: Purpose,
) -> Result<Vec<challenge::Model>, Error> {
    Ok(newest_first(session, purpose).all(db).await?)
}

/// The same with everything that an answer depends on, in one statement. `address` is the counter of the client's
/// address, in its window.
pub async fn asked(
    db: &impl ConnectionTrait,
    session: Uuid,
    purpose: Purpose,
    address: &str,
    now: i64,
) -> Result<Vec<Asked>, Error> {
    let account = challenge::Entity::belongs_to(account::Entity)
        .from(challenge::Column::AccountId)
        .to(account::Column::Id)
        .into();
    let auth = challenge::Entity::belongs_to(secondary_auth::Entity)
        .from(challenge::Column::SecondaryAuthId)
        .to(secondary_auth::Column::Id)
        .into();
    // An app has one entry for a secondary auth; passkeys may have several, and are asked otherwise.
    let entry = challenge::Entity::belongs_to(enrollment::Entity)
        .from(challenge::Column::AccountId)
        .to(enrollment::Column::AccountId)
        .on_condition(|challenge, entry| {
            Expr::col((challenge.clone(), challenge::Column::SecondaryAuthId))
                .equals((entry, enrollment::Column::SecondaryAuthId))
                .and(Expr::col((challenge, challenge::Column::Kind)).eq(Stored(Channel::Authenticator)))
                .into_condition()
        })
        .into();
    Ok(newest_first(session, purpose)
        .column(account::Column::FactorFailures)
        .column(account::Column::FactorLockedUntil)
        .column_as(counted(address, now, ADDRESS_WINDOW), "address_failures")
        .column(secondary_auth::Column::Title)
        .column_as(enrollment::Column::Id, "entry_id")
        .column_as(enrollment::Column::Secret, "entry_secret")
        .join(JoinType::InnerJoin, account)
        .join(JoinType::LeftJoin, auth)
        .join(JoinType::LeftJoin, entry)
        .into_model::<Asked>()
        .all(db)
        .await?)
}

/// How an account stands that answers without a challenge.
pub async fn unasked(
    db: &impl ConnectionTrait,
    account: Uuid,
    address: &str,
    now: i64,
) -> Result<Option<Unasked>, Error> {
    Ok(account::Entity::find_by_id(account)
        .select_only()
        .column(account::Column::FactorFailures)
        .column(account::Column::FactorLockedUntil)
        .column_as(counted(address, now, ADDRESS_WINDOW), "address_failures")
        .into_model::<Unasked>()
        .one(db)
        .await?)
}

/// How many codes were asked for within each of some windows, and when the oldest of them was; whatever became of the
/// messages: one that timed out may have left. Windows are in seconds.
pub async fn sent_within(
    db: &impl ConnectionTrait,
    column: challenge::Column,
    value: impl Into<SimpleExpr>,
    resends_only: bool,
    windows: &[i64],
    now: i64,
) -> Result<Vec<(i64, Option<i64>)>, Error> {
    let longest = windows.iter().max().copied().unwrap_or_default();
    let mut query = challenge::Entity::find()
        .select_only()
        .filter(Expr::col(column).eq(value.into()))
        .filter(challenge::Column::CreatedAt.gt(now - longest))
        .filter(challenge::Column::CreatedAt.lte(now + SKEW))
        .filter(challenge::Column::Kind.is_in(Channel::ALL.into_iter().filter(|kind| kind.sends()).map(Stored)));
    if resends_only {
        query = query.filter(challenge::Column::Resend.eq(true));
    }
    let created_at = || Expr::col(challenge::Column::CreatedAt);
    for window in windows {
        let within = Expr::case(created_at().gt(now - window), created_at());
        query = query
            .column_as(Expr::expr(within.clone()).count(), format!("count_{window}"))
            .column_as(Expr::expr(within).min(), format!("oldest_{window}"));
    }
    let row = db.query_one(&query.into_query()).await?.ok_or_else(|| Error::broken("a count without a row"))?;
    let of = |window: &i64| {
        Ok((row.try_get("", &format!("count_{window}"))?, row.try_get("", &format!("oldest_{window}"))?))
    };
    windows.iter().map(of).collect()
}

/// Stores a new challenge.
pub async fn insert(db: &impl ConnectionTrait, model: challenge::Model) -> Result<challenge::Model, Error> {
    let row = challenge::ActiveModel::from(model.clone()).reset_all();
    challenge::Entity::insert(row).exec_without_returning(db).await?;
    Ok(model)
}

/// One challenge.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<challenge::Model>, Error> {
    Ok(challenge::Entity::find_by_id(id).one(db).await?)
}

/// What is neither used nor replaced nor over.
fn living(id: Uuid, now: i64) -> Condition {
    Condition::all()
        .add(challenge::Column::Id.eq(id))
        .add(challenge::Column::ExpiresAt.gt(now))
        .add(challenge::Column::CreatedAt.lte(now + SKEW))
        .add(challenge::Column::ConsumedAt.is_null())
        .add(challenge::Column::ReplacedBy.is_null())
}

/// Takes one try from a living challenge before its answer is compared, so that parallel guesses cannot outrun the
/// counter. Tells how many tries were taken, or nothing where none of the most that there are is left.
pub async fn take_try(db: &impl ConnectionTrait, id: Uuid, most: i32, now: i64) -> Result<Option<i32>, Error> {
    let rows = challenge::Entity::update_many()
        .col_expr(challenge::Column::Tries, Expr::col(challenge::Column::Tries).add(1))
        .filter(living(id, now))
        .filter(challenge::Column::Tries.lt(most))
        .exec_with_returning(db)
        .await?;
    Ok(rows.first().map(|row| row.tries))
}

/// Uses a challenge up: of many parallel successes exactly one sees `true`.
pub async fn consume(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<bool, Error> {
    let done = challenge::Entity::update_many()
        .col_expr(challenge::Column::ConsumedAt, Expr::value(now))
        .filter(living(id, now))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the challenges of an account that wait for an answer.
pub async fn end_open(db: &impl ConnectionTrait, whose: Whose, now: i64) -> Result<(), Error> {
    challenge::Entity::update_many()
        .col_expr(challenge::Column::ExpiresAt, Expr::value(now))
        .filter(whose.holds(challenge::Column::AccountId))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends a challenge whose time is over, also if the clock goes back.
pub async fn end(db: &impl ConnectionTrait, id: Uuid) -> Result<(), Error> {
    challenge::Entity::update_many()
        .col_expr(challenge::Column::ExpiresAt, Expr::value(0_i64))
        .filter(challenge::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes some of the challenges from before a time. Tells how many there were.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<u64, Error> {
    let (id, at) = (challenge::Column::Id, challenge::Column::CreatedAt);
    old_rows::remove_some::<challenge::Entity>(db, id, at, before).await
}
