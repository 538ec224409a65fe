//! Templates of HTTP requests: `{{to}}`, `{{digits}}`, `{{text}}` and `{{secret}}`, each written as the place where it
//! stands demands.

use app::error::Problem;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::{Url, form_urlencoded};

/// What fills the placeholders.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The number as E.164.
    pub to: &'a str,
    /// The message.
    pub text: &'a str,
    /// What the provider knows us by.
    pub secret: &'a str,
}

/// How a value is written into its place, so that it stays one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// In an address or a form.
    Form,
    /// In a JSON string.
    Json,
    /// In XML text or an attribute.
    Xml,
    /// As it is.
    Plain,
}

impl Writing {
    /// How a body of this type is written.
    pub fn of(content_type: &str) -> Self {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            "application/json" => Self::Json,
            "application/xml" | "text/xml" => Self::Xml,
            _ if kind.ends_with("+json") => Self::Json,
            _ if kind.ends_with("+xml") => Self::Xml,
            _ => Self::Plain,
        }
    }

    fn write(self, value: &str) -> String {
        match self {
            Self::Form => form_urlencoded::byte_serialize(value.as_bytes()).collect(),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Self::Xml => app::delivery::message::escape(value),
            Self::Plain => value.to_owned(),
        }
    }
}

/// The names of the placeholders.
pub const NAMES: [&str; 4] = ["to", "digits", "text", "secret"];

/// Fills a template; what is filled in is not looked at again.
///
/// # Errors
/// `NotATemplate` for a placeholder that does not exist, or braces that do not close.
pub fn fill(template: &str, writing: Writing, values: Values<'_>) -> Result<String, Problem> {
    let mut filled = String::with_capacity(template.len() + values.text.len());
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        let (name, behind) = after[2..].split_once("}}").ok_or(Problem::NotATemplate)?;
        filled.push_str(before);
        let value = match name.trim() {
            "to" => values.to,
            "digits" => values.to.trim_start_matches('+'),
            "text" => values.text,
            "secret" => values.secret,
            _ => return Err(Problem::NotATemplate),
        };
        filled.push_str(&writing.write(value));
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Whether a template has a place for a value.
pub fn has(template: &str, name: &str) -> bool {
    template.split("{{").skip(1).any(|part| part.split_once("}}").is_some_and(|(found, _)| found.trim() == name))
}

/// An address, with its placeholders behind the host. They never decide where a request goes.
///
/// # Errors
/// `NotAUrl` or `NotATemplate`.
pub fn url(template: &str, values: Values<'_>) -> Result<Url, Problem> {
    let (scheme, rest) = template.split_once("://").ok_or(Problem::NotAUrl)?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(Problem::NotAUrl);
    }
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if host.is_empty() || host.contains(['{', '}', '@']) {
        return Err(Problem::NotAUrl);
    }
    let url = Url::parse(&fill(template, Writing::Form, values)?).map_err(|_| Problem::NotAUrl)?;
    if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() {
        return Err(Problem::NotAUrl);
    }
    Ok(url)
}

/// Headers, one a line.
///
/// # Errors
/// `NotHeaders`, or `NotATemplate` where something else than the number or the secret would stand in one.
pub fn headers(template: &str, values: Values<'_>) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for line in template.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if has(line, "text") {
            return Err(Problem::NotATemplate);
        }
        let (name, value) = line.split_once(':').ok_or(Problem::NotHeaders)?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| Problem::NotHeaders)?;
        // Decided by the connection, not by us.
        if ["host", "content-length", "connection", "transfer-encoding", "upgrade", "te", "trailer"]
            .contains(&name.as_str())
        {
            return Err(Problem::NotHeaders);
        }
        let value = fill(value.trim(), Writing::Plain, values)?;
        let mut value = HeaderValue::from_str(&value).map_err(|_| Problem::NotHeaders)?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VALUES: Values<'_> = Values { to: "+447400123456", text: "a \"b\" & <c>\n{{secret}}", secret: "s:k/y" };

    fn filled(template: &str, writing: Writing) -> Result<String, Problem> {
        fill(template, writing, VALUES)
    }

    #[test]
    fn a_value_stays_one_value_wherever_it_stands() {
        assert_eq!(
            filled("to={{to}}&n={{ digits }}&m={{text}}", Writing::Form).expect("fills"),
            "to=%2B447400123456&n=447400123456&m=a+%22b%22+%26+%3Cc%3E%0A%7B%7Bsecret%7D%7D"
        );
        let json = filled("{\"to\":\"{{to}}\",\"text\":\"{{text}}\",\"key\":\"{{secret}}\"}", Writing::Json);
        let json: serde_json::Value = serde_json::from_str(&json.expect("fills")).expect("JSON");
        assert_eq!((json["text"].as_str(), json["key"].as_str()), (Some(VALUES.text), Some("s:k/y")));
        let xml = filled("<sms to=\"{{to}}\">{{text}}</sms>", Writing::Xml).expect("fills");
        assert_eq!(xml, "<sms to=\"+447400123456\">a &quot;b&quot; &amp; &lt;c&gt;\n{{secret}}</sms>");
        assert_eq!(filled("{{text}}", Writing::Plain).expect("fills"), VALUES.text, "and is not filled again");
    }

    #[test]
    fn unknown_and_open_placeholders_are_refused() {
        for bad in ["{{code}}", "{{to", "{{}}", "{{ to } }", "{{to{{text}}}}", "x {{TO}}"] {
            assert_eq!(filled(bad, Writing::Plain), Err(Problem::NotATemplate), "{bad}");
        }
        assert!(has("a{{ to }}b", "to") && !has("{{text}}", "to") && !has("to", "to"));
    }

    #[test]
    fn placeholders_never_decide_where_a_request_goes() {
        for bad in [
            "https://{{to}}/",
            "https://{{secret}}.example/",
            "https://a.example:{{digits}}/",
            "https://user:{{secret}}@a.example/",
            "https://user@a.example/",
            "{{secret}}://a.example/",
            "ftp://a.example/",
            "file:///etc/passwd",
            "https://",
            "https:///x",
            "//a.example",
            "https:\\\\a.example",
        ] {
            assert_eq!(url(bad, VALUES), Err(Problem::NotAUrl), "{bad}");
        }
        let good = url("http://127.0.0.1:13013/send/{{to}}?u=x&p={{secret}}&m={{text}}", VALUES).expect("an address");
        assert_eq!((good.host_str(), good.port()), (Some("127.0.0.1"), Some(13013)));
        assert_eq!(good.path(), "/send/%2B447400123456");
        let pairs: Vec<_> = good.query_pairs().map(|(_, value)| value.into_owned()).collect();
        assert_eq!(pairs, ["x", "s:k/y", VALUES.text]);
    }

    #[test]
    fn headers_are_lines_of_their_own() {
        let found = headers("Authorization: Bearer {{secret}}\n\n X-To: {{digits}} \r\n", VALUES).expect("headers");
        assert_eq!(
            (found["authorization"].as_bytes(), found["x-to"].as_bytes()),
            (&b"Bearer s:k/y"[..], &b"447400123456"[..])
        );
        for (bad, problem) in [
            ("Authorization", Problem::NotHeaders),
            ("A B: c", Problem::NotHeaders),
            (": c", Problem::NotHeaders),
            ("Host: evil.example", Problem::NotHeaders),
            ("Content-Length: 3", Problem::NotHeaders),
            ("X: {{text}}", Problem::NotATemplate),
            ("X: {{what}}", Problem::NotATemplate),
        ] {
            assert_eq!(headers(bad, VALUES), Err(problem), "{bad}");
        }
        let split = Values { secret: "a\r\nX-Other: b", ..VALUES };
        assert_eq!(headers("A: {{secret}}", split), Err(Problem::NotHeaders));
    }

    #[test]
    fn a_body_is_written_as_its_type_says() {
        for (content_type, writing) in [
            ("application/json; charset=utf-8", Writing::Json),
            ("Application/JSON", Writing::Json),
            ("application/vnd.api+json", Writing::Json),
            ("application/x-www-form-urlencoded", Writing::Form),
            ("text/xml", Writing::Xml),
            ("application/soap+xml", Writing::Xml),
            ("text/plain", Writing::Plain),
            ("", Writing::Plain),
        ] {
            assert_eq!(Writing::of(content_type), writing, "{content_type}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn no_template_is_a_panic(template in "(\\PC|[{}\n\r:/@?#\\\\]|\\{\\{(to|text|secret|digits)\\}\\}){0,40}", text in "\\PC{0,60}") {
            let values = Values { to: "+447400123456", text: &text, secret: &template };
            for writing in [Writing::Form, Writing::Json, Writing::Xml, Writing::Plain] {
                let _ = fill(&template, writing, values);
            }
            let _ = (url(&template, values), headers(&template, values), Writing::of(&template));
        }

        #[test]
        fn json_stays_json_and_forms_stay_forms(text in "\\PC{0,60}", secret in "\\PC{0,30}") {
            let values = Values { to: "+447400123456", text: &text, secret: &secret };
            let json = fill("{\"a\":\"{{text}}\",\"b\":\"{{secret}}\"}", Writing::Json, values).expect("fills");
            let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
            prop_assert_eq!((json["a"].as_str(), json["b"].as_str()), (Some(text.as_str()), Some(secret.as_str())));
            let form = fill("a={{text}}&b={{secret}}", Writing::Form, values).expect("fills");
            let pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).map(|(_, value)| value.into_owned()).collect();
            prop_assert_eq!(pairs, [text, secret]);
        }
    }
}
