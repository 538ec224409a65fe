//! Queries about audit events. None of them changes one, or deletes one that is to be kept; the database would refuse it.

use crate::{
    entity::{
        audit_event::{self, Column, Entity, Model},
        stored::Stored,
    },
    error::Error,
    platform::database::old_rows,
};
use app::audit::types::{Action, Outcome};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, Statement,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

/// Where an account stands in an event: it acted, or was acted upon.
const ACCOUNT: [Column; 2] = [Column::Actor, Column::Subject];
/// From so many events on, the beginning of an address is a common one.
const COMMON: u64 = 10_000;

/// Which events are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The account that acted or was acted upon. The other conditions do not count then.
    pub account_id: Option<Uuid>,
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
pub async fn insert(db: &impl ConnectionTrait, model: Model) -> Result<(), Error> {
    // Without an answer that would be read before it is committed: see the counters of `platform/throttle.rs`.
    audit_event::Entity::insert(audit_event::ActiveModel::from(model).reset_all()).exec_without_returning(db).await?;
    Ok(())
}

/// The last event of an account that acted.
pub async fn last_by(db: &impl ConnectionTrait, actor: Uuid) -> Result<Option<Model>, Error> {
    Ok(Entity::find().filter(Column::ActorId.eq(actor)).order_by_desc(Column::Id).one(db).await?)
}

/// One event.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// A page of events, newest first.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, place: Place, most: u64) -> Result<Vec<Model>, Error> {
    if let Some(account) = filter.account_id {
        return page_of(db, account, place, most).await;
    }
    let mut rows = Vec::new();
    if filter.account.is_empty() {
        rows = whole(db, among_all(filter, Condition::all(), place, most)).await?;
    } else if is_common(db, &filter.account).await? {
        let account = ACCOUNT.into_iter().map(|column| begins(beside_index(column), &filter.account));
        let account = account.fold(Condition::any(), Condition::add);
        rows = whole(db, among_all(filter, account, place, most)).await?;
    } else {
        for column in ACCOUNT {
            rows.extend(whole(db, among_few(filter, column, place, most)).await?);
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    Ok(of_both(rows, place, most))
}

/// Of the rows that two queries found for a page, those that it has.
fn of_both(mut rows: Vec<Model>, place: Place, most: u64) -> Vec<Model> {
    rows.dedup_by_key(|row| row.id);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if matches!(place, Place::After(..)) {
        rows.drain(..rows.len().saturating_sub(most));
    } else {
        rows.truncate(most);
    }
    rows
}

/// Reads whole rows only of the events that were chosen within an index.
async fn whole(db: &impl ConnectionTrait, ids: SelectStatement) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().filter(Column::Id.in_subquery(ids)).all(db).await?)
}

/// The first events in one direction, found by walking through time.
fn among_all(filter: &Filter, account: Condition, place: Place, most: u64) -> SelectStatement {
    let mut ids = Query::select().from(Entity).cond_where(account).take();
    first(&mut ids, filter, place, most)
}

/// The same, found among the few events whose account begins with what is asked for. The limit is never reached; it
/// keeps the database from beginning with another index.
fn among_few(filter: &Filter, column: Column, place: Place, most: u64) -> SelectStatement {
    let mut few = Query::select().columns([Column::Id, Column::At]).from(Entity).limit(COMMON).take();
    if filter.action.is_some() || filter.outcome.is_some() {
        few.columns([Column::Action, Column::Outcome]);
    }
    few.cond_where(begins(within_index(column), &filter.account));
    first(Query::select().from_subquery(few, Entity), filter, place, most)
}

fn first(ids: &mut SelectStatement, filter: &Filter, place: Place, most: u64) -> SelectStatement {
    let order = if matches!(place, Place::After(..)) { Order::Asc } else { Order::Desc };
    ids.column(Column::Id)
        .cond_where(wanted(filter))
        .cond_where(from_place(place))
        .order_by(Column::At, order.clone())
        .order_by(Column::Id, order)
        .limit(most)
        .take()
}

/// Whether so many events fit that one meets them soon by walking through time, and not all of them can be sorted.
async fn is_common(db: &impl ConnectionTrait, account: &str) -> Result<bool, Error> {
    for column in ACCOUNT {
        let one_too_many: Option<i64> = Entity::find()
            .select_only()
            .column(Column::At)
            .filter(begins(within_index(column), account))
            .offset(COMMON)
            .limit(1)
            .into_tuple()
            .one(db)
            .await?;
        if one_too_many.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn wanted(filter: &Filter) -> Condition {
    Condition::all()
        .add_option(filter.action.map(|action| Column::Action.eq(action.as_str())))
        .add_option(filter.outcome.map(|outcome| match outcome {
            // Written out, because only then does the index of failures fit.
            Outcome::Failure => Expr::cust("outcome = 'failure'"),
            Outcome::Success => Column::Outcome.eq(Stored(outcome)),
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
fn begins(key: SimpleExpr, text: &str) -> Condition {
    let text = text.to_ascii_lowercase();
    let end = format!("{text}{}", char::MAX);
    Condition::all().add(key.clone().gte(text)).add(key.lt(end))
}

fn within_index(column: Column) -> SimpleExpr {
    Func::lower(Expr::col(column)).into()
}

/// The same value, but nothing that the index of accounts fits.
fn beside_index(column: Column) -> SimpleExpr {
    Expr::cust_with_expr("$1 || ''", within_index(column))
}

/// A page of what an account did or what was done to it, newest first. By ids alone, in whose order the indexes are.
pub async fn page_of(db: &impl ConnectionTrait, account: Uuid, place: Place, most: u64) -> Result<Vec<Model>, Error> {
    let mut events = Vec::new();
    // One query a column, so that each reads no more than it needs from its index.
    for column in [Column::ActorId, Column::SubjectId] {
        let found = Entity::find().filter(column.eq(account)).limit(most);
        let found = match place {
            Place::Newest => found.order_by_desc(Column::Id),
            Place::Before(_, id) => found.filter(Column::Id.lt(id)).order_by_desc(Column::Id),
            Place::After(_, id) => found.filter(Column::Id.gt(id)).order_by_asc(Column::Id),
        };
        events.extend(found.all(db).await?);
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.id));
    Ok(of_both(events, place, most))
}

/// Removes some of the events from before a time, the oldest first. Tells how many there were.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<u64, Error> {
    // The database holds events to be kept against everybody who has not said so first.
    let sql = "UPDATE audit_retention SET before = $1";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [before.into()])).await?;
    old_rows::remove_some::<Entity>(db, Column::Id, Column::At, before).await
}
