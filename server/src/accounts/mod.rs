//! The accounts as every room reads them: the table, the password, and the count of failures of the second factor.

pub mod factor;
pub mod known;
pub mod password;
pub mod search_words;
pub mod store;
