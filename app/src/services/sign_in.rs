//! How we sign in to a mail server.

use serde::{Deserialize, Serialize};

/// How we sign in to a mail server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// By user name and password, or not at all where there is no user name.
    #[default]
    Password,
    /// Microsoft 365, by a refresh token that the mailbox's owner consented to.
    Microsoft,
    /// Microsoft 365, as an application of its own (client credentials).
    MicrosoftApp,
    /// Google, by a refresh token.
    Google,
}

impl SignIn {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Password, Self::Microsoft, Self::MicrosoftApp, Self::Google];

    /// The name in forms and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Microsoft => "microsoft",
            Self::MicrosoftApp => "microsoft_app",
            Self::Google => "google",
        }
    }

    /// Whether a token takes the place of the password (OAuth 2.0).
    pub const fn by_token(self) -> bool {
        !matches!(self, Self::Password)
    }

    /// Whether a refresh token is what it is fetched by.
    pub const fn by_refresh_token(self) -> bool {
        matches!(self, Self::Microsoft | Self::Google)
    }

    /// Whether it needs nothing beside user name and password, as before there was a choice.
    pub fn is_password(&self) -> bool {
        *self == Self::Password
    }
}

impl std::str::FromStr for SignIn {
    type Err = ();

    /// Nothing is what there was before there was a choice.
    fn from_str(text: &str) -> Result<Self, ()> {
        if text.is_empty() {
            return Ok(Self::Password);
        }
        Self::ALL.into_iter().find(|way| way.as_str() == text).ok_or(())
    }
}
