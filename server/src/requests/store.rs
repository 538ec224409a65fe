//! Queries about approval requests.

use crate::{
    entity::{account, approval_request, stored::Stored},
    entries::whose::Whose,
    error::Error,
    platform::clock::SKEW,
};
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

pub use approval_request::Model;

/// Those that can still be decided: their time is not over, and who asks is still an active administrator.
fn open(now: i64) -> Condition {
    let active = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Audience.eq(Stored(Audience::Admin)))
        .filter(account::Column::DisabledAt.is_null())
        .into_query();
    Condition::all()
        .add(approval_request::Column::ExpiresAt.gt(now))
        .add(approval_request::Column::AskedAt.lte(now + SKEW))
        .add(approval_request::Column::AccountId.in_subquery(active))
}

/// Stores a new one.
pub async fn insert(db: &impl ConnectionTrait, model: Model) -> Result<(), Error> {
    let row = approval_request::ActiveModel::from(model).reset_all();
    approval_request::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Those that wait, the newest first.
pub async fn waiting(db: &impl ConnectionTrait, now: i64) -> Result<Vec<Model>, Error> {
    Ok(approval_request::Entity::find().filter(open(now)).order_by_desc(approval_request::Column::Id).all(db).await?)
}

/// How many of them one administrator may decide.
pub async fn count_for(db: &impl ConnectionTrait, admin: Uuid, now: i64) -> Result<u64, Error> {
    let others = approval_request::Column::AccountId.ne(admin);
    Ok(approval_request::Entity::find().filter(open(now)).filter(others).count(db).await?)
}

/// One that waits.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<Option<Model>, Error> {
    Ok(approval_request::Entity::find_by_id(id).filter(open(now)).one(db).await?)
}

/// Ends one that waits. Of many at the same time exactly one sees `true`.
pub async fn take(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<bool, Error> {
    let this = approval_request::Column::Id.eq(id);
    let done = approval_request::Entity::delete_many().filter(this).filter(open(now)).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Ends what an administrator asked for.
pub async fn remove_of(db: &impl ConnectionTrait, whose: Whose) -> Result<(), Error> {
    let asked = whose.holds(approval_request::Column::AccountId);
    approval_request::Entity::delete_many().filter(asked).exec(db).await?;
    Ok(())
}

/// Removes those whose time is over.
pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Result<(), Error> {
    approval_request::Entity::delete_many().filter(approval_request::Column::ExpiresAt.lte(now)).exec(db).await?;
    Ok(())
}
