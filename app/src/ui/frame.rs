//! The frames around the pages: the header with the account menu, the navigation and the main part.

use crate::{
    account::api::get_me,
    login::{api::LogOut, types::Audience},
    policy::api::SERVICES_MANAGER_PATH,
    ui::{brand, icon::ShieldIcon},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::{A, Outlet};

/// The brand, as a link home.
#[component]
fn BrandLink(href: &'static str) -> impl IntoView {
    view! {
        <a class="brand" href=href>
            <ShieldIcon />
            <span>{brand()}</span>
        </a>
    }
}

/// The frame of the pages before signing in.
#[component]
pub fn EntryFrame(
    /// Where the brand leads.
    home: &'static str,
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="entry">
            <header><BrandLink href=home /></header>
            <main id="main" class="card">{children()}</main>
        </div>
    }
}

/// The menu in the upper right.
#[component]
fn AccountMenu(audience: Audience) -> impl IntoView {
    let log_out = ServerAction::<LogOut>::new();
    let me = Resource::new(|| (), move |()| get_me(audience));
    view! {
        <nav class="account-menu" aria-label=tr!(frame.account_menu)>
            <Transition>
                {move || Suspend::new(async move { me.await.ok().map(|me| view! { <span class="who" title=me.email>{me.name}</span> }) })}
            </Transition>
            {(audience == Audience::Admin).then(|| view! { <A href=audience.security_path()>{tr!(frame.my_profile)}</A> })}
            <ActionForm action=log_out>
                <input type="hidden" name="audience" value=audience.as_str() />
                <button type="submit" class="quiet">{tr!(frame.log_out)}</button>
            </ActionForm>
        </nav>
    }
}

/// The frame of the customers' account pages.
#[component]
pub fn AccountFrame() -> impl IntoView {
    view! {
        <header class="top">
            <BrandLink href="/account" />
            <AccountMenu audience=Audience::Customer />
        </header>
        <main id="main" class="narrow"><Outlet /></main>
    }
}

/// A link of the navigation; `exact` marks it only on its own page. Erased, or the types of the frame grow too deep.
fn nav_link(href: &'static str, exact: bool, label: String) -> AnyView {
    view! { <A href=href exact=exact>{label}</A> }.into_any()
}

/// The frame of the administrators' console.
#[component]
pub fn AdminFrame() -> impl IntoView {
    view! {
        <header class="top">
            <BrandLink href="/admin" />
            <AccountMenu audience=Audience::Admin />
        </header>
        <div class="console">
            <nav class="side" aria-label=tr!(frame.navigation)>
                <ul>
                    <li>{nav_link("/admin", true, tr!(dashboard.title))}</li>
                    <li>{nav_link("/admin/customers", false, tr!(customers.title))}</li>
                    <li>{nav_link("/admin/audit", false, tr!(audit.title))}</li>
                    <li>
                        {nav_link("/admin/settings", true, tr!(frame.settings))}
                        <ul>
                            <li>
                                {nav_link("/admin/settings/setup", true, tr!(frame.setup))}
                                <ul>
                                    <li>{nav_link("/admin/settings/setup/configuration", false, tr!(configuration.title))}</li>
                                    <li>{nav_link(SERVICES_MANAGER_PATH, false, tr!(policy.services_manager))}</li>
                                    <li>{nav_link("/admin/settings/setup/users", false, tr!(users.title))}</li>
                                </ul>
                            </li>
                        </ul>
                    </li>
                </ul>
            </nav>
            <main id="main"><Outlet /></main>
        </div>
    }
}
