//! Reads the file: TOML with known keys and values of the right kind. What the values may be, the services decide.

use super::entry::{Name, POLICY, PROVIDER, SECONDARY_AUTH, Type, Wanted, fields, settings, text};
use app::{login::types::Audience, services::types::Channel};
use std::fmt;
use toml::{
    Value,
    de::{DeTable, DeValue},
};

/// What cannot be used, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadInput {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for BadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// A value with the line of its key.
struct Found<'t> {
    key: String,
    line: usize,
    value: DeValue<'t>,
}

/// The entries of the file, in the order in which they are applied: providers, secondary auths, policies, settings.
///
/// # Errors
/// For the first thing that cannot be used.
pub fn parse(input: &str) -> Result<Vec<Wanted>, BadInput> {
    let file = File(input);
    let document = DeTable::parse(input).map_err(|error| BadInput {
        line: file.line(error.span().map_or(0, |span| span.start)),
        what: one_line(error.message()),
    })?;
    let (mut providers, mut auths, mut policies, mut configuration) = (vec![], vec![], vec![], vec![]);
    for found in file.found(document.into_inner()) {
        match found.key.as_str() {
            "provider" => providers = file.providers(found)?,
            "secondary_auth" => auths = file.secondary_auths(found)?,
            "policy" => policies = file.policies(found)?,
            "configuration" => configuration.push(file.configuration(found)?),
            _ => return Err(unknown(&found, "the file", &["provider", "secondary_auth", "policy", "configuration"])),
        }
    }
    providers.append(&mut auths);
    providers.append(&mut policies);
    providers.append(&mut configuration);
    Ok(providers)
}

struct File<'t>(&'t str);

impl<'t> File<'t> {
    /// The line of a place in the file.
    fn line(&self, at: usize) -> usize {
        self.0.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }

    fn found(&self, table: DeTable<'t>) -> Vec<Found<'t>> {
        let one = |(key, value): (toml::Spanned<_>, toml::Spanned<_>)| Found {
            line: self.line(key.span().start),
            key: into_text(key.into_inner()),
            value: value.into_inner(),
        };
        table.into_iter().map(one).collect()
    }

    /// The tables of `[[key]]`, each with its title and the line of that.
    fn titled(&self, list: Found<'t>) -> Result<Vec<(String, usize, Vec<Found<'t>>)>, BadInput> {
        let wrong = |line| BadInput { line, what: format!("{} has to be written as [[{0}]]", list.key) };
        let DeValue::Array(items) = list.value else { return Err(wrong(list.line)) };
        let mut titled: Vec<(String, usize, Vec<Found<'t>>)> = Vec::new();
        for item in items {
            let line = self.line(item.span().start);
            let DeValue::Table(table) = item.into_inner() else { return Err(wrong(line)) };
            let mut values = self.found(table);
            let title = values.iter().position(|found| found.key == "title").map(|at| values.swap_remove(at));
            let Some(title) = title else {
                return Err(BadInput { line, what: format!("this {} has no title", list.key) });
            };
            let title_line = title.line;
            let title = typed_value(&title, Type::Text)?.as_str().unwrap_or_default().to_owned();
            if titled.iter().any(|(other, ..)| *other == title) {
                let what = format!("the title {} is in use already", text(&title));
                return Err(BadInput { line: title_line, what });
            }
            titled.push((title, title_line, values));
        }
        Ok(titled)
    }

    fn providers(&self, list: Found<'t>) -> Result<Vec<Wanted>, BadInput> {
        let mut wanted = Vec::new();
        for (title, line, values) in self.titled(list)? {
            let name = Name::Provider(title);
            let Some(found) = values.iter().find(|found| found.key == "kind") else {
                return Err(BadInput { line, what: format!("{name} has no kind: {}", kinds()) });
            };
            let kind = kind_of(&typed_value(found, Type::Text)?, found.line)?;
            wanted.push(entry(name, line, values, &[PROVIDER, fields(kind)].concat())?);
        }
        Ok(wanted)
    }

    fn secondary_auths(&self, list: Found<'t>) -> Result<Vec<Wanted>, BadInput> {
        let one = |(title, line, values)| entry(Name::SecondaryAuth(title), line, values, SECONDARY_AUTH);
        self.titled(list)?.into_iter().map(one).collect()
    }

    fn policies(&self, found: Found<'t>) -> Result<Vec<Wanted>, BadInput> {
        let mut wanted = Vec::new();
        for found in self.table(found)? {
            let Ok(audience) = found.key.parse::<Audience>() else {
                return Err(unknown(&found, "policy", &Audience::ALL.map(Audience::as_str)));
            };
            let line = found.line;
            wanted.push(entry(Name::Policy(audience), line, self.table(found)?, POLICY)?);
        }
        Ok(wanted)
    }

    fn configuration(&self, found: Found<'t>) -> Result<Wanted, BadInput> {
        let line = found.line;
        entry(Name::Configuration, line, self.table(found)?, &settings())
    }

    fn table(&self, found: Found<'t>) -> Result<Vec<Found<'t>>, BadInput> {
        match found.value {
            DeValue::Table(table) => Ok(self.found(table)),
            _ => Err(BadInput { line: found.line, what: format!("{} has to be a table", found.key) }),
        }
    }
}

/// An entry with its values in the order of their types.
fn entry(name: Name, line: usize, found: Vec<Found<'_>>, types: &[(&'static str, Type)]) -> Result<Wanted, BadInput> {
    if let Some(stranger) = found.iter().find(|found| types.iter().all(|(key, _)| *key != found.key)) {
        return Err(unknown(stranger, &name.to_string(), &types.iter().map(|(key, _)| *key).collect::<Vec<_>>()));
    }
    let mut values = Vec::new();
    for (key, kind) in types {
        if let Some(found) = found.iter().find(|found| found.key == *key) {
            let value =
                typed_value(found, *kind).map_err(|bad| BadInput { what: format!("{name}, {}", bad.what), ..bad })?;
            values.push((*key, found.line, value));
        }
    }
    Ok(Wanted { name, line, values })
}

fn unknown(found: &Found<'_>, place: &str, known: &[&str]) -> BadInput {
    let key = text(&found.key);
    BadInput { line: found.line, what: format!("{place} has no key {key}: it knows {}", known.join(", ")) }
}

/// A value of the expected kind. Text loses the spaces around it, as it does in forms.
fn typed_value(found: &Found<'_>, kind: Type) -> Result<Value, BadInput> {
    let wrong = |what: &str| Err(BadInput { line: found.line, what: format!("{}: {what}", found.key) });
    match (kind, &found.value) {
        (Type::Text, DeValue::String(value)) => Ok(text(value.trim())),
        (Type::Text, _) => wrong("this has to be text in quotes"),
        (Type::Flag, DeValue::Boolean(value)) => Ok(Value::Boolean(*value)),
        (Type::Flag, _) => wrong("this has to be true or false"),
        (Type::Number, DeValue::Integer(value)) => match i64::from_str_radix(value.as_str(), value.radix()) {
            Ok(number) => Ok(Value::Integer(number)),
            Err(_) => wrong("this number is too large"),
        },
        (Type::Number, _) => wrong("this has to be a whole number"),
        (Type::Kinds, DeValue::Array(list)) => {
            let mut wanted = Vec::new();
            for item in list {
                let DeValue::String(name) = item.get_ref() else {
                    return wrong("this has to be a list of kinds in quotes");
                };
                wanted.push(kind_of(&text(name), found.line)?);
            }
            let in_order = Channel::ALL.into_iter().filter(|kind| wanted.contains(kind));
            Ok(Value::Array(in_order.map(|kind| text(kind.as_str())).collect()))
        }
        (Type::Kinds, _) => wrong("this has to be a list of kinds in quotes"),
    }
}

fn kind_of(value: &Value, line: usize) -> Result<Channel, BadInput> {
    let known = value.as_str().and_then(|name| name.parse().ok());
    known.ok_or_else(|| BadInput { line, what: format!("{value} is no kind of provider: {}", kinds()) })
}

fn kinds() -> String {
    format!("it is one of {}", Channel::ALL.map(Channel::as_str).join(", "))
}

fn into_text(text: std::borrow::Cow<'_, str>) -> String {
    text.into_owned()
}

/// The parser's own words stand on several lines.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
