//! Whether files with secrets are their owner's alone.

use crate::platform::{config::Settings, database, vault::KeySource};
use std::{
    fs, io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

/// Looks at the data directory, the key file and the files of SQLite.
pub fn private(settings: &Settings) -> Result<String, String> {
    let folder = &settings.data_dir;
    let mut files = database::files(&settings.database_url());
    // A credential has the rights that systemd or a container gives it.
    if let KeySource::File(path) = settings.key_source() {
        files.push(path);
    }
    let owner = fs::metadata(folder).ok().map(|folder| folder.uid());
    let mut problems: Vec<_> = problem(folder, "700", None).into_iter().collect();
    for file in &files {
        // Who keeps files elsewhere may have given them to somebody on purpose.
        let owner = owner.filter(|_| file.parent() == Some(folder));
        problems.extend(problem(file, "600", owner));
    }
    match (problems.is_empty(), owner) {
        (false, _) => Err(problems.join("; ")),
        (true, None) => Ok("the data directory is not there yet: the first start of the server makes it".to_owned()),
        (true, Some(_)) => Ok(format!("those in {} are their owner's alone", folder.display())),
    }
}

/// What is wrong with one that is there.
fn problem(path: &Path, right: &str, owner: Option<u32>) -> Option<String> {
    let name = path.display();
    let file = match fs::metadata(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => return Some(format!("{name} cannot be looked at ({error}): run this as the user of the server")),
    };
    let mode = file.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Some(format!("others may use {name} (mode {mode:o}): run chmod {right} {name}"));
    }
    let uid = file.uid();
    let owner = owner.filter(|owner| *owner != uid)?;
    Some(format!("{name} belongs to the user {uid}, and the data directory to {owner}: run chown {owner} {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::Permissions, path::PathBuf};

    #[test]
    fn a_file_that_others_may_use_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings { data_dir: folder.path().join("data"), ..Settings::default() };
        assert!(private(&settings).expect("nothing yet").contains("is not there yet"));
        let mode = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).expect("changed");
        fs::create_dir(&settings.data_dir).expect("made");
        mode(&settings.data_dir, 0o700);
        let files = ["secret.key", "countersign.db", "countersign.db-wal", "countersign.db-shm", "countersign.db.lock"];
        let files: Vec<PathBuf> = files.map(|name| settings.data_dir.join(name)).into();
        for file in &files {
            fs::write(file, "").expect("written");
            mode(file, 0o600);
        }
        assert!(private(&settings).expect("all is well").contains("their owner's alone"));
        for (path, wrong, right) in
            files.iter().map(|file| (file, 0o640, 0o600)).chain([(&settings.data_dir, 0o755, 0o700)])
        {
            mode(path, wrong);
            let told = private(&settings).expect_err("a problem");
            let name = path.display();
            assert_eq!(told, format!("others may use {name} (mode {wrong:o}): run chmod {right:o} {name}"));
            mode(path, right);
        }
        private(&settings).expect("all is well again");
    }

    #[test]
    fn a_file_of_another_user_is_told() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let uid = fs::metadata(file.path()).expect("it is there").uid();
        assert_eq!(problem(file.path(), "600", Some(uid)), None);
        let told = problem(file.path(), "600", Some(uid + 1)).expect("a problem");
        assert!(told.contains(&format!("chown {}", uid + 1)), "{told}");
    }
}
