//! The accounts as every room reads them: the table, the password, and the count of failures of the second factor.

pub mod factor;
pub mod password;
pub mod search_words;
pub mod store;

/// The one spelling in which addresses are compared.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}
