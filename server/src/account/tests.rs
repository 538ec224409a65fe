//! The rules of accounts and of the set-up link.

mod email;
mod password;
mod security;

use super::service::{NewAccount, create, new_set_up_link};
use crate::{
    audit::Actor,
    demo,
    testing::{on_every_database, reason},
};
use app::{
    account::port::AccountPort,
    error::{Problem, Refusal},
    login::{port::LoginPort, types::Audience},
};

const PASSWORD: &str = "seven lakes walk home";

#[tokio::test]
async fn the_set_up_link_makes_one_administrator_and_dies() {
    on_every_database(async |house| {
        let token = new_set_up_link(&house.core).await.expect("answers").expect("a link");
        house.account().check_set_up_link(&token).await.expect("it lives");
        assert_eq!(reason(house.account().check_set_up_link("guess").await), Refusal::LinkDead);
        let short =
            house.account().set_up(&token, "Ada", "ada@example.org", "fourteen chars").await.expect_err("refused");
        assert_eq!(short.problem_of("password"), Some(&Problem::TooShort(15)));
        let uses = (0..10).map(|n| {
            let (accounts, token) = (house.account(), token.clone());
            tokio::spawn(async move {
                accounts.set_up(&token, "Ada", &format!("ada{n}@example.org"), PASSWORD).await.is_ok()
            })
        });
        let mut made = 0;
        for one in uses.collect::<Vec<_>>() {
            made += u32::from(one.await.expect("runs"));
        }
        assert_eq!(made, 1);
        assert_eq!(reason(house.account().check_set_up_link(&token).await), Refusal::LinkDead);
        assert!(new_set_up_link(&house.core).await.expect("answers").is_none(), "the house has an administrator");
    })
    .await;
}

#[tokio::test]
async fn a_set_up_link_expires_and_a_newer_one_replaces_it() {
    on_every_database(async |house| {
        let first = new_set_up_link(&house.core).await.expect("answers").expect("a link");
        let second = new_set_up_link(&house.core).await.expect("answers").expect("a link");
        assert!(house.account().check_set_up_link(&first).await.is_err());
        house.clock.pass(86_400);
        assert!(house.account().check_set_up_link(&second).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_new_house_knows_no_credentials() {
    on_every_database(async |house| {
        assert!(!super::store::any(&house.core.db).await.expect("answers"));
        for (audience, _, email, password) in demo::SAMPLES {
            let tried = house.login().log_in(&house.origin, audience, email, password, None, None).await;
            assert_eq!(reason(tried), Refusal::WrongLogin);
        }
    })
    .await;
}

#[tokio::test]
async fn addresses_are_unique_in_an_audience_whatever_their_spelling() {
    on_every_database(async |house| {
        let new = |email, audience| NewAccount { audience, email, name: "Carla", password: PASSWORD };
        create(&house.core, Actor::Server, &new("Carla@Example.org", Audience::Customer)).await.expect("created");
        let error = create(&house.core, Actor::Server, &new("carla@example.ORG", Audience::Customer))
            .await
            .expect_err("refused");
        assert_eq!(error.problem_of("email"), Some(&Problem::Taken));
        create(&house.core, Actor::Server, &new("carla@example.org", Audience::Admin))
            .await
            .expect("the other half is another account");
        let origin = house.origin.clone();
        let login = house.login();
        login.log_in(&origin, Audience::Admin, "CARLA@example.org", PASSWORD, None, None).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_named() {
    on_every_database(async |house| {
        let new = NewAccount { audience: Audience::Customer, email: "x", name: " ", password: "password1" };
        let error = create(&house.core, Actor::Server, &new).await.expect_err("refused");
        for field in ["email", "name", "password"] {
            assert!(error.problem_of(field).is_some(), "{field} was not named");
        }
    })
    .await;
}
