//! Backups and restores.

use super::{by_pages, fill};
use crate::{
    copy::{
        Backup, CopyError, Restored, Sound, backup, backup::write, is_unfinished, read_backup, restore, rows, schema,
        tables,
    },
    migration::Migrator,
    platform::{
        config::Settings,
        database,
        vault::{KeySource, Vault},
    },
    testing::{Fixture, PASSWORD, START, on_every_database, sqlite},
};
use app::audit::types::Action;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use sea_orm_migration::MigratorTrait;
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// A folder with a key and an empty SQLite database.
struct Place {
    folder: tempfile::TempDir,
    settings: Settings,
    db: DatabaseConnection,
}

async fn place() -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings { data_dir: folder.path().to_owned(), ..Settings::default() };
    let db = database::open(&settings.database_url()).await.expect("a database");
    Place { folder, settings, db }
}

impl Place {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn live(&self) -> Vec<PathBuf> {
        database::files(&self.settings.database_url())
    }

    async fn read(&self, file: &Path) -> Result<Sound, CopyError> {
        read_backup(file, self.folder.path(), self.settings.key_source()).await
    }

    /// The names of what is in the folder beside the database and the key.
    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path()).expect("reads").map(|file| file.expect("a file").file_name());
        let names = files.map(|name| name.to_string_lossy().into_owned());
        let mut names: Vec<_> =
            names.filter(|name| !name.starts_with("countersign.db") && name != "secret.key").collect();
        names.sort();
        names
    }
}

fn told<T>(result: Result<T, CopyError>) -> String {
    result.err().expect("refused").to_string()
}

async fn sums(db: &impl ConnectionTrait) -> Vec<(&'static str, rows::Sum)> {
    let mut all = Vec::new();
    for table in tables::all() {
        all.push((table.name, rows::sum(db, &table, 100).await.expect("a sum")));
    }
    all
}

/// Fills every table of a database of either kind. There are no keys, since those rows would open nothing.
async fn fill_any(db: &DatabaseConnection) {
    if db.get_database_backend() == DbBackend::Postgres {
        // Only SQLite tells which columns may be missing.
        let source = sqlite().await.core.db.clone();
        fill(&source).await;
        by_pages(&source, db, 100).await.expect("copied");
    } else {
        fill(db).await;
    }
    db.execute_unprepared("DELETE FROM data_key").await.expect("no keys");
}

/// Fills every table and backs up.
async fn backed_up(from: &DatabaseConnection, place: &Place) -> PathBuf {
    fill_any(from).await;
    let file = place.file("backup.db");
    backup(from, &file, &[]).await.expect("backed up");
    file
}

#[tokio::test]
async fn a_backup_is_one_private_file_with_every_row_and_a_restore_brings_them_back() {
    on_every_database(async |fixture| {
        let (from, place) = (&fixture.core.db, place().await);
        let file = backed_up(from, &place).await;
        assert_eq!(place.names(), ["backup.db"], "nothing stands beside it");
        assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
        let before = fs::read(&file).expect("readable");

        let sound = place.read(&file).await.expect("a backup");
        assert_eq!(sums(&sound.db).await, sums(from).await);
        let Restored { copied, ended } = restore(&sound, &place.db, START).await.expect("restored");
        assert_eq!((copied.tables, copied.rows), (tables::all().len(), 28 * 25 + 1));
        assert_eq!((ended.sessions, ended.trusted_devices, ended.requests), (25, 25, 25));
        let ours = [
            "session",
            "half_sign_in",
            "trusted_device",
            "challenge",
            "link",
            "approval_request",
            "delivery",
            "recovery_code",
            "audit_event",
        ];
        for ((name, here), (_, there)) in sums(&place.db).await.into_iter().zip(sums(from).await) {
            assert!(here == there || ours.contains(&name), "{name}");
        }
        assert!(!is_unfinished(&place.db).await.expect("answers"));
        assert!(told(restore(&sound, &place.db, START).await).contains("is not empty: there are rows in account"));
        assert_eq!(fs::read(&file).expect("readable"), before, "the backup stays as it is");
    })
    .await;
}

#[tokio::test]
async fn a_backup_goes_into_every_database() {
    on_every_database(async |fixture| {
        let place = place().await;
        let file = backed_up(&place.db, &place).await;
        let sound = place.read(&file).await.expect("a backup");
        restore(&sound, &fixture.core.db, START).await.expect("restored");
        let kept = |sums: Vec<(&'static str, rows::Sum)>| sums.into_iter().find(|(name, _)| *name == "account");
        assert_eq!(kept(sums(&fixture.core.db).await), kept(sums(&place.db).await));
    })
    .await;
}

/// Writes while a backup is being written, and looks for what it has.
async fn written_meanwhile(db: &DatabaseConnection, place: &Place) {
    let count = async |db: &DatabaseConnection| rows::count(db, &tables::all()[0]).await.expect("a count");
    fill_any(db).await;
    let snapshot = database::snapshot(db).await.expect("a snapshot");
    db.execute_unprepared("DELETE FROM account WHERE name LIKE '07%'").await.expect("another server writes");
    db.execute_unprepared("UPDATE account SET name = 'later' WHERE name LIKE '08%'").await.expect("and again");
    let file = place.file("meanwhile.db");
    crate::platform::private::new_file(&file).expect("a file");
    let Backup { copied, .. } = write(&snapshot, &file).await.expect("written");
    assert_eq!(copied.rows, 28 * 25 + 1);
    database::rollback(snapshot).await.expect("ends");
    let sound = place.read(&file).await.expect("a backup");
    assert_eq!((count(&sound.db).await, count(db).await), (25, 24));
    let names = tables::all()[0].columns.iter().position(|column| column.name == "name").expect("names");
    let rows = rows::page(&sound.db, &tables::all()[0], None, 99).await.expect("rows");
    assert!(rows.iter().all(|row| row[names] != "later".into()), "it has what was there when it began");
    fs::remove_file(&file).expect("removed");
}

#[tokio::test]
async fn what_is_written_during_a_backup_is_not_in_it() {
    let place = place().await;
    written_meanwhile(&place.db, &place).await;
    on_every_database(async |fixture| {
        // SQLite in memory has one connection.
        if fixture.core.db.get_database_backend() == DbBackend::Postgres {
            written_meanwhile(&fixture.core.db, &place).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_backup_replaces_nothing_and_leaves_nothing_half_written() {
    let place = place().await;
    let refused = async |name: &str| told(backup(&place.db, &place.file(name), &place.live()).await);
    fs::write(place.file("there"), "kept").expect("written");
    std::os::unix::fs::symlink(place.file("nowhere"), place.file("link")).expect("linked");
    for name in ["there", "link"] {
        assert!(refused(name).await.contains("is there already"), "{name}");
    }
    assert_eq!(fs::read_to_string(place.file("there")).expect("readable"), "kept");
    for name in ["countersign.db", "countersign.db-wal", "countersign.db-journal", "countersign.db.lock"] {
        assert!(refused(name).await.contains("belongs to the database itself"), "{name}");
    }
    assert!(refused("no/folder").await.contains("cannot be written"));
    fs::write(place.file("other.partial"), "of another backup").expect("written");
    assert!(refused("other").await.contains("other.partial is there already. If nothing is writing it"));
    assert_eq!(fs::read_to_string(place.file("other.partial")).expect("readable"), "of another backup");

    fill(&place.db).await;
    place.db.execute_unprepared("UPDATE session SET created_at = 'no number'").await.expect("changed");
    assert!(refused("broken").await.starts_with("the table session: "));
    place.db.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm0021_indexes'").await.expect("changed");
    assert!(refused("older").await.contains("The database is not up to date"));
    assert_eq!(place.names(), ["link", "other.partial", "there"]);
}

#[tokio::test]
async fn a_backup_names_its_key_and_another_key_is_refused_before_anything_is_written() {
    let (here, there) = (place().await, place().await);
    Vault::open(&here.db, here.settings.key_source(), START).await.expect("a key");
    let file = here.file("backup.db");
    let key = backup(&here.db, &file, &here.live()).await.expect("backed up").key.expect("it needs a key");
    assert_eq!(key, "key 1 wraps data key 1 of 2026-01-01");
    let secret = fs::read_to_string(here.file("secret.key")).expect("the key");
    let secret = secret.trim().split_once(':').expect("a key").1.to_owned();
    let bytes = fs::read(&file).expect("readable");
    assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "the key is not in it");

    let no_key = told(there.read(&file).await);
    assert!(no_key.contains("does not open the backup: the key file") && no_key.contains("is not there"), "{no_key}");
    KeySource::File(there.file("secret.key")).read_or_create().expect("another key");
    let wrong = told(there.read(&file).await);
    assert!(wrong.contains("does not open the backup") && wrong.contains("holds another key 1"), "{wrong}");
    assert_eq!(rows::count(&there.db, &tables::all()[8]).await.expect("a count"), 0);

    fs::copy(here.file("secret.key"), there.file("secret.key")).expect("the right key");
    let sound = there.read(&file).await.expect("it opens");
    restore(&sound, &there.db, START).await.expect("restored");
    Vault::existing(&there.db, there.settings.key_source()).await.expect("the same keys");
}

#[tokio::test]
async fn what_is_no_whole_backup_of_ours_is_refused() {
    let place = place().await;
    let file = backed_up(&place.db, &place).await;
    let whole = fs::read(&file).expect("readable");
    let bad = place.file("bad.db");
    let with = async |bytes: &[u8]| {
        fs::write(&bad, bytes).expect("written");
        told(place.read(&bad).await)
    };
    for end in [whole.len() - 1, whole.len() / 2, 4096, 100] {
        let words = with(&whole[..end]).await;
        assert!(words.contains("is no whole backup"), "{end}: {words}");
    }
    assert!(
        with(b"this is no database, and long enough to look at".repeat(100).as_slice())
            .await
            .contains("is no whole backup")
    );
    assert!(with(b"").await.contains("holds nothing of Countersign"));
    let mut torn = whole.clone();
    torn[8192..12_288].fill(7);
    assert!(with(&torn).await.contains("is no whole backup"));
    assert!(told(place.read(&place.file("nothing")).await).contains("is no file"));

    fs::write(&bad, &whole).expect("written");
    fs::write(place.file("bad.db-wal"), "a log").expect("written");
    assert!(told(place.read(&bad).await).contains("is no backup, but the file of a server"));
    fs::remove_file(place.file("bad.db-wal")).expect("removed");
    change(&bad, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)").await;
    assert!(told(place.read(&bad).await).contains("is of a newer version (m9999_later)"));
    fs::write(&bad, &whole).expect("written");
    change(&bad, "CREATE TABLE copy_progress (name varchar)").await;
    assert!(told(place.read(&bad).await).contains("is a part of a backup that was stopped"));
}

/// Changes a backup, as nobody should.
async fn change(file: &Path, sql: &str) {
    let db = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.expect("opens");
    db.execute_unprepared(sql).await.expect("changed");
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_brought_up_to_date_in_a_copy() {
    let (place, target) = (place().await, sqlite().await);
    let file = backed_up(&place.db, &place).await;
    let old = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.expect("opens");
    Migrator::down(&old, Some(2)).await.expect("two migrations undone");
    old.close().await.expect("closed");
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("opened");
    let before = fs::read(&file).expect("readable");
    let sound = place.read(&file).await.expect("brought up to date");
    assert_eq!(fs::metadata(place.file("restore.partial")).expect("it is there").permissions().mode() & 0o777, 0o600);
    restore(&sound, &target.core.db, START).await.expect("restored");
    assert_eq!(schema::state(&target.core.db).await.expect("answers"), schema::State::Current);
    assert_eq!(rows::count(&target.core.db, &tables::all()[0]).await.expect("a count"), 25);
    drop(sound);
    assert_eq!(place.names(), ["backup.db"], "the copy is gone");
    assert_eq!(fs::read(&file).expect("readable"), before, "the backup stays as it is");
}

#[tokio::test]
async fn a_restore_ends_what_may_have_been_ended_since() {
    on_every_database(async |fixture: Fixture| {
        let place = place().await;
        fixture.enrolled_customer("carla@example.org").await;
        let done = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("the password is right");
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        let code = fixture.code();
        let file = place.file("backup.db");
        backup(&fixture.core.db, &file, &[]).await.expect("backed up");
        let sound = place.read(&file).await.expect("a backup");

        let target = fixture.beside(place.db.clone());
        let Restored { ended, .. } = restore(&sound, &place.db, fixture.now()).await.expect("restored");
        assert!(ended.sessions > 0, "{ended:?}");
        assert!(target.session(&done.session.secret).await.is_none(), "nobody is signed in, or about to be");
        assert!(target.verify(&waiting, &code).await.is_err(), "a code that was sent is over");
        let events = target.events(Action::BackupRestored).await;
        let details = &events[0];
        assert!(details.starts_with(&format!(": ended: sessions {}, ", ended.sessions)), "{details}");
        let again = target.log_in("carla@example.org", PASSWORD, None).await.expect("the account is there");
        assert!(again.code_needed, "and its method");
        // The database that was backed up goes on.
        fixture.verify(&waiting, &code).await.expect("the code is right");
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_restore_goes_on_and_ends_sessions_then() {
    let (place, target) = (place().await, sqlite().await);
    let file = backed_up(&place.db, &place).await;
    let sound = place.read(&file).await.expect("a backup");
    let db = &target.core.db;
    let stop = "CREATE TRIGGER stop BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no more'); END";
    db.execute_unprepared(stop).await.expect("it will fail");
    told(restore(&sound, db, START).await);
    assert!(is_unfinished(db).await.expect("answers"), "no server starts on it");
    db.execute_unprepared("DROP TRIGGER stop").await.expect("it works again");
    restore(&sound, db, START).await.expect("restored");
    assert!(!is_unfinished(db).await.expect("answers"));
    let sessions = tables::all().into_iter().find(|table| table.name == "session").expect("the table");
    assert_eq!(rows::count(db, &sessions).await.expect("a count"), 0);
}
