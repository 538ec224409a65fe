//! Fills a database with many customers, and measures what their list costs.
//!
//! `cargo run --release -p server --example many_accounts -- --accounts 1000000 --measure` uses a SQLite file in the
//! folder for temporary files and keeps it for the next run; `--database` names another database. Each measured line is:
//! what, milliseconds (the median of several runs), how many times as long as looking up one account by its id, and how
//! many accounts the page shows of how many.

use app::{
    login::types::Audience,
    services::types::Channel,
    ui::messages,
    users::{
        port::UsersPort,
        types::{AccountList, ListQuery, Total},
    },
};
use clap::Parser;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait};
use server::{
    accounts::{search_words::words_of, store},
    core::{Core, Outbox},
    entity::{account, email_key::EmailKey, enrollment, secondary_auth, service_provider, stored::Stored},
    platform::{
        clock::{Clock, SystemClock},
        database,
        passwords::Passwords,
        reach::Reach,
        vault::Vault,
    },
    providers::memory::MemorySender,
    users::service::Users,
};
use std::{error::Error, sync::Arc, time::Instant};
use uuid::Uuid;

/// Accounts in one statement.
const BATCH: u32 = 1_000;
/// One account in so many has an entry.
const ENROLLED: u32 = 1_000;
/// One account in so many is locked.
const LOCKED: u32 = 20_000;
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
    fill(&db, args.accounts).await?;
    db.close().await?;
    if args.measure {
        measure(database::open(&url).await?).await?;
    }
    Ok(())
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % sides
    }

    /// Small numbers are much more likely, as with names.
    fn roll_low(&mut self, sides: u32) -> u32 {
        let (a, b) = (self.roll(sides), self.roll(sides));
        (u64::from(a) * u64::from(b) / u64::from(sides)) as u32
    }
}

const SYLLABLES: [&str; 40] = [
    "ma", "an", "jo", "la", "sa", "el", "mi", "ka", "be", "ri", "da", "no", "li", "ta", "ro", "ha", "ne", "vi", "so",
    "mo", "de", "pa", "lu", "fe", "ge", "wi", "ti", "os", "ba", "ke", "er", "ul", "ha", "fo", "ca", "pe", "ju", "bo",
    "xa", "zo",
];

fn syllables(mut number: u32, count: u32) -> String {
    let mut name = String::new();
    for _ in 0..count {
        name.push_str(SYLLABLES[number as usize % SYLLABLES.len()]);
        number /= SYLLABLES.len() as u32;
    }
    name
}

fn title(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// Brings the customers to the wanted number.
async fn fill(db: &DatabaseConnection, wanted: u32) -> Result<(), server::error::Error> {
    let there = account::Entity::find().count(db).await? as u32;
    if there >= wanted {
        println!("{there} accounts");
        return Ok(());
    }
    let began = Instant::now();
    let auth = offer_mail(db).await?;
    let now = SystemClock { ahead: 0 }.now();
    let mut dice = Dice(u64::from(there) + 1);
    let mut number = there;
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    // One transaction with the database in memory: the rows of an index are written to all its places.
    let transaction = database::begin(db).await?;
    if sqlite {
        transaction.execute_unprepared("PRAGMA cache_size = -2000000").await?;
    }
    while number < wanted {
        let end = (number + BATCH).min(wanted);
        let accounts: Vec<_> = (number..end).map(|n| customer(&mut dice, n, now - i64::from(wanted - n))).collect();
        let rows = accounts.iter().map(|one| account::ActiveModel::from(one.clone()).reset_all());
        account::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
        let words =
            accounts.iter().flat_map(|one| words_of(&one.name, &one.email).into_iter().map(|word| (one.id, word)));
        store::put_words(&transaction, words.collect()).await?;
        let entries = (number..end).zip(&accounts).filter(|(n, _)| n % ENROLLED == 7).map(|(_, one)| {
            let entry = enrollment::Model {
                id: Uuid::now_v7(),
                account_id: one.id,
                secondary_auth_id: auth,
                destination: Some(one.email.clone()),
                added_at: now,
                last_used_at: None,
                secret: None,
                last_step: None,
                preferred: false,
            };
            enrollment::ActiveModel::from(entry).reset_all()
        });
        enrollment::Entity::insert_many(entries).exec_without_returning(&transaction).await?;
        number = end;
    }
    database::commit(transaction).await?;
    if !sqlite {
        // As it does by itself after a while.
        db.execute_unprepared("VACUUM ANALYZE").await?;
    }
    println!("{wanted} accounts, made in {} s", began.elapsed().as_secs());
    Ok(())
}

fn customer(dice: &mut Dice, number: u32, created_at: i64) -> account::Model {
    let first = syllables(dice.roll_low(400), 3);
    let last = syllables(dice.roll(60_000) + 1, 3);
    let domain = match dice.roll(100) {
        0..40 => "bigmail.example".to_owned(),
        40..55 => "yourmail.example".to_owned(),
        other => format!("company{other}.test"),
    };
    let email = format!("{first}.{last}{number}@{domain}");
    let name = format!("{} {}", title(&first), title(&last));
    account::Model {
        id: Uuid::now_v7(),
        audience: Stored(Audience::Customer),
        email_key: EmailKey::of(&email),
        email,
        name_key: name.to_lowercase(),
        name,
        // As long as a real one; nobody signs in with it.
        password_hash: format!("$argon2id$v=19$m=19456,t=2,p=1${}", "x".repeat(66)),
        created_at,
        disabled_at: (number % 500 == 3).then_some(created_at),
        factor_failures: 0,
        factor_locked_until: (number % LOCKED == 11).then_some(i64::MAX / 2),
        last_sign_in_at: (!number.is_multiple_of(3)).then(|| created_at + i64::from(dice.roll(1_000_000))),
        grace_ends_at: None,
        suggestion_dismissed_at: None,
        reset_by_mail_at: None,
        language: None,
    }
}

/// A secondary auth for the entries.
async fn offer_mail(db: &DatabaseConnection) -> Result<Uuid, server::error::Error> {
    if let Some(auth) = secondary_auth::Entity::find().one(db).await? {
        return Ok(auth.id);
    }
    let service = service_provider::Model {
        id: Uuid::now_v7(),
        kind: Stored(Channel::Smtp),
        title: "SMTP".to_owned(),
        settings: "{}".to_owned(),
        secret: None,
        active: true,
        created_at: 0,
        redirected_at: None,
    };
    let auth =
        secondary_auth::Model { id: Uuid::now_v7(), service_id: service.id, title: "Email".to_owned(), created_at: 0 };
    service_provider::ActiveModel::from(service).reset_all().insert(db).await?;
    Ok(secondary_auth::ActiveModel::from(auth).reset_all().insert(db).await?.id)
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
        brand: "Configio".into(),
        public_url: "http://127.0.0.1:3000".parse()?,
        outbox: Outbox::default(),
        templates: Default::default(),
        reach: Reach::default(),
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
    let first = syllables(0, 3);
    let searches = [
        ("no search", String::new()),
        ("one letter", "m".to_owned()),
        ("two letters", "zo".to_owned()),
        ("a common first name", first.clone()),
        ("a common domain", "bigmail".to_owned()),
        ("a rare name", syllables(59_999, 3)),
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
