//! Recovery codes as the account's owner sees them.

use serde::{Deserialize, Serialize};

/// How many codes a set has.
pub const SET: u32 = 10;
/// So few codes left are worth a warning.
pub const FEW: u32 = 3;
/// The letters of a code: Crockford's base32, which has no letter that looks like a digit.
pub const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many letters a code has; at five bits each they make 80 bits.
pub const LENGTH: usize = 16;
/// How many letters stand together.
const GROUP: usize = 4;

/// The recovery codes of the caller's own account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// How many can still be used.
    pub left: u32,
    /// The codes that were made a moment ago; they are shown once.
    pub fresh: Vec<String>,
    /// The day that it is, UTC, `YYYY-MM-DD`.
    pub day: String,
}

/// Issuing a helpdesk code for someone.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Helpdesk {
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Minutes that a code works.
    pub minutes: u32,
    /// The code that was issued a moment ago; it is shown once.
    pub code: Option<String>,
}

/// Without the code.
impl std::fmt::Debug for Helpdesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Helpdesk").field("email", &self.email).finish_non_exhaustive()
    }
}

/// A code in groups, as people read and type it.
pub fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(GROUP).map(String::from_iter).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_groups_of_four() {
        assert_eq!(in_groups("0123456789ABCDEF"), "0123-4567-89AB-CDEF");
    }
}
