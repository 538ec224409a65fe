//! A backup goes into an empty database again. It is looked at before anything of that is written.

use super::{
    Copied, CopyError, Ended, PAGE, Sides, all_rows, analyze,
    draft::Draft,
    ended, is_unfinished,
    schema::{self, State},
};
use crate::{
    audit::{self, Actor, Event},
    error::Error,
    platform::{
        database::{self, file},
        vault::{KeySource, Vault, VaultError},
    },
};
use app::audit::types::Action;
use sea_orm::DatabaseConnection;
use std::{fs, path::Path};

const SIDES: Sides = Sides { from: "The backup", to: "The database to restore into" };
/// Where an older backup is brought up to date, in the data directory.
const OLDER: &str = "restore";

/// A backup that is whole, has the tables of this version, and is opened by the key.
pub struct Sound {
    pub(super) db: DatabaseConnection,
    /// A copy that was brought up to date, where the backup is of an older version. It goes with this.
    _draft: Option<Draft>,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// How much.
    pub copied: Copied,
    /// What was ended then.
    pub ended: Ended,
}

/// Looks at a backup. One of an older version is brought up to date in a copy, in a folder that nobody else reads: the
/// backup stays as it is.
///
/// # Errors
/// When it is not whole, no backup of ours, of a newer version, or another key is needed.
pub async fn read_backup(name: &Path, folder: &Path, key: KeySource) -> Result<Sound, CopyError> {
    let sound = open(name, folder).await?;
    match Vault::existing(&sound.db, key).await {
        // Nothing is sealed where no server ever started.
        Ok(_) | Err(VaultError::None) => Ok(sound),
        Err(VaultError::Database(error)) => Err(Error::from(error).into()),
        Err(error) => Err(CopyError::Refused(format!("The key does not open the backup: {error}"))),
    }
}

async fn open(name: &Path, folder: &Path) -> Result<Sound, CopyError> {
    let refused = |what: String| CopyError::Refused(format!("{} {what}", name.display()));
    let broken = |error: sea_orm::DbErr| refused(format!("is no whole backup: {error}"));
    if !name.is_file() {
        return Err(refused("is no file.".into()));
    }
    let mut beside = name.as_os_str().to_owned();
    beside.push("-wal");
    if fs::metadata(&beside).is_ok_and(|log| log.len() > 0) {
        return Err(refused(
            "is no backup, but the file of a server: what it wrote last stands in the file beside it that ends in -wal. Use \
             `countersign db copy --from` for it."
                .into(),
        ));
    }
    let db = file::read(name).await.map_err(broken)?;
    file::check(&db, name).await.map_err(broken)?;
    let missing = match schema::state(&db).await? {
        State::Foreign => return Err(refused("holds nothing of Countersign.".into())),
        State::Newer(newer) => {
            return Err(refused(format!(
                "is of a newer version ({newer}). Restore it with that version, or a later one."
            )));
        }
        State::Older(missing) => Some(missing),
        State::Current => None,
    };
    if is_unfinished(&db).await? {
        return Err(refused("is a part of a backup that was stopped. Take another one.".into()));
    }
    let Some(missing) = missing else { return Ok(Sound { db, _draft: None }) };
    db.close().await.map_err(Error::from)?;
    let draft = Draft::of(&folder.join(OLDER))?;
    draft.fill(name)?;
    let db = file::write(draft.path()).await.map_err(|error| {
        refused(format!("is of an older version ({missing} is missing), and cannot be brought up to date: {error}"))
    })?;
    Ok(Sound { db, _draft: Some(draft) })
}

/// Copies a backup into an empty database, reads both, and ends what may have been ended since. A copy that was
/// interrupted goes on.
///
/// # Errors
/// When the database has rows, or fails.
pub async fn restore(from: &Sound, to: &DatabaseConnection, now: i64) -> Result<Restored, CopyError> {
    let (copied, journal) = all_rows(&from.db, to, PAGE, &SIDES).await?;
    // No server takes the database before this counts.
    let transaction = database::begin(to).await?;
    let ended = ended::end(&transaction, now).await?;
    let event = Event::new(Action::BackupRestored, Actor::CommandLine).with(ended.summary());
    audit::record_at(&transaction, now, event).await?;
    journal.close(&transaction).await?;
    database::commit(transaction).await?;
    analyze(to).await?;
    Ok(Restored { copied, ended })
}
