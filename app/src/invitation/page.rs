//! The form that invites someone, and the pending invitations.

use super::{
    api::{Invite, SendAgain, TakeBack, get_ready, list_pending},
    types::{Invitation, Pending, Ready},
};
use crate::{
    login::types::Audience,
    services::routes::SERVICES_PATH,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{FormProblem, SubmitButton, failure},
        icon_button::DeleteButton,
        load::Load,
        page::{Crumb, Loaded, PageHead},
        query,
        table::Table,
        time::Time,
    },
    users::routes::list_path,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The form that invites someone to an audience.
#[component]
pub fn InvitePage(
    /// Which audience.
    audience: Audience,
) -> impl IntoView {
    let ready = Load::new(get_ready(audience));
    let (list, title) = match audience {
        Audience::Admin => (tr!(users.title), tr!(invitation.invite_user)),
        Audience::Customer => (tr!(customers.title), tr!(invitation.invite_customer)),
    };
    view! {
        <Crumb to=list_path(audience) title=list />
        <PageHead title lead=tr!(invitation.lead) />
        <Loaded resource=ready view=move |ready| view! { <InviteForm audience ready /> } />
    }
}

#[component]
fn InviteForm(audience: Audience, ready: Ready) -> impl IntoView {
    let invite = FormAction::<Invite>::new();
    let error = failure(invite);
    // After a step-up in between, what was typed comes back in the address.
    let typed = |name: &str| query(name).unwrap_or_default();
    view! {
        {(!ready.mail).then(|| view! { <NoMail audience /> })}
        <ActionForm action=invite attr:class="panel" attr:novalidate="">
            <FormProblem error />
            <input type="hidden" name="audience" value=audience.as_str() />
            <Field name="name" label=tr!(users.name) error value=typed("name") autocomplete="off" autofocus=true />
            <Field
                name="email"
                label=tr!(users.email)
                error
                kind="email"
                value=typed("email")
                autocomplete="off"
                hint=tr!(invitation.email_hint, count = ready.hours)
            />
            <div class="buttons">
                <SubmitButton label=tr!(invitation.send) />
                <A href=list_path(audience) attr:class="quiet">{tr!(page.cancel)}</A>
            </div>
        </ActionForm>
    }
}

/// Nothing can send the invitation: how to change that, and how to do without.
#[component]
fn NoMail(audience: Audience) -> impl IntoView {
    let command = format!("countersign account create --audience {} --email … --name …", audience.as_str());
    view! {
        <div class="notice">
            <p>{tr!(invitation.no_mail)} " " <A href=SERVICES_PATH>{tr!(services.title)}</A></p>
            <p>{tr!(invitation.no_mail_command)} " " <code>{command}</code></p>
        </div>
    }
}

/// The invitations of an audience that no one has accepted yet; nothing where there are none.
#[component]
pub fn PendingInvitations(
    /// Which audience.
    audience: Audience,
) -> impl IntoView {
    let send_again = FormAction::<SendAgain>::new();
    let take_back = FormAction::<TakeBack>::new();
    let pending = Load::new(list_pending(audience));
    view! {
        <FormProblem error=failure(send_again) />
        <FormProblem error=failure(take_back) />
        <Loaded resource=pending view=move |pending: Pending| {
            (!pending.invitations.is_empty()).then(|| view! { <PendingTable audience pending send_again take_back /> })
        } />
    }
}

#[component]
fn PendingTable(
    audience: Audience,
    pending: Pending,
    send_again: FormAction<SendAgain>,
    take_back: FormAction<TakeBack>,
) -> impl IntoView {
    let row = move |invitation: Invitation| {
        let email = invitation.email.clone();
        view! {
            <tr>
                <td class="free">{invitation.name}</td>
                <td class="free address" data-label=tr!(users.email)>{invitation.email.clone()}</td>
                <td data-label=tr!(invitation.sent)><Time at=invitation.sent /></td>
                <td data-label=tr!(invitation.expires)><Time at=invitation.expires /></td>
                <td class="actions">
                    <ActionForm action=send_again>
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <input type="hidden" name="email" value=invitation.email />
                        <button type="submit" class="quiet">{tr!(invitation.send_again)}</button>
                    </ActionForm>
                    <ActionForm action=take_back>
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <input type="hidden" name="email" value=email />
                        <DeleteButton />
                    </ActionForm>
                </td>
            </tr>
        }
    };
    view! {
        <section class="panel" aria-labelledby="pending">
            <h2 id="pending">{tr!(invitation.pending)}</h2>
            <Table columns=[
                tr!(users.name),
                tr!(users.email),
                tr!(invitation.sent),
                tr!(invitation.expires),
                tr!(page.actions),
            ]>
                {pending.invitations.into_iter().map(row).collect_view()}
            </Table>
            {pending.more.then(|| view! { <p class="hint">{tr!(invitation.more)}</p> })}
        </section>
    }
}
