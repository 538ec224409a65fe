//! The rules of enrollment: an entry exists only once a code proved it.

use super::store;
use crate::{
    account,
    audit::{self, Actor, Event},
    challenge::{
        passkey,
        service::{self as challenge, Proved, Purpose, Target, mask},
        store as challenge_store,
        trail::{self, About},
    },
    clock::minute_text,
    configuration::service::rules,
    core::{Core, failed, internal},
    database, delivery, devices,
    entity::{account as account_row, enrollment},
    phone,
    policy::{self, requirement},
    providers::authenticator,
    recovery, secondary_auth, services,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session, Stage},
    configuration::types::Setting,
    delivery::message::Notice,
    enrollment::{
        port::EnrollmentPort,
        types::{Choice, Country, Destination, Entry, Proving, SetUp, TwoFactor},
    },
    error::{AppError, Problem, Refusal},
    passkey::types::NAME_MAX,
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
        self.check_allowed(session).await?;
        let db = &self.0.db;
        let most = rules(&self.0).await?.count(Setting::DisableFailures);
        let entries = store::of_account(db, session.account_id).await.map_err(failed)?;
        let account = account::store::by_id(db, session.account_id).await.map_err(failed)?;
        let forbidden = policy::store::forbidden(db, session.audience).await.map_err(failed)?;
        let choices = secondary_auth::store::all(db).await.map_err(failed)?;
        let countries = countries(&choices)?;
        let choices = choices
            .into_iter()
            .filter(|offered| offered.service.active)
            .map(|offered| {
                let kind = services::service::kind_of(&offered.service)?;
                Ok(Choice { id: offered.auth.id, kind, title: offered.auth.title })
            })
            .filter(|choice| choice.as_ref().map_or(true, |choice| !forbidden.contains(&choice.kind)))
            .collect::<Result<Vec<_>, AppError>>()?;
        let choices = choices.into_iter().filter(|choice| self.can_add(choice, &entries)).collect();
        // Nobody who still has to set up a required factor has use for them yet.
        let has_codes = !entries.is_empty() && session.stage == Stage::SignedIn;
        let recovery_codes = if has_codes {
            Some(recovery::store::count_left(db, session.account_id).await.map_err(failed)?)
        } else {
            None
        };
        Ok(TwoFactor {
            entries: entries.into_iter().map(shown).collect(),
            choices,
            countries,
            email: session.email.clone(),
            pending: challenge::is_pending(&self.0, session.id, Purpose::Enroll).await?,
            disabled: account.is_some_and(|account| account.factor_failures >= most),
            recovery_codes,
            stepped_up: session.stepped_up,
        })
    }

    async fn begin(
        &self,
        origin: &Origin,
        session: &Session,
        method: Uuid,
        destination: &Destination,
    ) -> Result<(), AppError> {
        self.check_allowed(session).await?;
        let offered = secondary_auth::store::all(&self.0.db).await.map_err(failed)?;
        let offered = offered.into_iter().find(|offered| offered.auth.id == method && offered.service.active);
        let offered = offered.ok_or_else(|| AppError::field("method", Problem::NotAChoice))?;
        let kind = services::service::kind_of(&offered.service)?;
        if policy::store::forbidden(&self.0.db, session.audience).await.map_err(failed)?.contains(&kind) {
            return Err(AppError::field("method", Problem::NotAChoice));
        }
        let (destination, secret) = match kind {
            Channel::Smtp => {
                let email = validate::email(&destination.email);
                (email.map_err(|problem| AppError::field("email", problem))?, None)
            }
            Channel::Authenticator => (String::new(), Some(authenticator::new_seed())),
            Channel::Passkey => {
                passkey::site(&self.0)?;
                let keys = passkey::keys(&self.0.db, &self.0, session.account_id, None).await?;
                if keys.len() >= PASSKEYS_MOST {
                    return Err(AppError::field("method", Problem::NotAChoice));
                }
                (String::new(), None)
            }
            Channel::Sms => {
                let phone = phone::parse(&destination.country, &destination.phone);
                let phone = phone.map_err(|problem| match problem {
                    Problem::NotAChoice => AppError::field("country", problem),
                    problem => AppError::field("phone", problem),
                })?;
                let allowed = services::sms::settings_of(&offered.service)?.countries;
                if !allowed.iter().any(|country| country == phone.country) {
                    return Err(AppError::field("phone", Problem::CountryNotAllowed));
                }
                (phone.e164, None)
            }
        };
        let target = Target {
            account_id: session.account_id,
            session_id: session.id,
            purpose: Purpose::Enroll,
            secondary_auth_id: method,
            kind,
            destination,
            secret,
        };
        // Asking again for the same address is Send New Code by another name.
        let last = challenge::last_target(&self.0, session.id, Purpose::Enroll).await.ok();
        let again = last.is_some_and(|last| last.destination.eq_ignore_ascii_case(&target.destination));
        challenge::send(&self.0, origin, &target, again).await
    }

    async fn proving(&self, session: &Session) -> Result<Proving, AppError> {
        self.check_allowed(session).await?;
        let screen = challenge::screen(&self.0, session.account_id, session.id, Purpose::Enroll).await?;
        let seed = if screen.kind == Channel::Authenticator {
            // Whoever finds the page open later does not read the seed.
            if !session.stepped_up {
                return Err(AppError::step_up_needed());
            }
            challenge::secret_in_hand(&self.0, session.id, Purpose::Enroll).await?
        } else {
            None
        };
        let set_up = seed.map(|seed| {
            let uri = authenticator::key_uri(&self.0.brand, &session.email, &seed);
            let qr_code = authenticator::qr_code(&uri).unwrap_or_default();
            SetUp { key: authenticator::groups(&seed), uri, qr_code }
        });
        Ok(Proving { screen, set_up })
    }

    async fn send_new_code(&self, origin: &Origin, session: &Session) -> Result<(), AppError> {
        self.check_allowed(session).await?;
        let target = challenge::last_target(&self.0, session.id, Purpose::Enroll).await?;
        if target.kind == Channel::Authenticator {
            // Its secret is new each time, so it begins on the page before.
            return Err(AppError::refused(Refusal::StartAgain));
        }
        challenge::send(&self.0, origin, &target, true).await
    }

    async fn verify(&self, origin: &Origin, session: &Session, code: &str) -> Result<(), AppError> {
        self.check_allowed(session).await?;
        // A passkey needs a name too.
        if challenge::waits_for_passkey(&self.0, session.id, Purpose::Enroll).await? {
            return Err(AppError::field("name", Problem::Required));
        }
        let (proved, transaction) =
            challenge::check(&self.0, origin, session.account_id, session.id, Purpose::Enroll, code).await?;
        let destination = proved.challenge.destination.clone();
        self.add(session, proved, destination, transaction).await
    }

    async fn register_passkey(
        &self,
        origin: &Origin,
        session: &Session,
        name: &str,
        answer: &str,
    ) -> Result<(), AppError> {
        self.check_allowed(session).await?;
        let name = validate::line(name, NAME_MAX).map_err(|problem| AppError::field("name", problem))?;
        if !challenge::waits_for_passkey(&self.0, session.id, Purpose::Enroll).await? {
            return Err(AppError::refused(Refusal::NoChallenge));
        }
        let keys = passkey::keys(&self.0.db, &self.0, session.account_id, None).await?;
        if keys.iter().any(|key| key.entry.destination.to_lowercase() == name.to_lowercase()) {
            return Err(AppError::field("name", Problem::Taken));
        }
        let (proved, transaction) =
            challenge::check(&self.0, origin, session.account_id, session.id, Purpose::Enroll, answer).await?;
        self.add(session, proved, name, transaction).await
    }

    async fn delete(&self, session: &Session, entry: Uuid) -> Result<(), AppError> {
        self.check_allowed(session).await?;
        let transaction = database::begin(&self.0.db).await.map_err(failed)?;
        // One after the other, so that two of them do not remove one entry each.
        challenge_store::lock_account(&transaction, session.account_id).await.map_err(failed)?;
        requirement::check_removal(&transaction, session, entry).await?;
        let stored = store::by_id(&transaction, session.account_id, entry).await.map_err(failed)?;
        let method = method(&transaction, &stored.ok_or(AppError::NotFound)?).await?;
        if !store::delete(&transaction, session.account_id, entry).await.map_err(failed)? {
            return Err(AppError::NotFound);
        }
        store::prefer_some(&transaction, session.account_id).await.map_err(failed)?;
        devices::store::end_all(&transaction, session.account_id).await.map_err(failed)?;
        recovery::store::remove_orphans(&transaction, Some(session.account_id)).await.map_err(failed)?;
        self.told(&transaction, session, Action::EntryRemoved, Notice::EntryRemoved, method).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn prefer(&self, session: &Session, entry: Uuid) -> Result<(), AppError> {
        self.check_allowed(session).await?;
        let transaction = database::begin(&self.0.db).await.map_err(failed)?;
        if !store::prefer(&transaction, session.account_id, entry).await.map_err(failed)? {
            return Err(AppError::NotFound);
        }
        let event = Event::new(Action::EntryPreferred, Actor::Session(session));
        audit::record(&transaction, &self.0, event).await?;
        transaction.commit().await.map_err(failed)
    }
}

impl Enrollments {
    /// Whether a method can be added to the entries that an account has: one entry each, or some passkeys.
    fn can_add(&self, choice: &Choice, entries: &[store::FullEntry]) -> bool {
        if choice.kind != Channel::Passkey {
            return entries.iter().all(|full| full.auth.id != choice.id);
        }
        let keys = entries.iter().filter(|full| full.kind == Channel::Passkey).count();
        keys < PASSKEYS_MOST && passkey::site(&self.0).is_ok()
    }

    /// Adds the entry that was proved, with everything that follows from it.
    async fn add(
        &self,
        session: &Session,
        proved: Proved,
        destination: String,
        transaction: DatabaseTransaction,
    ) -> Result<(), AppError> {
        let id = Uuid::now_v7();
        let entry = enrollment::Model {
            id,
            account_id: session.account_id,
            secondary_auth_id: proved.challenge.secondary_auth_id,
            secret: proved.secret.map(|secret| seal(&self.0, id, &secret)).transpose()?,
            last_step: proved.step,
            destination,
            added_at: self.0.clock.now(),
            last_used_at: None,
            preferred: false,
        };
        let method = method(&transaction, &entry).await?;
        if proved.challenge.kind != Channel::Passkey.as_str() {
            store::remove_for(&transaction, entry.account_id, entry.secondary_auth_id).await.map_err(failed)?;
        }
        store::insert(&transaction, entry).await.map_err(failed)?;
        store::prefer_some(&transaction, session.account_id).await.map_err(failed)?;
        devices::store::end_all(&transaction, session.account_id).await.map_err(failed)?;
        self.told(&transaction, session, Action::EntryAdded, Notice::EntryAdded, method).await?;
        transaction.commit().await.map_err(failed)
    }

    /// Records a change of one's own entries and announces it by mail.
    async fn told(
        &self,
        db: &DatabaseTransaction,
        session: &Session,
        action: Action,
        notice: Notice,
        method: String,
    ) -> Result<(), AppError> {
        audit::record(db, &self.0, Event::new(action, Actor::Session(session)).with(method)).await?;
        delivery::service::announce_to(db, &self.0, session.account_id, &session.email, notice).await
    }

    async fn check_allowed(&self, session: &Session) -> Result<(), AppError> {
        let allowed = policy::store::is_allowed(&self.0.db, session.audience).await.map_err(failed)?;
        if allowed { Ok(()) } else { Err(AppError::refused(Refusal::NotOffered)) }
    }
}

/// The entries of an account as people see them, newest first.
///
/// # Errors
/// When the database fails.
pub async fn entries_of(core: &Core, account_id: Uuid) -> Result<Vec<Entry>, AppError> {
    let entries = store::of_account(&core.db, account_id).await.map_err(failed)?;
    Ok(entries.into_iter().map(shown).collect())
}

fn shown(full: store::FullEntry) -> Entry {
    Entry {
        id: full.entry.id,
        kind: full.kind,
        title: full.auth.title,
        destination: mask(&full.entry.destination),
        added: minute_text(full.entry.added_at),
        last_used: full.entry.last_used_at.map(minute_text),
        usable: full.usable,
        preferred: full.entry.preferred,
    }
}

/// The seed of an authenticator app or the public key of a passkey.
///
/// # Errors
/// When it was sealed with another key.
pub fn secret_of(core: &Core, entry: &enrollment::Model) -> Result<Option<String>, AppError> {
    let open = |sealed| core.vault.open_sealed(&place(entry.id), sealed).map_err(internal);
    entry.secret.as_deref().map(open).transpose()
}

/// Seals the secret of an entry.
///
/// # Errors
/// When it cannot be sealed.
pub fn seal(core: &Core, entry: Uuid, secret: &str) -> Result<String, AppError> {
    core.vault.seal(&place(entry), secret).map_err(internal)
}

/// What an entry's secret is bound to.
fn place(id: Uuid) -> String {
    format!("enrollment:{id}")
}

/// The countries that the offered providers of text messages send to, by name.
fn countries(offered: &[secondary_auth::store::Offered]) -> Result<Vec<Country>, AppError> {
    let mut allowed = Vec::new();
    for offered in offered.iter().filter(|offered| offered.service.active) {
        if services::service::kind_of(&offered.service)? == Channel::Sms {
            allowed.extend(services::sms::settings_of(&offered.service)?.countries);
        }
    }
    Ok(phone::countries().iter().filter(|country| allowed.contains(&country.code)).cloned().collect())
}

/// An entry in the words of the audit log.
async fn method(db: &DatabaseTransaction, entry: &enrollment::Model) -> Result<String, AppError> {
    let about = About {
        account_id: entry.account_id,
        purpose: Purpose::Enroll,
        secondary_auth_id: entry.secondary_auth_id,
        destination: &entry.destination,
    };
    trail::method(db, &about).await
}

/// Helps somebody who lost the second factor: removes the entries, ends the trusted devices, opens the counter and
/// announces it. Tells how many entries were removed.
///
/// # Errors
/// When the database fails.
pub async fn reset(core: &Core, actor: Actor<'_>, account: &account_row::Model) -> Result<u64, AppError> {
    let transaction = database::begin(&core.db).await.map_err(failed)?;
    let removed = store::delete_all(&transaction, account.id).await.map_err(failed)?;
    recovery::store::remove(&transaction, account.id, None).await.map_err(failed)?;
    devices::store::end_all(&transaction, account.id).await.map_err(failed)?;
    challenge_store::clear_failures(&transaction, account.id).await.map_err(failed)?;
    let event = Event::new(Action::FactorReset, actor).to_account(account.id, &account.email);
    audit::record(&transaction, core, event.with(format!("entries removed: {removed}"))).await?;
    delivery::service::announce(&transaction, core, account, Notice::FactorReset).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(removed)
}
