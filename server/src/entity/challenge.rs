//! A request for proof.

use super::stored::Stored;
use app::{challenge::types::Purpose, error::DeliveryFailure, services::types::Channel};
use sea_orm::entity::prelude::*;

/// A request for proof.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge")]
pub struct Model {
    /// The challenge's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who has to prove.
    pub account_id: Uuid,
    /// The session that asked; the code works nowhere else.
    pub session_id: Uuid,
    /// What the proof is for.
    pub purpose: Stored<Purpose>,
    /// Which secondary auth carries the code.
    pub secondary_auth_id: Uuid,
    /// The channel of that service provider.
    pub kind: Stored<Channel>,
    /// Where the code goes; a passkey's name.
    pub destination: Option<String>,
    /// Keyed hash of where a code goes, for limits over all accounts.
    pub destination_key: Option<String>,
    /// The client's address, for limits.
    pub address: String,
    /// Whether it was asked for by Send New Code.
    pub resend: bool,
    /// Keyed hash of the code that was sent and all that it is bound to.
    pub code_hash: Option<String>,
    /// Three letters that stand on the message.
    pub reference: Option<String>,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds.
    pub expires_at: i64,
    /// Why the message was not handed over.
    pub failure: Option<Stored<DeliveryFailure>>,
    /// Tries so far.
    pub tries: i32,
    /// Unix seconds of the one success.
    pub consumed_at: Option<i64>,
    /// The challenge that took its place.
    pub replaced_by: Option<Uuid>,
    /// What the answer is checked against where no code is sent, encrypted.
    pub secret: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
