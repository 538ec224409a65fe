//! Holds the dependencies to what is used: every crate that a Cargo.toml of ours names is named in its sources too.

use std::{fs, path::Path};

/// All Rust sources below a folder.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).expect("the sources are there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs") {
            all.push_str(&fs::read_to_string(&path).expect("readable"));
        }
    }
}

/// Whether a crate is named as the beginning of a path, or whole.
fn is_named(name: &str, text: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + name.len()..];
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
    })
}

#[test]
fn every_dependency_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seen = 0;
    for folder in ["app", "server", "frontend"] {
        let manifest = fs::read_to_string(root.join(folder).join("Cargo.toml")).expect("readable");
        let manifest: toml::Table = manifest.parse().expect("TOML");
        let mut text = String::new();
        sources(&root.join(folder), &mut text);
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let names = manifest.get(kind).and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys);
            for name in names.map(|name| name.replace('-', "_")) {
                seen += 1;
                assert!(is_named(&name, &text), "{folder}/Cargo.toml names {name}, which its sources do not");
            }
        }
    }
    assert!(seen > 60, "the dependencies were found");
    assert!(
        !is_named("serde", "serde_json::x") && !is_named("json", "serde_json::x") && is_named("serde", "use serde::X;")
    );
}
