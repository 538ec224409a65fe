//! Which settings there are, with their bounds and defaults.

use crate::policy::types::Readiness;
use serde::{Deserialize, Serialize};

/// What a setting's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// 0 is OFF and 1 is ON.
    Toggle,
    /// A plain number.
    Number,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
}

/// Makes [`Setting`] from one line a setting: name, key, unit, default and bounds.
macro_rules! settings {
    ($($(#[$doc:meta])* $variant:ident = $key:literal, $unit:ident, $default:literal, $min:literal..=$max:literal;)*) => {
        /// A named setting. The keys are stored, so they stay as they are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Setting {
            $($(#[$doc])* $variant,)*
        }

        impl Setting {
            /// All settings, in the order of the page.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the table, in forms and in files.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }

            /// What its number means.
            pub const fn unit(self) -> Unit {
                match self {
                    $(Self::$variant => Unit::$unit,)*
                }
            }

            /// The default value.
            pub const fn default(self) -> u32 {
                match self {
                    $(Self::$variant => $default,)*
                }
            }

            /// The smallest and the largest value.
            pub const fn bounds(self) -> (u32, u32) {
                match self {
                    $(Self::$variant => ($min, $max),)*
                }
            }
        }
    };
}

settings! {
    /// Whether every administrator must use two-factor authentication.
    RequireAdminTwoFactor = "require_admin_two_factor", Toggle, 0, 0..=1;
    /// Days until a trusted device expires; 0 turns trusting off.
    TrustedDeviceDays = "trusted_device_days", Days, 30, 0..=365;
    /// Days that an administrator has to set up a required second factor.
    GraceDays = "grace_days", Days, 0, 0..=30;
    /// How many devices an account may trust.
    TrustedDevices = "trusted_devices", Number, 20, 1..=20;
    /// Minutes that a verification code works (ASVS 6.5.5: at most ten).
    CodeMinutes = "code_minutes", Minutes, 10, 1..=10;
    /// Wrong tries of one verification code.
    CodeTries = "code_tries", Number, 5, 1..=5;
    /// Seconds before Send New Code.
    CoolDownSeconds = "cool_down_seconds", Seconds, 30, 15..=300;
    /// Consecutive failures that lock the second factor.
    LockFailures = "lock_failures", Number, 10, 5..=20;
    /// Minutes of the first lock; each further one is twice as long.
    LockMinutes = "lock_minutes", Minutes, 15, 5..=60;
    /// Consecutive failures that switch the second factor off (NIST SP 800-63B-4 section 3.2.2: at most 100).
    DisableFailures = "disable_failures", Number, 100, 20..=100;
    /// Minutes that a sign-in waits for its code; longer than a code works.
    WaitingMinutes = "waiting_minutes", Minutes, 15, 11..=60;
    /// Minutes without a request after which a session ends.
    IdleMinutes = "idle_minutes", Minutes, 60, 5..=480;
    /// Hours after which a session ends in any case.
    SessionHours = "session_hours", Hours, 24, 1..=168;
    /// Hours that an invitation works.
    InvitationHours = "invitation_hours", Hours, 72, 1..=336;
    /// Minutes that a link for a new password, a new address or a registration works.
    ResetMinutes = "reset_minutes", Minutes, 30, 10..=120;
    /// Minutes that a helpdesk code works.
    HelpdeskMinutes = "helpdesk_minutes", Minutes, 15, 5..=60;
    /// Whether administrators sign in by the password alone while none of their entries can be used.
    AdminsWithoutCode = "admins_without_code", Toggle, 0, 0..=1;
    /// The same for customers.
    CustomersWithoutCode = "customers_without_code", Toggle, 1, 0..=1;
    /// Whether a change that weakens protection waits for a second administrator.
    SecondApproval = "second_approval", Toggle, 0, 0..=1;
    /// Days that an event stays in the audit log.
    AuditDays = "audit_days", Days, 400, 30..=3650;
    /// Whether customers may register by themselves.
    SelfRegistration = "self_registration", Toggle, 0, 0..=1;
}

/// The headings that settings stand below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Who has to use a second factor, and what stands in for it.
    SecondFactor,
    /// Codes that are sent.
    Codes,
    /// What wrong codes lead to.
    WrongCodes,
    /// How long sign-ins and sessions last.
    Sessions,
    /// Links and codes that are good once.
    Links,
    /// What is done while no code can be sent.
    NoCode,
    /// What administrators and customers may do by themselves, and what is kept of it.
    Administration,
}

impl Group {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::SecondFactor,
        Self::Codes,
        Self::WrongCodes,
        Self::Sessions,
        Self::Links,
        Self::NoCode,
        Self::Administration,
    ];
}

impl Setting {
    /// The heading that it stands below.
    pub const fn group(self) -> Group {
        match self {
            Self::RequireAdminTwoFactor | Self::TrustedDeviceDays | Self::GraceDays | Self::TrustedDevices => {
                Group::SecondFactor
            }
            Self::CodeMinutes | Self::CodeTries | Self::CoolDownSeconds => Group::Codes,
            Self::LockFailures | Self::LockMinutes | Self::DisableFailures => Group::WrongCodes,
            Self::WaitingMinutes | Self::IdleMinutes | Self::SessionHours => Group::Sessions,
            Self::InvitationHours | Self::ResetMinutes | Self::HelpdeskMinutes => Group::Links,
            Self::AdminsWithoutCode | Self::CustomersWithoutCode => Group::NoCode,
            Self::SecondApproval | Self::AuditDays | Self::SelfRegistration => Group::Administration,
        }
    }

    /// Whether another value protects less, lets somebody in for longer, or keeps less of a trace.
    pub const fn weakens(self, before: u32, after: u32) -> bool {
        match self {
            Self::RequireAdminTwoFactor
            | Self::CoolDownSeconds
            | Self::LockMinutes
            | Self::SecondApproval
            | Self::AuditDays => after < before,
            Self::TrustedDeviceDays
            | Self::GraceDays
            | Self::TrustedDevices
            | Self::CodeMinutes
            | Self::CodeTries
            | Self::LockFailures
            | Self::DisableFailures
            | Self::WaitingMinutes
            | Self::IdleMinutes
            | Self::SessionHours
            | Self::InvitationHours
            | Self::ResetMinutes
            | Self::HelpdeskMinutes
            | Self::AdminsWithoutCode
            | Self::CustomersWithoutCode
            | Self::SelfRegistration => after > before,
        }
    }
}

impl std::str::FromStr for Setting {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|s| s.key() == text).ok_or(())
    }
}

/// A setting with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingValue {
    /// Which setting.
    pub setting: Setting,
    /// Its value, in its own unit.
    pub value: u32,
    /// When and by whom it was changed last.
    pub changed: Option<Change>,
}

/// The last change of a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The address of the administrator.
    pub by: String,
    /// When, UTC, `YYYY-MM-DD HH:MM`.
    pub at: String,
}

/// What the configuration page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// All settings.
    pub settings: Vec<SettingValue>,
    /// How ready the administrators are for the requirement.
    pub readiness: Readiness,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_within_its_bounds() {
        for setting in Setting::ALL {
            let (min, max) = setting.bounds();
            assert!((min..=max).contains(&setting.default()), "{}", setting.key());
        }
    }
}
