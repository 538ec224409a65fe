//! Policies as administrators see them.

use crate::{error::Obstacle, login::types::Audience, services::types::Channel};
use serde::{Deserialize, Serialize};

/// The policy of an audience.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Whose policy.
    pub audience: Audience,
    /// Whether its accounts may use two-factor authentication.
    pub allowed: bool,
    /// How many of its accounts have an entry.
    pub enrolled: u32,
    /// The channels that its accounts may not use.
    pub forbidden: Vec<Channel>,
}

/// Whom forbidding a channel concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concerned {
    /// How many accounts use it.
    pub accounts: u32,
    /// How many of them have no other entry that works.
    pub alone: u32,
}

/// What the Services Manager shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServicesManager {
    /// How many service providers are active.
    pub active_services: u32,
    /// How many secondary auths can be used.
    pub usable_secondary_auths: u32,
    /// One policy an audience, administrators first.
    pub policies: Vec<Policy>,
}

/// How ready the administrators are for a required second factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Readiness {
    /// How many active administrators have no entry that works.
    pub missing: u32,
    /// The first of them, by name.
    pub people: Vec<Person>,
    /// Why it cannot be required by the administrator who asks.
    pub obstacle: Option<Obstacle>,
}

/// An account by its name and address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}
