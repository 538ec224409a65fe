//! The accounts of customers. They share lists and actions with those of administrators: see `users`.

pub mod routes;
