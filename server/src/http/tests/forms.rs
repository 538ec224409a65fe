//! Pages and their forms, as a browser without scripts gets them.

use super::{app, call, call_with, cookies, status_and_text, text_of, with_new_cookie};
use crate::testing::sqlite;
use app::{
    configuration::{labels, types::Setting},
    policy::port::PolicyPort,
    services::{port::ServicesPort, types::Channel},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use tower::ServiceExt;

#[tokio::test]
async fn the_audit_page_and_the_dashboard_hold_what_they_show_without_scripts() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let page = async |path: &str| {
        let response = call(&app, Method::GET, path, &admin, "").await;
        assert_ne!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        text_of(response).await
    };
    let log = page("/admin/audit?account=ada&action=logged_in").await;
    for part in
        ["Signed in", "ada@example.org", "192.0.2.1", "Jan 1, 2026", "12:00:00 AM", "/admin/audit.csv?account=ada"]
    {
        assert!(log.contains(part), "{part} is missing");
    }
    assert!(!log.contains("<td>carla@example.org"), "the filter holds");
    assert!(page("/admin/audit?account=nobody").await.contains("No events match this filter."));
    let wrong = page("/admin/audit?from=yesterday").await;
    assert!(wrong.contains("Enter a date such as 2026-01-31.") && wrong.contains("value=\"yesterday\""));
    let script = page("/admin/audit?account=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!script.contains("<script>alert(1)"));
    let dashboard = page("/admin").await;
    for part in ["Dashboard", "Who is protected", "1 of 2 accounts", "Set up your own second factor"] {
        assert!(dashboard.contains(part), "{part} is missing");
    }
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nothing_and_its_link_is_used_by_the_form_alone() {
    let fixture = sqlite().await;
    fixture.offer_mail().await;
    fixture.customer("carla@example.org").await;
    let app = app(&fixture).await;
    for path in ["/login/forgot", "/admin/login/forgot"] {
        let (status, page) = status_and_text(call(&app, Method::GET, path, "", "").await).await;
        assert!(status == StatusCode::OK && page.contains("Send link"), "{path}");
    }
    let ask = async |email: &str| {
        let body = format!("audience=customer&email={email}%40example.org");
        // Whatever the browser claims, the link in the mail is ours.
        let claims = [("forwarded", "host=evil.example"), ("x-forwarded-host", "evil.example")];
        let response = call_with(&app, Method::POST, "/api/password/ask_reset", "", &body, &claims).await;
        let headers: Vec<_> = response.headers().keys().map(ToString::to_string).collect();
        (headers, status_and_text(response).await)
    };
    assert_eq!(ask("carla").await, ask("nobody").await);
    crate::outbox::service::send_due(&fixture.core).await.expect("sent");
    let text = fixture.mail.kept().pop().expect("a message").text;
    let path = text.lines().find_map(|line| line.strip_prefix("https://id.example.org")).expect("a link").to_owned();
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let (status, page) = status_and_text(call(&app, method.clone(), &path, "", "").await).await;
        assert!(status == StatusCode::OK && (method == Method::HEAD || page.contains("Set password")), "{page}");
    }
    let body = format!("token={}&password=seven+lakes+walk+home", path.rsplit('/').next().expect("a token"));
    let response = call(&app, Method::POST, "/api/password/set", "", &body).await;
    let cleared: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().collect();
    // And the browser is known from then on.
    assert_eq!(cleared.len(), 3, "{cleared:?}");
    assert!(response.status().is_success(), "{}", response.status());
    let (_, page) = status_and_text(call(&app, Method::GET, &path, "", "").await).await;
    assert!(page.contains("Request a new link") && !page.contains("Set password"));
}

#[tokio::test]
async fn registration_is_not_there_while_it_is_off() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let form = "name=Nora&email=nora%40example.org";
    for path in ["/register", "/register/token"] {
        let (status, page) = status_and_text(call(&app, Method::GET, path, "", "").await).await;
        assert!(status == StatusCode::NOT_FOUND && !page.contains("/api/registration"), "{path}: {status}");
    }
    assert_eq!(call(&app, Method::POST, "/api/registration/register", "", form).await.status(), StatusCode::NOT_FOUND);
    let (_, page) = status_and_text(call(&app, Method::GET, "/login", "", "").await).await;
    assert!(page.contains("Forgot password?") && !page.contains("/register"));
    let on = crate::entity::configuration::Model {
        key: "self_registration".to_owned(),
        value: "1".to_owned(),
        changed_by: "test".to_owned(),
        changed_at: fixture.now(),
    };
    crate::rules::store::put(&fixture.core.db, on).await.expect("stored");
    assert_eq!(call(&app, Method::GET, "/register", "", "").await.status(), StatusCode::OK);
    assert!(call(&app, Method::POST, "/api/registration/register", "", form).await.status().is_success());
    let (_, page) = status_and_text(call(&app, Method::GET, "/login", "", "").await).await;
    assert!(page.contains("href=\"/register\""));
    let (_, page) = status_and_text(call(&app, Method::GET, "/admin/login", "", "").await).await;
    assert!(page.contains("Forgot password?") && !page.contains("/register"), "administrators are invited");
}

#[tokio::test]
async fn settings_are_found_and_saved_without_javascript() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    const PAGE: &str = "/admin/settings/setup/configuration";
    let titles = async |query: &str| {
        let page = text_of(call(&app, Method::GET, &format!("{PAGE}{query}"), &admin, "").await).await;
        // Marks for hydration stand between texts.
        let page = page.replace("<!>", "");
        Setting::ALL
            .iter()
            .filter(|s| page.contains(&format!(">{}</h3>", labels::title(**s))))
            // What is not looked for is hidden, so that nothing gets lost that is typed into it.
            .filter(|s| !page.contains(&format!("<tr id=\"{}\" hidden", s.key())))
            .copied()
            .collect::<Vec<_>>()
    };
    assert_eq!(titles("").await, Setting::ALL);
    assert_eq!(titles("?q=2fa").await, [Setting::RequireAdminTwoFactor, Setting::TrustedDeviceDays]);
    assert_eq!(titles("?q=Idle").await, [Setting::IdleMinutes]);
    assert!(titles("?q=zebra").await.is_empty());
    let post_to = async |path: &str, body: &str| {
        let request = Request::post(path)
            .header(header::HOST, "id.example.org")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &admin)
            .header(header::REFERER, format!("https://id.example.org{PAGE}?q=2fa"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let response = app.clone().oneshot(request).await.expect("an answer");
        let location = response.headers()[header::LOCATION].to_str().expect("text").to_owned();
        (location.trim_start_matches("https://id.example.org").to_owned(), with_new_cookie(&admin, &response))
    };
    let post = async |body: &str| post_to("/api/configuration/save", body).await;
    let (done, _) = post("key=trusted_device_days&value=7&q=%C3%A9%26").await;
    assert_eq!(done, format!("{PAGE}?q=%C3%A9%26&saved=trusted_device_days#trusted_device_days"));
    let (done, _) = post("key=trusted_device_days&value=7&q=2fa").await;
    let page = text_of(call(&app, Method::GET, done.split('#').next().expect("a page"), &admin, "").await).await;
    assert!(page.contains("Saved."));
    let all = "values[idle_minutes]=45&values[trusted_device_days]=8&q=";
    let (done, _) = post_to("/api/configuration/save_all", all).await;
    assert_eq!(done, format!("{PAGE}?q=&saved=trusted_device_days,idle_minutes"));
    let page = text_of(call(&app, Method::GET, &done, &admin, "").await).await;
    assert_eq!(page.matches("Saved.").count(), 2);
    // What is refused holds up none of the others.
    let all = "values[idle_minutes]=1&values[trusted_device_days]=9&q=";
    let (failed, proved) = post_to("/api/configuration/save_all", all).await;
    let page = text_of(call(&app, Method::GET, &failed, &proved, "").await).await;
    assert!(page.contains("Enter a whole number from 5 to 480.") && page.contains("value=\"9\""), "{page}");
    let (failed, proved) = post("key=trusted_device_days&value=400&q=2fa").await;
    let page = text_of(call(&app, Method::GET, &failed, &proved, "").await).await;
    assert!(
        page.contains("Enter a whole number from 0 to 365.") && page.contains("value=\"400\""),
        "what was typed is kept"
    );
    assert_eq!(page.matches("field-problem").count(), 1, "told beside its own field");
    // The switch asks for the same page in its other state, and stores nothing.
    let page =
        text_of(call(&app, Method::GET, &format!("{PAGE}?key=self_registration&value=0&draft=1"), &admin, "").await)
            .await;
    assert_eq!(page.matches("<strong>Not saved yet.").count(), 1, "it is one setting's draft");
    let rules = crate::rules::rules(&fixture.core).await.expect("answers");
    assert!(!rules.is_on(Setting::SelfRegistration));
    post("key=self_registration&value=1").await;
    let rules = crate::rules::rules(&fixture.core).await.expect("answers");
    assert!(rules.is_on(Setting::SelfRegistration));
}

#[tokio::test]
async fn stopping_a_provider_asks_first_where_people_receive_their_codes_through_it() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let id = fixture.services().list().await.expect("lists")[0].id;
    let asked = format!("/admin/settings/setup/services-manager/services/{id}/deactivate");
    let body = format!("id={id}&active=false");
    let response = call(&app, Method::POST, "/api/services/set_active", &admin, &body).await;
    assert_eq!(response.headers()[header::LOCATION], asked.as_str());
    assert!(fixture.services().list().await.expect("lists")[0].active);
    let page = text_of(call(&app, Method::GET, &asked, &admin, "").await).await;
    assert!(page.contains("1 account uses SMTP."), "the page says how many it concerns");
    call(&app, Method::POST, "/api/services/set_active", &admin, &format!("{body}&confirmed=on")).await;
    assert!(!fixture.services().list().await.expect("lists")[0].active);
}

#[tokio::test]
async fn the_two_factor_page_says_that_mail_is_the_weaker_way() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, customer, _] = cookies(&fixture).await;
    let html = text_of(call(&app, Method::GET, "/account/two-factor", &customer, "").await).await;
    assert!(html.contains("can read your email"));
}

#[tokio::test]
async fn forbidding_a_channel_asks_first_where_people_use_it() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let asked = "/admin/settings/setup/services-manager/forbid/customer/smtp";
    let body = "audience=customer&kind=smtp&forbidden=true";
    let response = call(&app, Method::POST, "/api/policy/set_forbidden", &admin, body).await;
    assert_eq!(response.headers()[header::LOCATION], asked);
    assert!(fixture.policy().overview().await.expect("shows").policies[1].forbidden.is_empty());
    let page = text_of(call(&app, Method::GET, asked, &admin, "").await).await;
    assert!(page.contains("1 account uses this method. 1 of them has no other working method."), "{page}");
    call(&app, Method::POST, "/api/policy/set_forbidden", &admin, &format!("{body}&confirmed=on")).await;
    assert_eq!(fixture.policy().overview().await.expect("shows").policies[1].forbidden, [Channel::Smtp]);
    let policy = "/admin/settings/setup/services-manager/two-factor/customer";
    let page = text_of(call(&app, Method::GET, policy, &admin, "").await).await;
    assert!(page.contains("Blocked") && page.contains("Weaker") && page.contains("Strongest"));
}
