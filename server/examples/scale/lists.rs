//! The list of customers.

use crate::{Tell, insides::words, median};
use app::{
    login::types::Audience,
    users::{
        port::UsersPort,
        types::{AccountList, ListQuery},
    },
};
use server::{
    core::Core,
    seed::{first_name, last_name},
    users::service::Users,
};
use std::{error::Error, sync::Arc};

/// Each way to search with each filter, in each order, at the beginning and at the end.
pub async fn measure(core: &Arc<Core>, tell: &Tell) -> Result<(), Box<dyn Error>> {
    let users = Users(core.clone());
    for (what, query) in queries(&users).await? {
        tell.line(&what, median(async || Ok(page(&users, &query).await?.rows.len())).await?);
    }
    Ok(())
}

async fn page(users: &Users, query: &ListQuery) -> Result<AccountList, Box<dyn Error>> {
    Ok(users.list(Audience::Customer, query).await.map_err(words)?)
}

async fn queries(users: &Users) -> Result<Vec<(String, ListQuery)>, Box<dyn Error>> {
    let mut all = Vec::new();
    let first = first_name(0);
    let searches = [
        ("no search", String::new()),
        ("one letter", "m".to_owned()),
        ("two letters", "zo".to_owned()),
        ("a common first name", first.clone()),
        ("a common domain", "bigmail".to_owned()),
        ("a rare name", last_name(59_998)),
        ("nobody", "qqq".to_owned()),
        ("two common words", format!("{first} bigmail")),
        ("two letters of two words", "m s".to_owned()),
        ("two common words that never meet", "bigmail company".to_owned()),
    ];
    for (search_name, search) in searches {
        for factor in ["all", "enrolled", "not-enrolled", "locked"] {
            for sort in ["name", "email", "last-sign-in", "created"] {
                let query = ListQuery {
                    search: search.clone(),
                    factor: factor.to_owned(),
                    sort: sort.to_owned(),
                    order: "asc".to_owned(),
                    ..ListQuery::default()
                };
                let turned = ListQuery { order: "desc".to_owned(), ..query.clone() };
                // The end of the list: after the last row but fifty, which begins the second page from behind.
                let end = page(users, &turned).await?.next.map(|place| query.after(&place));
                all.push((format!("list: {search_name}, {factor}, by {sort}"), query));
                all.extend(end.map(|end| (format!("list: {search_name}, {factor}, by {sort}, last page"), end)));
            }
        }
    }
    Ok(all)
}
