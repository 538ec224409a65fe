//! What the server does for the brand.

use super::types::{Editor, Fields, Slot};
use crate::{caller::Session, error::AppError, language::types::Language};
use async_trait::async_trait;

/// The brand. Callers are administrators.
#[async_trait]
pub trait BrandPort: Send + Sync {
    /// The page of an administrator.
    async fn editor(&self, admin: &Session) -> Result<Editor, AppError>;
    /// Keeps what an administrator has typed. Nobody else sees it.
    async fn draft(&self, admin: &Session, fields: &Fields) -> Result<(), AppError>;
    /// Keeps what an administrator has typed, with the nearest colour that can be read.
    async fn draft_readable(&self, admin: &Session, fields: &Fields) -> Result<(), AppError>;
    /// Forgets what an administrator has typed.
    async fn discard(&self, admin: &Session) -> Result<(), AppError>;
    /// How a page would look, as a document in a language.
    async fn preview(&self, admin: &Session, language: Language) -> Result<String, AppError>;
    /// How an email would look, as a document in a language.
    async fn preview_mail(&self, admin: &Session, language: Language) -> Result<String, AppError>;
    /// Stores a picture.
    ///
    /// # Errors
    /// `Invalid` where it cannot be used.
    async fn put_picture(&self, admin: &Session, slot: Slot, file: &[u8]) -> Result<(), AppError>;
    /// Removes a picture.
    async fn remove_picture(&self, admin: &Session, slot: Slot) -> Result<(), AppError>;
    /// Stores what was typed.
    ///
    /// # Errors
    /// `Invalid` by field.
    async fn save(&self, admin: &Session, fields: &Fields) -> Result<(), AppError>;
}
