//! What a brand consists of, and what its page shows.

use super::colour::Accent;
use crate::error::FieldProblem;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

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
    /// The pictures that are set.
    pub pictures: Pictures,
}

impl Look {
    /// A brand of which only the name is known.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The logo on light screens, and on dark ones where they have none of their own.
    Logo,
    /// The logo on dark screens.
    LogoDark,
    /// The icon in browser tabs.
    Icon,
}

impl Slot {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Logo, Self::LogoDark, Self::Icon];

    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::LogoDark => "logo_dark",
            Self::Icon => "icon",
        }
    }
}

impl FromStr for Slot {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|slot| slot.as_str() == text).ok_or(())
    }
}

/// A picture that is served under a name with its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The name.
    pub file: String,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high.
    pub height: u32,
}

/// The pictures that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pictures {
    /// The logo on light screens.
    pub logo: Option<Picture>,
    /// The logo on dark screens.
    pub logo_dark: Option<Picture>,
    /// The icon in browser tabs.
    pub icon: Option<Picture>,
}

impl Pictures {
    /// What is set for a purpose.
    pub fn slot(&mut self, slot: Slot) -> &mut Option<Picture> {
        match slot {
            Slot::Logo => &mut self.logo,
            Slot::LogoDark => &mut self.logo_dark,
            Slot::Icon => &mut self.icon,
        }
    }

    /// The logo on light screens and that on dark ones: one stands in for the other.
    pub fn logos(&self) -> Option<(&Picture, &Picture)> {
        let light = self.logo.as_ref().or(self.logo_dark.as_ref())?;
        Some((light, self.logo_dark.as_ref().unwrap_or(light)))
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
    /// The pictures that are set.
    pub pictures: Pictures,
    /// Whether its editor may store something without proving again who it is.
    pub confirmed: bool,
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
