//! The two-factor page: the entries, adding one, and proving it.

use super::{
    api::{DeleteEntry, PreferEntry, SendCode, SendNewCode, Verify, get_code_screen, overview},
    types::{Choice, Entry, TwoFactor},
};
use crate::{
    challenge::page::{CodeField, CodeIntro, SendNewCodeButton},
    error::{AppError, Refusal},
    login::types::Audience,
    sessions::own::OfferToEndOthers,
    step_up::page::ConfirmFirst,
    ui::{
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, count_changes, failure, forget},
        icon::DeleteIcon,
        page::{Loaded, PageHead},
        words,
    },
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::A;

/// The entries of one's own account, and adding one.
#[component]
pub fn TwoFactorPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    view! {
        <PageHead title=tr!(enrollment.title) lead=tr!(enrollment.lead) />
        <DoneNotice />
        <OfferToEndOthers audience />
        <OwnEntries audience changes=RwSignal::new(0) />
    }
}

/// The entries and the form for another one, as a part of a page.
#[component]
pub fn OwnEntries(
    /// Whose page it is.
    audience: Audience,
    /// What was changed on the page so far.
    changes: RwSignal<u32>,
) -> impl IntoView {
    let send_code = ServerAction::<SendCode>::new();
    let delete = ServerAction::<DeleteEntry>::new();
    let prefer = ServerAction::<PreferEntry>::new();
    count_changes(changes, delete);
    count_changes(changes, prefer);
    forget(delete, send_code);
    forget(send_code, delete);
    let two_factor = Resource::new(move || changes.get(), move |_| overview(audience));
    view! {
        <FormProblem error=failure(delete) />
        <FormProblem error=failure(prefer) />
        <Loaded resource=two_factor view=move |TwoFactor { entries, choices, email, pending, disabled, stepped_up }| {
            let nothing_offered = entries.is_empty() && choices.is_empty();
            view! {
                {disabled.then(|| view! { <p class="notice problem" role="alert">{words::error(&AppError::refused(Refusal::FactorDisabled))}</p> })}
                {nothing_offered.then(|| view! { <p class="notice">{tr!(enrollment.nothing_offered)}</p> })}
                {(!stepped_up && !nothing_offered).then(|| view! { <ConfirmFirst audience reason=tr!(step_up.needed_factor) /> })}
                {(!entries.is_empty()).then(|| view! { <Entries audience entries actions=stepped_up.then_some((prefer, delete)) /> })}
                {pending.then(|| view! { <p class="notice">{tr!(enrollment.pending)} " " <A href=audience.verify_path()>{tr!(enrollment.pending_link)}</A></p> })}
                {(stepped_up && !choices.is_empty()).then(|| view! { <AddEntry audience choices email send_code /> })}
            }
        } />
    }
}

#[component]
fn Entries(
    audience: Audience,
    entries: Vec<Entry>,
    actions: Option<(ServerAction<PreferEntry>, ServerAction<DeleteEntry>)>,
) -> impl IntoView {
    let several = entries.len() > 1;
    view! {
        <section class="panel" aria-labelledby="entries">
            <h2 id="entries">{tr!(enrollment.entries)}</h2>
            <div class="scroll" tabindex="0">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{tr!(enrollment.type_)}</th>
                            <th scope="col">{tr!(enrollment.destination)}</th>
                            <th scope="col">{tr!(enrollment.added)}</th>
                            <th scope="col">{tr!(enrollment.last_used)}</th>
                            <th scope="col">{tr!(page.actions)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {entries
                            .into_iter()
                            .map(|entry| view! {
                                <tr>
                                    <td>
                                        {entry.title}
                                        {(several && entry.preferred).then(|| view! { <span class="badge on">{tr!(enrollment.preferred)}</span> })}
                                        {(!entry.usable).then(|| view! { <span class="badge">{tr!(enrollment.unusable)}</span> })}
                                    </td>
                                    <td>{entry.destination}</td>
                                    <td><span class="time">{entry.added}</span></td>
                                    <td><span class="time">{entry.last_used.unwrap_or_else(|| tr!(enrollment.never))}</span></td>
                                    <td class="actions">
                                        {actions.map(|(prefer, delete)| view! {
                                            {(several && !entry.preferred).then(|| view! {
                                                <ActionForm action=prefer>
                                                    <input type="hidden" name="audience" value=audience.as_str() />
                                                    <input type="hidden" name="id" value=entry.id.to_string() />
                                                    <button type="submit" class="quiet">{tr!(enrollment.prefer)}</button>
                                                </ActionForm>
                                            })}
                                            <ActionForm action=delete>
                                                <input type="hidden" name="audience" value=audience.as_str() />
                                                <input type="hidden" name="id" value=entry.id.to_string() />
                                                <button type="submit" class="icon-button danger" aria-label=tr!(page.delete) title=tr!(page.delete)>
                                                    <DeleteIcon />
                                                </button>
                                            </ActionForm>
                                        })}
                                    </td>
                                </tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="hint">{tr!(page.utc)}</p>
        </section>
    }
}

#[component]
fn AddEntry(
    audience: Audience,
    choices: Vec<Choice>,
    email: String,
    send_code: ServerAction<SendCode>,
) -> impl IntoView {
    let error = failure(send_code);
    let typed = error.with_untracked(|error| error.as_ref().and_then(|e| e.typed("method").cloned()));
    let method = match choices.as_slice() {
        [only] => view! {
            <input type="hidden" name="method" value=only.id.to_string() />
            <p class="method">{only.title.clone()} " · " <span class="strength">{tr!(enrollment.email_strength)}</span></p>
        }
        .into_any(),
        _ => view! {
            <div class="field">
                <label for="method">{tr!(enrollment.verification_type)}</label>
                <select id="method" name="method">
                    {choices
                        .into_iter()
                        .map(|choice| {
                            let id = choice.id.to_string();
                            let selected = typed.as_ref() == Some(&id);
                            view! { <option value=id selected=selected>{choice.title}</option> }
                        })
                        .collect_view()}
                </select>
                <p class="hint">{tr!(enrollment.email_strength)}</p>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="add-entry">
            <h2 id="add-entry">{tr!(enrollment.add)}</h2>
            <ActionForm action=send_code attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                {method}
                <Field
                    name="email"
                    label=tr!(enrollment.email_address)
                    error
                    kind="email"
                    value=email
                    autocomplete="email"
                    hint=tr!(enrollment.email_hint)
                />
                <SubmitButton pending=send_code.pending() label=tr!(enrollment.send_code) />
            </ActionForm>
        </section>
    }
}

/// Proves a new entry by the code that was sent to it.
#[component]
pub fn TwoFactorVerifyPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let verify = ServerAction::<Verify>::new();
    let send_new_code = ServerAction::<SendNewCode>::new();
    forget(verify, send_new_code);
    forget(send_new_code, verify);
    let error = failure(verify);
    let screen = Resource::new(move || send_new_code.version().get(), move |_| get_code_screen(audience));
    view! {
        <PageHead title=tr!(challenge.title) />
        <section class="panel">
            <Loaded resource=screen view=move |screen| view! {
                <CodeIntro screen=screen.clone() failures=[error, failure(send_new_code)] />
                <ActionForm action=verify attr:novalidate="">
                    <FormProblem error />
                    <input type="hidden" name="audience" value=audience.as_str() />
                    <CodeField error />
                    <SubmitButton pending=verify.pending() label=tr!(challenge.verify) />
                </ActionForm>
                <ActionForm action=send_new_code>
                    <input type="hidden" name="audience" value=audience.as_str() />
                    <SendNewCodeButton resend_in=screen.resend_in pending=send_new_code.pending() />
                    <FormProblem error=failure(send_new_code) />
                </ActionForm>
            } />
            <p><A href=audience.two_factor_path()>{tr!(enrollment.other_destination)}</A></p>
        </section>
    }
}
