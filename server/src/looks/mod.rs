//! What people see of whom they deal with: what administrators set, in place of what the process was started with.

pub mod link;
pub mod store;

use crate::{core::Core, entity::brand, error::Error, platform::vault};
use app::brand::{
    colour::{Accent, Colour},
    types::{Fields, Look},
};

/// Reads the brand again where that is due. What cannot be read stays what it was.
pub async fn refresh(core: &Core) {
    if core.brand.is_due(core.clock.now())
        && let Err(error) = read(core).await
    {
        tracing::warn!(?error, "the brand could not be read; what was known of it stays");
    }
}

/// Reads the brand.
pub async fn read(core: &Core) -> Result<(), Error> {
    let rows = store::all(&core.db).await?;
    core.brand.set(look(core.brand.default_name(), &fields(&rows)));
    Ok(())
}

/// What is stored, as it is typed.
pub fn fields(rows: &[brand::Row]) -> Fields {
    let mut fields = Fields::default();
    for row in rows {
        if let Some(field) = fields.field(&row.key) {
            field.clone_from(&row.value);
        }
    }
    fields
}

/// What people see. Whatever is stored, what is no colour or no link is left out.
pub fn look(default_name: &str, fields: &Fields) -> Look {
    let accent = Colour::parse(&fields.accent).and_then(|colour| Accent::of(colour).ok());
    let link = |text: &str| link::link(text).ok().filter(|link| !link.is_empty());
    Look {
        name: if fields.name.is_empty() { default_name.to_owned() } else { fields.name.clone() },
        accent,
        sheet: accent.map(|accent| format!("{}.css", name_of(&accent.sheet()))),
        help: link(&fields.help),
        legal: link(&fields.legal),
        privacy: link(&fields.privacy),
    }
}

/// A name for what a file holds: another one has another name.
pub fn name_of(contents: &str) -> String {
    vault::token_hash(contents).chars().filter(char::is_ascii_alphanumeric).take(16).collect()
}
