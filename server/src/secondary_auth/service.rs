//! The rules of secondary auths.

use super::store;
use crate::{
    audit::{Actor, Event},
    begun, channel,
    core::Core,
    devices,
    entity::{secondary_auth, service_provider},
    entries::{self, requirement, whose::Whose},
    offers,
    outbox::alert,
    platform::{clock::minute_text, database},
    requests::{self, change::Change},
    services, sessions,
};
use app::{
    audit::types::Action,
    caller::Session,
    error::{AppError, Problem},
    ports::Deleted,
    secondary_auth::{
        port::SecondaryAuthPort,
        types::{DeletedSecondaryAuth, SecondaryAuth, SecondaryAuthForm, ServiceChoice},
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
        // A new one carries nobody's codes yet.
        let actor = requests::service::actor(admin, id.is_some());
        change(&transaction, &self.0, actor, id, service, title, fallbacks).await?;
        let fallbacks = fallbacks.iter().map(|id| (*id).to_owned()).collect();
        let (service, title) = (service.to_owned(), title.to_owned());
        let asked = Change::SecondaryAuth { id: id.unwrap_or_default(), service, title, fallbacks };
        requests::service::settle(&self.0, transaction, actor, asked).await
    }

    async fn delete(&self, admin: &Session, id: Uuid, confirmed: bool) -> Result<Deleted, AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        if !confirmed {
            // Tried, and never committed.
            take(&transaction, &self.0, id, &admin.email).await?;
            return Ok(Deleted::NeedsConfirmation);
        }
        let actor = requests::service::actor(admin, true);
        remove(&transaction, &self.0, actor, id).await?;
        requests::service::settle(&self.0, transaction, actor, Change::DeleteSecondaryAuth(id)).await?;
        Ok(Deleted::Done)
    }

    async fn deleted(&self) -> Result<Vec<DeletedSecondaryAuth>, AppError> {
        let db = &self.0.db;
        let mut list = Vec::new();
        for auth in offers::deleted::all(db, self.0.clock.now()).await? {
            let Some(service) = offers::store::provider(db, auth.service_id).await? else { continue };
            list.push(DeletedSecondaryAuth {
                enrolled: entries::deleted::count_with(db, auth.id).await?,
                id: auth.id,
                title: auth.title,
                service: service.title,
                at: minute_text(auth.deleted_at),
                by: auth.deleted_by,
            });
        }
        Ok(list)
    }

    async fn restore(&self, admin: &Session, id: Uuid) -> Result<(), AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        put_back(&transaction, &self.0, admin, id).await?;
        // An entry that cannot be used counts all the same.
        requirement::check_way_in(&transaction).await?;
        Ok(database::commit(transaction).await?)
    }
}

/// Stores a new one or changes one, within a transaction that is alone.
///
/// # Errors
/// `Invalid` with the fields of the form; where that would lock administrators out.
pub async fn change(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Option<Uuid>,
    service: &str,
    title: &str,
    fallbacks: &[&str],
) -> Result<(), AppError> {
    put(db, core, actor, id, service, title, Some(fallbacks)).await?;
    requirement::check_provable(db).await
}

/// Deletes one with its entries, in the same way. All of it can be brought back for a day.
///
/// # Errors
/// `NotFound`; where that would lock administrators out.
pub async fn remove(db: &DatabaseTransaction, core: &Core, actor: Actor<'_>, id: Uuid) -> Result<(), AppError> {
    let (title, entries) = take(db, core, id, actor.name().unwrap_or_default()).await?;
    let event = Event::new(Action::SecondaryAuthDeleted, actor).to(&title);
    alert::record(db, core, event.with(format!("entries removed: {entries}"))).await
}

/// Takes one out with its entries, and keeps both for a day. Tells its title, and how many entries it had.
async fn take(db: &DatabaseTransaction, core: &Core, id: Uuid, by: &str) -> Result<(String, u64), AppError> {
    let stored = store::lock(db, id).await?.ok_or(AppError::NotFound)?;
    let (title, now) = (stored.title.clone(), core.clock.now());
    let fallbacks = offers::store::fallbacks(db, id).await?.into_iter().map(|row| row.id).collect();
    let entries = entries::deleted::delete_with(db, id, now).await?;
    offers::deleted::keep(db, stored, fallbacks, by, now).await?;
    store::delete(db, id).await?;
    entries::recovery_codes::remove_orphans(db, None).await?;
    requirement::check_provable(db).await?;
    Ok((title, entries))
}

/// Brings one back with its entries, under its own title unless another one has that now. Whoever has a factor again
/// signs in with it: what was opened without it ends.
async fn put_back(db: &DatabaseTransaction, core: &Core, admin: &Session, id: Uuid) -> Result<(), AppError> {
    let now = core.clock.now();
    let deleted = offers::deleted::by_id(db, id, now).await?.ok_or(AppError::NotFound)?;
    let service = offers::store::provider(db, deleted.service_id).await?.ok_or(AppError::NotFound)?;
    offers::deleted::forget(db, id).await?;
    let title = free_title(db, &deleted.title).await?;
    let auth =
        secondary_auth::Model { id, service_id: service.id, title: title.clone(), created_at: deleted.created_at };
    store::insert(db, auth).await?;
    let mut chain = Vec::new();
    for fallback in deleted.fallbacks.0 {
        chain.extend(offers::store::provider(db, fallback).await?);
    }
    store::set_fallbacks(db, id, &chain).await?;
    let several = channel::of(service.kind.0).asks_keys();
    let restored = entries::deleted::restore_with(db, id, service.kind.0, several, now).await?;
    let whose = Whose::EnrolledIn(id);
    devices::store::end_all(db, whose).await?;
    sessions::store::end_unproved_of(db, whose, Some(admin.id)).await?;
    begun::end(db, whose, now).await?;
    let event = Event::new(Action::SecondaryAuthRestored, Actor::Session(admin)).to(&title);
    alert::record(db, core, event.with(format!("entries restored: {restored}"))).await
}

/// The title, or "Email 2" and so on where another one has it.
async fn free_title(db: &DatabaseTransaction, title: &str) -> Result<String, AppError> {
    let mut free = title.to_owned();
    for number in 2.. {
        if store::by_title(db, &free).await?.is_none() {
            break;
        }
        free = format!("{title} {number}");
    }
    Ok(free)
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
