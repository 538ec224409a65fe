//! Widgets that all pages share. No server functions here.

pub mod action;
pub mod choice;
pub mod copy;
pub mod field;
pub mod form;
pub mod frame;
pub mod icon;
pub mod icon_button;
pub mod idle;
pub mod load;
pub mod messages;
pub mod page;
pub mod route;
pub mod strength;
pub mod table;
pub mod text_area;
pub mod time;

use leptos::prelude::*;

/// The brand: the name of the product on pages and in messages.
pub fn brand() -> String {
    #[cfg(feature = "ssr")]
    {
        use_context::<crate::ports::Brand>().map(|brand| brand.0.to_string()).unwrap_or_default()
    }
    // No part that is alive in the browser names it.
    #[cfg(not(feature = "ssr"))]
    {
        String::new()
    }
}

/// A part of the path by its name in the route, as it is now.
pub fn path_param(name: &str) -> String {
    leptos_router::hooks::use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

/// A value of the address after the question mark, as it is now.
pub fn query(name: &str) -> Option<String> {
    leptos_router::hooks::use_query_map().with_untracked(|query| query.get(name))
}
