//! What a page needs to ask for a passkey.

use serde::{Deserialize, Serialize};

/// The longest name of a passkey, in characters.
pub const NAME_MAX: u32 = 50;

/// Where a question is asked for before the password is known to be right. The browser has no server functions.
pub const QUESTION: &str = "/api/login/passkey_question";
/// Where its answer goes.
pub const SIGN_IN: &str = "/api/login/log_in_with_passkey";

/// A question for a key, on its way through the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    /// The options of the browser's call, as JSON.
    pub options: String,
    /// Where browsers allow the passkeys of this site.
    pub origin: String,
}

/// A question that is asked before the password is known to be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyQuestion {
    /// The options of the browser's call, as JSON.
    pub options: String,
    /// Where browsers allow the passkeys of this site.
    pub origin: String,
    /// What the answer is checked against, sealed.
    pub question: String,
}

/// What the key is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Ask {
    /// To make a new credential.
    Register,
    /// To prove one that it made before.
    Use,
    /// The same, of the account whose address the form says.
    SignIn,
}

impl Ask {
    /// What goes by this name where it is serialised.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "Register" => Some(Self::Register),
            "Use" => Some(Self::Use),
            "SignIn" => Some(Self::SignIn),
            _ => None,
        }
    }
}

/// Why the browser gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It has no passkeys, or too old ones.
    Unsupported,
    /// The page was opened at another address than the one they belong to.
    Elsewhere,
    /// Whoever was asked said no, did nothing for too long, or has no such key at hand.
    Cancelled,
    /// The key is registered already.
    Known,
    /// Anything else.
    Failed,
}

impl Trouble {
    /// The trouble that a browser reports under this name (WebAuthn §5.1.3 and §5.1.4).
    pub fn named(name: &str) -> Self {
        match name {
            "NotAllowedError" | "AbortError" => Self::Cancelled,
            "InvalidStateError" => Self::Known,
            "SecurityError" => Self::Elsewhere,
            "NotSupportedError" | "ConstraintError" => Self::Unsupported,
            _ => Self::Failed,
        }
    }
}
