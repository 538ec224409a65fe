//! The rules of secondary auths.

use super::store;
use crate::{
    audit::{Actor, Event},
    core::Core,
    entity::secondary_auth,
    entries::{self, requirement},
    offers,
    outbox::alert,
    platform::database,
    services,
};
use app::{
    audit::types::Action,
    caller::Session,
    error::{AppError, Problem},
    ports::Deleted,
    secondary_auth::{
        port::SecondaryAuthPort,
        types::{SecondaryAuth, SecondaryAuthForm, ServiceChoice},
    },
    validate::{self, Check, TITLE_MAX},
};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;
use uuid::Uuid;

/// Secondary auths.
pub struct SecondaryAuths(pub Arc<Core>);

#[async_trait]
impl SecondaryAuthPort for SecondaryAuths {
    async fn list(&self) -> Result<Vec<SecondaryAuth>, AppError> {
        let mut list = Vec::new();
        for offered in offers::store::all(&self.0.db).await? {
            list.push(SecondaryAuth {
                enrolled: store::count_enrolled(&self.0.db, offered.auth.id).await?,
                id: offered.auth.id,
                kind: offered.service.kind.0,
                title: offered.auth.title,
                service: offered.service.title,
                service_active: offered.service.active,
            });
        }
        Ok(list)
    }

    async fn form(&self, id: Option<Uuid>) -> Result<SecondaryAuthForm, AppError> {
        let stored = self.stored(id).await?;
        let all = services::store::all(&self.0.db).await?;
        let enrolled = match id {
            Some(id) => store::count_enrolled(&self.0.db, id).await?,
            None => 0,
        };
        let kind = stored.as_ref().and_then(|auth| all.iter().find(|service| service.id == auth.service_id));
        let kind = kind.map(|service| service.kind);
        let services = all
            .into_iter()
            .filter(|service| service.active || stored.as_ref().is_some_and(|auth| auth.service_id == service.id))
            .filter(|service| kind.as_ref().is_none_or(|kind| *kind == service.kind))
            .map(|service| ServiceChoice { id: service.id, title: service.title })
            .collect();
        Ok(SecondaryAuthForm {
            service_id: stored.as_ref().map(|auth| auth.service_id),
            title: stored.map(|auth| auth.title).unwrap_or_default(),
            services,
            enrolled,
        })
    }

    async fn save(&self, admin: &Session, id: Option<Uuid>, service: &str, title: &str) -> Result<(), AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        put(&transaction, &self.0, Actor::Session(admin), id, service, title).await?;
        requirement::check_provable(&transaction).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn delete(&self, admin: &Session, id: Uuid, confirmed: bool) -> Result<Deleted, AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        let enrolled = store::count_enrolled(&transaction, id).await?;
        let stored = offers::store::secondary_auth(&transaction, id).await?.ok_or(AppError::NotFound)?;
        if !store::delete(&transaction, id).await? {
            return Err(AppError::NotFound);
        }
        entries::recovery_codes::remove_orphans(&transaction, None).await?;
        requirement::check_provable(&transaction).await?;
        if !confirmed {
            return Ok(Deleted::NeedsConfirmation);
        }
        let event = Event::new(Action::SecondaryAuthDeleted, Actor::Session(admin)).to(&stored.title);
        alert::record(&transaction, &self.0, event.with(format!("entries removed: {enrolled}"))).await?;
        database::commit(transaction).await?;
        Ok(Deleted::Done)
    }
}

impl SecondaryAuths {
    async fn stored(&self, id: Option<Uuid>) -> Result<Option<secondary_auth::Model>, AppError> {
        stored(&self.0.db, id).await
    }
}

async fn stored(db: &impl ConnectionTrait, id: Option<Uuid>) -> Result<Option<secondary_auth::Model>, AppError> {
    match id {
        Some(id) => offers::store::secondary_auth(db, id).await?.ok_or(AppError::NotFound).map(Some),
        None => Ok(None),
    }
}

/// Stores a new one or changes one, within a transaction. Whether that locks anybody out, the caller asks afterwards.
///
/// # Errors
/// `Invalid` with the fields of the form.
pub async fn put(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Option<Uuid>,
    service: &str,
    title: &str,
) -> Result<(), AppError> {
    let stored = stored(db, id).await?;
    let mut check = Check::default();
    let title = check.take("title", validate::line(title, TITLE_MAX));
    let service_id: Uuid = check.take("service", service.parse().map_err(|_| Problem::NotAChoice));
    check.done()?;
    let service = offers::store::provider(db, service_id).await?;
    let service = service.ok_or_else(|| AppError::field("service", Problem::NotAChoice))?;
    if let Some(auth) = &stored {
        // Whoever is enrolled proved what they are asked for.
        let before = offers::store::provider(db, auth.service_id).await?;
        if before.is_some_and(|before| before.kind != service.kind) {
            return Err(AppError::field("service", Problem::OtherKind));
        }
    }
    let same_title = store::by_title(db, &title).await?;
    if same_title.is_some_and(|other| Some(other.id) != id) {
        return Err(AppError::field("title", Problem::Taken));
    }
    let details = format!("{}, {}", if stored.is_some() { "changed" } else { "added" }, service.title);
    match stored {
        Some(auth) => store::update(db, secondary_auth::Model { service_id, title: title.clone(), ..auth }).await,
        None => {
            let created_at = core.clock.now();
            let id = Uuid::now_v7();
            store::insert(db, secondary_auth::Model { id, service_id, title: title.clone(), created_at }).await
        }
    }?;
    let event = Event::new(Action::SecondaryAuthSaved, actor).to(&title).with(details);
    alert::record(db, core, event).await
}
