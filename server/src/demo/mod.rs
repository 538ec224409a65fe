//! The demo: sample accounts, an SMTP server on loopback and a mailbox page. Nothing of it exists under `serve`.

mod gateway;
mod mailbox;
mod page;
mod samples;

pub use gateway::{form as gateway_form, serve as serve_gateway};
pub use mailbox::{Mailbox, listen};
pub use page::routes;
pub use samples::{SAMPLES, fill, make_ready};
