//! The rules of policies.

use crate::{
    audit::{Actor, Event},
    core::Core,
    entries::{self, requirement},
    offers,
    outbox::alert,
    platform::database,
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
        put_allowed(&transaction, &self.0, Actor::Session(admin), audience, allowed).await?;
        requirement::check_provable(&transaction).await?;
        if audience == Audience::Admin && allowed {
            requirement::check_way_in(&transaction).await?;
        }
        Ok(database::commit(transaction).await?)
    }

    async fn check_forbid(&self, audience: Audience, kind: Channel) -> Result<Concerned, AppError> {
        // Tried, and never committed.
        let transaction = self.with_forbidden(audience, kind, true).await?;
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
        let transaction = self.with_forbidden(audience, kind, forbidden).await?;
        let event = Event::new(Action::PolicyChanged, Actor::Session(admin)).to(audience.as_str());
        let details = format!("{} {}", kind.as_str(), if forbidden { "forbidden" } else { "permitted" });
        alert::record(&transaction, &self.0, event.with(details)).await?;
        Ok(database::commit(transaction).await?)
    }
}

impl Policies {
    /// A transaction in which a kind is forbidden or permitted and the requirement still holds.
    async fn with_forbidden(
        &self,
        audience: Audience,
        kind: Channel,
        forbidden: bool,
    ) -> Result<DatabaseTransaction, AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        let mut kinds = rules::policies::forbidden(&transaction, audience).await?;
        kinds.retain(|other| *other != kind);
        if forbidden {
            kinds.push(kind);
        }
        rules::policies::set_forbidden(&transaction, audience, &kinds).await?;
        requirement::check_provable(&transaction).await?;
        if audience == Audience::Admin && forbidden {
            requirement::check_way_in(&transaction).await?;
        }
        Ok(transaction)
    }
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
