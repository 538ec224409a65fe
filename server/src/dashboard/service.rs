//! The rules of the dashboard.

use super::{steps, store};
use crate::{
    audit,
    channel::mask,
    core::Core,
    entity::{account, breaker, delivery, protection, service_provider},
    outbox,
    platform::{
        clock::{day_text, minute_text},
        loopback::is_loopback,
        throttle,
    },
    requests, services,
};
use app::{
    audit::types::{Action, AuditEvent, Outcome},
    caller::Session,
    dashboard::{
        port::DashboardPort,
        types::{Dashboard, Day, FailedDelivery, Guide, Pause, ProviderFailure, ProviderHealth, Share},
    },
    error::AppError,
    login::types::Audience,
    services::types::Channel,
};
use async_trait::async_trait;
use std::{sync::Arc, time::Duration};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// How many days the chart shows.
const DAYS: i64 = 90;
/// With more accounts than this, counting them takes long enough to be noticed.
const QUICKLY_COUNTED: i32 = 20_000;
/// Seconds between two counts of so many accounts, over all servers.
const COUNT_PAUSE: i64 = 60;
/// How many of the last failures are shown.
const LAST: u64 = 5;
/// How many messages on their way are looked through for failures.
const RETRIED: u64 = 200;
/// How often the worker looks whether a new day has begun.
const LOOK: Duration = Duration::from_secs(600);

/// The dashboard.
pub struct Dashboards(pub Arc<Core>);

#[async_trait]
impl DashboardPort for Dashboards {
    async fn overview(&self, admin: &Session) -> Result<Dashboard, AppError> {
        let core = &self.0;
        let days = by_day(&refresh(core).await?);
        let (admins, customers) = days.last().map_or_else(Default::default, |day| (day.admins, day.customers));
        Ok(Dashboard {
            steps: steps::steps(core, admin).await?,
            approvals: number(requests::store::count_for(&core.db, admin.account_id, core.clock.now()).await?),
            public_url: core.public_url.to_string(),
            insecure: is_insecure(core),
            admins,
            customers,
            days,
            providers: self.providers().await?,
            failed_deliveries: self.failed_deliveries().await?,
            failed_sign_ins: self.failed_sign_ins().await?,
        })
    }

    async fn guide(&self, admin: &Session) -> Result<Option<Guide>, AppError> {
        steps::guide(&self.0, admin).await
    }
}

impl Dashboards {
    async fn providers(&self) -> Result<Vec<ProviderHealth>, AppError> {
        let retried = store::retried(&self.0.db, RETRIED).await?;
        let out = outbox::breaker::all_out(&self.0.db).await?;
        let mut list = Vec::new();
        for provider in services::store::all(&self.0.db).await? {
            let out = out.get(&provider.id);
            list.push(self.health(provider, &retried, out).await?);
        }
        Ok(list)
    }

    async fn health(
        &self,
        provider: service_provider::Model,
        retried: &[delivery::Model],
        out: Option<&breaker::Model>,
    ) -> Result<ProviderHealth, AppError> {
        let (db, id) = (&self.0.db, provider.id);
        let since = self.0.clock.now() - DAY;
        let given_up = store::last_failure(db, id).await?;
        // A message that is tried again has no time of its failure, but it was asked for before that.
        let retried = retried.iter().find(|row| row.service_id == Some(id));
        let time = |row: &delivery::Model| row.failed_at.unwrap_or(row.created_at);
        let last = given_up.iter().chain(retried).max_by_key(|row| time(row));
        Ok(ProviderHealth {
            id,
            title: provider.title,
            texts: provider.kind.0 == Channel::Sms,
            active: provider.active,
            paused: out.and_then(|row| {
                let (since, until) = (minute_text(row.down_since?), minute_text(row.retry_at?));
                Some(Pause { since, until })
            }),
            last_success: store::last_success(db, id).await?.map(minute_text),
            last_failure: last.map(|row| ProviderFailure {
                time: minute_text(time(row)),
                failure: row.failure.clone().map(|failure| failure.0),
            }),
            sent: number(store::sent_since(db, id, since).await?),
            failed: number(store::failed_since(db, id, since).await?),
        })
    }

    async fn failed_deliveries(&self) -> Result<Vec<FailedDelivery>, AppError> {
        let rows = store::failed(&self.0.db, LAST).await?;
        let shown = |(row, account): (delivery::Model, Option<account::Model>)| FailedDelivery {
            time: row.failed_at.map(minute_text).unwrap_or_default(),
            failure: row.failure.map(|failure| failure.0),
            // The log knows who was only invited by the address that the invitation went to.
            account: account.map_or_else(|| row.destination.clone(), |account| account.email),
            to: mask(&row.destination),
            kind: row.kind.0,
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    async fn failed_sign_ins(&self) -> Result<Vec<AuditEvent>, AppError> {
        let mut rows = Vec::new();
        for action in [Action::PasswordRefused, Action::CodeRefused] {
            let filter = audit::store::Filter {
                action: Some(action),
                outcome: Some(Outcome::Failure),
                ..audit::store::Filter::default()
            };
            let place = audit::store::Place::Newest;
            rows.extend(audit::store::page(&self.0.db, &filter, place, LAST).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
        rows.truncate(usize::try_from(LAST).unwrap_or_default());
        Ok(rows.into_iter().map(audit::service::event).collect())
    }
}

/// Notes today's figures, once a day, for as long as the process lives. Several servers may do so at once.
pub async fn run(core: Arc<Core>) {
    loop {
        let noted = match known(&core).await {
            Ok(rows) if rows.last().is_none_or(|row| row.day < this_day(&core)) => note(&core).await,
            other => other.map(|_| ()),
        };
        if noted.is_err() {
            tracing::warn!("today's figures could not be noted; trying again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Counts and stores today's figures.
pub async fn note(core: &Core) -> Result<(), AppError> {
    let rows = store::count_protection(&core.db, this_day(core)).await?;
    Ok(store::put_protection(&core.db, rows).await?)
}

/// Brings today's figures up to date, and tells those of the last days. So many accounts that counting takes a while
/// are counted now and then, and nobody waits for it: meanwhile the last figures stand for today's.
async fn refresh(core: &Arc<Core>) -> Result<Vec<protection::Model>, AppError> {
    let known = known(core).await?;
    if known.last().is_none_or(|row| row.accounts <= QUICKLY_COUNTED) {
        note(core).await?;
        return self::known(core).await;
    }
    let tries = throttle::count(&core.db, "protection", core.clock.now(), COUNT_PAUSE).await?;
    if tries == 1 {
        let core = core.clone();
        tokio::spawn(async move { note(&core).await });
    }
    Ok(known)
}

async fn known(core: &Core) -> Result<Vec<protection::Model>, AppError> {
    Ok(store::protection_since(&core.db, this_day(core) - DAYS + 1).await?)
}

fn this_day(core: &Core) -> i64 {
    core.clock.now().div_euclid(DAY)
}

/// The figures by day, oldest first.
fn by_day(rows: &[protection::Model]) -> Vec<Day> {
    let first = rows.first().map_or(0, |row| row.day);
    let share = |rows: &[protection::Model], audience: Audience| {
        let row = rows.iter().find(|row| row.audience.0 == audience);
        let count = |number: i32| u32::try_from(number).unwrap_or_default();
        row.map_or_else(Share::default, |row| Share { accounts: count(row.accounts), enrolled: count(row.enrolled) })
    };
    let day = |rows: &[protection::Model]| Day {
        offset: u32::try_from(rows[0].day - first).unwrap_or_default(),
        date: day_text(rows[0].day * DAY),
        admins: share(rows, Audience::Admin),
        customers: share(rows, Audience::Customer),
    };
    rows.chunk_by(|one, other| one.day == other.day).map(day).collect()
}

/// Whether people come from elsewhere without https.
pub fn is_insecure(core: &Core) -> bool {
    core.public_url.scheme() != "https" && !core.public_url.host().is_some_and(|host| is_loopback(&host))
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
