//! Where people confirm their identity, and the page that they come back to.

use super::ASKED;
use super::page::{ConfirmCodePage, ConfirmMethodsPage, ConfirmPage};
use crate::{login::types::Audience, ui::route::Page};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    location::Url,
    path,
};

/// The longest path to come back to.
const WAY_BACK_MAX: usize = 500;

impl Audience {
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
}

/// The confirm page of an audience, with the path to come back to.
pub fn confirm_link(audience: Audience, to: &str) -> String {
    with_way_back(audience.confirm_path(), audience, to)
}

/// The confirm page for what the form of a page asks of an endpoint. It leads back to that page, which is told by its
/// whole address, and the endpoint is named there. None for the confirm pages themselves.
pub fn asked_link(page: &str, endpoint: &str) -> Option<String> {
    let page = page.split_once("://").map_or(page, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let page = page.split('#').next().unwrap_or_default();
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let audience = if path.starts_with(Audience::Admin.home_path()) { Audience::Admin } else { Audience::Customer };
    if path.starts_with(audience.confirm_path()) {
        return None;
    }
    // What the page said about something before is over: failures, and what was done or asked for.
    let over = |pair: &str| pair.starts_with("__") || pair.starts_with("done=") || pair.starts_with("asked=");
    let kept: String =
        query.split('&').filter(|pair| !pair.is_empty() && !over(pair)).map(|p| format!("{p}&")).collect();
    Some(confirm_link(audience, &format!("{path}?{kept}{ASKED}={endpoint}")))
}

/// The page that was left, without what was asked for there.
pub fn without_asked(to: &str) -> &str {
    to.split_once("asked=").map_or(to, |(before, _)| before.trim_end_matches(['?', '&']))
}

/// One of the confirm pages with the path to come back to.
pub fn with_way_back(page: &str, audience: Audience, to: &str) -> String {
    format!("{page}?to={}", Url::escape(&way_back(audience, to)))
}

/// The path to come back to: a page of the same audience, or else its home (ASVS 3.7.2).
pub fn way_back(audience: Audience, to: &str) -> String {
    let path = to.split('?').next().unwrap_or_default();
    let within = path.strip_prefix(audience.home_path()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // Nothing that a browser could read as another host or climb out with: no `//`, `..`, `\`, `%` or control
    // character.
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    let query = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if within && plain && query && !path.contains("//") && !path.contains("..") && to.len() <= WAY_BACK_MAX {
        to.to_owned()
    } else {
        audience.home_path().to_owned()
    }
}

/// The pages within a customer's account.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/confirm") view=|| view! { <ConfirmPage audience=Audience::Customer /> } />
        <Page path=path!("/confirm/code") view=|| view! { <ConfirmCodePage audience=Audience::Customer /> } />
        <Page path=path!("/confirm/methods") view=|| view! { <ConfirmMethodsPage audience=Audience::Customer /> } />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/profile/confirm") view=|| view! { <ConfirmPage audience=Audience::Admin /> } />
        <Page path=path!("/profile/confirm/code") view=|| view! { <ConfirmCodePage audience=Audience::Admin /> } />
        <Page path=path!("/profile/confirm/methods") view=|| view! { <ConfirmMethodsPage audience=Audience::Admin /> } />
    }
    .into_inner()
    .into_any_nested_route()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_comes_back_to_the_page_it_was_asked_on() {
        let asked = |page: &str| asked_link(page, "policy/set_allowed");
        for (page, audience, back) in [
            ("https://id.example.org/admin/x", Audience::Admin, "/admin/x?asked=policy/set_allowed"),
            ("https://id.example.org/admin/x?q=2fa#row", Audience::Admin, "/admin/x?q=2fa&asked=policy/set_allowed"),
            ("/admin/x?done=saved&__path=a&__err=b&asked=c", Audience::Admin, "/admin/x?asked=policy/set_allowed"),
            ("/account/two-factor", Audience::Customer, "/account/two-factor?asked=policy/set_allowed"),
            ("https://id.example.org", Audience::Customer, "/account"),
        ] {
            assert_eq!(asked(page), Some(confirm_link(audience, back)), "{page}");
        }
        assert_eq!(asked("https://id.example.org/admin/profile/confirm?to=%2Fadmin"), None);
        assert_eq!(without_asked("/admin/x?q=2fa&asked=policy/set_allowed"), "/admin/x?q=2fa");
        assert_eq!(without_asked("/admin/x?asked=policy/set_allowed"), "/admin/x");
        assert_eq!(without_asked("/admin/x?q=2fa"), "/admin/x?q=2fa");
    }

    #[test]
    fn the_way_back_stays_on_the_site_and_with_its_audience() {
        for to in ["/account", "/account/", "/account/two-factor/verify", "/account/security?done=saved&x=%20"] {
            assert_eq!(way_back(Audience::Customer, to), to);
        }
        for to in [
            "",
            "/",
            "/admin",
            "/accounting",
            "//evil.example",
            "/account//evil.example",
            "/account/..//evil.example",
            "/account/%2e%2e/admin",
            "/account\\..\\evil",
            "/account/a?b\r\nSet-Cookie: x=y",
            "https://evil.example/account",
            "javascript:alert(1)",
            "account",
        ] {
            assert_eq!(way_back(Audience::Customer, to), "/account", "{to:?}");
        }
        assert_eq!(way_back(Audience::Admin, "/account/security"), "/admin");
        assert_eq!(way_back(Audience::Admin, &format!("/admin/{}", "x".repeat(500))), "/admin");
    }
}
