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
            {(audience == Audience::Admin).then(|| view! { <A href=audience.two_factor_path()>{tr!(frame.my_profile)}</A> })}
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
                    <li><A href="/admin" exact=true>{tr!(dashboard.title)}</A></li>
                    <li><A href="/admin/customers">{tr!(customers.title)}</A></li>
                    <li><A href="/admin/audit">{tr!(audit.title)}</A></li>
                    <li>
                        <A href="/admin/settings" exact=true>{tr!(frame.settings)}</A>
                        <ul>
                            <li>
                                <A href="/admin/settings/setup" exact=true>{tr!(frame.setup)}</A>
                                <ul>
                                    <li><A href="/admin/settings/setup/configuration">{tr!(configuration.title)}</A></li>
                                    <li><A href=SERVICES_MANAGER_PATH>{tr!(policy.services_manager)}</A></li>
                                    <li><A href="/admin/settings/setup/users">{tr!(users.title)}</A></li>
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
