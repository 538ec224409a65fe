//! Where a finished form leads in the browser.

use crate::login::types::Audience;
use leptos::{prelude::*, server_fn::redirect::set_redirect_hook};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Whether a page has nothing more to say once its form is done, so that Back leads past it.
fn is_spent(path: &str) -> bool {
    let own = |audience: Audience| {
        [audience.login_path(), audience.confirm_path(), audience.verify_path()]
            .iter()
            .any(|page| path.starts_with(page))
    };
    let within = Audience::ALL.iter().any(|audience| path.starts_with(audience.home_path()));
    let question = ["/off", "/delete", "/deactivate"].iter().any(|end| path.ends_with(end))
        || ["/forbid/", "/delete/"].iter().any(|part| path.contains(part));
    !within || question || Audience::ALL.into_iter().any(own)
}

/// The router's navigation, once it is there.
type Way = StoredValue<Option<Box<dyn Fn(&str)>>, LocalStorage>;

/// Leads on after a form as the router would, but takes pages that are spent out of the history. To be called before
/// the router, which leads on by itself otherwise.
pub fn lead_on() -> Option<Way> {
    // The server renders many pages, and answers with redirects of its own.
    if cfg!(feature = "ssr") {
        return None;
    }
    let way: Way = StoredValue::new_local(None);
    let hook = move |to: &str| {
        way.with_value(|way| {
            if let Some(way) = way {
                way(to);
            }
        });
    };
    // There is one interface in a browser, so there is no other hook yet.
    let _ = set_redirect_hook(hook);
    Some(way)
}

/// Gives the navigation of the router around it to [`lead_on`].
#[component]
pub fn LeadOn(
    /// What `lead_on` answered.
    way: Option<Way>,
) -> impl IntoView {
    if let Some(way) = way {
        let navigate = use_navigate();
        way.set_value(Some(Box::new(move |to: &str| {
            let replace = window().location().pathname().is_ok_and(|path| is_spent(&path));
            let (navigate, to) = (navigate.clone(), to.to_owned());
            // A moment later, so that the action is done before its page goes.
            request_animation_frame(move || navigate(&to, NavigateOptions { replace, ..NavigateOptions::default() }));
        })));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_are_spent_are_known() {
        for path in
            ["/login", "/login/code", "/admin/login/methods", "/account/confirm/code", "/register/x", "/setup/x"]
        {
            assert!(is_spent(path), "{path}");
        }
        for path in ["/account/two-factor/verify", "/account/two-factor/delete/x", "/admin/x/services/y/delete"] {
            assert!(is_spent(path), "{path}");
        }
        for path in ["/account", "/account/two-factor", "/admin/settings/setup/configuration", "/admin/customers/x"] {
            assert!(!is_spent(path), "{path}");
        }
    }
}
