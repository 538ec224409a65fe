//! What everything stands on: the time, the settings of the process, the database, the key, password hashing, counters,
//! and what may be contacted.

pub mod clock;
pub mod config;
pub mod database;
pub mod open_files;
pub mod passwords;
pub mod phone;
pub mod private;
pub mod reach;
pub mod secret;
pub mod signals;
pub mod template;
pub mod throttle;
pub mod turns;
pub mod vault;
