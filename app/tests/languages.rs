//! That every language says everything, and no page says anything by itself.

#![cfg(feature = "ssr")]

mod texts;

use app::language::types::Language;
use std::collections::BTreeSet;

/// The forms that a language needs where a count chooses (CLDR). "many" of Spanish, French and Portuguese is for
/// millions, and falls back on "other".
const fn needed(language: Language) -> &'static [&'static str] {
    match language {
        Language::En | Language::De | Language::Es | Language::Fr | Language::Pt => &["one", "other"],
        Language::Ja => &["other"],
        Language::Ar => &["zero", "one", "two", "few", "many", "other"],
    }
}

fn others() -> impl Iterator<Item = Language> {
    Language::ALL.into_iter().filter(|language| *language != Language::En)
}

/// The names in the braces, and what is no place for a value though it looks like one.
fn places(text: &str) -> Result<BTreeSet<&str>, &str> {
    text.split("{{").skip(1).map(|rest| rest.split_once("}}").map_or(rest, |(name, _)| name)).try_fold(
        BTreeSet::new(),
        |mut places, name| {
            let inner = name.strip_prefix(' ').and_then(|name| name.strip_suffix(' '));
            let inner = inner.filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            places.insert(inner.ok_or(name)?);
            Ok(places)
        },
    )
}

#[test]
fn every_language_has_every_text_and_no_other() {
    let english: BTreeSet<_> = texts::of("en").into_keys().collect();
    for language in others() {
        let keys: BTreeSet<_> = texts::of(language.as_str()).into_keys().collect();
        let missing: Vec<_> = english.difference(&keys).collect();
        let unused: Vec<_> = keys.difference(&english).collect();
        assert!(missing.is_empty() && unused.is_empty(), "{language:?} lacks {missing:?} and has {unused:?} besides");
    }
}

#[test]
fn every_count_has_the_forms_of_its_language() {
    let english = texts::of("en");
    let mut wrong = Vec::new();
    for language in Language::ALL {
        for (key, forms) in texts::of(language.as_str()) {
            let Some(first) = english.get(&key) else { continue };
            let counts = !first.contains_key("text");
            if counts == forms.contains_key("text") {
                wrong.push(format!("{key} in {language:?} counts, or does not, other than in English"));
            }
            if !counts {
                continue;
            }
            for form in needed(language).iter().filter(|form| !forms.contains_key(**form)) {
                wrong.push(format!("{key} in {language:?} has no form \"{form}\""));
            }
            if first.contains_key("zero") && !forms.contains_key("zero") {
                wrong.push(format!("{key} in {language:?} has no words of its own for zero"));
            }
            // In these, "one" is for zero as well.
            let one = forms.get("one").map(String::as_str).unwrap_or_default();
            let says_one = one.split(|c: char| !c.is_alphanumeric()).any(|word| word == "1");
            if matches!(language, Language::Fr | Language::Pt) && !forms.contains_key("zero") && says_one {
                wrong.push(format!("{key} in {language:?} says one of zero: {one}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_text_is_empty_or_loses_a_value() {
    let english = texts::of("en");
    let mut wrong = Vec::new();
    for language in Language::ALL {
        for (key, forms) in texts::of(language.as_str()) {
            let Some(first) = english.get(&key).and_then(|forms| forms.values().last()) else { continue };
            let wanted = places(first);
            for (form, text) in &forms {
                if text.trim() != text || text.is_empty() || text.contains("  ") {
                    wrong.push(format!("{key} ({form}) in {language:?} is empty or has spaces to spare: {text:?}"));
                }
                let without_count = |places: Result<BTreeSet<&str>, &str>| {
                    places
                        .map(|places| {
                            places
                                .into_iter()
                                .filter(|name| form == "text" || *name != "count")
                                .map(str::to_owned)
                                .collect::<BTreeSet<_>>()
                        })
                        .map_err(str::to_owned)
                };
                if without_count(places(text)) != without_count(wanted.clone()) || places(text).is_err() {
                    wrong.push(format!("{key} ({form}) in {language:?} has other values than in English: {text}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_brings_the_texts_of_its_islands_along() {
    for language in Language::ALL {
        let said = |key: &str| texts::of(language.as_str())[key].values().next_back().cloned().expect("a form");
        let Some(json) = language.in_browser() else {
            assert_eq!(language, Language::En);
            continue;
        };
        assert!(json.len() < 6_000 && !json.contains('<'), "{language:?}: {} bytes", json.len());
        let found: serde_json::Value = serde_json::from_str(json).expect("JSON");
        for key in ["frame.idle", "configuration.not_saved", "passkey.cancelled"] {
            assert_eq!(found[key], said(key), "{key} in {language:?}: the order of build.rs may be another");
        }
        assert_eq!(found["challenge.resend_in"]["other"], texts::of(language.as_str())["challenge.resend_in"]["other"]);
    }
}

/// Attributes that people read or hear.
const READ: [&str; 7] = ["aria-label", "aria-description", "title", "placeholder", "alt", "label", "lead"];

/// Whether it is a tag that ends here, and no arrow or comparison.
fn ends_a_tag(before: &str) -> bool {
    let Some(inner) = before.strip_suffix('>') else { return false };
    let line = inner.rsplit('\n').next().unwrap_or_default();
    !inner.ends_with(['=', '-']) && (line.trim().is_empty() || !line.ends_with(' '))
}

/// The texts of a source that stand in a view by themselves, with their lines.
fn literals(source: &str) -> Vec<(usize, &str)> {
    let source = source.split("\n#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut line_start = 0;
    for (number, line) in source.split_inclusive('\n').enumerate() {
        let start = line_start;
        line_start += line.len();
        if line.trim_start().starts_with("//") {
            continue;
        }
        let mut from = 0;
        while let Some(open) = line[from..].find('"').map(|at| at + from) {
            let length = line[open + 1..].find('"').unwrap_or(line.len() - open - 1);
            let (text, before) = (&line[open + 1..open + 1 + length], source[..start + open].trim_end());
            from = (open + length + 2).min(line.len());
            let attribute =
                before.strip_suffix('=').map(|b| b.rsplit([' ', '\n', '(', ',']).next().unwrap_or_default());
            let in_view =
                ends_a_tag(before) || before.ends_with('}') || attribute.is_some_and(|name| READ.contains(&name));
            if in_view && text.chars().any(char::is_alphabetic) {
                found.push((number + 1, text));
            }
        }
    }
    found
}

#[test]
fn no_view_says_anything_by_itself() {
    let shown = "<p>\"Hello\"</p>\n<a title=\"Go\">{x} \"more\"</a>";
    assert_eq!(literals(shown), [(1, "Hello"), (2, "Go"), (2, "more")]);
    let hidden =
        "<p class=\"a\">\" · \"</p>\n// <p>\"x\"</p>\nSome(x) => \"a\",\nif x > \"a\" {}\nlet title = tr!(a.b);";
    assert_eq!(literals(hidden), []);
    let mut wrong = Vec::new();
    for (path, source) in texts::sources() {
        wrong.extend(literals(&source).into_iter().map(|(line, text)| format!("{}:{line}: {text}", path.display())));
    }
    assert!(wrong.is_empty(), "these belong into locales/:\n{}", wrong.join("\n"));
}
