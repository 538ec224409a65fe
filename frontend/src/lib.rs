//! Starts the interface in the browser.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page that the server rendered to life, as soon as the script has loaded the program.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    app::navigation::start();
}
