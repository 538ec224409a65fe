//! What the server does for service providers.

use super::{
    day::ProviderDay,
    sms::{SmsForm, SmsService, Vendor},
    types::{AnyService, Channel, Service, SmtpForm, SmtpService},
};
use crate::{caller::Session, error::AppError, ports::Deleted};
use async_trait::async_trait;
use uuid::Uuid;

/// Service providers. Callers are administrators.
#[async_trait]
pub trait ServicesPort: Send + Sync {
    /// All providers, by title.
    async fn list(&self) -> Result<Vec<Service>, AppError>;
    /// The form of a new SMTP provider, filled with the server's own defaults.
    async fn new_smtp(&self) -> Result<SmtpService, AppError>;
    /// The form of a new provider of another channel.
    async fn new_plain(&self, channel: Channel) -> Result<AnyService, AppError>;
    /// A stored provider.
    async fn get(&self, id: Uuid) -> Result<AnyService, AppError>;
    /// What a provider did in the last day, and whom it serves.
    async fn day(&self, id: Uuid) -> Result<ProviderDay, AppError>;
    /// Stores a new provider through which nothing is sent, or changes its title.
    async fn save_plain(
        &self,
        admin: &Session,
        id: Option<Uuid>,
        channel: Channel,
        title: &str,
    ) -> Result<(), AppError>;
    /// Stores a new provider or changes one.
    async fn save_smtp(&self, admin: &Session, id: Option<Uuid>, form: &SmtpForm) -> Result<(), AppError>;
    /// Sends a message through the settings of the form to the administrator's own address.
    ///
    /// # Errors
    /// `NotDelivered` with the mail server's own answer.
    async fn test_smtp(&self, admin: &Session, id: Option<Uuid>, form: &SmtpForm) -> Result<(), AppError>;
    /// The form of a new provider of text messages.
    async fn new_sms(&self, vendor: Vendor) -> Result<SmsService, AppError>;
    /// Stores a new provider of text messages or changes one.
    async fn save_sms(&self, admin: &Session, id: Option<Uuid>, form: &SmsForm) -> Result<(), AppError>;
    /// Sends a text message through the settings of the form to the number in it.
    ///
    /// # Errors
    /// `TextNotDelivered` with the provider's own answer; `TooManyMessages`.
    async fn test_sms(&self, admin: &Session, id: Option<Uuid>, form: &SmsForm) -> Result<(), AppError>;
    /// How many accounts receive their codes through a provider, before it is stopped.
    ///
    /// # Errors
    /// `RequiredForAdmins` where stopping it would lock administrators out.
    async fn check_stop(&self, id: Uuid) -> Result<u32, AppError>;
    /// Allows or stops the use of a provider.
    ///
    /// # Errors
    /// `RequiredForAdmins` where stopping it would lock administrators out.
    async fn set_active(&self, admin: &Session, id: Uuid, active: bool) -> Result<(), AppError>;
    /// Removes a provider, once that is confirmed.
    ///
    /// # Errors
    /// `InUse` while a secondary auth offers it.
    async fn delete(&self, admin: &Session, id: Uuid, confirmed: bool) -> Result<Deleted, AppError>;
}
