//! What goes wrong inside. It is written to the log; outside it is told as `Internal` and nothing more.

use app::error::AppError;
use sea_orm::DbErr;

/// A failure inside.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed or could not be reached.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// A stored secret was sealed with another key.
    #[error("{0}")]
    Vault(String),
    /// A stored text is not what this version writes there.
    #[error("a stored value cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// Anything else that cannot happen unless something is broken.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    /// A failure in words of our own.
    pub fn broken(words: impl Into<String>) -> Self {
        Self::Broken(words.into())
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "internal failure");
        Self::Internal
    }
}

/// The same for a failure of something that has no place in [`Error`].
pub fn internal(error: impl std::fmt::Display) -> AppError {
    Error::Broken(error.to_string()).into()
}
