//! The settings and policies as every room reads them.

pub mod policies;
pub mod store;

pub use app::configuration::rules::Rules;

use crate::{audit::Actor, core::Core, error::Error};
use app::configuration::types::Setting;
use sea_orm::ConnectionTrait;

/// The settings as they are now.
pub async fn rules(core: &Core) -> Result<Rules, Error> {
    rules_in(&core.db).await
}

/// The settings as the request of an actor found them; an actor without a request reads them.
pub async fn rules_for(core: &Core, actor: Actor<'_>) -> Result<Rules, Error> {
    match actor {
        Actor::Session(session) | Actor::Asking(session) => Ok(session.rules.clone()),
        _ => rules(core).await,
    }
}

/// The settings within a transaction.
pub async fn rules_in(db: &impl ConnectionTrait) -> Result<Rules, Error> {
    let rows = store::all(db).await?;
    Ok(rows.iter().filter_map(|row| known(&row.key, &row.value)).collect())
}

/// The settings of a [`store::all_as_text`].
pub fn rules_of(text: &str) -> Rules {
    text.split(' ').filter_map(|pair| pair.split_once('=')).filter_map(|(key, value)| known(key, value)).collect()
}

/// What another version stored, or somebody by hand, counts as not stored.
fn known(key: &str, value: &str) -> Option<(Setting, u32)> {
    Some((key.parse().ok()?, value.parse().ok()?))
}
