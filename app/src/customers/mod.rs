//! The accounts of customers. Lists and help are the same as those of administrators: see the room `users`.

pub mod routes;
