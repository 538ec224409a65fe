//! The two-factor page: the entries, adding one, and proving it.

use super::{
    api::{DeleteEntry, PreferEntry, RegisterPasskey, SendCode, Verify, get_proving, overview},
    entry_cells::{EntryCells, entry_columns},
    types::{Choice, Country, Entry, Proving, SetUp, TwoFactor},
};
use crate::{
    account::tabs::OwnTabs,
    challenge::{
        api::SendNewCode,
        page::{CodeField, CodeIntro, ScreenHead},
        types::Purpose,
        ways::OtherWays,
    },
    error::{AppError, Refusal},
    island::island,
    login::types::Audience,
    passkey::{page::PasskeyButton, types::Ask},
    recovery::{api::MakeRecoveryCodes, own::OwnRecoveryCodes},
    services::types::Channel,
    sessions::own::OfferToEndOthers,
    step_up::page::ConfirmFirst,
    ui::{
        action::{ActionForm, FormAction},
        copy::CopyButton,
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure, problem_of, typed_before},
        icon::{self, LineIcon},
        icon_button::DeleteButton,
        load::Load,
        messages,
        page::{Loaded, PageHead, lead_to},
        strength::{StrengthBadge, StrengthNote, protects},
        table::Table,
        time::ZoneNote,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;
use std::cmp::Reverse;

/// The entries of the signed-in account, and the form that adds one.
#[component]
pub fn TwoFactorPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    view! {
        <PageHead title=tr!(enrollment.title) lead=tr!(enrollment.lead) />
        <OwnTabs audience />
        <DoneNotice />
        <OfferToEndOthers audience />
        <OwnEntries audience />
    }
}

/// The entries and the form for another one, as a part of a page.
#[component]
pub fn OwnEntries(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let send_code = FormAction::<SendCode>::new();
    let delete = FormAction::<DeleteEntry>::new();
    let prefer = FormAction::<PreferEntry>::new();
    let make = FormAction::<MakeRecoveryCodes>::new();
    let two_factor = Load::new(overview(audience));
    view! {
        <FormProblem error=failure(delete) />
        <FormProblem error=failure(prefer) />
        <Loaded resource=two_factor view=move |TwoFactor { entries, choices, countries, email, pending, disabled, recovery_codes, stepped_up }| {
            let nothing_offered = entries.is_empty() && choices.is_empty();
            view! {
                {disabled.then(|| view! { <p class="notice problem" role="alert">{messages::error(&AppError::refused(Refusal::FactorDisabled))}</p> })}
                {nothing_offered.then(|| view! { <p class="notice">{tr!(enrollment.nothing_offered)}</p> })}
                {(!stepped_up && !nothing_offered).then(|| view! { <ConfirmFirst audience reason=tr!(step_up.needed_factor) /> })}
                {(!entries.is_empty()).then(|| view! { <Entries audience entries prefer delete /> })}
                {recovery_codes.map(|left| view! { <OwnRecoveryCodes audience left make /> })}
                {pending.then(|| view! { <p class="notice">{tr!(enrollment.pending)} " " <A href=audience.verify_path()>{tr!(enrollment.pending_link)}</A></p> })}
                {(stepped_up && !choices.is_empty()).then(|| view! { <AddEntry audience choices countries email send_code /> })}
            }
        } />
    }
}

#[component]
fn Entries(
    audience: Audience,
    entries: Vec<Entry>,
    prefer: FormAction<PreferEntry>,
    delete: FormAction<DeleteEntry>,
) -> impl IntoView {
    let several = entries.len() > 1;
    let mut columns = entry_columns();
    columns.push(tr!(page.actions));
    view! {
        <section class="panel" aria-labelledby="entries">
            <h2 id="entries">{tr!(enrollment.entries)}</h2>
            <Table columns>
                {entries
                    .into_iter()
                    .map(|entry| view! {
                        <tr>
                            <EntryCells entry=entry.clone() preferred=several && entry.preferred />
                            <td class="actions">
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
                                    <DeleteButton />
                                </ActionForm>
                            </td>
                        </tr>
                    })
                    .collect_view()}
            </Table>
            <p class="hint"><ZoneNote /></p>
        </section>
    }
}

#[component]
fn AddEntry(
    audience: Audience,
    choices: Vec<Choice>,
    countries: Vec<Country>,
    email: String,
    send_code: FormAction<SendCode>,
) -> impl IntoView {
    let error = failure(send_code);
    let offers = |channel| choices.iter().any(|choice| choice.kind == channel);
    let (by_email, by_text) = (offers(Channel::Smtp), offers(Channel::Sms));
    let sends = choices.iter().any(|choice| choice.kind.sends());
    let goes_on = choices.iter().any(|choice| !choice.kind.sends());
    view! {
        <section class="panel" aria-labelledby="add-entry">
            <h2 id="add-entry">{tr!(enrollment.add)}</h2>
            <ActionForm action=send_code attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <TypeCards choices error />
                {by_email.then(|| view! {
                    <div data-for="smtp">
                        <Field
                            name="email"
                            label=tr!(enrollment.email_address)
                            error
                            kind="email"
                            value=email
                            autocomplete="email"
                            hint=tr!(enrollment.email_hint)
                        />
                    </div>
                })}
                {by_text.then(|| view! { <div data-for="sms"><PhoneFields error countries /></div> })}
                <div class="buttons">
                    <button
                        type="submit"
                        class="primary"
                    >
                        {sends.then(|| view! { <span data-for="smtp sms">{tr!(enrollment.send_code)}</span> })}
                        {goes_on.then(|| view! { <span data-for="authenticator passkey">{tr!(enrollment.go_on)}</span> })}
                    </button>
                </div>
            </ActionForm>
        </section>
    }
}

/// The types that there are to choose from, the strongest first. What belongs to one alone has its name in `data-for`,
/// and the style sheet shows it while that one is chosen: so it works without JavaScript too.
#[component]
fn TypeCards(mut choices: Vec<Choice>, error: Signal<Option<AppError>>) -> impl IntoView {
    if let [only] = choices.as_slice() {
        return view! {
            <input type="hidden" name="method" value=only.id.to_string() />
            <p class="method">{only.title.clone()}</p>
            <StrengthNote channel=only.kind />
        }
        .into_any();
    }
    choices.sort_by_key(|choice| Reverse(choice.kind.strength()));
    let typed = typed_before(error, "method");
    let chosen = choices.iter().position(|choice| typed == Some(choice.id.to_string())).unwrap_or(0);
    let strongest = choices.first().map(|choice| choice.kind.strength());
    // Where all protect alike, none is better than the others.
    let one_is_better = choices.last().map(|choice| choice.kind.strength()) != strongest;
    view! {
        <fieldset class="types">
            <legend>{tr!(enrollment.verification_type)}</legend>
            {choices
                .into_iter()
                .enumerate()
                .map(|(n, choice)| {
                    let recommended = n == 0 && one_is_better;
                    view! {
                        <label class="type">
                            <input
                                type="radio"
                                name="method"
                                value=choice.id.to_string()
                                checked=n == chosen
                                data-channel=choice.kind.as_str()
                                aria-labelledby=format!("method-{n}")
                                aria-describedby=format!("method-{n}-hint")
                            />
                            <LineIcon path=icon::of_channel(choice.kind) />
                            <span id=format!("method-{n}")>{choice.title}</span>
                            <span class="hint" id=format!("method-{n}-hint")>
                                {recommended.then(|| view! { <span class="badge on">{tr!(enrollment.recommended)}</span> " " })}
                                <StrengthBadge channel=choice.kind /> " " {protects(choice.kind)}
                            </span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
    .into_any()
}

/// A phone number with the country that it is written for.
#[component]
fn PhoneFields(error: Signal<Option<AppError>>, countries: Vec<Country>) -> impl IntoView {
    let typed = typed_before(error, "country");
    let problem = Memo::new(move |_| problem_of(error, "country"));
    view! {
        <div class="pair">
            <div class="field">
                <label for="country">{tr!(enrollment.country)}</label>
                <select
                    id="country"
                    name="country"
                    autocomplete="country"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    aria-describedby=move || problem.with(Option::is_some).then_some("country-problem")
                >
                    {countries
                        .into_iter()
                        .map(|Country { code, name, calling }| {
                            let selected = typed.as_ref() == Some(&code);
                            view! { <option value=code selected=selected>{format!("{name} (+{calling})")}</option> }
                        })
                        .collect_view()}
                </select>
                {move || problem.get().map(|text| view! { <p class="field-problem" id="country-problem">{text}</p> })}
            </div>
            <Field
                name="phone"
                label=tr!(enrollment.phone_number)
                error
                kind="tel"
                autocomplete="tel-national"
                inputmode="tel"
                hint=tr!(enrollment.phone_hint)
            />
        </div>
    }
}

/// Proves a new entry by the code that was sent to it, or that the app shows.
#[component]
pub fn TwoFactorVerifyPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let verify = FormAction::<Verify>::new();
    let send_new_code = FormAction::<SendNewCode>::new();
    let register = FormAction::<RegisterPasskey>::new();
    // Only one of the two forms is shown.
    let error = Signal::derive(move || failure(verify).get().or_else(|| failure(register).get()));
    let proving = Load::new(get_proving(audience));
    view! {
        <ScreenHead resource=proving title=proving_title />
        <section class="panel">
            <Loaded resource=proving view=move |Proving { screen, set_up }| {
                if screen.problem == Some(Refusal::NoChallenge) && error.with_untracked(Option::is_none) {
                    lead_to(audience.two_factor_path());
                }
                let sends = screen.kind.sends();
                let begins_again = sends || screen.kind == Channel::Passkey;
                let ceremony = screen.passkey.clone();
                let other = match screen.kind {
                    Channel::Smtp | Channel::Sms => None,
                    Channel::Authenticator => Some(tr!(challenge.try_again)),
                    Channel::Passkey => Some(tr!(login.other_method)),
                };
                let change = sends.then(|| audience.two_factor_path().to_owned());
                view! {
                    {set_up.map(|set_up| view! { <AppSetUp set_up /> })}
                    <CodeIntro audience purpose=Purpose::Enroll screen=screen.clone() failures=[error, failure(send_new_code)] change />
                    {if screen.kind == Channel::Passkey {
                        view! {
                            <ActionForm action=register attr:novalidate="">
                                <FormProblem error />
                                <input type="hidden" name="audience" value=audience.as_str() />
                                {ceremony.map(|ceremony| view! {
                                    <Field name="name" label=tr!(passkey.name) error autocomplete="off" hint=tr!(passkey.name_hint) autofocus=true />
                                    {island(PasskeyButton { ask: Ask::Register, options: ceremony.options, origin: ceremony.origin })}
                                })}
                            </ActionForm>
                        }
                        .into_any()
                    } else {
                        view! {
                            <ActionForm action=verify attr:novalidate="">
                                <FormProblem error />
                                <input type="hidden" name="audience" value=audience.as_str() />
                                <CodeField kind=screen.kind error />
                                <SubmitButton label=tr!(challenge.verify) />
                            </ActionForm>
                        }
                        .into_any()
                    }}
                    {begins_again.then(|| view! {
                        <OtherWays audience purpose=Purpose::Enroll screen error send_new_code />
                    })}
                    {other.map(|other| view! { <p><A href=audience.two_factor_path()>{other}</A></p> })}
                }
            } />
        </section>
    }
}

fn proving_title(proving: Proving) -> String {
    if proving.screen.kind == Channel::Passkey { tr!(passkey.register_title) } else { tr!(challenge.title) }
}

/// What an authenticator app is set up with: a picture to scan, a link on the phone itself, or a key to type.
#[component]
fn AppSetUp(set_up: SetUp) -> impl IntoView {
    let SetUp { key, uri, qr_code } = set_up;
    let to_copy = key.replace(' ', "");
    view! {
        <ol class="app-steps">
            <li>
                <p>{tr!(enrollment.app_scan)}</p>
                <div class="qr" role="img" aria-label=tr!(enrollment.app_qr) inner_html=qr_code></div>
                <p><a href=uri rel="external">{tr!(enrollment.app_link)}</a></p>
            </li>
            <li>
                <p>{tr!(enrollment.app_or_key)}</p>
                <div class="field">
                    <label for="setup-key">{tr!(enrollment.setup_key)}</label>
                    <output id="setup-key" class="key">{key}</output>
                </div>
                <p>{island(CopyButton { text: to_copy, label: tr!(enrollment.copy_key) })}</p>
            </li>
            <li><p>{tr!(enrollment.app_prove)}</p></li>
        </ol>
    }
}
