//! Where people confirm their identity, and the page that they come back to.

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
