//! What the dashboard shows.

use crate::{audit::types::AuditEvent, delivery::types::MessageKind, error::DeliveryFailure};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many active accounts of an audience have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Active accounts.
    pub accounts: u32,
    /// Those of them with an entry.
    pub enrolled: u32,
}

impl Share {
    /// Whole percents, rounded down, so that 100 means everybody; nothing where there are no accounts.
    pub fn percent(self) -> Option<u32> {
        let percent = u64::from(self.enrolled.min(self.accounts)) * 100 / u64::from(self.accounts).max(1);
        (self.accounts > 0).then(|| u32::try_from(percent).unwrap_or(100))
    }
}

/// The shares of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Days since the first one that is shown.
    pub offset: u32,
    /// `YYYY-MM-DD`, UTC.
    pub date: String,
    /// Administrators.
    pub admins: Share,
    /// Customers.
    pub customers: Share,
}

/// A failed attempt of a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderFailure {
    /// When, UTC, `YYYY-MM-DD HH:MM`.
    pub time: String,
    /// Why, with the mail server's own answer; nothing where the message expired first.
    pub failure: Option<DeliveryFailure>,
}

/// That a provider is left alone for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when, UTC, `YYYY-MM-DD HH:MM`.
    pub since: String,
    /// When one message tries it again, same format.
    pub until: String,
}

/// How a service provider does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderHealth {
    /// The provider's id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Whether it sends text messages.
    pub texts: bool,
    /// Whether it may be used.
    pub active: bool,
    /// Whether it is left alone after failures in a row.
    pub paused: Option<Pause>,
    /// When it last took a message, UTC, `YYYY-MM-DD HH:MM`.
    pub last_success: Option<String>,
    /// When it last did not, and why.
    pub last_failure: Option<ProviderFailure>,
    /// Messages that it took in the last 24 hours.
    pub sent: u32,
    /// Messages that were given up in the last 24 hours.
    pub failed: u32,
}

/// A message that was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedDelivery {
    /// When, UTC, `YYYY-MM-DD HH:MM`.
    pub time: String,
    /// What it was about.
    pub kind: MessageKind,
    /// Where it should have gone, masked.
    pub to: String,
    /// The address by which the audit log knows the account.
    pub account: String,
    /// Why; nothing where it expired first.
    pub failure: Option<DeliveryFailure>,
}

/// What has to be done once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Registering a service provider.
    AddService,
    /// Offering it as a secondary auth.
    Offer,
    /// Allowing two-factor authentication for administrators.
    AllowAdmins,
    /// Allowing it for customers.
    AllowCustomers,
    /// Setting up the administrator's own entry.
    OwnFactor,
    /// Making the administrator's own recovery codes.
    RecoveryCodes,
    /// Requiring it of administrators.
    Require,
    /// Having a second administrator.
    SecondAdmin,
    /// Serving by https.
    Https,
}

impl Task {
    /// Whether it belongs to the first ones, without which no administrator has a second factor.
    pub const fn is_essential(self) -> bool {
        matches!(self, Self::AddService | Self::Offer | Self::AllowAdmins | Self::OwnFactor | Self::RecoveryCodes)
    }
}

/// A line of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What.
    pub task: Task,
    /// Whether it was done.
    pub done: bool,
}

/// How far the set-up is while one of its first tasks is left, for the pages that it leads through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// How many steps of the checklist were done.
    pub done: u32,
    /// How many there are.
    pub all: u32,
    /// What comes next.
    pub next: Task,
}

/// Everything that the dashboard shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// The checklist, in its order.
    pub steps: Vec<Step>,
    /// How many changes of others wait for the caller's approval.
    pub approvals: u32,
    /// The address that people type.
    pub public_url: String,
    /// Whether the site is reached from other machines without HTTPS.
    pub insecure: bool,
    /// Administrators now.
    pub admins: Share,
    /// Customers now.
    pub customers: Share,
    /// Both over time, oldest day first.
    pub days: Vec<Day>,
    /// The providers, by title.
    pub providers: Vec<ProviderHealth>,
    /// The newest messages that were given up.
    pub failed_deliveries: Vec<FailedDelivery>,
    /// The newest sign-ins that failed.
    pub failed_sign_ins: Vec<AuditEvent>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_percent_means_everybody() {
        let percent = |enrolled, accounts| Share { accounts, enrolled }.percent();
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 3), Some(0));
        assert_eq!(percent(1, 3), Some(33));
        assert_eq!(percent(999_999, 1_000_000), Some(99));
        assert_eq!(percent(7, 7), Some(100));
        assert_eq!(percent(u32::MAX, u32::MAX), Some(100));
    }
}
