//! A table with its column headings, and the way to its other pages.

use leptos::prelude::*;
use leptos_router::components::A;

/// A table with one row an item. Where there is little room its rows become cards, in which each cell is named by its
/// `data-label`; the first cell is the card's heading, and one of the class `actions` stays in view in any case.
#[component]
pub fn Table(
    /// The headings.
    #[prop(optional, into)]
    columns: Vec<String>,
    /// The headings as elements of their own, in place of `columns`.
    #[prop(optional)]
    head: Option<AnyView>,
    /// Whether the table is a panel itself, and not a part of one.
    #[prop(optional)]
    panel: bool,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let head = head.unwrap_or_else(|| {
        columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view().into_any()
    });
    view! {
        <div class="scroll" class:panel=panel tabindex="0">
            <table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// The links to newer and older rows, where there are any.
#[component]
pub fn Pager(
    /// The address of newer rows.
    newer: Option<String>,
    /// The address of older rows.
    older: Option<String>,
) -> impl IntoView {
    let step = |href: String, rel: &'static str, label: String| {
        view! { <A href=href attr:rel=rel attr:class="button secondary">{label}</A> }
    };
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="buttons" aria-label=tr!(page.pages)>
                {newer.map(|href| step(href, "prev", tr!(page.newer)))}
                {older.map(|href| step(href, "next", tr!(page.older)))}
            </nav>
        }
    })
}
