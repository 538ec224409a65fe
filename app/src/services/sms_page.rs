//! The form of a provider of text messages.

use super::{
    api::{SaveSmsService, new_sms_service},
    names::{vendor_hint, vendor_name},
    routes::NEW_SERVICE_PATH,
    save_buttons::SaveButtons,
    sms::{Alphabet, SmsForm, SmsService, Vendor},
};
use crate::{
    error::AppError,
    ui::{
        action::{ActionForm, FormAction},
        brand,
        choice::Choice,
        field::Field,
        form::{FormProblem, failure, typed_before},
        load::Load,
        page::{Crumb, Loaded, NotFoundPage, PageHead},
        path_param, query,
        text_area::TextArea,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Who sends the messages of the new service.
#[component]
pub fn SmsVendorPage() -> impl IntoView {
    view! {
        <Crumb to=format!("{NEW_SERVICE_PATH}/provider") title=tr!(services.provider, brand = brand()) />
        <PageHead title=tr!(services.new_service, kind = tr!(services.sms)) lead=tr!(sms.vendor_lead) />
        <ul class="choices">
            {Vendor::ALL
                .into_iter()
                .map(|vendor| view! {
                    <li>
                        <A href=format!("{NEW_SERVICE_PATH}/sms/{}", vendor.as_str())>{vendor_name(vendor)}</A>
                        <p class="hint">{vendor_hint(vendor)}</p>
                    </li>
                })
                .collect_view()}
        </ul>
    }
}

/// The form of a new provider of text messages.
#[component]
pub fn NewSmsPage() -> impl IntoView {
    let vendor = path_param("vendor");
    let Ok(vendor) = vendor.parse::<Vendor>() else { return view! { <NotFoundPage /> }.into_any() };
    let service = Load::new(new_sms_service(vendor));
    view! {
        <Crumb to=format!("{NEW_SERVICE_PATH}/sms") title=tr!(services.sms) />
        <PageHead title=tr!(services.new_service, kind = vendor_name(vendor)) />
        <Loaded resource=service view=|service| view! { <SmsFields id=String::new() service /> } />
    }
    .into_any()
}

/// The form of a new or stored provider.
#[component]
pub fn SmsFields(
    /// The provider's id; empty for a new one.
    id: String,
    /// The provider.
    service: SmsService,
) -> impl IntoView {
    let save = FormAction::<SaveSmsService>::new();
    let error = failure(save);
    let SmsService { vendor, form, secret_set, enrolled, .. } = service;
    let form = typed_before_test(form);
    // What was typed as a secret stays in the field, where a script takes the page over.
    let tested = (query("done").as_deref() == Some("test_sent")).then(|| {
        view! {
            <p class="notice done">
                <span class="until-alive">{tr!(sms.test_sent)}</span>
                <span class="once-alive">{tr!(sms.done_test_sent, to = query("to").unwrap_or_default())}</span>
            </p>
        }
    });
    let (title, countries, daily, test_to) =
        (form.title.clone(), form.countries.clone(), form.daily.clone(), form.test_to.clone());
    let fields = match vendor {
        Vendor::Twilio => view! { <TwilioFields error form secret_set /> }.into_any(),
        Vendor::Gateway => view! { <GatewayFields error form secret_set /> }.into_any(),
        Vendor::Smpp => view! { <SmppFields error form secret_set /> }.into_any(),
    };
    view! {
        <ActionForm action=save attr:class="panel" attr:novalidate="">
            <FormProblem error />
            <div role="status">{tested}</div>
            {(enrolled > 0).then(|| view! { <p class="notice">{tr!(services.enrolled, count = enrolled)}</p> })}
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="form[vendor]" value=vendor.as_str() />
            <Field name="title" form_name="form[title]" label=tr!(services.field_title) error value=title autofocus=true />
            {fields}
            <fieldset>
                <legend>{tr!(sms.cost)}</legend>
                <div class="pair">
                    <Field name="countries" form_name="form[countries]" label=tr!(sms.countries) error value=countries hint=tr!(sms.countries_hint) />
                    <Field name="daily" form_name="form[daily]" label=tr!(sms.daily) error value=daily inputmode="numeric" hint=tr!(sms.daily_hint) />
                </div>
            </fieldset>
            <fieldset>
                <legend>{tr!(sms.test)}</legend>
                <Field
                    name="test_to"
                    form_name="form[test_to]"
                    label=tr!(sms.test_to)
                    error
                    kind="tel"
                    value=test_to
                    autocomplete="off"
                    optional=true
                    hint=tr!(sms.test_to_hint)
                />
            </fieldset>
            <SaveButtons />
        </ActionForm>
    }
}

/// After a test without JavaScript, what was typed comes back in the address.
fn typed_before_test(stored: SmsForm) -> SmsForm {
    if query("vendor").is_none() {
        return stored;
    }
    let typed = |name: &str| query(name).unwrap_or_default();
    SmsForm {
        title: typed("title"),
        vendor: stored.vendor,
        url: typed("url"),
        method: typed("method"),
        headers: typed("headers"),
        body: typed("body"),
        success: typed("success"),
        host: typed("host"),
        port: typed("port"),
        tls: typed("tls"),
        alphabet: typed("alphabet"),
        account: typed("account"),
        api_key: typed("api_key"),
        sender: typed("sender"),
        secret: String::new(),
        countries: typed("countries"),
        daily: typed("daily"),
        test_to: typed("test_to"),
    }
}

#[component]
fn TwilioFields(error: Signal<Option<AppError>>, form: SmsForm, secret_set: bool) -> impl IntoView {
    view! {
        <div class="pair">
            <Field name="account" form_name="form[account]" label=tr!(sms.account_sid) error value=form.account autocomplete="off" />
            <Field
                name="api_key"
                form_name="form[api_key]"
                label=tr!(sms.api_key_sid)
                error
                value=form.api_key
                autocomplete="off"
                optional=true
                hint=tr!(sms.api_key_hint)
            />
        </div>
        <SecretField error label=tr!(sms.auth_token) hint=tr!(sms.auth_token_hint) secret_set />
        <Field name="sender" form_name="form[sender]" label=tr!(sms.sender) error value=form.sender hint=tr!(sms.twilio_sender_hint) />
        <Field name="url" form_name="form[url]" label=tr!(sms.api_address) error kind="url" value=form.url hint=tr!(sms.api_address_hint) />
    }
}

#[component]
fn GatewayFields(error: Signal<Option<AppError>>, form: SmsForm, secret_set: bool) -> impl IntoView {
    let placeholders =
        tr!(sms.placeholders, to = "{{to}}", digits = "{{digits}}", text = "{{text}}", secret = "{{secret}}");
    view! {
        <p class="hint">{placeholders}</p>
        <Choice
            name="method"
            form_name="form[method]"
            label=tr!(sms.method)
            error
            chosen=form.method
            choices=["POST", "PUT", "GET"].map(|method| (method, method.to_owned())).to_vec()
        />
        <Field name="url" form_name="form[url]" label=tr!(sms.address) error value=form.url hint=tr!(sms.address_hint) />
        <TextArea name="headers" form_name="form[headers]" label=tr!(sms.headers) error value=form.headers hint=tr!(sms.headers_hint) />
        <TextArea name="body" form_name="form[body]" label=tr!(sms.body) error value=form.body />
        <SecretField error label=tr!(sms.secret) hint=tr!(sms.secret_hint) secret_set />
        <Field
            name="success"
            form_name="form[success]"
            label=tr!(sms.success)
            error
            value=form.success
            optional=true
            hint=tr!(sms.success_hint)
        />
    }
}

#[component]
fn SmppFields(error: Signal<Option<AppError>>, form: SmsForm, secret_set: bool) -> impl IntoView {
    let tls = typed_before(error, "tls").unwrap_or(form.tls);
    let alphabets = Alphabet::ALL.map(|alphabet| {
        let name = match alphabet {
            Alphabet::Gsm7 => tr!(sms.gsm7),
            Alphabet::Latin1 => tr!(sms.latin1),
        };
        (alphabet.as_str(), name)
    });
    view! {
        <div class="pair">
            <Field name="host" form_name="form[host]" label=tr!(services.host) error value=form.host />
            <Field name="port" form_name="form[port]" label=tr!(services.port) error value=form.port inputmode="numeric" />
        </div>
        <div class="check">
            <input type="checkbox" id="tls" name="form[tls]" value="on" checked=!tls.is_empty() />
            <label for="tls">{tr!(sms.tls)}</label>
        </div>
        <div class="pair">
            <Field name="account" form_name="form[account]" label=tr!(sms.system_id) error value=form.account autocomplete="off" />
            <SecretField error label=tr!(login.password) hint=tr!(services.password_hint) secret_set />
        </div>
        <Field name="sender" form_name="form[sender]" label=tr!(sms.sender) error value=form.sender hint=tr!(sms.smpp_sender_hint) />
        <Choice
            name="alphabet"
            form_name="form[alphabet]"
            label=tr!(sms.alphabet)
            error
            chosen=form.alphabet
            choices=alphabets.to_vec()
            hint=tr!(sms.alphabet_hint)
        />
    }
}

#[component]
fn SecretField(error: Signal<Option<AppError>>, label: String, hint: String, secret_set: bool) -> impl IntoView {
    view! {
        <Field
            name="secret"
            form_name="form[secret]"
            label
            error
            kind="password"
            autocomplete="new-password"
            optional=true
            hint=if secret_set { tr!(sms.secret_set) } else { hint }
        />
    }
}
