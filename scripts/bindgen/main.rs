//! Writes the script that starts the WASM in browsers: bindgen WASM NAME FOLDER
//!
//! It does what the program `wasm-bindgen` does with the options that the build needs. As a part of this workspace it has
//! the version of the library that the WASM was compiled with, to the last digit, and compiles in a third of the time.

use std::{env, process::ExitCode};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let Ok([wasm, name, folder]) = <[String; 3]>::try_from(env::args().skip(1).collect::<Vec<_>>()) else {
        eprintln!("usage: bindgen WASM NAME FOLDER");
        return ExitCode::FAILURE;
    };
    let mut bindgen = Bindgen::new();
    // Leptos names the WASM file when it starts the script, so that the script need not know a path of its own.
    bindgen.input_path(wasm).out_name(&name).typescript(false).omit_default_module_path(true);
    match bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
