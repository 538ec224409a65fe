//! The browser's history of pages.

use crate::login::types::Audience;
use leptos::{prelude::*, wasm_bindgen::JsValue, web_sys::Url};

/// What a page becomes in the history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A new entry.
    New,
    /// In place of the page that is left.
    Same,
    /// It has one: somebody went back or forward to it.
    Known,
}

/// What an address carries for one answer alone: the error of a form, with what was typed.
const ONCE: [&str; 2] = ["__path", "__err"];

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

/// The path of the page that stands.
pub fn here() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Notes that the page at `url` is shown now. After a form (`sent`) pages that are spent leave the history.
pub fn note(url: &Url, entry: Entry, sent: bool) {
    let Ok(history) = window().history() else { return };
    for name in ONCE {
        url.search_params().delete(name);
    }
    let now = window().location().href().unwrap_or_default();
    let to = url.href();
    let _ = match entry {
        Entry::Known => return,
        Entry::New if to != now && !(sent && is_spent(&here())) => {
            history.push_state_with_url(&JsValue::NULL, "", Some(&to))
        }
        Entry::New | Entry::Same => history.replace_state_with_url(&JsValue::NULL, "", Some(&to)),
    };
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
