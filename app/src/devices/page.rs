//! The table of trusted devices.

use super::types::Device;
use crate::ui::{table::Table, time::Time};
use leptos::prelude::*;
use uuid::Uuid;

/// Trusted devices, one row each.
#[component]
pub fn DeviceTable<F>(
    /// The devices.
    devices: Vec<Device>,
    /// What can be done with one of them.
    action: F,
) -> impl IntoView
where
    F: Fn(Uuid) -> AnyView + Send + 'static,
{
    view! {
        <Table columns=[
            tr!(devices.browser),
            tr!(devices.address),
            tr!(devices.last_used),
            tr!(devices.expires),
            tr!(page.actions),
        ]>
            {devices
                .into_iter()
                .map(|device| view! {
                    <tr>
                        <td>
                            {device.browser} " "
                            {device.this_one.then(|| view! { <span class="badge on">{tr!(devices.this_one)}</span> })}
                        </td>
                        <td class="free" data-label=tr!(devices.address)>{device.address}</td>
                        <td data-label=tr!(devices.last_used)><Time at=device.last_used /></td>
                        <td data-label=tr!(devices.expires)><Time at=device.expires /></td>
                        <td class="actions">{action(device.id)}</td>
                    </tr>
                })
                .collect_view()}
        </Table>
    }
}
