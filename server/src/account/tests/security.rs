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
    on_every_database(async |fixture| {
        let id = fixture.customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        assert!(fixture.log_in(EMAIL, "wrong", None).await.is_err());
        fixture.customer("conrad@example.org").await;
        fixture.log_in("conrad@example.org", PASSWORD, None).await.expect("signs in");
        let row = fixture.account_row(id).await;
        reset(&fixture.core, Actor::Session(&fixture.admin()), &row).await.expect("reset");
        let session = fixture.session(&token).await.expect("a session");
        let activity = fixture.account().security(&session).await.expect("shows").activity;
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
            fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        }
        assert_eq!(fixture.account().security(&session).await.expect("shows").activity.len(), 20);
    })
    .await;
}

#[tokio::test]
async fn ones_own_name_can_be_changed() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let token = fixture.full_sign_in(EMAIL).await;
        let session = fixture.session(&token).await.expect("a session");
        let error = fixture.account().change_name(&session, "Carla\r\nBcc").await.expect_err("refused");
        assert_eq!(error.problem_of("name"), Some(&Problem::ControlCharacters));
        fixture.account().change_name(&session, " Carla Änders ").await.expect("changed");
        assert_eq!(fixture.session(&token).await.expect("a session").name, "Carla Änders");
        assert_eq!(fixture.account_row(session.account_id).await.name_key, "carla änders");
    })
    .await;
}
