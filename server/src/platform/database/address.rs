//! Whether the address of a database can be read, and which signs of its password stand in the way. No word of the
//! password is told.

use sea_orm::DbErr;
use url::Url;

/// Signs that mean something in an address, wherever they stand.
const SIGNS: &[char] = &['/', '?', '#', '@', ':', '[', ']', '\\', ' ', '"', '<', '>'];

/// Refuses an address that cannot be read. The driver's own words would repeat all of it.
///
/// # Errors
/// What is wrong with it.
pub fn check(url: &str) -> Result<(), DbErr> {
    let problem = match Url::parse(url) {
        Ok(address) if ["sqlite", "postgres", "postgresql"].contains(&address.scheme()) => return Ok(()),
        Ok(_) => "its address must begin with sqlite: or postgres://".to_owned(),
        Err(error) => format!("its address cannot be read: {error}"),
    };
    Err(explain(DbErr::Custom(problem), url))
}

/// An error about an address, with what may be the reason.
pub fn explain(error: DbErr, url: &str) -> DbErr {
    let signs = signs(url).unwrap_or_default();
    if signs.is_empty() {
        return error;
    }
    let name = |sign: char| if sign == ' ' { "a space".to_owned() } else { sign.to_string() };
    let pairs: Vec<_> = signs.iter().map(|sign| format!("{} as %{:02X}", name(*sign), u32::from(*sign))).collect();
    let error = match error {
        DbErr::Custom(words) => words,
        error => error.to_string(),
    };
    let pairs = pairs.join(", ");
    DbErr::Custom(format!("{error}. Its password has signs that mean something else in an address: write {pairs}"))
}

/// Each of those signs once; nothing where there is no password.
fn signs(url: &str) -> Option<Vec<char>> {
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
    let read = Url::parse(url).ok();
    let understood = read.as_ref().and_then(Url::password);
    // An @ may stand in the password too, so the last one is the end. One in what follows an address that can be read is
    // no such end, unless it cut the host in two.
    let (password, signs) = match (understood, &read) {
        (Some(password), _) => (password.to_owned(), &[][..]),
        (None, Some(read)) if !read.path().contains('@') && !read.fragment().is_some_and(|end| end.contains('@')) => {
            return None;
        }
        _ => (rest.rsplit_once('@')?.0.split_once(':')?.1.to_owned(), SIGNS),
    };
    let mut found: Vec<char> = signs.iter().copied().filter(|sign| password.contains(*sign)).collect();
    let escaped = |end: &str| end.len() >= 2 && end.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if password.split('%').skip(1).any(|end| !escaped(end)) {
        found.push('%');
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> DbErr {
        DbErr::Custom("it failed".to_owned())
    }

    #[test]
    fn an_address_that_cannot_be_read_tells_which_signs_to_write_in_another_way() {
        for (password, told) in [
            ("wor/d", "write / as %2F"),
            ("12/34", "write / as %2F"),
            ("w#r?d@:x", "write ? as %3F, # as %23, @ as %40, : as %3A"),
            ("10% of #1", "write # as %23, a space as %20, % as %25"),
        ] {
            let url = format!("postgres://countersign:{password}@db.example.org/countersign");
            let words = explain(failed(), &url).to_string();
            assert!(words.contains("it failed. Its password has signs") && words.ends_with(told), "{words}");
            assert!(!words.contains(password) && !words.contains("db.example.org"), "{words}");
            if let Err(error) = check(&url) {
                assert!(error.to_string().ends_with(told) && !error.to_string().contains(password), "{error}");
            }
        }
        assert!(check("postgres://countersign:wor/d@db.example.org/countersign").is_err());
    }

    #[test]
    fn an_address_that_can_be_read_has_no_advice() {
        for url in [
            "postgres://countersign:w%2Frd@db.example.org/countersign",
            "postgres://countersign:w@rd@db.example.org/countersign",
            "postgres://countersign@db.example.org/countersign",
            "postgres://db.example.org:5432/countersign?application_name=a@b",
            "postgres://countersign:word@db.example.org/countersign?application_name=a@b",
            "sqlite:///a:b@c.db",
        ] {
            assert_eq!(explain(failed(), url), failed(), "{url}");
            check(url).expect(url);
        }
        // A sign that stays as it is, where the address can be read otherwise.
        let told = explain(failed(), "postgres://countersign:10%of@db.example.org/countersign").to_string();
        assert!(told.ends_with("write % as %25"), "{told}");
    }

    #[test]
    fn the_drivers_words_are_not_repeated() {
        for url in ["mysql://countersign:w0rd@db.example.org/countersign", "countersign:w0rd", "postgres://a:w0/rd@b/c"]
        {
            let told = check(url).expect_err("refused").to_string();
            assert!(!told.contains("w0"), "{told}");
        }
    }
}
