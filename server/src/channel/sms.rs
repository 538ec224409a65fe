//! Codes by text message.

use super::{Asker, Beginning, Expected, Question, Verdict, Verifier, sent_code};
use crate::{
    accounts::factor::Counted, entity::service_provider, error::Error, offers::provider::sms_settings, platform::phone,
};
use app::{
    challenge::text_message::code_text,
    enrollment::types::Destination,
    error::{AppError, DeliveryFailure, Problem, Refusal},
};

/// Codes by text message.
pub struct Sms;

impl Verifier for Sms {
    fn read(&self, typed: &str) -> Result<String, AppError> {
        sent_code::read(typed)
    }

    fn destination(
        &self,
        _: Asker<'_>,
        typed: &Destination,
        provider: &service_provider::Model,
    ) -> Result<Option<String>, AppError> {
        let phone = phone::parse(&typed.country, &typed.phone).map_err(|problem| match problem {
            Problem::NotAChoice => AppError::field("country", problem),
            problem => AppError::field("phone", problem),
        })?;
        if !sms_settings(provider)?.countries.iter().any(|country| country == phone.country) {
            return Err(AppError::field("phone", Problem::CountryNotAllowed));
        }
        Ok(Some(phone.e164))
    }

    fn ask(&self, asker: Asker<'_>, beginning: &Beginning<'_>) -> Result<Question, AppError> {
        let host = asker.public_url.host_str().unwrap_or_default();
        let write = |code: &str| {
            code_text(beginning.language, &asker.brand.name(), host, code, beginning.reference(), beginning.minutes)
        };
        Ok(sent_code::ask(asker.vault, beginning, write))
    }

    fn compare(&self, asker: Asker<'_>, _: &Counted, expected: &Expected<'_>, answer: &str) -> Result<Verdict, Error> {
        sent_code::compare(asker.vault, expected, answer)
    }

    fn not_delivered(&self, failure: DeliveryFailure) -> Refusal {
        Refusal::TextNotDelivered(failure)
    }

    fn costs_money(&self) -> bool {
        true
    }
}
