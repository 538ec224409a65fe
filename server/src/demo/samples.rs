//! Sample accounts and, for `demo --ready`, a finished set-up.

use crate::{
    account::service::{NewAccount, create},
    accounts,
    audit::Actor,
    core::Core,
    entity::email_key::EmailKey,
    platform::database,
    policy, secondary_auth,
    services::{self, service::Services},
};
use app::{error::AppError, login::types::Audience, services::port::ServicesPort};
use std::sync::Arc;

/// A sample account: audience, name, email and password. They exist only under `demo`.
pub const SAMPLES: [(Audience, &str, &str, &str); 3] = [
    (Audience::Admin, "Ada Admin", "admin@demo.example", "walnut-harbour-lantern"),
    (Audience::Customer, "Carla Customer", "carla@demo.example", "copper-meadow-violin"),
    (Audience::Customer, "Conrad Customer", "conrad@demo.example", "silver-orchard-comet"),
];

/// Creates the sample accounts that are not there yet.
pub async fn fill(core: &Arc<Core>) -> Result<(), AppError> {
    for (audience, name, email, password) in SAMPLES {
        let key = EmailKey::of(email);
        let found = accounts::store::by_email(&core.db, audience, &key).await?;
        if found.is_none() {
            create(core, Actor::Server, &NewAccount { audience, email, name, password }).await?;
        }
    }
    Ok(())
}

/// Registers the demo's mail server, offers it and allows it for both audiences, unless somebody has begun to.
pub async fn make_ready(core: &Arc<Core>) -> Result<(), AppError> {
    if !services::store::all(&core.db).await?.is_empty() {
        return Ok(());
    }
    let form = Services(core.clone()).new_smtp().await?.form;
    let transaction = database::begin_alone(&core.db).await?;
    let (db, by) = (&transaction, Actor::Server);
    let service = services::smtp::put_smtp(db, core, by, None, &form).await?;
    secondary_auth::service::put(db, core, by, None, &service.to_string(), "Email", None).await?;
    for audience in Audience::ALL {
        policy::service::put_allowed(db, core, by, audience, true).await?;
    }
    Ok(database::commit(transaction).await?)
}
