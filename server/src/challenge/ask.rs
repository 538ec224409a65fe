//! Asking for a proof, the same for every purpose: the screen, the methods, choosing one, sending a new code.

use super::{
    progress,
    screen::{reads_answers, screen},
    send::{Target, send},
    store,
};
use crate::{
    audit::Actor,
    channel::{self, mask},
    core::Core,
    entries::{self, recovery_codes, store::UsableEntry},
    error::Error,
    rules::{self, Rules},
    sessions,
};
use app::{
    caller::{Origin, Session},
    challenge::{
        port::ChallengePort,
        types::{CodeScreen, Method, Progress, Purpose},
    },
    configuration::types::Setting,
    error::{AppError, Refusal},
};
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// Seconds that a password proved at a step-up waits for its code: longer than a slow mail.
const WAITING: i64 = 900;

/// Challenges of a session.
pub struct Challenges(pub Arc<Core>);

#[async_trait]
impl ChallengePort for Challenges {
    async fn screen(&self, session: &Session, purpose: Purpose) -> Result<CodeScreen, AppError> {
        let core = &self.0;
        guard(core, session, purpose).await?;
        let shown = screen(core, session, purpose).await?;
        if purpose == Purpose::Enroll {
            return Ok(shown);
        }
        let entries = usable(core, session, purpose).await?;
        let shown = if entries.is_empty() && matches!(shown.problem, None | Some(Refusal::NoChallenge)) {
            CodeScreen { problem: Some(nothing_usable(core, session).await?), ..shown }
        } else {
            shown
        };
        let codes = recovery_codes::count_left(&core.db, session.account_id).await?;
        let has_other_methods = methods(entries).len() > 1 || codes > 0;
        // A trusted device replaces neither the password nor a step-up.
        let trust_days = if purpose == Purpose::SignIn { session.rules.get(Setting::TrustedDeviceDays) } else { 0 };
        Ok(CodeScreen { trust_days, has_other_methods, ..shown })
    }

    async fn progress(&self, session: &Session, purpose: Purpose) -> Result<Option<Progress>, AppError> {
        guard(&self.0, session, purpose).await?;
        progress::in_session(&self.0, session, purpose).await
    }

    async fn methods(&self, session: &Session, purpose: Purpose) -> Result<Vec<Method>, AppError> {
        guard(&self.0, session, purpose).await?;
        Ok(methods(usable(&self.0, session, purpose).await?))
    }

    async fn choose(&self, session: &Session, purpose: Purpose, entry: Uuid) -> Result<(), AppError> {
        let core = &self.0;
        guard(core, session, purpose).await?;
        let entries = usable(core, session, purpose).await?;
        let entry = entries.iter().find(|usable| usable.id == entry).ok_or(AppError::NotFound)?;
        send_in(core, session, &Target::of(session.account_id, session.id, purpose, entry), false).await
    }

    async fn send_new_code(&self, session: &Session, purpose: Purpose) -> Result<(), AppError> {
        let core = &self.0;
        guard(core, session, purpose).await?;
        let last = store::newest(&core.db, session.id, purpose).await?.into_iter().next();
        let nothing = || AppError::refused(Refusal::NoChallenge);
        if purpose == Purpose::Enroll {
            let target = Target::again(&last.ok_or_else(nothing)?);
            if channel::of(target.kind).compares_with_entry() {
                // Its secret is new each time, so it begins on the page before.
                return Err(AppError::refused(Refusal::StartAgain));
            }
            return send_in(core, session, &target, true).await;
        }
        let entries = usable(core, session, purpose).await?;
        // By the method that was used before, as long as it can be.
        let same = last.and_then(|last| entries.iter().find(|e| e.secondary_auth_id == last.secondary_auth_id));
        if entries.is_empty() {
            return Err(AppError::refused(nothing_usable(core, session).await?));
        }
        let entry = same.or_else(|| sent_at_once(&entries)).ok_or_else(nothing)?;
        send_in(core, session, &Target::of(session.account_id, session.id, purpose, entry), true).await
    }
}

/// Whether this session may prove something for this purpose now. That it waits for its code, or is signed in, its
/// caller has seen already.
///
/// # Errors
/// `StepUpNeeded` for a step-up unless this session proved the password lately: the code alone is not enough, and an
/// old password does not count. `NotOffered` for a new entry while two-factor authentication is not allowed.
pub async fn guard(core: &Core, session: &Session, purpose: Purpose) -> Result<(), AppError> {
    match purpose {
        Purpose::SignIn => Ok(()),
        Purpose::Enroll => {
            let allowed = rules::policies::is_allowed(&core.db, session.audience).await?;
            if allowed { Ok(()) } else { Err(AppError::refused(Refusal::NotOffered)) }
        }
        Purpose::StepUp => {
            let proved_at = sessions::store::password_proved_at(&core.db, session.id).await?;
            let fresh = proved_at.is_some_and(|at| at + WAITING > core.clock.now());
            if fresh { Ok(()) } else { Err(AppError::step_up_needed()) }
        }
    }
}

/// Sends in a session. Administrators who are signed in read the mail server's own answer, others do not.
///
/// # Errors
/// As [`send`].
pub async fn send_in(core: &Arc<Core>, session: &Session, target: &Target, resend: bool) -> Result<(), AppError> {
    let sent = send(core, &session.rules, Actor::Session(session), &session.origin, target, resend).await;
    sent.map_err(|error| if reads_answers(session, target.purpose) { error } else { error.without_server_answer() })
}

/// What the password alone leads to.
pub struct Next {
    /// Whether a code is needed.
    pub code_needed: bool,
    /// Whether the person has to choose the method first.
    pub choice_needed: bool,
}

/// Begins the challenge of a session whose password was proved, where the account has an entry and it is clear which.
/// Whether its message left or not, the code screen tells, and can ask again.
///
/// # Errors
/// When something inside fails.
pub async fn begin(
    core: &Arc<Core>,
    rules: &Rules,
    actor: Actor<'_>,
    origin: &Origin,
    (account_id, session_id): (Uuid, Uuid),
    purpose: Purpose,
    entries: &[UsableEntry],
) -> Result<Next, AppError> {
    let Some(entry) = sent_at_once(entries) else {
        return Ok(Next { code_needed: !entries.is_empty(), choice_needed: !entries.is_empty() });
    };
    let target = Target::of(account_id, session_id, purpose, entry);
    match send(core, rules, actor, origin, &target, false).await {
        Ok(()) | Err(AppError::Refused { .. }) => Ok(Next { code_needed: true, choice_needed: false }),
        Err(error) => Err(error),
    }
}

/// Says why no entry can be used, and what helps.
async fn nothing_usable(core: &Core, session: &Session) -> Result<Refusal, Error> {
    let usable = entries::store::usable(&core.db, session.account_id).await?;
    Ok(if usable.is_empty() { Refusal::NothingUsable { audience: session.audience } } else { Refusal::MailboxAlone })
}

/// The entries by which it can be proved; none for a new one.
async fn usable(core: &Core, session: &Session, purpose: Purpose) -> Result<Vec<UsableEntry>, Error> {
    match purpose {
        Purpose::Enroll => Ok(Vec::new()),
        Purpose::SignIn => entries::in_use(core, session.account_id, session.audience).await,
        // Whoever has an entry proves it, also while sign-ins do not ask for it.
        Purpose::StepUp => entries::proving(&core.db, session.account_id, session.audience).await,
    }
}

/// The entry whose code is sent without asking: the preferred one, or the only one.
fn sent_at_once(entries: &[UsableEntry]) -> Option<&UsableEntry> {
    match entries {
        [only] => Some(only),
        several => several.iter().find(|entry| entry.preferred),
    }
}

/// Entries as something to choose. Passkeys of one secondary auth are one choice: whichever is at hand proves it.
fn methods(entries: Vec<UsableEntry>) -> Vec<Method> {
    let mut auths = Vec::new();
    let mut methods = Vec::new();
    for entry in entries {
        if auths.contains(&entry.secondary_auth_id) {
            continue;
        }
        auths.push(entry.secondary_auth_id);
        let destination = entry.destination.as_deref().map(mask);
        methods.push(Method { id: entry.id, kind: entry.kind, title: entry.title, destination });
    }
    methods
}
