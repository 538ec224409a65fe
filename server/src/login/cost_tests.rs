//! What a password costs the database, of one that is right, by what follows it. A session of before ends with it.

use crate::testing::{Fixture, PASSWORD, on_every_database, watch_statements};
use app::{
    caller::{KnownBrowser, Origin, Session},
    challenge::port::Answer,
    login::{
        port::{LoggedIn, LoginPort},
        types::Audience,
    },
};

const EMAIL: &str = "carla@example.org";

/// A password in the browser of the last sign-in, whose session ends with it.
async fn again(fixture: &Fixture, known: &str, trust: Option<&str>, old: Option<&Session>) -> LoggedIn {
    let origin = Origin { known: KnownBrowser(Some(known.to_owned())), ..fixture.origin.clone() };
    let trust = trust.map(str::to_owned);
    let login = fixture.login();
    login.log_in(&origin, Audience::Customer, EMAIL, PASSWORD, trust, old).await.expect("the password is right")
}

#[tokio::test]
async fn a_password_that_asks_for_a_mailed_code_costs_few_statements() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        fixture.enrolled_customer(EMAIL).await;
        statements.take();
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        let stranger = statements.take();
        assert!(done.code_needed);
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        let done = fixture.verify(&waiting, &fixture.code()).await.expect("the code is right");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        statements.take();
        assert!(again(&fixture, &done.known.secret, None, Some(&session)).await.code_needed);
        let known = statements.take();
        assert_eq!([&stranger, &known].map(Vec::len), [28, 27], "{stranger:#?}{known:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_password_of_a_trusted_device_costs_few_statements() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        fixture.enrolled_customer(EMAIL).await;
        let waiting = fixture.password_session(EMAIL).await;
        let code = fixture.code();
        let done = fixture.login().verify(&waiting, Answer::Code(&code), true).await.expect("the code is right");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        let trust = done.trust.expect("trusts this device").secret;
        statements.take();
        assert!(!again(&fixture, &done.known.secret, Some(&trust), Some(&session)).await.code_needed);
        let sent = statements.take();
        assert_eq!(sent.len(), 14, "{sent:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_password_that_is_all_costs_few_statements() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        fixture.customer(EMAIL).await;
        statements.take();
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        let stranger = statements.take();
        let session = fixture.session(&done.session.secret).await.expect("a session");
        let known = done.known.expect("a browser that is known").secret;
        statements.take();
        again(&fixture, &known, None, Some(&session)).await;
        let known = statements.take();
        assert_eq!([&stranger, &known].map(Vec::len), [13, 12], "{stranger:#?}{known:#?}");
    })
    .await;
}
