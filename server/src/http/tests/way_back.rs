//! Where a sign-in leads: back to the page that was asked for, and never off the site.

use super::{app, call, cookie, cookies};
use crate::testing::{PASSWORD, sqlite};
use axum::{
    http::{Method, StatusCode, header},
    response::Response,
};

const BACK: &str = "__Host-countersign_customer_back";

fn location(response: &Response) -> &str {
    let to = response.headers().get(header::LOCATION).expect("leads somewhere");
    to.to_str().expect("text")
}

/// The page that the browser is given to keep; nothing where it has to forget it.
fn kept(response: &Response) -> Option<String> {
    let set = response.headers().get_all(header::SET_COOKIE).iter();
    let found = set.filter_map(|value| value.to_str().ok()?.strip_prefix(BACK)?.strip_prefix('=')).next()?;
    Some(found.split(';').next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_signed_out_visitor_of_a_page_comes_back_to_it() {
    let fixture = sqlite().await;
    fixture.customer("dora@example.org").await;
    let app = app(&fixture).await;
    let body = format!("audience=customer&email=dora%40example.org&password={}", PASSWORD.replace(' ', "+"));
    let sign_in = async |back: &str| {
        let response = call(&app, Method::POST, "/api/login/log_in", &format!("{BACK}={back}"), &body).await;
        assert_eq!(response.status(), StatusCode::OK);
        (location(&response).to_owned(), kept(&response))
    };
    let asked = call(&app, Method::GET, "/account/security?x=1", "", "").await;
    assert_eq!((location(&asked), kept(&asked).as_deref()), ("/login", Some("/account/security?x=1")));
    assert_eq!(sign_in("/account/security?x=1").await, ("/account/security?x=1".to_owned(), Some(String::new())));
    for foreign in ["//evil.example", "https://evil.example/account", "/admin", "/account/..//evil.example", "\\\\evil"]
    {
        assert_eq!(sign_in(foreign).await.0, "/account", "{foreign}");
    }
    let home = call(&app, Method::GET, "/account", &format!("{BACK}=/account/security"), "").await;
    assert_eq!(kept(&home).as_deref(), Some(""), "asking for the first page forgets another one");
    let saved = call(&app, Method::GET, "/account/security?done=saved", "", "").await;
    assert_eq!(kept(&saved).as_deref(), Some("/account/security"), "what was told before is over");
}

#[tokio::test]
async fn the_way_back_outlives_the_code_and_ends_with_it() {
    let fixture = sqlite().await;
    fixture.enrolled_customer("dora@example.org").await;
    let app = app(&fixture).await;
    let waiting = fixture.log_in("dora@example.org", PASSWORD, None).await.expect("signs in");
    let cookies = format!("{}; {BACK}=/account/security", cookie("customer", &waiting.session.secret));
    let body = format!("audience=customer&code={}", fixture.code());
    let done = call(&app, Method::POST, "/api/login/verify", &cookies, &body).await;
    assert_eq!((location(&done), kept(&done).as_deref()), ("/account/security", Some("")));
}

#[tokio::test]
async fn whoever_is_signed_in_is_led_home_from_the_sign_in_and_its_code() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [nobody, waiting, customer, admin] = cookies(&fixture).await;
    for (path, cookie, home) in [
        ("/login", &customer, "/account"),
        ("/login/", &customer, "/account"),
        ("/login/code", &customer, "/account"),
        ("/admin/login", &admin, "/admin"),
    ] {
        let response = call(&app, Method::GET, path, cookie, "").await;
        assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, home), "{path}");
    }
    for (path, cookie) in [
        ("/login", &nobody),
        ("/login", &waiting),
        ("/login", &admin),
        ("/admin/login", &customer),
        ("/login?done=registered", &customer),
    ] {
        assert_eq!(call(&app, Method::GET, path, cookie, "").await.status(), StatusCode::OK, "{path}");
    }
    // The same for a page that asks for the code again, as Back does in a browser with scripts.
    let asked = call(&app, Method::POST, "/api/challenge/screen", &customer, "audience=customer&purpose=sign_in").await;
    assert_eq!((asked.status(), location(&asked)), (StatusCode::UNAUTHORIZED, "/account"));
}
