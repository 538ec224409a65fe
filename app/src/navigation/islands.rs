//! The parts of a page that are alive by themselves. Each ends with the element that it stands in: its timers, its
//! listeners and its connections.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};
use std::cell::RefCell;

/// The element that Leptos puts around an island.
pub const TAG: &str = "leptos-island";

struct Home {
    /// What all islands belong to.
    root: Owner,
    /// Those that are alive, with what ends them.
    alive: Vec<(HtmlElement, Owner)>,
}

thread_local! {
    static HOME: RefCell<Option<Home>> = const { RefCell::new(None) };
}

/// Makes what all islands belong to.
pub fn start() {
    let root = Owner::current().unwrap_or_default();
    HOME.set(Some(Home { root, alive: Vec::new() }));
}

/// Ends the islands that have left the page, and brings those to life that have come.
pub fn hydrate() {
    let Ok(found) = document().query_selector_all(TAG) else { return };
    let found = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<HtmlElement>().ok());
    HOME.with_borrow_mut(|home| {
        let Some(Home { root, alive }) = home else { return };
        for (_, owner) in alive.extract_if(.., |(element, _)| !element.is_connected()) {
            owner.cleanup();
        }
        for element in found {
            if alive.iter().any(|(known, _)| *known == element) {
                continue;
            }
            let Some(name) = element.get_attribute("data-component") else { continue };
            let owner = root.child();
            owner.with(|| crate::islands::hydrate(&name, &element));
            alive.push((element, owner));
        }
    });
}
