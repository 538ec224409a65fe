//! Where the key outside of the database comes from: a file, a variable of the environment or a credential of systemd.

use super::{Key, VaultError};
use crate::platform::secret::Secret;
use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, chown},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Where the key outside of the database comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file of our own, which is made where it is missing and changed by a rotation.
    File(PathBuf),
    /// A file that somebody else writes, such as a credential of systemd.
    Credential(PathBuf),
    /// The text itself, from the environment.
    Variable(Secret),
}

/// The keys of a source by their ids, one as a rule, and two while it is replaced.
pub type OuterKeys = BTreeMap<i32, Key>;

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "the key file {}", path.display()),
            Self::Credential(path) => write!(f, "the credential {}", path.display()),
            Self::Variable(_) => f.write_str("the variable COUNTERSIGN_SECRET_KEY"),
        }
    }
}

impl KeySource {
    /// The keys.
    ///
    /// # Errors
    /// `Missing`, `Unreadable` or `Format`.
    pub fn read(&self) -> Result<OuterKeys, VaultError> {
        let text = match self {
            Self::Variable(text) => Zeroizing::new(text.expose().to_owned()),
            Self::File(path) | Self::Credential(path) => match fs::read_to_string(path) {
                Ok(text) => Zeroizing::new(text),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Err(VaultError::Missing(self.to_string()));
                }
                Err(source) => return Err(self.unreadable(source)),
            },
        };
        parse(&text).ok_or_else(|| VaultError::Format(self.to_string()))
    }

    /// The keys, with a first one where there is none yet.
    ///
    /// # Errors
    /// As [`KeySource::read`]; also when the file cannot be written.
    pub fn read_or_create(&self) -> Result<OuterKeys, VaultError> {
        match (self.read(), self) {
            (Err(VaultError::Missing(_)), Self::File(path)) => {
                let first = OuterKeys::from([(1, Key::random())]);
                // Another process may have been first; its key is the one that counts.
                write_new(path, &first).map_err(|source| self.unreadable(source))?;
                self.read()
            }
            (read, _) => read,
        }
    }

    /// Replaces the keys of a file; the old file or the new one is there at any moment, and whole.
    ///
    /// # Errors
    /// `ReadOnly` where it is no file of ours; `Unreadable` when it cannot be written.
    pub fn replace(&self, keys: &OuterKeys) -> Result<(), VaultError> {
        let Self::File(path) = self else { return Err(VaultError::ReadOnly(self.to_string())) };
        replace(path, keys).map_err(|source| self.unreadable(source))
    }

    fn unreadable(&self, source: io::Error) -> VaultError {
        VaultError::Unreadable { from: self.to_string(), source }
    }
}

/// One line a key: its id, a colon and 32 bytes in base64url. In a variable spaces stand for the ends of lines.
fn parse(text: &str) -> Option<OuterKeys> {
    let mut keys = OuterKeys::new();
    for line in text.split_ascii_whitespace() {
        let (id, key) = line.split_once(':')?;
        let id = id.parse().ok().filter(|id| *id > 0)?;
        if keys.insert(id, Key::from_text(key)?).is_some() {
            return None;
        }
    }
    (!keys.is_empty()).then_some(keys)
}

/// A key as it stands in its source.
pub fn line(id: i32, key: &Key) -> Zeroizing<String> {
    Zeroizing::new(format!("{id}:{}\n", &*key.to_text()))
}

fn write_beside(path: &Path, keys: &OuterKeys) -> io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(name);
    // One that a killed process of this number has left.
    let _ = fs::remove_file(&beside);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    for (id, key) in keys {
        file.write_all(line(*id, key).as_bytes())?;
    }
    file.sync_all()?;
    Ok(beside)
}

/// Writes a file of mode 0600 unless there is one.
fn write_new(path: &Path, keys: &OuterKeys) -> io::Result<()> {
    let beside = write_beside(path, keys)?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => keep(path),
    }
}

fn replace(path: &Path, keys: &OuterKeys) -> io::Result<()> {
    // Where it is a link, what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    let before = fs::metadata(&path)?;
    let beside = write_beside(&path, keys)?;
    let written = fs::metadata(&beside)?;
    if (written.uid(), written.gid()) != (before.uid(), before.gid()) {
        // Who rotates need not be who serves.
        chown(&beside, Some(before.uid()), Some(before.gid()))?;
    }
    fs::rename(&beside, &path)?;
    keep(&path)
}

/// Makes the name of a file outlast a power cut.
fn keep(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}
