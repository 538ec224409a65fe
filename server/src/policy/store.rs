//! Queries about policies.

use crate::entity::{account, enrollment, policy};
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::OnConflict,
};

/// Whether an audience may use two-factor authentication; not before an administrator says so.
pub async fn is_allowed(db: &impl ConnectionTrait, audience: Audience) -> Result<bool, DbErr> {
    Ok(policy::Entity::find_by_id(audience.as_str()).one(db).await?.is_some_and(|policy| policy.allowed))
}

/// Stores the policy of an audience.
pub async fn set_allowed(db: &impl ConnectionTrait, audience: Audience, allowed: bool) -> Result<(), DbErr> {
    let model = policy::Model { audience: audience.as_str().to_owned(), allowed };
    policy::Entity::insert(policy::ActiveModel::from(model).reset_all())
        .on_conflict(OnConflict::column(policy::Column::Audience).update_column(policy::Column::Allowed).to_owned())
        .exec_without_returning(db)
        .await
        .map(|_| ())
}

/// How many accounts of an audience have an entry.
pub async fn count_enrolled(db: &impl ConnectionTrait, audience: Audience) -> Result<u64, DbErr> {
    let enrolled = enrollment::Entity::find().select_only().column(enrollment::Column::AccountId).into_query();
    account::Entity::find()
        .filter(account::Column::Audience.eq(audience.as_str()))
        .filter(account::Column::Id.in_subquery(enrolled))
        .count(db)
        .await
}
