//! The list of an audience's accounts: search, filter, sort and pages, all in the address.

use super::{
    api::list_accounts,
    routes::{account_path, invite_path, list_path},
    types::{AccountList, AccountRow, FactorFilter, FactorState, ListQuery, Sort, Total},
};
use crate::{
    invitation::page::PendingInvitations,
    login::types::Audience,
    policy::routes::SETUP_PATH,
    texts::spoken,
    ui::{
        address::Address,
        form::DoneNotice,
        icon_button::EditLink,
        load::Load,
        page::{Crumb, Loaded, PageHead},
        table::Table,
        time::{Time, ZoneNote},
    },
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

/// The accounts of an audience.
#[component]
pub fn AccountListPage(
    /// Whose accounts.
    audience: Audience,
) -> impl IntoView {
    let query = use_query_map().with_untracked(ListQuery::read);
    let list = Load::new(list_accounts(audience, query.clone()));
    let (title, lead) = match audience {
        Audience::Admin => (tr!(users.title), tr!(users.lead)),
        Audience::Customer => (tr!(customers.title), tr!(customers.lead)),
    };
    let within = (audience == Audience::Admin).then(|| {
        view! { <Crumb to=SETUP_PATH title=tr!(frame.setup) /> }
    });
    view! {
        {within}
        <div class="head-row">
            <PageHead title lead />
            <A href=invite_path(audience) attr:class="button primary">{tr!(page.add_new)}</A>
        </div>
        <DoneNotice />
        <Filter audience query=query.clone() />
        <Loaded resource=list view=move |list| {
            let query = query.clone();
            if list.rows.is_empty() {
                view! { <NoRows audience query /> }.into_any()
            } else {
                view! { <Rows audience query list /> }.into_any()
            }
        } />
        <PendingInvitations audience />
    }
}

/// Search and filter, as a plain form whose values are in the address.
#[component]
fn Filter(audience: Audience, query: ListQuery) -> impl IntoView {
    let now_shown = query.factor();
    let (sort, order) = (query.sort().as_str(), order(&query));
    let option = move |filter: FactorFilter| {
        let label = match filter {
            FactorFilter::All => tr!(users.filter_all),
            FactorFilter::Enrolled => tr!(users.enrolled),
            FactorFilter::NotEnrolled => tr!(users.not_enrolled),
            FactorFilter::Locked => tr!(users.locked),
        };
        view! {
            <option
                value=filter.as_str()
                selected=now_shown == filter
            >
                {label}
            </option>
        }
    };
    view! {
        <form method="get" action=list_path(audience) class="filter" role="search">
            <div class="field">
                <label for="search">{tr!(users.search)}</label>
                <input
                    id="search"
                    type="search"
                    name="search"
                    value=query.search
                    maxlength="254"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=tr!(users.search_hint)
                />
            </div>
            <div class="field">
                <label for="factor">{tr!(users.factor)}</label>
                <select id="factor" name="factor">{FactorFilter::ALL.map(option).collect_view()}</select>
            </div>
            <input type="hidden" name="sort" value=sort />
            <input type="hidden" name="order" value=order />
            <button type="submit" class="secondary">{tr!(users.search)}</button>
        </form>
    }
}

fn order(query: &ListQuery) -> &'static str {
    if query.descending() { "desc" } else { "asc" }
}

/// There are no accounts, or none match.
#[component]
fn NoRows(audience: Audience, query: ListQuery) -> impl IntoView {
    if query.narrows() {
        view! { <p class="empty">{tr!(users.no_match)} " " <A href=list_path(audience)>{tr!(users.show_all)}</A></p> }
            .into_any()
    } else {
        view! { <p class="empty">{tr!(users.empty)}</p> }.into_any()
    }
}

#[component]
fn Rows(audience: Audience, query: ListQuery, list: AccountList) -> impl IntoView {
    let AccountList { rows, total, previous, next } = list;
    let total = match total {
        Total::Exactly(count) => tr!(users.total, count = count),
        Total::MoreThan(count) => tr!(users.total_more, count = spoken().number(count)),
    };
    let pages = (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pages" aria-label=tr!(users.pages)>
                {previous.map(|place| view! { <A href=query.before(&place).href(audience) attr:rel="prev" attr:class="button secondary">{tr!(users.previous)}</A> })}
                {next.map(|place| view! { <A href=query.after(&place).href(audience) attr:rel="next" attr:class="button secondary">{tr!(users.next)}</A> })}
            </nav>
        }
    });
    let head = view! {
        <SortHeader audience query=query.clone() sort=Sort::Name label=tr!(users.name) />
        <SortHeader audience query=query.clone() sort=Sort::Email label=tr!(users.email) />
        <th scope="col">{tr!(users.factor)}</th>
        <SortHeader audience query=query.clone() sort=Sort::LastSignIn label=tr!(users.last_sign_in) />
        <SortHeader audience query=query.clone() sort=Sort::Created label=tr!(users.created) />
        <th scope="col">{tr!(page.actions)}</th>
    };
    view! {
        <p class="hint" role="status">{total}</p>
        <Table panel=true head=head.into_any()>
            {rows.into_iter().map(|row| view! { <Row audience row /> }).collect_view()}
        </Table>
        <div class="head-row">
            <p class="hint"><ZoneNote /></p>
            {pages}
        </div>
    }
}

/// A column that can be sorted by: its name is the link that does it.
#[component]
fn SortHeader(audience: Audience, query: ListQuery, sort: Sort, label: String) -> impl IntoView {
    let sorted = (query.sort() == sort).then(|| if query.descending() { "descending" } else { "ascending" });
    view! {
        <th scope="col" aria-sort=sorted>
            <A href=query.sorted_by(sort).href(audience) attr:class="sort">{label}</A>
        </th>
    }
}

#[component]
fn Row(audience: Audience, row: AccountRow) -> impl IntoView {
    let path = account_path(audience, row.id);
    view! {
        <tr>
            <td class="free">
                <A href=path.clone()>{row.name}</A>
                {row.disabled.then(|| view! { " " <span class="badge off">{tr!(users.disabled)}</span> })}
            </td>
            <td class="free address" data-label=tr!(users.email)><Address of=row.email /></td>
            <td data-label=tr!(users.factor)><FactorBadge state=row.factor /></td>
            <td data-label=tr!(users.last_sign_in)>
                <Time at={row.last_sign_in.unwrap_or_else(|| tr!(users.never))} />
            </td>
            <td data-label=tr!(users.created)><Time at=row.created /></td>
            <td class="actions">
                <EditLink href=path />
            </td>
        </tr>
    }
}

/// The state of an account's second factor.
#[component]
pub fn FactorBadge(
    /// Which state.
    state: FactorState,
) -> impl IntoView {
    let (class, text) = match state {
        FactorState::Enrolled => ("badge on", tr!(users.enrolled)),
        FactorState::NotEnrolled => ("badge", tr!(users.not_enrolled)),
        FactorState::Locked => ("badge off", tr!(users.locked)),
    };
    view! { <span class=class>{text}</span> }
}
