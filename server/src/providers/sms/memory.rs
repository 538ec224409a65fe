//! Keeps text messages in memory, for tests of rules.

use super::{SmsSender, SmsSettings};
use crate::providers::memory::Kept;
use app::error::DeliveryFailure;
use async_trait::async_trait;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Keeps text messages, or fails as told.
#[derive(Default)]
pub struct MemoryTexts {
    kept: Mutex<Vec<Kept>>,
    failure: Mutex<Option<DeliveryFailure>>,
}

impl MemoryTexts {
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
impl SmsSender for MemoryTexts {
    async fn send(
        &self,
        _via: &SmsSettings,
        _secret: Option<&str>,
        to: &str,
        text: &str,
    ) -> Result<(), DeliveryFailure> {
        if let Some(failure) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(failure);
        }
        let kept = Kept { id: Uuid::nil(), to: to.to_owned(), text: text.to_owned(), host: String::new(), logo: None };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
        Ok(())
    }
}
