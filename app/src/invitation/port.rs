//! What the server does for invitations.

use super::types::{Invited, Pending, Ready};
use crate::{
    caller::{Origin, Session},
    error::AppError,
    login::types::Audience,
};
use async_trait::async_trait;

/// Invitations. Callers are administrators, but for the two that a link is the authority for.
#[async_trait]
pub trait InvitationPort: Send + Sync {
    /// What the form rests on.
    async fn ready(&self) -> Result<Ready, AppError>;
    /// The invitations of an audience that no one has accepted yet.
    async fn pending(&self, audience: Audience) -> Result<Pending, AppError>;
    /// Sends an invitation. It replaces an older one for the same address.
    ///
    /// # Errors
    /// `Invalid` for `name` and `email`, `Refused` with `NoMail`.
    async fn invite(&self, admin: &Session, audience: Audience, name: &str, email: &str) -> Result<(), AppError>;
    /// Sends a pending invitation again, with a new link and a new lifetime.
    async fn send_again(&self, admin: &Session, audience: Audience, email: &str) -> Result<(), AppError>;
    /// Takes a pending invitation back: its link dies.
    async fn take_back(&self, admin: &Session, audience: Audience, email: &str) -> Result<(), AppError>;
    /// Who is invited by a link that can still be used.
    ///
    /// # Errors
    /// `LinkDead` when it was used, expired, was replaced, was taken back or never existed.
    async fn invited(&self, token: &str) -> Result<Invited, AppError>;
    /// Creates the invited account; the link dies with it. Tells its audience.
    ///
    /// # Errors
    /// `Invalid` for `password`, `LinkDead`.
    async fn accept(&self, origin: &Origin, token: &str, password: &str) -> Result<Audience, AppError>;
}
