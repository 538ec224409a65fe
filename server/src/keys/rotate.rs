//! Replaces the keys: a new outer key wraps all data keys and a new one of these, which everything is sealed with then.
//! Each step is whole or not done, and what was interrupted is taken up by beginning again.

use crate::{
    audit::{self, Actor, Event},
    core::Core,
    entity::data_key,
    error::Error,
    platform::{
        database,
        vault::{
            Key, KeySource,
            table::{self, HASH},
        },
    },
};
use app::audit::types::Action;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// A rotation that has begun.
#[derive(Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The id of the outer key.
    pub outer: i32,
    /// The id of the data key that seals from now on.
    pub data_key: i32,
    /// Whether it was begun before, and interrupted.
    pub resumed: bool,
}

/// Begins a rotation, or finds the one that was interrupted. The file has the new key before the database needs it.
///
/// # Errors
/// When the key is not the one of this database; where its source has to be changed by hand; when the database fails.
pub async fn begin(core: &Core, source: &KeySource) -> Result<Rotation, Error> {
    // Of two at the same time the second finds what the first has begun.
    let transaction = database::begin_alone(&core.db).await?;
    let rows = table::all(&transaction).await?;
    let newest = rows.last().filter(|row| row.id != HASH).ok_or_else(|| Error::broken("there are no keys yet"))?;
    let used = table::wrapped_by(newest)?;
    if newest.finished_at.is_none() {
        database::rollback(transaction).await?;
        core.vault.load(&core.db).await?;
        return Ok(Rotation { outer: used, data_key: newest.id, resumed: true });
    }
    let mut outer = source.read()?;
    let keys = rows.iter().map(|row| Ok((row.id, table::unwrap(source, &outer, row)?)));
    let keys = keys.collect::<Result<Vec<_>, Error>>()?;
    if outer.keys().all(|id| *id <= used) {
        outer.insert(used + 1, Key::random());
        source.replace(&outer)?;
    }
    let latest = outer.last_key_value().ok_or_else(|| Error::broken("there is no key"))?;
    for (id, key) in &keys {
        data_key::Entity::update_many()
            .col_expr(data_key::Column::Wrapped, Expr::value(table::wrap(latest, *id, key)?))
            .filter(data_key::Column::Id.eq(*id))
            .exec(&transaction)
            .await?;
    }
    let (now, id) = (core.clock.now(), newest.id + 1);
    table::insert(&transaction, latest, id, &Key::random(), now, None).await?;
    record(&transaction, core, Action::KeyRotated, format!("key {}, data key {id}", latest.0)).await?;
    database::commit(transaction).await?;
    core.vault.load(&core.db).await?;
    Ok(Rotation { outer: *latest.0, data_key: id, resumed: false })
}

/// Ends a rotation after everything was sealed anew: a file loses the outer keys from before.
///
/// # Errors
/// When the file cannot be written or the database fails.
pub async fn finish(core: &Core, source: &KeySource, rotation: &Rotation) -> Result<(), Error> {
    if matches!(source, KeySource::File(_)) {
        let mut outer = source.read()?;
        outer.retain(|id, _| *id >= rotation.outer);
        source.replace(&outer)?;
    }
    data_key::Entity::update_many()
        .col_expr(data_key::Column::FinishedAt, Expr::value(core.clock.now()))
        .filter(data_key::Column::Id.eq(rotation.data_key))
        .filter(data_key::Column::FinishedAt.is_null())
        .exec(&core.db)
        .await?;
    Ok(())
}

/// Gives a database new keys after the loss of the outer one. Nothing opens what was sealed before, and no recovery code
/// of before is right. The caller has seen that the key is lost.
///
/// # Errors
/// When the new key cannot be stored or the database fails.
pub async fn start_over(core: &Core, source: &KeySource) -> Result<(), Error> {
    let transaction = database::begin_alone(&core.db).await?;
    let outer = source.read_or_create()?;
    let latest = outer.last_key_value().ok_or_else(|| Error::broken("there is no key"))?;
    // Its id is new, so that nothing of before is taken for its own.
    let id = table::all(&transaction).await?.last().map_or(1, |row| row.id.max(1)) + 1;
    let now = core.clock.now();
    data_key::Entity::delete_many().exec(&transaction).await?;
    table::insert(&transaction, latest, HASH, &Key::random(), now, Some(now)).await?;
    table::insert(&transaction, latest, id, &Key::random(), now, Some(now)).await?;
    record(&transaction, core, Action::KeyReplaced, format!("data key {id}")).await?;
    database::commit(transaction).await
}

async fn record(db: &impl ConnectionTrait, core: &Core, action: Action, details: String) -> Result<(), Error> {
    let event = Event::new(action, Actor::CommandLine).with(details);
    audit::record(db, core, event).await.map_err(|_| Error::broken("the rotation cannot be recorded"))
}
