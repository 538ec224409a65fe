//! What the server does for the messages.

use super::types::{Editor, Message, Parts, Row};
use crate::{caller::Session, error::AppError, language::types::Language};
use async_trait::async_trait;

/// The templates of messages. Callers are administrators.
#[async_trait]
pub trait MessageTemplatesPort: Send + Sync {
    /// All messages of a language.
    async fn list(&self, language: Language) -> Result<Vec<Row>, AppError>;
    /// A message in the editor of an administrator.
    async fn editor(&self, admin: &Session, language: Language, message: Message) -> Result<Editor, AppError>;
    /// Keeps what an administrator has typed. It is not sent to anybody.
    async fn draft(&self, admin: &Session, language: Language, message: Message, parts: &Parts)
    -> Result<(), AppError>;
    /// How the HTML in an administrator's editor would arrive; empty where it cannot be made.
    async fn preview(&self, admin: &Session, language: Language, message: Message) -> Result<String, AppError>;
    /// Stores what was typed. From then on the message is sent so.
    ///
    /// # Errors
    /// `Invalid` by field; `AwaitsApproval` where two administrators have to agree.
    async fn save(&self, admin: &Session, language: Language, message: Message, parts: &Parts) -> Result<(), AppError>;
    /// Takes back what the message came with.
    async fn reset(&self, admin: &Session, language: Language, message: Message) -> Result<(), AppError>;
    /// Sends what was typed to the administrator, with samples in place of what is filled in. A text message goes to the
    /// administrator's own number, or to this one where there is none.
    ///
    /// # Errors
    /// `Invalid` by field, `TooManyMessages`; for a text message `TextCeiling` and `TextNotDelivered` as well.
    async fn send(
        &self,
        admin: &Session,
        language: Language,
        message: Message,
        parts: &Parts,
        number: &str,
    ) -> Result<(), AppError>;
}
