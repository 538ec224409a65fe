//! What is changed while a password is compared.

use crate::{
    accounts::{password::WINDOW, store},
    platform::throttle,
    sessions,
    testing::{PASSWORD, on_every_database, reason},
};
use app::{audit::types::Action, error::Refusal};

const EMAIL: &str = "carla@example.org";

#[tokio::test]
async fn a_password_of_before_a_change_opens_nothing_though_it_was_being_compared() {
    on_every_database(async |fixture| {
        let (db, passwords) = (&fixture.core.db, &fixture.core.passwords);
        let id = fixture.customer(EMAIL).await;
        let other = passwords.hash("another good password").await.expect("hashes");
        for change in ["password", "address", "state"] {
            let before = fixture.account_row(id).await.password_hash;
            // With all turns taken, the comparison waits.
            let turns = passwords.all_turns().await;
            let changes = async {
                let all = async || throttle::most_counted(db, "login:customer:", fixture.now(), WINDOW).await;
                while all().await.expect("answers") == 0 {
                    tokio::task::yield_now().await;
                }
                match change {
                    "password" => store::set_password_hash(db, id, other.clone()).await.expect("stored"),
                    "address" => store::set_name_and_email(db, id, "Carla", "other@example.org").await.expect("stored"),
                    _ => assert!(store::set_disabled(db, id, Some(fixture.now())).await.expect("answers")),
                }
                drop(turns);
            };
            let (done, ()) = tokio::join!(fixture.log_in(EMAIL, PASSWORD, None), changes);
            assert_eq!(reason(done), Refusal::WrongLogin);
            assert!(sessions::store::of_account(db, id, fixture.now()).await.expect("answers").is_empty());
            store::set_password_hash(db, id, before).await.expect("stored");
            store::set_name_and_email(db, id, "Carla", EMAIL).await.expect("stored");
            fixture.clock.pass(WINDOW);
        }
        let told = fixture.events(Action::PasswordRefused).await;
        assert_eq!(told, vec![format!("{EMAIL}: customer, changed meanwhile"); 3]);
    })
    .await;
}
