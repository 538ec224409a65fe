//! The document, the routes and the frames around the pages.

use crate::{
    account::{
        email::{ChangeEmailPage, ConfirmEmailPage},
        page::AccountPage,
        security::SecurityPage,
        set_up::SetUpPage,
    },
    audit::page::AuditPage,
    configuration::page::ConfigurationPage,
    customers::page::{CustomerHelpPage, CustomerPage, CustomersPage, InviteCustomerPage},
    dashboard::page::DashboardPage,
    enrollment::page::{TwoFactorPage, TwoFactorVerifyPage},
    invitation::accept::AcceptInvitationPage,
    login::{
        page::{LoginCodePage, LoginMethodsPage, LoginPage},
        types::Audience,
    },
    password::page::{ForgotPasswordPage, NewPasswordPage},
    policy::{
        channels::ForbidPage,
        page::{ServicesManagerPage, SettingsPage},
    },
    recovery::{
        enter::{ConfirmRecoveryPage, LoginRecoveryPage},
        helpdesk::HelpdeskPage,
        page::RecoveryCodesPage,
    },
    registration::page::{FinishRegistrationPage, RegisterPage},
    secondary_auth::page::{DeleteSecondaryAuthPage, SecondaryAuthFormPage, SecondaryAuthListPage},
    services::{
        page::{AddServicePage, DeactivateServicePage, NewServicePage, ServiceListPage, ServicePage, ServiceTypePage},
        sms_page::{NewSmsPage, SmsVendorPage},
        types::Kind,
    },
    step_up::page::{ConfirmCodePage, ConfirmMethodsPage, ConfirmPage},
    ui::{
        frame::{AccountFrame, AdminFrame},
        page::NotFoundPage,
    },
    users::page::{InviteUserPage, UserHelpPage, UserPage, UsersPage},
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment as S,
    components::{ParentRoute, Route, Router, Routes},
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

/// The interface: every page with its address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Effect::new(|_| request_animation_frame(mark_alive));
    // Pages are rendered whole (`Async`): without JavaScript nothing could put late parts into their places.
    view! {
        // External: the router would scroll there and leave the focus behind.
        <a class="skip" href="#main" rel="external">{tr!(frame.skip)}</a>
        <Router>
            <Routes fallback=NotFoundPage>
                <Route ssr=SsrMode::Async path=path!("/login") view=|| view! { <LoginPage audience=Audience::Customer /> } />
                <Route ssr=SsrMode::Async path=path!("/login/code") view=|| view! { <LoginCodePage audience=Audience::Customer /> } />
                <Route ssr=SsrMode::Async path=path!("/login/methods") view=|| view! { <LoginMethodsPage audience=Audience::Customer /> } />
                <Route ssr=SsrMode::Async path=path!("/admin/login/methods") view=|| view! { <LoginMethodsPage audience=Audience::Admin /> } />
                <Route ssr=SsrMode::Async path=path!("/login/recovery") view=|| view! { <LoginRecoveryPage audience=Audience::Customer /> } />
                <Route ssr=SsrMode::Async path=path!("/admin/login/recovery") view=|| view! { <LoginRecoveryPage audience=Audience::Admin /> } />
                <Route ssr=SsrMode::Async path=path!("/login/forgot") view=|| view! { <ForgotPasswordPage audience=Audience::Customer /> } />
                <Route ssr=SsrMode::Async path=path!("/admin/login") view=|| view! { <LoginPage audience=Audience::Admin /> } />
                <Route ssr=SsrMode::Async path=path!("/admin/login/code") view=|| view! { <LoginCodePage audience=Audience::Admin /> } />
                <Route ssr=SsrMode::Async path=path!("/admin/login/forgot") view=|| view! { <ForgotPasswordPage audience=Audience::Admin /> } />
                <Route ssr=SsrMode::Async path=path!("/password/:token") view=NewPasswordPage />
                <Route ssr=SsrMode::Async path=path!("/register") view=RegisterPage />
                <Route ssr=SsrMode::Async path=path!("/register/:token") view=FinishRegistrationPage />
                <Route ssr=SsrMode::Async path=path!("/setup/:token") view=SetUpPage />
                <Route ssr=SsrMode::Async path=path!("/email/:token") view=ConfirmEmailPage />
                <Route ssr=SsrMode::Async path=path!("/invitation/:token") view=AcceptInvitationPage />
                <ParentRoute ssr=SsrMode::Async path=S("account") view=AccountFrame>
                    <Route ssr=SsrMode::Async path=path!("/") view=AccountPage />
                    <Route ssr=SsrMode::Async path=path!("/security") view=|| view! { <SecurityPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/email") view=|| view! { <ChangeEmailPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/confirm") view=|| view! { <ConfirmPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/confirm/code") view=|| view! { <ConfirmCodePage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/confirm/methods") view=|| view! { <ConfirmMethodsPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/confirm/recovery") view=|| view! { <ConfirmRecoveryPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/two-factor/recovery-codes") view=|| view! { <RecoveryCodesPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/two-factor") view=|| view! { <TwoFactorPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/two-factor/verify") view=|| view! { <TwoFactorVerifyPage audience=Audience::Customer /> } />
                </ParentRoute>
                <ParentRoute ssr=SsrMode::Async path=S("admin") view=AdminFrame>
                    <Route ssr=SsrMode::Async path=path!("/") view=DashboardPage />
                    <Route ssr=SsrMode::Async path=path!("/audit") view=AuditPage />
                    <Route ssr=SsrMode::Async path=path!("/settings") view=SettingsPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup") view=SettingsPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/configuration") view=ConfigurationPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager") view=ServicesManagerPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/forbid/:audience/:kind") view=ForbidPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services") view=ServiceListPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/new") view=AddServicePage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/new/provider") view=ServiceTypePage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/new/smtp") view=|| view! { <NewServicePage kind=Kind::Smtp /> } />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/new/sms") view=SmsVendorPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/new/sms/:vendor") view=NewSmsPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/new/authenticator") view=|| view! { <NewServicePage kind=Kind::Authenticator /> } />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/new/passkey") view=|| view! { <NewServicePage kind=Kind::Passkey /> } />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/:id") view=ServicePage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/services/:id/deactivate") view=DeactivateServicePage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/secondary-auth") view=SecondaryAuthListPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/secondary-auth/new") view=SecondaryAuthFormPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/secondary-auth/:id") view=SecondaryAuthFormPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/services-manager/secondary-auth/:id/delete") view=DeleteSecondaryAuthPage />
                    <Route ssr=SsrMode::Async path=path!("/profile/security") view=|| view! { <SecurityPage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/profile/email") view=|| view! { <ChangeEmailPage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/profile/confirm") view=|| view! { <ConfirmPage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/profile/confirm/code") view=|| view! { <ConfirmCodePage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/profile/confirm/methods") view=|| view! { <ConfirmMethodsPage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/profile/confirm/recovery") view=|| view! { <ConfirmRecoveryPage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/profile/security/recovery-codes") view=|| view! { <RecoveryCodesPage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/users") view=UsersPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/users/new") view=InviteUserPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/users/:id") view=UserPage />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/users/:id/helpdesk-code") view=|| view! { <HelpdeskPage audience=Audience::Admin /> } />
                    <Route ssr=SsrMode::Async path=path!("/settings/setup/users/:id/:help") view=UserHelpPage />
                    <Route ssr=SsrMode::Async path=path!("/customers") view=CustomersPage />
                    <Route ssr=SsrMode::Async path=path!("/customers/new") view=InviteCustomerPage />
                    <Route ssr=SsrMode::Async path=path!("/customers/:id") view=CustomerPage />
                    <Route ssr=SsrMode::Async path=path!("/customers/:id/helpdesk-code") view=|| view! { <HelpdeskPage audience=Audience::Customer /> } />
                    <Route ssr=SsrMode::Async path=path!("/customers/:id/:help") view=CustomerHelpPage />
                    <Route ssr=SsrMode::Async path=path!("/profile/security/verify") view=|| view! { <TwoFactorVerifyPage audience=Audience::Admin /> } />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Says in the document that it has come alive, for browser tests of what only a living page can do.
fn mark_alive() {
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-alive", "");
    }
}
