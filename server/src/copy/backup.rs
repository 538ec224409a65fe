//! A backup: a copy of what one transaction sees, in a file of SQLite, while servers run.

use super::{Copied, CopyError, PAGE, Sides, by_pages, draft::Draft};
use crate::{
    error::Error,
    keys,
    platform::{
        database::{self, file},
        vault::table,
    },
};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::path::{Path, PathBuf};

const SIDES: Sides = Sides { from: "The database", to: "The backup" };

/// What was written.
#[derive(Debug)]
pub struct Backup {
    /// How much.
    pub copied: Copied,
    /// Which key it needs, as `key status` tells it; nothing where it holds nothing sealed.
    pub key: Option<String>,
}

/// Writes everything into a new file, and reads it again. It has its name when it is whole, and nothing stays where it
/// fails. `live` are the files of the database itself.
///
/// # Errors
/// When the file is there or cannot be written, or the database cannot be read.
pub async fn backup(from: &DatabaseConnection, name: &Path, live: &[PathBuf]) -> Result<Backup, CopyError> {
    if live.iter().any(|file| resolved(file) == resolved(name)) {
        return Err(CopyError::Refused(format!(
            "{} belongs to the database itself. Name another file.",
            name.display()
        )));
    }
    let draft = Draft::of(name)?;
    let snapshot = database::snapshot(from).await?;
    let written = write(&snapshot, draft.path()).await;
    database::rollback(snapshot).await?;
    let backup = written?;
    draft.keep(name)?;
    Ok(backup)
}

/// Writes what a transaction sees.
pub(super) async fn write(snapshot: &impl ConnectionTrait, path: &Path) -> Result<Backup, CopyError> {
    let db = file::write(path).await.map_err(Error::from)?;
    let copied = by_pages(snapshot, &db, PAGE, &SIDES).await?;
    file::check(&db, path).await.map_err(|error| CopyError::Refused(format!("The backup cannot be read: {error}")))?;
    let sealed = !table::all(&db).await.map_err(Error::from)?.is_empty();
    let key = if sealed { Some(keys::status(&db).await?.to_string()) } else { None };
    db.close().await.map_err(Error::from)?;
    Ok(Backup { copied, key })
}

/// A path without links, also of a file that is not there.
fn resolved(path: &Path) -> PathBuf {
    let beside = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}
