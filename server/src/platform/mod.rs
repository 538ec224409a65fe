//! What everything stands on: the time, the settings of the process, the database, the key, password hashing, counters,
//! what may be contacted, and how far a long command is.

pub mod brand;
pub mod clock;
pub mod config;
pub mod database;
pub mod loopback;
pub mod open_files;
pub mod passwords;
pub mod phone;
mod pooler;
pub mod private;
pub mod progress;
pub mod reach;
pub mod secret;
pub mod signals;
pub mod template;
pub mod throttle;
pub mod turns;
pub mod vault;
