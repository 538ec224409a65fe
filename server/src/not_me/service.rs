//! The rules of saying that it was someone else: the link only stops things. It signs nobody in, gives no password and
//! skips no second factor.

use crate::{
    account::service::check_not_last_admin,
    accounts,
    audit::{self, Actor, Event},
    begun,
    core::Core,
    devices,
    entity::{
        account,
        link::{self, LinkPurpose},
    },
    error::internal,
    links,
    login::unfinished,
    outbox::{alert, notice::announce},
    password,
    platform::{clock::minute_text, database, throttle, vault},
    rules::rules,
    sessions,
};
use app::{
    audit::{names, types::Action},
    caller::Origin,
    configuration::types::Setting,
    delivery::{
        message::{NotThem, not_them_message},
        notice::Notice,
    },
    error::{AppError, Refusal},
    language::types::Language,
    login::types::Audience,
    not_me::{
        port::{NotMePort, Stopped},
        types::{Disputed, Then},
    },
};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;

/// How many dead links one network may open in the window below.
pub const DEAD_LINKS: i32 = 30;
/// That window, in seconds.
pub const WINDOW: i64 = 900;

/// Saying that it was someone else.
pub struct NotMes(pub Arc<Core>);

#[async_trait]
impl NotMePort for NotMes {
    async fn link(&self, origin: &Origin, token: &str) -> Result<Disputed, AppError> {
        let core = &self.0;
        let (link, account) = self.counted(origin, living(&core.db, core, token).await).await?;
        Ok(Disputed {
            then: then(&core.db, &link, &account).await?,
            what: what(&link)?,
            time: minute_text(link.created_at),
            email: link.email.unwrap_or_default(),
        })
    }

    async fn stop(&self, origin: &Origin, token: &str) -> Result<Stopped, AppError> {
        let core = &self.0;
        self.counted(origin, living(&core.db, core, token).await).await?;
        // A password that nobody knows: the old one is wrong from now on, and looks like any wrong one.
        let unknown = core.passwords.hash(&vault::new_token()).await?;
        let lifetime = rules(core).await?.seconds(Setting::ResetMinutes);

        let transaction = database::begin(&core.db).await?;
        let link = links::service::consume(&transaction, core, LinkPurpose::NotMe, token).await?;
        let account = account_of(&transaction, &link).await?;
        let what = what(&link)?;
        let (id, now) = (account.id, core.clock.now());
        // First, as it may lock the administrators, in their order.
        let then = follow(&transaction, core, &link, &account).await?;
        accounts::store::set_password_hash(&transaction, id, unknown).await?;
        let sessions = sessions::store::end_others(&transaction, id, None).await?;
        devices::store::end_all(&transaction, id).await?;
        begun::end(&transaction, id, now).await?;
        unfinished::forget(&transaction, id).await?;
        accounts::known::forget_all(&transaction, id).await?;
        // What the other notices told is over as well.
        links::store::remove_of_account(&transaction, id, LinkPurpose::NotMe).await?;
        if then == Then::Link {
            let (audience, to) = (account.audience.0, account.email.as_str());
            let language = account.reads(origin.language);
            password::service::send_link(&transaction, core, language, audience, Some(id), to, lifetime).await?;
        }
        let held = then == Then::Hold;
        let mut details = format!(
            "{}, told {} UTC; sessions ended: {sessions}",
            Language::En.speak(|| names::action(what)),
            minute_text(link.created_at)
        );
        if held {
            details.push_str("; disabled, as the address was changed since");
        }
        let event = Event::new(Action::NotMe, Actor::Account(&account, origin)).to_account(id, &account.email);
        audit::record(&transaction, core, event.with(details)).await?;
        let write = |language| {
            not_them_message(&NotThem {
                language,
                brand: &core.brand.name(),
                who: link.email.as_deref().unwrap_or_default(),
                what,
                told: &minute_text(link.created_at),
                held,
                address: &origin.address.to_string(),
                time: &minute_text(now),
            })
        };
        alert::tell(&transaction, core, &write).await?;
        database::commit(transaction).await?;
        Ok(Stopped { audience: account.audience.0, then })
    }
}

impl NotMes {
    /// Counts a dead link at its network. A living one works however many dead ones came from there.
    async fn counted<T>(&self, origin: &Origin, found: Result<T, AppError>) -> Result<T, AppError> {
        let core = &self.0;
        if let Err(AppError::Refused { reason: Refusal::LinkDead, .. }) = &found {
            let key = format!("dead-links:{}", origin.network());
            if throttle::count(&core.db, &key, core.clock.now(), WINDOW).await? > DEAD_LINKS {
                let minutes = u32::try_from(WINDOW / 60).unwrap_or_default();
                return Err(AppError::refused(Refusal::TooManyLinks { minutes }));
            }
        }
        found
    }
}

/// A link that can be used, with its account.
async fn living(
    db: &impl ConnectionTrait,
    core: &Core,
    token: &str,
) -> Result<(link::Model, account::Model), AppError> {
    let link = links::service::living(db, core, LinkPurpose::NotMe, token).await?;
    let account = account_of(db, &link).await?;
    Ok((link, account))
}

/// The account of a link. Where it is disabled, there is nothing left to stop.
async fn account_of(db: &impl ConnectionTrait, link: &link::Model) -> Result<account::Model, AppError> {
    let dead = || AppError::refused(Refusal::LinkDead);
    let account = accounts::store::by_id(db, link.account_id.ok_or_else(dead)?).await?;
    account.filter(|account| account.disabled_at.is_none()).ok_or_else(dead)
}

/// Whether the account has another address by now than the one that was told.
fn is_moved(link: &link::Model, account: &account::Model) -> bool {
    link.email.as_ref() != Some(&account.email)
}

/// What happened.
fn what(link: &link::Model) -> Result<Action, AppError> {
    link.event.map(|event| event.0).ok_or_else(|| internal("a link of a notice without its event"))
}

/// What follows for an account. Where its address is another one by now, no link for a new password goes there: whoever
/// changed the address would read it.
async fn then(db: &impl ConnectionTrait, link: &link::Model, account: &account::Model) -> Result<Then, AppError> {
    if !is_moved(link, account) {
        return Ok(Then::Link);
    }
    let alone = account.audience.0 == Audience::Admin && accounts::store::count_active(db, Audience::Admin).await? < 2;
    Ok(if alone { Then::Alone } else { Then::Hold })
}

/// The same, and disables the account where it is to be.
async fn follow(
    db: &DatabaseTransaction,
    core: &Core,
    link: &link::Model,
    account: &account::Model,
) -> Result<Then, AppError> {
    let then = then(db, link, account).await?;
    if then == Then::Hold {
        match check_not_last_admin(db, account).await {
            Err(AppError::Refused { reason: Refusal::LastAdmin, .. }) => return Ok(Then::Alone),
            done => done?,
        }
        accounts::store::set_disabled(db, account.id, Some(core.clock.now())).await?;
        announce(db, core, account, None, Notice::OnHold).await?;
    }
    Ok(then)
}
