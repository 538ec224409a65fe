//! Secondary auths as administrators see them.

use crate::services::types::Channel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondaryAuth {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: Channel,
    /// Its title, which people choose by.
    pub title: String,
    /// The provider's title.
    pub service: String,
    /// The titles of the providers that stand in for it, in their order.
    pub fallbacks: Vec<String>,
    /// Whether that provider is active.
    pub service_active: bool,
    /// How many accounts use it.
    pub enrolled: u32,
}

/// One that was deleted in the last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeletedSecondaryAuth {
    /// The id that it had, and gets again.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// The provider's title.
    pub service: String,
    /// How many entries it had.
    pub enrolled: u32,
    /// When it was deleted, UTC, `YYYY-MM-DD HH:MM`.
    pub at: String,
    /// The address of the administrator who did it.
    pub by: String,
}

/// A provider that can be offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceChoice {
    /// The provider's id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
}

/// The form with its choices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondaryAuthForm {
    /// The title.
    pub title: String,
    /// The chosen provider, if one is stored.
    pub service_id: Option<Uuid>,
    /// Providers to choose from.
    pub services: Vec<ServiceChoice>,
    /// The providers that stand in for it, in their order.
    pub fallback_ids: Vec<Uuid>,
    /// Providers that can stand in for others.
    pub fallbacks: Vec<ServiceChoice>,
    /// How many accounts use it.
    pub enrolled: u32,
}
