//! What an authenticator app calls an entry.

use crate::login::types::Audience;

/// The address, with what tells it from another entry of the same person where there is one: many apps would overwrite
/// one of two entries that have one name.
pub fn app_label(email: &str, audience: Option<Audience>, title: Option<String>) -> String {
    let audience = audience.map(|audience| match audience {
        Audience::Admin => tr!(enrollment.label_admin),
        Audience::Customer => tr!(enrollment.label_customer),
    });
    let more: Vec<_> = [audience, title].into_iter().flatten().collect();
    if more.is_empty() {
        return email.to_owned();
    }
    tr!(enrollment.label, email = email.to_owned(), more = more.join(", "))
}
