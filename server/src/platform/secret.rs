//! A text that nobody may see.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, ops::Deref};
use zeroize::Zeroizing;

/// A text that nobody may see: its memory is wiped when it goes, and neither logs nor files are told what it says.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text, for the one who needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// So that `as_deref` hands it to whoever sends or compares it. It has no `Display`.
impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input).map(Self::from)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        platform::{
            config::Settings,
            vault::{Key, KeySource},
        },
        providers::memory::Kept,
        testing::{smtp_form, twilio_form},
    };
    use app::{
        delivery::message::MessageText, enrollment::types::SetUp, language::types::Language, recovery::types::Helpdesk,
    };
    use std::{fs, path::Path};

    const SHOWN: &str = "s3cret";

    #[test]
    fn nothing_that_holds_a_secret_shows_it() {
        let (text, secret) = (|| SHOWN.to_owned(), Secret::from(SHOWN.to_owned()));
        assert_eq!(secret.expose(), SHOWN);
        assert_eq!(serde_json::to_string(&secret).expect("JSON"), "null");
        let settings =
            Settings { secret_key: Some(secret.clone()), database_url: Some(secret.clone()), ..Settings::default() };
        let mut smtp = smtp_form();
        smtp.password = text();
        let mut sms = twilio_form();
        sms.secret = text();
        for shown in [
            format!("{secret:?}"),
            format!("{:?}", Key::new(*b"s3crets3crets3crets3crets3crets3")),
            format!("{:?}", KeySource::Variable(secret)),
            format!("{settings:?}"),
            format!("{smtp:?}"),
            format!("{sms:?}"),
            format!("{:?}", SetUp { key: text(), uri: text(), qr_code: text() }),
            format!("{:?}", Helpdesk { name: text(), email: String::new(), minutes: 1, code: Some(text()) }),
            format!(
                "{:?}",
                MessageText {
                    subject: text(),
                    text: text(),
                    html: text(),
                    language: Language::En,
                    branded: true,
                    draft: None
                }
            ),
            format!(
                "{:?}",
                Kept { id: uuid::Uuid::nil(), to: String::new(), text: text(), host: String::new(), logo: None }
            ),
        ] {
            assert!(!shown.contains(SHOWN) && !shown.contains("115, 51"), "{shown}");
        }
    }

    /// Fields by whose names secrets go, as plain text.
    const NAMES: [&str; 8] = ["secret", "password", "seed", "code", "codes", "token", "cookie", "database_url"];
    /// Where such a field may be shown: what it holds is sealed or public.
    const SHOWABLE: [(&str, &str); 5] = [
        ("entity/enrollment.rs", "sealed"),
        ("entity/deleted_entry.rs", "sealed"),
        ("entity/challenge.rs", "sealed"),
        ("entity/service_provider.rs", "sealed"),
        ("enrollment/types.rs", "the code of a country"),
    ];

    #[test]
    fn no_structure_with_a_plain_secret_derives_debug() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut wrong = Vec::new();
        let mut seen = 0;
        for folder in ["src", "../app/src"] {
            walk(&root.join(folder), &mut |path, text| {
                seen += 1;
                if SHOWABLE.iter().any(|(end, _)| path.ends_with(end)) {
                    return;
                }
                for part in text.split("#[derive(").skip(1) {
                    let (derived, rest) = part.split_once(")]").unwrap_or_default();
                    let body = rest.split("\n}").next().unwrap_or_default();
                    let plain = |line: &str| {
                        let line = line.trim().trim_start_matches("pub ");
                        line.split_once(": ")
                            .is_some_and(|(name, kind)| NAMES.contains(&name) && kind.contains("String"))
                    };
                    if derived.contains("Debug") && body.lines().any(plain) {
                        wrong.push(format!(
                            "{}: {}",
                            path.display(),
                            body.lines().find(|l| plain(l)).unwrap_or_default()
                        ));
                    }
                }
            });
        }
        assert!(seen > 200, "the sources were found");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    fn walk(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
        for entry in fs::read_dir(folder).expect("the sources are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, look);
            } else if path.extension().is_some_and(|end| end == "rs") {
                look(&path, &fs::read_to_string(&path).expect("readable"));
            }
        }
    }
}
