//! The pages of customers.

use crate::{
    invitation::page::InvitePage,
    login::types::Audience,
    users::{details::AccountDetailsPage, help::HelpPage, list::AccountListPage},
};
use leptos::prelude::*;

/// All customers.
#[component]
pub fn CustomersPage() -> impl IntoView {
    view! { <AccountListPage audience=Audience::Customer /> }
}

/// One customer.
#[component]
pub fn CustomerPage() -> impl IntoView {
    view! { <AccountDetailsPage audience=Audience::Customer /> }
}

/// Confirms an action on a customer's account.
#[component]
pub fn CustomerHelpPage() -> impl IntoView {
    view! { <HelpPage audience=Audience::Customer /> }
}

/// Invites a customer.
#[component]
pub fn InviteCustomerPage() -> impl IntoView {
    view! { <InvitePage audience=Audience::Customer /> }
}
