//! Holds the texts that people read to `docs/words.md`, as far as a machine can.

#![cfg(feature = "ssr")]

mod texts;

use texts::sources;

/// Words that the guide replaces, and the keys that may keep them.
const REPLACED: [(&str, &[&str]); 13] = [
    ("somebody", &[]),
    ("anybody", &[]),
    ("nobody", &[]),
    ("whoever", &[]),
    ("tries", &[]),
    ("handed over", &[]),
    ("look into", &[]),
    ("ask for a new", &[]),
    ("with the password alone", &[]),
    ("quarter of an hour", &[]),
    ("log in", &["login.log_in"]),
    (
        "token",
        &[
            "sms.auth_token",
            // What OAuth calls it, to administrators.
            "services.sign_in_microsoft",
            "services.sign_in_google",
            "services.refresh_token",
            "services.token_url",
            // What Postmark calls it.
            "services.preset_postmark_user",
            "services.preset_postmark_password",
            "delivery_admin.token_unreachable",
            "delivery_admin.grant_refused",
            "delivery_admin.access_refused",
        ],
    ),
    ("nist", &[]),
];

fn english() -> Vec<(String, String)> {
    let found: Vec<_> = texts::of("en")
        .into_iter()
        .flat_map(|(key, forms)| forms.into_values().map(move |text| (key.clone(), text)))
        .collect();
    assert!(found.len() > 700, "{} texts were found", found.len());
    found
}

/// Whether a text has these words, and not only as parts of longer ones.
fn says(text: &str, words: &str) -> bool {
    let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(at, _)| {
        edge(text.get(..at).and_then(|before| before.chars().next_back()))
            && edge(text.get(at + words.len()..).and_then(|after| after.chars().next()))
    })
}

#[test]
fn every_text_keeps_to_the_words_of_the_guide() {
    let mut wrong = Vec::new();
    for (key, text) in english() {
        let low = text.to_lowercase();
        for (words, kept) in REPLACED {
            if says(&low, words) && !kept.contains(&key.as_str()) {
                wrong.push(format!("{key} says \"{words}\": {text}"));
            }
        }
        // What carries a message is a mail server; what people get is email.
        let mail = low.replace("mail server", "").replace("mail.example.org", "");
        if says(&mail, "mail") {
            wrong.push(format!("{key} says \"mail\": {text}"));
        }
        if text.contains(": {{ count }}") || text.contains('!') || text.contains("  ") {
            wrong.push(format!("{key} is no plain sentence: {text}"));
        }
    }
    assert!(wrong.is_empty(), "see docs/words.md:\n{}", wrong.join("\n"));
}

#[test]
fn every_text_is_used() {
    let all: String = sources().into_iter().map(|(_, source)| source).collect();
    // A setting's name is a key of its own, below which a macro finds title and description.
    let named = |key: &str| match *key.split('.').collect::<Vec<_>>() {
        [_, setting, _] => says(&all, setting),
        _ => says(&all, key),
    };
    let mut unused: Vec<_> = english().into_iter().map(|(key, _)| key).filter(|key| !named(key)).collect();
    unused.dedup();
    assert!(unused.is_empty(), "{unused:?}");
}
