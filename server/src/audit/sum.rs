//! What is refused over a limit is no line each: a network that goes on would write as many as it likes. It is
//! counted, and one line tells the sum.

use super::{Actor, Event, record};
use crate::{
    core::Core,
    error::Error,
    platform::{clock::second_text, database, throttle},
};
use app::{
    audit::types::Action,
    caller::{KnownBrowser, Origin},
    error::AppError,
    language::types::Language,
};

/// Seconds from the first refusal that a line sums up until it is written.
pub const WINDOW: i64 = 900;
/// Sums are taken long before their counter would begin again.
const NEVER: i64 = 30 * 86_400;
/// How the names of these counters begin.
const PREFIX: &str = "refused:";

/// Counts a refusal over a limit.
pub async fn sum(core: &Core, action: Action, origin: &Origin) -> Result<(), Error> {
    let key = format!("{PREFIX}{}:{}", action.as_str(), origin.network());
    throttle::count(&core.db, &key, core.clock.now(), NEVER).await?;
    Ok(())
}

/// Writes a line for each network and action of which a refusal is older than the window.
pub async fn write_sums(core: &Core) -> Result<(), AppError> {
    let now = core.clock.now();
    let transaction = database::begin(&core.db).await?;
    for counter in throttle::take(&transaction, PREFIX, now - WINDOW, now).await? {
        let Some((action, network)) = counter.key[PREFIX.len()..].split_once(':') else { continue };
        let (Ok(action), Ok(address)) = (action.parse::<Action>(), network.parse()) else { continue };
        let origin = Origin {
            address,
            user_agent: String::new(),
            known: KnownBrowser::default(),
            language: Language::En,
            scripted: false,
        };
        let details = format!("over a limit: {} since {}", counter.count, second_text(counter.started_at));
        record(&transaction, core, Event::failure(action, Actor::Stranger(&origin)).with(details)).await?;
    }
    Ok(database::commit(transaction).await?)
}
