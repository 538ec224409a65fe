//! Sends mail over SMTP.

mod conversation;
mod letter;
mod pool;
mod reply;
#[cfg(test)]
mod tests;
pub mod token;
mod trouble;

use self::{
    conversation::{Conversation, Name, Times},
    letter::Letter,
    pool::{Key, Pool},
    trouble::{Trouble, failure},
};
use super::{Mail, MailSender, SmtpSettings, discreet};
use crate::platform::reach::Reach;
use app::error::{DeliveryFailure, DeliveryFailureKind};
use async_trait::async_trait;
use std::time::Duration;
use url::Url;

/// Sends mail over SMTP.
pub struct SmtpSender {
    name: Name,
    reach: Reach,
    times: Times,
    pool: Pool,
}

/// How long a connection is kept for the next message; servers wait for minutes (RFC 5321 §4.5.3.2.7).
const IDLE: Duration = Duration::from_secs(20);

impl SmtpSender {
    /// A sender that says to servers that it is the host of the public address.
    pub fn new(public_url: &Url, reach: Reach) -> Self {
        Self { name: Name::of(public_url), reach, times: Times::PATIENT, pool: Pool::new(IDLE) }
    }

    async fn open(&self, via: &SmtpSettings, password: Option<&str>) -> Result<Conversation, DeliveryFailure> {
        Conversation::open(via, password, &self.name, &self.reach, self.times).await
    }

    async fn hand_over(
        &self,
        via: &SmtpSettings,
        password: Option<&str>,
        mail: &Mail<'_>,
    ) -> Result<(), DeliveryFailure> {
        let letter = Letter::of(via, mail)?;
        let key = Key::of(via, password);
        let ready = async {
            while let Some(mut kept) = self.pool.take(key).await {
                match kept.prepare(&letter).await {
                    Ok(()) => return Ok(kept),
                    // It had its time: nothing has left, and a fresh one may fare better.
                    Err(trouble) if trouble.is_of_the_connection() => {}
                    Err(trouble) => return Err(trouble.into_failure()),
                }
            }
            let mut conversation = self.open(via, password).await?;
            conversation.prepare(&letter).await.map_err(Trouble::into_failure)?;
            Ok(conversation)
        };
        let too_late = |_| failure(DeliveryFailureKind::TimedOut, "it came to an end before the server was ready");
        let mut conversation = tokio::time::timeout(mail.worth, ready).await.map_err(too_late)??;
        conversation.finish(&letter).await.map_err(Trouble::into_failure)?;
        self.pool.keep(key, conversation).await;
        Ok(())
    }

    /// Connects, agrees on encryption and signs in as a delivery does, and sends nothing.
    ///
    /// # Errors
    /// Why a delivery would fail.
    pub async fn probe(&self, via: &SmtpSettings, password: Option<&str>) -> Result<(), DeliveryFailure> {
        let mut conversation = self.open(via, password).await?;
        conversation.idle().await.map_err(Trouble::into_failure)?;
        conversation.end().await;
        Ok(())
    }
}

#[async_trait]
impl MailSender for SmtpSender {
    async fn send(&self, via: &SmtpSettings, password: Option<&str>, mail: &Mail<'_>) -> Result<(), DeliveryFailure> {
        let sent = self.hand_over(via, password, mail).await;
        sent.map_err(|failure| discreet(failure, password.unwrap_or_default(), "", &mail.text.text))
    }
}
