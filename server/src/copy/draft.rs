//! A private file that is being written. It goes again by itself, unless it is kept under its name.

use super::CopyError;
use crate::platform::private;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// What its name ends with.
const END: &str = ".partial";

/// A file that is not what it will be.
pub struct Draft {
    path: PathBuf,
}

impl Draft {
    /// Begins one beside the name that it will have.
    pub fn of(name: &Path) -> Result<Self, CopyError> {
        if is_taken(name) {
            return Err(taken(name));
        }
        let mut path = name.as_os_str().to_owned();
        path.push(END);
        let path = PathBuf::from(path);
        match private::new_file(&path) {
            Ok(_) => Ok(Self { path }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(CopyError::Refused(format!(
                "{} is there already. If nothing is writing it, it was left behind when a command was killed: delete it.",
                path.display()
            ))),
            Err(error) => Err(failed(&path, &error)),
        }
    }

    /// Where it is now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fills it with what another file holds.
    pub fn fill(&self, from: &Path) -> Result<(), CopyError> {
        let fill = || io::copy(&mut File::open(from)?, &mut File::options().write(true).open(&self.path)?);
        fill().map(drop).map_err(|error| failed(&self.path, &error))
    }

    /// Gives it its name, once it is on the disk. What got that name meanwhile stays.
    pub fn keep(self, name: &Path) -> Result<(), CopyError> {
        let keep = || {
            File::open(&self.path)?.sync_all()?;
            match fs::hard_link(&self.path, name) {
                // Some file systems have no second names.
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !is_taken(name) => {
                    fs::rename(&self.path, name)?;
                }
                linked => linked?,
            }
            let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()
        };
        keep().map_err(
            |error| if error.kind() == io::ErrorKind::AlreadyExists { taken(name) } else { failed(name, &error) },
        )
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // It is gone where it has its name now.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether there is anything of this name, also a link that leads nowhere.
fn is_taken(name: &Path) -> bool {
    name.symlink_metadata().is_ok()
}

fn taken(name: &Path) -> CopyError {
    CopyError::Refused(format!("{} is there already. Name a file that is not there.", name.display()))
}

fn failed(path: &Path, error: &io::Error) -> CopyError {
    CopyError::Refused(format!("{} cannot be written: {error}", path.display()))
}
