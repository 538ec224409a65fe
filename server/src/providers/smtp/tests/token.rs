//! Signing in by a token, against a scripted mail server and a scripted issuer of tokens.

use super::*;
use crate::{
    providers::smtp::token::{Token, TokenSecret, Tokens, address},
    testing::issuer::{issuer, json, token_of},
};
use app::error::DeliveryFailureKind::{AccessRefused, ClientRefused, GrantRefused, TokenUnreachable};
use axum::http::StatusCode;
use std::sync::Arc;
use tokio::net::TcpListener;

fn by(sign_in: SignIn, token_url: &str) -> SmtpSettings {
    SmtpSettings {
        user_name: "robot@example.org".to_owned(),
        sign_in,
        client_id: "the-client".to_owned(),
        token_url: token_url.to_owned(),
        ..via(25, Encryption::None)
    }
}

fn secret() -> TokenSecret {
    TokenSecret { client_secret: "cl13nt-s3cret".to_owned(), refresh_token: "r3fresh".to_owned() }
}

async fn get(tokens: &Tokens, via: &SmtpSettings, now: i64) -> Result<Token, DeliveryFailure> {
    tokens.get(via, &secret(), now).await
}

fn tokens() -> Tokens {
    Tokens::new(Reach::default())
}

#[tokio::test]
async fn a_token_is_fetched_once_for_all_and_again_before_its_end() {
    let (url, asked) = issuer(token_of).await;
    let (tokens, via) = (Arc::new(tokens()), by(SignIn::Microsoft, &url));
    let all = (0..20).map(|_| {
        let (tokens, via) = (tokens.clone(), via.clone());
        tokio::spawn(async move { get(&tokens, &via, START).await.expect("a token").secret.expose().to_owned() })
    });
    for one in all.collect::<Vec<_>>() {
        assert_eq!(one.await.expect("runs"), "access-0");
    }
    assert_eq!(asked.lock().expect("kept").len(), 1, "each message fetched its own");
    let later = get(&tokens, &via, START + 3_000).await.expect("a token");
    assert!(later.kept && later.secret.expose() == "access-0");
    let renewed = get(&tokens, &via, START + 3_400).await.expect("a token");
    assert_eq!(renewed.secret.expose(), "access-1", "it would have ended soon");
    assert_eq!(renewed.renewed.as_ref().map(|new| new.expose()), Some("refresh-1"));
    tokens.forget(&via, &secret(), &renewed.secret).await;
    assert_eq!(get(&tokens, &via, START + 3_400).await.expect("a token").secret.expose(), "access-2");
    // Another mailbox has a token of its own.
    let other = SmtpSettings { user_name: "other@example.org".to_owned(), ..via };
    assert_eq!(get(&tokens, &other, START + 3_400).await.expect("a token").secret.expose(), "access-3");
}

#[tokio::test]
async fn each_issuer_is_asked_in_its_own_way() {
    for (sign_in, wanted) in [
        (
            SignIn::Microsoft,
            "client_id=the-client&client_secret=cl13nt-s3cret&grant_type=refresh_token&refresh_token=r3fresh&\
             scope=https%3A%2F%2Foutlook.office.com%2FSMTP.Send+offline_access",
        ),
        (
            SignIn::MicrosoftApp,
            "client_id=the-client&client_secret=cl13nt-s3cret&grant_type=client_credentials&\
             scope=https%3A%2F%2Foutlook.office365.com%2F.default",
        ),
        (
            SignIn::Google,
            "client_id=the-client&client_secret=cl13nt-s3cret&grant_type=refresh_token&refresh_token=r3fresh",
        ),
    ] {
        let (url, asked) = issuer(token_of).await;
        get(&tokens(), &by(sign_in, &url), START).await.expect("a token");
        assert_eq!(asked.lock().expect("kept")[0], wanted);
    }
    let preset = |sign_in, tenant: &str| address(&SmtpSettings { tenant: tenant.to_owned(), ..by(sign_in, "") });
    assert_eq!(preset(SignIn::Microsoft, ""), "https://login.microsoftonline.com/common/oauth2/v2.0/token");
    assert_eq!(
        preset(SignIn::MicrosoftApp, "t.example"),
        "https://login.microsoftonline.com/t.example/oauth2/v2.0/token"
    );
    assert_eq!(preset(SignIn::Google, ""), "https://oauth2.googleapis.com/token");
}

#[tokio::test]
async fn a_refusal_names_the_cure_and_is_not_asked_for_again_at_once() {
    for (status, body, wanted) in [
        (
            401,
            r#"{"error":"invalid_client","error_description":"AADSTS7000222: expired cl13nt-s3cret"}"#,
            ClientRefused,
        ),
        (400, r#"{"error":"unauthorized_client"}"#, ClientRefused),
        (400, r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#, GrantRefused),
        (400, r#"{"error":"invalid_scope"}"#, AccessRefused),
        (503, "<html>busy</html>", TokenUnreachable),
        (200, "{}", TokenUnreachable),
        (200, r#"{"access_token":"a\nb"}"#, TokenUnreachable),
    ] {
        let status = StatusCode::from_u16(status).expect("a status");
        let (url, asked) = issuer(move |_| json(status, body)).await;
        let (tokens, via) = (tokens(), by(SignIn::Google, &url));
        for now in [START, START + 1, START + 10] {
            let failure = get(&tokens, &via, now).await.map(drop).expect_err("refused");
            assert_eq!(failure.kind, wanted, "{body}: {:?}", failure.answer);
            let answer = failure.answer.expect("an answer");
            for hidden in ["cl13nt-s3cret", "r3fresh", "AADSTS", "html"] {
                assert!(!answer.contains(hidden), "an address on loopback tells {hidden}: {answer}");
            }
        }
        assert_eq!(asked.lock().expect("kept").len(), 2, "the second message asked again at once");
    }
    let dead = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", dead.local_addr().expect("an address"));
    drop(dead);
    let failure = get(&tokens(), &by(SignIn::Google, &url), START).await.map(drop).expect_err("nobody is there");
    assert_eq!(failure.kind, TokenUnreachable);
    let nowhere = by(SignIn::Google, "http://169.254.169.254/token");
    let failure = get(&tokens(), &nowhere, START).await.map(drop).expect_err("never contacted");
    assert!(failure.answer.expect("an answer").contains("no usable address"));
}

#[tokio::test]
async fn the_mail_server_is_shown_the_token() {
    let offers = "250-hi\r\n250 AUTH PLAIN XOAUTH2";
    let taken = ["220 hi", offers, "235 ok", "250 ok", "250 ok", "354 go on", "250 ok"];
    let server = Scripted::saying(&taken).await;
    let settings = SmtpSettings { port: server.port, ..by(SignIn::Microsoft, "") };
    deliver(&settings, TO).await.expect("delivered");
    let shown = "dXNlcj1yb2JvdEBleGFtcGxlLm9yZwFhdXRoPUJlYXJlciB0MHAtczNjcmV0AQE=";
    assert_eq!(server.heard()[0][1], format!("AUTH XOAUTH2 {shown}"));

    // Why it does not take it comes first, and the refusal after an empty line.
    let refused = ["220 hi", offers, "334 eyJzdGF0dXMiOiI0MDAifQ==", "535 5.7.3 Authentication unsuccessful"];
    let server = Scripted::saying(&refused).await;
    let (kind, answer) = failure(&SmtpSettings { port: server.port, ..settings.clone() }).await;
    assert!(kind == Authentication && answer.contains("5.7.3"), "{kind:?} {answer}");
    assert_eq!(server.heard()[0][2], "");

    let server = Scripted::saying(&["220 hi", "250-hi\r\n250 AUTH PLAIN"]).await;
    let (kind, answer) = failure(&SmtpSettings { port: server.port, ..settings }).await;
    assert!(kind == NoSignIn && answer.contains("PLAIN"), "a token is no password: {kind:?} {answer}");
}
