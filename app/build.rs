//! Turns `locales/*.json` into one type for each text, with its placeholders as fields: a text that is not there, or a
//! value that is missing, does not compile (decision 35).

use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// As in `src/language/types.rs`, English first: it says which texts there are.
const LANGUAGES: [&str; 7] = ["en", "de", "es", "fr", "pt", "ja", "ar"];
/// The names of the forms that a count chooses among.
const FORMS: [(&str, &str); 6] =
    [("zero", "Zero"), ("one", "One"), ("two", "Two"), ("few", "Few"), ("many", "Many"), ("other", "Other")];

type Forms = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=src");
    let folder = Path::new("locales");
    let mut files = Vec::new();
    for language in LANGUAGES {
        match fs::read(folder.join(language).with_extension("json")) {
            Ok(bytes) => files.push(bytes),
            // English takes its place.
            Err(error) if error.kind() == io::ErrorKind::NotFound && language != LANGUAGES[0] => {
                println!("cargo::warning=there is no locales/{language}.json");
                files.push(b"{}".to_vec());
            }
            Err(error) => return Err(error.into()),
        }
    }
    let texts = files.iter().map(|bytes| serde_json::from_slice(bytes)).collect::<Result<Vec<Value>, _>>()?;
    // In the browser's program is English alone; a page in another language brings its texts along.
    let told = if env::var_os("CARGO_FEATURE_SSR").is_some() { texts.len() } else { 1 };
    let mut out = String::new();
    let english = texts[0].as_object().ok_or("en.json is no object")?;
    section(&mut out, &[], english, &texts[..told])?;
    if told > 1 {
        let mut keys = BTreeSet::new();
        said_in_browser(Path::new("src"), &mut keys)?;
        let packs: Vec<_> = texts.iter().map(|texts| in_browser(&keys, texts)).collect();
        writeln!(out, "pub(crate) const IN_BROWSER: [&str; {}] = {packs:?};", packs.len())?;
    }
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(folder.join("texts.rs"), out)?;
    Ok(())
}

/// Writes the modules of a section's sections and the types of its texts.
fn section(out: &mut String, path: &[&str], english: &Map<String, Value>, all: &[Value]) -> Result<(), Box<dyn Error>> {
    for (name, value) in english {
        let path = [path, &[name.as_str()]].concat();
        match (value, forms(value)) {
            (_, Some(forms)) => text(out, &path, &forms, !value.is_string(), all)?,
            (Value::Object(inner), None) => {
                writeln!(out, "pub mod {name} {{ use super::{{Entry, Form, say}}; use std::fmt::Display;")?;
                section(out, &path, inner, all)?;
                writeln!(out, "}}")?;
            }
            _ => return Err(format!("{} is no text", path.join(".")).into()),
        }
    }
    Ok(())
}

/// The forms of a text: several where a count chooses.
fn forms(value: &Value) -> Option<Forms> {
    match value {
        Value::String(text) => Some(Forms::from([("other".to_owned(), text.clone())])),
        Value::Object(inner) if inner.keys().all(|name| FORMS.iter().any(|(form, _)| form == name)) => {
            inner.iter().map(|(form, text)| Some((form.clone(), text.as_str()?.to_owned()))).collect()
        }
        _ => None,
    }
}

/// Writes the type of a text, and its forms in each language.
fn text(out: &mut String, path: &[&str], english: &Forms, counts: bool, all: &[Value]) -> Result<(), Box<dyn Error>> {
    let name = path.last().ok_or("a text without a name")?;
    let placeholders: BTreeSet<&str> =
        english.values().flat_map(|text| placeholders(text)).filter(|name| !counts || *name != "count").collect();
    let letters: Vec<_> = (0..placeholders.len()).map(|number| format!("T{number}")).collect();
    let bounds: Vec<_> = letters.iter().map(|letter| format!("{letter}: Display")).collect();
    let mut fields: Vec<_> =
        placeholders.iter().zip(&letters).map(|(name, letter)| format!("pub {name}: {letter}")).collect();
    if counts {
        fields.push("pub count: u32".to_owned());
    }
    let values: Vec<_> = placeholders.iter().map(|name| format!("(\"{name}\", &self.{name})")).collect();
    let (letters, bounds, values) = (letters.join(", "), bounds.join(", "), values.join(", "));
    let count = if counts { "Some(self.count)" } else { "None" };
    let languages: Vec<_> = all.iter().map(|texts| in_language(path, texts)).collect();
    writeln!(
        out,
        "pub struct {name}<{letters}> {{ {} }} impl<{bounds}> {name}<{letters}> {{ pub fn text(self) -> String {{ \
         static ENTRY: Entry = Entry {{ key: {:?}, forms: &[{}] }}; say(&ENTRY, {count}, &[{values}]) }} }}",
        fields.join(", "),
        path.join("."),
        languages.join(", ")
    )?;
    Ok(())
}

/// The forms of a text in one language; none where it has not been translated.
fn in_language(path: &[&str], texts: &Value) -> String {
    let found = path.iter().try_fold(texts, |value, name| value.get(name)).and_then(forms).unwrap_or_default();
    let of = |(name, form): &(&str, &str)| Some(format!("(Form::{form}, {:?})", found.get(*name)?));
    format!("&[{}]", FORMS.iter().filter_map(of).collect::<Vec<_>>().join(", "))
}

/// The names between the braces of a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{ ").skip(1).filter_map(|rest| rest.split_once(" }}")).map(|(name, _)| name)
}

/// The keys of what can be said in a browser: by islands, and by the functions beside them.
fn said_in_browser(folder: &Path, keys: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            said_in_browser(&path, keys)?;
            continue;
        }
        let source = fs::read_to_string(&path)?;
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        if !source.contains("impl Island for ") {
            continue;
        }
        for item in source.split("\n}\n").filter(|item| !item.contains("#[component")) {
            let named = |c: &char| c.is_ascii_alphanumeric() || ['_', '.'].contains(c);
            keys.extend(item.split("tr!(").skip(1).map(|rest| rest.trim_start().chars().take_while(named).collect()));
        }
    }
    Ok(())
}

/// These texts of a language as JSON that may stand in a page.
fn in_browser(keys: &BTreeSet<String>, texts: &Value) -> String {
    let found = |key: &String| {
        let text = key.split('.').try_fold(texts, |value, name| value.get(name))?;
        Some((key.clone(), text.clone()))
    };
    Value::Object(keys.iter().filter_map(found).collect()).to_string().replace('<', "\\u003c")
}
