//! Passkeys and security keys (WebAuthn): what is asked, and whether the answer is right.

use super::{Asker, Beginning, Expected, Question, Right, Verdict, Verifier};
use crate::{
    accounts::factor::Counted,
    entity::service_provider,
    error::{Error, internal},
    providers::passkey::{Authentication, Owner, Passkeys, Registration, Rejected},
};
use app::{
    challenge::types::Purpose,
    enrollment::types::Destination,
    error::{AppError, Refusal},
    passkey::types::Ceremony,
};
use serde::Deserialize;

/// Answers of passkeys.
pub struct Passkey;

/// The relying party.
///
/// # Errors
/// `NeedsHostName` where browsers allow no passkeys at the public address.
pub fn relying_party(asker: Asker<'_>) -> Result<Passkeys, AppError> {
    Passkeys::of(asker.public_url, &asker.brand.name()).ok_or_else(|| AppError::refused(Refusal::NeedsHostName))
}

/// The part of a question that the browser is given.
///
/// # Errors
/// When the question cannot be read.
pub fn ceremony(asker: Asker<'_>, question: &str) -> Result<Ceremony, AppError> {
    #[derive(Deserialize)]
    struct Question {
        options: String,
    }
    let Question { options } = serde_json::from_str(question).map_err(internal)?;
    Ok(Ceremony { options, origin: relying_party(asker)?.origin().to_owned() })
}

impl Verifier for Passkey {
    fn read(&self, typed: &str) -> Result<String, AppError> {
        Ok(typed.to_owned())
    }

    fn destination(
        &self,
        asker: Asker<'_>,
        _: &Destination,
        _: &service_provider::Model,
    ) -> Result<Option<String>, AppError> {
        // A key gets its name once it is registered.
        relying_party(asker).map(|_| None)
    }

    fn ask(&self, asker: Asker<'_>, beginning: &Beginning<'_>) -> Result<Question, AppError> {
        let (site, keys) = (relying_party(asker)?, &beginning.keys);
        let question = if beginning.purpose == Purpose::Enroll {
            let account = beginning.account;
            let owner = Owner { id: account.id, email: &account.email, name: &account.name };
            serde_json::to_string(&site.begin_registration(&owner, keys).map_err(internal)?)
        } else if keys.is_empty() {
            return Err(AppError::refused(Refusal::NotOffered));
        } else {
            serde_json::to_string(&site.begin_authentication(keys).map_err(internal)?)
        };
        Ok(Question { secret: Some(question.map_err(internal)?.into()), ..Question::default() })
    }

    fn compare(&self, asker: Asker<'_>, _: &Counted, expected: &Expected<'_>, answer: &str) -> Result<Verdict, Error> {
        let Expected::Challenge { secret: Some(question), purpose, .. } = expected else { return Ok(Verdict::Wrong) };
        let Some(site) = Passkeys::of(asker.public_url, &asker.brand.name()) else { return Ok(Verdict::Wrong) };
        let checked = if *purpose == Purpose::Enroll {
            let question: Registration = serde_json::from_str(question)?;
            match site.finish_registration(&question, answer) {
                Ok(key) => Ok(Right::NewKey(serde_json::to_string(&key)?)),
                Err(rejected) => Err(rejected),
            }
        } else {
            let question: Authentication = serde_json::from_str(question)?;
            site.finish_authentication(&question, answer).map(Right::Key)
        };
        Ok(match checked {
            Ok(right) => Verdict::Right(right),
            Err(rejected) => {
                // Escaped: it may repeat what was sent.
                tracing::info!(reason = ?rejected, "a passkey's answer was refused");
                if rejected == Rejected::Copied { Verdict::Copied } else { Verdict::Wrong }
            }
        })
    }

    fn wrong(&self, tries_left: u32) -> Refusal {
        Refusal::WrongPasskey { tries_left }
    }

    fn asks_keys(&self) -> bool {
        true
    }
}
