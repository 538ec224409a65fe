//! The button that requests a passkey from the browser.

use super::{
    browser,
    types::{Ask, Ceremony, PasskeyQuestion, SIGN_IN, Trouble},
};
use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::{
    ev::MouseEvent,
    html::{Button, Input},
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::HtmlElement,
};

/// Asks for a passkey and posts the form that it stands in with the answer. While the page is not alive, which it never
/// is without JavaScript, it says what is missing.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct PasskeyButton {
    /// What the key is asked for.
    pub(crate) ask: Ask,
    /// The options of the browser's call, as JSON.
    pub(crate) options: String,
    /// Where browsers allow the passkeys of this site.
    pub(crate) origin: String,
}

impl Island for PasskeyButton {
    const NAME: &'static str = "passkey-button";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self {
            ask: Ask::named(&told.text("ask")?)?,
            options: told.text("options")?,
            origin: told.text("origin")?,
        })
    }

    fn view(self) -> impl IntoView {
        let Self { ask, options, origin } = self;
        // At the sign-in the form asks for a code as well, so this is another way, which needs JavaScript.
        let signs_in = ask == Ask::SignIn;
        let (answer, question, button) = (NodeRef::<Input>::new(), NodeRef::<Input>::new(), NodeRef::<Button>::new());
        let alive = RwSignal::new(false);
        let asking = RwSignal::new(false);
        let trouble = RwSignal::new(None::<(Trouble, String)>);
        Effect::new(move |_| alive.set(true));
        let press = move |event: MouseEvent| {
            let waiting = asking.get_untracked();
            if !waiting && lacks(button, if signs_in { &["email", "password"] } else { &["name"] }) {
                return;
            }
            // The form is posted once there is an answer.
            event.prevent_default();
            if waiting {
                return;
            }
            let told = PasskeyQuestion { options: options.clone(), origin: origin.clone(), question: String::new() };
            let form = button.get_untracked().and_then(|button| button.form());
            asking.set(true);
            trouble.set(None);
            spawn_local(async move {
                let result = match form {
                    Some(form) if signs_in => answer_to(ask, browser::question(&form).await).await,
                    _ => answer_to(ask, Some(told)).await,
                };
                // The page may be another one by now.
                let _ = asking.try_set(false);
                match result {
                    Ok((json, sealed)) => post(&[(answer, json), (question, sealed)], button),
                    Err(reason) => {
                        trouble.try_set(Some(reason));
                        request_animation_frame(focus_trouble);
                    }
                }
            });
        };
        let label = match ask {
            Ask::Register => tr!(passkey.register),
            Ask::Use | Ask::SignIn => tr!(passkey.use_),
        };
        view! {
            <input type="hidden" name=if signs_in { "answer" } else { "code" } node_ref=answer />
            {signs_in.then(|| view! { <input type="hidden" name="question" node_ref=question /> })}
            {move || trouble.get().map(|(reason, origin)| view! {
                <div class="notice problem" role="alert" tabindex="-1" id="passkey-trouble">
                    <p>{explain(reason, &origin)}</p>
                    {(reason == Trouble::Elsewhere).then(|| view! { <p><a href=origin.clone()>{origin.clone()}</a></p> })}
                </div>
            })}
            <button
                node_ref=button
                type="submit"
                class=if signs_in { "secondary" } else { "primary" }
                class:busy=move || asking.get()
                formaction=signs_in.then_some(SIGN_IN)
                hidden=move || signs_in && !alive.get()
                disabled=move || !alive.get()
                aria-disabled=move || asking.get().then_some("true")
                on:click=press
            >
                {label}
            </button>
            {move || (!signs_in && !alive.get()).then(|| view! { <p class="hint">{tr!(passkey.needs_javascript)}</p> })}
            {move || asking.get().then(|| view! { <p class="hint" role="status">{tr!(passkey.asking)}</p> })}
        }
    }
}

/// What the key says to a question, with what that is checked against; or why there is no answer, and where there may be.
async fn answer_to(ask: Ask, told: Option<PasskeyQuestion>) -> Result<(String, String), (Trouble, String)> {
    let Some(PasskeyQuestion { options, origin, question }) = told else {
        return Err((Trouble::Failed, String::new()));
    };
    let ceremony = Ceremony { options, origin };
    match browser::ask(ask, &ceremony).await {
        Ok(json) => Ok((json, question)),
        Err(trouble) => Err((trouble, ceremony.origin)),
    }
}

/// Whether the form has one of these fields and nothing stands in it; the server says so without troubling the key.
fn lacks(button: NodeRef<Button>, fields: &[&str]) -> bool {
    let Some(form) = button.get_untracked().and_then(|button| button.form()) else { return false };
    fields.iter().any(|name| browser::field(&form, name).is_some_and(|field| field.value().trim().is_empty()))
}

fn post(fields: &[(NodeRef<Input>, String)], button: NodeRef<Button>) {
    for (field, value) in fields {
        if let Some(input) = field.try_get_untracked().flatten() {
            input.set_value(value);
        }
    }
    if let Some(button) = button.try_get_untracked().flatten()
        && let Some(form) = button.form()
    {
        let _ = form.request_submit_with_submitter(Some(&button));
    }
}

fn focus_trouble() {
    let found = document().get_element_by_id("passkey-trouble").and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(found) = found {
        let _ = found.focus();
    }
}

fn explain(trouble: Trouble, origin: &str) -> String {
    match trouble {
        Trouble::Unsupported => tr!(passkey.unsupported),
        Trouble::Elsewhere => tr!(passkey.elsewhere, origin = origin.to_owned()),
        Trouble::Cancelled => tr!(passkey.cancelled),
        Trouble::Known => tr!(passkey.known),
        Trouble::Failed => tr!(passkey.failed),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::SIGN_IN;
    use crate::{
        login::api::{LogInWithPasskey, PasskeyQuestion},
        passkey::types::QUESTION,
    };
    use leptos::server_fn::ServerFn;

    #[test]
    fn the_browser_knows_the_addresses() {
        assert_eq!((QUESTION, SIGN_IN), (PasskeyQuestion::PATH, LogInWithPasskey::PATH));
    }
}
