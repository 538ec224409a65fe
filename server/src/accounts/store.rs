//! Queries about accounts and the set-up link.

use super::search_words;
use crate::{
    entity::{account, email_key::EmailKey, stored::Stored},
    error::Error,
};
use app::{language::types::Language, login::types::Audience};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement,
    Value,
    sea_query::{Alias, Expr},
};
use uuid::Uuid;

/// One account.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, Error> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

/// The account of an audience with an address.
pub async fn by_email(
    db: &impl ConnectionTrait,
    audience: Audience,
    email: &EmailKey,
) -> Result<Option<account::Model>, Error> {
    Ok(account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(audience)))
        .filter(account::Column::EmailKey.eq(email.clone()))
        .one(db)
        .await?)
}

/// Whether there is any account at all.
pub async fn any(db: &impl ConnectionTrait) -> Result<bool, Error> {
    Ok(account::Entity::find().count(db).await? > 0)
}

/// How many accounts of an audience can sign in.
pub async fn count_active(db: &impl ConnectionTrait, audience: Audience) -> Result<u32, Error> {
    let active = account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(audience)))
        .filter(account::Column::DisabledAt.is_null());
    Ok(u32::try_from(active.count(db).await?).unwrap_or(u32::MAX))
}

/// Notes that a link in a message gave the account a new password, or that another factor was proved since.
pub async fn set_reset_by_mail(db: &impl ConnectionTrait, id: Uuid, at: Option<i64>) -> Result<(), Error> {
    change(db, id, account::ActiveModel { reset_by_mail_at: Set(at), ..Default::default() }).await
}

/// Changes some columns of an account. Nothing is read back.
async fn change(db: &impl ConnectionTrait, id: Uuid, change: account::ActiveModel) -> Result<(), Error> {
    account::Entity::update_many().set(change).filter(account::Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// The administrators who can sign in.
pub async fn active_admins(db: &impl ConnectionTrait) -> Result<Vec<account::Model>, Error> {
    Ok(account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(Audience::Admin)))
        .filter(account::Column::DisabledAt.is_null())
        .order_by_asc(account::Column::Id)
        .all(db)
        .await?)
}

/// Stores a new account, with the words that it is found by.
pub async fn insert(db: &impl ConnectionTrait, model: account::Model) -> Result<(), Error> {
    let (id, words) = (model.id, search_words::words_of(&model.name, &model.email));
    let mut row = account::ActiveModel::from(model).reset_all();
    row.search_bits = Set(search_words::bits_of(&words));
    account::Entity::insert(row).exec_without_returning(db).await?;
    put_words(db, words.into_iter().map(|word| (id, word)).collect()).await
}

/// Stores another name or address of an account, with the words that it is found by.
pub async fn set_name_and_email(db: &impl ConnectionTrait, id: Uuid, name: &str, email: &str) -> Result<(), Error> {
    let words = search_words::words_of(name, email);
    let changed = account::ActiveModel {
        search_bits: Set(search_words::bits_of(&words)),
        name_key: Set(name.to_lowercase()),
        name: Set(name.to_owned()),
        email: Set(email.to_owned()),
        email_key: Set(EmailKey::of(email)),
        ..Default::default()
    };
    change(db, id, changed).await?;
    let sql = "DELETE FROM account_word WHERE account_id = $1";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into()])).await?;
    put_words(db, words.into_iter().map(|word| (id, word)).collect()).await
}

/// Stores words of accounts that have none yet. What lists are sorted and filtered by is copied beside each word, so
/// that a search reads one index and nothing else; triggers keep the copies true.
pub async fn put_words(db: &impl ConnectionTrait, words: Vec<(Uuid, String)>) -> Result<(), Error> {
    // PostgreSQL takes 65,535 values in a statement, SQLite half of it.
    for some in words.chunks(10_000) {
        let places: Vec<_> = (1..=some.len()).map(|n| format!("(${}, ${})", 2 * n - 1, 2 * n)).collect();
        let sql = format!(
            "WITH v (id, word) AS (VALUES {}) \
             INSERT INTO account_word \
             (audience, word, account_id, enrolled, name_key, email_key, created_at, last_sign_in_key) \
             SELECT a.audience, v.word, a.id, a.enrolled, a.name_key, a.email_key, a.created_at, a.last_sign_in_key \
             FROM v JOIN account a ON a.id = v.id",
            places.join(", ")
        );
        let values = some.iter().flat_map(|(id, word)| [Value::from(*id), Value::from(word.clone())]);
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// The administrators who can sign in, each locked until the transaction ends. Locked in the order of their ids, so
/// that two such transactions wait for each other instead of deadlocking; SQLite has one writer at a time anyway.
pub async fn lock_active_admins(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, Error> {
    let admins = account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(Audience::Admin)))
        .filter(account::Column::DisabledAt.is_null())
        .order_by_asc(account::Column::Id)
        .lock_exclusive()
        .all(db)
        .await?;
    Ok(admins.into_iter().map(|admin| admin.id).collect())
}

/// Removes an account, and by the tables' own rules whatever refers to it. Tells whether it was there.
pub async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, Error> {
    Ok(account::Entity::delete_by_id(id).exec(db).await?.rows_affected > 0)
}

/// Stops an account, or lets it sign in again. Tells whether that changed anything.
pub async fn set_disabled(db: &impl ConnectionTrait, id: Uuid, at: Option<i64>) -> Result<bool, Error> {
    let disabled = account::Column::DisabledAt;
    let done = account::Entity::update_many()
        .col_expr(disabled, Expr::value(at))
        .filter(account::Column::Id.eq(id))
        .filter(if at.is_some() { disabled.is_null() } else { disabled.is_not_null() })
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Opens the lock of the second factor, unless as many failures as this switched it off.
pub async fn unlock_factor(db: &impl ConnectionTrait, id: Uuid, switched_off_at: i32) -> Result<(), Error> {
    account::Entity::update_many()
        .col_expr(account::Column::FactorFailures, Expr::value(0))
        .col_expr(Alias::new("factor_clears"), Expr::cust("factor_clears + 1"))
        .col_expr(account::Column::FactorLockedUntil, Expr::value(None::<i64>))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::FactorFailures.lt(switched_off_at))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes a finished sign-in, and with `forgets_reset` that a password by mail needs no other factor beside it.
pub async fn note_sign_in(db: &impl ConnectionTrait, id: Uuid, now: i64, forgets_reset: bool) -> Result<(), Error> {
    let reset_by_mail_at = if forgets_reset { Set(None) } else { NotSet };
    change(db, id, account::ActiveModel { last_sign_in_at: Set(Some(now)), reset_by_mail_at, ..Default::default() })
        .await
}

/// Notes that a stronger second factor is not to be suggested any more.
pub async fn dismiss_suggestion(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<(), Error> {
    change(db, id, account::ActiveModel { suggestion_dismissed_at: Set(Some(now)), ..Default::default() }).await
}

/// Stores the language that was chosen.
pub async fn set_language(db: &impl ConnectionTrait, id: Uuid, language: Language) -> Result<(), Error> {
    change(db, id, account::ActiveModel { language: Set(Some(Stored(language))), ..Default::default() }).await
}

/// Stores a new password hash.
pub async fn set_password_hash(db: &impl ConnectionTrait, id: Uuid, hash: String) -> Result<(), Error> {
    change(db, id, account::ActiveModel { password_hash: Set(hash), ..Default::default() }).await
}

/// Begins the grace period of an account, unless it began before. Tells whether this call did.
pub async fn begin_grace(db: &impl ConnectionTrait, account: Uuid, ends_at: i64) -> Result<bool, Error> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::GraceEndsAt, Expr::value(ends_at))
        .filter(account::Column::Id.eq(account))
        .filter(account::Column::GraceEndsAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the grace period of an account for good.
pub async fn end_grace(db: &impl ConnectionTrait, account: Uuid, now: i64) -> Result<(), Error> {
    account::Entity::update_many()
        .col_expr(account::Column::GraceEndsAt, Expr::value(now))
        .filter(account::Column::Id.eq(account))
        .exec(db)
        .await?;
    Ok(())
}
