//! Fills a database with many customers, and measures what their list costs.
//!
//! `cargo run --release -p server --example many_accounts -- --accounts 1000000 --measure` uses a SQLite file in the
//! folder for temporary files and keeps it for the next run; `--database` names another database. Each measured line is:
//! what, milliseconds (the median of several runs), how many times as long as looking up one account by its id, and how
//! many accounts the page shows of how many.

use app::{
    login::types::Audience,
    ui::messages,
    users::{
        port::UsersPort,
        types::{AccountList, ListQuery, Total},
    },
};
use clap::Parser;
use sea_orm::{DatabaseConnection, EntityTrait};
use server::{
    accounts::store,
    core::{Core, Outbox},
    entity::account,
    platform::{
        brand::Brand,
        clock::{Clock, SystemClock},
        database,
        passwords::Passwords,
        reach::Reach,
        vault::Vault,
    },
    providers::memory::MemorySender,
    seed::{Plan, fill, first_name, last_name},
    users::service::Users,
};
use std::{error::Error, sync::Arc, time::Instant};

/// One account in so many has an entry.
const ENROLLED: u32 = 1_000;
/// Runs of a measurement.
const RUNS: usize = 7;

/// Fills a database with many customers, and measures what their list costs.
#[derive(Parser)]
struct Args {
    /// How many customers there shall be.
    #[arg(long, default_value_t = 1_000_000)]
    accounts: u32,
    /// The database; a SQLite file by default.
    #[arg(long)]
    database: Option<String>,
    /// Measure.
    #[arg(long)]
    measure: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let file = std::env::temp_dir().join("countersign-many-accounts.db");
    let url = args.database.unwrap_or_else(|| format!("sqlite://{}?mode=rwc", file.display()));
    let db = database::open(&url).await?;
    let customers = args.accounts;
    let now = SystemClock { ahead: 0 }.now();
    let plan = Plan { customers, entries: customers / ENROLLED, audit: 0, messages: 0, seed: 1, now };
    fill(&db, &plan).await?;
    db.close().await?;
    if args.measure {
        measure(database::open(&url).await?).await?;
    }
    Ok(())
}

/// Prints what the list costs, line by line.
async fn measure(db: DatabaseConnection) -> Result<(), Box<dyn Error>> {
    let core = Arc::new(Core {
        db,
        clock: Arc::new(SystemClock { ahead: 0 }),
        vault: Vault::new(1, &[1; 32]),
        passwords: Passwords::with_cost(8, 1),
        mail: Arc::new(MemorySender::default()),
        tokens: server::providers::smtp::token::Tokens::new(Reach::default()),
        sms: Arc::new(server::providers::sms::Vendors::new(Reach::default())),
        brand: Brand::named("Configio"),
        public_url: "http://127.0.0.1:3000".parse()?,
        outbox: Outbox::default(),
        templates: Default::default(),
        reach: Reach::default(),
        past_set_up: std::sync::Mutex::default(),
        smtp_defaults: app::services::types::SmtpForm::default(),
        sms_defaults: app::services::sms::SmsForm::default(),
    });
    let users = Users(core.clone());
    let some = account::Entity::find().one(&core.db).await?.ok_or("there is no account")?;
    let look_up = median(async || store::by_id(&core.db, some.id).await.map(|_| ())).await?;
    println!("{:<58} {look_up:8.3} ms      x1", "look up one account by its id");
    let mut worst: f64 = 0.0;
    for (what, query) in queries(&users).await? {
        let time = median(async || page(&users, &query).await.map(|_| ())).await?;
        let AccountList { rows, total, .. } = page(&users, &query).await?;
        let total = match total {
            Total::Exactly(count) => format!("{count}"),
            Total::MoreThan(count) => format!("more than {count}"),
        };
        println!("{what:<58} {time:8.3} ms {:>7}  {} of {total}", format!("x{:.0}", time / look_up), rows.len());
        worst = worst.max(time);
    }
    println!("{:<58} {worst:8.3} ms {:>7}", "slowest page", format!("x{:.0}", worst / look_up));
    Ok(())
}

async fn page(users: &Users, query: &ListQuery) -> Result<AccountList, String> {
    users.list(Audience::Customer, query).await.map_err(|error| messages::error(&error))
}

/// What is measured: each way to search with each filter, in each order, at the beginning and at the end.
async fn queries(users: &Users) -> Result<Vec<(String, ListQuery)>, Box<dyn Error>> {
    let mut all = Vec::new();
    let first = first_name(0);
    let searches = [
        ("no search", String::new()),
        ("one letter", "m".to_owned()),
        ("two letters", "zo".to_owned()),
        ("a common first name", first.clone()),
        ("a common domain", "bigmail".to_owned()),
        ("a rare name", last_name(59_998)),
        ("nobody", "qqq".to_owned()),
        ("two common words", format!("{first} bigmail")),
        ("two letters of two words", "m s".to_owned()),
        ("two common words that never meet", "bigmail company".to_owned()),
    ];
    for (search_name, search) in searches {
        for factor in ["all", "enrolled", "not-enrolled", "locked"] {
            for sort in ["name", "email", "last-sign-in", "created"] {
                let query = ListQuery {
                    search: search.clone(),
                    factor: factor.to_owned(),
                    sort: sort.to_owned(),
                    order: "asc".to_owned(),
                    ..ListQuery::default()
                };
                let turned = ListQuery { order: "desc".to_owned(), ..query.clone() };
                // The end of the list: after the last row but fifty, which begins the second page from behind.
                let end = page(users, &turned).await?.next.map(|place| query.after(&place));
                all.push((format!("{search_name}, {factor}, by {sort}"), query));
                all.extend(end.map(|end| (format!("{search_name}, {factor}, by {sort}, last page"), end)));
            }
        }
    }
    Ok(all)
}

/// The median of several runs in milliseconds.
async fn median<E>(run: impl AsyncFn() -> Result<(), E>) -> Result<f64, E> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        run().await?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[RUNS / 2])
}
