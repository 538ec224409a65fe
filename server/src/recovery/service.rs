//! The rules of recovery codes: a set is made at once, told once, and each of its codes works once.

use super::shown_once;
use crate::{
    accounts,
    audit::{self, Actor, Event},
    channel::recovery,
    core::Core,
    entity::{
        account as account_row,
        recovery_code::{self, CodeKind},
    },
    entries::{self, recovery_codes},
    error::Error,
    outbox,
    platform::{clock::day_text, database, vault},
    rules::rules_for,
};
use app::{
    audit::types::Action,
    caller::{Session, Token},
    configuration::types::Setting,
    delivery::notice::Notice,
    error::{AppError, Refusal},
    login::types::Audience,
    recovery::{
        port::RecoveryPort,
        types::{Helpdesk, Recovery, SET},
    },
};
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// The page that shows a new set.
const OWN_CODES: &str = "recovery codes";

/// Recovery codes.
pub struct Recoveries(pub Arc<Core>);

#[async_trait]
impl RecoveryPort for Recoveries {
    async fn overview(&self, session: &Session, once: Option<&str>) -> Result<Recovery, AppError> {
        let core = &self.0;
        let fresh = match once {
            Some(sealed) => {
                stored(core, session.account_id, shown_once::open(core, session, OWN_CODES, sealed).await?).await?
            }
            None => Vec::new(),
        };
        Ok(Recovery {
            left: recovery_codes::count_left(&core.db, session.account_id).await?,
            fresh,
            day: day_text(core.clock.now()),
        })
    }

    async fn make(&self, session: &Session) -> Result<Token, AppError> {
        let core = &self.0;
        let codes: Vec<String> = (0..SET).map(|_| vault::new_recovery_code()).collect();
        let transaction = database::begin(&core.db).await?;
        // One after the other, so that two of them do not leave two sets.
        accounts::factor::lock_account(&transaction, session.account_id).await?;
        let entries = entries::store::of_account(&transaction, session.account_id).await?;
        if entries.is_empty() {
            return Err(AppError::refused(Refusal::NoEntry));
        }
        recovery_codes::remove(&transaction, session.account_id, Some(CodeKind::Recovery)).await?;
        let rows = codes.iter().map(|code| row(core, session.account_id, CodeKind::Recovery, code, None)).collect();
        recovery_codes::insert(&transaction, rows).await?;
        audit::record(&transaction, core, Event::new(Action::RecoveryCodesMade, Actor::Session(session))).await?;
        outbox::notice::announce(&transaction, core, session, Some(&session.origin), Notice::RecoveryCodesMade).await?;
        database::commit(transaction).await?;
        shown_once::seal(core, session, OWN_CODES, codes)
    }

    async fn helpdesk(
        &self,
        admin: &Session,
        audience: Audience,
        id: Uuid,
        once: Option<&str>,
    ) -> Result<Helpdesk, AppError> {
        let core = &self.0;
        let account = self.somebody_else(admin, audience, id).await?;
        let code = match once {
            Some(sealed) => {
                stored(core, id, shown_once::open(core, admin, &for_account(id), sealed).await?).await?.pop()
            }
            None => None,
        };
        let minutes = admin.rules.get(Setting::HelpdeskMinutes);
        Ok(Helpdesk { name: account.name, email: account.email, minutes, code })
    }

    async fn issue(&self, admin: &Session, audience: Audience, id: Uuid) -> Result<Token, AppError> {
        let account = self.somebody_else(admin, audience, id).await?;
        let code = issue(&self.0, Actor::Session(admin), &account).await?;
        shown_once::seal(&self.0, admin, &for_account(id), vec![code])
    }
}

/// Issues a helpdesk code for an account, which voids the one of before. Answers the code.
///
/// # Errors
/// `NoEntry` where there is no second factor that it would stand in for.
pub async fn issue(core: &Core, actor: Actor<'_>, account: &account_row::Model) -> Result<String, AppError> {
    let id = account.id;
    let minutes = rules_for(core, actor).await?.seconds(Setting::HelpdeskMinutes);
    let code = vault::new_recovery_code();
    let transaction = database::begin(&core.db).await?;
    accounts::factor::lock_account(&transaction, id).await?;
    if entries::store::of_account(&transaction, id).await?.is_empty() {
        return Err(AppError::refused(Refusal::NoEntry));
    }
    recovery_codes::remove(&transaction, id, Some(CodeKind::Helpdesk)).await?;
    let row = row(core, id, CodeKind::Helpdesk, &code, Some(core.clock.now() + minutes));
    recovery_codes::insert(&transaction, vec![row]).await?;
    let event = Event::new(Action::HelpdeskCodeIssued, actor);
    outbox::alert::record(&transaction, core, event.to_account(id, &account.email)).await?;
    outbox::notice::announce(&transaction, core, account, None, Notice::HelpdeskCodeIssued).await?;
    database::commit(transaction).await?;
    Ok(code)
}

/// These codes, unless others have taken their place since: two who make some at once get one set that works.
async fn stored(core: &Core, account: Uuid, codes: Vec<String>) -> Result<Vec<String>, Error> {
    let Some(first) = codes.first() else { return Ok(codes) };
    let hash = recovery::hash(&core.vault, account, first);
    Ok(recovery_codes::by_hash(&core.db, account, &hash).await?.map_or_else(Vec::new, |_| codes))
}

/// The page that shows an account's helpdesk code.
fn for_account(id: Uuid) -> String {
    format!("helpdesk code for {id}")
}

impl Recoveries {
    /// Somebody else's account: for one's own there are one's own codes.
    async fn somebody_else(
        &self,
        admin: &Session,
        audience: Audience,
        id: Uuid,
    ) -> Result<account_row::Model, AppError> {
        if id == admin.account_id {
            return Err(AppError::refused(Refusal::OwnAccount));
        }
        let account = accounts::store::by_id(&self.0.db, id).await?;
        account.filter(|account| account.audience.0 == audience).ok_or(AppError::NotFound)
    }
}

/// A code as it is stored.
pub fn row(core: &Core, account: Uuid, kind: CodeKind, code: &str, expires_at: Option<i64>) -> recovery_code::Model {
    recovery_code::Model {
        id: Uuid::now_v7(),
        account_id: account,
        kind,
        code_hash: recovery::hash(&core.vault, account, code),
        created_at: core.clock.now(),
        expires_at,
        used_at: None,
    }
}
