//! Moves from page to page without loading each anew. Links and forms ask the server as the browser itself would, and
//! what differs on the page that comes back is taken over into the one that stands; where that cannot be, the browser
//! does what it does without JavaScript. Pages are made by the server alone, so there is one way to make them: decision
//! 36. It runs in browsers only.

mod code;
mod fields;
mod focus;
mod history;
mod intention;
mod islands;
mod listen;
mod morph;
mod times;
mod visit;

pub use visit::{LEAVING, VISITED, load_again};

use leptos::prelude::*;

/// Brings the page to life.
pub fn start() {
    leptos::mount::hydrate_islands();
    islands::start();
    times::localise(&document());
    islands::hydrate();
    listen::start();
    // For browser tests of what needs JavaScript, and for what is shown with it only.
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-alive", "");
    }
}
