//! Turns `locales/*.json` into the `i18n` module, so that a missing key does not compile.

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use std::{env, error::Error, fs, path::PathBuf};

// Parser and generator are what the library's macro is made of. Its crate for build scripts puts ICU's data sets around
// them, which nothing here needs and which take minutes to compile: decision 3.
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("i18n");
    // Strings are rendered outside views too (messages, attributes, titles).
    let options = ParseOptions::default().interpolate_display(true);
    let locales = parse_locales(None, Config::new("en")?.parse_options(options))?;
    for warning in locales.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    for file in locales.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={file}");
    }
    fs::create_dir_all(&out)?;
    fs::write(out.join("mod.rs"), gen_code(&locales, None, false, None, false)?.to_string())?;
    Ok(())
}
