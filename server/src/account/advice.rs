//! What would make an account safer.

use crate::{
    accounts::store,
    core::Core,
    entries::{self, in_use},
    offers, rules,
};
use app::{
    account::types::Advice,
    caller::Session,
    error::AppError,
    recovery::types::FEW,
    services::types::{Channel, Strength},
};

/// What the page after a sign-in says. Who has no second factor in use is advised elsewhere.
pub async fn advice(core: &Core, session: &Session) -> Result<Advice, AppError> {
    let entries = in_use(core, session.account_id, session.audience).await?;
    if entries.is_empty() {
        let allowed = rules::policies::is_allowed(&core.db, session.audience).await?;
        let unprotected = allowed && entries::store::has_any(&core.db, session.account_id).await?;
        return Ok(Advice { unprotected, few_codes: None, stronger: None });
    }
    let left = entries::recovery_codes::count_left(&core.db, session.account_id).await?;
    let weak = entries.iter().all(|entry| entry.kind.strength() == Strength::Weaker);
    let account = store::by_id(&core.db, session.account_id).await?;
    let dismissed = account.is_none_or(|account| account.suggestion_dismissed_at.is_some());
    Ok(Advice {
        unprotected: false,
        few_codes: (left <= FEW).then_some(left),
        stronger: if weak && !dismissed { strongest_offered(core, session).await? } else { None },
    })
}

/// The strongest kind that the account could set up, if it is not a weak one.
async fn strongest_offered(core: &Core, session: &Session) -> Result<Option<Channel>, AppError> {
    let forbidden = rules::policies::forbidden(&core.db, session.audience).await?;
    let mut kinds = Vec::new();
    for offered in offers::store::all(&core.db).await? {
        let kind = offered.service.kind.0;
        if offered.service.active && !forbidden.contains(&kind) && kind.strength() > Strength::Weaker {
            kinds.push(kind);
        }
    }
    Ok(kinds.into_iter().max_by_key(|kind| kind.strength()))
}

/// Remembers that the suggestion is not wanted.
pub async fn dismiss(core: &Core, session: &Session) -> Result<(), AppError> {
    Ok(store::dismiss_suggestion(&core.db, session.account_id, core.clock.now()).await?)
}
