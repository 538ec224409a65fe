//! The rules of policies.

use super::store;
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
        types::{Policy, ServicesManager},
    },
};
use async_trait::async_trait;
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
            });
        }
        Ok(ServicesManager {
            active_services: count(services.iter().filter(|service| service.active).count() as u64),
            usable_secondary_auths: count(offered.iter().filter(|offered| offered.service.active).count() as u64),
            policies,
        })
    }

    async fn set_allowed(&self, admin: &Session, audience: Audience, allowed: bool) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await.map_err(failed)?;
        store::set_allowed(&transaction, audience, allowed).await.map_err(failed)?;
        let event = Event::new(Action::PolicyChanged, Actor::Session(admin)).to(audience.as_str());
        audit::record(&transaction, &self.0, event.with(if allowed { "allowed" } else { "not allowed" })).await?;
        transaction.commit().await.map_err(failed)
    }
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
