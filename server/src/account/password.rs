//! The rules of changing one's own password.

use crate::{
    accounts::{known, password::check_own, store},
    audit::{self, Actor, Event},
    begun,
    core::Core,
    devices,
    entries::in_use,
    login::unfinished,
    outbox,
    platform::{
        database, passwords,
        vault::{self, token_hash},
    },
    sessions,
};
use app::{
    audit::types::Action,
    caller::{Session, Token},
    delivery::notice::Notice,
    error::{AppError, Problem},
    login::types::Audience,
    validate::{PASSWORD_MIN, PASSWORD_MIN_ALONE},
};
use uuid::Uuid;

/// The shortest password that the account may choose: longer where it is an administrator's only factor.
pub async fn min(core: &Core, account_id: Uuid, audience: Audience) -> Result<u32, AppError> {
    let alone = audience == Audience::Admin && in_use(core, account_id, audience).await?.is_empty();
    Ok(if alone { PASSWORD_MIN_ALONE } else { PASSWORD_MIN })
}

/// Changes the password. Whatever the old one could still open ends with it: trusted devices and links in mail; the
/// other sessions are ended by their owner, who is asked. Answers the session's new token.
pub async fn change(core: &Core, session: &Session, current: &str, new: &str) -> Result<Token, AppError> {
    let account = check_own(core, session, "current_password", current).await?;
    let refused = |problem| AppError::field("new_password", problem);
    if passwords::normal(new) == passwords::normal(current) {
        return Err(refused(Problem::Unchanged));
    }
    let min = min(core, account.id, session.audience).await?;
    passwords::check_new(new, min, &[&account.name, &account.email, &core.brand.name()]).map_err(refused)?;
    let hash = core.passwords.hash(new).await?;
    let secret = vault::new_token();
    let transaction = database::begin(&core.db).await?;
    if !sessions::store::rotate(&transaction, session.id, token_hash(&secret)).await? {
        return Err(AppError::SignInNeeded);
    }
    store::set_password_hash(&transaction, account.id, hash).await?;
    store::set_reset_by_mail(&transaction, account.id, None).await?;
    devices::store::end_all(&transaction, account.id).await?;
    known::forget_all(&transaction, account.id).await?;
    begun::end(&transaction, account.id, core.clock.now()).await?;
    unfinished::forget(&transaction, account.id).await?;
    let event = Event::new(Action::PasswordChanged, Actor::Session(session));
    audit::record(&transaction, core, event.to_account(account.id, &account.email)).await?;
    outbox::notice::announce(&transaction, core, &account, Some(&session.origin), Notice::PasswordChanged).await?;
    database::commit(transaction).await?;
    Ok(Token { secret, max_age: None })
}
