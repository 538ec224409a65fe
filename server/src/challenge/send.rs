//! Begins a challenge: makes what its channel asks, within the limits, and sends the message where there is one.

use super::{
    keys::keys,
    limits, place,
    state::Life,
    store, text_limits,
    trail::{self, About},
};
use crate::{
    accounts::{
        self,
        factor::{Standing, lock_account},
    },
    audit::Actor,
    channel::{self, Asker, Beginning, Question, Verifier},
    core::Core,
    entity::{account, challenge, delivery, stored::Stored},
    entries::store::UsableEntry,
    error::Error,
    offers,
    outbox::{
        self,
        code::{Delivered, Sending},
    },
    platform::{database, secret::Secret, vault},
    rules::Rules,
};
use app::{
    caller::Origin,
    challenge::types::Purpose,
    configuration::types::Setting,
    error::{AppError, DeliveryFailureKind, Refusal},
    language::types::Language,
    services::types::Channel,
};
use sea_orm::DatabaseTransaction;
use std::sync::Arc;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Who has to prove what, and where the code goes.
#[derive(Clone)]
pub struct Target {
    /// The account.
    pub account_id: Uuid,
    /// The session that asks.
    pub session_id: Uuid,
    /// What the code proves.
    pub purpose: Purpose,
    /// Which secondary auth carries it.
    pub secondary_auth_id: Uuid,
    /// The kind of its provider.
    pub kind: Channel,
    /// Where it goes.
    pub destination: Option<String>,
}

impl Target {
    /// What proves an entry in a session.
    pub fn of(account_id: Uuid, session_id: Uuid, purpose: Purpose, entry: &UsableEntry) -> Self {
        Self {
            account_id,
            session_id,
            purpose,
            secondary_auth_id: entry.secondary_auth_id,
            kind: entry.kind,
            destination: entry.destination.clone(),
        }
    }

    /// The same as before.
    pub fn again(last: &challenge::Model) -> Self {
        Self {
            account_id: last.account_id,
            session_id: last.session_id,
            purpose: last.purpose.0,
            secondary_auth_id: last.secondary_auth_id,
            kind: last.kind.0,
            destination: last.destination.clone(),
        }
    }
}

/// Seconds until Send New Code works. A message that certainly did not leave yet asks for no pause.
pub fn pause_left(last: &challenge::Model, rules: &Rules, now: i64) -> u32 {
    let put_off = last.failure.as_ref().is_some_and(|failure| failure.0.kind == DeliveryFailureKind::Deferred);
    if !last.kind.0.sends() || put_off || Life::of(last).failed {
        return 0;
    }
    u32::try_from(last.created_at + rules.seconds(Setting::CoolDownSeconds) - now).unwrap_or(0)
}

/// Makes a code and sends it. With `resend`, and where one went to the same place before in this session, the pause and the
/// limits of Send New Code hold as well. Where the channel sends nothing, the challenge waits for an answer from then on.
///
/// # Errors
/// `Refused` with `TooSoon`, `TooManyCodes`, `FactorLocked`, `FactorDisabled`, or `NotDelivered` where that is known
/// within a moment; the screen tells it later.
pub async fn send(
    core: &Arc<Core>,
    rules: &Rules,
    actor: Actor<'_>,
    origin: &Origin,
    target: &Target,
    resend: bool,
) -> Result<(), AppError> {
    if !target.kind.sends() {
        return begin(core, rules, origin, target, resend, None).await.map(|_| ());
    }
    let offer = offers::store::offer(&core.db, target.secondary_auth_id).await?;
    let method = trail::method(offer.as_ref().map(|offer| offer.auth.title.as_str()), target.destination.as_deref());
    let result = send_code(core, rules, origin, target, resend, offer).await;
    let about = About { actor, purpose: target.purpose, method };
    match result {
        Ok(Sending::OnItsWay(end)) => {
            about.sent(core, &Ok(())).await?;
            note_end(core, origin, target, about.method, end);
            Ok(())
        }
        result => {
            let refused = |failure| AppError::refused(channel::of(target.kind).not_delivered(failure));
            let result = result.and_then(|sending| match sending {
                Sending::Ended(Err(failure)) => Err(refused(failure)),
                _ => Ok(()),
            });
            about.sent(core, &result).await?;
            result
        }
    }
}

/// Records why a message was not delivered after all. That it was asked for is recorded already.
fn note_end(core: &Arc<Core>, origin: &Origin, target: &Target, method: String, end: JoinHandle<Delivered>) {
    let (core, origin, target) = (core.clone(), origin.clone(), target.clone());
    core.outbox.codes.clone().spawn(async move {
        let Ok(Ok(Err(failure))) = end.await else { return };
        let result = Err(AppError::refused(channel::of(target.kind).not_delivered(failure)));
        // What cannot be recorded is logged where it failed; the page tells it all the same.
        if let Ok(Some(account)) = accounts::store::by_id(&core.db, target.account_id).await {
            let about = About { actor: Actor::Account(&account, &origin), purpose: target.purpose, method };
            let _ = about.sent(&core, &result).await;
        }
    });
}

/// Whether a challenge went where this one goes.
fn goes_to(last: &challenge::Model, target: &Target) -> bool {
    let place = |to: &Option<String>| to.as_deref().map(str::to_lowercase);
    last.kind.0 == target.kind && place(&last.destination) == place(&target.destination)
}

async fn send_code(
    core: &Arc<Core>,
    rules: &Rules,
    origin: &Origin,
    target: &Target,
    resend: bool,
    offer: Option<offers::store::Offered>,
) -> Result<Sending, AppError> {
    let Begun { challenge, message, older } = begin(core, rules, origin, target, resend, offer).await?;
    let message = message.ok_or_else(|| Error::broken("a channel that sends without a message"))?;
    // What is said of an address that was just typed belongs beside its field, where no script can take it later.
    let scripted = origin.scripted && target.purpose != Purpose::Enroll;
    outbox::code::send(core, challenge, message, older, scripted).await
}

/// A challenge that was begun.
struct Begun {
    challenge: challenge::Model,
    /// The message that is in this process's hand now.
    message: Option<delivery::Model>,
    /// Whether there are older challenges that it replaces.
    older: bool,
}

/// Checks the limits and stores the challenge with its message, in one transaction so that parallel requests see each
/// other and no code is lost.
async fn begin(
    core: &Core,
    rules: &Rules,
    origin: &Origin,
    target: &Target,
    resend: bool,
    offer: Option<offers::store::Offered>,
) -> Result<Begun, AppError> {
    let now = core.clock.now();
    let channel = channel::of(target.kind);
    let transaction = database::begin(&core.db).await?;
    let account = lock_account(&transaction, target.account_id).await?.ok_or(AppError::SignInNeeded)?;
    Standing::from(&account).check(rules, now)?;
    let before = store::newest(&transaction, target.session_id, target.purpose).await?;
    let mut challenge = blank(target, origin, rules, now);
    if target.kind.sends() {
        // Whoever asks once more for the same place, from whatever page, asks for a new code. Known only here, where those
        // who ask at the same moment come one after the other.
        let last = before.iter().find(|last| resend || goes_to(last, target));
        let resend = resend || last.is_some();
        let pause = last.map_or(0, |last| pause_left(last, rules, now));
        if pause > 0 {
            return Err(AppError::refused(Refusal::TooSoon { seconds: pause }));
        }
        challenge.resend = resend;
        let to = target.destination.as_deref().ok_or_else(|| Error::broken("a channel that sends nowhere"))?;
        let key = core.vault.keyed_hash(&["destination", &to.to_lowercase()]);
        limits::check_sending(&transaction, target, &key, &challenge.address, resend, now).await?;
        challenge.destination_key = Some(key);
        challenge.reference = Some(vault::new_reference(before.first().and_then(|last| last.reference.as_deref())));
        if let Some(offer) = offer.as_ref().filter(|_| channel.costs_money()) {
            text_limits::count_text(&transaction, core, &offer.service, target, to).await?;
        }
    }
    let told = (rules.get(Setting::CodeMinutes), account.reads(origin.language));
    let question = ask(&transaction, core, channel, &account, &mut challenge, target.purpose, told).await?;
    challenge.code_hash = question.code_hash;
    let seal = |secret: Secret| core.vault.seal(&place(challenge.id), &secret);
    challenge.secret = question.secret.map(seal).transpose().map_err(Error::from)?;
    let challenge = store::insert(&transaction, challenge).await?;
    let message = match question.message {
        Some(text) => {
            let provider = offer.map(|offer| offer.service.id);
            Some(outbox::service::enqueue_code(&transaction, core, &challenge, provider, &text).await?)
        }
        None => {
            outbox::store::replace_older_challenges(&transaction, &challenge).await?;
            None
        }
    };
    database::commit(transaction).await?;
    Ok(Begun { challenge, message, older: !before.is_empty() })
}

/// What the channel asks, of the keys that may answer where it asks keys.
async fn ask(
    db: &DatabaseTransaction,
    core: &Core,
    channel: &dyn Verifier,
    account: &account::Model,
    challenge: &mut challenge::Model,
    purpose: Purpose,
    (minutes, language): (u32, Language),
) -> Result<Question, AppError> {
    let mut asked = Vec::new();
    if channel.asks_keys() {
        // A new key must be none of those that the account has.
        let auth = (purpose != Purpose::Enroll).then_some(challenge.secondary_auth_id);
        asked = keys(db, core, account.id, auth).await?;
        if purpose != Purpose::Enroll {
            let names: Vec<_> = asked.iter().filter_map(|key| key.entry.destination.as_deref()).collect();
            challenge.destination = Some(names.join(", "));
        }
    }
    let keys = asked.into_iter().map(|key| key.key).collect();
    channel.ask(Asker::of(core), &Beginning { account, challenge, purpose, minutes, language, keys })
}

/// A challenge with what is the same for all channels.
pub(super) fn blank(target: &Target, origin: &Origin, rules: &Rules, now: i64) -> challenge::Model {
    let lifetime = if target.kind.sends() { Setting::CodeMinutes } else { Setting::WaitingMinutes };
    challenge::Model {
        id: Uuid::now_v7(),
        account_id: target.account_id,
        session_id: target.session_id,
        purpose: Stored(target.purpose),
        secondary_auth_id: target.secondary_auth_id,
        kind: Stored(target.kind),
        destination: target.destination.clone(),
        destination_key: None,
        address: origin.network().to_string(),
        resend: false,
        code_hash: None,
        reference: None,
        created_at: now,
        expires_at: now + rules.seconds(lifetime),
        failure: None,
        tries: 0,
        consumed_at: None,
        replaced_by: None,
        secret: None,
    }
}
