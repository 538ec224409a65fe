//! What no page, answer or address holds.

use super::{app, call, call_with, cookie, cookies, text_of};
use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
    entity, offers,
    testing::{PASSWORD, smtp_form, sqlite},
};
use app::{login::types::Audience, secondary_auth::port::SecondaryAuthPort, services::port::ServicesPort};
use axum::http::{Method, StatusCode, header};
use sea_orm::{ActiveModelTrait, Set};

#[tokio::test]
async fn every_refused_sign_in_gets_the_same_answer() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    for email in ["carla@example.org", "conrad@example.org"] {
        fixture.customer(email).await;
    }
    let disabled = entity::account::ActiveModel {
        id: Set(fixture.customer("gone@example.org").await),
        disabled_at: Set(Some(fixture.now())),
        ..Default::default()
    };
    disabled.update(&fixture.core.db).await.expect("disabled");
    let log_in = async |email: &str, password: &str| {
        let body = format!("audience=customer&email={email}&password={password}");
        let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
        let mut headers = response.headers().clone();
        // It differs with the length of the address, which comes back as it was typed.
        headers.remove(header::CONTENT_LENGTH);
        // Random, and so of no use to tell anything by.
        headers.remove("x-request-id");
        (response.status(), format!("{headers:?}"), text_of(response).await.replace(email, "what was typed"))
    };
    let unknown = log_in("nobody@example.org", PASSWORD).await;
    assert_eq!(unknown.0, StatusCode::UNAUTHORIZED);
    assert_eq!(log_in("carla@example.org", "wrong").await, unknown);
    assert_eq!(log_in("gone@example.org", PASSWORD).await, unknown);
    for _ in 0..10 {
        assert_eq!(log_in("conrad@example.org", "wrong").await, unknown);
    }
    assert_eq!(log_in("conrad@example.org", PASSWORD).await, unknown, "paused");
}

#[tokio::test]
async fn pages_and_answers_hold_no_secret_and_nobody_elses_data() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, waiting, customer, admin] = cookies(&fixture).await;
    let service = fixture.services().list().await.expect("lists")[0].id;
    let auth = fixture.secondary_auth().list().await.expect("lists")[0].id;
    let relay = smtp_form().password;
    let sealed = offers::store::provider(&fixture.core.db, service).await.expect("answers").and_then(|row| row.secret);
    let (code, sealed) = (fixture.code(), sealed.expect("a sealed password"));
    let manager = "/admin/settings/setup/services-manager";
    for (path, cookie, others) in [
        ("/login/code".to_owned(), &waiting, "waiting@example.org"),
        ("/account".to_owned(), &customer, "waiting@example.org"),
        ("/account/two-factor".to_owned(), &customer, "waiting@example.org"),
        ("/account/two-factor/verify".to_owned(), &customer, "waiting@example.org"),
        ("/admin/profile/security".to_owned(), &admin, "waiting@example.org"),
        (manager.to_owned(), &admin, "carla@example.org"),
        (format!("{manager}/services"), &admin, "carla@example.org"),
        (format!("{manager}/services/{service}"), &admin, "carla@example.org"),
        (format!("{manager}/secondary-auth/{auth}"), &admin, "carla@example.org"),
    ] {
        let response = call(&app, Method::GET, &path, cookie, "").await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let html = text_of(response).await;
        let token = cookie.split('=').nth(1).expect("a token");
        for secret in [relay.as_str(), &sealed, token, "$argon2", others] {
            assert!(!html.contains(secret), "{path} holds {secret}");
        }
        let mut numbers = html.split(|c: char| !c.is_ascii_alphanumeric());
        assert!(numbers.all(|word| word != code), "{path} holds the code");
    }
    // What was typed comes back with an error, but for the secrets; a plain form carries it in the address.
    let wrong = format!(
        "id={service}&form[title]=&form[host]=x&form[port]=1&form[encryption]=tls&form[user_name]=u&\
         form[password]=typed-secret&form[from_address]=a&form[from_name]=n"
    );
    let log_in = "audience=customer&email=carla%40example.org&password=typed-secret";
    for (path, body) in [("/api/services/save", wrong.as_str()), ("/api/login/log_in", log_in)] {
        let answer = call(&app, Method::POST, path, &admin, body).await;
        assert!(answer.status().is_client_error());
        assert!(!text_of(answer).await.contains("typed-secret"), "{path}");
        let plain = call_with(&app, Method::POST, path, &admin, body, &[("accept", "text/html")]).await;
        assert!(plain.status().is_redirection());
        assert!(!format!("{:?}", plain.headers()).contains("typed-secret"), "{path}");
    }
}

#[tokio::test]
async fn names_and_titles_add_no_markup_to_a_page() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, _, admin] = cookies(&fixture).await;
    let markup = "</script><img src=x onerror=alert(1)>";
    let (me, service) = (fixture.admin(), fixture.services().list().await.expect("lists")[0].id);
    fixture.secondary_auth().save(&me, None, &service.to_string(), markup, &[]).await.expect("any line is a title");
    let new = NewAccount { audience: Audience::Customer, email: "m@example.org", name: markup, password: PASSWORD };
    create(&fixture.core, Actor::Server, &new).await.expect("any line is a name");
    let mallory = fixture.log_in("m@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let mallory = format!("__Host-countersign_customer_session={mallory}");
    for (path, cookie) in [
        ("/admin/settings/setup/services-manager/secondary-auth", &admin),
        ("/account", &mallory),
        ("/account/two-factor", &mallory),
    ] {
        let html = text_of(call(&app, Method::GET, path, cookie, "").await).await;
        assert!(html.contains("onerror=alert(1)"), "{path} does not show it at all");
        assert!(!html.contains("<img src=x") && !html.contains("</script><img"), "{path} holds markup");
    }
}

#[tokio::test]
async fn recovery_codes_are_on_one_page_once_and_nowhere_else() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.enrolled_customer("carla@example.org").await;
    let session = cookie("customer", &fixture.full_sign_in("carla@example.org").await);
    let path = Audience::Customer.recovery_codes_path();
    let answer = call(&app, Method::POST, "/api/recovery/make", &session, "audience=customer").await;
    assert_eq!(answer.headers()[header::LOCATION], path);
    let once = answer.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    for part in ["__Host-countersign_customer_once=", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=300"] {
        assert!(once.contains(part), "{part} is missing: {once}");
    }
    let both = format!("{session}; {}", once.split(';').next().expect("a cookie"));
    let first = call(&app, Method::GET, path, &both, "").await;
    assert_eq!(first.headers()[header::CACHE_CONTROL], "no-store");
    let forgotten = first.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    assert!(forgotten.starts_with("__Host-countersign_customer_once=;") && forgotten.contains("Max-Age=0"));
    let page = text_of(first).await;
    assert_eq!(page.matches("<li><code>").count(), 10, "{page}");
    assert!(page.contains("href=\"data:text/plain") && page.contains("download=\"recovery-codes.txt\""));
    let code = page.split("<li><code>").nth(1).and_then(|rest| rest.get(..19)).expect("a code").to_owned();
    assert!(!once.contains(&code.replace('-', "")));
    // Whoever kept the cookie sees nothing either.
    for cookie in [&session, &both] {
        let page = text_of(call(&app, Method::GET, path, cookie, "").await).await;
        assert!(!page.contains(&code) && page.contains("You have 10 of 10 codes left."));
    }
    let waiting = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let waiting = cookie("customer", &waiting);
    let page = text_of(call(&app, Method::GET, Audience::Customer.recovery_path(), &waiting, "").await).await;
    assert!(page.contains("Recovery code"));
    let body = format!("audience=customer&recovery_code={}", code.to_lowercase());
    let done = call(&app, Method::POST, "/api/recovery/sign_in", &waiting, &body).await;
    assert_eq!(done.headers()[header::LOCATION], "/account");
    assert_eq!(call(&app, Method::GET, "/account", &waiting, "").await.headers()[header::LOCATION], "/login");
    // A wrong code does not come back in the address of a plain form.
    let waiting = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let headers = [("accept", "text/html")];
    let waiting = cookie("customer", &waiting);
    let plain = call_with(&app, Method::POST, "/api/recovery/sign_in", &waiting, &body, &headers).await;
    assert!(plain.status().is_redirection());
    assert!(!format!("{:?}", plain.headers()).to_uppercase().contains(&code));
}

#[tokio::test]
async fn a_helpdesk_code_is_shown_once_to_an_administrator_who_has_just_confirmed() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, _, admin] = cookies(&fixture).await;
    let waiting = fixture.log_in("waiting@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let account = fixture.session(&waiting).await.expect("a session").account_id;
    let path = format!("/admin/customers/{account}/helpdesk-code");
    let page = text_of(call(&app, Method::GET, &path, &admin, "").await).await;
    assert!(page.contains("Issue helpdesk code") && page.contains("waiting@example.org"));
    let body = format!("audience=customer&id={account}");
    let answer = call(&app, Method::POST, "/api/recovery/issue", &admin, &body).await;
    assert_eq!(answer.headers()[header::LOCATION], path.as_str());
    let once = answer.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    let both = format!("{admin}; {}", once.split(';').next().expect("a cookie"));
    let page = text_of(call(&app, Method::GET, &path, &both, "").await).await;
    let code = page.split("one-code\">").nth(1).and_then(|rest| rest.get(..19)).expect("a code").to_owned();
    let page = text_of(call(&app, Method::GET, &path, &both, "").await).await;
    assert!(!page.contains(&code) && page.contains("Issue helpdesk code"));
    let used = format!("audience=customer&recovery_code={code}");
    let done = call(&app, Method::POST, "/api/recovery/sign_in", &cookie("customer", &waiting), &used).await;
    assert_eq!(done.headers()[header::LOCATION], "/account");
    fixture.clock.pass(600);
    let late = call(&app, Method::POST, "/api/recovery/issue", &admin, &body).await;
    assert_eq!(late.status(), StatusCode::FORBIDDEN);
    assert!(late.headers()[header::LOCATION].to_str().expect("text").starts_with("/admin/profile/confirm?to="));
}
