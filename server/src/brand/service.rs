//! The rules of the brand: what is stored can be read on every page, and leads nowhere but to pages and mailboxes.

use crate::{
    audit::{self, Actor, Event},
    core::Core,
    entity::brand,
    error::Error,
    looks::{
        self,
        link::link,
        picture::{self, Kind},
        store,
    },
    platform::database,
};
use app::{
    audit::types::Action,
    brand::{
        colour::{Accent, Colour},
        mail::{dressed, with_logo},
        port::BrandPort,
        preview,
        types::{Editor, Fields, LINK_MAX, Look, NAME_MAX, Picture, Slot},
    },
    caller::Session,
    error::{AppError, FieldProblem, Problem},
    language::types::Language,
    message_templates::{
        defaults::{samples, written},
        types::Message,
    },
    validate::{Check, optional_line},
};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::ConnectionTrait;
use std::sync::Arc;

/// The brand.
pub struct Branding(pub Arc<Core>);

#[async_trait]
impl BrandPort for Branding {
    async fn editor(&self, admin: &Session) -> Result<Editor, AppError> {
        let (stored, draft) = self.typed(admin).await?;
        let draft = draft.filter(|draft| *draft != stored);
        let is_draft = draft.is_some();
        let fields = draft.unwrap_or(stored);
        let look = self.shown(&fields).await?;
        let version = looks::name_of(&format!("{look:?}"));
        Ok(Editor {
            problems: checked(&fields).err().map(problems_of).unwrap_or_default(),
            draft: is_draft,
            default_name: self.0.brand.default_name().to_owned(),
            version,
            pictures: look.pictures,
            // Whoever asks knows.
            confirmed: false,
            fields,
        })
    }

    async fn draft(&self, admin: &Session, fields: &Fields) -> Result<(), AppError> {
        Ok(store::put_draft(&self.0.db, admin.account_id, &cut(fields), self.0.clock.now()).await?)
    }

    async fn draft_readable(&self, admin: &Session, fields: &Fields) -> Result<(), AppError> {
        let mut fields = cut(fields);
        if let Some(Err(nearest)) = Colour::parse(&fields.accent).map(Accent::of) {
            fields.accent = nearest.to_string();
        }
        self.draft(admin, &fields).await
    }

    async fn discard(&self, admin: &Session) -> Result<(), AppError> {
        Ok(store::remove_draft(&self.0.db, admin.account_id).await?)
    }

    async fn preview(&self, admin: &Session, language: Language) -> Result<String, AppError> {
        let (stored, draft) = self.typed(admin).await?;
        let look = self.shown(&draft.unwrap_or(stored)).await?;
        let mut logos = [const { None }; 2];
        if let Some((light, dark)) = look.pictures.logos() {
            logos = [self.contents(light).await?, self.contents(dark).await?];
        }
        Ok(language.speak(|| preview::document(&look, &logos)))
    }

    async fn preview_mail(&self, admin: &Session, language: Language) -> Result<String, AppError> {
        let (stored, draft) = self.typed(admin).await?;
        let look = self.shown(&draft.unwrap_or(stored)).await?;
        let samples = samples(language, Message::PasswordReset, &look.name, self.0.public_url.as_str());
        let text = language.speak(|| written(Message::PasswordReset, samples));
        let html = dressed(&text, Message::PasswordReset, &look).unwrap_or(text).html;
        let with_logo = self.0.brand.logo().and_then(|logo| with_logo(&html, &logo.picture, &logo.address()));
        Ok(with_logo.unwrap_or(html))
    }

    async fn put_picture(&self, admin: &Session, slot: Slot, file: &[u8]) -> Result<(), AppError> {
        let problem = if slot == Slot::Icon { Problem::NotAnIcon } else { Problem::NotAPicture };
        let found = picture::read(file).filter(|found| file.len() <= picture::BYTES && found.fits(slot));
        let found = found.ok_or_else(|| AppError::field(slot.as_str(), problem))?;
        let data = STANDARD.encode(file);
        let name = format!("{}.{}", looks::name_of(&data), found.kind.ending());
        let picture = Picture { file: name, width: found.width, height: found.height };
        let (core, actor, key) = (&self.0, Actor::Session(admin), slot.as_str());
        let transaction = database::begin(&core.db).await?;
        let row = brand::Model { data: Some(data), ..row(core, actor, key, &looks::picture_text(&picture)) };
        store::put(&transaction, row).await?;
        audit::record(&transaction, core, Event::new(Action::BrandChanged, actor).with(key)).await?;
        database::commit(transaction).await?;
        Ok(looks::read(core).await?)
    }

    async fn remove_picture(&self, admin: &Session, slot: Slot) -> Result<(), AppError> {
        let (core, key) = (&self.0, slot.as_str());
        let transaction = database::begin(&core.db).await?;
        if store::remove(&transaction, key).await? {
            let event = Event::new(Action::BrandChanged, Actor::Session(admin)).with(key);
            audit::record(&transaction, core, event).await?;
        }
        database::commit(transaction).await?;
        Ok(looks::read(core).await?)
    }

    async fn save(&self, admin: &Session, fields: &Fields) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        put(&transaction, &self.0, Actor::Session(admin), fields).await?;
        store::remove_draft(&transaction, admin.account_id).await?;
        database::commit(transaction).await?;
        // The other servers see it within a second.
        Ok(looks::read(&self.0).await?)
    }
}

impl Branding {
    /// What is stored, and what the administrator has typed.
    async fn typed(&self, admin: &Session) -> Result<(Fields, Option<Fields>), Error> {
        let stored = looks::fields(&store::all(&self.0.db).await?);
        Ok((stored, store::draft(&self.0.db, admin.account_id).await?))
    }

    /// How fields would look with the pictures that are stored: those that cannot be used have their default.
    async fn shown(&self, fields: &Fields) -> Result<Look, Error> {
        let name = optional_line(&fields.name, NAME_MAX).unwrap_or_default();
        let pictures = looks::pictures(&store::all(&self.0.db).await?);
        Ok(looks::look(self.0.brand.default_name(), &Fields { name, ..fields.clone() }, pictures))
    }

    /// A picture as an address that holds it.
    async fn contents(&self, picture: &Picture) -> Result<Option<String>, Error> {
        for slot in Slot::ALL {
            let row = store::find(&self.0.db, slot.as_str()).await?;
            let row = row.filter(|row| row.value == looks::picture_text(picture));
            if let Some((kind, data)) = Kind::of_name(&picture.file).zip(row.and_then(|row| row.data)) {
                return Ok(Some(format!("data:{};base64,{data}", kind.media_type())));
            }
        }
        Ok(None)
    }
}

/// Stores the brand and records what is another one now.
///
/// # Errors
/// `Invalid` by field.
pub async fn put(db: &impl ConnectionTrait, core: &Core, actor: Actor<'_>, fields: &Fields) -> Result<(), AppError> {
    let wanted = checked(&cut(fields))?;
    let before = looks::fields(&store::all(db).await?);
    let mut changed = Vec::new();
    for ((key, value), (_, before)) in wanted.named().into_iter().zip(before.named()) {
        if value == before {
            continue;
        }
        changed.push(key);
        if value.is_empty() {
            store::remove(db, key).await?;
        } else {
            store::put(db, row(core, actor, key, value)).await?;
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let details = changed.join(", ");
    audit::record(db, core, Event::new(Action::BrandChanged, actor).with(&details)).await
}

fn row(core: &Core, actor: Actor<'_>, key: &str, value: &str) -> brand::Model {
    brand::Model {
        key: key.to_owned(),
        value: value.to_owned(),
        data: None,
        changed_at: core.clock.now(),
        changed_by: actor.name().unwrap_or_default().to_owned(),
    }
}

/// The fields as they are stored.
fn checked(fields: &Fields) -> Result<Fields, AppError> {
    let mut check = Check::default();
    let checked = Fields {
        name: check.take("name", optional_line(&fields.name, NAME_MAX)),
        accent: check.take("accent", accent(&fields.accent)),
        help: check.take("help", link(&fields.help)),
        legal: check.take("legal", link(&fields.legal)),
        privacy: check.take("privacy", link(&fields.privacy)),
    };
    check.done()?;
    Ok(checked)
}

fn accent(typed: &str) -> Result<String, Problem> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    let colour = Colour::parse(typed).ok_or(Problem::NotAColour)?;
    match Accent::of(colour) {
        Ok(_) => Ok(colour.to_string()),
        Err(nearest) => Err(Problem::LowContrast(nearest.to_string())),
    }
}

fn problems_of(error: AppError) -> Vec<FieldProblem> {
    match error {
        AppError::Invalid { fields, .. } => fields,
        _ => Vec::new(),
    }
}

/// What was typed, and not endlessly long.
fn cut(fields: &Fields) -> Fields {
    let mut cut = Fields::default();
    for (name, value) in fields.named() {
        if let Some(field) = cut.field(name) {
            *field = value.replace('\0', "").chars().take(LINK_MAX as usize + 1).collect();
        }
    }
    cut
}
