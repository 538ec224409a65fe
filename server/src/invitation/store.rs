//! Queries about invitations, which are links of that purpose.

use crate::{
    entity::{
        email_key::EmailKey,
        link::{self, LinkPurpose},
        stored::Stored,
    },
    error::Error,
};
use app::login::types::Audience;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

fn living(audience: Audience, now: i64) -> Condition {
    Condition::all()
        .add(link::Column::Purpose.eq(LinkPurpose::Invitation))
        .add(link::Column::Audience.eq(Stored(audience)))
        .add(link::Column::UsedAt.is_null())
        .add(link::Column::ExpiresAt.gt(now))
}

/// The newest invitations of an audience that can still be accepted.
pub async fn newest(
    db: &impl ConnectionTrait,
    audience: Audience,
    now: i64,
    limit: u64,
) -> Result<Vec<link::Model>, Error> {
    Ok(link::Entity::find()
        .filter(living(audience, now))
        .order_by_desc(link::Column::CreatedAt)
        .order_by_asc(link::Column::Email)
        .limit(limit)
        .all(db)
        .await?)
}

/// The invitation for an address that can still be accepted.
pub async fn of_address(
    db: &impl ConnectionTrait,
    audience: Audience,
    email: &EmailKey,
    now: i64,
) -> Result<Option<link::Model>, Error> {
    Ok(link::Entity::find()
        .filter(living(audience, now))
        .filter(link::Column::Email.eq(email.as_str()))
        .one(db)
        .await?)
}
