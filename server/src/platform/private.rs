//! Files and folders that nobody else on the machine may read.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// The bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// Opens a file of mode 0600, and makes it where it is missing. What it holds stays.
///
/// # Errors
/// When it cannot be opened, or not be made private.
pub fn file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    close(path, 0o600)?;
    Ok(file)
}

/// Makes a new file of mode 0600. Where there is anything of this name, also a link that leads elsewhere, it fails.
///
/// # Errors
/// When it cannot be made.
pub fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// Makes a file private where there is one.
///
/// # Errors
/// When it cannot be made private.
pub fn existing_file(path: &Path) -> io::Result<()> {
    match close(path, 0o600) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// A folder of mode 0700, made where it is missing.
///
/// # Errors
/// When it cannot be made, or not be made private.
pub fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    close(path, 0o700)
}

/// Takes the bits of others away where there are any: what is private already may belong to somebody else.
fn close(path: &Path, mode: u32) -> io::Result<()> {
    if fs::metadata(path)?.permissions().mode() & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn what_is_open_to_others_is_closed_and_keeps_what_it_holds() {
        let parent = tempfile::tempdir().expect("a folder");
        let (folder, file) = (parent.path().join("data"), parent.path().join("data/file"));
        super::folder(&folder).expect("made");
        assert_eq!(mode(&folder), 0o700);
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("opened");
        super::folder(&folder).expect("closed");
        assert_eq!(mode(&folder), 0o700);

        existing_file(&file).expect("nothing to do");
        assert!(!file.exists());
        super::file(&file).expect("made").write_all(b"kept").expect("written");
        assert_eq!(mode(&file), 0o600);
        fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("opened");
        let mut text = String::new();
        super::file(&file).expect("closed").read_to_string(&mut text).expect("read");
        assert_eq!((mode(&file), text.as_str()), (0o600, "kept"));
        fs::set_permissions(&file, Permissions::from_mode(0o666)).expect("opened");
        existing_file(&file).expect("closed");
        assert_eq!(mode(&file), 0o600);

        let (new, link) = (parent.path().join("new"), parent.path().join("link"));
        new_file(&new).expect("made");
        assert_eq!(mode(&new), 0o600);
        std::os::unix::fs::symlink(parent.path().join("elsewhere"), &link).expect("linked");
        for taken in [&new, &link] {
            assert_eq!(new_file(taken).expect_err("taken").kind(), io::ErrorKind::AlreadyExists);
        }
    }
}
