//! Codes by email.

use super::{Asker, Beginning, Expected, Question, Verdict, Verifier, sent_code};
use crate::{accounts::factor::Counted, entity::service_provider, error::Error};
use app::{challenge::message::code_message, enrollment::types::Destination, error::AppError, validate};

/// Codes by email.
pub struct Email;

impl Verifier for Email {
    fn read(&self, typed: &str) -> Result<String, AppError> {
        sent_code::read(typed)
    }

    fn destination(
        &self,
        _: Asker<'_>,
        typed: &Destination,
        _: &service_provider::Model,
    ) -> Result<Option<String>, AppError> {
        validate::email(&typed.email).map(Some).map_err(|problem| AppError::field("email", problem))
    }

    fn ask(&self, asker: Asker<'_>, beginning: &Beginning<'_>) -> Result<Question, AppError> {
        let write = |code: &str| {
            code_message(beginning.language, &asker.brand.name(), code, beginning.reference(), beginning.minutes)
        };
        Ok(sent_code::ask(asker.vault, beginning, write))
    }

    fn compare(&self, asker: Asker<'_>, _: &Counted, expected: &Expected<'_>, answer: &str) -> Result<Verdict, Error> {
        sent_code::compare(asker.vault, expected, answer)
    }
}
