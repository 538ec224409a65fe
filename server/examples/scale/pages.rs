//! The audit log, the dashboard, and the pages that count people.

use crate::{
    Tell,
    insides::{administrator, words},
    median, milliseconds,
};
use app::{
    audit::{port::AuditPort, types::AuditQuery},
    dashboard::port::DashboardPort,
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::port::ServicesPort,
};
use futures_util::TryStreamExt;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use server::{
    audit::service::Audit,
    audit_export::export,
    core::Core,
    dashboard::service::{Dashboards, note},
    entity::audit_event,
    platform::clock::day_text,
    policy::service::Policies,
    secondary_auth::service::SecondaryAuths,
    seed::{Plan, SERVICE, address_of, first_name},
    services::service::Services,
};
use std::{error::Error, sync::Arc, time::Instant};

/// Each of these pages, and what runs once a day.
pub async fn measure(core: &Arc<Core>, plan: &Plan, tell: &Tell) -> Result<(), Box<dyn Error>> {
    let admin = administrator()?;
    let audit = Audit(core.clone());
    let oldest = audit_event::Entity::find().order_by_asc(audit_event::Column::At).offset(500).one(&core.db).await?;
    let oldest = oldest.ok_or("there are no events")?;
    for name in ["newest", "account", "common", "nobody", "action", "outcome", "rare", "time", "deep", "all"] {
        let query = query(name, plan, &oldest);
        let page = async || Ok(audit.list(&query).await.map_err(words)?.events.len());
        tell.line(&format!("audit log: {name}"), median(page).await?);
    }
    let dashboard = Dashboards(core.clone());
    let overview = async || Ok(dashboard.overview(&admin).await.map_err(words)?.days.len());
    tell.line("dashboard", median(overview).await?);
    let manager = Policies(core.clone());
    let policies = async || Ok(manager.overview().await.map_err(words)?.policies.len());
    tell.line("Services Manager", median(policies).await?);
    let auths = SecondaryAuths(core.clone());
    tell.line("secondary authentications", median(async || Ok(auths.list().await.map_err(words)?.len())).await?);
    let services = Services(core.clone());
    let form = async || services.get(SERVICE).await.map(|_| 1).map_err(|error| words(error).into());
    tell.line("form of a service", median(form).await?);
    let counted = async || note(core).await.map(|()| 1).map_err(|error| words(error).into());
    tell.line("counting all accounts, once a day", median(counted).await?);
    let began = Instant::now();
    let lines = export(core.clone(), &admin, &AuditQuery::default()).await.map_err(words)?;
    let bytes = lines.try_fold(0, async |sum, part| Ok(sum + part.len())).await.map_err(|_| "the export failed")?;
    tell.line(&format!("export of the audit log, {} MB", bytes / 1_000_000), (milliseconds(began), 1));
    Ok(())
}

fn query(name: &str, plan: &Plan, oldest: &audit_event::Model) -> AuditQuery {
    let mut query = AuditQuery::default();
    match name {
        "account" => query.account = address_of(plan, plan.customers / 8),
        "common" => query.account = "m".to_owned(),
        "nobody" => query.account = "zoe@".to_owned(),
        "action" => query.action = "entry_added".to_owned(),
        "outcome" => query.outcome = "failure".to_owned(),
        "rare" => (query.action, query.outcome) = ("code_sent".to_owned(), "failure".to_owned()),
        "time" => query.to = day_text(oldest.at),
        "deep" => query.before = oldest.id.to_string(),
        "all" => {
            query.account = first_name(200);
            (query.action, query.outcome) = ("password_refused".to_owned(), "failure".to_owned());
        }
        _ => {}
    }
    query
}
