//! Seals stored secrets anew with the newest key, row by row, while servers go on using them.

use crate::{
    core::Core,
    entity::{approval_request, challenge, deleted_entry, delivery, enrollment, service_provider},
    error::Error,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityName, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// How many rows are read at once.
const BATCH: u64 = 100;

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values that are sealed with the newest key now.
    pub done: u64,
    /// Values that no key opens, from before an earlier key was lost. They stay as they are.
    pub unreadable: u64,
}

/// Seals everything anew that was sealed with older keys. It can end at any moment and be begun again.
///
/// # Errors
/// When the database fails.
pub async fn reseal(core: &Core) -> Result<Resealed, Error> {
    let mut all = Resealed::default();
    rows::<service_provider::Entity>(core, service_provider::Column::Id, service_provider::Column::Secret, &mut all)
        .await?;
    rows::<enrollment::Entity>(core, enrollment::Column::Id, enrollment::Column::Secret, &mut all).await?;
    rows::<deleted_entry::Entity>(core, deleted_entry::Column::Id, deleted_entry::Column::Secret, &mut all).await?;
    rows::<challenge::Entity>(core, challenge::Column::Id, challenge::Column::Secret, &mut all).await?;
    rows::<approval_request::Entity>(core, approval_request::Column::Id, approval_request::Column::Change, &mut all)
        .await?;
    rows::<delivery::Entity>(core, delivery::Column::Id, delivery::Column::Body, &mut all).await?;
    Ok(all)
}

/// How many values were sealed with other keys than this one.
pub(super) async fn waiting(db: &impl ConnectionTrait, newest: i32) -> Result<u64, DbErr> {
    let providers = service_provider::Entity::find().filter(older(service_provider::Column::Secret, newest)).count(db);
    let entries = enrollment::Entity::find().filter(older(enrollment::Column::Secret, newest)).count(db);
    let deleted = deleted_entry::Entity::find().filter(older(deleted_entry::Column::Secret, newest)).count(db);
    let requests = approval_request::Entity::find().filter(older(approval_request::Column::Change, newest)).count(db);
    let challenges = challenge::Entity::find().filter(older(challenge::Column::Secret, newest)).count(db);
    let deliveries = delivery::Entity::find().filter(older(delivery::Column::Body, newest)).count(db);
    Ok(providers.await? + entries.await? + deleted.await? + requests.await? + challenges.await? + deliveries.await?)
}

fn older(sealed: impl ColumnTrait, newest: i32) -> Condition {
    Condition::all().add(sealed.is_not_null()).add(sealed.not_like(format!("{newest}:%")))
}

/// The table whose name a secret is bound to: an entry that was deleted keeps its own.
fn bound_to(table: &str) -> &str {
    if table == deleted_entry::Entity.table_name() { enrollment::Entity.table_name() } else { table }
}

/// The rows of one table: every secret is bound to the name of its table and the id of its row.
pub(super) async fn rows<E: EntityTrait>(
    core: &Core,
    id: E::Column,
    sealed: E::Column,
    all: &mut Resealed,
) -> Result<(), Error> {
    let (newest, _) = core.vault.newest();
    let mut last = Uuid::nil();
    loop {
        let batch: Vec<(Uuid, String)> = E::find()
            .select_only()
            .column(id)
            .column(sealed)
            .filter(older(sealed, newest))
            .filter(id.gt(last))
            .order_by_asc(id)
            .limit(BATCH)
            .into_tuple()
            .all(&core.db)
            .await?;
        let Some((end, _)) = batch.last() else { return Ok(()) };
        last = *end;
        for (row, before) in batch {
            let place = format!("{}:{row}", bound_to(E::default().table_name()));
            let Ok(secret) = core.vault.open_sealed(&core.db, &place, &before).await else {
                all.unreadable += 1;
                continue;
            };
            // A value that somebody has stored meanwhile is left alone: it is newer.
            let done = E::update_many()
                .col_expr(sealed, Expr::value(core.vault.seal(&place, &secret)?))
                .filter(id.eq(row))
                .filter(sealed.eq(before))
                .exec(&core.db)
                .await?;
            all.done += done.rows_affected;
        }
    }
}
