//! Queries about signing in.

use crate::{
    entity::{account, policy},
    entries::store::has_entry,
    error::Error,
    rules::{Rules, rules_of, store::all_as_text},
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QuerySelect};
use uuid::Uuid;

/// What decides what a right password leads to.
pub struct Ground {
    /// The settings of now.
    pub rules: Rules,
    /// Whether the account has an entry, which can be used or not.
    pub has_entry: bool,
    /// Whether its audience may use two-factor authentication.
    pub allowed: bool,
}

#[derive(FromQueryResult)]
struct Row {
    settings: Option<String>,
    has_entry: bool,
    allowed: Option<bool>,
}

/// What decides what a right password of an account leads to, in one statement.
pub async fn ground(db: &impl ConnectionTrait, account: Uuid) -> Result<Option<Ground>, Error> {
    let of_audience =
        account::Entity::belongs_to(policy::Entity).from(account::Column::Audience).to(policy::Column::Audience).into();
    let row = account::Entity::find_by_id(account)
        .select_only()
        .column_as(all_as_text(), "settings")
        .column_as(has_entry(account::Column::Id), "has_entry")
        .column(policy::Column::Allowed)
        .join(JoinType::LeftJoin, of_audience)
        .into_model::<Row>()
        .one(db)
        .await?;
    Ok(row.map(|Row { settings, has_entry, allowed }| Ground {
        rules: rules_of(&settings.unwrap_or_default()),
        has_entry,
        allowed: allowed.unwrap_or(false),
    }))
}
