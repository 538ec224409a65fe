//! `countersign doctor`: tries out whatever the server needs.

use super::Outcome;
use server::{
    doctor::examine,
    platform::{
        clock::SystemClock,
        config::{Settings, site_address},
    },
};

/// Prints one line a finding.
pub async fn run(settings: &Settings) -> Outcome {
    let findings = examine(settings, site_address()?, &SystemClock { ahead: 0 }).await;
    for finding in &findings {
        println!("{finding}");
    }
    let bad = findings.iter().filter(|finding| finding.answer.is_err()).count();
    if bad == 0 { Ok(()) } else { Err(format!("{bad} of {} findings are problems", findings.len()).into()) }
}
