//! What would make an account safer.

use crate::{accounts::store, core::Core, entries, offers, rules};
use app::{
    account::types::Advice,
    caller::Session,
    error::AppError,
    recovery::types::FEW,
    services::types::{Channel, Strength},
};

/// What the page after a sign-in says. Who has no second factor in use is advised elsewhere.
pub async fn advice(core: &Core, session: &Session) -> Result<Advice, AppError> {
    let none = |unprotected| Advice { unprotected, few_codes: None, stronger: None };
    if !session.two_factor_allowed || !session.has_entry {
        return Ok(none(false));
    }
    let entries = entries::proving(&core.db, session.account_id, session.audience).await?;
    if entries.is_empty() {
        return Ok(none(true));
    }
    let left = entries::recovery_codes::count_left(&core.db, session.account_id).await?;
    let weak = entries.iter().all(|entry| entry.kind.strength() == Strength::Weaker);
    Ok(Advice {
        unprotected: false,
        few_codes: (left <= FEW).then_some(left),
        stronger: if weak { suggested(core, session).await? } else { None },
    })
}

/// The strongest kind that the account could set up, if it is not a weak one, until the suggestion is dismissed.
async fn suggested(core: &Core, session: &Session) -> Result<Option<Channel>, AppError> {
    let account = store::by_id(&core.db, session.account_id).await?;
    if account.is_none_or(|account| account.suggestion_dismissed_at.is_some()) {
        return Ok(None);
    }
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
