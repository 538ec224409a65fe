//! Reads the file: TOML with known keys and values of the right kind. What the values may be, the services decide.

use super::entry::{BRAND, MESSAGE, Name, POLICY, PROVIDER, SECONDARY_AUTH, Type, Wanted, fields, settings, text};
use app::{login::types::Audience, services::types::Channel};
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor, value::SeqAccessDeserializer},
};
use std::{collections::BTreeMap, fmt, ops::Range};
use toml::{Spanned, Value};

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

/// The file. What stands in its tables depends on what they are about, and is looked at afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    provider: Tables,
    #[serde(default)]
    secondary_auth: Tables,
    #[serde(default)]
    policy: Policies,
    configuration: Option<Spanned<Table>>,
    brand: Option<Spanned<Table>>,
    #[serde(default)]
    message: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Table>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    admin: Option<Spanned<Table>>,
    customer: Option<Spanned<Table>>,
}

type Table = BTreeMap<Spanned<String>, Value>;

#[derive(Default)]
struct Tables(Vec<Spanned<Table>>);

impl<'de> Deserialize<'de> for Tables {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Tables;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tables in two brackets, as in [[provider]]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Tables, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(list)).map(Tables)
            }
        }
        input.deserialize_seq(List)
    }
}

/// The entries of the file, in the order in which they are applied: providers, secondary auths, policies, settings,
/// brand, messages.
///
/// # Errors
/// For the first thing that cannot be used.
pub fn parse(input: &str) -> Result<Vec<Wanted>, BadInput> {
    let file = File(input);
    // The parser's own words stand on several lines.
    let one_line = |message: &str| message.split_whitespace().collect::<Vec<_>>().join(" ");
    let document = toml::from_str::<Document>(input)
        .map_err(|error| file.bad(error.span().unwrap_or_default(), one_line(error.message())))?;
    let mut wanted = Vec::new();
    for (title, at, table) in file.titled(document.provider, "provider")? {
        wanted.push(file.provider(Name::Provider(title), at, table)?);
    }
    for (title, at, table) in file.titled(document.secondary_auth, "secondary_auth")? {
        wanted.push(file.entry(Name::SecondaryAuth(title), at, &table, SECONDARY_AUTH)?);
    }
    for (audience, table) in [(Audience::Admin, document.policy.admin), (Audience::Customer, document.policy.customer)]
    {
        if let Some(table) = table {
            wanted.push(file.entry(Name::Policy(audience), table.span(), table.get_ref(), POLICY)?);
        }
    }
    if let Some(table) = document.configuration {
        wanted.push(file.entry(Name::Configuration, table.span(), table.get_ref(), &settings())?);
    }
    if let Some(table) = document.brand {
        wanted.push(file.entry(Name::Brand, table.span(), table.get_ref(), BRAND)?);
    }
    for (name, languages) in document.message {
        let unknown = |()| file.bad(name.span(), format!("there is no message {:?}", name.get_ref()));
        let message = name.get_ref().parse().map_err(unknown)?;
        for (name, table) in languages {
            let unknown = |()| file.bad(name.span(), format!("there is no language {:?}", name.get_ref()));
            let language = name.get_ref().parse().map_err(unknown)?;
            wanted.push(file.entry(Name::Message(message, language), name.span(), &table, MESSAGE)?);
        }
    }
    Ok(wanted)
}

struct File<'t>(&'t str);

impl File<'_> {
    /// The line on which something begins.
    fn line(&self, at: &Range<usize>) -> usize {
        self.0.as_bytes().iter().take(at.start).filter(|byte| **byte == b'\n').count() + 1
    }

    fn bad(&self, at: Range<usize>, what: String) -> BadInput {
        BadInput { line: self.line(&at), what }
    }

    /// The tables of a list, each with its title and the place of that.
    fn titled(&self, tables: Tables, list: &str) -> Result<Vec<(String, Range<usize>, Table)>, BadInput> {
        let mut titled: Vec<(String, _, _)> = Vec::new();
        for item in tables.0 {
            let no_title = self.bad(item.span(), format!("this {list} has no title"));
            let mut table = item.into_inner();
            let (key, title) = table.remove_entry("title").ok_or(no_title)?;
            let title =
                typed_value(&title, Type::Text).map_err(|what| self.bad(key.span(), format!("title: {what}")))?;
            if titled.iter().any(|(other, ..)| Some(other.as_str()) == title.as_str()) {
                return Err(self.bad(key.span(), format!("the title {title} is in use already")));
            }
            titled.push((title.as_str().unwrap_or_default().to_owned(), key.span(), table));
        }
        Ok(titled)
    }

    fn provider(&self, name: Name, at: Range<usize>, table: Table) -> Result<Wanted, BadInput> {
        let Some((key, kind)) = table.get_key_value("kind") else {
            return Err(self.bad(at, format!("{name} has no kind: {}", kinds())));
        };
        let kind = kind_of(kind).map_err(|what| self.bad(key.span(), what))?;
        self.entry(name, at, &table, &[PROVIDER, fields(kind)].concat())
    }

    /// An entry with its values in the order of their types.
    fn entry(
        &self,
        name: Name,
        at: Range<usize>,
        table: &Table,
        types: &[(&'static str, Type)],
    ) -> Result<Wanted, BadInput> {
        if let Some(stranger) = table.keys().find(|key| types.iter().all(|(known, _)| known != key.get_ref())) {
            let known = types.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
            let what = format!("{name} has no key {}: it knows {known}", text(stranger.get_ref()));
            return Err(self.bad(stranger.span(), what));
        }
        let mut values = Vec::new();
        for (known, kind) in types {
            if let Some((key, value)) = table.get_key_value(*known) {
                let value = typed_value(value, *kind)
                    .map_err(|what| self.bad(key.span(), format!("{name}, {known}: {what}")))?;
                values.push((*known, self.line(&key.span()), value));
            }
        }
        Ok(Wanted { name, line: self.line(&at), values })
    }
}

/// A value of the expected kind, or what it has to be. Text loses the spaces around it, as it does in forms.
fn typed_value(value: &Value, kind: Type) -> Result<Value, String> {
    match (kind, value) {
        (Type::Text, Value::String(value)) => Ok(text(value.trim())),
        (Type::Lines, Value::String(_)) => Ok(value.clone()),
        (Type::Text | Type::Lines, _) => Err("this has to be text in quotes".to_owned()),
        (Type::Flag, Value::Boolean(_)) | (Type::Number, Value::Integer(_)) => Ok(value.clone()),
        (Type::Flag, _) => Err("this has to be true or false".to_owned()),
        (Type::Number, _) => Err("this has to be a whole number".to_owned()),
        (Type::Kinds, Value::Array(list)) => {
            let wanted = list.iter().map(kind_of).collect::<Result<Vec<_>, _>>()?;
            let in_order = Channel::ALL.into_iter().filter(|kind| wanted.contains(kind));
            Ok(Value::Array(in_order.map(|kind| text(kind.as_str())).collect()))
        }
        (Type::Texts, Value::Array(list)) => {
            list.iter().map(|value| typed_value(value, Type::Text)).collect::<Result<_, _>>().map(Value::Array)
        }
        (Type::Texts, _) => Err("this has to be a list of titles in quotes".to_owned()),
        (Type::Kinds, _) => Err("this has to be a list of kinds in quotes".to_owned()),
    }
}

fn kind_of(value: &Value) -> Result<Channel, String> {
    let known = value.as_str().and_then(|name| name.trim().parse().ok());
    known.ok_or_else(|| format!("{value} is no kind of provider: {}", kinds()))
}

fn kinds() -> String {
    format!("it is one of {}", Channel::ALL.map(Channel::as_str).join(", "))
}
