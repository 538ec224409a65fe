//! Browsers that have signed in to an account before (device cookies, OWASP "Slow Down Online Guessing Attacks with
//! Device Cookies"): their wrong passwords count by themselves, so that strangers, who need to know no more than an
//! address, cannot keep its owner out. Such a browser skips neither the password nor the second factor.

use crate::{
    core::Core,
    entity::{known_browser, trusted_device},
    error::Error,
    platform::{
        clock::SKEW,
        database::old_rows,
        vault::{self, token_hash},
    },
};
use app::caller::{KnownBrowser, Token};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// Seconds for which a browser is known after its last sign-in. Browsers keep no cookie for longer.
pub const LIFETIME: i64 = 400 * 86_400;
/// How many browsers an account is known in; those beyond are forgotten when the tables are tidied.
const MOST: u64 = 50;

/// By which id the wrong passwords of a browser count for an account; nothing for a stranger. A browser that the
/// account trusts is known as well. Asks the same for an account that does not exist, so that the time tells nothing.
pub async fn counted_by(
    db: &impl ConnectionTrait,
    account: Option<Uuid>,
    browser: &KnownBrowser,
    trust: Option<&str>,
    now: i64,
) -> Result<Option<Uuid>, Error> {
    let account = account.unwrap_or_default();
    if let Some(token) = &browser.0
        && let Some(row) =
            known_browser::Entity::find().filter(living(account, &token_hash(token), now)).one(db).await?
    {
        return Ok(Some(row.id));
    }
    let Some(trust) = trust.map(token_hash) else { return Ok(None) };
    let trusted = trusted_device::Entity::find()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::TokenHash.eq(&trust).or(trusted_device::Column::PreviousHash.eq(&trust)))
        .filter(trusted_device::Column::ExpiresAt.gt(now))
        .one(db)
        .await?;
    Ok(trusted.map(|device| device.id))
}

/// The row by which an account knows a browser.
fn living(account: Uuid, token_hash: &str, now: i64) -> Condition {
    Condition::all()
        .add(known_browser::Column::AccountId.eq(account))
        .add(known_browser::Column::TokenHash.eq(token_hash))
        .add(known_browser::Column::LastUsedAt.gt(now - LIFETIME))
        .add(known_browser::Column::CreatedAt.lte(now + SKEW))
}

/// Remembers that this browser has completed a sign-in. A browser that is new to the account gets a token that nobody
/// can have given it before, and stays known to its other accounts by that one.
pub async fn remember(
    db: &impl ConnectionTrait,
    core: &Core,
    account: Uuid,
    browser: &KnownBrowser,
) -> Result<Token, Error> {
    let now = core.clock.now();
    let shown = browser.0.as_deref().map(|secret| (secret, token_hash(secret)));
    let kept = |secret: &str| Token { secret: secret.to_owned(), max_age: Some(LIFETIME) };
    if let Some((secret, hash)) = &shown {
        let used = known_browser::Entity::update_many()
            .col_expr(known_browser::Column::LastUsedAt, Expr::value(now))
            .filter(living(account, hash, now))
            .exec(db)
            .await?;
        if used.rows_affected > 0 {
            return Ok(kept(secret));
        }
    }
    let secret = vault::new_token();
    let new_hash = token_hash(&secret);
    if let Some((_, hash)) = shown {
        known_browser::Entity::update_many()
            .col_expr(known_browser::Column::TokenHash, Expr::value(new_hash.clone()))
            .filter(known_browser::Column::TokenHash.eq(hash))
            .exec(db)
            .await?;
        // What was dead for this account has taken the place that is needed now.
        known_browser::Entity::delete_many()
            .filter(known_browser::Column::AccountId.eq(account))
            .filter(known_browser::Column::TokenHash.eq(&new_hash))
            .exec(db)
            .await?;
    }
    let row = known_browser::Model {
        id: Uuid::now_v7(),
        account_id: account,
        token_hash: new_hash,
        created_at: now,
        last_used_at: now,
    };
    known_browser::Entity::insert(known_browser::ActiveModel::from(row).reset_all()).exec_without_returning(db).await?;
    Ok(kept(&secret))
}

/// Forgets the browsers of all accounts beyond the most that each is known in.
pub async fn trim_all(db: &impl ConnectionTrait) -> Result<(), Error> {
    let accounts: Vec<Uuid> = known_browser::Entity::find()
        .select_only()
        .column(known_browser::Column::AccountId)
        .group_by(known_browser::Column::AccountId)
        .having(known_browser::Column::Id.count().gt(MOST))
        .into_tuple()
        .all(db)
        .await?;
    for account in accounts {
        trim(db, account).await?;
    }
    Ok(())
}

async fn trim(db: &impl ConnectionTrait, account: Uuid) -> Result<(), Error> {
    let beyond: Vec<Uuid> = known_browser::Entity::find()
        .filter(known_browser::Column::AccountId.eq(account))
        .order_by_desc(known_browser::Column::LastUsedAt)
        .order_by_desc(known_browser::Column::Id)
        .offset(MOST)
        .limit(MOST)
        .select_only()
        .column(known_browser::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    if beyond.is_empty() {
        return Ok(());
    }
    known_browser::Entity::delete_many().filter(known_browser::Column::Id.is_in(beyond)).exec(db).await?;
    Ok(())
}

/// Forgets all browsers of an account: whoever sat at one of them may know the old password.
pub async fn forget_all(db: &impl ConnectionTrait, account: Uuid) -> Result<(), Error> {
    known_browser::Entity::delete_many().filter(known_browser::Column::AccountId.eq(account)).exec(db).await?;
    Ok(())
}

/// Removes some of the browsers that were last used before a time. Tells how many there were.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<u64, Error> {
    let (id, at) = (known_browser::Column::Id, known_browser::Column::LastUsedAt);
    old_rows::remove_some::<known_browser::Entity>(db, id, at, before).await
}
