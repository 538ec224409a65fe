//! Service providers: the external channels with their settings.

pub mod api;
pub mod day;
mod day_page;
pub mod names;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod presets;
mod questions;
pub mod routes;
mod save_buttons;
pub mod sign_in;
pub mod sms;
pub mod sms_page;
mod smtp_page;
pub mod types;
