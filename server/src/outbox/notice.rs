//! Tells an account what happened with it (ASVS 6.3.7). Of what was done in its own name it can say, by the link in the
//! message, that it was someone else.

use super::service::{NOTICE_LIFETIME, Outgoing, enqueue};
use crate::{
    core::Core,
    entity::{account, link::LinkPurpose, stored::Stored},
    links::{self, service::NewLink},
    platform::clock::minute_text,
    sessions::browser,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session},
    delivery::{
        notice::{Notice, Told, notice_message},
        types::MessageKind,
    },
    error::AppError,
    language::types::Language,
    login::types::Audience,
    not_me::routes::not_me_path,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// How long one may say that it was someone else, in seconds.
pub const DISPUTED: i64 = 7 * 86_400;

/// Whom a notice goes to.
#[derive(Clone, Copy)]
pub struct Addressee<'a> {
    /// The account, where there is one.
    pub account_id: Option<Uuid>,
    /// Its audience.
    pub audience: Audience,
    /// The address: its own, or one that it had before.
    pub email: &'a str,
    /// The language that it has chosen.
    pub language: Option<Language>,
}

impl<'a> From<&'a account::Model> for Addressee<'a> {
    fn from(account: &'a account::Model) -> Self {
        Self {
            account_id: Some(account.id),
            audience: account.audience.0,
            email: &account.email,
            language: account.language.map(|language| language.0),
        }
    }
}

impl<'a> From<&'a Session> for Addressee<'a> {
    fn from(session: &'a Session) -> Self {
        Self {
            account_id: Some(session.account_id),
            audience: session.audience,
            email: &session.email,
            language: session.language,
        }
    }
}

/// When and where something was done.
pub struct Place<'a> {
    /// Unix seconds.
    pub at: i64,
    /// The client's address.
    pub address: &'a str,
    /// Its browser's own description.
    pub user_agent: &'a str,
    /// The language of that browser, where it is known.
    pub language: Option<Language>,
}

/// Tells an account about a change. `origin` is where it was done, if that was in the account's own name.
pub async fn announce<'a>(
    db: &impl ConnectionTrait,
    core: &Core,
    whom: impl Into<Addressee<'a>>,
    origin: Option<&Origin>,
    notice: Notice,
) -> Result<(), AppError> {
    let address = origin.map(|origin| origin.address.to_string()).unwrap_or_default();
    let place = origin.map(|origin| Place {
        at: core.clock.now(),
        address: &address,
        user_agent: &origin.user_agent,
        language: Some(origin.language),
    });
    announce_at(db, core, whom.into(), place, notice).await
}

/// The same for what was done some time ago.
pub async fn announce_at(
    db: &impl ConnectionTrait,
    core: &Core,
    whom: Addressee<'_>,
    place: Option<Place<'_>>,
    notice: Notice,
) -> Result<(), AppError> {
    let at = place.as_ref().map_or_else(|| core.clock.now(), |place| place.at);
    let link = match notice.action().filter(|_| place.is_some()) {
        Some(action) => Some(disputable(db, core, whom, action).await?),
        None => None,
    };
    let asked_in = place.as_ref().and_then(|place| place.language);
    let language = whom.language.or(asked_in).unwrap_or_default();
    let browser = place.as_ref().and_then(|place| language.speak(|| browser::known(place.user_agent)));
    let text = notice_message(&Told {
        language,
        brand: &core.brand.name(),
        notice,
        time: &minute_text(at),
        place: place.as_ref().map(|place| (place.address, browser.as_deref())),
        link: link.as_deref(),
    });
    let message = Outgoing {
        kind: MessageKind::Notice,
        account_id: whom.account_id,
        to: whom.email,
        text: &text,
        lifetime: NOTICE_LIFETIME,
    };
    enqueue(db, core, &message).await.map(|_| ())
}

/// A link by which the one at this address says that it was someone else. Each notice has its own, and none ends another.
async fn disputable(
    db: &impl ConnectionTrait,
    core: &Core,
    whom: Addressee<'_>,
    action: Action,
) -> Result<String, AppError> {
    let new = NewLink {
        purpose: LinkPurpose::NotMe,
        account_id: whom.account_id,
        audience: whom.audience,
        email: Some(whom.email),
        name: None,
        lifetime: DISPUTED,
    };
    let token = links::service::add(db, core, &new, Some(Stored(action))).await?;
    Ok(core.link(&not_me_path(&token)))
}
