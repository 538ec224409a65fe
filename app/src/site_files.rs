//! The built files of the site. Each has a hash of itself in its name, which the build writes down beside the program.

use leptos::config::LeptosOptions;
use std::{env, fs, sync::LazyLock};

/// The address of the style sheet (`css`), the script (`js`) or the WASM (`wasm`).
pub fn address(options: &LeptosOptions, kind: &str) -> String {
    let hash = options.hash_files.then(|| hash_of(kind)).flatten().map(|hash| format!("{hash}.")).unwrap_or_default();
    format!("/{}/{}.{hash}{kind}", options.site_pkg_dir, options.output_name)
}

/// The hash of one of them. They are read once: each page names all three.
fn hash_of(kind: &str) -> Option<&'static str> {
    static HASHES: LazyLock<Option<String>> = LazyLock::new(|| {
        let folder = env::current_exe().ok()?.parent()?.to_owned();
        fs::read_to_string(folder.join("hash.txt")).ok()
    });
    HASHES.as_ref()?.lines().find_map(|line| Some(line.strip_prefix(kind)?.strip_prefix(':')?.trim()))
}
