//! How many accounts have an entry, and who has none.

use crate::{
    entity::{account, enrollment, secondary_auth, service_provider, stored::Stored},
    error::Error,
    rules::policies::forbidden,
};
use app::{login::types::Audience, services::types::Channel};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};

/// How many accounts of an audience have an entry.
pub async fn count_enrolled(db: &impl ConnectionTrait, audience: Audience) -> Result<u64, Error> {
    // The database keeps this column itself, for the lists of accounts; it stands in their indexes.
    Ok(account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(audience)))
        .filter(Expr::cust("enrolled = TRUE"))
        .count(db)
        .await?)
}

/// The ids of the accounts that have an entry of one of these kinds whose provider is active.
fn accounts_using(kinds: &[Channel]) -> SelectStatement {
    let services = service_provider::Entity::find()
        .select_only()
        .column(service_provider::Column::Id)
        .filter(service_provider::Column::Active.eq(true))
        .filter(service_provider::Column::Kind.is_in(kinds.iter().map(|kind| Stored(*kind))))
        .into_query();
    let auths = secondary_auth::Entity::find()
        .select_only()
        .column(secondary_auth::Column::Id)
        .filter(secondary_auth::Column::ServiceId.in_subquery(services))
        .into_query();
    enrollment::Entity::find()
        .select_only()
        .column(enrollment::Column::AccountId)
        .filter(enrollment::Column::SecondaryAuthId.in_subquery(auths))
        .into_query()
}

/// All kinds but these.
fn others(kinds: &[Channel]) -> Vec<Channel> {
    Channel::ALL.into_iter().filter(|kind| !kinds.contains(kind)).collect()
}

/// How many accounts of an audience use a kind, and how many of them have no other entry that works.
pub async fn count_using(db: &impl ConnectionTrait, audience: Audience, kind: Channel) -> Result<(u64, u64), Error> {
    let mut unusable = forbidden(db, audience).await?;
    unusable.push(kind);
    let using = account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(audience)))
        .filter(account::Column::Id.in_subquery(accounts_using(&[kind])));
    let all = using.clone().count(db).await?;
    let alone = using.filter(account::Column::Id.not_in_subquery(accounts_using(&others(&unusable)))).count(db).await?;
    Ok((all, alone))
}

/// How many active administrators have entries, none of which works.
pub async fn stranded_admins(db: &impl ConnectionTrait) -> Result<u64, Error> {
    let ready = accounts_using(&others(&forbidden(db, Audience::Admin).await?));
    Ok(account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(Audience::Admin)))
        .filter(account::Column::DisabledAt.is_null())
        .filter(Expr::cust("enrolled = TRUE"))
        .filter(account::Column::Id.not_in_subquery(ready))
        .count(db)
        .await?)
}

/// How many active administrators have no entry that works, and the first of them by name.
pub async fn unready_admins(db: &impl ConnectionTrait, first: u64) -> Result<(u64, Vec<account::Model>), Error> {
    let ready = accounts_using(&others(&forbidden(db, Audience::Admin).await?));
    let unready = account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(Audience::Admin)))
        .filter(account::Column::DisabledAt.is_null())
        .filter(account::Column::Id.not_in_subquery(ready));
    let count = unready.clone().count(db).await?;
    let by_name = unready.order_by_asc(account::Column::NameKey).order_by_asc(account::Column::Id);
    Ok((count, by_name.limit(first).all(db).await?))
}
