//! The configuration as one file: service providers, secondary auths, policies and settings, without secrets. It is
//! written by `countersign config export` and applied by `countersign config import`.

mod entry;
mod export;
mod import;
mod parse;
mod report;
#[cfg(test)]
mod tests;

pub use export::export;
pub use import::{ImportError, import};
pub use parse::BadInput;
pub use report::{Change, Report};
