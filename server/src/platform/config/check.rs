//! What is wrong with the settings, beyond what stops a start at once.

use super::{Settings, leptos_options};
use crate::platform::{
    database,
    reach::Reach,
    vault::{KeySource, VaultError},
};
use app::services::types::Encryption;
use figment::{
    Figment,
    providers::{Format, Toml},
    value::Dict,
};
use ipnet::IpNet;
use std::{fs, net::IpAddr, os::unix::fs::PermissionsExt};
use tracing_subscriber::EnvFilter;

/// One line a problem: the settings file, the environment, the key and the database. Creates nothing: key and SQLite
/// file come with the first start.
pub async fn problems() -> Vec<String> {
    let mut problems = unknown_names();
    match Settings::read() {
        Err(error) => problems.push(error.to_string()),
        Ok(settings) => {
            problems.extend(settings.bad_values());
            problems.extend(settings.proxy_problem().map(str::to_owned));
            problems.extend(settings.key_problem());
            problems.extend(settings.database_problem().await);
        }
    }
    if let Err(error) = leptos_options() {
        problems.push(error.to_string());
    }
    // An error of a library may stand on several lines.
    problems.into_iter().map(|problem| problem.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Names that no setting has: they are ignored, and somebody meant something by them.
fn unknown_names() -> Vec<String> {
    let known = match serde_json::to_value(Settings::default()) {
        Ok(serde_json::Value::Object(settings)) => settings,
        _ => return Vec::new(),
    };
    // A file that cannot be read is told by whoever reads it.
    let file: Dict = Figment::from(Toml::file("countersign.toml")).extract().unwrap_or_default();
    let in_file = file.into_keys().filter(|name| !known.contains_key(name));
    let mut unknown: Vec<_> = in_file.map(|name| format!("countersign.toml: there is no setting {name}")).collect();
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut strangers: Vec<_> = names
        .filter(|name| name.strip_prefix("COUNTERSIGN_").is_some_and(|rest| !known.contains_key(&rest.to_lowercase())))
        .collect();
    strangers.sort();
    unknown.extend(strangers.into_iter().map(|name| format!("{name}: there is no such setting")));
    unknown
}

impl Settings {
    /// Values that a start would replace by others.
    fn bad_values(&self) -> Vec<String> {
        let mut bad = Vec::new();
        for proxy in &self.trusted_proxies {
            if proxy.parse::<IpNet>().is_err() && proxy.parse::<IpAddr>().is_err() {
                bad.push(format!("COUNTERSIGN_TRUSTED_PROXIES: {proxy} is neither an address nor a network"));
            }
        }
        for entry in Reach::of(&self.provider_hosts).1 {
            bad.push(format!("COUNTERSIGN_PROVIDER_HOSTS: {entry} is neither a name nor an address or network"));
        }
        if let Err(error) = EnvFilter::try_new(&self.log) {
            bad.push(format!("COUNTERSIGN_LOG: {error}"));
        }
        if !["text", "json"].contains(&self.log_format.as_str()) {
            bad.push(format!("COUNTERSIGN_LOG_FORMAT must be text or json, not {}", self.log_format));
        }
        if self.smtp_encryption.parse::<Encryption>().is_err() {
            let choices = Encryption::ALL.map(Encryption::as_str).join(", ");
            bad.push(format!("COUNTERSIGN_SMTP_ENCRYPTION must be one of {choices}, not {}", self.smtp_encryption));
        }
        bad
    }

    /// Where people come by https, a proxy stands before this server, which speaks no TLS itself.
    pub fn proxy_problem(&self) -> Option<&'static str> {
        let https = self.public_url().is_ok_and(|url| url.scheme() == "https");
        (https && self.trusted_proxies.is_empty()).then_some(
            "COUNTERSIGN_TRUSTED_PROXIES: none is named, although the public address is https: all people share the \
             proxy's address in limits and in the audit log",
        )
    }

    fn key_problem(&self) -> Option<String> {
        let source = self.key_source();
        if let KeySource::File(path) = &source
            && fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
        {
            return Some(format!("{source} is open to others: give it the mode 600"));
        }
        match (source.read(), source) {
            // The first start makes it; whether the database knows another one, it tells.
            (Ok(_), _) | (Err(VaultError::Missing(_)), KeySource::File(_)) => None,
            (Err(error), _) => Some(error.to_string()),
        }
    }

    async fn database_problem(&self) -> Option<String> {
        let url = self.database_url();
        if database::is_missing(&url) {
            return None;
        }
        database::reach(&url).await.err().map(|error| format!("the database cannot be used: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_that_a_start_would_not_use_is_told() {
        assert!(Settings::default().bad_values().is_empty());
        let bad = Settings {
            trusted_proxies: vec!["10.0.0.0/8".to_owned(), "proxy".to_owned()],
            provider_hosts: vec!["*.example.org".to_owned(), "10.0.0.0/99".to_owned()],
            log: "a=b=c".to_owned(),
            log_format: "xml".to_owned(),
            smtp_encryption: "ssl".to_owned(),
            ..Settings::default()
        };
        let problems = bad.bad_values();
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert!(
            problems[0].contains("proxy is neither") && problems[1].contains("10.0.0.0/99 is neither"),
            "{problems:?}"
        );
        assert!(problems[3].contains("xml") && problems[4].contains("ssl"), "{problems:?}");
    }

    #[test]
    fn https_without_a_named_proxy_is_told() {
        let settings = |public_url: &str, proxies: &[&str]| Settings {
            public_url: public_url.to_owned(),
            trusted_proxies: proxies.iter().map(ToString::to_string).collect(),
            ..Settings::default()
        };
        assert!(settings("https://id.example.org", &[]).proxy_problem().is_some());
        assert_eq!(settings("https://id.example.org", &["127.0.0.1"]).proxy_problem(), None);
        assert_eq!(settings("http://127.0.0.1:3000", &[]).proxy_problem(), None);
    }

    #[test]
    fn a_key_that_is_open_to_others_or_no_key_is_told_and_none_is_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings { data_dir: folder.path().to_owned(), ..Settings::default() };
        assert_eq!(settings.key_problem(), None, "the first start makes it");
        let path = folder.path().join("secret.key");
        assert!(!path.exists());
        fs::write(&path, "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("changed");
        assert_eq!(settings.key_problem(), None);
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("changed");
        mode(0o640);
        assert!(settings.key_problem().expect("a problem").contains("open to others"));
        mode(0o600);
        fs::write(&path, "nonsense").expect("written");
        assert!(settings.key_problem().expect("a problem").contains("must hold one line"));
    }
}
