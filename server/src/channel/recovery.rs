//! Recovery codes, of which an account keeps a set, and helpdesk codes, which an administrator issues. They stand in
//! for any other channel, and there is no challenge that asks for them.

use super::{Asker, Beginning, Expected, Question, Right, Verdict, Verifier};
use crate::{
    accounts::factor::Counted,
    entity::recovery_code::CodeKind,
    error::Error,
    platform::{clock::SKEW, vault::Vault},
};
use app::{
    error::{AppError, Refusal},
    validate,
};
use uuid::Uuid;

/// Recovery and helpdesk codes.
pub struct Recovery;

/// The keyed hash of a code, bound to its account.
pub fn hash(vault: &Vault, account: Uuid, code: &str) -> String {
    vault.keyed_hash(&["recovery_code", &account.to_string(), code])
}

impl Verifier for Recovery {
    fn read(&self, typed: &str) -> Result<String, AppError> {
        validate::recovery_code(typed).map_err(|problem| AppError::field("recovery_code", problem))
    }

    fn ask(&self, _: Asker<'_>, _: &Beginning<'_>) -> Result<Question, AppError> {
        Ok(Question::default())
    }

    fn compare(&self, _: Asker<'_>, counted: &Counted, expected: &Expected<'_>, _: &str) -> Result<Verdict, Error> {
        // Found by its keyed hash, which is the comparison.
        let Expected::RecoveryCode { stored: Some(code), now } = expected else { return Ok(Verdict::Wrong) };
        let helpdesk = code.kind == CodeKind::Helpdesk;
        // The lock is against guessing, which a code of the helpdesk does not allow, and locked out is whom it is for.
        Ok(if counted.is_locked() && !helpdesk {
            Verdict::Wrong
        } else if code.used_at.is_some() {
            Verdict::Spent(Refusal::RecoveryCodeUsed)
        } else if code.expires_at.is_some_and(|end| end <= *now || code.created_at > *now + SKEW) {
            Verdict::Spent(Refusal::RecoveryCodeExpired)
        } else {
            Verdict::Right(Right::Recovery)
        })
    }

    fn wrong(&self, _: u32) -> Refusal {
        Refusal::WrongRecoveryCode
    }
}
