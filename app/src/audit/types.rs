//! What can happen.

use serde::{Deserialize, Serialize};

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
    /// Somebody signed in, with all factors that were asked for.
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
    /// Somebody signed out.
    LoggedOut = "logged_out",
    /// Somebody confirmed their identity again.
    SteppedUp = "stepped_up",
    /// A secondary authentication entry was proved.
    EntryAdded = "entry_added",
    /// A secondary authentication entry was removed.
    EntryRemoved = "entry_removed",
    /// Another entry became the preferred one.
    EntryPreferred = "entry_preferred",
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
    /// Somebody was invited, or an invitation was taken back.
    AccountInvited = "account_invited",
    /// An account was created.
    AccountCreated = "account_created",
    /// A customer registered.
    AccountRegistered = "account_registered",
    /// The name of an account was changed.
    AccountChanged = "account_changed",
    /// An account was disabled.
    AccountDisabled = "account_disabled",
    /// An account was enabled again.
    AccountEnabled = "account_enabled",
    /// The counter of an account was opened.
    AccountUnlocked = "account_unlocked",
    /// The second factor of an account was reset.
    FactorReset = "factor_reset",
    /// A service provider was saved.
    ServiceSaved = "service_saved",
    /// A service provider was activated or deactivated.
    ServiceSwitched = "service_switched",
    /// A service provider was deleted.
    ServiceDeleted = "service_deleted",
    /// A secondary auth was saved.
    SecondaryAuthSaved = "secondary_auth_saved",
    /// A secondary auth was deleted.
    SecondaryAuthDeleted = "secondary_auth_deleted",
    /// Two-factor authentication was allowed or stopped for an audience.
    PolicyChanged = "policy_changed",
    /// A setting was changed.
    ConfigurationChanged = "configuration_changed",
    /// The audit log was exported.
    AuditExported = "audit_exported",
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
