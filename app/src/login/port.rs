//! What the server does for signing in.

use super::types::Audience;
use crate::{
    caller::{Origin, Session, Token},
    challenge::port::Answer,
    error::AppError,
    passkey::types::PasskeyQuestion,
};
use async_trait::async_trait;

/// What a right password leads to.
pub struct LoggedIn {
    /// The new session's token.
    pub session: Token,
    /// The rotated trusted-device token, if this browser is trusted and has no newer one.
    pub trust: Option<Token>,
    /// By what this browser is known from now on, once the sign-in is complete.
    pub known: Option<Token>,
    /// Whether a verification code is still needed.
    pub code_needed: bool,
    /// Whether the person has to choose how to receive it first.
    pub choice_needed: bool,
    /// Whether a required second factor has to be set up first.
    pub enrollment_needed: bool,
}

/// What a right code leads to.
pub struct Verified {
    /// The new session's token.
    pub session: Token,
    /// The token of a newly trusted device.
    pub trust: Option<Token>,
    /// By what this browser is known from now on.
    pub known: Token,
}

/// What a browser sends that was asked for a passkey.
#[derive(Clone, Copy)]
pub struct PasskeyAnswer<'a> {
    /// What the key said, as JSON.
    pub answer: &'a str,
    /// The question, sealed as it came.
    pub question: &'a str,
}

/// Signing in and out.
#[async_trait]
pub trait LoginPort: Send + Sync {
    /// Checks the password and sends a code where the account has an entry. Ends the session that this browser had.
    ///
    /// # Errors
    /// `WrongLogin` for every kind of wrong, `Busy` under overload.
    async fn log_in(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
        password: &str,
        trust: Option<String>,
        old: Option<&Session>,
    ) -> Result<LoggedIn, AppError>;
    /// Checks the password together with a code of the account's authenticator app, also while the passwords of
    /// strangers have locked the account. Ends the session that this browser had.
    ///
    /// # Errors
    /// `Invalid` for what cannot be a code, `WrongLogin` for every kind of wrong, `Busy` under overload.
    async fn log_in_with_code(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
        password: &str,
        code: &str,
        old: Option<&Session>,
    ) -> Result<Verified, AppError>;
    /// Asks for a passkey of the account of an address, whether there is such an account or not.
    ///
    /// # Errors
    /// `TooManyTries` for the network; `NeedsHostName` where browsers allow no passkeys.
    async fn passkey_question(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
    ) -> Result<PasskeyQuestion, AppError>;
    /// The same as [`Self::log_in_with_code`] with the answer to such a question.
    ///
    /// # Errors
    /// `WrongLogin` for every kind of wrong, `Busy` under overload.
    async fn log_in_with_passkey(
        &self,
        origin: &Origin,
        audience: Audience,
        email_and_password: (&str, &str),
        given: PasskeyAnswer<'_>,
        old: Option<&Session>,
    ) -> Result<Verified, AppError>;
    /// Checks an answer and finishes the sign-in. With `trust`, this browser needs no code from then on.
    ///
    /// # Errors
    /// `Invalid` for what cannot be an answer; `Refused` with the reason.
    async fn verify(&self, session: &Session, answer: Answer<'_>, trust: bool) -> Result<Verified, AppError>;
    /// Ends a session on the server.
    async fn log_out(&self, session: &Session) -> Result<(), AppError>;
}
