//! What a rotation keeps, what its interruptions leave, and what a wrong or lost key gets.

use super::{begin, finish, reseal, start_over, status};
use crate::{
    accounts,
    core::Core,
    entity::{data_key, email_key::EmailKey, enrollment, service_provider},
    entries,
    error::Error,
    offers,
    platform::{
        passwords::Passwords,
        secret::Secret,
        vault::{Key, KeySource, OuterKeys, Vault, line},
    },
    testing::{Fixture, on_every_database, sqlite},
};
use app::{audit::types::Action, login::types::Audience};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};
use tempfile::TempDir;
use uuid::Uuid;

const SEED: &str = "the seed of an app";

/// A folder with room for a key file.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("secret.key")
    }

    fn source(&self) -> KeySource {
        KeySource::File(self.path())
    }

    fn ids(&self) -> Vec<i32> {
        self.source().read().expect("keys").into_keys().collect()
    }
}

/// Another server on the database, which has read the keys as a start does.
async fn another(fixture: &Fixture, source: KeySource) -> Fixture {
    let vault = Vault::open(&fixture.core.db, source, fixture.now()).await.expect("the key opens it");
    let Fixture { core, clock, mail, texts, origin } = fixture.another_server(Passwords::with_cost(8, 1));
    let core = Arc::into_inner(core).expect("nobody else has it");
    Fixture { core: Arc::new(Core { vault, ..core }), clock, mail, texts, origin }
}

async fn server(fixture: &Fixture, source: KeySource) -> Arc<Core> {
    another(fixture, source).await.core
}

async fn problem(fixture: &Fixture, source: KeySource) -> String {
    match Vault::open(&fixture.core.db, source, fixture.now()).await {
        Err(Error::Vault(problem)) => problem,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it was opened"),
    }
}

/// Stores a seed as an authenticator app's entry has it, and answers the entry.
async fn store_seed(core: &Core, entry: Uuid) {
    let row = enrollment::Entity::find_by_id(entry).one(&core.db).await.expect("answers").expect("an entry");
    let mut row = row.into_active_model();
    row.secret = Set(Some(entries::secret::seal(&core.vault, entry, SEED).expect("sealed")));
    row.update(&core.db).await.expect("stored");
}

async fn an_entry(fixture: &Fixture) -> Uuid {
    let account = fixture.enrolled_customer("carla@example.org").await;
    let entries = entries::store::of_account(&fixture.core.db, account).await.expect("entries");
    entries[0].entry.id
}

/// The seed as a server reads it, and what it was sealed with.
async fn seed(core: &Core, entry: Uuid) -> (Result<Secret, Error>, String) {
    let row = enrollment::Entity::find_by_id(entry).one(&core.db).await.expect("answers").expect("an entry");
    let sealed = row.secret.clone().expect("a seed");
    let opened = entries::secret::open(&core.db, &core.vault, &row).await;
    (opened.map(|seed| seed.expect("a seed")), sealed.split(':').next().expect("an id").to_owned())
}

async fn password(core: &Core) -> (Result<Option<Secret>, Error>, String) {
    let row = service_provider::Entity::find().one(&core.db).await.expect("answers").expect("a provider");
    let sealed = row.secret.clone().expect("a password");
    let opened = offers::provider::secret_of(&core.db, &core.vault, &row).await;
    (opened, sealed.split(':').next().expect("an id").to_owned())
}

/// A fixture whose server has its key from a file, with an entry that has a seed.
async fn begun(fixture: Fixture, place: &Place) -> (Fixture, Uuid) {
    let fixture = another(&fixture, place.source()).await;
    let entry = an_entry(&fixture).await;
    store_seed(&fixture.core, entry).await;
    (fixture, entry)
}

#[tokio::test]
async fn a_rotation_under_use_keeps_everything_readable_on_every_server() {
    on_every_database(|fixture| async move {
        let place = Place::new();
        let (fixture, entry) = begun(fixture, &place).await;
        let (here, there) = (&fixture.core, server(&fixture, place.source()).await);
        let (hash, cookie) = (here.vault.keyed_hash(&["a"]), here.vault.seal("once", "x").expect("sealed"));
        assert_eq!(fs::metadata(place.path()).expect("there").permissions().mode() & 0o777, 0o600);

        let rotation = begin(here, &place.source()).await.expect("begun");
        assert_eq!((rotation.outer, rotation.data_key, rotation.resumed), (2, 2, false));
        assert!(status(&here.db).await.expect("a status").to_string().contains("is not finished"));
        // One server seals with the new key, the other one has not heard of it and reads it all the same.
        store_seed(here, entry).await;
        let (opened, sealed_with) = seed(&there, entry).await;
        assert_eq!((opened.expect("opened").expose(), sealed_with.as_str()), (SEED, "2"));
        let late = server(&fixture, place.source()).await;
        assert_eq!(seed(&late, entry).await.0.expect("opened").expose(), SEED);

        let done = reseal(here).await.expect("sealed anew");
        assert!(done.done > 0 && done.unreadable == 0, "{done:?}");
        finish(here, &place.source(), &rotation).await.expect("finished");
        assert_eq!(place.ids(), [2], "the old key is not kept beside the new one");
        assert_eq!(fs::metadata(place.path()).expect("there").permissions().mode() & 0o777, 0o600);
        let shown = status(&here.db).await.expect("a status").to_string();
        assert_eq!(shown, "key 2 wraps data key 2 of 2026-01-01");
        for core in [here, &there, &late, &server(&fixture, place.source()).await] {
            let (opened, sealed_with) = password(core).await;
            assert_eq!((opened.expect("opened").as_deref(), sealed_with.as_str()), (Some("s3cret-relay"), "2"));
            assert_eq!(core.vault.keyed_hash(&["a"]), hash, "recovery codes live on it");
            assert_eq!(core.vault.open_sealed(&core.db, "once", &cookie).await.expect("opened").expose(), "x");
        }
        assert_eq!(fixture.events(Action::KeyRotated).await.len(), 1);
        // The code that was sent before is right after it, and signing in goes on.
        fixture.full_sign_in("carla@example.org").await;
    })
    .await;
}

#[tokio::test]
async fn a_rotation_that_was_killed_anywhere_is_taken_up_and_leaves_nothing_unreadable() {
    on_every_database(|fixture| async move {
        let place = Place::new();
        let (fixture, entry) = begun(fixture, &place).await;
        let here = &fixture.core;
        let readable = async || {
            let fresh = server(&fixture, place.source()).await;
            assert_eq!(seed(&fresh, entry).await.0.expect("opened").expose(), SEED);
            assert!(password(&fresh).await.0.is_ok());
        };
        // Killed after the file was written and before the database knew.
        let mut keys = place.source().read().expect("keys");
        keys.insert(2, Key::random());
        place.source().replace(&keys).expect("written");
        readable().await;
        assert_eq!(begin(here, &place.source()).await.expect("begun").outer, 2, "the key that is there is used");
        assert_eq!(place.ids(), [1, 2]);
        // Killed before anything was sealed anew.
        readable().await;
        let resumed = begin(here, &place.source()).await.expect("resumed");
        assert!(resumed.resumed && (resumed.outer, resumed.data_key) == (2, 2), "{resumed:?}");
        // Killed when one table of several was done.
        let mut some = super::Resealed::default();
        let columns = (service_provider::Column::Id, service_provider::Column::Secret);
        super::reseal::rows::<service_provider::Entity>(here, columns.0, columns.1, &mut some)
            .await
            .expect("one table");
        assert_eq!((password(here).await.1.as_str(), seed(here, entry).await.1.as_str()), ("2", "1"));
        readable().await;
        reseal(here).await.expect("the rest");
        assert_eq!(seed(here, entry).await.1, "2");
        // Killed between the file and the last word.
        place
            .source()
            .replace(&OuterKeys::from([(2, place.source().read().expect("keys")[&2].clone())]))
            .expect("written");
        readable().await;
        let resumed = begin(here, &place.source()).await.expect("resumed");
        assert!(resumed.resumed);
        finish(here, &place.source(), &resumed).await.expect("finished");
        readable().await;
        let next = begin(here, &place.source()).await.expect("another one");
        assert_eq!((next.outer, next.data_key, next.resumed), (3, 3, false));
    })
    .await;
}

#[tokio::test]
async fn the_seed_of_a_deleted_entry_is_sealed_anew_too_and_opens_once_it_is_back() {
    on_every_database(|fixture| async move {
        let place = Place::new();
        let (fixture, entry) = begun(fixture, &place).await;
        let here = &fixture.core;
        let account = accounts::store::by_email(&here.db, Audience::Customer, &EmailKey::of("carla@example.org")).await;
        let account = account.expect("answers").expect("an account").id;
        entries::deleted::delete(&here.db, account, entry, fixture.now()).await.expect("deleted");
        begin(here, &place.source()).await.expect("begun");
        assert_eq!(reseal(here).await.expect("sealed anew").unreadable, 0);
        assert_eq!(status(&here.db).await.expect("answers").waiting, 0, "nothing is left under the old key");
        let kept = entries::deleted::of_account(&here.db, account, fixture.now()).await.expect("entries").remove(0);
        entries::deleted::restore(&here.db, kept.entry).await.expect("restored");
        let (seed, key) = seed(here, entry).await;
        assert_eq!((seed.expect("opened").expose(), key.as_str()), (SEED, "2"));
    })
    .await;
}

#[tokio::test]
async fn what_somebody_stores_while_it_is_sealed_anew_is_never_overwritten() {
    let place = Place::new();
    let (fixture, entry) = begun(sqlite().await, &place).await;
    let here = &fixture.core;
    begin(here, &place.source()).await.expect("begun");
    let (changed, done) = tokio::join!(
        async {
            let row = enrollment::Entity::find_by_id(entry).one(&here.db).await.expect("answers").expect("an entry");
            let mut row = row.into_active_model();
            row.secret = Set(Some(entries::secret::seal(&here.vault, entry, "newer").expect("sealed")));
            row.update(&here.db).await
        },
        reseal(here)
    );
    changed.expect("stored");
    done.expect("sealed anew");
    assert_eq!(seed(here, entry).await.0.expect("opened").expose(), "newer");
}

#[tokio::test]
async fn a_wrong_a_lost_and_an_unreadable_key_are_refused_with_words_and_never_replaced() {
    on_every_database(|fixture| async move {
        let place = Place::new();
        let (fixture, _) = begun(fixture, &place).await;
        let before = data_key::Entity::find().all(&fixture.core.db).await.expect("keys");
        let right = fs::read_to_string(place.path()).expect("the key");

        fs::remove_file(place.path()).expect("lost");
        let shown = problem(&fixture, place.source()).await;
        assert!(shown.contains("is not there") && shown.contains("backup") && shown.contains("start-over"), "{shown}");
        assert!(!place.path().exists(), "a new one was made silently");

        fs::create_dir(place.path()).expect("no file");
        assert!(problem(&fixture, place.source()).await.contains("cannot be used"));
        fs::remove_dir(place.path()).expect("removed");

        for nonsense in ["", "nonsense", "1:short", "x:AAAA", &format!("{right}{right}")] {
            fs::write(place.path(), nonsense).expect("written");
            assert!(problem(&fixture, place.source()).await.contains("must hold one line"), "{nonsense:?}");
        }
        for (id, words) in [(1, "holds another key 1"), (7, "was sealed with key 1, and")] {
            fs::write(place.path(), line(id, &Key::random()).as_str()).expect("written");
            let shown = problem(&fixture, place.source()).await;
            assert!(shown.contains(words) && shown.contains("backup"), "{shown}");
        }
        fs::write(place.path(), right).expect("put back");
        server(&fixture, place.source()).await;
        assert_eq!(data_key::Entity::find().all(&fixture.core.db).await.expect("keys"), before, "nothing has changed");
    })
    .await;
}

#[tokio::test]
async fn a_database_from_before_there_were_data_keys_goes_on_with_its_key() {
    on_every_database(|fixture| async move {
        // The fixture's own vault seals as versions before did.
        let entry = an_entry(&fixture).await;
        store_seed(&fixture.core, entry).await;
        let place = Place::new();
        assert!(problem(&fixture, place.source()).await.contains("is not there"));
        assert!(!place.path().exists(), "a new one was made silently");
        fs::write(place.path(), line(1, &Key::new([2; 32])).as_str()).expect("written");
        assert!(problem(&fixture, place.source()).await.contains("holds another key 1"));

        fs::write(place.path(), line(1, &Key::new([1; 32])).as_str()).expect("written");
        let core = server(&fixture, place.source()).await;
        assert_eq!(seed(&core, entry).await.0.expect("opened").expose(), SEED);
        assert_eq!(core.vault.keyed_hash(&["a"]), fixture.core.vault.keyed_hash(&["a"]));
        // And it is rotated like any other.
        let rotation = begin(&core, &place.source()).await.expect("begun");
        reseal(&core).await.expect("sealed anew");
        finish(&core, &place.source(), &rotation).await.expect("finished");
        let fresh = server(&fixture, place.source()).await;
        assert_eq!(seed(&fresh, entry).await.1, "2");
        assert_eq!(seed(&fresh, entry).await.0.expect("opened").expose(), SEED);
        assert_eq!(fresh.vault.keyed_hash(&["a"]), fixture.core.vault.keyed_hash(&["a"]));
    })
    .await;
}

/// A key file and a row that the version before data keys wrote, so that a change of format is noticed.
const BEFORE: (&str, &str, &str) = (
    "1:YYt5aU3KeVeKEzR4axlOJowd0RhWBlgzvj_d4Ra6RdI\n",
    "01a213e7-5f62-7246-9527-588ab9cb42d2",
    "1:eJQWTL5P5KSK0FlJRVPJ670wnnK8paT1n8kf4pfyNqCAAmW46AaFFM2t7s8QMYfwmQ13BA",
);

#[tokio::test]
async fn what_the_version_before_stored_opens_with_its_key_file() {
    on_every_database(|fixture| async move {
        let (key, id, sealed) = BEFORE;
        an_entry(&fixture).await;
        let row = service_provider::Entity::find().one(&fixture.core.db).await.expect("answers").expect("a provider");
        let mut row = row.into_active_model().reset_all();
        row.id = Set(id.parse().expect("an id"));
        row.title = Set("Before".to_owned());
        row.secret = Set(Some(sealed.to_owned()));
        row.insert(&fixture.core.db).await.expect("stored");
        let place = Place::new();
        fs::write(place.path(), key).expect("written");
        let core = server(&fixture, place.source()).await;
        assert_eq!(fs::read_to_string(place.path()).expect("there"), key, "the file stays as it was");
        let row = offers::store::provider(&core.db, id.parse().expect("an id")).await.expect("answers");
        let opened = offers::provider::secret_of(&core.db, &core.vault, &row.expect("the row")).await;
        assert_eq!(opened.expect("opened").as_deref(), Some("s3cret-relay"));
    })
    .await;
}

#[tokio::test]
async fn a_key_from_the_environment_or_a_credential_is_read_and_never_written() {
    let (old, new) = (Key::random(), Key::random());
    let both = format!("{} {}", &*line(2, &new), &*line(1, &old));
    let variable = |text: &str| KeySource::Variable(Secret::from(text.to_owned()));
    let fixture = sqlite().await;
    let missing = KeySource::Credential(Place::new().path());
    assert!(problem(&fixture, missing).await.contains("is not there"));
    let place = Place::new();
    fs::write(place.path(), line(1, &old).as_str()).expect("written");
    let credential = KeySource::Credential(place.path());
    let core = server(&fixture, credential.clone()).await;
    let sealed = core.vault.seal("here", "x").expect("sealed");
    for source in [credential, variable(&line(1, &old))] {
        let core = server(&fixture, source.clone()).await;
        assert_eq!(core.vault.open_sealed(&core.db, "here", &sealed).await.expect("opened").expose(), "x");
        let shown = begin(&core, &source).await.expect_err("it is not ours").to_string();
        assert!(shown.contains("by hand") && shown.contains("countersign key new"), "{shown}");
    }
    assert_eq!(place.ids(), [1]);
    // With both keys there, it is rotated, and the new one is enough then.
    let core = server(&fixture, variable(&both)).await;
    let rotation = begin(&core, &variable(&both)).await.expect("begun");
    finish(&core, &variable(&both), &rotation).await.expect("finished");
    let core = server(&fixture, variable(&line(2, &new))).await;
    assert_eq!(core.vault.open_sealed(&core.db, "here", &sealed).await.expect("opened").expose(), "x");
    assert!(problem(&fixture, variable(&line(1, &old))).await.contains("was sealed with key 2"));
}

#[tokio::test]
async fn after_a_loss_one_starts_over_and_what_was_sealed_before_stays_closed() {
    on_every_database(|fixture| async move {
        let place = Place::new();
        let (fixture, entry) = begun(fixture, &place).await;
        let hash = fixture.core.vault.keyed_hash(&["a"]);
        fs::remove_file(place.path()).expect("lost");
        start_over(&fixture.core, &place.source()).await.expect("new keys");
        assert_eq!(place.ids(), [1]);
        let core = server(&fixture, place.source()).await;
        assert!(seed(&core, entry).await.0.is_err(), "it was sealed with a key that nobody has");
        assert_ne!(core.vault.keyed_hash(&["a"]), hash);
        store_seed(&core, entry).await;
        assert_eq!(seed(&core, entry).await.0.expect("opened").expose(), SEED);
        assert_eq!(fixture.events(Action::KeyReplaced).await.len(), 1);
        let done = reseal(&core).await.expect("goes on");
        assert!(done.unreadable > 0, "{done:?}");
    })
    .await;
}

#[tokio::test]
async fn servers_that_start_side_by_side_make_the_first_keys_once() {
    on_every_database(|fixture| async move {
        let place = Place::new();
        let start = || Vault::open(&fixture.core.db, place.source(), 0);
        let (a, b, c) = tokio::join!(start(), start(), start());
        let hashes = [a, b, c].map(|vault| vault.expect("opened").keyed_hash(&["a"]));
        assert!(hashes.iter().all(|hash| *hash == hashes[0]), "they differ");
        assert_eq!(data_key::Entity::find().all(&fixture.core.db).await.expect("keys").len(), 2);
        let left = fs::read_dir(place.0.path()).expect("reads").count();
        assert_eq!(left, 1, "nothing is left beside the key file");
    })
    .await;
}
