//! Codes that an app makes of a shared seed and the time (RFC 6238).

use super::{Asker, Beginning, Expected, Question, Right, Verdict, Verifier, sent_code};
use crate::{accounts::factor::Counted, error::Error, providers::authenticator};
use app::{challenge::types::Purpose, error::AppError};

/// Codes of an authenticator app.
pub struct Authenticator;

impl Verifier for Authenticator {
    fn read(&self, typed: &str) -> Result<String, AppError> {
        sent_code::read(typed)
    }

    fn ask(&self, _: Asker<'_>, beginning: &Beginning<'_>) -> Result<Question, AppError> {
        // A new entry begins with a new seed; later the entry's own is compared with.
        let secret = (beginning.purpose == Purpose::Enroll).then(|| authenticator::new_seed().into());
        Ok(Question { secret, ..Question::default() })
    }

    fn compare(&self, _: Asker<'_>, _: &Counted, expected: &Expected<'_>, answer: &str) -> Result<Verdict, Error> {
        let Expected::Challenge { secret: Some(seed), now, .. } = expected else { return Ok(Verdict::Wrong) };
        let step = authenticator::matching_step(seed, answer, *now);
        Ok(step.map_or(Verdict::Wrong, |step| Verdict::Right(Right::Step(step))))
    }

    fn compares_with_entry(&self) -> bool {
        true
    }
}
