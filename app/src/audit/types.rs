//! What can happen, and how the log is read.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Makes [`Action`] from one line an action.
macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What happened. The names are stored, so they stay as they are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Action {
            $($(#[$doc])* $variant,)*
        }

        impl Action {
            /// All actions.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the table and in addresses.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

actions! {
    /// Someone signed in, with all factors that were asked for.
    LoggedIn = "logged_in",
    /// The password was right and a code is asked for.
    PasswordAccepted = "password_accepted",
    /// A sign-in failed at the password.
    PasswordRefused = "password_refused",
    /// A verification code was sent, or could not be.
    CodeSent = "code_sent",
    /// A wrong verification code was entered.
    CodeRefused = "code_refused",
    /// Too many wrong codes locked the second factor.
    FactorLocked = "factor_locked",
    /// Too many wrong codes switched the second factor off.
    FactorDisabled = "factor_disabled",
    /// Someone signed out.
    LoggedOut = "logged_out",
    /// Someone confirmed their identity again.
    SteppedUp = "stepped_up",
    /// A secondary authentication entry was proved.
    EntryAdded = "entry_added",
    /// A secondary authentication entry was removed.
    EntryRemoved = "entry_removed",
    /// A secondary authentication entry that was deleted was brought back.
    EntryRestored = "entry_restored",
    /// Another entry became the preferred one.
    EntryPreferred = "entry_preferred",
    /// A new set of recovery codes was made.
    RecoveryCodesMade = "recovery_codes_made",
    /// A recovery code was used.
    RecoveryCodeUsed = "recovery_code_used",
    /// An administrator issued a one-time code for someone who is locked out.
    HelpdeskCodeIssued = "helpdesk_code_issued",
    /// Such a code was used.
    HelpdeskCodeUsed = "helpdesk_code_used",
    /// A browser became a trusted device.
    DeviceTrusted = "device_trusted",
    /// Trusted devices were revoked.
    DeviceRevoked = "device_revoked",
    /// Sessions were ended.
    SessionEnded = "session_ended",
    /// A password was changed by its owner.
    PasswordChanged = "password_changed",
    /// A link for a new password was asked for.
    PasswordResetAsked = "password_reset_asked",
    /// A new password was chosen by such a link.
    PasswordReset = "password_reset",
    /// The address of an account was changed.
    EmailChanged = "email_changed",
    /// A link for another address was asked for.
    EmailChangeAsked = "email_change_asked",
    /// Someone was invited, or an invitation was taken back.
    AccountInvited = "account_invited",
    /// An account was created.
    AccountCreated = "account_created",
    /// A customer registered.
    AccountRegistered = "account_registered",
    /// The name of an account was changed.
    AccountChanged = "account_changed",
    /// An account was disabled.
    AccountDisabled = "account_disabled",
    /// An account was removed for good.
    AccountDeleted = "account_deleted",
    /// An account was enabled again.
    AccountEnabled = "account_enabled",
    /// The counter of an account was opened.
    AccountUnlocked = "account_unlocked",
    /// The second factor of an account was reset.
    FactorReset = "factor_reset",
    /// A service provider was saved.
    ServiceSaved = "service_saved",
    /// A test message was sent through a service provider.
    ServiceTested = "service_tested",
    /// A service provider was activated or deactivated.
    ServiceSwitched = "service_switched",
    /// A service provider was deleted.
    ServiceDeleted = "service_deleted",
    /// A secondary auth was saved.
    SecondaryAuthSaved = "secondary_auth_saved",
    /// A secondary auth was deleted.
    SecondaryAuthDeleted = "secondary_auth_deleted",
    /// A secondary auth that was deleted was brought back.
    SecondaryAuthRestored = "secondary_auth_restored",
    /// Two-factor authentication was allowed or stopped for an audience.
    PolicyChanged = "policy_changed",
    /// A setting was changed.
    ConfigurationChanged = "configuration_changed",
    /// A change was asked for that needs a second administrator.
    ApprovalAsked = "approval_asked",
    /// Another administrator approved it, and it was made.
    ApprovalGiven = "approval_given",
    /// Another administrator declined it.
    ApprovalDeclined = "approval_declined",
    /// Who asked for it took it back.
    ApprovalWithdrawn = "approval_withdrawn",
    /// The password was right, and the sign-in ended without its code.
    SignInUnfinished = "sign_in_unfinished",
    /// The owner of an account said that what was done in its name was someone else.
    NotMe = "not_me",
    /// The words of a message were changed.
    TemplateSaved = "template_saved",
    /// A message got back the words that it came with.
    TemplateReset = "template_reset",
    /// A changed message was sent to the one who edits it.
    TemplateSent = "template_sent",
    /// The brand was changed.
    BrandChanged = "brand_changed",
    /// The audit log was exported.
    AuditExported = "audit_exported",
    /// The key that stored secrets are sealed with was rotated.
    KeyRotated = "key_rotated",
    /// It was replaced after its loss.
    KeyReplaced = "key_replaced",
    /// All of the database came from a backup.
    BackupRestored = "backup_restored",
}

impl std::str::FromStr for Action {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|a| a.as_str() == text).ok_or(())
    }
}

/// Whether it worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused or failed.
    Failure,
}

impl Outcome {
    /// The name in the table and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

impl std::str::FromStr for Outcome {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Success, Self::Failure].into_iter().find(|o| o.as_str() == text).ok_or(())
    }
}

/// The filter and page of the log, as text, as in the query string.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// The beginning of the address of an account that acted or was acted upon.
    pub account: String,
    /// An [`Action`] by name.
    pub action: String,
    /// An [`Outcome`] by name.
    pub outcome: String,
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day, `YYYY-MM-DD`.
    pub to: String,
    /// The event that the page comes after, further into the past.
    pub before: String,
    /// The event that the page comes before, towards the present.
    pub after: String,
}

impl AuditQuery {
    /// The filter's fields with their values.
    pub fn filter(&self) -> [(&'static str, &str); 5] {
        [
            ("account", &self.account),
            ("action", &self.action),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// Whether any filter is set.
    pub fn is_filtered(&self) -> bool {
        self.filter().iter().any(|(_, value)| !value.is_empty())
    }
}

/// An event as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Its id.
    pub id: Uuid,
    /// When, UTC, `YYYY-MM-DD HH:MM:SS`.
    pub time: String,
    /// An [`Action`] by name; one of a newer version is shown as it is.
    pub action: String,
    /// Who acted, where that is known.
    pub account: Option<String>,
    /// Whom or what it was about.
    pub subject: Option<String>,
    /// The client's address; none for the server's own doing.
    pub address: Option<String>,
    /// Whether it worked.
    pub succeeded: bool,
    /// More, in plain words.
    pub details: Option<String>,
}

/// A page of the log, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditList {
    /// The events.
    pub events: Vec<AuditEvent>,
    /// The event where newer ones begin, if there are any.
    pub newer: Option<Uuid>,
    /// The event where older ones begin, if there are any.
    pub older: Option<Uuid>,
}
