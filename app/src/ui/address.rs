//! Where messages go, as tables show it.

use leptos::prelude::*;

/// An email address, which breaks before its domain where there is little room, and within a part of it only where that is not
/// enough. A phone number or a name stays as it is.
#[component]
pub fn Address(
    /// The address, masked or whole.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    match of.rsplit_once('@') {
        Some((name, domain)) => view! { <span>{name.to_owned()}<wbr />{format!("@{domain}")}</span> }.into_any(),
        None => view! { <span>{of}</span> }.into_any(),
    }
}
