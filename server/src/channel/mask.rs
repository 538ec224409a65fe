//! Destinations with most of them hidden.

use crate::platform::phone;

/// A destination with most of it hidden: `a•••e@example.org`, `+44•••••89`. Other texts are names, which hide nothing.
pub fn mask(destination: &str) -> String {
    if destination.len() > 6 && destination.starts_with('+') && !destination.contains('@') {
        return phone::mask(destination);
    }
    let Some((local, domain)) = destination.rsplit_once('@') else { return destination.to_owned() };
    let mut letters = local.chars();
    let first = letters.next().map(String::from).unwrap_or_default();
    let last = if local.chars().count() > 3 {
        letters.next_back().map(String::from).unwrap_or_default()
    } else {
        String::new()
    };
    format!("{first}•••{last}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn destinations_are_masked() {
        assert_eq!(mask("carla@example.org"), "c•••a@example.org");
        assert_eq!(mask("bo@example.org"), "b•••@example.org");
        assert_eq!(mask("+447700900123"), "+44•••••••23");
        assert_eq!(mask("Blue key"), "Blue key");
    }
}
