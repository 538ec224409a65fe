//! The links at the foot of every page.

use super::types::Look;
use crate::ui::look;
use leptos::prelude::*;

/// The links that are set, with their names.
pub fn links(look: &Look) -> Vec<(String, &str)> {
    [(tr!(brand.help_link), &look.help), (tr!(brand.legal_link), &look.legal), (tr!(brand.privacy_link), &look.privacy)]
        .into_iter()
        .filter_map(|(name, link)| Some((name, link.as_deref()?)))
        .collect()
}

/// Help, legal notice and privacy, as far as they are set. They lead to other sites.
#[component]
pub fn BrandLinks() -> impl IntoView {
    let look = look();
    let links = links(&look);
    let item = |(name, link): (String, &str)| view! { <li><a href=link.to_owned() rel="external">{name}</a></li> };
    (!links.is_empty()).then(|| {
        view! {
            <nav class="brand-links" aria-label=tr!(brand.links)>
                <ul>{links.into_iter().map(item).collect_view()}</ul>
            </nav>
        }
    })
}
