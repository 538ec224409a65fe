//! What people see of whom they deal with: what administrators set, in place of what the process was started with.

pub mod link;
pub mod picture;
pub mod store;

use crate::{
    core::Core,
    entity::brand,
    error::Error,
    platform::{brand::Logo, vault},
};
use app::brand::{
    colour::{Accent, Colour},
    types::{Fields, Look, Picture, Pictures, Slot},
};
use picture::Kind;

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
    let pictures = pictures(&rows);
    // Outlook draws no WebP, and a logo for dark screens is not for the white ground that it has in messages.
    let logo = pictures.logo.clone().filter(|logo| Kind::of_name(&logo.file).is_some_and(Kind::is_for_mail));
    core.brand.set(look(core.brand.default_name(), &fields(&rows), pictures));
    // Another file has another name.
    if core.brand.logo().map(|known| known.picture.clone()) != logo {
        core.brand.set_logo(match logo {
            Some(logo) => contents(core, logo).await?,
            None => None,
        });
    }
    Ok(())
}

/// The logo with what stands in its file.
async fn contents(core: &Core, picture: Picture) -> Result<Option<Logo>, Error> {
    let found = store::contents(&core.db, Slot::Logo, &picture.file).await?;
    let found = found.filter(|(kind, _)| *kind != Kind::WebP.media_type());
    Ok(found.map(|(media_type, contents)| Logo { picture, media_type, contents }))
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

/// The pictures that are stored. A name that is none of ours counts as none.
pub fn pictures(rows: &[brand::Row]) -> Pictures {
    let mut pictures = Pictures::default();
    for row in rows {
        if let Ok(slot) = row.key.parse() {
            *pictures.slot(slot) = stored_picture(&row.value);
        }
    }
    pictures
}

/// How a picture is stored, beside its contents.
pub fn picture_text(picture: &Picture) -> String {
    let Picture { file, width, height } = picture;
    format!("{file} {width} {height}")
}

fn stored_picture(text: &str) -> Option<Picture> {
    let mut parts = text.split(' ');
    let (file, width, height) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let (hash, _) = file.rsplit_once('.').filter(|_| Kind::of_name(file).is_some())?;
    hash.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| Picture { file: file.to_owned(), width, height })
}

/// What people see. Whatever is stored, what is no colour or no link is left out.
pub fn look(default_name: &str, fields: &Fields, pictures: Pictures) -> Look {
    let accent = Colour::parse(&fields.accent).and_then(|colour| Accent::of(colour).ok());
    let link = |text: &str| link::link(text).ok().filter(|link| !link.is_empty());
    Look {
        name: if fields.name.is_empty() { default_name.to_owned() } else { fields.name.clone() },
        accent,
        sheet: accent.map(|accent| format!("{}.css", name_of(&accent.sheet()))),
        help: link(&fields.help),
        legal: link(&fields.legal),
        privacy: link(&fields.privacy),
        pictures,
    }
}

/// A name for what a file holds: another one has another name.
pub fn name_of(contents: &str) -> String {
    vault::token_hash(contents).chars().filter(char::is_ascii_alphanumeric).take(16).collect()
}
