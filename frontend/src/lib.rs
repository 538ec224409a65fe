//! Starts the interface in the browser.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Brings the page that the server rendered to life. `site` is the script's own module.
#[wasm_bindgen]
pub fn start(site: JsValue) {
    console_error_panic_hook::set_once();
    app::navigation::start(site);
}
