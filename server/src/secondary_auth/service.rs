//! The rules of secondary auths.

use super::store;
use crate::{
    audit::{Actor, Event},
    core::Core,
    entity::{secondary_auth, service_provider},
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
                fallbacks: titles(offers::store::fallbacks(&self.0.db, offered.auth.id).await?),
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
        let choice = |service: service_provider::Model| ServiceChoice { id: service.id, title: service.title };
        let fallbacks = all
            .iter()
            .filter(|service| service.kind.0.sends() && kind.as_ref().is_none_or(|kind| *kind == service.kind))
            .cloned()
            .map(choice)
            .collect();
        let fallback_ids = match id {
            Some(id) => offers::store::fallbacks(&self.0.db, id).await?.into_iter().map(|row| row.id).collect(),
            None => Vec::new(),
        };
        let services = all
            .into_iter()
            .filter(|service| service.active || stored.as_ref().is_some_and(|auth| auth.service_id == service.id))
            .filter(|service| kind.as_ref().is_none_or(|kind| *kind == service.kind))
            .map(choice)
            .collect();
        Ok(SecondaryAuthForm {
            service_id: stored.as_ref().map(|auth| auth.service_id),
            title: stored.map(|auth| auth.title).unwrap_or_default(),
            services,
            fallback_ids,
            fallbacks,
            enrolled,
        })
    }

    async fn save(
        &self,
        admin: &Session,
        id: Option<Uuid>,
        service: &str,
        title: &str,
        fallbacks: &[&str],
    ) -> Result<(), AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        put(&transaction, &self.0, Actor::Session(admin), id, service, title, Some(fallbacks)).await?;
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
/// Without `fallbacks`, those stay that it has.
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
    fallbacks: Option<&[&str]>,
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
    let mut details = format!("{}, {}", if stored.is_some() { "changed" } else { "added" }, service.title);
    let chain = match fallbacks {
        Some(typed) => Some(chain(db, &service, typed).await?),
        None => None,
    };
    let id = match stored {
        Some(auth) => {
            let id = auth.id;
            store::update(db, secondary_auth::Model { service_id, title: title.clone(), ..auth }).await?;
            id
        }
        None => {
            let (id, created_at) = (Uuid::now_v7(), core.clock.now());
            store::insert(db, secondary_auth::Model { id, service_id, title: title.clone(), created_at }).await?;
            id
        }
    };
    if let Some(chain) = chain {
        store::set_fallbacks(db, id, &chain).await?;
        for title in titles(chain) {
            details.push_str(", then ");
            details.push_str(&title);
        }
    }
    let event = Event::new(Action::SecondaryAuthSaved, actor).to(&title).with(details);
    alert::record(db, core, event).await
}

/// The providers that stand in for one, as they were typed: what is empty, named twice or the provider itself is left
/// out.
async fn chain(
    db: &DatabaseTransaction,
    service: &service_provider::Model,
    typed: &[&str],
) -> Result<Vec<service_provider::Model>, AppError> {
    let mut chain: Vec<service_provider::Model> = Vec::new();
    for (place, typed) in typed.iter().enumerate().filter(|(_, typed)| !typed.is_empty()) {
        let wrong = |problem| AppError::field(&format!("fallback_{}", place + 1), problem);
        let id = typed.parse().map_err(|_| wrong(Problem::NotAChoice))?;
        let other = offers::store::provider(db, id).await?.ok_or_else(|| wrong(Problem::NotAChoice))?;
        if other.kind != service.kind || !other.kind.0.sends() {
            return Err(wrong(Problem::OtherKind));
        }
        if other.id != service.id && chain.iter().all(|earlier| earlier.id != other.id) {
            chain.push(other);
        }
    }
    Ok(chain)
}

fn titles(providers: Vec<service_provider::Model>) -> Vec<String> {
    providers.into_iter().map(|provider| provider.title).collect()
}
