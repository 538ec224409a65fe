//! The rules of lists of accounts and of helping their people.

use super::{
    store,
    wanted::{Key, Page, Place, Row, Search, Wanted},
};
use crate::{
    account::{change, help, security},
    accounts::{self, search_words},
    audit::{self, Actor},
    core::Core,
    delivery, devices, enrollment,
    entity::account as account_row,
    entries,
    platform::{clock::minute_text, database},
    requests::{self, change::Change},
    rules::{self, rules},
    sessions,
};
use app::{
    audit::types::AuditQuery,
    caller::Session,
    configuration::types::Setting,
    error::{AppError, Refusal},
    login::types::Audience,
    users::{
        account::{AccountActivity, AccountDetails, Requirement},
        port::UsersPort,
        types::{AccountList, AccountRow, FactorState, Help, ListQuery, Person, Sort, Total},
    },
    validate::EMAIL_MAX,
};
use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use std::sync::Arc;
use uuid::Uuid;

/// How many accounts a page shows.
const PAGE: u32 = 50;
/// As many accounts are counted; of more, only that there are more is told.
const COUNT_MOST: u32 = 1_000;
/// As many words of a search are looked at: a long name and a long address have fewer.
const SEARCH_WORDS: usize = 10;

/// The accounts of both audiences.
pub struct Users(pub Arc<Core>);

#[async_trait]
impl UsersPort for Users {
    async fn list(&self, audience: Audience, query: &ListQuery) -> Result<AccountList, AppError> {
        let core = &self.0;
        let now = core.clock.now();
        let switched_off_at = rules(core).await?.get(Setting::DisableFailures);
        let search: String = query.search.trim().chars().take(EMAIL_MAX as usize).collect();
        let mut words = search_words::words_in(&search);
        words.truncate(SEARCH_WORDS);
        if words.is_empty() && !search.is_empty() {
            // Nothing but signs: no account has such a word.
            return Ok(AccountList { rows: Vec::new(), total: Total::Exactly(0), previous: None, next: None });
        }
        let words = Search::prepare(&core.db, audience, words).await?;
        let wanted = Wanted { audience, words, factor: query.factor(), now, switched_off_at };
        let found = self.page(&wanted, query).await?;
        let (counted, all) = store::count(&core.db, &wanted, COUNT_MOST).await?;
        let shown = u32::try_from(found.rows.len()).unwrap_or(u32::MAX);
        let total = match (all, found.before || found.after) {
            (true, _) => Total::Exactly(counted),
            // What counting gave up on, this page shows whole.
            (false, false) => Total::Exactly(shown),
            (false, true) => Total::MoreThan(counted.max(shown)),
        };
        let place = |row: Option<&Row>| row.map(|row| write_place(&row.place(query.sort()))).transpose();
        Ok(AccountList {
            previous: place(found.rows.first().filter(|_| found.before))?,
            next: place(found.rows.last().filter(|_| found.after))?,
            rows: found.rows.into_iter().map(|row| shown_row(row, now, switched_off_at)).collect(),
            total,
        })
    }

    async fn details(&self, admin: &Session, audience: Audience, id: Uuid) -> Result<AccountDetails, AppError> {
        let core = &self.0;
        let account = self.account(audience, id).await?;
        let now = core.clock.now();
        let switched_off = switched_off(account.factor_failures, admin.rules.get(Setting::DisableFailures));
        let locked_until = account.factor_locked_until.filter(|until| *until > now && !switched_off);
        let entries = enrollment::service::entries_of(core, id).await?;
        let me = id == admin.account_id;
        Ok(AccountDetails {
            id,
            me,
            factor: factor_state(!entries.is_empty(), locked_until.is_some() || switched_off),
            disabled_since: account.disabled_at.map(minute_text),
            locked_until: locked_until.map(minute_text),
            switched_off,
            wrong_codes: u32::try_from(account.factor_failures).unwrap_or_default(),
            password_paused: accounts::password::is_paused(core, audience, &account.email_key).await?,
            last_sign_in: account.last_sign_in_at.map(minute_text),
            created: minute_text(account.created_at),
            entries,
            deleted: enrollment::restore::deleted_of(core, id).await?,
            devices: devices::service::list(core, &admin.rules, id, None).await?,
            sessions: sessions::service::list(core, id, me.then_some(admin.id)).await?,
            recovery_codes: entries::recovery_codes::count_left(&core.db, id).await?,
            requirement: requirement(core, admin, audience).await?,
            language: account.language.map(|language| language.0),
            stepped_up: admin.stepped_up,
            name: account.name,
            email: account.email,
        })
    }

    async fn activity(&self, audience: Audience, id: Uuid, query: &AuditQuery) -> Result<AccountActivity, AppError> {
        let core = &self.0;
        self.account(audience, id).await?;
        Ok(AccountActivity {
            events: audit::service::of_account(core, id, query).await?,
            deliveries: delivery::service::last_of(core, id).await?,
        })
    }

    async fn change(
        &self,
        admin: &Session,
        audience: Audience,
        id: Uuid,
        name: &str,
        email: &str,
    ) -> Result<(), AppError> {
        let account = self.account(audience, id).await?;
        // By a mailbox of one's own one would become the second administrator who approves.
        let actor = requests::service::actor(admin, audience == Audience::Admin && change::moves(&account, email));
        let transaction = database::begin(&self.0.db).await?;
        change::change(&transaction, &self.0, actor, id, name, email).await?;
        let asked = Change::AdminEmail { id, name: name.to_owned(), email: email.to_owned() };
        requests::service::settle(&self.0, transaction, actor, asked).await
    }

    async fn rename(&self, admin: &Session, name: &str) -> Result<(), AppError> {
        security::change_name(&self.0, admin, name).await
    }

    async fn person(&self, audience: Audience, id: Uuid) -> Result<Person, AppError> {
        let account = self.account(audience, id).await?;
        Ok(Person { name: account.name, email: account.email })
    }

    async fn help(
        &self,
        admin: &Session,
        audience: Audience,
        id: Uuid,
        help: Help,
        item: Option<Uuid>,
    ) -> Result<(), AppError> {
        // What is one's own is changed with one's own password and code, and nobody locks oneself out.
        if id == admin.account_id {
            return Err(AppError::refused(Refusal::OwnAccount));
        }
        let account = self.account(audience, id).await?;
        let (core, actor) = (&self.0, Actor::Session(admin));
        match help {
            Help::ResetFactor => enrollment::service::reset(core, actor, &account).await.map(|_| ()),
            Help::RestoreEntry => {
                enrollment::restore::restore(core, actor, &account, item.ok_or(AppError::NotFound)?).await
            }
            Help::Unlock => help::unlock(core, actor, &account).await.map(|_| ()),
            Help::Disable => help::disable(core, actor, &account).await,
            Help::Enable => help::enable(core, actor, &account).await,
            Help::EndSessions => help::end_sessions(core, actor, &account, item).await,
            Help::RevokeDevices => help::revoke_devices(core, actor, &account, item).await,
            Help::Delete => help::delete(core, actor, &account).await,
        }
    }
}

/// Whether the accounts of an audience may, or have to, use two-factor authentication.
async fn requirement(core: &Core, admin: &Session, audience: Audience) -> Result<Requirement, AppError> {
    Ok(if !rules::policies::is_allowed(&core.db, audience).await? {
        Requirement::NotAllowed
    } else if audience == Audience::Admin && admin.rules.is_on(Setting::RequireAdminTwoFactor) {
        Requirement::Required
    } else {
        Requirement::Optional
    })
}

/// The rows of a page, in its order, and whether there are others before and after them.
struct Found {
    rows: Vec<Row>,
    before: bool,
    after: bool,
}

impl Users {
    async fn account(&self, audience: Audience, id: Uuid) -> Result<account_row::Model, AppError> {
        let account = accounts::store::by_id(&self.0.db, id).await?;
        account.filter(|account| account.audience.0 == audience).ok_or(AppError::NotFound)
    }

    async fn page(&self, wanted: &Wanted, query: &ListQuery) -> Result<Found, AppError> {
        let (sort, descending) = (query.sort(), query.descending());
        // One row more tells whether there is another page.
        let limit = PAGE + 1;
        if let Some(place) = read_place(&query.before, sort) {
            let backwards = Page { sort, descending: !descending, after: Some(place), limit };
            let mut rows = store::page(&self.0.db, wanted, &backwards).await?;
            // The first page is shown whole, also when one comes to it from behind.
            if rows.len() >= PAGE as usize {
                let before = rows.len() > PAGE as usize;
                rows.truncate(PAGE as usize);
                rows.reverse();
                return Ok(Found { rows, before, after: true });
            }
        }
        let mut after = read_place(&query.after, sort);
        loop {
            let page = Page { sort, descending, after: after.take(), limit };
            let mut rows = store::page(&self.0.db, wanted, &page).await?;
            // Whoever stood on this page may be gone by now.
            if rows.is_empty() && page.after.is_some() {
                continue;
            }
            let more = rows.len() > PAGE as usize;
            rows.truncate(PAGE as usize);
            return Ok(Found { rows, before: page.after.is_some(), after: more });
        }
    }
}

fn shown_row(row: Row, now: i64, switched_off_at: u32) -> AccountRow {
    let locked =
        row.factor_locked_until.is_some_and(|until| until > now) || switched_off(row.factor_failures, switched_off_at);
    AccountRow {
        id: row.id,
        name: row.name,
        email: row.email,
        factor: factor_state(row.enrolled, locked),
        disabled: row.disabled_at.is_some(),
        last_sign_in: row.last_sign_in_at.map(minute_text),
        created: minute_text(row.created_at),
    }
}

fn switched_off(failures: i32, at: u32) -> bool {
    u32::try_from(failures).is_ok_and(|failures| failures >= at)
}

const fn factor_state(enrolled: bool, locked: bool) -> FactorState {
    match (locked, enrolled) {
        (true, _) => FactorState::Locked,
        (false, true) => FactorState::Enrolled,
        (false, false) => FactorState::NotEnrolled,
    }
}

/// A place as it stands in an address.
fn write_place(place: &Place) -> Result<String, AppError> {
    let json = serde_json::to_vec(place).map_err(crate::error::internal)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(json))
}

/// A place from an address; what is none of a list that is sorted by this counts as the beginning.
fn read_place(text: &str, sort: Sort) -> Option<Place> {
    let place: Place = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let is_time = matches!(place.key, Key::Time(_));
    // No account has such a name, and PostgreSQL takes none in a text.
    if matches!(&place.key, Key::Text(text) if text.contains('\0')) {
        return None;
    }
    (is_time == matches!(sort, Sort::LastSignIn | Sort::Created)).then_some(place)
}
