//! The pages of service providers.

use super::{
    api::{DeleteService, SavePlainService, SetServiceActive, get_service, list_services, new_service},
    day_page::DaySection,
    names::{channel_hint, channel_name},
    routes::{NEW_SERVICE_PATH, SERVICES_PATH, service_path},
    sms_page::SmsFields,
    smtp_page::SmtpFields,
    types::{AnyService, Channel, PlainService, Service},
};
use crate::{
    policy::routes::SERVICES_MANAGER_PATH,
    ui::{
        action::{ActionForm, FormAction},
        brand,
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        icon_button::{DeleteButton, EditLink},
        load::Load,
        page::{Crumb, Loaded, PageHead},
        path_param,
        strength::StrengthNote,
        table::Table,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// All service providers.
#[component]
pub fn ServiceListPage() -> impl IntoView {
    let delete = FormAction::<DeleteService>::new();
    let set_active = FormAction::<SetServiceActive>::new();
    let services = Load::new(list_services());
    view! {
        <Crumb to=SERVICES_MANAGER_PATH title=tr!(policy.services_manager) />
        <div class="head-row">
            <PageHead title=tr!(services.title) lead=tr!(services.lead) />
            <A href=NEW_SERVICE_PATH attr:class="button primary">{tr!(page.add_new)}</A>
        </div>
        <DoneNotice failures=[failure(delete), failure(set_active)] />
        <FormProblem error=failure(delete) />
        <FormProblem error=failure(set_active) />
        <Loaded resource=services view=move |services| {
            if services.is_empty() {
                view! { <p class="empty">{tr!(services.empty)}</p> }.into_any()
            } else {
                view! { <ServiceTable services set_active delete /> }.into_any()
            }
        } />
    }
}

#[component]
fn ServiceTable(
    services: Vec<Service>,
    set_active: FormAction<SetServiceActive>,
    delete: FormAction<DeleteService>,
) -> impl IntoView {
    view! {
        <Table
            panel=true
            columns=[
                tr!(services.field_title),
                tr!(services.kind),
                tr!(services.target),
                tr!(services.status),
                tr!(page.actions),
            ]
        >
            {services
                .into_iter()
                .map(|service| {
                    let edit_path = service_path(service.id);
                    let id = service.id.to_string();
                    let delete_id = id.clone();
                    view! {
                        <tr>
                            <td class="free"><A href=edit_path.clone()>{service.title}</A></td>
                            <td data-label=tr!(services.kind)>{channel_name(service.kind)}</td>
                            <td class="free" data-label=tr!(services.target)>{service.target}</td>
                            <td data-label=tr!(services.status)>
                                <span class="badge" class:on=service.active>
                                    {if service.active { tr!(page.active) } else { tr!(page.inactive) }}
                                </span>
                            </td>
                            <td class="actions">
                                <ActionForm action=set_active>
                                    <input type="hidden" name="id" value=id />
                                    <input type="hidden" name="active" value=(!service.active).to_string() />
                                    <button type="submit" class="quiet">
                                        {if service.active { tr!(services.deactivate) } else { tr!(services.activate) }}
                                    </button>
                                </ActionForm>
                                <EditLink href=edit_path />
                                <ActionForm action=delete>
                                    <input type="hidden" name="id" value=delete_id />
                                    <DeleteButton />
                                </ActionForm>
                            </td>
                        </tr>
                    }
                })
                .collect_view()}
        </Table>
    }
}

/// Who provides the new service.
#[component]
pub fn AddServicePage() -> impl IntoView {
    view! {
        <Crumb to=SERVICES_PATH title=tr!(services.title) />
        <PageHead title=tr!(services.new_title) lead=tr!(services.new_lead) />
        <ul class="choices">
            <li>
                <A href=format!("{NEW_SERVICE_PATH}/provider")>{tr!(services.provider, brand = brand())}</A>
                <p class="hint">{tr!(services.provider_hint)}</p>
            </li>
        </ul>
    }
}

/// Which type the new service is of.
#[component]
pub fn ServiceTypePage() -> impl IntoView {
    view! {
        <Crumb to=NEW_SERVICE_PATH title=tr!(services.new_title) />
        <PageHead title=tr!(services.provider, brand = brand()) lead=tr!(services.type_lead) />
        <ul class="choices">
            {Channel::ALL
                .into_iter()
                .map(|channel| view! {
                    <li>
                        <A href=format!("{NEW_SERVICE_PATH}/{}", channel.as_str())>{channel_name(channel)}</A>
                        <p class="hint">{channel_hint(channel)}</p>
                        <StrengthNote channel />
                    </li>
                })
                .collect_view()}
        </ul>
    }
}

/// The form of a new provider.
#[component]
pub fn NewServicePage(
    /// What it is.
    channel: Channel,
) -> impl IntoView {
    let service = Load::new(new_service(channel));
    view! {
        <Crumb to=format!("{NEW_SERVICE_PATH}/provider") title=tr!(services.provider, brand = brand()) />
        <PageHead title=tr!(services.new_service, kind = channel_name(channel)) />
        <Loaded resource=service view=|service| view! { <ServiceFields id=String::new() service /> } />
    }
}

/// The form of a stored provider.
#[component]
pub fn ServicePage() -> impl IntoView {
    let id = path_param("id");
    let service = Load::new(get_service(id.clone()));
    view! {
        <Crumb to=SERVICES_PATH title=tr!(services.title) />
        <PageHead title=tr!(services.edit_service) />
        <Loaded resource=service view=move |service| {
            let sends = matches!(service, AnyService::Smtp(_) | AnyService::Sms(_));
            view! {
                <ServiceFields id=id.clone() service />
                {sends.then(|| view! { <DaySection id=id.clone() /> })}
            }
        } />
    }
}

#[component]
fn ServiceFields(id: String, service: AnyService) -> impl IntoView {
    match service {
        AnyService::Smtp(service) => view! { <SmtpFields id service /> }.into_any(),
        AnyService::Sms(service) => view! { <SmsFields id service /> }.into_any(),
        AnyService::Plain(service) => view! { <PlainFields id service /> }.into_any(),
    }
}

/// The form of a provider that has nothing but a title.
#[component]
fn PlainFields(id: String, service: PlainService) -> impl IntoView {
    let save = FormAction::<SavePlainService>::new();
    let error = failure(save);
    let PlainService { kind: channel, title, enrolled, passkeys_at, .. } = service;
    let needs = (channel == Channel::Passkey).then(|| match passkeys_at {
        Some(origin) => view! { <p class="notice">{tr!(passkey.opens_at, origin = origin)}</p> }.into_any(),
        None => view! { <p class="notice problem">{tr!(passkey.needs_host_name)}</p> }.into_any(),
    });
    view! {
        <ActionForm action=save attr:class="panel" attr:novalidate="">
            <FormProblem error />
            <p>{channel_hint(channel)}</p>
            {needs}
            {(enrolled > 0).then(|| view! { <p class="notice">{tr!(services.enrolled_plain, count = enrolled)}</p> })}
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="kind" value=channel.as_str() />
            <Field name="title" label=tr!(services.field_title) error value=title autofocus=true />
            <div class="buttons">
                <SubmitButton label=tr!(page.save) />
                <A href=SERVICES_PATH attr:class="quiet">{tr!(page.cancel)}</A>
            </div>
        </ActionForm>
    }
}
