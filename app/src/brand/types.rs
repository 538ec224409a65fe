//! What a brand consists of, and what its page shows.

use super::colour::Accent;
use crate::error::FieldProblem;
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_MAX: u32 = 60;
/// The longest link, in characters.
pub const LINK_MAX: u32 = 500;

/// What people see of whom they deal with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The name.
    pub name: String,
    /// The colour, where it is not ours.
    pub accent: Option<Accent>,
    /// The name of the style sheet for it, which changes with what stands in it.
    pub sheet: Option<String>,
    /// Where help is found.
    pub help: Option<String>,
    /// Who is responsible.
    pub legal: Option<String>,
    /// What becomes of what people leave here.
    pub privacy: Option<String>,
}

impl Look {
    /// A brand of which only the name is known.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// What is typed into the page. What is empty has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// The name.
    pub name: String,
    /// The colour.
    pub accent: String,
    /// The link to help.
    pub help: String,
    /// The link to the legal notice.
    pub legal: String,
    /// The link to what is said about privacy.
    pub privacy: String,
}

impl Fields {
    /// The names of the fields, in the order of the page.
    pub const ALL: [&'static str; 5] = ["name", "accent", "help", "legal", "privacy"];

    /// All fields with their names.
    pub fn named(&self) -> [(&'static str, &str); 5] {
        let Self { name, accent, help, legal, privacy } = self;
        let values = [name, accent, help, legal, privacy];
        std::array::from_fn(|at| (Self::ALL[at], values[at].as_str()))
    }

    /// The field of a name.
    pub fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "name" => Some(&mut self.name),
            "accent" => Some(&mut self.accent),
            "help" => Some(&mut self.help),
            "legal" => Some(&mut self.legal),
            "privacy" => Some(&mut self.privacy),
            _ => None,
        }
    }
}

/// The page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Editor {
    /// What stands in the fields: what its editor typed last, or what is stored.
    pub fields: Fields,
    /// What is wrong with it, if anything.
    pub problems: Vec<FieldProblem>,
    /// Whether the fields hold something that is not saved.
    pub draft: bool,
    /// The name where none is typed.
    pub default_name: String,
    /// Changes with what the preview shows.
    pub version: String,
}

/// What a button of the page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Stores what was typed.
    Save,
    /// Shows how it would look.
    Preview,
    /// Takes the nearest colour that can be read.
    Nearest,
    /// Forgets what was typed.
    Discard,
}
