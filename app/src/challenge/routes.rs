//! Where a proof is given, by its purpose. The features own the addresses.

use super::types::Purpose;
use crate::{login::types::Audience, step_up::routes::with_way_back};

/// Where a page that waits for a code hears how far its message is.
pub const EVENTS_PATH: &str = "/api/challenge/events";

/// The page that asks for the code. `sent` says there that a new one was sent; `to` is where a step-up leads back to.
pub fn code_page(audience: Audience, purpose: Purpose, to: &str, sent: bool) -> String {
    match (purpose, sent) {
        (Purpose::SignIn, false) => audience.code_path().to_owned(),
        (Purpose::SignIn, true) => format!("{}?sent=1", audience.code_path()),
        (Purpose::Enroll, false) => audience.verify_path().to_owned(),
        (Purpose::Enroll, true) => format!("{}?sent=1", audience.verify_path()),
        (Purpose::StepUp, false) => with_way_back(audience.confirm_code_path(), audience, to),
        (Purpose::StepUp, true) => format!("{}&sent=1", with_way_back(audience.confirm_code_path(), audience, to)),
    }
}

/// The page that offers the other methods.
pub fn methods_page(audience: Audience, purpose: Purpose, to: &str) -> String {
    match purpose {
        Purpose::StepUp => with_way_back(audience.confirm_methods_path(), audience, to),
        Purpose::SignIn | Purpose::Enroll => audience.methods_path().to_owned(),
    }
}

/// The page that takes a recovery code.
pub fn recovery_page(audience: Audience, purpose: Purpose, to: &str) -> String {
    match purpose {
        Purpose::StepUp => with_way_back(audience.confirm_recovery_path(), audience, to),
        Purpose::SignIn | Purpose::Enroll => audience.recovery_path().to_owned(),
    }
}
