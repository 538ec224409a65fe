//! What the tests of texts read: the translations and the sources.

use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The names of the forms that a count chooses among.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The forms of a text by their names; one alone is `text`.
pub type Forms = BTreeMap<String, String>;

/// The texts of a language by their keys, `feature.name`.
pub fn of(language: &str) -> BTreeMap<String, Forms> {
    let file = root().join("locales").join(language).with_extension("json");
    let file = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut found = BTreeMap::new();
    collect(&serde_json::from_str(&file).expect("JSON"), "", &mut found);
    found
}

fn collect(value: &Value, key: &str, found: &mut BTreeMap<String, Forms>) {
    match value {
        Value::String(text) => {
            found.insert(key.to_owned(), Forms::from([("text".to_owned(), text.clone())]));
        }
        Value::Object(forms) if forms.keys().all(|name| FORMS.contains(&name.as_str())) => {
            let text = |text: &Value| text.as_str().expect("a form is a text").to_owned();
            found.insert(key.to_owned(), forms.iter().map(|(name, form)| (name.clone(), text(form))).collect());
        }
        Value::Object(names) => {
            for (name, value) in names {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                collect(value, &key, found);
            }
        }
        _ => panic!("{key} is no text"),
    }
}

/// All Rust sources of the pages, with their paths.
pub fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    below(&root().join("src"), &mut found);
    found
}

fn below(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).expect("text");
            found.push((path, source));
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
