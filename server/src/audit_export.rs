//! The audit log as CSV (RFC 4180), row by row: at no time are more than some of the rows in memory.

use crate::{
    audit::{
        Actor, Event, service,
        store::{self, Filter, Place},
    },
    core::Core,
    entity::audit_event::Model,
    error::internal,
    outbox::alert,
};
use app::{
    audit::types::{Action, AuditQuery},
    caller::Session,
    error::AppError,
};
use csv::{Terminator, Writer, WriterBuilder};
use futures_util::{Stream, stream};
use std::{borrow::Cow, sync::Arc};

/// How many events are read at a time.
const BATCH: u64 = 1_000;

/// The names of the columns.
const HEAD: [&str; 8] = ["id", "time_utc", "action", "account", "about", "address", "outcome", "details"];

/// Records the export, announces it and begins it. Every item holds some lines; the first one begins with the names of the columns.
///
/// # Errors
/// `Invalid` by field for a filter that cannot be read; a database that fails later ends the stream.
pub async fn export(
    core: Arc<Core>,
    admin: &Session,
    query: &AuditQuery,
) -> Result<impl Stream<Item = Result<Vec<u8>, AppError>> + Send + use<>, AppError> {
    let filter = service::filter(query)?;
    let asked: Vec<_> = query.filter().into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let details = asked.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ");
    let details = if details.is_empty() { "all events".to_owned() } else { details };
    alert::record(&core.db, &core, Event::new(Action::AuditExported, Actor::Session(admin)).with(details)).await?;
    Ok(stream::try_unfold(Some(Place::Newest), move |place| {
        let (core, filter) = (core.clone(), filter.clone());
        async move {
            match place {
                Some(place) => batch(&core, &filter, place).await.map(Some),
                None => Ok(None),
            }
        }
    }))
}

/// The next lines, and where the ones after them begin.
async fn batch(core: &Core, filter: &Filter, place: Place) -> Result<(Vec<u8>, Option<Place>), AppError> {
    let rows = store::page(&core.db, filter, place, BATCH).await?;
    let full = rows.len() as u64 == BATCH;
    let next = rows.last().filter(|_| full).map(|row| Place::Before(row.at, row.id));
    let mut lines = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    if matches!(place, Place::Newest) {
        lines.write_record(HEAD).map_err(internal)?;
    }
    for row in &rows {
        write(&mut lines, row).map_err(internal)?;
    }
    Ok((lines.into_inner().map_err(internal)?, next))
}

fn write(lines: &mut Writer<Vec<u8>>, row: &Model) -> Result<(), csv::Error> {
    let time = jiff::Timestamp::from_second(row.at).map(|time| time.to_string()).unwrap_or_default();
    let id = row.id.to_string();
    let [actor, subject, address, details] =
        [&row.actor, &row.subject, &row.address, &row.details].map(|text| text.as_deref().unwrap_or_default());
    let fields = [&id, &time, row.action.as_str(), actor, subject, address, row.outcome.0.as_str(), details];
    lines.write_record(fields.map(|field| harmless(field).into_owned()))
}

/// Spreadsheets take a cell that begins like this for a formula, and would run it.
fn harmless(field: &str) -> Cow<'_, str> {
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{field}").into() } else { field.into() }
}
