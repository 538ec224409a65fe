//! The rules of policies.

use crate::{
    audit::{Actor, Event},
    core::Core,
    entries::{self, requirement},
    offers,
    outbox::alert,
    platform::database,
    requests::{self, change::Change},
    rules, services, sessions,
};
use app::{
    audit::types::Action,
    caller::Session,
    error::AppError,
    login::types::Audience,
    policy::{
        port::PolicyPort,
        types::{Concerned, Policy, ServicesManager},
    },
    services::types::Channel,
};
use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
use std::sync::Arc;

/// Policies.
pub struct Policies(pub Arc<Core>);

#[async_trait]
impl PolicyPort for Policies {
    async fn overview(&self) -> Result<ServicesManager, AppError> {
        let db = &self.0.db;
        let services = services::store::all(db).await?;
        let offered = offers::store::all(db).await?;
        let mut policies = Vec::new();
        for audience in Audience::ALL {
            policies.push(Policy {
                audience,
                allowed: rules::policies::is_allowed(db, audience).await?,
                enrolled: count(entries::counts::count_enrolled(db, audience).await?),
                forbidden: rules::policies::forbidden(db, audience).await?,
            });
        }
        Ok(ServicesManager {
            active_services: count(services.iter().filter(|service| service.active).count() as u64),
            usable_secondary_auths: count(offered.iter().filter(|offered| offered.service.active).count() as u64),
            policies,
        })
    }

    async fn check_disallow(&self, audience: Audience) -> Result<u32, AppError> {
        // Tried, and never committed.
        let transaction = database::begin_alone(&self.0.db).await?;
        rules::policies::set_allowed(&transaction, audience, false).await?;
        requirement::check_provable(&transaction).await?;
        Ok(count(entries::counts::count_enrolled(&transaction, audience).await?))
    }

    async fn set_allowed(&self, admin: &Session, audience: Audience, allowed: bool) -> Result<(), AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        let actor = requests::service::actor(admin, !allowed);
        switch(&transaction, &self.0, actor, audience, allowed).await?;
        requests::service::settle(&self.0, transaction, actor, Change::Disallow(audience)).await
    }

    async fn check_forbid(&self, audience: Audience, kind: Channel) -> Result<Concerned, AppError> {
        // Tried, and never committed.
        let transaction = database::begin_alone(&self.0.db).await?;
        with_forbidden(&transaction, audience, kind, true).await?;
        let (accounts, alone) = entries::counts::count_using(&transaction, audience, kind).await?;
        Ok(Concerned { accounts: count(accounts), alone: count(alone) })
    }

    async fn set_forbidden(
        &self,
        admin: &Session,
        audience: Audience,
        kind: Channel,
        forbidden: bool,
    ) -> Result<(), AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        // A channel that is forbidden leaves people without a factor, and one that is permitted may be a weaker one.
        let actor = requests::service::actor(admin, true);
        forbid(&transaction, &self.0, actor, audience, kind, forbidden).await?;
        requests::service::settle(&self.0, transaction, actor, Change::Channel { audience, kind, forbidden }).await
    }
}

/// Allows two-factor authentication for an audience, or stops it, within a transaction that is alone.
///
/// # Errors
/// Where that would lock administrators out.
pub async fn switch(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    allowed: bool,
) -> Result<(), AppError> {
    put_allowed(db, core, actor, audience, allowed).await?;
    requirement::check_provable(db).await?;
    if audience == Audience::Admin && allowed {
        requirement::check_way_in(db).await?;
    }
    Ok(())
}

/// Forbids a channel to an audience, or permits it again, in the same way.
///
/// # Errors
/// Where that would lock administrators out.
pub async fn forbid(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    kind: Channel,
    forbidden: bool,
) -> Result<(), AppError> {
    with_forbidden(db, audience, kind, forbidden).await?;
    let event = Event::new(Action::PolicyChanged, actor).to(audience.as_str());
    let details = format!("{} {}", kind.as_str(), if forbidden { "forbidden" } else { "permitted" });
    alert::record(db, core, event.with(details)).await
}

/// Stores whether a kind is forbidden, where the requirement still holds then.
async fn with_forbidden(
    db: &DatabaseTransaction,
    audience: Audience,
    kind: Channel,
    forbidden: bool,
) -> Result<(), AppError> {
    let mut kinds = rules::policies::forbidden(db, audience).await?;
    kinds.retain(|other| *other != kind);
    if forbidden {
        kinds.push(kind);
    }
    rules::policies::set_forbidden(db, audience, &kinds).await?;
    requirement::check_provable(db).await?;
    if audience == Audience::Admin && forbidden {
        requirement::check_way_in(db).await?;
    }
    Ok(())
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Allows two-factor authentication for an audience, or stops it, within a transaction. Whether that locks anybody out,
/// the caller asks afterwards.
pub async fn put_allowed(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    allowed: bool,
) -> Result<(), AppError> {
    let before = rules::policies::is_allowed(db, audience).await?;
    rules::policies::set_allowed(db, audience, allowed).await?;
    if allowed && !before {
        // Nobody asked them for the code that is asked for from now on.
        sessions::store::end_unproved(db, audience, actor.session_id()).await?;
    }
    let event = Event::new(Action::PolicyChanged, actor).to(audience.as_str());
    alert::record(db, core, event.with(if allowed { "allowed" } else { "not allowed" })).await
}

/// Stores all kinds that an audience may not use, in the same way.
pub async fn put_forbidden(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    kinds: &[Channel],
) -> Result<(), AppError> {
    rules::policies::set_forbidden(db, audience, kinds).await?;
    let names: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    let event = Event::new(Action::PolicyChanged, actor).to(audience.as_str());
    alert::record(db, core, event.with(format!("forbidden: {}", names.join(", ")))).await
}
