//! What goes wrong inside. It is written to the log; outside it is told as `Internal` and nothing more.

use app::error::AppError;
use sea_orm::{DbErr, RuntimeErr, SqlxError};

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
        match &error {
            Error::Database(cause) if is_passing(cause) => {
                tracing::error!(%error, "internal failure");
                Self::Unavailable
            }
            _ => {
                let id = error_id();
                tracing::error!(%error, error_id = id, "internal failure");
                Self::Internal { id: Some(id) }
            }
        }
    }
}

/// Eight hexadecimal digits, which whoever sees the failure can read to whoever reads the log.
fn error_id() -> String {
    let mut bytes = [0; 4];
    // Without randomness the number is no worse than none.
    let _ = getrandom::fill(&mut bytes);
    format!("{:08x}", u32::from_be_bytes(bytes))
}

/// Whether the database cannot be reached, or cannot write, at the moment: it is started again, its disk is full, or
/// it has too much to do.
fn is_passing(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => match &**error {
            SqlxError::Database(error) => error.code().is_some_and(|code| is_passing_code(&code)),
            SqlxError::Io(_)
            | SqlxError::Protocol(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed => true,
            _ => false,
        },
        _ => false,
    }
}

/// The same of the database's own codes: five characters from PostgreSQL (its manual, appendix A), whose first two are
/// the class, and a number from SQLite, whose last byte is the kind.
fn is_passing_code(code: &str) -> bool {
    if code.len() == 5 {
        // Connections, resources, interventions by operators, the system, and transactions that were in each other's way.
        return ["08", "53", "57", "58", "40"].iter().any(|class| code.starts_with(class));
    }
    // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14 | 15))
}

/// The same for a failure of something that has no place in [`Error`].
pub fn internal(error: impl std::fmt::Display) -> AppError {
    Error::Broken(error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_is_broken() {
        for code in ["57P01", "57P03", "53100", "53300", "08006", "40001", "5", "261", "13", "8", "778", "14"] {
            assert!(is_passing_code(code), "{code}");
        }
        // A violated rule of a table, and SQL that is wrong.
        for code in ["23505", "42601", "22021", "1", "19", "2067", ""] {
            assert!(!is_passing_code(code), "{code}");
        }
    }
}
