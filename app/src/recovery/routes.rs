//! Where recovery codes are entered, made and issued.

use super::{
    enter::{ConfirmRecoveryPage, LoginRecoveryPage},
    helpdesk::HelpdeskPage,
    page::RecoveryCodesPage,
};
use crate::{login::types::Audience, ui::route::Page, users::routes::list_path};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

impl Audience {
    /// Where this audience enters a recovery code in place of its verification code.
    pub const fn recovery_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/recovery",
            Self::Customer => "/login/recovery",
        }
    }

    /// Where it enters a recovery code to confirm its identity.
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
}

/// The page that issues a helpdesk code for an account.
pub fn helpdesk_path(audience: Audience, id: &str) -> String {
    format!("{}/{id}/helpdesk-code", list_path(audience))
}

/// The pages before signing in.
#[component(transparent)]
pub fn EntryRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/login/recovery") view=|| view! { <LoginRecoveryPage audience=Audience::Customer /> } />
        <Page path=path!("/admin/login/recovery") view=|| view! { <LoginRecoveryPage audience=Audience::Admin /> } />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages within a customer's account.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/confirm/recovery") view=|| view! { <ConfirmRecoveryPage audience=Audience::Customer /> } />
        <Page path=path!("/two-factor/recovery-codes") view=|| view! { <RecoveryCodesPage audience=Audience::Customer /> } />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/profile/confirm/recovery") view=|| view! { <ConfirmRecoveryPage audience=Audience::Admin /> } />
        <Page path=path!("/profile/security/recovery-codes") view=|| view! { <RecoveryCodesPage audience=Audience::Admin /> } />
        <Page path=path!("/settings/setup/users/:id/helpdesk-code") view=|| view! { <HelpdeskPage audience=Audience::Admin /> } />
        <Page path=path!("/customers/:id/helpdesk-code") view=|| view! { <HelpdeskPage audience=Audience::Customer /> } />
    }
    .into_inner()
    .into_any_nested_route()
}
