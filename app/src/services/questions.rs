//! What is asked before a provider is stopped or deleted.

use super::{
    api::{DeleteService, SetServiceActive, get_service},
    routes::SERVICES_PATH,
};
use crate::ui::{
    action::{ActionForm, FormAction},
    load::Load,
};
use crate::ui::{
    form::{FormProblem, failure},
    page::{Loaded, PageHead},
    path_param,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Asks for confirmation before a provider that people receive codes through is stopped.
#[component]
pub fn DeactivateServicePage() -> impl IntoView {
    let id = path_param("id");
    let set_active = FormAction::<SetServiceActive>::new();
    let service = Load::new(get_service(id.clone()));
    view! {
        <PageHead title=tr!(services.deactivate_title) />
        <Loaded resource=service view=move |service| {
            let id = id.clone();
            view! {
                <ActionForm action=set_active attr:class="panel">
                    <FormProblem error=failure(set_active) />
                    <p>{tr!(services.deactivate_warning, title = service.title().to_owned(), count = service.enrolled())}</p>
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="active" value="false" />
                    <input type="hidden" name="confirmed" value="on" />
                    <div class="buttons">
                        <button type="submit" class="danger">{tr!(services.deactivate)}</button>
                        <A href=SERVICES_PATH attr:class="quiet">{tr!(page.cancel)}</A>
                    </div>
                </ActionForm>
            }
        } />
    }
}

/// Asks for confirmation before a provider is deleted with its settings.
#[component]
pub fn DeleteServicePage() -> impl IntoView {
    let id = path_param("id");
    let delete = FormAction::<DeleteService>::new();
    let service = Load::new(get_service(id.clone()));
    view! {
        <PageHead title=tr!(services.delete_title) />
        <Loaded resource=service view=move |service| {
            let id = id.clone();
            view! {
                <ActionForm action=delete attr:class="panel">
                    <FormProblem error=failure(delete) />
                    <p>{tr!(services.delete_warning, title = service.title().to_owned())}</p>
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="confirmed" value="on" />
                    <div class="buttons">
                        <button type="submit" class="danger">{tr!(page.delete)}</button>
                        <A href=SERVICES_PATH attr:class="quiet">{tr!(page.cancel)}</A>
                    </div>
                </ActionForm>
            }
        } />
    }
}
