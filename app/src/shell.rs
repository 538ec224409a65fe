//! The document around the pages, and the list of the features that have some.

use crate::{
    account, approvals, audit, configuration, customers, dashboard, delivery, enrollment, invitation,
    login::{self, types::Audience},
    not_me, password, policy, recovery, registration, secondary_auth, services, step_up,
    ui::{
        form::watch_typing,
        frame::{AccountFrame, AdminFrame},
        lead_on::{LeadOn, lead_on},
        page::{NotFoundPage, NotFoundWithin},
        route::Page,
    },
    users,
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment as S,
    components::{ParentRoute, Router, Routes},
    path,
};

/// The HTML document around the interface.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="application-name" content=crate::ui::brand() />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The interface: the pages of every feature, and the frames around them.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Effect::new(|_| request_animation_frame(mark_alive));
    watch_typing();
    let way = lead_on();
    view! {
        // External: the router would scroll there and leave the focus behind.
        <a class="skip" href="#main" rel="external">{tr!(frame.skip)}</a>
        <Router>
            <step_up::intention::Intentions />
            <LeadOn way />
            <Routes fallback=NotFoundPage>
                <login::routes::EntryRoutes />
                <password::routes::EntryRoutes />
                <not_me::routes::EntryRoutes />
                <recovery::routes::EntryRoutes />
                <registration::routes::EntryRoutes />
                <account::routes::EntryRoutes />
                <invitation::routes::EntryRoutes />
                <ParentRoute ssr=SsrMode::Async path=S("account") view=AccountFrame>
                    <account::routes::AccountRoutes />
                    <step_up::routes::AccountRoutes />
                    <recovery::routes::AccountRoutes />
                    <enrollment::routes::AccountRoutes />
                    <Page path=path!("/*any") view=|| view! { <NotFoundWithin audience=Audience::Customer /> } />
                </ParentRoute>
                <ParentRoute ssr=SsrMode::Async path=S("admin") view=AdminFrame>
                    <dashboard::routes::AdminRoutes />
                    <approvals::routes::AdminRoutes />
                    <audit::routes::AdminRoutes />
                    <policy::routes::AdminRoutes />
                    <configuration::routes::AdminRoutes />
                    <services::routes::AdminRoutes />
                    <secondary_auth::routes::AdminRoutes />
                    <delivery::routes::AdminRoutes />
                    <account::routes::AdminRoutes />
                    <step_up::routes::AdminRoutes />
                    <enrollment::routes::AdminRoutes />
                    // Before `users` and `customers`, whose `:id/:help` would take the address of the helpdesk code.
                    <recovery::routes::AdminRoutes />
                    <users::routes::AdminRoutes />
                    <customers::routes::AdminRoutes />
                    <Page path=path!("/*any") view=|| view! { <NotFoundWithin audience=Audience::Admin /> } />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Marks the document as hydrated, for browser tests of what needs JavaScript.
fn mark_alive() {
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-alive", "");
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        audit::routes::AUDIT_PATH,
        configuration::routes::CONFIGURATION_PATH,
        delivery::routes::DELIVERIES_PATH,
        policy::routes::{
            SERVICES_MANAGER_PATH, SETTINGS_PATH, SETUP_PATH, disallow_path, forbid_path, two_factor_auth_path,
        },
        recovery::routes::helpdesk_path,
        registration::routes::REGISTER_PATH,
        secondary_auth::routes::{NEW_SECONDARY_AUTH_PATH, SECONDARY_AUTH_PATH},
        services::{
            routes::{NEW_SERVICE_PATH, SERVICES_PATH, service_path},
            types::Channel,
        },
        users::routes::{account_path, invite_path, list_path},
    };
    use uuid::Uuid;

    #[test]
    fn every_address_has_its_page() {
        let routes: Vec<String> =
            leptos_axum::generate_route_list(App).iter().map(|route| route.path().to_owned()).collect();
        let mut addresses = vec![
            REGISTER_PATH.to_owned(),
            AUDIT_PATH.to_owned(),
            CONFIGURATION_PATH.to_owned(),
            SETTINGS_PATH.to_owned(),
            SETUP_PATH.to_owned(),
            SERVICES_MANAGER_PATH.to_owned(),
            SERVICES_PATH.to_owned(),
            NEW_SERVICE_PATH.to_owned(),
            service_path(Uuid::nil()),
            SECONDARY_AUTH_PATH.to_owned(),
            NEW_SECONDARY_AUTH_PATH.to_owned(),
            DELIVERIES_PATH.to_owned(),
        ];
        for audience in Audience::ALL {
            addresses.extend([
                audience.login_path().to_owned(),
                audience.code_path().to_owned(),
                audience.methods_path().to_owned(),
                audience.home_path().to_owned(),
                audience.forgot_path().to_owned(),
                audience.recovery_path().to_owned(),
                audience.confirm_recovery_path().to_owned(),
                audience.recovery_codes_path().to_owned(),
                audience.security_path().to_owned(),
                audience.email_path().to_owned(),
                audience.confirm_path().to_owned(),
                audience.confirm_code_path().to_owned(),
                audience.confirm_methods_path().to_owned(),
                audience.two_factor_path().to_owned(),
                audience.verify_path().to_owned(),
                list_path(audience).to_owned(),
                account_path(audience, Uuid::nil()),
                invite_path(audience),
                helpdesk_path(audience, "{id}"),
                forbid_path(audience, Channel::Smtp),
                two_factor_auth_path(audience),
                disallow_path(audience),
            ]);
        }
        for address in addresses {
            let address = address.replace(&Uuid::nil().to_string(), "{id}");
            let address = match (address.split_once("/forbid/"), address.split_once("services-manager/two-factor/")) {
                (Some((before, _)), _) => format!("{before}/forbid/{{audience}}/{{kind}}"),
                (_, Some((before, rest))) => {
                    let last = if rest.ends_with("/off") { "/off" } else { "" };
                    format!("{before}services-manager/two-factor/{{audience}}{last}")
                }
                _ => address,
            };
            assert!(routes.contains(&address), "{address} is none of {routes:#?}");
        }
    }
}
