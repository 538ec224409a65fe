//! The rules of reading the audit log.

use super::store::{self, Filter, Place};
use crate::{
    core::Core,
    entity::audit_event::Model,
    platform::clock::{second_text, start_of_day},
};
use app::{
    audit::{
        port::AuditPort,
        types::{AuditEvent, AuditList, AuditQuery, Outcome},
    },
    error::{AppError, Problem},
    validate::{self, Check, EMAIL_MAX},
};
use async_trait::async_trait;
use std::{str::FromStr, sync::Arc};
use uuid::Uuid;

/// How many events a page shows.
pub const PAGE: usize = 50;

/// The audit log.
pub struct Audit(pub Arc<Core>);

#[async_trait]
impl AuditPort for Audit {
    async fn list(&self, query: &AuditQuery) -> Result<AuditList, AppError> {
        read(&self.0, &filter(query)?, query).await
    }
}

/// A page of what an account did and what was done to it.
///
/// # Errors
/// When the database fails.
pub async fn of_account(core: &Core, account: Uuid, query: &AuditQuery) -> Result<AuditList, AppError> {
    read(core, &Filter { account_id: Some(account), ..Filter::default() }, query).await
}

/// The page of a query.
async fn read(core: &Core, filter: &Filter, query: &AuditQuery) -> Result<AuditList, AppError> {
    if let Some(event) = event_of(core, &query.after).await? {
        let mut rows = page(core, filter, Place::After(event.at, event.id)).await?;
        // Fewer are the beginning of the log, which is shown whole.
        if rows.len() > PAGE {
            rows.remove(0);
            return Ok(list(rows, true, true));
        }
    }
    let place = match event_of(core, &query.before).await? {
        Some(event) => Place::Before(event.at, event.id),
        None => Place::Newest,
    };
    let mut rows = page(core, filter, place).await?;
    let older = rows.len() > PAGE;
    rows.truncate(PAGE);
    Ok(list(rows, matches!(place, Place::Before(..)), older))
}

/// One event more than a page, to see whether there are any.
async fn page(core: &Core, filter: &Filter, place: Place) -> Result<Vec<Model>, AppError> {
    Ok(store::page(&core.db, filter, place, PAGE as u64 + 1).await?)
}

async fn event_of(core: &Core, id: &str) -> Result<Option<Model>, AppError> {
    match id.parse() {
        Ok(id) => Ok(store::by_id(&core.db, id).await?),
        Err(_) => Ok(None),
    }
}

fn list(rows: Vec<Model>, newer: bool, older: bool) -> AuditList {
    AuditList {
        newer: rows.first().filter(|_| newer).map(|row| row.id),
        older: rows.last().filter(|_| older).map(|row| row.id),
        events: rows.into_iter().map(event).collect(),
    }
}

/// An event as administrators see it.
pub fn event(row: Model) -> AuditEvent {
    AuditEvent {
        id: row.id,
        time: second_text(row.at),
        action: row.action.to_string(),
        account: row.actor,
        subject: row.subject,
        address: row.address,
        succeeded: row.outcome.0 == Outcome::Success,
        details: row.details,
    }
}

/// The filter of a query.
///
/// # Errors
/// `Invalid` by field.
pub fn filter(query: &AuditQuery) -> Result<Filter, AppError> {
    let mut check = Check::default();
    let filter = Filter {
        account_id: None,
        account: check.take("account", validate::optional_line(&query.account, EMAIL_MAX)),
        action: check.take("action", choice(&query.action)),
        outcome: check.take("outcome", choice(&query.outcome)),
        from: check.take("from", day(&query.from)),
        until: check.take("to", day(&query.to)).map(|start| start + 86_400),
    };
    check.done()?;
    Ok(filter)
}

fn choice<T: FromStr>(text: &str) -> Result<Option<T>, Problem> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Problem::NotAChoice) }
}

fn day(text: &str) -> Result<Option<i64>, Problem> {
    if text.is_empty() { Ok(None) } else { start_of_day(text).map(Some).ok_or(Problem::NotADate) }
}
