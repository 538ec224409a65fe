//! What an import does, or would do.

use super::entry::{Entry, Name, Wanted};
use std::fmt;
use toml::Value;

/// A value in one line that is not too long.
fn brief(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains('\n') || text.chars().count() > 200 => {
            format!("a text of {} characters", text.chars().count())
        }
        _ => value.to_string(),
    }
}

/// One difference between the file and what is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Something that was not there.
    Added(String),
    /// A value that was another one.
    Changed(String),
}

/// What an import does, or would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The differences, in the order of the file's sections.
    pub changes: Vec<Change>,
    /// How many values of the file were there already.
    pub unchanged: usize,
    /// What is stored and not named by the file.
    pub kept: Vec<String>,
}

impl Report {
    /// Notes how an entry of the file differs from the stored one, and tells which of its values do.
    pub fn compare(&mut self, stored: Option<&Entry>, wanted: &Wanted) -> Vec<&'static str> {
        let Some(stored) = stored else {
            let values =
                wanted.values.iter().map(|(key, _, value)| format!("{key} = {}", brief(value))).collect::<Vec<_>>();
            self.changes.push(Change::Added(format!("{}: {}", wanted.name, values.join(", "))));
            return wanted.values.iter().map(|(key, ..)| *key).collect();
        };
        let mut changed = Vec::new();
        for (key, _, value) in &wanted.values {
            let before = stored.get(key);
            if before == Some(value) {
                self.unchanged += 1;
            } else {
                let before = before.map_or_else(|| "nothing".to_owned(), brief);
                self.changes.push(Change::Changed(format!("{}: {key} from {before} to {}", wanted.name, brief(value))));
                changed.push(*key);
            }
        }
        changed
    }

    /// Notes what is stored and not named.
    pub fn keep(&mut self, stored: &[Entry], wanted: &[Wanted]) {
        for entry in stored {
            let Some(wanted) = wanted.iter().find(|wanted| wanted.name == entry.name) else {
                self.kept.push(entry.name.to_string());
                continue;
            };
            let keys = entry.values.iter().map(|(key, _)| *key).filter(|key| wanted.get(key).is_none());
            self.kept.extend(keys.map(|key| match entry.name {
                Name::Configuration => key.to_owned(),
                _ => format!("{}: {key}", entry.name),
            }));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            match change {
                Change::Added(what) => writeln!(f, "added    {what}")?,
                Change::Changed(what) => writeln!(f, "changed  {what}")?,
            }
        }
        writeln!(f, "Values that were so already: {}.", self.unchanged)?;
        if !self.kept.is_empty() {
            writeln!(f, "Not in the file, so it stays as it is: {}.", self.kept.join("; "))?;
        }
        Ok(())
    }
}
