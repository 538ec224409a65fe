//! Links that administrators give: to pages by https, or to an address of email. Nothing else, so that no link runs
//! anything.

use app::{
    brand::types::LINK_MAX,
    error::Problem,
    validate::{email, optional_line},
};
use url::Url;

/// A link as it is stored; empty where none is given.
pub fn link(typed: &str) -> Result<String, Problem> {
    let typed = optional_line(typed, LINK_MAX)?;
    if typed.is_empty() {
        return Ok(typed);
    }
    let url = Url::parse(&typed).map_err(|_| Problem::NotALink)?;
    let is_fine = match url.scheme() {
        "https" => {
            url.host_str().is_some_and(|host| !host.is_empty()) && url.username().is_empty() && url.password().is_none()
        }
        "mailto" => email(url.path()).is_ok() && url.query().is_none() && url.fragment().is_none(),
        _ => false,
    };
    if is_fine { Ok(url.into()) } else { Err(Problem::NotALink) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_addresses_of_email_are_links() {
        for (typed, stored) in [
            ("", ""),
            (" https://help.example.org ", "https://help.example.org/"),
            ("HTTPS://example.org/legal?lang=de#top", "https://example.org/legal?lang=de#top"),
            ("mailto:help@example.org", "mailto:help@example.org"),
        ] {
            assert_eq!(link(typed).as_deref(), Ok(stored), "{typed}");
        }
        for typed in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "http://example.org",
            "//example.org",
            "/help",
            "help.example.org",
            "https://",
            "https://ada:secret@example.org/",
            "mailto:",
            "mailto:help",
            "mailto:help@example.org?body=x",
            "mailto:help@example.org,x@example.org",
            "file:///etc/passwd",
        ] {
            assert!(link(typed).is_err(), "{typed} was taken");
        }
        assert_eq!(link(&format!("https://example.org/{}", "x".repeat(500))), Err(Problem::TooLong(LINK_MAX)));
    }
}
