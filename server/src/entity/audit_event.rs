//! Who did what, to whom, when, from where, with what outcome.

use super::stored::Stored;
use app::audit::types::{Action, Outcome};
use sea_orm::entity::prelude::*;
use std::{convert::Infallible, fmt, str::FromStr};

/// What happened. An action that only a newer version knows keeps its name: nobody can change the log, and it has to stay
/// readable.
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub enum Recorded {
    /// One of this version.
    Known(Action),
    /// One of another version.
    Unknown(String),
}

impl Recorded {
    /// Its name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(action) => action.as_str(),
            Self::Unknown(name) => name,
        }
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Recorded {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(name.parse().map_or_else(|()| Self::Unknown(name.to_owned()), Self::Known))
    }
}

/// Who did what, to whom, when, from where, with what outcome.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    /// UUID v7, so that ids ascend with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub at: i64,
    /// What happened.
    pub action: Recorded,
    /// Whether it worked.
    pub outcome: Stored<Outcome>,
    /// The account that acted, where there was one.
    pub actor_id: Option<Uuid>,
    /// Its address at that time, or what acted in place of an account.
    pub actor: Option<String>,
    /// The account that it was done to, where it was one.
    pub subject_id: Option<Uuid>,
    /// Its address at that time, or the title of what was changed.
    pub subject: Option<String>,
    /// The client's address.
    pub address: Option<String>,
    /// More, in plain words and without secrets.
    pub details: Option<String>,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
