//! The statements of a test.

use super::Fixture;
use std::sync::{Arc, Mutex, PoisonError};

/// The statements that a fixture sends to its database, without their values.
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// What was sent since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Watches the statements of a fixture that is not in use yet.
pub fn watch_statements(fixture: &mut Fixture) -> Statements {
    let statements = Statements::default();
    let seen = statements.clone();
    let core = Arc::get_mut(&mut fixture.core).expect("nobody else has the fixture");
    core.db.set_metric_callback(move |info| {
        seen.0.lock().unwrap_or_else(PoisonError::into_inner).push(info.statement.sql.clone());
    });
    statements
}
