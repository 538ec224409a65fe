//! Queries about the words of messages, and what administrators are typing.

use crate::{
    entity::{
        message_template::{self, Column, Entity},
        stored::Stored,
        template_draft,
    },
    error::Error,
};
use app::{
    language::types::Language,
    message_templates::types::{Message, Parts},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

/// Seconds for which is kept what was typed and not saved.
pub const DRAFTS: i64 = 7 * 86_400;

/// What is stored for a message in a language.
pub async fn find(
    db: &impl ConnectionTrait,
    language: Language,
    message: Message,
) -> Result<Option<message_template::Model>, Error> {
    Ok(Entity::find_by_id((Stored(message), Stored(language))).one(db).await?)
}

/// What is stored for all of them in a language, or in all languages.
pub async fn all(db: &impl ConnectionTrait, language: Option<Language>) -> Result<Vec<message_template::Model>, Error> {
    let of = language.map(|language| Column::Language.eq(Stored(language)));
    Ok(Entity::find().filter(Condition::all().add_option(of)).all(db).await?)
}

/// Stores the words of a message in place of those of before.
pub async fn put(db: &impl ConnectionTrait, model: message_template::Model) -> Result<(), Error> {
    let kept = [Column::Subject, Column::Text, Column::Html, Column::ChangedAt, Column::ChangedBy];
    let again = OnConflict::columns([Column::Message, Column::Language]).update_columns(kept).to_owned();
    let insert = Entity::insert(message_template::ActiveModel::from(model).reset_all()).on_conflict(again);
    insert.exec_without_returning(db).await?;
    Ok(())
}

/// Removes the words of a message. Tells whether there were any.
pub async fn remove(db: &impl ConnectionTrait, language: Language, message: Message) -> Result<bool, Error> {
    let one = Entity::delete_by_id((Stored(message), Stored(language)));
    Ok(one.exec(db).await?.rows_affected == 1)
}

/// What an administrator typed last and did not save.
pub async fn draft(
    db: &impl ConnectionTrait,
    account: Uuid,
    language: Language,
    message: Message,
) -> Result<Option<Parts>, Error> {
    let found = template_draft::Entity::find_by_id((account, Stored(message), Stored(language))).one(db).await?;
    Ok(found.map(template_draft::Model::parts))
}

/// Keeps what an administrator has typed.
pub async fn put_draft(
    db: &impl ConnectionTrait,
    account: Uuid,
    (language, message): (Language, Message),
    parts: &Parts,
    at: i64,
) -> Result<(), Error> {
    use template_draft::Column;
    let Parts { subject, text, html } = parts.clone();
    let (message, language) = (Stored(message), Stored(language));
    let model = template_draft::Model { account_id: account, message, language, subject, text, html, at };
    let again = OnConflict::columns([Column::AccountId, Column::Message, Column::Language])
        .update_columns([Column::Subject, Column::Text, Column::Html, Column::At])
        .to_owned();
    let insert =
        template_draft::Entity::insert(template_draft::ActiveModel::from(model).reset_all()).on_conflict(again);
    insert.exec_without_returning(db).await?;
    Ok(())
}

/// Forgets what an administrator has typed.
pub async fn remove_draft(
    db: &impl ConnectionTrait,
    account: Uuid,
    language: Language,
    message: Message,
) -> Result<(), Error> {
    template_draft::Entity::delete_by_id((account, Stored(message), Stored(language))).exec(db).await?;
    Ok(())
}

/// Forgets what was typed before a time.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<(), Error> {
    template_draft::Entity::delete_many().filter(template_draft::Column::At.lt(before)).exec(db).await?;
    Ok(())
}
