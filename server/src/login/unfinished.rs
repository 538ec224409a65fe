//! Right passwords whose code never came: whoever gave one may not be the account's owner, who is told then.
//!
//! Told is what stays unfinished until no code can come any more. A sign-in from the same place that is completed, or any
//! that is where the browser was known before, shows that it was the same person. And an account is told once a day at
//! most: what comes meanwhile waits, and is told together.

use crate::{
    accounts::{factor::lock_account, store::by_id},
    audit::{self, Actor, Event},
    core::Core,
    entity::half_sign_in::{self, Column, Entity},
    error::Error,
    outbox::notice::{Addressee, Place, announce_at},
    platform::{database, throttle},
};
use app::{audit::types::Action, caller::Origin, delivery::notice::Notice, error::AppError};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Seconds for which an account is told no more.
pub const QUIET: i64 = 86_400;
/// Seconds after which it is looked at again whether the account may be told.
const AGAIN: i64 = 3_600;
/// How many accounts are looked at in one go.
const SOME: u64 = 100;
/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(60);

/// Notes that a password was right and that its code is waited for, until a time.
pub async fn note(
    db: &impl ConnectionTrait,
    (account_id, session_id): (Uuid, Uuid),
    origin: &Origin,
    known: bool,
    (began_at, due_at): (i64, i64),
) -> Result<(), Error> {
    let row = half_sign_in::Model {
        session_id,
        account_id,
        began_at,
        due_at,
        address: origin.address.to_string(),
        network: origin.network().to_string(),
        user_agent: origin.user_agent.clone(),
        known,
    };
    half_sign_in::Entity::insert(half_sign_in::ActiveModel::from(row).reset_all()).exec_without_returning(db).await?;
    Ok(())
}

/// Forgets what the one who has just signed in left unfinished.
pub async fn withdraw(db: &impl ConnectionTrait, account: Uuid, origin: &Origin) -> Result<(), Error> {
    let same_place =
        Column::Network.eq(origin.network().to_string()).and(Column::UserAgent.eq(origin.user_agent.as_str()));
    Entity::delete_many()
        .filter(Column::AccountId.eq(account))
        .filter(Column::Known.eq(true).or(same_place))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets all of an account: its password is another one.
pub async fn forget(db: &impl ConnectionTrait, account: Uuid) -> Result<(), Error> {
    Entity::delete_many().filter(Column::AccountId.eq(account)).exec(db).await?;
    Ok(())
}

/// Tells what is due, for as long as the process lives.
pub async fn run(core: Arc<Core>) {
    loop {
        if let Err(error) = tell_due(&core).await {
            tracing::warn!(?error, "unfinished sign-ins could not be told; trying again in a minute");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Tells the accounts of what is due.
pub async fn tell_due(core: &Core) -> Result<(), AppError> {
    let accounts: Vec<Uuid> = Entity::find()
        .filter(Column::DueAt.lte(core.clock.now()))
        .select_only()
        .column(Column::AccountId)
        .distinct()
        .limit(SOME)
        .into_tuple()
        .all(&core.db)
        .await
        .map_err(Error::from)?;
    for account in accounts {
        tell(core, account).await?;
    }
    Ok(())
}

/// Tells one account of what is due, unless it was told lately. Several servers do it one after the other.
async fn tell(core: &Core, id: Uuid) -> Result<(), AppError> {
    let now = core.clock.now();
    if throttle::counted(&core.db, &told(id), now, QUIET).await? > 0 {
        let later = Entity::update_many().col_expr(Column::DueAt, Expr::value(now + AGAIN));
        later.filter(due(id, now)).exec(&core.db).await.map_err(Error::from)?;
        return Ok(());
    }
    let transaction = database::begin(&core.db).await?;
    lock_account(&transaction, id).await?;
    let rows = Entity::find().filter(due(id, now)).order_by_asc(Column::BeganAt).all(&transaction).await;
    let rows = rows.map_err(Error::from)?;
    Entity::delete_many().filter(due(id, now)).exec(&transaction).await.map_err(Error::from)?;
    let account = by_id(&transaction, id).await?.filter(|account| account.disabled_at.is_none());
    if let (Some(account), Some(last)) = (account, rows.last()) {
        throttle::count(&transaction, &told(id), now, QUIET).await?;
        let times = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let event = Event::failure(Action::SignInUnfinished, Actor::Server).to_account(id, &account.email);
        audit::record(&transaction, core, event.with(format!("from {}, times: {times}", last.address))).await?;
        let place = Place { at: last.began_at, address: &last.address, user_agent: &last.user_agent, language: None };
        announce_at(&transaction, core, Addressee::from(&account), Some(place), Notice::Unfinished(times)).await?;
    }
    Ok(database::commit(transaction).await?)
}

fn due(account: Uuid, now: i64) -> sea_orm::Condition {
    sea_orm::Condition::all().add(Column::AccountId.eq(account)).add(Column::DueAt.lte(now))
}

fn told(account: Uuid) -> String {
    format!("told-unfinished:{account}")
}
