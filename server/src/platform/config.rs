//! The only reader of environment and files. Precedence: environment, `countersign.toml`, default.

pub mod check;
mod environment;

use super::{reach::Reach, secret::Secret, vault::KeySource};
use app::{
    services::types::{Encryption, SmtpForm},
    site_files,
};
use environment::Environment;
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use ipnet::IpNet;
use leptos::config::{LeptosOptions, get_config_from_str};
use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;

/// The name of the key among the credentials of systemd and in the data directory.
const CREDENTIAL: &str = "secret.key";

/// What can be wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value cannot be read.
    #[error("settings: {0}")]
    Value(Box<figment::Error>),
    /// The public address is no http(s) address.
    #[error("COUNTERSIGN_PUBLIC_URL must be an http or https address, not {0}")]
    PublicUrl(String),
    /// The contact for holes cannot be written into security.txt.
    #[error("COUNTERSIGN_SECURITY_CONTACT must be an email address, or begin with https:, mailto: or tel:, not {0}")]
    SecurityContact(String),
    /// A variable of Leptos cannot be used.
    #[error("LEPTOS_…: {0}")]
    Leptos(String),
    /// The site's files are not where they should be.
    #[error(
        "the pages' files are missing: there is no folder {0} (make build makes it; it belongs beside the program)"
    )]
    Site(String),
    /// A file that every page asks for is missing: the folder is of another build than the program, or the list of names is
    /// not beside it.
    #[error(
        "the pages' files in {0} are not of this build: there is no {1} (hash.txt and site belong beside the program of the same build)"
    )]
    SiteFile(String, String),
}

/// The settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// Where the SQLite file and the key are, unless told otherwise.
    pub data_dir: PathBuf,
    /// The database; a SQLite file in the data directory by default.
    pub database_url: Option<Secret>,
    /// The address that people type. https turns on Secure cookies, `__Host-` and HSTS.
    pub public_url: String,
    /// The key file; in the data directory by default.
    pub secret_key_file: Option<PathBuf>,
    /// The key itself, where it stands in no file.
    pub secret_key: Option<Secret>,
    /// Where systemd puts the credentials of a service.
    pub credentials_directory: Option<PathBuf>,
    /// The name that people see.
    pub brand: String,
    /// Addresses or networks of proxies whose X-Forwarded-For counts.
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Vec<String>,
    /// Names (`*.example.org` for all below one), addresses and networks where service providers may be; anywhere where
    /// none is named. Link-local addresses are never contacted.
    #[serde(deserialize_with = "list")]
    pub provider_hosts: Vec<String>,
    /// Whom to tell about a hole: an email address or a page; nobody where it is empty.
    pub security_contact: String,
    /// Where the server's numbers can be read, without sign-in; nowhere where it is not set.
    pub metrics_addr: Option<SocketAddr>,
    /// What is logged, as a tracing filter.
    pub log: String,
    /// `text` or `json`.
    pub log_format: String,
    /// What a new SMTP provider starts with.
    pub smtp_host: String,
    /// Its port.
    #[serde(deserialize_with = "port")]
    pub smtp_port: u16,
    /// Its encryption: `none`, `starttls` or `tls`.
    pub smtp_encryption: String,
    /// Its user name.
    pub smtp_user_name: String,
    /// Its sender's address.
    pub smtp_from_address: String,
}

/// A list as TOML writes it, or one text as environments have it: with commas, in brackets and quotes or without.
fn list<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Written::deserialize(input)? {
        Written::List(list) => list,
        Written::Text(text) => {
            let text = text.trim();
            let items = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text).split(',');
            let items = items.map(|item| item.trim().trim_matches(['"', '\'']).trim());
            items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
        }
    })
}

/// A port as TOML writes it, or as the text that environments have.
fn port<'de, D: serde::Deserializer<'de>>(input: D) -> Result<u16, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u16),
        Text(String),
    }
    match Written::deserialize(input) {
        Ok(Written::Number(port)) => Ok(port),
        Ok(Written::Text(text)) => text.trim().parse().map_err(|_| ()),
        Err(_) => Err(()),
    }
    .map_err(|()| serde::de::Error::custom("a port is a number up to 65535"))
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            database_url: None,
            public_url: "http://127.0.0.1:3000".to_owned(),
            secret_key_file: None,
            secret_key: None,
            credentials_directory: None,
            brand: "Configio".to_owned(),
            trusted_proxies: Vec::new(),
            provider_hosts: Vec::new(),
            security_contact: String::new(),
            metrics_addr: None,
            log: "info".to_owned(),
            log_format: "text".to_owned(),
            smtp_host: String::new(),
            smtp_port: 587,
            smtp_encryption: Encryption::StartTls.as_str().to_owned(),
            smtp_user_name: String::new(),
            smtp_from_address: String::new(),
        }
    }
}

impl Settings {
    /// Reads them.
    ///
    /// # Errors
    /// When a value cannot be used; says which.
    pub fn read() -> Result<Self, ConfigError> {
        let settings: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file("countersign.toml"))
            .merge(Environment)
            .extract()
            .map_err(|error| ConfigError::Value(Box::new(error)))?;
        settings.public_url()?;
        settings.security_contact()?;
        Ok(settings)
    }

    /// The address that people type.
    ///
    /// # Errors
    /// When it is no http or https address.
    pub fn public_url(&self) -> Result<Url, ConfigError> {
        let url =
            Url::parse(&self.public_url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.ok_or_else(|| ConfigError::PublicUrl(self.public_url.clone()))
    }

    /// Whom to tell about a hole, as an address (RFC 9116 §2.5.3).
    ///
    /// # Errors
    /// When it is neither an email address nor one of the web, of mail or of telephones.
    pub fn security_contact(&self) -> Result<Option<Url>, ConfigError> {
        let text = self.security_contact.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let address = app::validate::email(text).map(|email| format!("mailto:{email}"));
        let url = Url::parse(address.as_deref().unwrap_or(text)).ok();
        let url = url.filter(|url| matches!(url.scheme(), "https" | "mailto" | "tel"));
        url.map(Some).ok_or_else(|| ConfigError::SecurityContact(text.to_owned()))
    }

    /// The database's address.
    pub fn database_url(&self) -> String {
        let default = || format!("sqlite://{}?mode=rwc", self.data_dir.join("countersign.db").display());
        self.database_url.as_deref().map_or_else(default, str::to_owned)
    }

    /// Where the key comes from: the environment, a named file, a credential of systemd, or a file in the data directory.
    pub fn key_source(&self) -> KeySource {
        if let Some(key) = &self.secret_key {
            return KeySource::Variable(key.clone());
        }
        if let Some(path) = &self.secret_key_file {
            return KeySource::File(path.clone());
        }
        let credential = self.credentials_directory.as_ref().map(|folder| folder.join(CREDENTIAL));
        match credential.filter(|path| path.exists()) {
            Some(path) => KeySource::Credential(path),
            None => KeySource::File(self.data_dir.join(CREDENTIAL)),
        }
    }

    /// The proxies whose X-Forwarded-For counts; what is neither an address nor a network is left out with a warning.
    pub fn proxies(&self) -> Vec<IpNet> {
        let parse = |text: &String| {
            let net = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            if net.is_err() {
                tracing::warn!(proxy = text, "COUNTERSIGN_TRUSTED_PROXIES: not an address or network, ignored");
            }
            net.ok()
        };
        self.trusted_proxies.iter().filter_map(parse).collect()
    }

    /// Where service providers may be; what cannot be read is left out with a warning, and allows nothing.
    pub fn reach(&self) -> Reach {
        let (reach, unreadable) = Reach::of(&self.provider_hosts);
        for entry in unreadable {
            tracing::warn!(entry, "COUNTERSIGN_PROVIDER_HOSTS: neither a name nor an address or network, ignored");
        }
        reach
    }

    /// What a new SMTP provider starts with.
    pub fn smtp_defaults(&self) -> SmtpForm {
        SmtpForm {
            host: self.smtp_host.clone(),
            port: self.smtp_port.to_string(),
            encryption: self.smtp_encryption.clone(),
            user_name: self.smtp_user_name.clone(),
            from_address: self.smtp_from_address.clone(),
            ..SmtpForm::default()
        }
    }
}

/// Where the site's files are and which address is served.
///
/// # Errors
/// When a variable of Leptos cannot be used, or the files are not there.
pub fn leptos_options() -> Result<LeptosOptions, ConfigError> {
    let mut options = written()?;
    // Named by hand, it is meant as it stands.
    if std::env::var_os("LEPTOS_SITE_ROOT").is_none() {
        let folder = std::env::current_exe().ok().and_then(|exe| exe.parent().map(PathBuf::from)).unwrap_or_default();
        // Beside the program, or beside the folder that cargo puts it into.
        let places = [folder.join("site"), folder.join("../site")];
        let site = places.iter().find(|place| place.join(options.site_pkg_dir.as_ref()).is_dir());
        let site = site.ok_or_else(|| ConfigError::Site(places[0].display().to_string()))?;
        options.site_root = site.display().to_string().into();
    }
    check_site(&options)?;
    Ok(options)
}

/// Whether the files are there that every page asks for: without them pages come, and look broken.
fn check_site(options: &LeptosOptions) -> Result<(), ConfigError> {
    let root = options.site_root.as_ref();
    for kind in ["css", "js", "wasm"] {
        let file = site_files::address(options, kind);
        let file = file.trim_start_matches('/');
        if !Path::new(root).join(file).is_file() {
            return Err(ConfigError::SiteFile(root.to_owned(), file.to_owned()));
        }
    }
    Ok(())
}

/// Which address is served, also where the site's files are missing.
///
/// # Errors
/// When a variable of Leptos cannot be used.
pub fn site_address() -> Result<SocketAddr, ConfigError> {
    Ok(written()?.site_addr)
}

fn written() -> Result<LeptosOptions, ConfigError> {
    get_config_from_str(include_str!("../../../Leptos.toml")).map_err(|error| ConfigError::Leptos(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn pages_are_not_served_without_the_files_that_they_ask_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().display().to_string();
        let options = LeptosOptions::builder().output_name("countersign").site_root(&*root).build();
        fs::create_dir(folder.path().join("pkg")).expect("a folder");
        let files = ["css", "js", "wasm"].map(|kind| folder.path().join(format!("pkg/countersign.{kind}")));
        for file in &files {
            let problem = check_site(&options).expect_err("one is missing").to_string();
            let name = file.file_name().expect("a name").to_string_lossy();
            assert!(problem.contains(&*name) && problem.contains(&root), "{problem}");
            fs::write(file, "").expect("written");
        }
        check_site(&options).expect("all are there");
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "figment's own closure")]
    fn variables_are_texts() {
        // One process has one environment; these names are this test's own.
        figment::Jail::expect_with(|jail| {
            for (name, text) in
                [("BRAND", "1984"), ("SMTP_USER_NAME", "007"), ("SMTP_PORT", "2525"), ("SECURITY_CONTACT", "")]
            {
                jail.set_env(format!("COUNTERSIGN_{name}"), text);
            }
            let settings = Settings::read().expect("settings");
            assert_eq!((settings.brand.as_str(), settings.smtp_user_name.as_str()), ("1984", "007"));
            assert_eq!(settings.smtp_port, 2525);
            jail.set_env("COUNTERSIGN_TRUSTED_PROXIES", "[127.0.0.1]");
            assert_eq!(Settings::read().expect("settings").trusted_proxies, ["127.0.0.1"]);
            jail.set_env("COUNTERSIGN_BRAND", "true");
            assert_eq!(Settings::read().expect("settings").brand, "true");
            jail.set_env("COUNTERSIGN_SMTP_PORT", "smtp");
            let error = Settings::read().expect_err("no port").to_string();
            assert!(error.contains("COUNTERSIGN_SMTP_PORT") && error.contains("65535"), "{error}");
            Ok(())
        });
    }

    #[test]
    fn proxies_are_written_with_commas_or_as_a_list() {
        for (text, expected) in [
            ("trusted_proxies = '127.0.0.1'", vec!["127.0.0.1"]),
            ("trusted_proxies = '10.0.0.0/8, ::1'", vec!["10.0.0.0/8", "::1"]),
            ("trusted_proxies = ['10.0.0.1']", vec!["10.0.0.1"]),
            ("trusted_proxies = '[10.0.0.5, 10.1.0.0/16]'", vec!["10.0.0.5", "10.1.0.0/16"]),
            ("trusted_proxies = ' [ \"127.0.0.1\" ] '", vec!["127.0.0.1"]),
            ("trusted_proxies = ''", vec![]),
            ("trusted_proxies = '[]'", vec![]),
        ] {
            let settings: Settings = Figment::from(Serialized::defaults(Settings::default()))
                .merge(Toml::string(text))
                .extract()
                .expect(text);
            assert_eq!(settings.trusted_proxies, expected, "{text}");
            assert_eq!(settings.proxies().len(), expected.len());
        }
    }

    #[test]
    fn the_contact_for_holes_is_an_address_or_nobody() {
        let contact = |text: &str| {
            let settings = Settings { security_contact: text.to_owned(), ..Settings::default() };
            settings.security_contact().map(|url| url.map(String::from))
        };
        assert_eq!(contact(" ").expect("nobody"), None);
        for (text, address) in [
            ("security@example.org", "mailto:security@example.org"),
            ("mailto:security@example.org", "mailto:security@example.org"),
            ("https://example.org/report", "https://example.org/report"),
        ] {
            assert_eq!(contact(text).expect("an address").as_deref(), Some(address));
        }
        // Nothing adds a line to the file.
        assert_eq!(
            contact("https://example.org/a\nContact: https://evil.example")
                .map(|url| url.is_some_and(|url| url.contains('\n')))
                .ok(),
            Some(false)
        );
        for bad in ["http://example.org", "javascript:alert(1)", "security"] {
            assert!(contact(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn the_key_comes_from_the_environment_a_named_file_a_credential_or_the_data_directory() {
        let folder = tempfile::tempdir().expect("a folder");
        let credential = folder.path().join(CREDENTIAL);
        let mut settings = Settings {
            data_dir: "data".into(),
            credentials_directory: Some(folder.path().to_owned()),
            ..Settings::default()
        };
        assert_eq!(settings.key_source().to_string(), "the key file data/secret.key");
        std::fs::write(&credential, "").expect("written");
        assert_eq!(settings.key_source().to_string(), format!("the credential {}", credential.display()));
        settings.secret_key_file = Some("/etc/key".into());
        assert_eq!(settings.key_source().to_string(), "the key file /etc/key");
        settings.secret_key = Some(Secret::from("1:s3cret".to_owned()));
        assert_eq!(settings.key_source().to_string(), "the variable COUNTERSIGN_SECRET_KEY");
        assert!(!format!("{settings:?} {:?}", settings.key_source()).contains("s3cret"));
    }

    #[test]
    fn only_web_addresses_are_public() {
        for bad in ["", "example.org", "ftp://example.org", "javascript:alert(1)"] {
            let settings = Settings { public_url: bad.to_owned(), ..Settings::default() };
            assert!(settings.public_url().is_err(), "{bad:?} was accepted");
        }
    }
}
