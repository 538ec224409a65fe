//! One's own trusted devices, and revoking them.

use super::{
    api::{RevokeAllDevices, RevokeDevice, list_devices},
    page::DeviceTable,
};
use crate::{
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        icon_button::DeleteButton,
        load::Load,
        page::Loaded,
        time::ZoneNote,
    },
};
use leptos::prelude::*;

/// The section of the account's trusted devices.
#[component]
pub fn OwnDevices(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let revoke = FormAction::<RevokeDevice>::new();
    let revoke_all = FormAction::<RevokeAllDevices>::new();
    let devices = Load::new(list_devices(audience));
    let revoke_one = move |id: uuid::Uuid| {
        view! {
            <ActionForm action=revoke>
                <input type="hidden" name="audience" value=audience.as_str() />
                <input type="hidden" name="id" value=id.to_string() />
                <DeleteButton />
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="devices">
            <h2 id="devices">{tr!(devices.title)}</h2>
            <FormProblem error=failure(revoke) />
            <FormProblem error=failure(revoke_all) />
            <Loaded resource=devices view=move |devices| {
                if devices.is_empty() {
                    return view! { <p class="hint">{tr!(devices.empty)}</p> }.into_any();
                }
                view! {
                    <p class="hint">{tr!(devices.lead)} " " <ZoneNote /></p>
                    <DeviceTable devices action=revoke_one />
                    <ActionForm action=revoke_all>
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <button type="submit" class="secondary">{tr!(devices.revoke_all)}</button>
                    </ActionForm>
                }
                .into_any()
            } />
        </section>
    }
}
