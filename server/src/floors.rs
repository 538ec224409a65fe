//! Holds the floors of the house: a room imports what stands on a lower floor, or before it on its own. So no two rooms
//! import each other, and a reader finds what a room rests on below it.

use std::{collections::BTreeMap, fs, path::Path};

/// The rooms, floor by floor from the ground, on each floor in the order in which they may import each other.
const FLOORS: [(&str, &[&str]); 6] = [
    ("ground", &["error", "entity", "migration", "platform", "providers", "core"]),
    (
        "what everybody reads",
        &["audit", "rules", "accounts", "offers", "entries", "sessions", "channel", "links", "templates", "looks"],
    ),
    ("proofs and messages", &["outbox", "challenge", "requests"]),
    (
        "features",
        &[
            "tidy",
            "keys",
            "copy",
            "seed",
            "begun",
            "audit_export",
            "delivery",
            "devices",
            "login",
            "step_up",
            "recovery",
            "enrollment",
            "services",
            "secondary_auth",
            "policy",
            "configuration",
            "account",
            "password",
            "not_me",
            "message_templates",
            "brand",
            "registration",
            "invitation",
            "users",
            "approvals",
            "dashboard",
            "config_file",
        ],
    ),
    ("the web", &["http"]),
    ("start-up", &["ports", "doctor", "demo", "cli", "main", "lib"]),
];

/// (importing room, imported room, why).
const EXCEPTIONS: [(&str, &str, &str); 1] = [(
    "migration",
    "accounts",
    "accounts of before get the words that they are found by, and their bits, made by the one rule for them",
)];

fn place(room: &str) -> Option<usize> {
    FLOORS.iter().flat_map(|(_, rooms)| rooms.iter()).position(|known| *known == room)
}

/// The sources of a folder, without tests.
pub fn sources(folder: &Path, found: &mut BTreeMap<String, String>, root: &Path) {
    for entry in fs::read_dir(folder).expect("the sources are there").flatten() {
        let path = entry.path();
        let name = path.strip_prefix(root).expect("within").display().to_string();
        if name.contains("tests")
            || name.starts_with("testing")
            || ["floors.rs", "dependencies.rs", "returning.rs"].contains(&name.as_str())
        {
            continue;
        }
        if path.is_dir() {
            sources(&path, found, root);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).expect("readable");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            found.insert(name, code);
        }
    }
}

/// The rooms that a source names after `crate::`, also within braces.
fn imported(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(tree) = rest.strip_prefix('{') {
            let (mut depth, mut start) = (0, true);
            for (at, c) in tree.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && depth == 0 && c.is_ascii_lowercase() => {
                        rooms.push(word(&tree[at..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            rooms.push(word(rest));
        }
    }
    rooms
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn imports_go_down_the_floors_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = BTreeMap::new();
    sources(&root, &mut all, &root);
    assert!(all.len() > 100, "the sources were found");
    let mut wrong = Vec::new();
    for (file, code) in &all {
        let room = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let Some(here) = place(room) else {
            wrong.push(format!("{file}: {room} has no floor"));
            continue;
        };
        for other in imported(code) {
            // Lower-case words that are no room are macros and functions of the crate's root.
            let Some(there) = place(&other) else { continue };
            let excepted = EXCEPTIONS.iter().any(|(from, to, _)| *from == room && *to == other);
            if there > here && !excepted {
                wrong.push(format!("{file} imports {other}, which stands above {room}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
