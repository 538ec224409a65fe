//! Queries about audit events. None of them changes or deletes one; the database would refuse it.

use crate::entity::audit_event::{self, Column, Entity, Model};
use app::audit::types::{Action, Outcome};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};
use uuid::Uuid;

/// Which events are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// How the address of an account begins that acted or was acted upon.
    pub account: String,
    /// What happened.
    pub action: Option<Action>,
    /// Whether it worked.
    pub outcome: Option<Outcome>,
    /// The first second.
    pub from: Option<i64>,
    /// The second after the last one.
    pub until: Option<i64>,
}

/// Where a page begins: an event's time and id, or nowhere for the newest ones.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The newest events.
    Newest,
    /// Those before an event.
    Before(i64, Uuid),
    /// Those after an event, the nearest ones.
    After(i64, Uuid),
}

/// Appends an event.
pub async fn insert(db: &impl ConnectionTrait, model: Model) -> Result<(), DbErr> {
    audit_event::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}

/// One event.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// A page of events, newest first.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, place: Place, most: u64) -> Result<Vec<Model>, DbErr> {
    let mut rows = Vec::new();
    if filter.account.is_empty() {
        rows = part(db, filter, None, place, most).await?;
    } else {
        // Each has an index of its own; the page is what both together begin with.
        for column in [Column::Actor, Column::Subject] {
            rows.extend(part(db, filter, Some(column), place, most).await?);
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    rows.dedup_by_key(|row| row.id);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if matches!(place, Place::After(..)) {
        rows.drain(..rows.len().saturating_sub(most));
    } else {
        rows.truncate(most);
    }
    Ok(rows)
}

/// The first events in one direction whose account, if a column is given, begins with what is asked for. Which ones
/// is decided within an index; only then are whole rows read.
async fn part(
    db: &impl ConnectionTrait,
    filter: &Filter,
    column: Option<Column>,
    place: Place,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let order = if matches!(place, Place::After(..)) { Order::Asc } else { Order::Desc };
    let ids = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(wanted(filter))
        .filter(from_place(place))
        .filter(column.map_or_else(Condition::all, |column| begins(column, &filter.account)))
        .order_by(Column::At, order.clone())
        .order_by(Column::Id, order)
        .limit(most)
        .into_query();
    Entity::find().filter(Column::Id.in_subquery(ids)).all(db).await
}

fn wanted(filter: &Filter) -> Condition {
    Condition::all()
        .add_option(filter.action.map(|action| Column::Action.eq(action.as_str())))
        .add_option(filter.outcome.map(|outcome| match outcome {
            // Written out, because only then does the index of failures fit.
            Outcome::Failure => Expr::cust("outcome = 'failure'"),
            Outcome::Success => Column::Outcome.eq(outcome.as_str()),
        }))
        .add_option(filter.from.map(|from| Column::At.gte(from)))
        .add_option(filter.until.map(|until| Column::At.lt(until)))
}

fn from_place(place: Place) -> Condition {
    let key = || Expr::tuple([Expr::col(Column::At), Expr::col(Column::Id)]);
    let event = |at: i64, id: Uuid| Expr::tuple([Expr::value(at), Expr::value(id)]);
    match place {
        Place::Newest => Condition::all(),
        Place::Before(at, id) => Condition::all().add(key().lt(event(at, id))),
        Place::After(at, id) => Condition::all().add(key().gt(event(at, id))),
    }
}

/// Compared in the lower case of ASCII and by bytes, as the index is.
fn begins(column: Column, text: &str) -> Condition {
    let text = text.to_ascii_lowercase();
    let key = || SimpleExpr::from(Func::lower(Expr::col(column)));
    let end = format!("{text}{}", char::MAX);
    Condition::all().add(key().gte(text)).add(key().lt(end))
}

/// The last events that an account did or that were done to it, newest first.
pub async fn last_of(db: &impl ConnectionTrait, account: Uuid, most: u64) -> Result<Vec<Model>, DbErr> {
    let mut events = Vec::new();
    // One query a column, so that each reads no more than it needs from its index.
    for column in [Column::ActorId, Column::SubjectId] {
        let newest = Entity::find().filter(column.eq(account)).order_by_desc(Column::Id).limit(most);
        events.extend(newest.all(db).await?);
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.id));
    events.dedup_by_key(|event| event.id);
    events.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(events)
}
