//! The server function of the list of deliveries, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{DeliveryList, DeliveryQuery};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{caller::serve, login::types::Audience};
use leptos::prelude::*;

/// A page of the list.
#[server(endpoint = "delivery/list")]
pub async fn list_deliveries(query: DeliveryQuery) -> Result<DeliveryList, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.delivery.list(&query).await
    })
    .await
}
