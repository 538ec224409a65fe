//! The template engine: it fills named values into a text, under conditions or without, and can do nothing else. It has no
//! filters, functions, tests, globals, files or other templates, no loops and no variables of its own; a name that is not
//! given is an error; and it stops after so many steps.

use app::{
    language::types::Language,
    message_templates::types::{HTML_MAX, Parts},
};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Steps of a rendering; the longest message that came with us takes less than a hundred.
const FUEL: u64 = 10_000;
/// The only tags. What loops and sets could make a message of any length, and others switch the escaping off.
const TAGS: [&str; 4] = ["if", "elif", "else", "endif"];
/// How deep its parts may be nested.
const DEPTH: usize = 30;
/// The longest result, in bytes.
const LONGEST: usize = 16 * HTML_MAX as usize;

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The subject line.
    Subject,
    /// The plain form.
    Text,
    /// The HTML form, in which values are escaped.
    Html,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Subject, Self::Text, Self::Html];

    /// The name of its field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "text",
            Self::Html => "html",
        }
    }

    /// Its template.
    pub fn of(self, parts: &Parts) -> &str {
        match self {
            Self::Subject => &parts.subject,
            Self::Text => &parts.text,
            Self::Html => &parts.html,
        }
    }
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be read, in this line.
    Syntax(u32),
    /// It names what there is not.
    Unknown(String),
    /// It cannot be filled in.
    Failed,
}

/// A message's template that was read.
pub struct Compiled {
    environment: Environment<'static>,
    parts: Parts,
}

impl Compiled {
    /// Reads the parts of a message. `names` are what may stand in them.
    ///
    /// # Errors
    /// The first trouble of each part that has one.
    pub fn read(parts: &Parts, names: &[&str]) -> Result<Self, Vec<(Part, Trouble)>> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            if name == Part::Html.as_str() { AutoEscape::Html } else { AutoEscape::None }
        });
        environment.set_recursion_limit(DEPTH);
        environment.set_fuel(Some(FUEL));
        let mut troubles = Vec::new();
        for part in Part::ALL {
            if let Some(line) = other_tag(part.of(parts)) {
                troubles.push((part, Trouble::Syntax(line)));
                continue;
            }
            let read = environment.add_template_owned(part.as_str(), part.of(parts).to_owned());
            if let Err(error) = read.and_then(|()| known(&environment, part, names)) {
                troubles.push((part, trouble(&error)));
            }
        }
        if troubles.is_empty() { Ok(Self { environment, parts: parts.clone() }) } else { Err(troubles) }
    }

    /// Fills in a part.
    ///
    /// # Errors
    /// What is wrong with it. A subject of several lines is: it would add lines to the head of the message.
    pub fn fill_in(&self, part: Part, values: &[(&'static str, String)]) -> Result<String, Trouble> {
        let values = Value::from_pairs(values.iter().map(|(name, value)| (*name, value.as_str())));
        let filled = self.environment.get_template(part.as_str()).and_then(|template| template.render(values));
        let mut filled = filled.map_err(|error| trouble(&error))?;
        // The engine takes the last line break away.
        if part.of(&self.parts).ends_with('\n') {
            filled.push('\n');
        }
        let broken = part == Part::Subject && filled.chars().any(char::is_control);
        if broken || filled.len() > LONGEST { Err(Trouble::Failed) } else { Ok(filled) }
    }
}

/// The line of the first tag that is none of ours, wherever it stands.
fn other_tag(template: &str) -> Option<u32> {
    let mut tags = template.match_indices("{%").map(|(at, _)| at);
    let other = tags.find(|at| {
        let rest = template[at + 2..].trim_start_matches(['-', '+']).trim_start();
        let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        !TAGS.contains(&word.as_str())
    })?;
    let before = template[..other].bytes().filter(|byte| *byte == b'\n').count();
    u32::try_from(before + 1).ok()
}

/// Refuses names that are not given, also where nothing would look at them now.
fn known(environment: &Environment<'_>, part: Part, names: &[&str]) -> Result<(), Error> {
    let named = environment.get_template(part.as_str())?.undeclared_variables(false);
    let mut unknown: Vec<_> = named.into_iter().filter(|name| !names.contains(&name.as_str())).collect();
    unknown.sort();
    match unknown.into_iter().next() {
        Some(name) => Err(Error::new(ErrorKind::UndefinedError, name)),
        None => Ok(()),
    }
}

fn trouble(error: &Error) -> Trouble {
    match (error.kind(), error.detail()) {
        (ErrorKind::SyntaxError | ErrorKind::BadEscape, _) => {
            Trouble::Syntax(error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1))
        }
        (ErrorKind::UndefinedError, Some(name)) => Trouble::Unknown(name.to_owned()),
        _ => Trouble::Failed,
    }
}

/// The templates that were read last, so that each is read once and not for each message.
#[derive(Default)]
pub struct Templates(Mutex<HashMap<Key, Arc<Compiled>>>);

/// A message, and its language.
type Key = (&'static str, Language);

impl Templates {
    /// The template of a message, read before or now. What is stored may have changed on another server.
    ///
    /// # Errors
    /// As [`Compiled::read`].
    pub fn get(&self, message: Key, parts: &Parts, names: &[&str]) -> Result<Arc<Compiled>, Vec<(Part, Trouble)>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiled) = known.get(&message).filter(|compiled| compiled.parts == *parts) {
            return Ok(compiled.clone());
        }
        let compiled = Arc::new(Compiled::read(parts, names)?);
        known.insert(message, compiled.clone());
        Ok(compiled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["name", "link"];

    fn parts(subject: &str, text: &str, html: &str) -> Parts {
        Parts { subject: subject.to_owned(), text: text.to_owned(), html: html.to_owned() }
    }

    fn filled(part: Part, template: &str, name: &str) -> Result<String, Trouble> {
        let compiled =
            Compiled::read(&parts(template, template, template), NAMES).map_err(|mut all| all.remove(0).1)?;
        compiled.fill_in(part, &[("name", name.to_owned()), ("link", "https://x.example/?a=1&b=2".to_owned())])
    }

    #[test]
    fn values_are_escaped_in_html_alone() {
        let name = "<b>Eve</b> & \"co\"";
        assert_eq!(filled(Part::Text, "Hello {{ name }}", name), Ok(format!("Hello {name}")));
        let html = filled(Part::Html, "<p title=\"{{ name }}\">{{ name }}</p>", name).expect("filled in");
        assert!(!html.contains("<b>") && html.matches("&lt;b&gt;").count() == 2 && !html.contains("\"co"), "{html}");
        assert_eq!(
            filled(Part::Html, "{{ '{{' }} {{ link }}", ""),
            Ok("{{ https:&#x2f;&#x2f;x.example&#x2f;?a=1&amp;b=2".to_owned())
        );
        // What a value says is never read as a template.
        assert_eq!(filled(Part::Text, "{{ name }}", "{{ link }}{% if %}"), Ok("{{ link }}{% if %}".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(filled(Part::Text, "one\ntwo {{ name", ""), Err(Trouble::Syntax(2)));
        assert_eq!(filled(Part::Text, "one\n\n{% if name %}", ""), Err(Trouble::Syntax(3)));
        assert_eq!(filled(Part::Text, "{{ password }}", ""), Err(Trouble::Unknown("password".to_owned())));
        assert_eq!(
            filled(Part::Text, "{% if false %}{{ secret }}{% endif %}", ""),
            Err(Trouble::Unknown("secret".to_owned()))
        );
    }

    #[test]
    fn it_reaches_nothing_but_its_values_and_comes_to_an_end() {
        for template in [
            "{% include 'text' %}",
            "{% extends 'text' %}",
            "{% import 'text' as t %}",
            "{{ name|safe }}",
            "{{ name|upper }}",
            "{{ name.upper() }}",
            "{{ range(9) }}",
            "{{ debug() }}",
            "{{ name.__class__ }}",
            "{% autoescape false %}{{ name }}{% endautoescape %}",
            "{%- set name = name ~ name %}",
            "{%+ with name = 1 %}{% endwith %}",
            "{% raw %}{% endraw %}",
        ] {
            assert!(filled(Part::Text, template, "x").is_err(), "{template} was filled in");
        }
        let endless = "{% for i in [1,2,3] %}{% for j in [1,2,3] %}x{% endfor %}{% endfor %}";
        assert_eq!(filled(Part::Text, &format!("one\n{endless}"), ""), Err(Trouble::Syntax(2)));
        assert!(filled(Part::Text, "{{ 'x' * 90000000 }}", "").is_err(), "a message of 90 MB");
    }

    #[test]
    fn nothing_adds_a_line_to_a_subject() {
        assert_eq!(filled(Part::Subject, "For {{ name }}", "Eve\r\nBcc: all@example.org"), Err(Trouble::Failed));
        assert_eq!(filled(Part::Subject, "{{ '\\n' }}Bcc: all@example.org", ""), Err(Trouble::Failed));
        assert_eq!(filled(Part::Subject, "For {{ name }}", "Eve"), Ok("For Eve".to_owned()));
    }

    #[test]
    fn a_template_is_read_once_until_it_changes() {
        let templates = Templates::default();
        let first =
            templates.get(("code", Language::En), &parts("a", "b", "c"), NAMES).unwrap_or_else(|_| panic!("read"));
        let again =
            templates.get(("code", Language::En), &parts("a", "b", "c"), NAMES).unwrap_or_else(|_| panic!("read"));
        assert!(Arc::ptr_eq(&first, &again), "it was read again");
        let other =
            templates.get(("code", Language::En), &parts("a", "b", "d"), NAMES).unwrap_or_else(|_| panic!("read"));
        assert!(!Arc::ptr_eq(&first, &other), "the old one is used");
        let german = templates.get(("code", Language::De), &parts("a", "b", "e"), NAMES);
        assert_eq!(german.unwrap_or_else(|_| panic!("read")).parts.html, "e");
        let again = templates.get(("code", Language::En), &parts("a", "b", "d"), NAMES);
        assert!(Arc::ptr_eq(&other, &again.unwrap_or_else(|_| panic!("read"))), "another language took its place");
    }
}
