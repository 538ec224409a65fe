//! The rules of accounts and of the set-up link.

mod advice;
mod change;
mod email;
mod password;
mod security;

use super::{
    help::{disable, unlock},
    service::{NewAccount, create, new_set_up_link},
};
use crate::{
    audit::Actor,
    demo,
    testing::{on_every_database, reason},
};
use app::{
    account::port::AccountPort,
    audit::types::Action,
    challenge::{port::ChallengePort, types::Purpose},
    configuration::types::Setting,
    error::{Problem, Refusal},
    login::{port::LoginPort, types::Audience},
};

const PASSWORD: &str = "seven lakes walk home";

#[tokio::test]
async fn the_set_up_link_makes_one_administrator_and_dies() {
    on_every_database(async |fixture| {
        let token = new_set_up_link(&fixture.core).await.expect("answers").expect("a link");
        fixture.account().check_set_up_link(&token).await.expect("it lives");
        assert_eq!(reason(fixture.account().check_set_up_link("guess").await), Refusal::LinkDead);
        let short =
            fixture.account().set_up(&token, "Ada", "ada@example.org", "fourteen chars").await.expect_err("refused");
        assert_eq!(short.problem_of("password"), Some(&Problem::TooShort(15)));
        let uses = (0..10).map(|n| {
            let (accounts, token) = (fixture.account(), token.clone());
            tokio::spawn(async move {
                accounts.set_up(&token, "Ada", &format!("ada{n}@example.org"), PASSWORD).await.is_ok()
            })
        });
        let mut made = 0;
        for one in uses.collect::<Vec<_>>() {
            made += u32::from(one.await.expect("runs"));
        }
        assert_eq!(made, 1);
        assert_eq!(reason(fixture.account().check_set_up_link(&token).await), Refusal::LinkDead);
        assert!(new_set_up_link(&fixture.core).await.expect("answers").is_none(), "there is an administrator");
    })
    .await;
}

#[tokio::test]
async fn a_set_up_link_is_dead_where_there_is_an_account() {
    on_every_database(async |fixture| {
        let token = new_set_up_link(&fixture.core).await.expect("answers").expect("a link");
        fixture.account().check_set_up_link(&token).await.expect("it lives");
        // Created at the terminal meanwhile.
        fixture.administrator("rita@example.org").await;
        assert_eq!(reason(fixture.account().check_set_up_link(&token).await), Refusal::LinkDead);
        let made = fixture.account().set_up(&token, "Ada", "ada@example.org", PASSWORD).await;
        assert_eq!(reason(made), Refusal::LinkDead);
    })
    .await;
}

#[tokio::test]
async fn a_set_up_link_expires_and_a_newer_one_replaces_it() {
    on_every_database(async |fixture| {
        let first = new_set_up_link(&fixture.core).await.expect("answers").expect("a link");
        let second = new_set_up_link(&fixture.core).await.expect("answers").expect("a link");
        assert!(fixture.account().check_set_up_link(&first).await.is_err());
        fixture.clock.pass(86_400);
        assert!(fixture.account().check_set_up_link(&second).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_new_house_knows_no_credentials() {
    on_every_database(async |fixture| {
        assert!(!crate::accounts::store::any(&fixture.core.db).await.expect("answers"));
        for (audience, _, email, password) in demo::SAMPLES {
            let tried = fixture.login().log_in(&fixture.origin, audience, email, password, None, None).await;
            assert_eq!(reason(tried), Refusal::WrongLogin);
        }
    })
    .await;
}

#[tokio::test]
async fn addresses_are_unique_in_an_audience_whatever_their_spelling() {
    on_every_database(async |fixture| {
        let new = |email, audience| NewAccount { audience, email, name: "Carla", password: PASSWORD };
        create(&fixture.core, Actor::Server, &new("Carla@Example.org", Audience::Customer)).await.expect("created");
        let error = create(&fixture.core, Actor::Server, &new("carla@example.ORG", Audience::Customer))
            .await
            .expect_err("refused");
        assert_eq!(error.problem_of("email"), Some(&Problem::Taken));
        create(&fixture.core, Actor::Server, &new("carla@example.org", Audience::Admin))
            .await
            .expect("the other half is another account");
        let origin = fixture.origin.clone();
        let login = fixture.login();
        login.log_in(&origin, Audience::Admin, "CARLA@example.org", PASSWORD, None, None).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_named() {
    on_every_database(async |fixture| {
        let new = NewAccount { audience: Audience::Customer, email: "x", name: " ", password: "password1" };
        let error = create(&fixture.core, Actor::Server, &new).await.expect_err("refused");
        for field in ["email", "name", "password"] {
            assert!(error.problem_of(field).is_some(), "{field} was not named");
        }
    })
    .await;
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_is_told() {
    on_every_database(async |fixture| {
        let id = fixture.customer("carla@example.org").await;
        let token =
            fixture.log_in("carla@example.org", crate::testing::PASSWORD, None).await.expect("signs in").session.secret;
        for _ in 0..2 {
            disable(&fixture.core, Actor::CommandLine, &fixture.account_row(id).await).await.expect("disabled");
        }
        assert!(fixture.session(&token).await.is_none());
        assert_eq!(
            reason(fixture.log_in("carla@example.org", crate::testing::PASSWORD, None).await),
            Refusal::WrongLogin,
            "it looks like any wrong password"
        );
        assert_eq!(fixture.events(Action::AccountDisabled).await, ["carla@example.org: "], "once");
    })
    .await;
}

#[tokio::test]
async fn of_two_administrators_who_disable_each_other_one_stays() {
    on_every_database(async |fixture| {
        let (ada, una) =
            (fixture.administrator("ada@example.org").await, fixture.administrator("una@example.org").await);
        let rows = [fixture.account_row(ada).await, fixture.account_row(una).await];
        let attempts = rows.map(|row| {
            let core = fixture.core.clone();
            tokio::spawn(async move { disable(&core, Actor::CommandLine, &row).await })
        });
        let mut refused = Vec::new();
        for attempt in attempts {
            refused.extend(attempt.await.expect("runs").err());
        }
        assert_eq!(refused, [app::error::AppError::refused(Refusal::LastAdmin)]);
        let left = crate::accounts::store::count_active(&fixture.core.db, Audience::Admin).await;
        assert_eq!(left.expect("answers"), 1);
    })
    .await;
}

#[tokio::test]
async fn unlocking_opens_both_counters_but_no_factor_that_was_switched_off() {
    on_every_database(async |fixture| {
        let email = "carla@example.org";
        let id = fixture.enrolled_customer(email).await;
        fixture.set(Setting::DisableFailures, 20).await;
        let fail = async |times: u32| {
            for _ in 0..times {
                let session = fixture.password_session(email).await;
                for _ in 0..5 {
                    assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
                }
            }
        };
        fail(2).await;
        for _ in 0..10 {
            assert!(fixture.log_in(email, "wrong", None).await.is_err());
        }
        assert_eq!(reason(fixture.log_in(email, crate::testing::PASSWORD, None).await), Refusal::WrongLogin, "locked");
        assert_eq!(unlock(&fixture.core, Actor::CommandLine, &fixture.account_row(id).await).await, Ok(true));
        let session = fixture.password_session(email).await;
        fixture.verify(&session, &fixture.code()).await.expect("both are open");
        fail(2).await;
        fixture.clock.pass(900);
        fail(2).await;
        assert_eq!(unlock(&fixture.core, Actor::CommandLine, &fixture.account_row(id).await).await, Ok(false));
        let session = fixture.password_session(email).await;
        assert_eq!(reason(fixture.challenge().send_new_code(&session, Purpose::SignIn).await), Refusal::FactorDisabled);
        assert_eq!(fixture.events(Action::AccountUnlocked).await.len(), 2);
    })
    .await;
}
