//! A table with its column headings.

use leptos::prelude::*;

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
