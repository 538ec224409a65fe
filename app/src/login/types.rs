//! Who signs in.

use serde::{Deserialize, Serialize};

/// Which half of the house an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Runs the organisation's console.
    Admin,
    /// Uses the account pages.
    Customer,
}

impl Audience {
    /// Both audiences, in the order of the pages.
    pub const ALL: [Self; 2] = [Self::Admin, Self::Customer];

    /// The name in addresses, tables and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Customer => "customer",
        }
    }

    /// Where this audience signs in.
    pub const fn login_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login",
            Self::Customer => "/login",
        }
    }

    /// Where this audience asks for a new password.
    pub const fn forgot_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/forgot",
            Self::Customer => "/login/forgot",
        }
    }

    /// Where this audience enters its verification code.
    pub const fn code_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/code",
            Self::Customer => "/login/code",
        }
    }

    /// Where this audience chooses another method for its verification code.
    pub const fn methods_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/methods",
            Self::Customer => "/login/methods",
        }
    }

    /// Where this audience enters a recovery code in place of its verification code.
    pub const fn recovery_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/recovery",
            Self::Customer => "/login/recovery",
        }
    }

    /// Where this audience arrives after signing in.
    pub const fn home_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin",
            Self::Customer => "/account",
        }
    }

    /// Where this audience manages its own second factor.
    pub const fn two_factor_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/security",
            Self::Customer => "/account/two-factor",
        }
    }

    /// Where this audience looks after its own security.
    pub const fn security_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/security",
            Self::Customer => "/account/security",
        }
    }

    /// Where this audience changes its own address.
    pub const fn email_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/email",
            Self::Customer => "/account/email",
        }
    }

    /// Where this audience confirms its identity.
    pub const fn confirm_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/confirm",
            Self::Customer => "/account/confirm",
        }
    }

    /// Where it enters the code for that.
    pub const fn confirm_code_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/confirm/code",
            Self::Customer => "/account/confirm/code",
        }
    }

    /// Where it chooses another method for that.
    pub const fn confirm_methods_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/confirm/methods",
            Self::Customer => "/account/confirm/methods",
        }
    }

    /// Where it enters a recovery code in place of that.
    pub const fn confirm_recovery_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/confirm/recovery",
            Self::Customer => "/account/confirm/recovery",
        }
    }

    /// Where this audience makes and sees its recovery codes.
    pub const fn recovery_codes_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/security/recovery-codes",
            Self::Customer => "/account/two-factor/recovery-codes",
        }
    }

    /// Where this audience proves a new entry.
    pub const fn verify_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/security/verify",
            Self::Customer => "/account/two-factor/verify",
        }
    }
}

impl std::str::FromStr for Audience {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|a| a.as_str() == text).ok_or(())
    }
}
