//! The accounts of customers. Lists and help are the same as those of administrators: see `users`.

pub mod routes;
