//! Sends text messages: by Twilio, by any gateway that takes HTTP requests, or by SMPP.

pub mod gateway;
pub mod memory;
pub mod smpp;
pub mod template;
pub mod twilio;

use super::{discreet, failure, http};
use crate::platform::reach::Reach;
use app::error::{DeliveryFailure, DeliveryFailureKind};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a delivery may take. Whoever looks at a page does not wait for that long.
const WHOLE: Duration = Duration::from_secs(30);

/// How to reach whoever sends text messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "vendor", rename_all = "lowercase")]
pub enum SmsSettings {
    /// Twilio's Messages API.
    Twilio(twilio::Twilio),
    /// An HTTP request of one's own making.
    Gateway(gateway::Gateway),
    /// A message centre that speaks SMPP 3.4.
    Smpp(smpp::Smpp),
}

impl SmsSettings {
    /// Where messages are handed over, as lists show it.
    pub fn target(&self) -> String {
        match self {
            Self::Twilio(twilio) => http::target(&twilio.address),
            Self::Gateway(gateway) => http::target(&gateway.url),
            Self::Smpp(smpp) => format!("{}:{}", smpp.host, smpp.port),
        }
    }
}

/// Sends text messages.
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Hands a message over. `to` is a number as E.164.
    ///
    /// # Errors
    /// Why it was not taken, within half a minute. The answer holds neither the code nor the number nor the secret.
    async fn send(&self, via: &SmsSettings, secret: Option<&str>, to: &str, text: &str) -> Result<(), DeliveryFailure>;
}

/// Sends text messages by the provider's own protocol.
pub struct Vendors {
    reach: Reach,
    whole: Duration,
}

impl Vendors {
    /// They contact what may be contacted.
    pub const fn new(reach: Reach) -> Self {
        Self { reach, whole: WHOLE }
    }
}

#[async_trait]
impl SmsSender for Vendors {
    async fn send(&self, via: &SmsSettings, secret: Option<&str>, to: &str, text: &str) -> Result<(), DeliveryFailure> {
        let secret = secret.unwrap_or_default();
        let send = async {
            match via {
                SmsSettings::Twilio(twilio) => twilio::send(&self.reach, twilio, secret, to, text).await,
                SmsSettings::Gateway(gateway) => gateway::send(&self.reach, gateway, secret, to, text).await,
                SmsSettings::Smpp(smpp) => smpp::send(&self.reach, smpp, secret, to, text).await,
            }
        };
        let whole = self.whole;
        let timed_out = || failure(DeliveryFailureKind::TimedOut, format!("no answer within {} s", whole.as_secs()));
        let sent = tokio::time::timeout(whole, send).await.unwrap_or_else(|_| Err(timed_out()));
        sent.map_err(|failure| discreet(failure, secret, to, text))
    }
}

#[cfg(test)]
mod tests;
