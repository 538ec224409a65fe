//! The document around the pages, and the list of the features that have some.

use crate::{
    account, approvals, audit,
    brand::{self, routes::file_path},
    configuration, customers, dashboard, delivery, enrollment,
    error::AppError,
    invitation,
    login::{self, types::Audience},
    message_templates, not_me, password, policy, recovery, registration, secondary_auth, services, site_files, step_up,
    texts::{ELEMENT, spoken},
    ui::{
        frame::{AccountFrame, AdminFrame},
        messages,
        page::{NotFoundPage, NotFoundWithin},
        route::Page,
    },
    users,
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment as S,
    components::{ParentRoute, Router, Routes},
    path,
};

/// The HTML document around the interface.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    // Only islands are hydrated: nothing of what the pages load has to be written down for the browser.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let language = spoken();
    // After ours, whose colours it replaces.
    let look = crate::ui::look();
    let sheet = look.sheet.clone();
    let (icon, kind) = match &look.pictures.icon {
        Some(icon) => (file_path(&icon.file), "image/png"),
        None => ("/favicon.svg".to_owned(), "image/svg+xml"),
    };
    view! {
        <!DOCTYPE html>
        <html lang=language.as_str() dir=language.dir()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="application-name" content=crate::ui::brand() />
                <link rel="icon" href=icon r#type=kind />
                <link rel="stylesheet" href=site_files::address(&options, "css") />
                {sheet.map(|sheet| view! { <link rel="stylesheet" href=file_path(&sheet) /> })}
                <BrowserSide options />
                <MetaTags />
            </head>
            <body data-spent=is_spent(&path).then_some("") data-confirms=confirms(&path).then_some("")>
                <App />
                // Shown by a form that got no answer.
                <template id="no-answer">
                    <div class="notice problem no-answer" role="alert" tabindex="-1"><p>{messages::error(&AppError::Offline)}</p></div>
                </template>
                {island_texts()}
            </body>
        </html>
    }
}

/// Whether a page has nothing more to say once its form is done, so that Back leads past it.
fn is_spent(path: &str) -> bool {
    let own = |audience: Audience| {
        [audience.login_path(), audience.confirm_path(), audience.verify_path()]
            .iter()
            .any(|page| path.starts_with(page))
    };
    let within = Audience::ALL.iter().any(|audience| path.starts_with(audience.home_path()));
    let question = ["/off", "/delete", "/deactivate", "/reset"].iter().any(|end| path.ends_with(end))
        || ["/forbid/", "/delete/"].iter().any(|part| path.contains(part));
    !within || question || Audience::ALL.into_iter().any(own)
}

/// Whether a page is one of those that confirm who somebody is.
fn confirms(path: &str) -> bool {
    Audience::ALL.iter().any(|audience| path.starts_with(audience.confirm_path()))
}

/// Loads the script and brings the page to life, once the browser has nothing else to show.
#[component]
fn BrowserSide(options: LeptosOptions) -> impl IntoView {
    let [script, wasm] = ["js", "wasm"].map(|kind| site_files::address(&options, kind));
    let start = format!("import init from '{script}'; init({{ module_or_path: '{wasm}' }});");
    view! {
        <link rel="modulepreload" href=script crossorigin="anonymous" />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=leptos::nonce::use_nonce()>{start}</script>
    }
}

/// What the islands of a page may say later in another language than English.
fn island_texts() -> impl IntoView {
    let texts = spoken().in_browser();
    texts.map(|texts| view! { <script id=ELEMENT type="application/json" inner_html=texts></script> })
}

/// The interface: the pages of every feature, and the frames around them.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        // External: the router would scroll there and leave the focus behind.
        <a class="skip" href="#main" rel="external">{tr!(frame.skip)}</a>
        <Router>
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
                    <message_templates::routes::AdminRoutes />
                    <brand::routes::AdminRoutes />
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::routes::AUDIT_PATH,
        configuration::routes::CONFIGURATION_PATH,
        delivery::routes::DELIVERIES_PATH,
        policy::routes::{SERVICES_MANAGER_PATH, SETUP_PATH, disallow_path, forbid_path, two_factor_auth_path},
        recovery::routes::helpdesk_path,
        registration::routes::REGISTER_PATH,
        secondary_auth::routes::{NEW_SECONDARY_AUTH_PATH, SECONDARY_AUTH_PATH},
        services::{
            routes::{NEW_SERVICE_PATH, SERVICES_PATH, service_path},
            types::Channel,
        },
        users::{
            account::Tab,
            routes::{account_path, invite_path, list_path, tab_path},
        },
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
                tab_path(audience, Uuid::nil(), Tab::TwoFactor),
                tab_path(audience, Uuid::nil(), Tab::Activity),
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

    #[test]
    fn pages_that_are_spent_are_known() {
        for path in
            ["/login", "/login/code", "/admin/login/methods", "/account/confirm/code", "/register/x", "/setup/x"]
        {
            assert!(is_spent(path), "{path}");
        }
        for path in ["/account/two-factor/verify", "/account/two-factor/delete/x", "/admin/x/services/y/delete"] {
            assert!(is_spent(path), "{path}");
        }
        for path in ["/account", "/account/two-factor", "/admin/settings/setup/configuration", "/admin/customers/x"] {
            assert!(!is_spent(path), "{path}");
        }
    }
}
