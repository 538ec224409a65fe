//! Sample accounts and, for `demo --ready`, a finished set-up.

use crate::{
    account::service::{NewAccount, create},
    accounts,
    audit::Actor,
    core::Core,
};
use app::{
    caller::{Origin, Session, Stage},
    error::AppError,
    login::types::Audience,
    ports::Ports,
};
use std::{net::IpAddr, sync::Arc};
use uuid::Uuid;

/// A sample account: audience, name, email and password. They exist only under `demo`.
pub const SAMPLES: [(Audience, &str, &str, &str); 3] = [
    (Audience::Admin, "Ada Admin", "admin@demo.example", "walnut-harbour-lantern"),
    (Audience::Customer, "Carla Customer", "carla@demo.example", "copper-meadow-violin"),
    (Audience::Customer, "Conrad Customer", "conrad@demo.example", "silver-orchard-comet"),
];

/// Creates the sample accounts that are not there yet.
pub async fn fill(core: &Arc<Core>) -> Result<(), AppError> {
    for (audience, name, email, password) in SAMPLES {
        let key = accounts::email_key(email);
        let found = accounts::store::by_email(&core.db, audience, &key).await?;
        if found.is_none() {
            create(core, Actor::Server, &NewAccount { audience, email, name, password }).await?;
        }
    }
    Ok(())
}

/// Registers the demo's mail server, offers it and allows it for both audiences, unless somebody has begun to.
pub async fn make_ready(ports: &Ports) -> Result<(), AppError> {
    if !ports.services.list().await?.is_empty() {
        return Ok(());
    }
    let (_, name, email, _) = SAMPLES[0];
    let admin = Session {
        id: Uuid::nil(),
        account_id: Uuid::nil(),
        audience: Audience::Admin,
        stage: Stage::SignedIn,
        name: name.to_owned(),
        email: email.to_owned(),
        stepped_up: true,
        grace_days_left: None,
        origin: Origin { address: IpAddr::from([127, 0, 0, 1]), user_agent: "demo".to_owned() },
    };
    ports.services.save_smtp(&admin, None, &ports.services.new_smtp().await?.form).await?;
    for service in ports.services.list().await? {
        ports.secondary_auth.save(&admin, None, &service.id.to_string(), "Email").await?;
    }
    for audience in Audience::ALL {
        ports.policy.set_allowed(&admin, audience, true).await?;
    }
    Ok(())
}
