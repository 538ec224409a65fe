//! Tries out whatever the server needs, and tells one line about each: database, key, clock and service providers.

use crate::{
    entity::{audit_event, service_provider},
    error::Error,
    keys,
    migration::Migrator,
    offers,
    platform::{
        clock::{Clock, second_text},
        config::Settings,
        database,
        vault::{Vault, VaultError},
    },
    providers::smtp::{SmtpSender, token::Tokens},
    services,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, QueryOrder, Statement};
use sea_orm_migration::MigratorTrait;
use std::{fmt, time::Instant};

/// How far the database's clock may be from ours, in seconds: codes live for minutes.
const CLOCKS_APART: i64 = 30;

/// What was tried, and how it went.
#[derive(Debug)]
pub struct Finding {
    /// What was tried.
    pub what: String,
    /// What was found, or what is wrong.
    pub answer: Result<String, String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Ok(answer) => write!(f, "ok       {}: {answer}", self.what),
            Err(problem) => write!(f, "problem  {}: {problem}", self.what),
        }
    }
}

fn finding(what: impl Into<String>, answer: Result<String, String>) -> Finding {
    Finding { what: what.into(), answer }
}

/// Tries everything. Changes nothing: neither the key nor the database is created.
pub async fn examine(settings: &Settings, clock: &dyn Clock) -> Vec<Finding> {
    let source = settings.key_source();
    let url = settings.database_url();
    let db = if database::is_missing(&url) {
        Err("there is none yet: the first start of the server creates it".to_owned())
    } else {
        database::reach(&url).await.map_err(|error| format!("it cannot be used: {error}"))
    };
    let db = match db {
        Ok(db) => db,
        Err(problem) => {
            let key = source.read().map(|_| "it can be read".to_owned()).map_err(|error| match error {
                VaultError::Missing(from) => format!("{from} is not there: the first start of the server creates it"),
                error => error.to_string(),
            });
            return vec![finding("database", Err(problem)), finding("key", key)];
        }
    };
    let vault = Vault::existing(&db, source).await.map_err(|error| error.to_string());
    let providers = services::store::all(&db).await;
    let mut findings = vec![
        finding("database", schema(&db).await),
        finding("key", key(&db, vault.as_ref(), &providers).await),
        finding("clock", time(&db, clock.now()).await),
        finding("proxies", proxies(settings)),
    ];
    match &providers {
        Ok(rows) if rows.is_empty() => findings.push(finding("service providers", Ok("there is none yet".to_owned()))),
        Ok(rows) => {
            for row in rows {
                let answer = provider(settings, &db, row, vault.as_ref().ok(), clock.now()).await;
                findings.push(finding(format!("service provider {}", row.title), answer));
            }
        }
        Err(error) => findings.push(finding("service providers", Err(error.to_string()))),
    }
    findings
}

fn proxies(settings: &Settings) -> Result<String, String> {
    match settings.proxy_problem() {
        Some(problem) => Err(problem.to_owned()),
        None if settings.trusted_proxies.is_empty() => {
            Ok("none is trusted: people reach this server directly".to_owned())
        }
        None => Ok(format!("trusted are {}", settings.trusted_proxies.join(", "))),
    }
}

/// Which data keys there are, and whether they open the stored secrets.
async fn key(
    db: &DatabaseConnection,
    vault: Result<&Vault, &String>,
    providers: &Result<Vec<service_provider::Model>, Error>,
) -> Result<String, String> {
    let vault = vault.map_err(Clone::clone)?;
    let status = keys::status(db).await.map_err(|error| error.to_string())?;
    let (mut opened, mut closed) = (0, Vec::new());
    for row in providers.as_ref().map_err(ToString::to_string)?.iter().filter(|row| row.secret.is_some()) {
        match offers::provider::secret_of(db, vault, row).await {
            Ok(_) => opened += 1,
            Err(_) => closed.push(&*row.title),
        }
    }
    if closed.is_empty() {
        return Ok(format!("it opens the stored secrets of service providers: {opened}; {status}"));
    }
    Err(format!("it does not open the secret of {}: were they sealed with an earlier one?", closed.join(", ")))
}

async fn schema(db: &DatabaseConnection) -> Result<String, String> {
    let begun = Instant::now();
    let pending = Migrator::get_pending_migrations(db).await.map_err(|error| error.to_string())?.len();
    if pending > 0 {
        return Err(format!("migrations that are missing: {pending}; run countersign migrate"));
    }
    let name = if db.get_database_backend() == DbBackend::Postgres { "PostgreSQL" } else { "SQLite" };
    Ok(format!("{name} is up to date and answers within {} ms", begun.elapsed().as_millis()))
}

async fn time(db: &DatabaseConnection, now: i64) -> Result<String, String> {
    let in_words = |error: DbErr| error.to_string();
    if db.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT CAST(extract(epoch FROM now()) AS bigint) AS now";
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.map_err(in_words)?;
        let theirs = row.map(|row| row.try_get::<i64>("", "now")).transpose().map_err(in_words)?.unwrap_or(now);
        if (theirs - now).abs() > CLOCKS_APART {
            return Err(format!("it is {} s apart from the database's clock", (theirs - now).abs()));
        }
    }
    let newest = audit_event::Entity::find().order_by_desc(audit_event::Column::Id).one(db).await.map_err(in_words)?;
    match newest {
        Some(event) if event.at > now + CLOCKS_APART => {
            Err(format!("the newest event of the audit log lies {} s ahead of it", event.at - now))
        }
        _ => Ok(format!("{} UTC", second_text(now))),
    }
}

/// Connects to where a provider sends, without sending anything.
async fn provider(
    settings: &Settings,
    db: &DatabaseConnection,
    row: &service_provider::Model,
    vault: Option<&Vault>,
    now: i64,
) -> Result<String, String> {
    if !row.active {
        return Ok("it is not active".to_owned());
    }
    let vault = vault.ok_or("it needs the key")?;
    let smtp = SmtpSender::new(&settings.public_url().map_err(|error| error.to_string())?, settings.reach());
    let tokens = Tokens::new(settings.reach());
    services::probe::probe(&smtp, &tokens, now, db, vault, row).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        demo,
        entity::{audit_event::Recorded, stored::Stored},
        platform::{clock::ManualClock, vault::KeySource},
        testing::START,
    };
    use app::{
        audit::types::{Action, Outcome},
        services::types::Channel,
    };
    use sea_orm::ActiveModelTrait;
    use std::{net::TcpListener, path::Path};
    use uuid::Uuid;

    fn settings(folder: &Path) -> Settings {
        Settings { data_dir: folder.to_owned(), ..Settings::default() }
    }

    async fn lines(settings: &Settings, now: i64) -> Vec<String> {
        examine(settings, &ManualClock::at(now)).await.iter().map(ToString::to_string).collect()
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
        assert!(report.len() == 2 && report.iter().all(|line| line.starts_with("problem  ")), "{report:?}");
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
        assert!(report.len() == 6 && report.iter().all(|line| line.starts_with("ok       ")), "{report:#?}");
        assert_eq!(report[2], "ok       clock: 2026-01-01 00:00:00 UTC");
        assert_eq!(report[3], "ok       proxies: none is trusted: people reach this server directly");
        assert_eq!(report[4], format!("ok       service provider Good: 127.0.0.1:{port} answers"));
        assert!(!report.join("\n").contains("s3cret"));

        provider(&db, &vault, "Dead", dead, true).await;
        let report = lines(&settings, START).await;
        assert!(report[4].starts_with(&format!("problem  service provider Dead: 127.0.0.1:{dead}: ")), "{report:#?}");

        let path = folder.path().join("secret.key");
        let right = std::fs::read_to_string(&path).expect("the key");
        std::fs::remove_file(&path).expect("removed");
        let report = lines(&settings, START).await;
        assert!(
            report[1].starts_with("problem  key: the key file") && report[1].contains("put the key back"),
            "{report:#?}"
        );
        let other = tempfile::tempdir().expect("a folder");
        let another = KeySource::File(other.path().join("secret.key"));
        another.read_or_create().expect("another key");
        std::fs::copy(other.path().join("secret.key"), &path).expect("copied");
        let report = lines(&settings, START).await;
        assert!(
            report[1].contains("holds another key 1 than the one that this database was sealed with"),
            "{report:#?}"
        );
        std::fs::write(&path, right).expect("put back");
        provider(&db, &Vault::new(1, &[7; 32]), "Foreign", dead, false).await;
        let report = lines(&settings, START).await;
        assert_eq!(
            report[1],
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
        assert_eq!(report[2], "problem  clock: the newest event of the audit log lies 3600 s ahead of it");

        let report = lines(&Settings { public_url: "https://id.example.org".to_owned(), ..settings }, START).await;
        assert!(report[3].starts_with("problem  proxies: COUNTERSIGN_TRUSTED_PROXIES: none is named"), "{report:#?}");
    }
}
