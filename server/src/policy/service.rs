//! The rules of policies.

use super::{requirement, store};
use crate::{
    audit::{self, Actor, Event},
    core::{Core, failed},
    database, secondary_auth, services,
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
        let services = services::store::all(db).await.map_err(failed)?;
        let offered = secondary_auth::store::all(db).await.map_err(failed)?;
        let mut policies = Vec::new();
        for audience in Audience::ALL {
            policies.push(Policy {
                audience,
                allowed: store::is_allowed(db, audience).await.map_err(failed)?,
                enrolled: count(store::count_enrolled(db, audience).await.map_err(failed)?),
                forbidden: store::forbidden(db, audience).await.map_err(failed)?,
            });
        }
        Ok(ServicesManager {
            active_services: count(services.iter().filter(|service| service.active).count() as u64),
            usable_secondary_auths: count(offered.iter().filter(|offered| offered.service.active).count() as u64),
            policies,
        })
    }

    async fn set_allowed(&self, admin: &Session, audience: Audience, allowed: bool) -> Result<(), AppError> {
        let transaction = database::begin_alone(&self.0.db).await.map_err(failed)?;
        put_allowed(&transaction, &self.0, Actor::Session(admin), audience, allowed).await?;
        requirement::check_provable(&transaction).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn check_forbid(&self, audience: Audience, kind: Channel) -> Result<Concerned, AppError> {
        // Tried, and never committed.
        let transaction = self.with_forbidden(audience, kind, true).await?;
        let (accounts, alone) = store::count_using(&transaction, audience, kind).await.map_err(failed)?;
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
        audit::record(&transaction, &self.0, event.with(details)).await?;
        transaction.commit().await.map_err(failed)
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
        let transaction = database::begin_alone(&self.0.db).await.map_err(failed)?;
        let mut kinds = store::forbidden(&transaction, audience).await.map_err(failed)?;
        kinds.retain(|other| *other != kind);
        if forbidden {
            kinds.push(kind);
        }
        store::set_forbidden(&transaction, audience, &kinds).await.map_err(failed)?;
        requirement::check_provable(&transaction).await?;
        Ok(transaction)
    }
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Allows two-factor authentication for an audience, or stops it, within a transaction. Whether that locks anybody out,
/// the caller asks afterwards.
///
/// # Errors
/// When the database fails.
pub async fn put_allowed(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    allowed: bool,
) -> Result<(), AppError> {
    store::set_allowed(db, audience, allowed).await.map_err(failed)?;
    let event = Event::new(Action::PolicyChanged, actor).to(audience.as_str());
    audit::record(db, core, event.with(if allowed { "allowed" } else { "not allowed" })).await
}

/// Stores all kinds that an audience may not use, in the same way.
///
/// # Errors
/// When the database fails.
pub async fn put_forbidden(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    kinds: &[Channel],
) -> Result<(), AppError> {
    store::set_forbidden(db, audience, kinds).await.map_err(failed)?;
    let names: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    let event = Event::new(Action::PolicyChanged, actor).to(audience.as_str());
    audit::record(db, core, event.with(format!("forbidden: {}", names.join(", ")))).await
}
