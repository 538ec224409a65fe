//! Where the confirmation leads to.

use crate::login::types::Audience;
use leptos_router::location::Url;

/// The longest path to come back to.
const WAY_BACK_MAX: usize = 500;

/// The confirm page of an audience, with the path to come back to.
pub fn confirm_link(audience: Audience, to: &str) -> String {
    with_way_back(audience.confirm_path(), audience, to)
}

/// One of the confirm pages with the path to come back to.
pub fn with_way_back(page: &str, audience: Audience, to: &str) -> String {
    format!("{page}?to={}", Url::escape(&way_back(audience, to)))
}

/// The path to come back to: a page of the same audience, or else its home (ASVS 3.7.2).
pub fn way_back(audience: Audience, to: &str) -> String {
    let path = to.split('?').next().unwrap_or_default();
    let within = path.strip_prefix(audience.home_path()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // Nothing that a browser could read as another host or climb out with: no `//`, `..`, `\`, `%` or control character.
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    let query = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if within && plain && query && !path.contains("//") && !path.contains("..") && to.len() <= WAY_BACK_MAX {
        to.to_owned()
    } else {
        audience.home_path().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_the_site_and_with_its_audience() {
        for to in ["/account", "/account/", "/account/two-factor/verify", "/account/security?done=saved&x=%20"] {
            assert_eq!(way_back(Audience::Customer, to), to);
        }
        for to in [
            "",
            "/",
            "/admin",
            "/accounting",
            "//evil.example",
            "/account//evil.example",
            "/account/..//evil.example",
            "/account/%2e%2e/admin",
            "/account\\..\\evil",
            "/account/a?b\r\nSet-Cookie: x=y",
            "https://evil.example/account",
            "javascript:alert(1)",
            "account",
        ] {
            assert_eq!(way_back(Audience::Customer, to), "/account", "{to:?}");
        }
        assert_eq!(way_back(Audience::Admin, "/account/security"), "/admin");
        assert_eq!(way_back(Audience::Admin, &format!("/admin/{}", "x".repeat(500))), "/admin");
    }
}
