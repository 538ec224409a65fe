//! Fills an empty database with customers, entries, events and messages, and tells how long lists, the audit log, the
//! dashboard, the pages that count people, and signing in take there.
//! `cargo run --release -p server --example scale -- sqlite:///tmp/scale.db?mode=rwc 1000000`. Each measured line is: what,
//! milliseconds (the median of several runs), how many times as long as looking up one account by its id, and how many
//! rows it has.

#[path = "../insides/mod.rs"]
mod insides;
mod lists;
mod pages;
mod sign_ins;

use sea_orm::EntityTrait;
use server::{
    accounts::store,
    entity::account,
    platform::{
        clock::{Clock, SystemClock},
        database,
    },
    providers::memory::MemorySender,
    seed::{Plan, fill},
};
use std::{error::Error, sync::Arc, time::Instant};

/// Runs of each measurement.
const RUNS: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(url), Some(rows)) = (args.next(), args.next()) else {
        return Err("which database, and how many customers, events and messages?".into());
    };
    let (url, rows) = (url, rows.parse()?);
    let clock = SystemClock { ahead: 0 };
    let db = database::open(&url).await?;
    let began = Instant::now();
    let plan = Plan { customers: rows, entries: rows / 3, audit: rows, messages: rows, seed: 1, now: clock.now() };
    fill(&db, &plan).await?;
    println!("{:<58} {:8.3} s", "filling it", began.elapsed().as_secs_f64());
    // On fresh connections, without what filling left in their memory.
    db.close().await?;
    let mail = Arc::new(MemorySender::default());
    let core = insides::core(database::open(&url).await?, Arc::new(clock), mail.clone())?;

    let some = account::Entity::find().one(&core.db).await?.ok_or("there is no account")?.id;
    let look_up = median(async || Ok(usize::from(store::by_id(&core.db, some).await?.is_some()))).await?.0;
    let tell = Tell { look_up };
    tell.line("look up one account by its id", (look_up, 1));
    lists::measure(&core, &tell).await?;
    pages::measure(&core, &plan, &tell).await?;
    sign_ins::measure(&core, &mail, &tell).await
}

/// Writes the lines.
struct Tell {
    look_up: f64,
}

impl Tell {
    /// What took how many milliseconds, and how many rows were found.
    fn line(&self, what: &str, (time, found): (f64, usize)) {
        println!("{what:<58} {time:8.3} ms {:>7}  {found} rows", format!("x{:.0}", time / self.look_up));
    }
}

/// Runs something some times: the median in milliseconds without the first time, and what it found.
async fn median(run: impl AsyncFn() -> Result<usize, Box<dyn Error>>) -> Result<(f64, usize), Box<dyn Error>> {
    let mut found = run().await?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        found = run().await?;
        times.push(milliseconds(began));
    }
    Ok((middle(times), found))
}

/// The middle one of them.
fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}
