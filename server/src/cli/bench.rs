//! `countersign bench`: fills a database to measure by.

use super::{Outcome, open_core};
use clap::{Args, Subcommand};
use server::{
    platform::{
        clock::{Clock, SystemClock},
        config::Settings,
        progress::grouped,
    },
    seed::{Plan, fill},
};

#[derive(Subcommand)]
pub enum BenchCommand {
    /// Fill a database with made-up customers, entries and audit events. Refuses one that has accounts of real people.
    Seed(SeedArgs),
}

#[derive(Args)]
pub struct SeedArgs {
    /// How many customers there shall be.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000)]
    customers: u32,
    /// How many entries they shall have.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_200_000)]
    entries: u32,
    /// How many audit events there shall be.
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000_000)]
    audit: u32,
    /// How many messages there shall be.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    messages: u32,
    /// Another seed makes other names.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// Runs one of them.
pub async fn run(settings: &Settings, command: BenchCommand) -> Outcome {
    let BenchCommand::Seed(args) = command;
    let SeedArgs { customers, entries, audit, messages, seed } = args;
    // With its key, so that a server can be started on it.
    let core = open_core(settings, 0).await?;
    let now = SystemClock { ahead: 0 }.now();
    fill(&core.db, &Plan { customers, entries, audit, messages, seed, now }).await?;
    let [customers, entries, audit, messages] = [customers, entries, audit, messages].map(|n| grouped(u64::from(n)));
    println!(
        "The database has {customers} customers, {entries} entries, {audit} audit events and {messages} messages."
    );
    Ok(())
}
