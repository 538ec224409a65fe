//! New codes, which are shown only once, with the ways to keep them. Download is a link that holds its own file, so
//! that it needs neither JavaScript nor another request; copying and printing need JavaScript.

use super::{keep_by_script::LivingWays, types::in_groups};
use crate::{island::island, ui::brand};
use leptos::prelude::*;
use leptos_router::location::Url;

/// The codes, and the ways to keep them.
#[component]
pub fn FreshCodes(
    /// The codes, without groups.
    codes: Vec<String>,
    /// The day that they were made.
    day: String,
    /// The page to go on to.
    next: &'static str,
) -> impl IntoView {
    let codes: Vec<String> = codes.iter().map(|code| in_groups(code)).collect();
    // The file says what it is for and not whose it is: who finds it should not know where it fits.
    let about = tr!(recovery.file_lead, brand = brand(), day = day);
    let file = format!("{about}\r\n\r\n{}\r\n", codes.join("\r\n"));
    let href = format!("data:text/plain;charset=utf-8,{}", Url::escape(&file));
    let text = codes.join("\n");
    view! {
        <section class="panel fresh-codes" aria-labelledby="fresh-codes">
            <h2 id="fresh-codes">{tr!(recovery.fresh_title)}</h2>
            <p class="notice">{tr!(recovery.fresh_lead)}</p>
            <ol class="codes">{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ol>
            <div class="buttons">
                <a class="button secondary" href=href download="recovery-codes.txt">{tr!(recovery.download)}</a>
                {island(LivingWays { text })}
            </div>
            <form method="get" action=next>
                <input type="hidden" name="done" value="recovery_saved" />
                <button type="submit" class="primary">{tr!(recovery.saved)}</button>
            </form>
        </section>
    }
}
