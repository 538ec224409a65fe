//! The form of a mail server.

use super::{
    api::{FillPreset, SaveService},
    presets::Preset,
    save_buttons::SaveButtons,
    sign_in::SignIn,
    types::{Encryption, SmtpForm, SmtpService},
};
use crate::{
    error::AppError,
    ui::{
        action::{ActionForm, FormAction},
        choice::Choice,
        field::Field,
        form::{FormProblem, failure, problem_of},
        query,
        text_area::TextArea,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The form of a new or stored mail server.
#[component]
pub fn SmtpFields(
    /// The provider's id; empty for a new one.
    id: String,
    /// The provider.
    service: SmtpService,
) -> impl IntoView {
    let save = FormAction::<SaveService>::new();
    let error = failure(save);
    let SmtpService { form, password_set, client_set, enrolled, .. } = service;
    let preset = query("preset").filter(|_| id.is_empty()).and_then(|name| name.parse::<Preset>().ok());
    let form = match preset {
        Some(preset) => preset.fill(form.clone(), &form),
        None => form,
    };
    let user_name_hint = preset.map_or_else(|| tr!(services.user_name_hint), Preset::user_name_hint);
    let password_hint = match preset {
        Some(preset) => preset.password_hint(),
        None if password_set => tr!(services.password_set),
        None => tr!(services.password_hint),
    };
    let more = form.clone();
    // What was typed as a secret stays in the field, where a script takes the page over.
    let tested = (query("done").as_deref() == Some("test_sent")).then(|| {
        view! {
            <p class="notice done">
                <span class="until-alive">{tr!(services.test_sent)}</span>
                <span class="once-alive">{tr!(done.test_sent, email = query("to").unwrap_or_default())}</span>
            </p>
        }
    });
    let encryptions = Encryption::ALL.map(|encryption| {
        let name = match encryption {
            Encryption::None => tr!(services.encryption_none),
            Encryption::StartTls => "STARTTLS".to_owned(),
            Encryption::Tls => "TLS".to_owned(),
        };
        (encryption.as_str(), name)
    });
    view! {
        <ActionForm action=save attr:class="panel" attr:novalidate="">
            {id.is_empty().then(|| view! { <Presets chosen=preset /> })}
            <FormProblem error />
            <div role="status">{tested}</div>
            {(enrolled > 0).then(|| view! { <p class="notice">{tr!(services.enrolled, count = enrolled)}</p> })}
            <input type="hidden" name="id" value=id />
            <Field name="title" form_name="form[title]" label=tr!(services.field_title) error value=typed("title", form.title) autofocus=true />
            <div class="pair">
                <Field name="host" form_name="form[host]" label=tr!(services.host) error value=typed("host", form.host) hint=preset.and_then(Preset::host_hint).unwrap_or_default() />
                <Field name="port" form_name="form[port]" label=tr!(services.port) error value=typed("port", form.port) inputmode="numeric" />
            </div>
            <Choice
                name="encryption"
                form_name="form[encryption]"
                label=tr!(services.encryption)
                error
                chosen=typed("encryption", form.encryption)
                choices=encryptions.to_vec()
            />
            <div class="pair">
                <Field
                    name="user_name"
                    form_name="form[user_name]"
                    label=tr!(services.user_name)
                    error
                    value=typed("user_name", form.user_name)
                    autocomplete="off"
                    optional=true
                    hint=user_name_hint
                />
                <Field
                    name="password"
                    form_name="form[password]"
                    label=tr!(login.password)
                    error
                    kind="password"
                    autocomplete="new-password"
                    optional=true
                    hint=password_hint
                />
            </div>
            <div class="pair">
                <Field name="from_address" form_name="form[from_address]" label=tr!(services.from_address) error kind="email" value=typed("from_address", form.from_address) />
                <Field name="from_name" form_name="form[from_name]" label=tr!(services.from_name) error value=typed("from_name", form.from_name) optional=true />
            </div>
            <SignInFields error form=more.clone() client_set />
            <MoreFields error form=more />
            <p class="hint">{tr!(services.test_goes_to)}</p>
            <SaveButtons />
        </ActionForm>
    }
}

/// The services whose settings are known. A button sends the form along, so that what is typed already comes back; a
/// secret does not, unless a script takes the page over. The Enter key saves: its button is the first one of a form, seen
/// or not.
#[component]
fn Presets(chosen: Option<Preset>) -> impl IntoView {
    let choose = move |preset: Preset| {
        view! {
            <li>
                <button
                    type="submit"
                    formaction=FillPreset::PATH
                    name="preset"
                    value=preset.as_str()
                    class="secondary"
                    aria-current=(chosen == Some(preset)).then_some("true")
                >
                    {preset.name()}
                </button>
            </li>
        }
    };
    view! {
        <button type="submit" hidden></button>
        <div class="presets" role="group" aria-labelledby="presets">
            <p id="presets" class="hint">{tr!(services.presets)}</p>
            <ul class="buttons">{Preset::ALL.map(choose).collect_view()}</ul>
        </div>
    }
}

/// After a test or a preset what was typed comes back in the address, with the proof that it is ours
/// (`http/redirect.rs`). Of no other address anything is shown.
fn typed(name: &str, stored: String) -> String {
    query(name).filter(|_| matches!(query("done").as_deref(), Some("test_sent" | "preset"))).unwrap_or(stored)
}

/// Where a token takes the place of the password.
#[component]
fn SignInFields(error: Signal<Option<AppError>>, form: SmtpForm, client_set: bool) -> impl IntoView {
    let ways = SignIn::ALL.map(|way| {
        let name = match way {
            SignIn::Password => tr!(services.sign_in_password),
            SignIn::Microsoft => tr!(services.sign_in_microsoft),
            SignIn::MicrosoftApp => tr!(services.sign_in_microsoft_app),
            SignIn::Google => tr!(services.sign_in_google),
        };
        (way.as_str(), name)
    });
    let sign_in = typed("sign_in", form.sign_in);
    let used = sign_in.parse::<SignIn>().is_ok_and(SignIn::by_token);
    let kept = move |hint: String| if client_set { tr!(services.client_set) } else { hint };
    let fields = ["sign_in", "client_id", "client_secret", "refresh_token", "tenant", "token_url"];
    view! {
        <Unfolding title=tr!(services.oauth) error used fields=fields.to_vec()>
            <p class="hint">{tr!(services.oauth_hint)}</p>
            <Choice name="sign_in" form_name="form[sign_in]" label=tr!(services.sign_in) error chosen=sign_in choices=ways.to_vec() />
            <div class="pair">
                <Field
                    name="client_id"
                    form_name="form[client_id]"
                    label=tr!(services.client_id)
                    error
                    value=typed("client_id", form.client_id)
                    autocomplete="off"
                    optional=true
                    hint=tr!(services.client_id_hint)
                />
                <Field
                    name="client_secret"
                    form_name="form[client_secret]"
                    label=tr!(services.client_secret)
                    error
                    kind="password"
                    autocomplete="new-password"
                    optional=true
                    hint=kept(tr!(services.password_hint))
                />
            </div>
            <Field
                name="refresh_token"
                form_name="form[refresh_token]"
                label=tr!(services.refresh_token)
                error
                kind="password"
                autocomplete="new-password"
                optional=true
                hint=kept(tr!(services.refresh_token_hint))
            />
            <div class="pair">
                <Field
                    name="tenant"
                    form_name="form[tenant]"
                    label=tr!(services.tenant)
                    error
                    value=typed("tenant", form.tenant)
                    autocomplete="off"
                    optional=true
                    hint=tr!(services.tenant_hint)
                />
                <Field
                    name="token_url"
                    form_name="form[token_url]"
                    label=tr!(services.token_url)
                    error
                    kind="url"
                    value=typed("token_url", form.token_url)
                    autocomplete="off"
                    optional=true
                    hint=tr!(services.token_url_hint)
                />
            </div>
        </Unfolding>
    }
}

/// What only some mail servers need.
#[component]
fn MoreFields(error: Signal<Option<AppError>>, form: SmtpForm) -> impl IntoView {
    let (reply_to, ehlo_name, ca) =
        (typed("reply_to", form.reply_to), typed("ehlo_name", form.ehlo_name), typed("ca", form.ca));
    let used = [&reply_to, &ehlo_name, &ca].iter().any(|value| !value.is_empty());
    view! {
        <Unfolding title=tr!(services.more) error used fields=vec!["reply_to", "ehlo_name", "ca"]>
            <div class="pair">
                <Field
                    name="reply_to"
                    form_name="form[reply_to]"
                    label=tr!(services.reply_to)
                    error
                    kind="email"
                    value=reply_to
                    autocomplete="off"
                    optional=true
                    hint=tr!(services.reply_to_hint)
                />
                <Field
                    name="ehlo_name"
                    form_name="form[ehlo_name]"
                    label=tr!(services.ehlo_name)
                    error
                    value=ehlo_name
                    autocomplete="off"
                    optional=true
                    hint=tr!(services.ehlo_name_hint)
                />
            </div>
            <TextArea name="ca" form_name="form[ca]" label=tr!(services.ca) error value=ca hint=tr!(services.ca_hint) />
        </Unfolding>
    }
}

/// A part of a form that is folded away until it is used, or something in it is wrong.
#[component]
fn Unfolding(
    title: String,
    error: Signal<Option<AppError>>,
    used: bool,
    fields: Vec<&'static str>,
    children: Children,
) -> impl IntoView {
    let open = Memo::new(move |_| used || fields.iter().any(|name| problem_of(error, name).is_some()));
    view! {
        <details class="unfolding" open=move || open.get()>
            <summary>{title}</summary>
            <div>{children()}</div>
        </details>
    }
}
