//! Queries about sessions.

use crate::{
    entity::{account, enrollment, session, stored::Stored},
    entries::{store::has_entry, whose::Whose},
    error::Error,
    platform::database::old_rows,
    rules::{Rules, policies::allows, rules_of, store::all_as_text},
};
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::Expr,
};
use uuid::Uuid;

/// Stores a new session.
pub async fn insert(db: &impl ConnectionTrait, model: session::Model) -> Result<(), Error> {
    // Without an answer that would be read before it is committed: see the counters of `platform/throttle.rs`.
    session::Entity::insert(session::ActiveModel::from(model).reset_all()).exec_without_returning(db).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct WithSettings {
    #[sea_orm(nested)]
    session: session::Model,
    settings: Option<String>,
    allowed: bool,
    has_entry: bool,
}

/// A session with what decides what it may do.
pub struct Found {
    /// The session.
    pub session: session::Model,
    /// Its account.
    pub account: account::Model,
    /// Whether its audience may use two-factor authentication.
    pub allowed: bool,
    /// Whether the account has an entry, which can be used or not.
    pub has_entry: bool,
    /// The settings of now.
    pub rules: Rules,
}

/// The session of a token, whatever its age, with what decides what it may do, in one statement.
pub async fn by_token(db: &impl ConnectionTrait, token_hash: &str) -> Result<Option<Found>, Error> {
    let account =
        session::Entity::belongs_to(account::Entity).from(session::Column::AccountId).to(account::Column::Id).into();
    let found = session::Entity::find()
        .column_as(all_as_text(), "settings")
        .column_as(allows(account::Column::Audience), "allowed")
        .column_as(has_entry(session::Column::AccountId), "has_entry")
        .filter(session::Column::TokenHash.eq(token_hash))
        .join(JoinType::InnerJoin, account)
        .select_also(account::Entity)
        .into_model::<WithSettings, account::Model>()
        .one(db)
        .await?;
    Ok(found.and_then(|(WithSettings { session, settings, allowed, has_entry }, account)| {
        Some(Found { session, account: account?, allowed, has_entry, rules: rules_of(&settings.unwrap_or_default()) })
    }))
}

/// Whether a session is still there that waits for its code, or is signed in.
pub async fn is_alive(db: &impl ConnectionTrait, id: Uuid, waiting: bool, now: i64) -> Result<bool, Error> {
    let found = session::Entity::find_by_id(id)
        .filter(session::Column::SignedIn.eq(!waiting))
        .filter(session::Column::ExpiresAt.gt(now));
    Ok(found.count(db).await? > 0)
}

/// Notes that a session was used.
pub async fn touch(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<(), Error> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Turns a session that waits for its code into a signed-in one with a new token. Tells whether it did.
pub async fn finish(
    db: &impl ConnectionTrait,
    id: Uuid,
    token_hash: String,
    now: i64,
    expires_at: i64,
) -> Result<bool, Error> {
    let change = session::ActiveModel {
        token_hash: Set(token_hash),
        signed_in: Set(true),
        last_seen_at: Set(now),
        expires_at: Set(expires_at),
        stepped_up_at: Set(Some(now)),
        factor_proved_at: Set(Some(now)),
        ..Default::default()
    };
    let done = session::Entity::update_many()
        .set(change)
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::SignedIn.eq(false))
        .filter(session::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// When a session proved its password for a step-up, if its code is still missing.
pub async fn password_proved_at(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<i64>, Error> {
    Ok(session::Entity::find_by_id(id).one(db).await?.and_then(|session| session.password_proved_at))
}

/// Gives a signed-in session a new token. Tells whether the session was there.
pub async fn rotate(db: &impl ConnectionTrait, id: Uuid, token_hash: String) -> Result<bool, Error> {
    change(db, id, session::ActiveModel { token_hash: Set(token_hash), ..Default::default() }).await
}

/// The same, with its password proved and the code still missing.
pub async fn prove_password(db: &impl ConnectionTrait, id: Uuid, token_hash: String, now: i64) -> Result<bool, Error> {
    let proved =
        session::ActiveModel { token_hash: Set(token_hash), password_proved_at: Set(Some(now)), ..Default::default() };
    change(db, id, proved).await
}

/// The same, with all its factors proved: a second factor too, or the password alone where there is no other.
pub async fn step_up(
    db: &impl ConnectionTrait,
    id: Uuid,
    token_hash: String,
    now: i64,
    by_factor: bool,
) -> Result<bool, Error> {
    let proved = session::ActiveModel {
        token_hash: Set(token_hash),
        password_proved_at: Set(None),
        stepped_up_at: Set(Some(now)),
        factor_proved_at: if by_factor { Set(Some(now)) } else { NotSet },
        ..Default::default()
    };
    change(db, id, proved).await
}

/// Notes that a session proved a second factor, by setting one up.
pub async fn note_factor(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<(), Error> {
    change(db, id, session::ActiveModel { factor_proved_at: Set(Some(now)), ..Default::default() }).await.map(|_| ())
}

/// Ends the sign-ins of an account that wait for their code, and makes its sessions forget a password that was proved
/// for a step-up.
pub async fn end_waiting(db: &impl ConnectionTrait, whose: Whose) -> Result<(), Error> {
    session::Entity::delete_many()
        .filter(whose.holds(session::Column::AccountId))
        .filter(session::Column::SignedIn.eq(false))
        .exec(db)
        .await?;
    session::Entity::update_many()
        .set(session::ActiveModel { password_proved_at: Set(None), ..Default::default() })
        .filter(whose.holds(session::Column::AccountId))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends the sessions that were opened by the password alone, of the accounts of an audience that have an entry. One
/// may stay.
pub async fn end_unproved(db: &impl ConnectionTrait, audience: Audience, keep: Option<Uuid>) -> Result<(), Error> {
    let enrolled = enrollment::Entity::find().select_only().column(enrollment::Column::AccountId).into_query();
    let accounts = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Audience.eq(Stored(audience)))
        .filter(account::Column::Id.in_subquery(enrolled))
        .into_query();
    end_unproved_where(db, Condition::all().add(session::Column::AccountId.in_subquery(accounts)), keep).await
}

/// The same of the accounts whose entry for a secondary auth is back.
pub async fn end_unproved_of(db: &impl ConnectionTrait, whose: Whose, keep: Option<Uuid>) -> Result<(), Error> {
    end_unproved_where(db, whose.holds(session::Column::AccountId), keep).await
}

async fn end_unproved_where(db: &impl ConnectionTrait, whose: Condition, keep: Option<Uuid>) -> Result<(), Error> {
    let mut unproved = session::Entity::delete_many()
        .filter(session::Column::SignedIn.eq(true))
        .filter(session::Column::FactorProvedAt.is_null())
        .filter(whose);
    if let Some(keep) = keep {
        unproved = unproved.filter(session::Column::Id.ne(keep));
    }
    unproved.exec(db).await?;
    Ok(())
}

async fn change(db: &impl ConnectionTrait, id: Uuid, change: session::ActiveModel) -> Result<bool, Error> {
    let done = session::Entity::update_many()
        .set(change)
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::SignedIn.eq(true))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends a session.
pub async fn end(db: &impl ConnectionTrait, id: Uuid) -> Result<(), Error> {
    session::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// The living sessions of an account that are signed in, the last used one first.
pub async fn of_account(db: &impl ConnectionTrait, account: Uuid, now: i64) -> Result<Vec<session::Model>, Error> {
    Ok(session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::SignedIn.eq(true))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::LastSeenAt)
        .order_by_desc(session::Column::Id)
        .all(db)
        .await?)
}

/// Ends one session of an account. Tells whether it was there.
pub async fn end_one(db: &impl ConnectionTrait, account: Uuid, id: Uuid) -> Result<bool, Error> {
    let done = session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all sessions of an account but one, also those that wait for their code. Tells how many ended.
pub async fn end_others(db: &impl ConnectionTrait, account: Uuid, keep: Option<Uuid>) -> Result<u64, Error> {
    let mut others = session::Entity::delete_many().filter(session::Column::AccountId.eq(account));
    if let Some(keep) = keep {
        others = others.filter(session::Column::Id.ne(keep));
    }
    Ok(others.exec(db).await?.rows_affected)
}

/// Removes some of the sessions that ended by themselves. Tells how many there were.
pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Result<u64, Error> {
    old_rows::remove_some::<session::Entity>(db, session::Column::Id, session::Column::ExpiresAt, now + 1).await
}
