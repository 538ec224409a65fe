//! Fills an empty database with a million customers, events and deliveries, and tells how long the audit log, the
//! dashboard and the pages that count people take. `cargo run --release -p server --example scale --
//! sqlite:///tmp/scale.db?mode=rwc`. Each measured line is: what, milliseconds (the median of several runs), how many
//! times as long as looking up one account by its id, and how many rows it has.

use app::{
    audit::{port::AuditPort, types::AuditQuery},
    caller::{KnownBrowser, Origin, Session, Stage},
    configuration::rules::Rules,
    dashboard::port::DashboardPort,
    language::types::Language,
    login::types::Audience,
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::SmtpForm},
};
use futures_util::TryStreamExt;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use server::{
    accounts::store,
    audit::service::Audit,
    audit_export::export,
    core::{Core, Outbox},
    dashboard::service::{Dashboards, note},
    entity::{account, audit_event},
    platform::{
        brand::Brand,
        clock::{Clock, SystemClock, day_text},
        database,
        passwords::Passwords,
        reach::Reach,
        vault::Vault,
    },
    policy::service::Policies,
    providers::memory::MemorySender,
    secondary_auth::service::SecondaryAuths,
    seed::{Plan, SERVICE, address_of, fill, first_name},
    services::service::Services,
};
use std::{error::Error, net::IpAddr, sync::Arc, time::Instant};
use uuid::Uuid;

/// How many rows each table has.
const ROWS: u32 = 1_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("which database? It must be an empty one.")?;
    let clock = SystemClock { ahead: 0 };
    let db = database::open(&url).await?;
    let began = Instant::now();
    let plan = Plan { customers: ROWS, entries: ROWS / 3, audit: ROWS, messages: ROWS, seed: 1, now: clock.now() };
    fill(&db, &plan).await?;
    println!("{:<28} {:>8.1} s", "filling it", began.elapsed().as_secs_f64());
    let core = Arc::new(Core {
        db,
        clock: Arc::new(clock),
        vault: Vault::new(1, &[1; 32]),
        passwords: Passwords::with_cost(8, 1),
        mail: Arc::new(MemorySender::default()),
        tokens: server::providers::smtp::token::Tokens::new(Reach::default()),
        sms: Arc::new(server::providers::sms::Vendors::new(Reach::default())),
        brand: Brand::named("Configio"),
        public_url: "https://id.example.org".parse()?,
        outbox: Outbox::default(),
        templates: Default::default(),
        reach: Reach::default(),
        past_set_up: std::sync::Mutex::default(),
        smtp_defaults: SmtpForm::default(),
        sms_defaults: app::services::sms::SmsForm::default(),
    });
    let admin = administrator();
    let audit = Audit(core.clone());
    let oldest = audit_event::Entity::find().order_by_asc(audit_event::Column::At).offset(1_000).one(&core.db).await?;
    let oldest = oldest.ok_or("there are no events")?;
    let some = account::Entity::find().one(&core.db).await?.ok_or("there is no account")?.id;
    let look_up = median(async || usize::from(store::by_id(&core.db, some).await.is_ok())).await.0;
    println!("{:<58} {look_up:8.3} ms      x1", "look up one account by its id");
    let tell = |name: &str, (time, found): (f64, usize)| {
        println!("{name:<58} {time:8.3} ms {:>7}  {found} rows", format!("x{:.0}", time / look_up));
    };
    for name in ["newest", "account", "common", "nobody", "action", "outcome", "rare", "time", "deep", "all"] {
        let query = query(name, &plan, &oldest);
        let page = async || audit.list(&query).await.map(|list| list.events.len()).unwrap_or_default();
        tell(&format!("audit log: {name}"), median(page).await);
    }
    let dashboard = Dashboards(core.clone());
    tell(
        "dashboard",
        median(async || dashboard.overview(&admin).await.map(|d| d.days.len()).unwrap_or_default()).await,
    );
    let manager = Policies(core.clone());
    tell(
        "Services Manager",
        median(async || manager.overview().await.map(|m| m.policies.len()).unwrap_or_default()).await,
    );
    let auths = SecondaryAuths(core.clone());
    tell(
        "secondary authentications",
        median(async || auths.list().await.map(|list| list.len()).unwrap_or_default()).await,
    );
    let services = Services(core.clone());
    tell("form of a service", median(async || usize::from(services.get(SERVICE).await.is_ok())).await);
    tell("counting all accounts, once a day", median(async || usize::from(note(&core).await.is_ok())).await);
    let began = Instant::now();
    let lines = export(core, &admin, &AuditQuery::default()).await.map_err(|_| "the export failed")?;
    let bytes = lines.try_fold(0, async |sum, part| Ok(sum + part.len())).await.map_err(|_| "the export failed")?;
    println!("{:<28} {:>8.1} s, {} MB", "export", began.elapsed().as_secs_f64(), bytes / 1_000_000);
    Ok(())
}

/// Runs something some times: the median in milliseconds without the first time, and what it found.
async fn median(run: impl AsyncFn() -> usize) -> (f64, usize) {
    let mut found = run().await;
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        found = run().await;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    (times[2], found)
}

fn query(name: &str, plan: &Plan, oldest: &audit_event::Model) -> AuditQuery {
    let mut query = AuditQuery::default();
    match name {
        "account" => query.account = address_of(plan, 123_456),
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

fn administrator() -> Session {
    Session {
        id: Uuid::nil(),
        account_id: Uuid::nil(),
        audience: Audience::Admin,
        stage: Stage::SignedIn,
        name: "Ada".to_owned(),
        language: None,
        email: "ada@example.org".to_owned(),
        stepped_up: true,
        grace_days_left: None,
        origin: Origin {
            address: IpAddr::from([127, 0, 0, 1]),
            user_agent: "scale".to_owned(),
            language: Language::En,
            known: KnownBrowser::default(),
            scripted: false,
        },
        rules: Rules::default(),
    }
}
