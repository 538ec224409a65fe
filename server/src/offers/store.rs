//! Queries about what is offered.

use crate::{
    entity::{fallback, secondary_auth, service_provider, stored::Stored},
    error::Error,
};
use app::services::types::Channel;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Expr, Func, SimpleExpr},
};
use std::collections::HashMap;
use uuid::Uuid;

/// A secondary auth with its provider.
pub struct Offered {
    /// The secondary auth.
    pub auth: secondary_auth::Model,
    /// Its provider.
    pub service: service_provider::Model,
}

/// All secondary auths with their providers, by title.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Offered>, Error> {
    let services = service_provider::Entity::find().all(db).await?;
    let services: HashMap<Uuid, _> = services.into_iter().map(|service| (service.id, service)).collect();
    let auths = secondary_auth::Entity::find().order_by_asc(secondary_auth::Column::Title).all(db).await?;
    let with_service =
        |auth: secondary_auth::Model| services.get(&auth.service_id).cloned().map(|service| Offered { auth, service });
    Ok(auths.into_iter().filter_map(with_service).collect())
}

/// One secondary auth.
pub async fn secondary_auth(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<secondary_auth::Model>, Error> {
    Ok(secondary_auth::Entity::find_by_id(id).one(db).await?)
}

/// One provider.
pub async fn provider(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<service_provider::Model>, Error> {
    Ok(service_provider::Entity::find_by_id(id).one(db).await?)
}

/// Stores another sealed secret of a provider, as long as the one of before is still there.
pub async fn replace_secret(db: &impl ConnectionTrait, id: Uuid, before: &str, sealed: String) -> Result<(), Error> {
    let change = service_provider::ActiveModel { secret: Set(Some(sealed)), ..Default::default() };
    service_provider::Entity::update_many()
        .set(change)
        .filter(service_provider::Column::Id.eq(id))
        .filter(service_provider::Column::Secret.eq(before))
        .exec(db)
        .await?;
    Ok(())
}

/// The oldest active provider that sends mail.
pub async fn first_mail_provider(db: &impl ConnectionTrait) -> Result<Option<service_provider::Model>, Error> {
    Ok(service_provider::Entity::find()
        .filter(service_provider::Column::Active.eq(true))
        .filter(service_provider::Column::Kind.eq(Stored(Channel::Smtp)))
        .order_by_asc(service_provider::Column::Id)
        .one(db)
        .await?)
}

/// The active providers that send mail, oldest first.
pub async fn active_mail_providers(db: &impl ConnectionTrait) -> Result<Vec<service_provider::Model>, Error> {
    active_providers(db, Channel::Smtp).await
}

/// The active providers of a kind, oldest first.
pub async fn active_providers(db: &impl ConnectionTrait, kind: Channel) -> Result<Vec<service_provider::Model>, Error> {
    Ok(service_provider::Entity::find()
        .filter(service_provider::Column::Active.eq(true))
        .filter(service_provider::Column::Kind.eq(Stored(kind)))
        .order_by_asc(service_provider::Column::Id)
        .all(db)
        .await?)
}

/// The providers that stand in for the one of a secondary auth, in their order.
pub async fn fallbacks(db: &impl ConnectionTrait, secondary_auth: Uuid) -> Result<Vec<service_provider::Model>, Error> {
    let provider = fallback::Entity::belongs_to(service_provider::Entity)
        .from(fallback::Column::ServiceId)
        .to(service_provider::Column::Id)
        .into();
    let found = fallback::Entity::find()
        .filter(fallback::Column::SecondaryAuthId.eq(secondary_auth))
        .join(JoinType::InnerJoin, provider)
        .select_also(service_provider::Entity)
        .order_by_asc(fallback::Column::Position)
        .all(db)
        .await?;
    Ok(found.into_iter().filter_map(|(_, provider)| provider).collect())
}

/// The active provider that sends mail and has gone the same way for longest: what somebody has just pointed elsewhere
/// does not carry the news of that, as long as there is another one.
pub async fn steadiest_mail_provider(db: &impl ConnectionTrait) -> Result<Option<service_provider::Model>, Error> {
    let since = Func::coalesce([
        Expr::col(service_provider::Column::RedirectedAt),
        Expr::col(service_provider::Column::CreatedAt),
    ]);
    Ok(service_provider::Entity::find()
        .filter(service_provider::Column::Active.eq(true))
        .filter(service_provider::Column::Kind.eq(Stored(Channel::Smtp)))
        .order_by_asc(SimpleExpr::from(since))
        .order_by_asc(service_provider::Column::Id)
        .one(db)
        .await?)
}

/// One secondary auth with its provider.
pub async fn offer(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Offered>, Error> {
    let provider = secondary_auth::Entity::belongs_to(service_provider::Entity)
        .from(secondary_auth::Column::ServiceId)
        .to(service_provider::Column::Id)
        .into();
    let found = secondary_auth::Entity::find_by_id(id)
        .join(JoinType::InnerJoin, provider)
        .select_also(service_provider::Entity)
        .one(db)
        .await?;
    Ok(found.and_then(|(auth, service)| Some(Offered { auth, service: service? })))
}
