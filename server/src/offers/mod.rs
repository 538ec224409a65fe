//! What is offered: secondary auths with the service providers behind them.

pub mod deleted;
pub mod provider;
pub mod store;
pub mod texts;
