//! The frames around the pages: the header with the account menu, the navigation and the main part.

use crate::{
    account::{shared::load_me, types::Me},
    approvals::routes::APPROVALS_PATH,
    audit::routes::AUDIT_PATH,
    brand::routes::{BRAND_PATH, file_path},
    configuration::routes::CONFIGURATION_PATH,
    customers::routes::CUSTOMERS_PATH,
    dashboard::guide::Guide,
    delivery::routes::DELIVERIES_PATH,
    error::AppError,
    island::island,
    language::switch::LanguageSwitch,
    login::{api::LogOut, types::Audience},
    message_templates::routes::MESSAGE_TEMPLATES_PATH,
    policy::routes::{SERVICES_MANAGER_PATH, SETTINGS_PATH, SETUP_PATH},
    secondary_auth::routes::SECONDARY_AUTH_PATH,
    services::routes::SERVICES_PATH,
    ui::{
        action::{ActionForm, FormAction},
        icon::{self, LineIcon, ShieldIcon},
        idle::IdleWarning,
        load::Load,
        look,
    },
    users::routes::USERS_PATH,
};
use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

/// The brand, as a link home.
#[component]
fn BrandLink(href: &'static str) -> impl IntoView {
    let look = look();
    let name = look.name.clone();
    let mark = match look.pictures.logos() {
        Some((light, dark)) => {
            let dark = (dark != light).then(|| {
                view! { <source media="(prefers-color-scheme: dark)" srcset=file_path(&dark.file) /> }
            });
            let (width, height) = (light.width, light.height);
            view! { <picture>{dark}<img src=file_path(&light.file) alt=name width=width height=height /></picture> }
                .into_any()
        }
        None => view! { <ShieldIcon /> <span>{name}</span> }.into_any(),
    };
    view! { <a class="brand" href=href>{mark}</a> }
}

/// The frame of the pages before signing in.
#[component]
pub fn EntryFrame(
    /// Where the link of the brand goes.
    home: &'static str,
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="entry">
            <header><BrandLink href=home /></header>
            <main id="main" class="card">{children()}</main>
            <LanguageSwitch />
        </div>
    }
}

/// The menu in the upper right.
#[component]
fn AccountMenu(audience: Audience, me: Load<Me>) -> impl IntoView {
    let log_out = FormAction::<LogOut>::new();
    view! {
        <nav class="account-menu" aria-label=tr!(frame.account_menu)>
            <Transition>
                {move || Suspend::new(async move { me.await.ok().map(|me| view! { <span class="who" title=me.email>{me.name}</span> }) })}
            </Transition>
            {(audience == Audience::Admin).then(|| view! {
                <A href=audience.security_path()>
                    <LineIcon path=icon::PERSON />
                    <span>{tr!(frame.my_profile)}</span>
                </A>
            })}
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
    let me = load_me(Audience::Customer);
    view! {
        <header class="top">
            <BrandLink href=Audience::Customer.home_path() />
            <AccountMenu audience=Audience::Customer me />
        </header>
        <main id="main" class="narrow"><Idle me /><Outlet /></main>
        <LanguageSwitch audience=Audience::Customer />
    }
}

/// The warning before the session ends, where there is one.
#[component]
fn Idle(me: Load<Me>) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                me.await.ok().map(|me| island(IdleWarning { minutes: me.idle_minutes }))
            })}
        </Transition>
    }
}

/// A link of the navigation; `exact` marks it only on its own page. Erased, or the types of the frame grow too deep.
fn nav_link(href: &'static str, exact: bool, label: String, icon: &'static str) -> AnyView {
    view! { <A href=href exact=exact><LineIcon path=icon />{label}</A> }.into_any()
}

/// A link below another one of the navigation, whose name says below which: other links on the pages are called so too.
fn nav_sub_link(href: &'static str, label: String, of: &str) -> AnyView {
    let name = tr!(frame.within, name = label.clone(), of = of.to_owned());
    view! { <A href=href attr:aria-label=name>{label}</A> }.into_any()
}

/// The frame of the administrators' console.
#[component]
pub fn AdminFrame() -> impl IntoView {
    let me = load_me(Audience::Admin);
    let must_enroll = move |me: &Result<Me, AppError>| me.as_ref().is_ok_and(|me| me.enrollment_needed);
    view! {
        <header class="top">
            <BrandLink href=Audience::Admin.home_path() />
            <AccountMenu audience=Audience::Admin me />
        </header>
        <div class="console">
            // Nothing else would open while a second factor has to be set up.
            <Transition>{move || Suspend::new(async move { (!must_enroll(&me.await)).then(|| view! { <ConsoleNav /> }) })}</Transition>
            <main id="main">
                <Idle me />
                <Guide />
                <Transition>{move || Suspend::new(async move { me.await.ok().map(|me| view! { <RequirementNotice me /> }) })}</Transition>
                <Outlet />
            </main>
        </div>
        <LanguageSwitch audience=Audience::Admin />
    }
}

/// The console's pages. Where there is little room they unfold below a button.
#[component]
fn ConsoleNav() -> impl IntoView {
    let manager = tr!(policy.services_manager);
    view! {
        <nav class="side" aria-label=tr!(frame.navigation)>
            <details class="menu">
                <summary>{tr!(frame.menu)}</summary>
            </details>
            <ul>
                <li>{nav_link(Audience::Admin.home_path(), true, tr!(dashboard.title), icon::DASHBOARD)}</li>
                <li>{nav_link(CUSTOMERS_PATH, false, tr!(customers.title), icon::PEOPLE)}</li>
                <li>{nav_link(AUDIT_PATH, false, tr!(audit.title), icon::LIST)}</li>
                <li>
                    {nav_link(SETTINGS_PATH, true, tr!(frame.settings), icon::GEAR)}
                    <ul>
                        <li>
                            {nav_link(SETUP_PATH, true, tr!(frame.setup), icon::TOOLS)}
                            <ul>
                                <li>{nav_link(CONFIGURATION_PATH, false, tr!(configuration.title), icon::SLIDERS)}</li>
                                <li>{nav_link(BRAND_PATH, false, tr!(brand.title), icon::PALETTE)}</li>
                                <li>{nav_link(MESSAGE_TEMPLATES_PATH, false, tr!(message_templates.title), icon::ENVELOPE)}</li>
                                <li>
                                    {nav_link(SERVICES_MANAGER_PATH, false, manager.clone(), icon::LAYERS)}
                                    <ul>
                                        <li>{nav_sub_link(SERVICES_PATH, tr!(services.title), &manager)}</li>
                                        <li>{nav_sub_link(SECONDARY_AUTH_PATH, tr!(secondary_auth.title), &manager)}</li>
                                        <li>{nav_sub_link(DELIVERIES_PATH, tr!(deliveries.title), &manager)}</li>
                                    </ul>
                                </li>
                                <li>{nav_link(APPROVALS_PATH, false, tr!(approvals.title), icon::CHECK)}</li>
                                <li>{nav_link(USERS_PATH, false, tr!(users.title), icon::PERSON)}</li>
                            </ul>
                        </li>
                    </ul>
                </li>
            </ul>
        </nav>
    }
}

/// Tells an administrator that a second factor is required, and until when.
#[component]
fn RequirementNotice(me: Me) -> impl IntoView {
    if me.enrollment_needed {
        return view! { <p class="notice">{tr!(requirement.needed)}</p> }.into_any();
    }
    me.grace_days_left
        .map(|days| {
            view! {
                <p class="notice">
                    {tr!(requirement.grace, count = days)} " "
                    <A href=Audience::Admin.two_factor_path()>{tr!(enrollment.title_admin)}</A>
                </p>
            }
        })
        .into_any()
}
