//! The pages of secondary auths.

use super::{
    api::{
        DeleteSecondaryAuth, RestoreSecondaryAuth, SaveSecondaryAuth, get_secondary_auth, list_deleted_secondary_auths,
        list_secondary_auths,
    },
    routes::{NEW_SECONDARY_AUTH_PATH, SECONDARY_AUTH_PATH},
    types::{DeletedSecondaryAuth, SecondaryAuth, SecondaryAuthForm, ServiceChoice},
};
use crate::{
    policy::routes::SERVICES_MANAGER_PATH,
    services::routes::NEW_SERVICE_PATH,
    ui::{
        action::{ActionForm, FormAction},
        choice::Select,
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        icon_button::{DeleteButton, EditLink},
        load::Load,
        page::{Crumb, Loaded, PageHead},
        path_param,
        strength::StrengthBadge,
        table::Table,
        time::Time,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// All secondary auths.
#[component]
pub fn SecondaryAuthListPage() -> impl IntoView {
    let delete = FormAction::<DeleteSecondaryAuth>::new();
    let restore = FormAction::<RestoreSecondaryAuth>::new();
    let list = Load::new(list_secondary_auths());
    let deleted = Load::new(list_deleted_secondary_auths());
    view! {
        <Crumb to=SERVICES_MANAGER_PATH title=tr!(policy.services_manager) />
        <div class="head-row">
            <PageHead title=tr!(secondary_auth.title) lead=tr!(secondary_auth.lead) />
            <A href=NEW_SECONDARY_AUTH_PATH attr:class="button primary">{tr!(page.add_new)}</A>
        </div>
        <DoneNotice failures=[failure(delete), failure(restore)] />
        <FormProblem error=failure(delete) />
        <FormProblem error=failure(restore) />
        <Loaded resource=list view=move |list| {
            if list.is_empty() {
                view! { <p class="empty">{tr!(secondary_auth.empty)}</p> }.into_any()
            } else {
                view! { <SecondaryAuthTable list delete /> }.into_any()
            }
        } />
        <Loaded resource=deleted view=move |deleted| {
            (!deleted.is_empty()).then(|| view! { <DeletedSection deleted restore /> })
        } />
    }
}

/// What was deleted in the last day and can be brought back.
#[component]
fn DeletedSection(deleted: Vec<DeletedSecondaryAuth>, restore: FormAction<RestoreSecondaryAuth>) -> impl IntoView {
    let columns = vec![
        tr!(services.field_title),
        tr!(secondary_auth.service),
        tr!(secondary_auth.enrolled),
        tr!(page.deleted),
        tr!(page.actions),
    ];
    view! {
        <section class="panel" aria-labelledby="deleted-auths">
            <h2 id="deleted-auths">{tr!(page.deleted_title)}</h2>
            <p class="hint">{tr!(secondary_auth.deleted_hint)}</p>
            <Table columns>
                {deleted
                    .into_iter()
                    .map(|item| view! {
                        <tr>
                            <td class="free">{item.title}</td>
                            <td class="free" data-label=tr!(secondary_auth.service)>{item.service}</td>
                            <td data-label=tr!(secondary_auth.enrolled)>{item.enrolled}</td>
                            <td data-label=tr!(page.deleted)>
                                <Time at=item.at /> " " <span class="hint">{tr!(configuration.changed_by, who = item.by)}</span>
                            </td>
                            <td class="actions">
                                <ActionForm action=restore>
                                    <input type="hidden" name="id" value=item.id.to_string() />
                                    <button type="submit" class="secondary">{tr!(page.restore)}</button>
                                </ActionForm>
                            </td>
                        </tr>
                    })
                    .collect_view()}
            </Table>
        </section>
    }
}

#[component]
fn SecondaryAuthTable(list: Vec<SecondaryAuth>, delete: FormAction<DeleteSecondaryAuth>) -> impl IntoView {
    view! {
        <Table
            panel=true
            columns=[
                tr!(services.field_title),
                tr!(secondary_auth.service),
                tr!(strength.title),
                tr!(secondary_auth.enrolled),
                tr!(page.actions),
            ]
        >
            {list
                .into_iter()
                .map(|item| {
                    let id = item.id.to_string();
                    let edit_path = format!("{SECONDARY_AUTH_PATH}/{id}");
                    view! {
                        <tr>
                            <td class="free"><A href=edit_path.clone()>{item.title}</A></td>
                            <td class="free" data-label=tr!(secondary_auth.service)>
                                <div>
                                    {item.service} " "
                                    {(!item.service_active).then(|| view! { <span class="badge">{tr!(page.inactive)}</span> })}
                                    {(!item.fallbacks.is_empty()).then(|| view! {
                                        <p class="hint">{tr!(secondary_auth.then, titles = item.fallbacks.join(", "))}</p>
                                    })}
                                </div>
                            </td>
                            <td data-label=tr!(strength.title)><StrengthBadge channel=item.kind /></td>
                            <td data-label=tr!(secondary_auth.enrolled)>{item.enrolled}</td>
                            <td class="actions">
                                <EditLink href=edit_path />
                                <ActionForm action=delete>
                                    <input type="hidden" name="id" value=id />
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

/// The form of a new or stored secondary auth.
#[component]
pub fn SecondaryAuthFormPage() -> impl IntoView {
    let id = path_param("id");
    let form = Load::new(get_secondary_auth(id.clone()));
    let title = if id.is_empty() { tr!(secondary_auth.new_title) } else { tr!(secondary_auth.edit_title) };
    view! {
        <Crumb to=SECONDARY_AUTH_PATH title=tr!(secondary_auth.title) />
        <PageHead title />
        <Loaded resource=form view=move |form| {
            if form.services.is_empty() {
                view! {
                    <p class="empty">
                        {tr!(secondary_auth.no_services)} " "
                        <A href=NEW_SERVICE_PATH>{tr!(secondary_auth.add_service)}</A>
                    </p>
                }
                .into_any()
            } else {
                view! { <SecondaryAuthFields id=id.clone() form /> }.into_any()
            }
        } />
    }
}

#[component]
fn SecondaryAuthFields(id: String, form: SecondaryAuthForm) -> impl IntoView {
    let save = FormAction::<SaveSecondaryAuth>::new();
    let error = failure(save);
    let chosen = form.service_id.map(|id| id.to_string()).unwrap_or_default();
    let options = |services: Vec<ServiceChoice>| {
        services.into_iter().map(|service| (service.id.to_string(), service.title)).collect::<Vec<_>>()
    };
    let stored = form.fallback_ids;
    // With one provider there is nothing that could stand in for it.
    let fallbacks = (form.fallbacks.len() > 1).then(|| {
        let places = [("fallback_1", tr!(secondary_auth.fallback_1)), ("fallback_2", tr!(secondary_auth.fallback_2))];
        let selects = places.into_iter().enumerate().map(|(place, (name, label))| {
            let chosen = stored.get(place).map(ToString::to_string).unwrap_or_default();
            let options = options(form.fallbacks.clone());
            view! { <Select name label error none=tr!(secondary_auth.no_fallback) chosen options /> }
        });
        let selects = selects.collect_view();
        view! {
            {selects}
            <p class="hint">{tr!(secondary_auth.fallback_hint)}</p>
        }
    });
    view! {
        <ActionForm action=save attr:class="panel" attr:novalidate="">
            <FormProblem error />
            <input type="hidden" name="id" value=id />
            <Select name="service" label=tr!(secondary_auth.service) error chosen options=options(form.services) />
            <Field name="title" label=tr!(services.field_title) error value=form.title hint=tr!(secondary_auth.title_hint) autofocus=true />
            {fallbacks}
            <div class="buttons">
                <SubmitButton label=tr!(page.save) />
                <A href=SECONDARY_AUTH_PATH attr:class="quiet">{tr!(page.cancel)}</A>
            </div>
        </ActionForm>
    }
}

/// Asks for confirmation before a secondary auth is removed, and with it the entries of those who use it.
#[component]
pub fn DeleteSecondaryAuthPage() -> impl IntoView {
    let id = path_param("id");
    let delete = FormAction::<DeleteSecondaryAuth>::new();
    let form = Load::new(get_secondary_auth(id.clone()));
    view! {
        <PageHead title=tr!(secondary_auth.delete_title) />
        <Loaded resource=form view=move |form| {
            let id = id.clone();
            view! {
            <ActionForm action=delete attr:class="panel">
                <FormProblem error=failure(delete) />
                <p>
                    {match form.enrolled {
                        0 => tr!(secondary_auth.delete_unused, title = form.title),
                        count => tr!(secondary_auth.delete_warning, title = form.title, count = count),
                    }}
                </p>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="confirmed" value="on" />
                <div class="buttons">
                    <button type="submit" class="danger">{tr!(page.delete)}</button>
                    <A href=SECONDARY_AUTH_PATH attr:class="quiet">{tr!(page.cancel)}</A>
                </div>
            </ActionForm>
            }
        } />
    }
}
