//! The session behind a cookie.

use super::store::{self, Found};
use crate::{
    core::Core,
    entries::requirement::{Demand, demand},
    platform::{clock::SKEW, vault::token_hash},
};
use app::{
    caller::{Origin, Session, Stage},
    configuration::types::Setting,
    error::AppError,
    login::types::Audience,
};

/// Seconds after which factors have to be proved again before they are changed.
const STEP_UP: i64 = 600;

/// The living session of a cookie's token, for one audience.
pub async fn session_of(
    core: &Core,
    audience: Audience,
    token: &str,
    origin: &Origin,
) -> Result<Option<Session>, AppError> {
    let now = core.clock.now();
    let Some(Found { session, account, allowed, has_entry, rules }) =
        store::by_token(&core.db, &token_hash(token)).await?
    else {
        return Ok(None);
    };
    // By the rules of now, so that lowering them ends what lasts too long.
    let over = session.signed_in
        && (session.last_seen_at + rules.seconds(Setting::IdleMinutes) <= now
            || session.created_at + rules.seconds(Setting::SessionHours) <= now);
    if over || session.expires_at <= now || session.created_at > now + SKEW {
        // Ended for good, also if the clock goes back.
        store::end(&core.db, session.id).await?;
        return Ok(None);
    }
    if account.disabled_at.is_some() || account.audience.0 != audience {
        return Ok(None);
    }
    // To the minute, so that reading pages does not write all the time.
    if session.last_seen_at + 60 <= now {
        store::touch(&core.db, session.id, now).await?;
    }
    // Only what was asked for counts, and only for some minutes. The password alone is enough as long as there is
    // nothing else, not once there is an entry, whether it can be used or not, and whoever set it up.
    let fresh = session.stepped_up_at.is_some_and(|at| at + STEP_UP > now && at <= now + SKEW);
    let by_factor = session.factor_proved_at >= session.stepped_up_at;
    let stepped_up = fresh && (by_factor || !has_entry);
    let demand = if session.signed_in { demand(core, &rules, &account).await? } else { Demand::Nothing };
    Ok(Some(Session {
        id: session.id,
        account_id: account.id,
        audience,
        stage: match demand {
            _ if !session.signed_in => Stage::CodeNeeded,
            Demand::Now => Stage::EnrollmentNeeded,
            Demand::Nothing | Demand::Soon(_) => Stage::SignedIn,
        },
        name: account.name,
        email: account.email,
        language: account.language.map(|language| language.0),
        two_factor_allowed: allowed,
        has_entry,
        stepped_up,
        grace_days_left: if let Demand::Soon(days) = demand { Some(days) } else { None },
        origin: origin.clone(),
        rules,
    }))
}
