//! The server functions of accounts, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::{
    account::{AccountActivity, AccountDetails},
    types::{AccountList, ListQuery, Person},
};
use crate::{audit::types::AuditQuery, error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{
        routes::{account_path, list_path, tab_path},
        types::Help,
    },
    crate::{
        caller::{Caller, Session, serve},
        step_up::routes::confirm_link,
        validate::{parse_id, parse_optional_id},
    },
};

/// A page of the accounts of an audience.
#[server(endpoint = "users/list")]
pub async fn list_accounts(audience: Audience, query: ListQuery) -> Result<AccountList, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.users.list(audience, &query).await
    })
    .await
}

/// One account with everything that an administrator needs to help.
#[server(endpoint = "users/details")]
pub async fn get_account(audience: Audience, id: String) -> Result<AccountDetails, AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        ports.users.details(admin, audience, parse_id(&id)?).await
    })
    .await
}

/// A page of what an account did and what was done to it, and the last messages to it.
#[server(endpoint = "users/activity")]
pub async fn get_activity(audience: Audience, id: String, query: AuditQuery) -> Result<AccountActivity, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.users.activity(audience, parse_id(&id)?, &query).await
    })
    .await
}

/// Changes someone else's name and address.
#[server(endpoint = "users/change")]
pub async fn change_account(audience: Audience, id: String, name: String, email: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let changed = match caller.stepped_up(Audience::Admin) {
            Ok(admin) => ports.users.change(admin, audience, parse_id(&id)?, &name, &email).await,
            Err(error) => Err(error),
        };
        changed.map_err(|e| e.with_typed(&[("name", &name), ("email", &email)]))?;
        leptos_axum::redirect(&format!("{}?done=saved", account_path(audience, parse_id(&id)?)));
        Ok(())
    })
    .await
}

/// Changes the caller's own name.
#[server(endpoint = "users/rename")]
pub async fn rename_me(name: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        ports.users.rename(admin, &name).await.map_err(|e| e.with_typed(&[("name", &name)]))?;
        leptos_axum::redirect(&format!("{}?done=saved", account_path(Audience::Admin, admin.account_id)));
        Ok(())
    })
    .await
}

/// Whom an action would be about. Redirects to the step-up first where the action needs one, so that no one reads a
/// warning for nothing.
#[server(endpoint = "users/person")]
pub async fn get_person(audience: Audience, id: String, help: String, item: String) -> Result<Person, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        let (id, help) = (parse_id(&id)?, parse_help(&help)?);
        if help.needs_step_up() {
            stepped_up_admin(&caller, &help_path(audience, id, help, &item))?;
        }
        ports.users.person(audience, id).await
    })
    .await
}

/// Carries out an administrator's action on someone else's account. `item` limits it to one session or device.
#[server(endpoint = "users/help")]
pub async fn help_account(audience: Audience, id: String, help: String, item: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        let (id, help) = (parse_id(&id)?, parse_help(&help)?);
        let one = parse_optional_id(&item)?;
        if help.needs_step_up() {
            stepped_up_admin(&caller, &help_path(audience, id, help, &item))?;
        }
        ports.users.help(admin, audience, id, help, one).await?;
        // There is no page of an account that is gone.
        let page =
            if help == Help::Delete { list_path(audience).to_owned() } else { tab_path(audience, id, help.tab()) };
        leptos_axum::redirect(&format!("{page}?done={}", help.as_str()));
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn parse_help(text: &str) -> Result<Help, AppError> {
    text.parse().map_err(|()| AppError::NotFound)
}

/// The page that confirms an action.
#[cfg(feature = "ssr")]
fn help_path(audience: Audience, id: uuid::Uuid, help: Help, item: &str) -> String {
    let query = if item.is_empty() { String::new() } else { format!("?item={item}") };
    format!("{}/{}{query}", account_path(audience, id), help.as_str())
}

/// An administrator who has proved their factors in the last minutes, or the way to doing so and back to `page`.
/// One who still has to set up a required factor may not do this either.
#[cfg(feature = "ssr")]
pub(crate) fn stepped_up_admin<'a>(caller: &'a Caller, page: &str) -> Result<&'a Session, AppError> {
    caller.signed_in(Audience::Admin)?;
    caller.stepped_up(Audience::Admin).inspect_err(|_| {
        leptos_axum::redirect(&confirm_link(Audience::Admin, page));
    })
}
