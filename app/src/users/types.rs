//! Accounts as administrators see them.

use super::{
    account::{AccountDetails, Tab},
    routes::list_path,
};
use crate::login::types::Audience;
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The person's name.
    #[default]
    Name,
    /// The address.
    Email,
    /// The last finished sign-in; never comes first.
    LastSignIn,
    /// When the account was created.
    Created,
}

impl Sort {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 4] = [Self::Name, Self::Email, Self::LastSignIn, Self::Created];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::LastSignIn => "last-sign-in",
            Self::Created => "created",
        }
    }

    /// Whether the first click sorts descending: the newest first.
    const fn begins_descending(self) -> bool {
        matches!(self, Self::LastSignIn | Self::Created)
    }
}

/// Which accounts a list shows, by their second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactorFilter {
    /// Every account.
    #[default]
    All,
    /// Those with an entry.
    Enrolled,
    /// Those without one.
    NotEnrolled,
    /// Those whose second factor is locked or switched off.
    Locked,
}

impl FactorFilter {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 4] = [Self::All, Self::Enrolled, Self::NotEnrolled, Self::Locked];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Enrolled => "enrolled",
            Self::NotEnrolled => "not-enrolled",
            Self::Locked => "locked",
        }
    }
}

/// The search, filter, order and page of a list, as the query string has them. Values that cannot be read are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// The search text: each word matches the beginning of a word.
    pub search: String,
    /// A [`FactorFilter`] by name.
    pub factor: String,
    /// A [`Sort`] by name.
    pub sort: String,
    /// `asc` or `desc`.
    pub order: String,
    /// The place after which the page begins.
    pub after: String,
    /// The place before which the page ends.
    pub before: String,
}

impl ListQuery {
    /// Reads it from an address.
    pub fn read(map: &ParamsMap) -> Self {
        let get = |name| map.get(name).unwrap_or_default();
        Self {
            search: get("search"),
            factor: get("factor"),
            sort: get("sort"),
            order: get("order"),
            after: get("after"),
            before: get("before"),
        }
    }

    /// Which accounts.
    pub fn factor(&self) -> FactorFilter {
        FactorFilter::ALL.into_iter().find(|filter| filter.as_str() == self.factor).unwrap_or_default()
    }

    /// Sorted by what.
    pub fn sort(&self) -> Sort {
        Sort::ALL.into_iter().find(|sort| sort.as_str() == self.sort).unwrap_or_default()
    }

    /// Whether the largest comes first.
    pub fn descending(&self) -> bool {
        match self.order.as_str() {
            "asc" => false,
            "desc" => true,
            _ => self.sort().begins_descending(),
        }
    }

    /// Whether it leaves accounts out.
    pub fn narrows(&self) -> bool {
        !self.search.trim().is_empty() || self.factor() != FactorFilter::All
    }

    /// The first page of the list sorted by this column; if it is sorted by it already, in the other direction.
    pub fn sorted_by(&self, sort: Sort) -> Self {
        let descending = if self.sort() == sort { !self.descending() } else { sort.begins_descending() };
        Self {
            sort: sort.as_str().to_owned(),
            order: if descending { "desc" } else { "asc" }.to_owned(),
            after: String::new(),
            before: String::new(),
            ..self.clone()
        }
    }

    /// The page that begins after a place.
    pub fn after(&self, place: &str) -> Self {
        Self { after: place.to_owned(), before: String::new(), ..self.clone() }
    }

    /// The page that ends before a place.
    pub fn before(&self, place: &str) -> Self {
        Self { before: place.to_owned(), after: String::new(), ..self.clone() }
    }

    /// Its address.
    pub fn href(&self, audience: Audience) -> String {
        let mut map = ParamsMap::new();
        for (name, value) in [
            ("search", &self.search),
            ("factor", &self.factor),
            ("sort", &self.sort),
            ("order", &self.order),
            ("after", &self.after),
            ("before", &self.before),
        ] {
            if !value.is_empty() {
                map.insert(name, value.clone());
            }
        }
        format!("{}{}", list_path(audience), map.to_query_string())
    }
}

/// The state of an account's second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactorState {
    /// There is an entry.
    Enrolled,
    /// There is none.
    NotEnrolled,
    /// Too many wrong codes locked it or switched it off.
    Locked,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account's id.
    pub id: Uuid,
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Its second factor.
    pub factor: FactorState,
    /// Whether it cannot sign in.
    pub disabled: bool,
    /// The last finished sign-in, UTC, `YYYY-MM-DD HH:MM`.
    pub last_sign_in: Option<String>,
    /// When it was created, same format.
    pub created: String,
}

/// How many accounts a list has; counted only as far as that is quick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    /// This many.
    Exactly(u32),
    /// More than this many.
    MoreThan(u32),
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountList {
    /// Its rows.
    pub rows: Vec<AccountRow>,
    /// How many accounts all pages have.
    pub total: Total,
    /// The place before which the previous page ends.
    pub previous: Option<String>,
    /// The place after which the next page begins.
    pub next: Option<String>,
}

/// What an administrator can do for, or against, someone's account. No one is demoted: an account's audience is
/// fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Help {
    /// Removes the second factor of someone who lost it.
    ResetFactor,
    /// Brings back an entry that was deleted in the last day.
    RestoreEntry,
    /// Opens the counters of wrong codes and wrong passwords.
    Unlock,
    /// Stops the account.
    Disable,
    /// Lets it sign in again.
    Enable,
    /// Ends all sessions, or one.
    EndSessions,
    /// Revokes all trusted devices, or one.
    RevokeDevices,
    /// Removes the account for good.
    Delete,
}

impl Help {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::ResetFactor,
        Self::RestoreEntry,
        Self::Unlock,
        Self::Disable,
        Self::Enable,
        Self::EndSessions,
        Self::RevokeDevices,
        Self::Delete,
    ];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ResetFactor => "reset-2fa",
            Self::RestoreEntry => "restore-entry",
            Self::Unlock => "unlock",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::EndSessions => "end-sessions",
            Self::RevokeDevices => "revoke-devices",
            Self::Delete => "delete",
        }
    }

    /// Whether the administrator's own factors have to be proved again first: whatever changes who can sign in.
    pub const fn needs_step_up(self) -> bool {
        !matches!(self, Self::EndSessions | Self::RevokeDevices)
    }

    /// On which page of an account it is offered.
    pub const fn tab(self) -> Tab {
        match self {
            Self::ResetFactor | Self::RestoreEntry | Self::RevokeDevices => Tab::TwoFactor,
            Self::Unlock | Self::Disable | Self::Enable | Self::EndSessions | Self::Delete => Tab::Details,
        }
    }

    /// Whether it makes sense for an account as it is.
    pub fn is_offered(self, account: &AccountDetails) -> bool {
        match self {
            Self::ResetFactor => !account.entries.is_empty() || account.switched_off,
            // Beside the entry that it is about.
            Self::RestoreEntry => false,
            Self::Unlock => account.wrong_codes > 0 || account.locked_until.is_some() || account.password_paused,
            Self::Disable => account.disabled_since.is_none(),
            Self::Enable => account.disabled_since.is_some(),
            Self::EndSessions => !account.sessions.is_empty(),
            Self::RevokeDevices => !account.devices.is_empty(),
            Self::Delete => true,
        }
    }
}

impl std::str::FromStr for Help {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|help| help.as_str() == text).ok_or(())
    }
}

/// Whom an action is about, for its confirmation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_from_its_address_and_written_back() {
        let mut map = ParamsMap::new();
        for (name, value) in [("search", "anna b&c"), ("factor", "locked"), ("sort", "created"), ("after", "x")] {
            map.insert(name, value.to_owned());
        }
        let query = ListQuery::read(&map);
        assert_eq!((query.factor(), query.sort(), query.descending()), (FactorFilter::Locked, Sort::Created, true));
        let turned = query.sorted_by(Sort::Created);
        assert!(!turned.descending() && turned.after.is_empty(), "sorting anew begins at the first page");
        let href = turned.href(Audience::Customer);
        assert!(href.starts_with("/admin/customers?") && href.contains("order=asc") && !href.contains("after"));
        assert!(href.contains("anna%20b%26c"), "{href}");
    }

    #[test]
    fn what_cannot_be_read_counts_as_not_asked_for() {
        let query =
            ListQuery { factor: "x".to_owned(), sort: "'".to_owned(), order: "up".to_owned(), ..ListQuery::default() };
        assert_eq!((query.factor(), query.sort(), query.descending()), (FactorFilter::All, Sort::Name, false));
        assert!(!query.narrows());
        assert_eq!(ListQuery::default().href(Audience::Admin), list_path(Audience::Admin));
    }
}
