//! What pages cost the database.

use super::{app, call, cookie, text_of};
use crate::testing::{PASSWORD, on_every_database, watch_statements};
use axum::http::{Method, StatusCode};

#[tokio::test]
async fn a_page_of_a_sign_in_costs_few_statements() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        let email = "carla@example.org";
        fixture.enrolled_customer(email).await;
        let waiting = fixture.log_in(email, PASSWORD, None).await.expect("the password is right").session.secret;
        let waits = fixture.session(&waiting).await.expect("a session");
        let signed_in = fixture.verify(&waits, &fixture.code()).await.expect("the code is right").session.secret;
        let waiting = fixture.log_in(email, PASSWORD, None).await.expect("the password is right").session.secret;
        let app = app(&fixture).await;
        // Once a second, and not for each page.
        crate::looks::refresh(&fixture.core).await;
        let mut asked = Vec::new();
        for (path, token) in [("/login", ""), ("/login/code", &waiting), ("/account", &signed_in)] {
            let cookie = if token.is_empty() { String::new() } else { cookie("customer", token) };
            statements.take();
            let page = call(&app, Method::GET, path, &cookie, "").await;
            assert_eq!(page.status(), StatusCode::OK, "{path}");
            text_of(page).await;
            asked.push(statements.take());
        }
        let counts: Vec<_> = asked.iter().map(Vec::len).collect();
        assert_eq!(counts, [1, 7, 7], "{asked:#?}");
    })
    .await;
}
