//! Whatever strangers may send is answered, and what a parser lets through is what the rest relies on.

use super::{app, call};
use crate::{
    config_file::{ImportError, import},
    http::client_address::client_address,
    platform::phone,
    testing::{PASSWORD, sqlite},
};
use app::{error::AppError, validate};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request, header},
};
use ipnet::IpNet;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::net::IpAddr;
use tower::ServiceExt;

/// How many inputs each parser gets.
const MANY: u32 = 2_000;
/// How many whole requests are made.
const REQUESTS: usize = 100;
/// Where they go.
const PATHS: [&str; 4] =
    ["/api/login/log_in", "/api/account/change_name", "/api/recovery/sign_in", "/api/password/ask_reset"];

/// Bytes of a header, seasoned with what means something in one.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::sample::select(vec![
            &b","[..],
            b";",
            b"=",
            b"\"",
            b"\\",
            b"for=",
            b"For=\"[::1]:1\"",
            b"192.0.2.1",
            b"[::1]",
            b":80",
            b" ",
            b"%"
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(prop_oneof![32_u8..=126, 128_u8..=255, Just(b'\t')], 0..8),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// Text of every script, with what forms and files are made of.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<char>().prop_map(String::from),
        "[a-zA-Z0-9@.+\\-= \\[\\]\"'{}:,#&%]{0,12}",
        prop::sample::select(vec![
            "\0",
            "\u{202e}",
            "\u{200b}",
            "\u{a0}",
            "[[service_provider]]\n",
            "kind = \"smtp\"\n",
            "title = ",
            "\r\n",
            "a@b.example",
            "１２３",
            "+44 7400 123456",
            "xn--",
            "ß"
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
}

/// Samples of a strategy, for tests that await.
fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::default();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a sample").current()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: MANY, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn forwarded_headers_never_outweigh_the_hop_that_our_proxy_wrote(theirs in line(), forwarded in line()) {
        let proxies: [IpNet; 1] = ["10.0.0.0/8".parse().expect("a network")];
        let [proxy, stranger, client] = [[10, 0, 0, 1], [198, 51, 100, 7], [203, 0, 113, 7]].map(IpAddr::from);
        let mut headers = HeaderMap::new();
        let value = |bytes: &[u8]| HeaderValue::from_bytes(bytes).expect("bytes of a header");
        headers.insert("x-forwarded-for", value(&theirs));
        headers.insert(header::FORWARDED, value(&forwarded));
        prop_assert_eq!(client_address(stranger, &headers, &proxies), stranger);
        client_address(proxy, &headers, &proxies);
        headers.remove(header::FORWARDED);
        headers.insert("x-forwarded-for", value(&[theirs.as_slice(), b", 203.0.113.7"].concat()));
        prop_assert_eq!(client_address(proxy, &headers, &proxies), client);
    }

    #[test]
    fn what_passes_as_an_address_a_host_or_a_code_is_one(typed in text()) {
        let plain = |text: &str| !text.chars().any(char::is_control);
        if let Ok(email) = validate::email(&typed) {
            prop_assert!(plain(&email) && email.matches('@').count() == 1 && !email.contains([' ', ',', '<', '>']));
            prop_assert_eq!(validate::email(&email), Ok(email.clone()));
        }
        if let Ok(host) = validate::host(&typed) {
            prop_assert!(plain(&host) && !host.contains(['/', '@', ' ', '?', '#']));
        }
        if let Ok(code) = validate::code(&typed) {
            prop_assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        }
        if let Ok(code) = validate::recovery_code(&typed) {
            prop_assert!(code.is_ascii() && code.len() == 16);
        }
        if let Ok(line) = validate::line(&typed, 100) {
            prop_assert!(plain(&line) && line.chars().count() <= 100);
        }
    }

    #[test]
    fn what_passes_as_a_phone_number_is_one_in_its_one_spelling(typed in prop_oneof![text(), "[+0-9 ()./\\-]{0,20}"]) {
        for country in ["GB", "DE", "US", "", "??"] {
            if let Ok(number) = phone::parse(country, &typed) {
                let digits = number.e164.strip_prefix('+').unwrap_or_default();
                prop_assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
                prop_assert_eq!(phone::country_of(&number.e164), Some(number.country));
                prop_assert_eq!(phone::parse("", &number.e164).map(|again| again.e164), Ok(number.e164.clone()));
            }
        }
    }
}

#[tokio::test]
async fn no_cookie_body_or_address_is_answered_with_a_failure_of_the_server() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.customer("carla@example.org").await;
    let session = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let strategy = (line(), prop::collection::vec(any::<u8>(), 0..200), text(), any::<bool>());
    for (n, (cookie, body, typed, shaped)) in samples(&strategy, REQUESTS).into_iter().enumerate() {
        let typed: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let shape = format!(
            "audience=customer&email={typed}&password={typed}&code={typed}&name={typed}&recovery_code={typed}&\
             current_password={typed}&new_password={typed}"
        );
        let body = if shaped { shape.into_bytes() } else { body };
        let known = [super::cookie("customer", &session).as_bytes(), b"; ", &cookie].concat();
        for cookie in [cookie, known] {
            let path = PATHS[n % PATHS.len()];
            let request = Request::post(path)
                .header(header::HOST, "id.example.org")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, HeaderValue::from_bytes(&cookie).expect("bytes of a header"));
            let request = request.body(Body::from(body.clone())).expect("a request");
            let status = app.clone().oneshot(request).await.expect("an answer").status().as_u16();
            let (cookie, body) = (String::from_utf8_lossy(&cookie), String::from_utf8_lossy(&body));
            assert!(status < 500 || status == 503, "{path} {status}: {cookie} {body}");
        }
        let status = call(&app, Method::GET, &format!("/login?__err={typed}&__path={typed}"), "", "").await.status();
        assert!(!status.is_server_error(), "{status} {typed}");
    }
}

#[tokio::test]
async fn no_file_of_the_configuration_breaks_its_import() {
    let fixture = sqlite().await;
    for file in samples(&text(), MANY as usize) {
        let done = import(&fixture.core, &file, true).await;
        assert!(!matches!(done, Err(ImportError::Refused(AppError::Internal { .. }))), "{file:?}");
    }
}
