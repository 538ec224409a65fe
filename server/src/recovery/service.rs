//! The rules of recovery codes: a set is made at once, told once, and each of its codes works once.

use super::{
    check::{check, code_hash},
    once,
};
use crate::{
    accounts,
    audit::{self, Actor, Event},
    challenge::service::Purpose,
    core::Core,
    entity::{account as account_row, recovery_code},
    entries::{
        self,
        recovery_codes::{self, CodeKind},
    },
    login::service::finish,
    outbox,
    platform::{
        clock::day_text,
        database,
        vault::{self, token_hash},
    },
    rules::rules,
    sessions,
    step_up::service::check_password_proved,
};
use app::{
    audit::types::Action,
    caller::{Session, Token},
    configuration::types::Setting,
    delivery::message::Notice,
    error::{AppError, Refusal},
    login::types::Audience,
    recovery::{
        port::RecoveryPort,
        types::{Helpdesk, Recovery, SET},
    },
};
use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
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
            Some(sealed) => once::open(core, session, OWN_CODES, sealed).await?,
            None => Vec::new(),
        };
        Ok(Recovery {
            left: recovery_codes::count_left(&core.db, session.account_id).await?,
            fresh,
            stepped_up: session.stepped_up,
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
        let (account, email) = (session.account_id, &session.email);
        outbox::service::announce_to(&transaction, core, account, email, Notice::RecoveryCodesMade).await?;
        database::commit(transaction).await?;
        once::seal(core, session, OWN_CODES, codes)
    }

    async fn sign_in(&self, session: &Session, code: &str) -> Result<Token, AppError> {
        let (used, transaction) = check(&self.0, session, Purpose::SignIn, code).await?;
        let token = finish(&self.0, &transaction, session, &format!("password, {}", words(&used))).await?;
        self.told(&transaction, session, &used, "sign-in").await?;
        database::commit(transaction).await?;
        Ok(token)
    }

    async fn step_up(&self, session: &Session, code: &str) -> Result<Token, AppError> {
        let core = &self.0;
        check_password_proved(core, session).await?;
        let (used, transaction) = check(core, session, Purpose::StepUp, code).await?;
        let secret = vault::new_token();
        let now = core.clock.now();
        if !sessions::store::step_up(&transaction, session.id, token_hash(&secret), now).await? {
            return Err(AppError::SignInNeeded);
        }
        let event = Event::new(Action::SteppedUp, Actor::Session(session));
        audit::record(&transaction, core, event.with(format!("password, {}", words(&used)))).await?;
        self.told(&transaction, session, &used, "confirmation").await?;
        database::commit(transaction).await?;
        Ok(Token { secret, max_age: None })
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
            Some(sealed) => once::open(core, admin, &for_account(id), sealed).await?.pop(),
            None => None,
        };
        let minutes = rules(core).await?.get(Setting::HelpdeskMinutes);
        Ok(Helpdesk { name: account.name, email: account.email, minutes, code })
    }

    async fn issue(&self, admin: &Session, audience: Audience, id: Uuid) -> Result<Token, AppError> {
        let core = &self.0;
        let account = self.somebody_else(admin, audience, id).await?;
        let minutes = rules(core).await?.seconds(Setting::HelpdeskMinutes);
        let code = vault::new_recovery_code();
        let transaction = database::begin(&core.db).await?;
        accounts::factor::lock_account(&transaction, id).await?;
        if entries::store::of_account(&transaction, id).await?.is_empty() {
            return Err(AppError::refused(Refusal::NoEntry));
        }
        recovery_codes::remove(&transaction, id, Some(CodeKind::Helpdesk)).await?;
        let expires_at = Some(core.clock.now() + minutes);
        let row = row(core, id, CodeKind::Helpdesk, &code, expires_at);
        recovery_codes::insert(&transaction, vec![row]).await?;
        let event = Event::new(Action::HelpdeskCodeIssued, Actor::Session(admin));
        audit::record(&transaction, core, event.to_account(id, &account.email)).await?;
        outbox::service::announce(&transaction, core, &account, Notice::HelpdeskCodeIssued).await?;
        database::commit(transaction).await?;
        once::seal(core, admin, &for_account(id), vec![code])
    }
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
        account.filter(|account| account.audience == audience.as_str()).ok_or(AppError::NotFound)
    }

    /// Records that a code was used, and announces it by mail.
    async fn told(
        &self,
        db: &DatabaseTransaction,
        session: &Session,
        used: &recovery_code::Model,
        purpose: &str,
    ) -> Result<(), AppError> {
        let (action, notice) = if used.kind == CodeKind::Helpdesk.as_str() {
            (Action::HelpdeskCodeUsed, Notice::HelpdeskCodeUsed)
        } else {
            let left = recovery_codes::count_left(db, session.account_id).await?;
            (Action::RecoveryCodeUsed, Notice::RecoveryCodeUsed(left))
        };
        audit::record(db, &self.0, Event::new(action, Actor::Session(session)).with(purpose)).await?;
        outbox::service::announce_to(db, &self.0, session.account_id, &session.email, notice).await
    }
}

fn words(used: &recovery_code::Model) -> &'static str {
    if used.kind == CodeKind::Helpdesk.as_str() { "helpdesk code" } else { "recovery code" }
}

/// A code as it is stored.
pub fn row(core: &Core, account: Uuid, kind: CodeKind, code: &str, expires_at: Option<i64>) -> recovery_code::Model {
    recovery_code::Model {
        id: Uuid::now_v7(),
        account_id: account,
        kind: kind.as_str().to_owned(),
        code_hash: code_hash(core, account, code),
        created_at: core.clock.now(),
        expires_at,
        used_at: None,
    }
}
