//! What the installation that is measured offers, and the people in it.

use crate::insides::{self, PASSWORD, administrator, words};
use app::{
    caller::Origin,
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::SmtpForm},
};
use server::{
    core::Core, login::service::Login, policy::service::Policies, secondary_auth::service::SecondaryAuths,
    services::service::Services,
};
use std::{error::Error, sync::Arc};

/// Someone whose password was right, and who waits for a code.
pub struct Person {
    /// The token of the session.
    pub token: String,
    /// Where the requests come from.
    pub origin: Origin,
}

/// Offers customers codes by mail through the server at this port.
pub async fn offer(core: &Arc<Core>, port: u16) -> Result<(), Box<dyn Error>> {
    let admin = administrator()?;
    let form = SmtpForm {
        title: "SMTP".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: port.to_string(),
        encryption: "none".to_owned(),
        from_address: "no-reply@example.org".to_owned(),
        from_name: "Configio".to_owned(),
        ..SmtpForm::default()
    };
    let services = Services(core.clone());
    services.save_smtp(&admin, None, &form).await.map_err(words)?;
    let service = services.list().await.map_err(words)?[0].id.to_string();
    SecondaryAuths(core.clone()).save(&admin, None, &service, "Email", &[]).await.map_err(words)?;
    Policies(core.clone()).set_allowed(&admin, Audience::Customer, true).await.map_err(words)?;
    Ok(())
}

/// Makes a customer with an entry, who enters the password. A code is sent.
pub async fn sign_in(core: &Arc<Core>, number: usize) -> Result<Person, Box<dyn Error>> {
    let auths = SecondaryAuths(core.clone()).list().await.map_err(words)?;
    let email = insides::customer(core, number, Some(auths[0].id)).await?;
    let origin = insides::origin(number)?;
    let login = Login(core.clone());
    let done = login.log_in(&origin, Audience::Customer, &email, PASSWORD, None, None).await.map_err(words)?;
    Ok(Person { token: done.session.secret, origin })
}
