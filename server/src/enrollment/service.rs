//! The rules of enrollment: an entry exists only once a code proved it.

use crate::{
    accounts,
    audit::{self, Actor, Event},
    begun,
    challenge::{
        accept::{By, NewEntry},
        ask::{guard, send_in},
        keys,
        screen::{pending, screen},
        secret_of,
        send::Target,
        state::current,
        store as challenges, trail,
        verify::verify,
    },
    channel::{self, Asker, mask, relying_party},
    core::Core,
    devices,
    entity::{account as account_row, email_key::EmailKey, enrollment},
    entries::{self, deleted, requirement, store},
    error::Error,
    offers, outbox,
    platform::{clock::minute_text, database, phone},
    providers::authenticator,
    rules, sessions,
};
use app::{
    audit::types::Action,
    caller::{Session, Stage},
    challenge::{port::Answer, types::Purpose},
    configuration::types::Setting,
    delivery::notice::Notice,
    enrollment::{
        label::app_label,
        port::EnrollmentPort,
        types::{Choice, Country, Destination, Entry, Proving, SetUp, TwoFactor},
    },
    error::{AppError, Problem, Refusal},
    login::types::Audience,
    passkey::types::NAME_MAX,
    ports::Deleted,
    services::types::Channel,
    validate,
};
use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
use std::sync::Arc;
use uuid::Uuid;

/// The most passkeys of an account.
const PASSKEYS_MOST: usize = 20;

/// The entries of accounts.
pub struct Enrollments(pub Arc<Core>);

#[async_trait]
impl EnrollmentPort for Enrollments {
    async fn overview(&self, session: &Session) -> Result<TwoFactor, AppError> {
        guard(&self.0, session, Purpose::Enroll).await?;
        let db = &self.0.db;
        let most = session.rules.count(Setting::DisableFailures);
        let entries = store::of_account(db, session.account_id).await?;
        let account = accounts::store::by_id(db, session.account_id).await?;
        let forbidden = rules::policies::forbidden(db, session.audience).await?;
        let choices = offers::store::all(db).await?;
        let countries = countries(&choices)?;
        let choices = choices
            .into_iter()
            .filter(|offered| offered.service.active)
            .map(|offered| {
                let kind = offered.service.kind.0;
                Ok(Choice { id: offered.auth.id, kind, title: offered.auth.title })
            })
            .filter(|choice| choice.as_ref().map_or(true, |choice| !forbidden.contains(&choice.kind)))
            .collect::<Result<Vec<_>, AppError>>()?;
        let choices = choices.into_iter().filter(|choice| self.can_add(choice, &entries)).collect();
        // Nobody who still has to set up a required factor has use for them yet.
        let has_codes = !entries.is_empty() && session.stage == Stage::SignedIn;
        let recovery_codes =
            if has_codes { Some(entries::recovery_codes::count_left(db, session.account_id).await?) } else { None };
        Ok(TwoFactor {
            entries: entries.into_iter().map(shown).collect(),
            choices,
            countries,
            email: session.email.clone(),
            pending: pending(&self.0, session.id, Purpose::Enroll).await?.is_some(),
            disabled: account.is_some_and(|account| account.factor_failures >= most),
            recovery_codes,
            stepped_up: session.stepped_up,
        })
    }

    async fn begin(&self, session: &Session, method: Uuid, destination: &Destination) -> Result<(), AppError> {
        let core = &self.0;
        guard(core, session, Purpose::Enroll).await?;
        let not_a_choice = || AppError::field("method", Problem::NotAChoice);
        let offered = offers::store::offer(&core.db, method).await?.filter(|offered| offered.service.active);
        let offered = offered.ok_or_else(not_a_choice)?;
        let kind = offered.service.kind.0;
        if rules::policies::forbidden(&core.db, session.audience).await?.contains(&kind) {
            return Err(not_a_choice());
        }
        let channel = channel::of(kind);
        let destination = channel.destination(Asker::of(core), destination, &offered.service)?;
        if channel.asks_keys() && keys(&core.db, core, session.account_id, None).await?.len() >= PASSKEYS_MOST {
            return Err(not_a_choice());
        }
        let target = Target {
            account_id: session.account_id,
            session_id: session.id,
            purpose: Purpose::Enroll,
            secondary_auth_id: method,
            kind,
            destination,
        };
        match send_in(core, session, &target, false).await {
            // It may still arrive: the page where it is entered tells that it is late.
            Err(error) if is_late(&error) => Ok(()),
            done => done,
        }
    }

    async fn proving(&self, session: &Session) -> Result<Proving, AppError> {
        let core = &self.0;
        guard(core, session, Purpose::Enroll).await?;
        let screen = screen(core, session, Purpose::Enroll).await?;
        let mut label = session.email.clone();
        let seed = if channel::of(screen.kind).compares_with_entry() {
            // Whoever finds the page open later does not read the seed.
            if !session.stepped_up {
                return Err(AppError::step_up_needed());
            }
            match pending(core, session.id, Purpose::Enroll).await? {
                Some(waiting) => {
                    label = self.label(session, waiting.secondary_auth_id).await?;
                    secret_of(core, &waiting).await?
                }
                None => None,
            }
        } else {
            None
        };
        let set_up = seed.map(|seed| {
            let uri = authenticator::key_uri(&core.brand.name(), &label, &seed);
            let qr_code = authenticator::qr_code(&uri).unwrap_or_default();
            SetUp { key: authenticator::groups(&seed), uri, qr_code }
        });
        Ok(Proving { screen, set_up })
    }

    async fn verify(&self, session: &Session, code: &str) -> Result<(), AppError> {
        guard(&self.0, session, Purpose::Enroll).await?;
        // A passkey needs a name too.
        if self.waits_for_key(session).await? {
            return Err(AppError::field("name", Problem::Required));
        }
        self.prove(session, code, None).await
    }

    async fn register_passkey(&self, session: &Session, name: &str, answer: &str) -> Result<(), AppError> {
        guard(&self.0, session, Purpose::Enroll).await?;
        let name = validate::line(name, NAME_MAX).map_err(|problem| AppError::field("name", problem))?;
        if !self.waits_for_key(session).await? {
            return Err(AppError::refused(Refusal::NoChallenge));
        }
        let keys = keys(&self.0.db, &self.0, session.account_id, None).await?;
        let names = keys.iter().filter_map(|key| key.entry.destination.as_deref());
        if names.map(str::to_lowercase).any(|taken| taken == name.to_lowercase()) {
            return Err(AppError::field("name", Problem::Taken));
        }
        self.prove(session, answer, Some(name)).await
    }

    async fn delete(&self, session: &Session, entry: Uuid, confirmed: bool) -> Result<Deleted, AppError> {
        guard(&self.0, session, Purpose::Enroll).await?;
        let transaction = database::begin(&self.0.db).await?;
        // One after the other, so that two of them do not remove one entry each.
        accounts::factor::lock_account(&transaction, session.account_id).await?;
        requirement::check_removal(&transaction, session, entry).await?;
        let stored = store::by_id(&transaction, session.account_id, entry).await?;
        let method = method(&transaction, &stored.ok_or(AppError::NotFound)?).await?;
        if !deleted::delete(&transaction, session.account_id, entry, self.0.clock.now()).await? {
            return Err(AppError::NotFound);
        }
        if !confirmed && store::usable(&transaction, session.account_id).await?.is_empty() {
            return Ok(Deleted::NeedsConfirmation);
        }
        store::prefer_some(&transaction, session.account_id).await?;
        devices::store::end_all(&transaction, session.account_id).await?;
        begun::end(&transaction, session.account_id, self.0.clock.now()).await?;
        entries::recovery_codes::remove_orphans(&transaction, Some(session.account_id)).await?;
        self.record(&transaction, session, Action::EntryRemoved, Notice::EntryRemoved, method).await?;
        database::commit(transaction).await?;
        Ok(Deleted::Done)
    }

    async fn prefer(&self, session: &Session, entry: Uuid) -> Result<(), AppError> {
        guard(&self.0, session, Purpose::Enroll).await?;
        let transaction = database::begin(&self.0.db).await?;
        if !store::prefer(&transaction, session.account_id, entry).await? {
            return Err(AppError::NotFound);
        }
        let event = Event::new(Action::EntryPreferred, Actor::Session(session));
        audit::record(&transaction, &self.0, event).await?;
        Ok(database::commit(transaction).await?)
    }
}

/// Whether a message was not taken in time and may arrive all the same.
fn is_late(error: &AppError) -> bool {
    match error {
        AppError::Refused { reason: Refusal::NotDelivered(failure) | Refusal::TextNotDelivered(failure), .. } => {
            failure.kind.may_arrive()
        }
        _ => false,
    }
}

impl Enrollments {
    /// What an authenticator app calls a new entry: the address, with more where the same person has another entry
    /// that would be called so, which many apps would overwrite.
    async fn label(&self, session: &Session, secondary_auth_id: Uuid) -> Result<String, AppError> {
        let db = &self.0.db;
        let (mut audience, mut title) = (None, None);
        let other = if session.audience == Audience::Admin { Audience::Customer } else { Audience::Admin };
        if accounts::store::by_email(db, other, &EmailKey::of(&session.email)).await?.is_some() {
            audience = Some(session.audience);
        }
        let entries = entries::store::of_account(db, session.account_id).await?;
        if entries.iter().any(|entry| {
            channel::of(entry.kind).compares_with_entry() && entry.entry.secondary_auth_id != secondary_auth_id
        }) && let Some(offer) = offers::store::offer(db, secondary_auth_id).await?
        {
            title = Some(offer.auth.title);
        }
        Ok(app_label(&session.email, audience, title))
    }

    /// Whether a method can be added to the entries that an account has: one entry each, or some passkeys.
    fn can_add(&self, choice: &Choice, entries: &[store::FullEntry]) -> bool {
        if choice.kind != Channel::Passkey {
            return entries.iter().all(|full| full.entry.secondary_auth_id != choice.id);
        }
        let keys = entries.iter().filter(|full| full.kind == Channel::Passkey).count();
        keys < PASSKEYS_MOST && relying_party(Asker::of(&self.0)).is_ok()
    }

    /// Whether the entry that is set up waits for a key.
    async fn waits_for_key(&self, session: &Session) -> Result<bool, AppError> {
        let challenges = challenges::newest(&self.0.db, session.id, Purpose::Enroll).await?;
        let kind = current(&challenges).map(|challenge| challenge.kind.0);
        Ok(kind.is_some_and(|kind| channel::of(kind).asks_keys()))
    }

    /// Checks the answer and adds the entry that it proves, under the name that its owner gives it.
    async fn prove(&self, session: &Session, answer: &str, name: Option<String>) -> Result<(), AppError> {
        verify(&self.0, session, Purpose::Enroll, Answer::Code(answer), async |db, proved| match proved.by {
            By::New(new) => self.add(db, session, new, name).await,
            By::Entry { .. } | By::RecoveryCode(_) => Err(Error::broken("an entry was proved by an old one").into()),
        })
        .await
    }

    /// Adds an entry with everything that follows from it.
    async fn add(
        &self,
        db: &DatabaseTransaction,
        session: &Session,
        new: NewEntry,
        name: Option<String>,
    ) -> Result<(), AppError> {
        let id = Uuid::now_v7();
        let entry = enrollment::Model {
            id,
            account_id: session.account_id,
            secondary_auth_id: new.secondary_auth_id,
            secret: new.secret.map(|secret| entries::secret::seal(&self.0.vault, id, &secret)).transpose()?,
            last_step: new.last_step,
            destination: name.or(new.destination),
            added_at: self.0.clock.now(),
            last_used_at: None,
            preferred: false,
        };
        let method = method(db, &entry).await?;
        let first = store::usable(db, session.account_id).await?.is_empty();
        // An account may have several keys of one secondary auth; otherwise a new entry takes the place of the old one.
        if !channel::of(new.kind).asks_keys() {
            store::remove_for(db, entry.account_id, entry.secondary_auth_id).await?;
        }
        store::insert(db, entry).await?;
        store::prefer_some(db, session.account_id).await?;
        devices::store::end_all(db, session.account_id).await?;
        if first {
            // They were opened by the password alone, perhaps by somebody else who knows it.
            sessions::store::end_others(db, session.account_id, Some(session.id)).await?;
        }
        begun::end(db, session.account_id, self.0.clock.now()).await?;
        sessions::store::note_factor(db, session.id, self.0.clock.now()).await?;
        self.record(db, session, Action::EntryAdded, Notice::EntryAdded, method).await
    }

    /// Records a change of one's own entries and announces it by mail.
    async fn record(
        &self,
        db: &DatabaseTransaction,
        session: &Session,
        action: Action,
        notice: Notice,
        method: String,
    ) -> Result<(), AppError> {
        audit::record(db, &self.0, Event::new(action, Actor::Session(session)).with(method)).await?;
        outbox::notice::announce(db, &self.0, session, Some(&session.origin), notice).await
    }
}

/// The entries of an account as people see them, newest first.
pub async fn entries_of(core: &Core, account_id: Uuid) -> Result<Vec<Entry>, AppError> {
    let entries = store::of_account(&core.db, account_id).await?;
    Ok(entries.into_iter().map(shown).collect())
}

fn shown(full: store::FullEntry) -> Entry {
    Entry {
        id: full.entry.id,
        kind: full.kind,
        title: full.title,
        destination: full.entry.destination.as_deref().map(mask),
        added: minute_text(full.entry.added_at),
        last_used: full.entry.last_used_at.map(minute_text),
        usable: full.usable,
        preferred: full.entry.preferred,
    }
}

/// The countries that the offered providers of text messages send to, by name.
fn countries(offered: &[offers::store::Offered]) -> Result<Vec<Country>, AppError> {
    let mut allowed = Vec::new();
    for offered in offered.iter().filter(|offered| offered.service.active) {
        if offered.service.kind.0 == Channel::Sms {
            allowed.extend(offers::provider::sms_settings(&offered.service)?.countries);
        }
    }
    Ok(phone::countries().iter().filter(|country| allowed.contains(&country.code)).cloned().collect())
}

/// An entry as the audit log has it.
async fn method(db: &DatabaseTransaction, entry: &enrollment::Model) -> Result<String, Error> {
    let auth = offers::store::secondary_auth(db, entry.secondary_auth_id).await?;
    Ok(trail::method(auth.as_ref().map(|auth| auth.title.as_str()), entry.destination.as_deref()))
}

/// Helps somebody who lost the second factor: removes the entries, ends the trusted devices, opens the counter and
/// announces it. Tells how many entries were removed.
pub async fn reset(core: &Core, actor: Actor<'_>, account: &account_row::Model) -> Result<u64, AppError> {
    let transaction = database::begin(&core.db).await?;
    accounts::factor::lock_account(&transaction, account.id).await?;
    let removed = deleted::delete_all(&transaction, account.id, core.clock.now()).await?;
    entries::recovery_codes::remove(&transaction, account.id, None).await?;
    devices::store::end_all(&transaction, account.id).await?;
    begun::end(&transaction, account.id, core.clock.now()).await?;
    accounts::factor::clear_failures(&transaction, account.id, None).await?;
    let event = Event::new(Action::FactorReset, actor).to_account(account.id, &account.email);
    outbox::alert::record(&transaction, core, event.with(format!("entries removed: {removed}"))).await?;
    outbox::notice::announce(&transaction, core, account, None, Notice::FactorReset).await?;
    database::commit(transaction).await?;
    Ok(removed)
}
