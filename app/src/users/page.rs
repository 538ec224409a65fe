//! The pages of administrators' accounts.

use super::{details::AccountDetailsPage, help::HelpPage, list::AccountListPage};
use crate::{invitation::page::InvitePage, login::types::Audience};
use leptos::prelude::*;

/// All administrators.
#[component]
pub fn UsersPage() -> impl IntoView {
    view! { <AccountListPage audience=Audience::Admin /> }
}

/// One administrator: oneself, or somebody else.
#[component]
pub fn UserPage() -> impl IntoView {
    view! { <AccountDetailsPage audience=Audience::Admin /> }
}

/// Confirms an action on an administrator's account.
#[component]
pub fn UserHelpPage() -> impl IntoView {
    view! { <HelpPage audience=Audience::Admin /> }
}

/// Invites an administrator.
#[component]
pub fn InviteUserPage() -> impl IntoView {
    view! { <InvitePage audience=Audience::Admin /> }
}
