//! What the code screen shows.

use super::{
    progress, secret_of,
    send::pause_left,
    state::{Life, State, current},
    store,
};
use crate::{
    accounts::factor,
    channel::{self, Asker, ceremony, exhausted, expired, mask},
    core::Core,
    entity::challenge,
    error::Error,
};
use app::{
    caller::Session,
    challenge::types::{CodeScreen, Purpose},
    configuration::types::Setting,
    error::{AppError, DeliveryFailure, Refusal},
    login::types::Audience,
    services::types::Channel,
};
use uuid::Uuid;

/// What the code screen shows. Without a challenge that takes an answer it says what to do.
///
/// # Errors
/// Only when something inside fails.
pub async fn screen(core: &Core, session: &Session, purpose: Purpose) -> Result<CodeScreen, AppError> {
    let (rules, now) = (&session.rules, core.clock.now());
    let standing = factor::standing(&core.db, session.account_id).await?.ok_or(AppError::SignInNeeded)?;
    let challenges = store::newest(&core.db, session.id, purpose).await?;
    let (living, last) = (current(&challenges), challenges.first());
    let kind = living.or(last).map_or(Channel::Smtp, |challenge| challenge.kind.0);
    let channel = channel::of(kind);
    let problem = standing.check(rules, now).err().and_then(refusal).or_else(|| {
        if let Some(failure) = last.and_then(|last| last.failure.clone()) {
            let answer = failure.0.answer.filter(|_| reads_answers(session, purpose));
            return Some(channel.not_delivered(DeliveryFailure { answer, ..failure.0 }));
        }
        match living.map(|living| Life::of(living).state(now, rules.count(Setting::CodeTries))) {
            None => Some(Refusal::NoChallenge),
            Some(State::Expired) => Some(expired(kind)),
            Some(State::Exhausted) => Some(exhausted(kind)),
            // The entry is there already: there is nothing left to prove.
            Some(State::Used) if purpose == Purpose::Enroll => Some(Refusal::NoChallenge),
            // A used code says so when it is entered again.
            Some(_) => None,
        }
    });
    // Whoever sets it up has just typed it, and sees whether it is right.
    let shown = |c: &challenge::Model| {
        let whole = c.destination.clone();
        if purpose == Purpose::Enroll { whole } else { whole.as_deref().map(mask) }
    };
    let asks = living.filter(|living| channel.asks_keys() && problem.is_none() && living.consumed_at.is_none());
    let question = match asks {
        Some(living) => secret_of(core, living).await?.map(|question| question.expose().to_owned()),
        None => None,
    };
    Ok(CodeScreen {
        kind,
        destination: living.or(last).and_then(shown),
        reference: living.and_then(|c| c.reference.clone()).unwrap_or_default(),
        lifetime_minutes: rules.get(Setting::CodeMinutes),
        resend_in: last.map_or(0, |last| pause_left(last, rules, now)),
        trust_days: 0,
        has_other_methods: false,
        problem,
        progress: progress::of(core, last).await?,
        age: last.map_or(0, |last| u32::try_from(now - last.created_at).unwrap_or_default()),
        passkey: question.map(|question| ceremony(Asker::of(core), &question)).transpose()?,
    })
}

/// Whether this session reads a mail server's own answer: administrators, but nobody who has only proved a password.
pub fn reads_answers(session: &Session, purpose: Purpose) -> bool {
    session.audience == Audience::Admin && purpose != Purpose::SignIn
}

/// The challenge of a session that an answer would be compared with, as long as it lives and was not used.
pub async fn pending(core: &Core, session_id: Uuid, purpose: Purpose) -> Result<Option<challenge::Model>, Error> {
    let challenges = store::newest(&core.db, session_id, purpose).await?;
    let now = core.clock.now();
    Ok(current(&challenges).filter(|c| c.consumed_at.is_none() && c.expires_at > now).cloned())
}

fn refusal(error: AppError) -> Option<Refusal> {
    match error {
        AppError::Refused { reason, .. } => Some(reason),
        _ => None,
    }
}
