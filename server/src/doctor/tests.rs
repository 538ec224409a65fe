use super::examine;
use crate::{
    demo,
    entity::{
        audit_event::{self, Recorded},
        service_provider,
        stored::Stored,
    },
    platform::{
        clock::ManualClock,
        config::Settings,
        database, private,
        vault::{KeySource, Vault},
    },
    testing::START,
};
use app::{
    audit::types::{Action, Outcome},
    services::types::Channel,
};
use sea_orm::{ActiveModelTrait, DatabaseConnection};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
};
use uuid::Uuid;

fn settings(folder: &Path) -> Settings {
    private::folder(folder).expect("as a start makes it");
    Settings { data_dir: folder.to_owned(), ..Settings::default() }
}

async fn lines(settings: &Settings, now: i64) -> Vec<String> {
    // A free one: what is found at an address has tests of its own.
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    examine(settings, address, &ManualClock::at(now)).await.iter().map(ToString::to_string).collect()
}

async fn provider(db: &DatabaseConnection, vault: &Vault, title: &str, port: u16, active: bool) {
    let id = Uuid::now_v7();
    let row = service_provider::Model {
        id,
        kind: Stored(Channel::Smtp),
        title: title.to_owned(),
        settings: format!(
            r#"{{"host":"127.0.0.1","port":{port},"encryption":"none","user_name":"","from_address":"a@b.example","from_name":""}}"#
        ),
        secret: Some(vault.seal(&format!("service_provider:{id}"), "s3cret").expect("sealed")),
        active,
        created_at: START,
        redirected_at: None,
    };
    service_provider::ActiveModel::from(row).reset_all().insert(db).await.expect("stored");
}

#[tokio::test]
async fn before_the_first_start_it_says_so_and_creates_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = lines(&settings(folder.path()), START).await;
    let problems: Vec<_> = report.iter().filter(|line| line.starts_with("problem  ")).collect();
    assert!(
        report.len() == 6 && problems.len() == 2 && problems[0].contains("  database: there is none"),
        "{report:?}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 0);
}

#[tokio::test]
async fn each_thing_has_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(folder.path());
    let db = database::open(&settings.database_url()).await.expect("a database");
    let vault = Vault::open(&db, settings.key_source(), START).await.expect("a key");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    demo::listen(listener, demo::Mailbox::default()).expect("listens");
    let dead = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    provider(&db, &vault, "Good", port, true).await;
    provider(&db, &vault, "Off", dead, false).await;
    let report = lines(&settings, START).await;
    assert!(report.len() == 9 && report.iter().all(|line| line.starts_with("ok       ")), "{report:#?}");
    assert_eq!(report[6], "ok       clock: 2026-01-01 00:00:00 UTC");
    assert_eq!(report[2], "ok       proxies: none is trusted: people reach this server directly");
    assert_eq!(report[7], format!("ok       service provider Good: 127.0.0.1:{port} answers"));
    assert!(!report.join("\n").contains("s3cret"));

    provider(&db, &vault, "Dead", dead, true).await;
    let report = lines(&settings, START).await;
    assert!(report[7].starts_with(&format!("problem  service provider Dead: 127.0.0.1:{dead}: ")), "{report:#?}");

    let path = folder.path().join("secret.key");
    let right = std::fs::read_to_string(&path).expect("the key");
    std::fs::remove_file(&path).expect("removed");
    let report = lines(&settings, START).await;
    assert!(
        report[5].starts_with("problem  key: the key file") && report[5].contains("put the key back"),
        "{report:#?}"
    );
    let other = tempfile::tempdir().expect("a folder");
    let another = KeySource::File(other.path().join("secret.key"));
    another.read_or_create().expect("another key");
    std::fs::copy(other.path().join("secret.key"), &path).expect("copied");
    let report = lines(&settings, START).await;
    assert!(report[5].contains("holds another key 1 than the one that this database was sealed with"), "{report:#?}");
    std::fs::write(&path, right).expect("put back");
    provider(&db, &Vault::new(1, &[7; 32]), "Foreign", dead, false).await;
    let report = lines(&settings, START).await;
    assert_eq!(
        report[5],
        "problem  key: it does not open the secret of Foreign: were they sealed with an earlier one?"
    );

    let event = audit_event::Model {
        id: Uuid::now_v7(),
        at: START + 3_600,
        action: Recorded::Known(Action::LoggedIn),
        outcome: Stored(Outcome::Success),
        actor_id: None,
        actor: None,
        subject_id: None,
        subject: None,
        address: None,
        details: None,
    };
    audit_event::ActiveModel::from(event).reset_all().insert(&db).await.expect("stored");
    let report = lines(&settings, START).await;
    assert_eq!(report[6], "problem  clock: the newest event of the audit log lies 3600 s ahead of it");

    let report = lines(&Settings { public_url: "https://id.example.org".to_owned(), ..settings }, START).await;
    assert!(report[2].starts_with("problem  proxies: COUNTERSIGN_TRUSTED_PROXIES: none is named"), "{report:#?}");
}

#[tokio::test]
async fn a_password_that_spoils_the_address_of_the_database_is_told_without_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for (password, sign) in [("wor/d", "/ as %2F"), ("w#rd", "# as %23")] {
        let url = format!("postgres://countersign:{password}@127.0.0.1/countersign");
        let settings = Settings { database_url: Some(url.into()), ..settings(folder.path()) };
        let report = lines(&settings, START).await;
        let told = report.iter().find(|line| line.starts_with("problem  database: ")).expect("a problem");
        assert!(told.contains(sign) && !report.join("\n").contains(password), "{report:#?}");
    }
}
