//! Keeps messages in memory, for tests of rules.

use super::{MailSender, SmtpSettings};
use app::{delivery::message::MessageText, error::DeliveryFailure};
use async_trait::async_trait;
use std::sync::{Mutex, PoisonError};

/// A message that would have been sent.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The recipient.
    pub to: String,
    /// The plain form.
    pub text: String,
}

/// Keeps messages, or fails as told.
#[derive(Default)]
pub struct MemorySender {
    kept: Mutex<Vec<Kept>>,
    failure: Mutex<Option<DeliveryFailure>>,
}

impl MemorySender {
    /// All messages so far, oldest first.
    pub fn kept(&self) -> Vec<Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets every following message fail, or none.
    pub fn fail_with(&self, failure: Option<DeliveryFailure>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }
}

#[async_trait]
impl MailSender for MemorySender {
    async fn send(
        &self,
        _via: &SmtpSettings,
        _password: Option<&str>,
        to: &str,
        text: &MessageText,
    ) -> Result<(), DeliveryFailure> {
        if let Some(failure) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(failure);
        }
        let kept = Kept { to: to.to_owned(), text: text.text.clone() };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
        Ok(())
    }
}
