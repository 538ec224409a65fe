//! Widgets that all pages share. No server functions here.

#[cfg(feature = "ssr")]
pub mod action;
#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
pub mod choice;
pub mod copy;
#[cfg(feature = "ssr")]
pub mod field;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod icon;
#[cfg(feature = "ssr")]
pub mod icon_button;
pub mod idle;
#[cfg(feature = "ssr")]
pub mod load;
#[cfg(feature = "ssr")]
pub mod messages;
#[cfg(feature = "ssr")]
pub mod page;
pub(crate) mod password_tools;
#[cfg(feature = "ssr")]
pub mod route;
#[cfg(feature = "ssr")]
pub mod strength;
#[cfg(feature = "ssr")]
pub mod table;
#[cfg(feature = "ssr")]
pub mod tabs;
#[cfg(feature = "ssr")]
pub mod text_area;
#[cfg(feature = "ssr")]
pub mod time;

#[cfg(feature = "ssr")]
use leptos::prelude::*;

#[cfg(feature = "ssr")]
/// The brand: the name of the product on pages and in messages.
pub fn brand() -> String {
    look().name.clone()
}

#[cfg(feature = "ssr")]
/// The brand with its colour and links.
pub fn look() -> std::sync::Arc<crate::brand::types::Look> {
    use_context::<crate::ports::Brand>().map(|brand| brand.0).unwrap_or_default()
}

#[cfg(feature = "ssr")]
/// A part of the path by its name in the route, as it is now.
pub fn path_param(name: &str) -> String {
    leptos_router::hooks::use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

#[cfg(feature = "ssr")]
/// A value of the address after the question mark, as it is now.
pub fn query(name: &str) -> Option<String> {
    leptos_router::hooks::use_query_map().with_untracked(|query| query.get(name))
}
