//! The environment's variables as what they are: texts.

use figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

/// What the variables of the settings begin with.
pub const PREFIX: &str = "COUNTERSIGN_";

/// The variables that begin with [`PREFIX`], and those that others set for us. Figment's own reader would take the brand
/// `1984` for a number and the user name `true` for a truth.
pub struct Environment;

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment").interpolater(|_, path| format!("{PREFIX}{}", path.join("_").to_uppercase()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut values = Dict::new();
        for (name, text) in std::env::vars_os() {
            let Some(name) = name.to_str() else { continue };
            let setting = match name.strip_prefix(PREFIX) {
                Some(setting) => setting,
                None if ["DATABASE_URL", "CREDENTIALS_DIRECTORY"].contains(&name) => name,
                None => continue,
            };
            let text = text.into_string().map_err(|_| Error::from(format!("{name} is not UTF-8")))?;
            values.insert(setting.to_lowercase(), Value::from(text));
        }
        Ok(Profile::Default.collect(values))
    }
}
