//! What a right answer leads to: it is used up together with everything that follows from it, or not at all.

use super::{
    keys, store, trail,
    verify::{Answered, Attempt, What},
};
use crate::{
    accounts::factor,
    audit::{self, Actor, Event},
    channel::Right,
    core::Core,
    entity::recovery_code::CodeKind,
    entries::{self, recovery_codes},
    error::Error,
    outbox,
    platform::{database, secret::Secret},
    providers::passkey::Rejected,
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::types::Purpose,
    delivery::notice::Notice,
    error::{AppError, Refusal},
    services::types::Channel,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// An answer that was right.
pub struct Proved {
    /// By what it was proved, for the audit log.
    pub method: String,
    /// By what it was proved.
    pub by: By,
}

/// By what something was proved.
pub enum By {
    /// An entry of the account.
    Entry {
        /// Its secondary auth.
        secondary_auth_id: Uuid,
        /// Which entry, where there may be several for one secondary auth.
        entry: Option<Uuid>,
    },
    /// An entry to come.
    New(NewEntry),
    /// A recovery or helpdesk code.
    RecoveryCode(CodeKind),
}

/// What an entry is made of once it is proved.
pub struct NewEntry {
    /// The kind of its provider.
    pub kind: Channel,
    /// Its secondary auth.
    pub secondary_auth_id: Uuid,
    /// Where codes go.
    pub destination: Option<String>,
    /// The seed of an app or the public key of a passkey.
    pub secret: Option<Secret>,
    /// The time step that proved it.
    pub last_step: Option<i64>,
}

/// Why a right answer did not count after all.
enum Lost {
    /// What is told.
    Refused(Refusal),
    /// Its key may have been copied.
    Copied,
}

impl Attempt<'_> {
    /// Uses a right answer up, with everything that follows from it.
    pub(super) async fn accept<T>(
        self,
        answered: Answered,
        right: Right,
        then: impl AsyncFnOnce(&DatabaseTransaction, Proved) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let transaction = database::begin(&self.core.db).await?;
        // Locks the account, in the order of those who begin a challenge.
        let signed_in = (self.purpose == Purpose::SignIn).then_some(self.now);
        factor::clear_failures(&transaction, self.session.account_id, signed_in).await?;
        let (used, reason) = match &answered.what {
            What::Challenge(challenge) => {
                (store::consume(&transaction, challenge.id, self.now).await?, Refusal::CodeUsed)
            }
            What::RecoveryCode(code) => {
                (recovery_codes::consume(&transaction, code.id, self.now).await?, Refusal::RecoveryCodeUsed)
            }
        };
        // Another request may have been faster.
        let taken = if used { self.take(&transaction, &answered, right).await? } else { Err(Lost::Refused(reason)) };
        let (method, by) = match taken {
            Ok(taken) => taken,
            Err(lost) => {
                database::rollback(transaction).await?;
                let about = self.about(answered.method);
                return Err(match lost {
                    // It was right, and was used up by another request, or by the one before.
                    Lost::Refused(reason) => {
                        factor::take_back(&self.core.db, self.session.account_id, answered.counted, self.rules).await?;
                        about.refused(self.core, AppError::refused(reason)).await
                    }
                    Lost::Copied => self.copied(&about, answered.counted).await,
                });
            }
        };
        let recovery_code = if let By::RecoveryCode(kind) = by { Some(kind) } else { None };
        let (core, session, purpose) = (self.core, self.session, self.purpose);
        let done = then(&transaction, Proved { method, by }).await?;
        if let Some(kind) = recovery_code {
            record_recovery_code(&transaction, core, session, purpose, kind).await?;
        }
        database::commit(transaction).await?;
        Ok(done)
    }

    /// What a right answer changes in the tables, and what it proves.
    async fn take(
        &self,
        db: &DatabaseTransaction,
        answered: &Answered,
        right: Right,
    ) -> Result<Result<(String, By), Lost>, AppError> {
        let challenge = match &answered.what {
            What::Challenge(challenge) => challenge,
            What::RecoveryCode(code) => {
                return Ok(Ok((code.kind.text().to_owned(), By::RecoveryCode(code.kind))));
            }
        };
        let (account, secondary_auth_id) = (challenge.account_id, challenge.secondary_auth_id);
        let enrolls = self.purpose == Purpose::Enroll;
        let known = By::Entry { secondary_auth_id, entry: None };
        let new = |secret, last_step| {
            let (kind, destination) = (challenge.kind.0, challenge.destination.clone());
            By::New(NewEntry { kind, secondary_auth_id, destination, secret, last_step })
        };
        let by = match right {
            Right::Sent if enrolls => new(None, None),
            Right::Sent => known,
            // A new entry begins with the step that proved it.
            Right::Step(step) if enrolls => new(answered.secret.clone(), Some(step)),
            Right::Step(step) => {
                if !entries::store::take_step(db, account, secondary_auth_id, step).await? {
                    return Ok(Err(Lost::Refused(Refusal::StepUsed)));
                }
                known
            }
            Right::NewKey(key) => new(Some(key.into()), None),
            Right::Key(used) => match keys::accept(db, self.core, account, secondary_auth_id, &used).await? {
                Ok(entry) => {
                    let method = trail::method(answered.title.as_deref(), entry.destination.as_deref());
                    return Ok(Ok((method, By::Entry { secondary_auth_id, entry: Some(entry.id) })));
                }
                Err(Rejected::Copied) => return Ok(Err(Lost::Copied)),
                // The key was removed meanwhile.
                Err(Rejected::Wrong(_)) => return Ok(Err(Lost::Refused(Refusal::StartAgain))),
            },
            Right::Recovery => return Err(Error::broken("a recovery code answered a challenge").into()),
        };
        Ok(Ok((answered.method.clone(), by)))
    }
}

/// Records that a recovery or helpdesk code was used, and announces it by mail.
async fn record_recovery_code(
    db: &DatabaseTransaction,
    core: &Core,
    session: &Session,
    purpose: Purpose,
    kind: CodeKind,
) -> Result<(), AppError> {
    let (action, notice) = match kind {
        CodeKind::Helpdesk => (Action::HelpdeskCodeUsed, Notice::HelpdeskCodeUsed),
        CodeKind::Recovery => {
            let left = recovery_codes::count_left(db, session.account_id).await?;
            (Action::RecoveryCodeUsed, Notice::RecoveryCodeUsed(left))
        }
    };
    let event = Event::new(action, Actor::Session(session)).with(trail::purpose_text(purpose));
    audit::record(db, core, event).await?;
    outbox::notice::announce(db, core, session, Some(&session.origin), notice).await
}
