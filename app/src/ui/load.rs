//! What pages load from server functions.

use crate::error::AppError;
use leptos::prelude::OnceResource;

/// What a page loads while it is rendered; its parts that need it wait for it.
pub type Load<T> = OnceResource<Result<T, AppError>>;
