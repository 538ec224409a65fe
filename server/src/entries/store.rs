//! Queries about entries.

use crate::{
    entity::{account, enrollment, policy, secondary_auth, service_provider, stored::Stored},
    error::Error,
};
use app::services::types::Channel;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

/// An entry with what it rests on.
pub struct FullEntry {
    /// The entry.
    pub entry: enrollment::Model,
    /// The title of its secondary auth.
    pub title: String,
    /// The kind of its provider.
    pub kind: Channel,
    /// Whether its provider is active and its kind not forbidden.
    pub usable: bool,
}

#[derive(FromQueryResult)]
struct Joined {
    #[sea_orm(nested)]
    entry: enrollment::Model,
    title: String,
    kind: Stored<Channel>,
    active: bool,
    forbidden: Option<Stored<Vec<Channel>>>,
}

/// An entry whose provider is active.
#[derive(Clone)]
pub struct UsableEntry {
    /// The entry's id.
    pub id: Uuid,
    /// The kind of its provider.
    pub kind: Channel,
    /// The secondary auth's title.
    pub title: String,
    /// Whether sign-ins begin with it.
    pub preferred: bool,
    /// Which secondary auth carries the code.
    pub secondary_auth_id: Uuid,
    /// Where it goes.
    pub destination: Option<String>,
}

/// One entry of an account.
pub async fn by_id(db: &impl ConnectionTrait, account: Uuid, id: Uuid) -> Result<Option<enrollment::Model>, Error> {
    Ok(enrollment::Entity::find_by_id(id).filter(enrollment::Column::AccountId.eq(account)).one(db).await?)
}

/// Whether an account has an entry, which can be used or not.
pub async fn has_any(db: &impl ConnectionTrait, account: Uuid) -> Result<bool, Error> {
    let entry = enrollment::Entity::find().filter(enrollment::Column::AccountId.eq(account)).one(db).await?;
    Ok(entry.is_some())
}

/// The same of the account that a column names, as a column beside what else a statement reads.
pub fn has_entry(account: impl ColumnTrait) -> SimpleExpr {
    let entry = enrollment::Entity::find()
        .select_only()
        .column(enrollment::Column::Id)
        .filter(Expr::col(enrollment::Column::AccountId.as_column_ref()).equals(account.as_column_ref()))
        .into_query();
    Expr::exists(entry)
}

/// The entries of an account, newest first.
pub async fn of_account(db: &impl ConnectionTrait, account_id: Uuid) -> Result<Vec<FullEntry>, Error> {
    let auth = enrollment::Entity::belongs_to(secondary_auth::Entity)
        .from(enrollment::Column::SecondaryAuthId)
        .to(secondary_auth::Column::Id)
        .into();
    let provider = secondary_auth::Entity::belongs_to(service_provider::Entity)
        .from(secondary_auth::Column::ServiceId)
        .to(service_provider::Column::Id)
        .into();
    let owner = enrollment::Entity::belongs_to(account::Entity)
        .from(enrollment::Column::AccountId)
        .to(account::Column::Id)
        .into();
    let of_audience =
        account::Entity::belongs_to(policy::Entity).from(account::Column::Audience).to(policy::Column::Audience).into();
    let entries = enrollment::Entity::find()
        .column(secondary_auth::Column::Title)
        .column(service_provider::Column::Kind)
        .column(service_provider::Column::Active)
        .column(policy::Column::Forbidden)
        .join(JoinType::InnerJoin, auth)
        .join(JoinType::InnerJoin, provider)
        .join(JoinType::InnerJoin, owner)
        .join(JoinType::LeftJoin, of_audience)
        .filter(enrollment::Column::AccountId.eq(account_id))
        .order_by_desc(enrollment::Column::Id)
        .into_model::<Joined>()
        .all(db)
        .await?;
    let full = |Joined { entry, title, kind: Stored(kind), active, forbidden }| FullEntry {
        entry,
        title,
        kind,
        usable: active && forbidden.is_none_or(|forbidden| !forbidden.0.contains(&kind)),
    };
    Ok(entries.into_iter().map(full).collect())
}

/// The entries of an account whose providers are active, the preferred one first and then the last used one.
pub async fn usable(db: &impl ConnectionTrait, account: Uuid) -> Result<Vec<UsableEntry>, Error> {
    let mut entries: Vec<_> = of_account(db, account).await?.into_iter().filter(|full| full.usable).collect();
    entries.sort_by_key(|full| std::cmp::Reverse((full.entry.preferred, full.entry.last_used_at)));
    let usable = |full: FullEntry| UsableEntry {
        id: full.entry.id,
        kind: full.kind,
        title: full.title,
        preferred: full.entry.preferred,
        secondary_auth_id: full.entry.secondary_auth_id,
        destination: full.entry.destination,
    };
    Ok(entries.into_iter().map(usable).collect())
}

/// The entry of an account for a secondary auth.
pub async fn by_auth(db: &impl ConnectionTrait, account: Uuid, auth: Uuid) -> Result<Option<enrollment::Model>, Error> {
    Ok(enrollment::Entity::find()
        .filter(enrollment::Column::AccountId.eq(account))
        .filter(enrollment::Column::SecondaryAuthId.eq(auth))
        .one(db)
        .await?)
}

/// Accepts a time step of an authenticator app, unless it or a later one was accepted before. Of many at the same time
/// exactly one sees `true`.
pub async fn take_step(db: &impl ConnectionTrait, account: Uuid, auth: Uuid, step: i64) -> Result<bool, Error> {
    let done = enrollment::Entity::update_many()
        .col_expr(enrollment::Column::LastStep, Expr::value(step))
        .filter(enrollment::Column::AccountId.eq(account))
        .filter(enrollment::Column::SecondaryAuthId.eq(auth))
        .filter(enrollment::Column::LastStep.is_null().or(enrollment::Column::LastStep.lt(step)))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Stores a proved entry in place of an older one for the same secondary auth.
pub async fn put(db: &impl ConnectionTrait, model: enrollment::Model) -> Result<(), Error> {
    remove_for(db, model.account_id, model.secondary_auth_id).await?;
    insert(db, model).await
}

/// Removes the entries of an account for a secondary auth.
pub async fn remove_for(db: &impl ConnectionTrait, account: Uuid, auth: Uuid) -> Result<(), Error> {
    enrollment::Entity::delete_many()
        .filter(enrollment::Column::AccountId.eq(account))
        .filter(enrollment::Column::SecondaryAuthId.eq(auth))
        .exec(db)
        .await?;
    Ok(())
}

/// Stores a proved entry beside those that are there.
pub async fn insert(db: &impl ConnectionTrait, model: enrollment::Model) -> Result<(), Error> {
    enrollment::Entity::insert(enrollment::ActiveModel::from(model).reset_all()).exec_without_returning(db).await?;
    Ok(())
}

/// Replaces the secret of an entry.
pub async fn keep_secret(db: &impl ConnectionTrait, id: Uuid, secret: &str) -> Result<(), Error> {
    let change = enrollment::ActiveModel { secret: Set(Some(secret.to_owned())), ..Default::default() };
    enrollment::Entity::update_many().set(change).filter(enrollment::Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// Makes one entry of an account the preferred one. Tells whether the account has it.
pub async fn prefer(db: &impl ConnectionTrait, account: Uuid, id: Uuid) -> Result<bool, Error> {
    let owned = enrollment::Entity::find_by_id(id).filter(enrollment::Column::AccountId.eq(account)).one(db).await?;
    if owned.is_none() {
        return Ok(false);
    }
    enrollment::Entity::update_many()
        .col_expr(enrollment::Column::Preferred, Expr::col(enrollment::Column::Id).eq(id))
        .filter(enrollment::Column::AccountId.eq(account))
        .exec(db)
        .await?;
    Ok(true)
}

/// Prefers the last used of the remaining entries where none is preferred.
pub async fn prefer_some(db: &impl ConnectionTrait, account: Uuid) -> Result<(), Error> {
    let entries = enrollment::Entity::find()
        .filter(enrollment::Column::AccountId.eq(account))
        .order_by_desc(enrollment::Column::Id)
        .all(db)
        .await?;
    if entries.iter().any(|entry| entry.preferred) {
        return Ok(());
    }
    match entries.iter().max_by_key(|entry| entry.last_used_at) {
        Some(entry) => prefer(db, account, entry.id).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Notes that an account's entry for a secondary auth proved a sign-in; which one, where there may be several.
pub async fn note_use(
    db: &impl ConnectionTrait,
    account: Uuid,
    auth: Uuid,
    entry: Option<Uuid>,
    now: i64,
) -> Result<(), Error> {
    let mut change = enrollment::Entity::update_many()
        .col_expr(enrollment::Column::LastUsedAt, Expr::value(now))
        .filter(enrollment::Column::AccountId.eq(account))
        .filter(enrollment::Column::SecondaryAuthId.eq(auth));
    if let Some(entry) = entry {
        change = change.filter(enrollment::Column::Id.eq(entry));
    }
    change.exec(db).await?;
    Ok(())
}
