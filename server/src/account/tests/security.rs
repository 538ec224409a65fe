//! What an account sees of its own security, and its name.

use crate::{
    audit::Actor,
    enrollment::service::reset,
    testing::{PASSWORD, on_every_database},
};
use app::{
    account::{port::AccountPort, types::Place},
    audit::types::Action,
    error::Problem,
};

const EMAIL: &str = "carla@example.org";

#[tokio::test]
async fn an_account_sees_its_last_events_and_no_one_elses_address() {
    on_every_database(async |house| {
        let id = house.customer(EMAIL).await;
        let token = house.full_sign_in(EMAIL).await;
        assert!(house.log_in(EMAIL, "wrong", None).await.is_err());
        house.customer("conrad@example.org").await;
        house.log_in("conrad@example.org", PASSWORD, None).await.expect("signs in");
        let row = house.account_row(id).await;
        reset(&house.core, Actor::Session(&house.admin()), &row).await.expect("reset");
        let session = house.session(&token).await.expect("a session");
        let activity = house.account().security(&session).await.expect("shows").activity;
        let here = || Place::Address("192.0.2.1".to_owned());
        let shown: Vec<_> = activity.into_iter().map(|e| (e.action, e.place, e.succeeded)).collect();
        let expected = [
            (Action::FactorReset, Place::Administrator, true),
            (Action::PasswordRefused, here(), false),
            (Action::LoggedIn, here(), true),
            (Action::AccountCreated, Place::System, true),
        ];
        assert_eq!(shown, expected);
        for _ in 0..25 {
            house.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        }
        assert_eq!(house.account().security(&session).await.expect("shows").activity.len(), 20);
    })
    .await;
}

#[tokio::test]
async fn ones_own_name_can_be_changed() {
    on_every_database(async |house| {
        house.customer(EMAIL).await;
        let token = house.full_sign_in(EMAIL).await;
        let session = house.session(&token).await.expect("a session");
        let error = house.account().change_name(&session, "Carla\r\nBcc").await.expect_err("refused");
        assert_eq!(error.problem_of("name"), Some(&Problem::ControlCharacters));
        house.account().change_name(&session, " Carla Änders ").await.expect("changed");
        assert_eq!(house.session(&token).await.expect("a session").name, "Carla Änders");
        assert_eq!(house.account_row(session.account_id).await.name_key, "carla änders");
    })
    .await;
}
