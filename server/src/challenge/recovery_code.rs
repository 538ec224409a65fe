//! An answer that stands in for any challenge: a recovery or helpdesk code.

use super::{
    limits::{address_counter, check_address, count_at_address},
    store,
    verify::{Answered, Attempt, What},
};
use crate::{
    accounts::factor::{self, Counted, count_failure},
    channel::{Asker, Expected, Right, Verdict, Verifier, recovery},
    entries::recovery_codes,
};
use app::error::{AppError, Refusal};

impl Attempt<'_> {
    /// Compares a code that stands in for any challenge.
    pub(super) async fn recovery_code(&self, typed: &str) -> Result<(Answered, Right), AppError> {
        let (core, account) = (self.core, self.session.account_id);
        let (channel, about) = (&recovery::Recovery, self.about("recovery code".to_owned()));
        let answer = channel.read(typed)?;
        let hash = recovery::hash(&core.vault, account, &answer);
        let counter = address_counter(&self.session.origin);
        let facts = store::unasked(&core.db, account, &counter, self.now).await?;
        let facts = facts.ok_or(AppError::SignInNeeded)?;
        if let Err(error) = check_address(facts.address_failures) {
            return Err(self.over_limit(error).await);
        }
        let locked = match facts.standing.check(self.rules, self.now) {
            Ok(()) => None,
            Err(error @ AppError::Refused { reason: Refusal::FactorLocked { .. }, .. }) => Some(error),
            Err(error) => return Err(about.refused(core, error).await),
        };
        let counted = match &locked {
            Some(_) => Counted::while_locked(),
            None => match count_failure(&core.db, account, self.rules, self.now).await? {
                Some(counted) => counted,
                // Another request locked it at this moment.
                None => {
                    let error = self.standing_now().await?.err().unwrap_or(AppError::Busy);
                    return Err(about.refused(core, error).await);
                }
            },
        };
        let stored = recovery_codes::by_hash(&core.db, account, &hash).await?;
        let expected = Expected::RecoveryCode { stored: stored.as_ref(), now: self.now };
        let verdict = channel.compare(Asker::of(core), &counted, &expected, &answer)?;
        let reason = match (verdict, stored) {
            (Verdict::Right(right), Some(code)) => {
                let (what, method) = (What::RecoveryCode(code), about.method);
                return Ok((Answered { what, counted, method, title: None, secret: None }, right));
            }
            // Whoever knows a code that was right once does not guess.
            (Verdict::Spent(reason), spent) => {
                factor::take_back(&core.db, account, counted, self.rules).await?;
                if let Some(code) = spent.filter(|code| code.used_at.is_none()) {
                    recovery_codes::end(&core.db, code.id).await?;
                }
                return Err(about.refused(core, AppError::refused(reason)).await);
            }
            _ => channel.wrong(0),
        };
        count_at_address(core, &self.session.origin, account, self.now).await?;
        let standing = counted.standing().map_or(Ok(()), |standing| standing.check(self.rules, self.now));
        let error = locked.or(standing.err()).unwrap_or_else(|| AppError::refused(reason));
        let error = about.refused(core, error).await;
        self.record_consequence(counted).await?;
        Err(error)
    }
}
