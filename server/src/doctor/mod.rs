//! Tries out whatever the server needs, and tells one line about each: addresses, files, database, key, clock and service
//! providers.

mod address;
mod database;
mod files;
#[cfg(test)]
mod tests;

use crate::{
    platform::{
        clock::Clock,
        config::Settings,
        database as databases,
        vault::{Vault, VaultError},
    },
    services,
};
use std::{fmt, net::SocketAddr};

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
pub async fn examine(settings: &Settings, address: SocketAddr, clock: &dyn Clock) -> Vec<Finding> {
    let (listens, running) = address::listens(address).await;
    let mut findings = vec![
        finding("address", listens),
        finding("public address", address::public(settings, address, running).await),
        finding("proxies", address::proxies(settings)),
        finding("files", files::private(settings)),
    ];
    findings.extend(stored(settings, clock).await);
    findings
}

/// What stands in the database.
async fn stored(settings: &Settings, clock: &dyn Clock) -> Vec<Finding> {
    let source = settings.key_source();
    let url = settings.database_url();
    let db = if databases::is_missing(&url) {
        Err("there is none yet: the first start of the server creates it".to_owned())
    } else {
        databases::reach(&url).await.map_err(|error| format!("it cannot be used: {error}"))
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
        finding("database", database::schema(&db).await),
        finding("key", database::key(&db, vault.as_ref(), &providers).await),
        finding("clock", database::time(&db, clock.now()).await),
    ];
    match &providers {
        Ok(rows) if rows.is_empty() => findings.push(finding("service providers", Ok("there is none yet".to_owned()))),
        Ok(rows) => {
            for row in rows {
                let answer = database::provider(settings, &db, row, vault.as_ref().ok(), clock.now()).await;
                findings.push(finding(format!("service provider {}", row.title), answer));
            }
        }
        Err(error) => findings.push(finding("service providers", Err(error.to_string()))),
    }
    findings
}
