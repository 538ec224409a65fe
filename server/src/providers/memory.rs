//! Keeps messages in memory, for tests of rules.

use super::{Mail, MailSender, SmtpSettings};
use app::error::DeliveryFailure;
use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::watch;
use uuid::Uuid;

/// A message that would have been sent.
#[derive(Clone)]
pub struct Kept {
    /// What it is known by.
    pub id: Uuid,
    /// The recipient.
    pub to: String,
    /// The plain form.
    pub text: String,
    /// The mail server.
    pub host: String,
    /// The name of the logo's file, where it shows one.
    pub logo: Option<String>,
}

/// Without what it says: it may be a code.
impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("to", &self.to).finish_non_exhaustive()
    }
}

/// Keeps messages, or fails as told.
#[derive(Default)]
pub struct MemorySender {
    kept: Mutex<Vec<Kept>>,
    failure: Mutex<Option<DeliveryFailure>>,
    /// Failures of one mail server each.
    down: Mutex<HashMap<String, DeliveryFailure>>,
    /// The mail servers of all messages that were begun.
    tried: Mutex<Vec<String>>,
    silent: watch::Sender<Option<String>>,
    begun: AtomicUsize,
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

    /// Lets every following message through one mail server fail, or none.
    pub fn fail_at(&self, host: &str, failure: Option<DeliveryFailure>) {
        let mut down = self.down.lock().unwrap_or_else(PoisonError::into_inner);
        match failure {
            Some(failure) => down.insert(host.to_owned(), failure),
            None => down.remove(host),
        };
    }

    /// How many messages were begun at a mail server, answered or not.
    pub fn begun_at(&self, host: &str) -> usize {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|tried| *tried == host).count()
    }

    /// Lets the messages to addresses that begin like this wait for their answer, until it is told otherwise.
    pub fn be_silent_to(&self, beginning: Option<&str>) {
        self.silent.send_replace(beginning.map(str::to_owned));
    }

    /// How many messages were begun, answered or not.
    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl MailSender for MemorySender {
    async fn send(&self, via: &SmtpSettings, _: Option<&str>, mail: &Mail<'_>) -> Result<(), DeliveryFailure> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).push(via.host.clone());
        let answers =
            |silent: &Option<String>| !silent.as_ref().is_some_and(|beginning| mail.to.starts_with(beginning));
        // The other end lives as long as this sender.
        let _ = self.silent.subscribe().wait_for(answers).await;
        if let Some(failure) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(failure);
        }
        if let Some(failure) = self.down.lock().unwrap_or_else(PoisonError::into_inner).get(&via.host) {
            return Err(failure.clone());
        }
        let kept = Kept {
            id: mail.id,
            to: mail.to.to_owned(),
            text: mail.text.text.clone(),
            host: via.host.clone(),
            logo: mail.shown_logo().map(|logo| logo.picture.file.clone()),
        };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
        Ok(())
    }
}
