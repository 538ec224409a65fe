//! Every text that people read, in the language that is spoken. What the build script makes of `locales/` is a type for
//! each text; `tr!` is the way to it.

use crate::language::{Form, form_of, types::Language};
use std::{borrow::Cow, fmt::Display};

#[allow(missing_docs, non_camel_case_types, unused_imports, reason = "generated")]
mod generated {
    use super::{Entry, Form, say};
    use std::fmt::Display;

    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
pub use generated::*;

/// The element with the texts that a page brings along.
pub(crate) const ELEMENT: &str = "texts";

/// A text in all languages; in the browser's program in English alone.
pub(crate) struct Entry {
    key: &'static str,
    /// Its forms, by the number of the language.
    forms: &'static [&'static [(Form, &'static str)]],
}

/// A text in the language that is spoken, with its values.
pub(crate) fn say(entry: &Entry, count: Option<u32>, values: &[(&str, &dyn Display)]) -> String {
    let language = spoken();
    fill(&template(entry, language, count), language, count, values)
}

/// The form of a text for a count. One that is for zero goes with zero in every language, whatever its rules.
fn template(entry: &Entry, language: Language, count: Option<u32>) -> Cow<'static, str> {
    #[cfg(not(feature = "ssr"))]
    if let Some(text) = browser::template(entry.key, language, count) {
        return text.into();
    }
    let in_language = entry.forms.get(language as usize).copied().filter(|forms| !forms.is_empty());
    let (language, forms) = match in_language {
        Some(forms) => (language, forms),
        None => (Language::En, entry.forms[0]),
    };
    let named = |form| forms.iter().find(|(name, _)| *name == form).map(|(_, text)| *text);
    let counted =
        count.and_then(|count| named(Form::Zero).filter(|_| count == 0).or_else(|| named(form_of(language, count))));
    counted.or_else(|| named(Form::Other)).unwrap_or(entry.key).into()
}

/// Puts the values into their places, once: what looks like a place within a value is none.
fn fill(template: &str, language: Language, count: Option<u32>, values: &[(&str, &dyn Display)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{ ") {
        let Some((name, after)) = after.split_once(" }}") else { break };
        text.push_str(before);
        match (values.iter().find(|(known, _)| *known == name), count) {
            (Some((_, value)), _) => put(&mut text, &value.to_string(), language),
            (None, Some(count)) => text.push_str(&language.number(count)),
            (None, None) => {}
        }
        rest = after;
    }
    text + rest
}

/// Puts a value between words of a language. From right to left, an address or a phone number would fall apart; the
/// marks (Unicode's isolates) hold it together.
fn put(text: &mut String, value: &str, language: Language) {
    if language.dir() == "ltr" || value.chars().all(char::is_alphanumeric) {
        text.push_str(value);
    } else {
        text.extend(['\u{2068}']);
        text.push_str(value);
        text.extend(['\u{2069}']);
    }
}

#[cfg(feature = "ssr")]
mod server {
    use super::Language;
    use leptos::prelude::use_context;
    use std::cell::Cell;

    thread_local! {
        static SPOKEN: Cell<Option<Language>> = const { Cell::new(None) };
    }

    /// Whose language it was before.
    struct Before(Option<Language>);

    impl Drop for Before {
        fn drop(&mut self) {
            SPOKEN.set(self.0);
        }
    }

    impl Language {
        /// Writes something in this language, whatever that of the page is: the message to somebody.
        pub fn speak<T>(self, write: impl FnOnce() -> T) -> T {
            let _before = Before(SPOKEN.replace(Some(self)));
            write()
        }

        /// Its texts that a page may have to say later, as JSON. English has none: it is in the browser's program.
        pub fn in_browser(self) -> Option<&'static str> {
            (self != Self::En).then(|| super::generated::IN_BROWSER[self as usize])
        }
    }

    /// The language of the message that is being written, or else of the page; English where there is neither.
    pub fn spoken() -> Language {
        SPOKEN.get().or_else(use_context).unwrap_or_default()
    }
}
#[cfg(feature = "ssr")]
pub use server::spoken;

#[cfg(not(feature = "ssr"))]
mod browser {
    use super::{Form, Language, form_of};
    use js_sys::{JSON, Reflect};
    use leptos::{prelude::document, wasm_bindgen::JsValue};
    use std::cell::RefCell;

    thread_local! {
        /// The texts that a page brought along, with their language.
        static TEXTS: RefCell<(Language, JsValue)> = const { RefCell::new((Language::En, JsValue::UNDEFINED)) };
    }

    /// The language of the page.
    pub fn spoken() -> Language {
        let html = document().document_element();
        html.and_then(|html| html.get_attribute("lang")?.parse().ok()).unwrap_or_default()
    }

    /// A text of those that the page brought along.
    pub fn template(key: &str, language: Language, count: Option<u32>) -> Option<String> {
        if language == Language::En {
            return None;
        }
        let text = Reflect::get(&texts(language)?, &key.into()).ok()?;
        let Some(count) = count.filter(|_| text.is_object()) else { return text.as_string() };
        let zero = (count == 0).then_some(Form::Zero);
        let forms = [zero, Some(form_of(language, count)), Some(Form::Other)];
        let mut found = forms.into_iter().flatten().map(|form| Reflect::get(&text, &form.as_str().into()));
        found.find_map(|text| text.ok()?.as_string())
    }

    fn texts(language: Language) -> Option<JsValue> {
        TEXTS.with_borrow_mut(|(known, texts)| {
            if *known != language {
                let json = document().get_element_by_id(super::ELEMENT)?.text_content()?;
                (*known, *texts) = (language, JSON::parse(&json).ok()?);
            }
            Some(texts.clone())
        })
    }
}
#[cfg(not(feature = "ssr"))]
pub use browser::spoken;

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once_and_hold_together_from_right_to_left() {
        let values: &[(&str, &dyn Display)] = &[("a", &"{{ b }}"), ("b", &"+44 7400")];
        let said = |language| fill("x {{ a }} {{ b }} {{ count }} {{", language, Some(1_200), values);
        assert_eq!(said(Language::En), "x {{ b }} +44 7400 1,200 {{");
        assert_eq!(said(Language::Ar), "x \u{2068}{{ b }}\u{2069} \u{2068}+44 7400\u{2069} 1,200 {{");
    }

    #[test]
    fn a_count_chooses_the_form_and_zero_its_own() {
        const ALL: &[(Form, &str)] = &[(Form::Zero, "none"), (Form::One, "one"), (Form::Other, "{{ count }}")];
        static ENTRY: Entry = Entry { key: "k", forms: &[ALL, &[], &[], &[(Form::One, "un"), (Form::Other, "plus")]] };
        let said = |language: Language, count| language.speak(|| say(&ENTRY, Some(count), &[]));
        assert_eq!([0, 1, 2].map(|count| said(Language::En, count)), ["none", "one", "2"]);
        assert_eq!([0, 1, 2].map(|count| said(Language::Fr, count)), ["un", "un", "plus"]);
        assert_eq!(said(Language::De, 0), "none", "what is not translated is said in English");
    }

    #[test]
    fn a_message_speaks_for_itself_only() {
        let before = spoken();
        let within = Language::De.speak(|| (spoken(), Language::Ar.speak(spoken), spoken()));
        assert_eq!(within, (Language::De, Language::Ar, Language::De));
        assert_eq!(spoken(), before);
    }
}
