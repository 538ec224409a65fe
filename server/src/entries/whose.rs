//! Whose rows a statement is about.

use crate::entity::enrollment;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

/// Whose rows a statement is about.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// Those of one account.
    Account(Uuid),
    /// Those of all accounts with an entry for a secondary auth, however many they are.
    EnrolledIn(Uuid),
}

impl From<Uuid> for Whose {
    fn from(account: Uuid) -> Self {
        Self::Account(account)
    }
}

impl Whose {
    /// Whether a column holds such an account.
    pub fn holds(self, column: impl ColumnTrait) -> Condition {
        Condition::all().add(match self {
            Self::Account(account) => column.eq(account),
            Self::EnrolledIn(auth) => column.in_subquery(
                enrollment::Entity::find()
                    .select_only()
                    .column(enrollment::Column::AccountId)
                    .filter(enrollment::Column::SecondaryAuthId.eq(auth))
                    .into_query(),
            ),
        })
    }
}
