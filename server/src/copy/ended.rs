//! What a restore ends. Since the backup each of it may have been ended, used up or revoked, and nobody can tell: so it
//! has to be asked for again. What no one could get back by themselves stays: methods, recovery codes, accounts.

use crate::{
    entity::{
        approval_request, challenge, delivery, half_sign_in,
        link::{self, LinkPurpose},
        recovery_code::{self, CodeKind},
        session, trusted_device,
    },
    error::Error,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// How much of it there was.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    /// Sessions, also those that waited for a code.
    pub sessions: u64,
    /// Devices that skip the second factor.
    pub trusted_devices: u64,
    /// Links in messages, among them invitations.
    pub links: u64,
    /// Requests for approval.
    pub requests: u64,
    /// Messages that waited to be sent.
    pub messages: u64,
}

impl Ended {
    /// How much of each, for the audit log and the command's output.
    pub fn summary(&self) -> String {
        let Self { sessions, trusted_devices, links, requests, messages } = self;
        format!(
            "ended: sessions {sessions}, trusted devices {trusted_devices}, links and invitations {links}, requests for \
             approval {requests}, messages that waited {messages}, and all codes that were sent"
        )
    }
}

/// Ends it. Challenges and messages stay as what is over: limits count the ones, and lists show the others.
pub async fn end(db: &impl ConnectionTrait, now: i64) -> Result<Ended, Error> {
    challenge::Entity::update_many()
        .col_expr(challenge::Column::ExpiresAt, Expr::value(now))
        .filter(challenge::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::ExpiresAt, Expr::value(now))
        .filter(recovery_code::Column::Kind.eq(CodeKind::Helpdesk))
        .filter(recovery_code::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    half_sign_in::Entity::delete_many().exec(db).await?;
    let messages = delivery::Entity::update_many()
        .col_expr(delivery::Column::ExpiresAt, Expr::value(now))
        .filter(delivery::Column::SentAt.is_null())
        .filter(delivery::Column::FailedAt.is_null())
        .filter(delivery::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    // A link that only stops things is no danger in whoever's hands.
    let links = link::Entity::delete_many().filter(link::Column::Purpose.ne(LinkPurpose::NotMe)).exec(db).await?;
    Ok(Ended {
        sessions: session::Entity::delete_many().exec(db).await?.rows_affected,
        trusted_devices: trusted_device::Entity::delete_many().exec(db).await?.rows_affected,
        links: links.rows_affected,
        requests: approval_request::Entity::delete_many().exec(db).await?.rows_affected,
        messages: messages.rows_affected,
    })
}
