//! Checks that several forms share. They run on the server; the browser repeats what HTML can express.

use crate::{
    error::{AppError, FieldProblem, Problem, Typed},
    recovery::types::{LENGTH, LETTERS},
    text::{misleads, plain_signs},
};
use std::net::IpAddr;
use uuid::Uuid;

/// The longest address that mail can carry (RFC 5321 §4.5.3.1.3: a path of 256 with its brackets).
pub const EMAIL_MAX: u32 = 254;
/// The longest title or name, in characters.
pub const TITLE_MAX: u32 = 100;
/// The longest host name (RFC 1035 §2.3.4), in characters.
pub const HOST_MAX: u32 = 253;
/// The longest password, in characters (ASVS 6.2.9 asks for at least 64).
pub const PASSWORD_MAX: u32 = 128;
/// The shortest password beside a second factor, in characters.
pub const PASSWORD_MIN: u32 = 8;
/// The shortest password where it is an administrator's only factor, in characters.
pub const PASSWORD_MIN_ALONE: u32 = 15;

/// An id from an address or a form. A text that is no id belongs to nothing: `NotFound`.
pub fn parse_id(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// An id, or `None` for an empty text: the thing is not stored yet.
pub fn parse_optional_id(text: &str) -> Result<Option<Uuid>, AppError> {
    if text.is_empty() { Ok(None) } else { parse_id(text).map(Some) }
}

/// Collects the problems of a form.
#[derive(Default)]
pub struct Check(Vec<FieldProblem>);

impl Check {
    /// Notes a problem of a field.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.push(FieldProblem { field: field.to_owned(), problem });
    }

    /// Keeps the value, or notes what is wrong with it.
    pub fn take<T: Default>(&mut self, field: &str, result: Result<T, Problem>) -> T {
        result.unwrap_or_else(|problem| {
            self.add(field, problem);
            T::default()
        })
    }

    /// An error that names every problem, or nothing.
    pub fn done(self) -> Result<(), AppError> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::Invalid { fields: self.0, typed: Typed::new() }) }
    }
}

fn too_long(value: &str, max: u32) -> bool {
    value.chars().count() > max as usize
}

/// A line of text that must not be empty: a title or a name.
pub fn line(value: &str, max: u32) -> Result<String, Problem> {
    let value = optional_line(value, max)?;
    if value.is_empty() { Err(Problem::Required) } else { Ok(value) }
}

/// A line of text that may be empty.
pub fn optional_line(value: &str, max: u32) -> Result<String, Problem> {
    let value = value.trim();
    if too_long(value, max) {
        Err(Problem::TooLong(max))
    } else if value.chars().any(|sign| sign.is_control() || misleads(sign)) {
        Err(Problem::ControlCharacters)
    } else {
        Ok(value.to_owned())
    }
}

/// An email address as people write it, with its domain as mail carries it (IDNA, RFC 5891). Only a code proves that it
/// exists.
#[cfg(feature = "ssr")]
pub fn email(value: &str) -> Result<String, Problem> {
    let value = line(value, EMAIL_MAX)?;
    let Some((local, domain)) = value.rsplit_once('@') else { return Err(Problem::NotAnEmail) };
    let local_is_fine = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| !c.is_whitespace() && !"\"(),:;<>@[\\]".contains(c) && !crate::text::is_double(c));
    let domain = if domain.is_ascii() {
        domain.to_owned()
    } else {
        idna::domain_to_ascii(domain).map_err(|_| Problem::NotAnEmail)?
    };
    if local_is_fine && is_domain(&domain) { Ok(format!("{local}@{domain}")) } else { Err(Problem::NotAnEmail) }
}

/// A host name or an IP address in its usual form.
pub fn host(value: &str) -> Result<String, Problem> {
    let value = line(value, HOST_MAX)?;
    match value.parse::<IpAddr>() {
        Ok(ip) if is_link_local(ip) => Err(Problem::AddressNotAllowed),
        Ok(_) => Ok(value),
        Err(_) if is_domain(&value) && !ends_in_number(&value) => Ok(value),
        Err(_) => Err(Problem::NotAHost),
    }
}

/// What ends in a number is no name, but resolvers take it for an IPv4 address in decimal, hexadecimal or octal
/// (WHATWG URL, "ends in a number").
fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Link-local addresses answer for the machine's own infrastructure (cloud metadata) and are never contacted, in
/// whatever form of IPv6 they travel.
pub fn is_link_local(ip: IpAddr) -> bool {
    let v6 = match ip {
        IpAddr::V4(v4) => return v4.is_link_local(),
        IpAddr::V6(v6) => v6,
    };
    let [a, b, c, d, e, f, g, _] = v6.segments();
    // The first half of the IPv4 address within.
    let high = match (a, b, c, d, e, f) {
        // IPv4-compatible, IPv4-mapped and IPv4-translated (RFC 4291 §2.5.5, RFC 7915), NAT64 (RFC 6052, RFC 8215).
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0, 0, 0, 0, 0xffff, 0) | (0x64, 0xff9b, 0, 0, 0, 0) | (0x64, 0xff9b, 1, ..) => g,
        // 6to4 (RFC 3056).
        (0x2002, ..) => b,
        _ => 0,
    };
    // fd00:ec2::/32 is where Amazon's clouds answer for themselves.
    high == 0xa9fe || v6.is_unicast_link_local() || (a, b) == (0xfd00, 0x0ec2)
}

/// A TCP port.
pub fn port(value: &str) -> Result<u16, Problem> {
    match value.trim().parse() {
        Ok(0) | Err(_) if value.trim().is_empty() => Err(Problem::Required),
        Ok(0) | Err(_) => Err(Problem::NotAPort),
        Ok(port) => Ok(port),
    }
}

/// A whole number within bounds.
pub fn whole_number(value: &str, min: u32, max: u32) -> Result<u32, Problem> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Problem::Required);
    }
    value.parse().ok().filter(|number| (min..=max).contains(number)).ok_or(Problem::NotWithin { min, max })
}

/// A verification code: six digits of any script, however they are spaced.
pub fn code(value: &str) -> Result<String, Problem> {
    let code: String = plain_signs(value).chars().filter(|c| !" -".contains(*c)).collect();
    if code.is_empty() {
        Err(Problem::Required)
    } else if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
        Ok(code)
    } else {
        Err(Problem::NotACode)
    }
}

/// A recovery code, however it is typed: case and separators are forgiven, and letters that look like digits
/// (Crockford).
pub fn recovery_code(value: &str) -> Result<String, Problem> {
    let plain = plain_signs(value);
    let code: String = plain
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    if value.trim().is_empty() {
        Err(Problem::Required)
    } else if code.len() == LENGTH && code.bytes().all(|b| LETTERS.contains(&b)) {
        Ok(code)
    } else {
        Err(Problem::NotARecoveryCode)
    }
}

/// The length of a new password; whether it is a common one, the server knows.
pub fn new_password(value: &str, min: u32) -> Result<(), Problem> {
    let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
    if length == 0 {
        Err(Problem::Required)
    } else if length < min {
        Err(Problem::TooShort(min))
    } else if length > PASSWORD_MAX {
        Err(Problem::TooLong(PASSWORD_MAX))
    } else {
        Ok(())
    }
}

fn is_domain(value: &str) -> bool {
    value.len() <= HOST_MAX as usize
        && value.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_could_smuggle_headers_or_recipients_are_refused() {
        for bad in [
            "",
            "a",
            "a@",
            "@b.example",
            "a@b@c.example",
            "a b@c.example",
            "a@b..c",
            "a@-b.example",
            ".a@b.example",
            "a,b@c.example",
            "<a@b.example>",
            "a@b.example\r\nBcc: x@y.example",
            "a@b.example>",
            "\"x\"@b.example",
        ] {
            assert!(email(bad).is_err(), "{bad:?} was accepted");
        }
        for good in ["a@b.example", " a.b+tag@sub.example ", "o'neil@b.example", "root@localhost"] {
            assert_eq!(email(good), Ok(good.trim().to_owned()));
        }
    }

    #[test]
    fn domains_of_every_script_become_what_mail_carries() {
        for same in ["a@bücher.example", "a@BÜCHER.example", "a@bu\u{308}cher.example", "a@bücher。example"] {
            assert_eq!(email(same), Ok("a@xn--bcher-kva.example".to_owned()), "{same:?}");
        }
        // A letter that only looks like another one leads elsewhere.
        assert_ne!(email("a@ex\u{430}mple.org"), email("a@example.org"));
        for bad in
            ["a@exa\u{202e}mple.org", "a@\u{200b}", "a@b\u{ff0f}c.example", "\u{212a}arl@b.example", "a\0@b.example"]
        {
            assert!(email(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn names_hold_nothing_that_turns_or_breaks_a_line() {
        for bad in ["Car\u{202e}la", "Car\u{2028}la", "Car\u{2029}la", "Car\u{2066}la", "Car\0la", "Car\u{85}la"] {
            assert_eq!(line(bad, 100), Err(Problem::ControlCharacters), "{bad:?}");
        }
        for good in ["Zoë", "محمد", "می\u{200c}خواهم", "👩\u{200d}🚀"] {
            assert_eq!(line(good, 100), Ok(good.to_owned()));
        }
    }

    #[test]
    fn codes_keep_their_zeros_and_lose_their_spaces() {
        assert_eq!(code(" 012 345 "), Ok("012345".to_owned()));
        assert_eq!(code("012-345"), Ok("012345".to_owned()));
        for same in [
            "０１２３４５",
            "٠١٢٣٤٥",
            "०१२ ३४५",
            "012\u{a0}345",
            "\u{202d}012\u{200b}345\u{202c}",
            "012–345",
            "\u{feff}012\u{2212}345\n",
        ] {
            assert_eq!(code(same), Ok("012345".to_owned()), "{same:?}");
        }
        assert_eq!(recovery_code("٠１23–4567 89ab\u{200b}CDEF"), Ok("0123456789ABCDEF".to_owned()));
        for bad in ["12345", "1234567", "abcdef", "12345\0", "①②③④⑤⑥", "½23456"] {
            assert_eq!(code(bad), Err(Problem::NotACode));
        }
    }

    #[test]
    fn link_local_hosts_are_refused_in_every_spelling() {
        for bad in [
            "169.254.169.254",
            "fe80::1",
            "febf::1",
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe",
            "::169.254.169.254",
            "::ffff:0:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::a9fe:a9fe",
            "64:ff9b:1:2:3:4:a9fe:1",
            "2002:a9fe:a9fe::1",
            "fd00:ec2::254",
        ] {
            assert_eq!(host(bad), Err(Problem::AddressNotAllowed), "{bad}");
        }
        for good in ["127.0.0.1", "::1", "::", "64:ff9b::8.8.8.8", "fd00::1", "mail.example.org", "localhost", "mx1"] {
            assert!(host(good).is_ok(), "{good}");
        }
        for bad in [
            "mail server",
            "http://mail",
            "-mail",
            "a..b",
            "2852039166",
            "0xa9fea9fe",
            "0XA9FEA9FE",
            "0251.0376.0251.0376",
            "025177524776",
            "169.254.43518",
            "0xa9.0xfe.0xa9.0xfe",
            "127.1",
            "mail.1",
            "0x",
            "fe80::1%eth0",
        ] {
            assert_eq!(host(bad), Err(Problem::NotAHost), "{bad}");
        }
    }

    #[test]
    fn whole_numbers_are_within_their_bounds() {
        assert_eq!(whole_number(" 0 ", 0, 365), Ok(0));
        assert_eq!(whole_number("365", 0, 365), Ok(365));
        assert_eq!(whole_number(" ", 0, 365), Err(Problem::Required));
        for bad in ["366", "-1", "1.5", "1e1", "ten", "99999999999"] {
            assert_eq!(whole_number(bad, 0, 365), Err(Problem::NotWithin { min: 0, max: 365 }), "{bad}");
        }
    }

    #[test]
    fn ports_are_numbers_from_one() {
        assert_eq!(port(" 587 "), Ok(587));
        assert_eq!(port(""), Err(Problem::Required));
        for bad in ["0", "65536", "-1", "smtp"] {
            assert_eq!(port(bad), Err(Problem::NotAPort));
        }
    }
}
