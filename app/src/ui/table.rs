//! A table with its column headings.

use leptos::prelude::*;

/// A table that scrolls sideways, also by keyboard, where it is too wide.
#[component]
pub fn Table(
    /// The headings.
    #[prop(into)]
    columns: Vec<String>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0">
            <table>
                <thead>
                    <tr>{columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
