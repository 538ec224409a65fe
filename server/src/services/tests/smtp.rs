//! Mail servers that sign in by a token, and what only some of them need.

use super::smtp;
use crate::{
    offers::{
        self,
        provider::{secret_of, smtp_settings},
    },
    providers::smtp::token::TokenSecret,
    testing::{
        Fixture,
        authority::Authority,
        issuer::{issuer, json, token_of},
        on_every_database, reason, smtp_form,
    },
};
use app::{
    error::{DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    services::{port::ServicesPort, types::SmtpForm},
};
use axum::http::StatusCode;
use uuid::Uuid;

fn by_token(token_url: &str) -> SmtpForm {
    SmtpForm {
        password: String::new(),
        sign_in: "microsoft".to_owned(),
        client_id: "the-client".to_owned(),
        token_url: token_url.to_owned(),
        client_secret: "cl13nt-s3cret".to_owned(),
        refresh_token: "r3fresh".to_owned(),
        ..smtp_form()
    }
}

async fn saved(fixture: &Fixture, form: &SmtpForm) -> Uuid {
    fixture.services().save_smtp(&fixture.admin(), None, form).await.expect("saved");
    fixture.services().list().await.expect("lists")[0].id
}

async fn stored_secret(fixture: &Fixture, id: Uuid) -> TokenSecret {
    let core = &fixture.core;
    let row = offers::store::provider(&core.db, id).await.expect("answers").expect("is there");
    assert!(!format!("{row:?}").contains("s3cret"), "the database holds the secret in clear");
    let secret = secret_of(&core.db, &core.vault, &row).await.expect("opens").expect("a secret");
    TokenSecret::of_secret(secret.expose()).expect("what fetches tokens")
}

#[tokio::test]
async fn what_fetches_tokens_is_encrypted_never_comes_back_and_goes_nowhere_else() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        let id = saved(&fixture, &by_token("")).await;
        let shown = smtp(&fixture, id).await;
        assert!(shown.client_set && !shown.password_set);
        let json = serde_json::to_string(&shown).expect("JSON");
        assert!(!json.contains("cl13nt-s3cret") && !json.contains("r3fresh"));
        let kept = SmtpForm { client_secret: String::new(), refresh_token: String::new(), ..by_token("") };
        fixture.services().save_smtp(&admin, Some(id), &kept).await.expect("nothing changed");
        let half = SmtpForm { client_secret: "another".to_owned(), ..kept.clone() };
        fixture.services().save_smtp(&admin, Some(id), &half).await.expect("one of them changed");
        let stored = stored_secret(&fixture, id).await;
        assert_eq!((stored.client_secret.as_str(), stored.refresh_token.as_str()), ("another", "r3fresh"));
        for changed in [
            SmtpForm { host: "evil.example".to_owned(), ..kept.clone() },
            SmtpForm { user_name: "other@example.org".to_owned(), ..kept.clone() },
            SmtpForm { client_id: "other".to_owned(), ..kept.clone() },
            SmtpForm { tenant: "other".to_owned(), ..kept.clone() },
            SmtpForm { token_url: "https://evil.example/token".to_owned(), ..kept.clone() },
            SmtpForm { ca: Authority::new().pem(), ..kept.clone() },
        ] {
            for error in [
                fixture.services().save_smtp(&admin, Some(id), &changed).await.expect_err("refused"),
                fixture.services().test_smtp(&admin, Some(id), &changed).await.expect_err("refused"),
            ] {
                for field in ["client_secret", "refresh_token"] {
                    assert_eq!(error.problem_of(field), Some(&Problem::SecretNeededAgain), "{changed:?}");
                }
            }
        }
        // A password and a token are nothing for each other.
        let back = SmtpForm { sign_in: "password".to_owned(), ..kept.clone() };
        fixture.services().save_smtp(&admin, Some(id), &back).await.expect("without a password");
        let row = offers::store::provider(&fixture.core.db, id).await.expect("answers").expect("is there");
        assert_eq!(row.secret, None);
        let error = fixture.services().save_smtp(&admin, Some(id), &kept).await.expect_err("there is none any more");
        assert_eq!(error.problem_of("refresh_token"), Some(&Problem::Required));
    })
    .await;
}

#[tokio::test]
async fn each_way_to_sign_in_asks_for_what_it_needs() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        let bare = SmtpForm { client_secret: String::new(), refresh_token: String::new(), ..by_token("") };
        let named = SmtpForm { client_id: String::new(), user_name: String::new(), ..bare };
        for (sign_in, needed) in [
            ("microsoft", ["user_name", "client_id", "refresh_token"].as_slice()),
            ("microsoft_app", ["user_name", "client_id", "tenant", "client_secret"].as_slice()),
            ("google", ["user_name", "client_id", "client_secret", "refresh_token"].as_slice()),
        ] {
            let form = SmtpForm { sign_in: sign_in.to_owned(), ..named.clone() };
            let error = fixture.services().save_smtp(&admin, None, &form).await.expect_err("incomplete");
            for field in ["user_name", "client_id", "tenant", "client_secret", "refresh_token"] {
                let wanted = needed.contains(&field).then_some(&Problem::Required);
                assert_eq!(error.problem_of(field), wanted, "{sign_in} {field}");
            }
        }
        for (field, form) in [
            ("token_url", by_token("ftp://id.example.org")),
            ("token_url", by_token("https://user:secret@id.example.org/")),
            ("token_url", by_token("http://169.254.169.254/token")),
            ("tenant", SmtpForm { tenant: "a/../b".to_owned(), ..by_token("") }),
            ("refresh_token", SmtpForm { refresh_token: "a\r\nb".to_owned(), ..by_token("") }),
        ] {
            let error = fixture.services().save_smtp(&admin, None, &form).await.expect_err("refused");
            assert!(error.problem_of(field).is_some(), "{field}: {error:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn messages_share_a_token_and_a_renewed_refresh_token_is_kept() {
    on_every_database(async |fixture| {
        let (url, asked) = issuer(token_of).await;
        fixture.administrator("ada@example.org").await;
        let id = saved(&fixture, &by_token(&url)).await;
        let row = async || offers::store::provider(&fixture.core.db, id).await.expect("answers").expect("is there");
        let before = row().await;
        // Another change is told by mail, too.
        fixture.services().set_active(&fixture.admin(), id, true).await.expect("active");
        assert!(fixture.mail_so_far().await.len() >= 2);
        assert_eq!(asked.lock().expect("kept").len(), 1);
        assert_eq!(stored_secret(&fixture, id).await.refresh_token, "refresh-0");
        assert_eq!(row().await.redirected_at, before.redirected_at, "nothing goes elsewhere");
        assert_eq!(smtp_settings(&row().await).expect("settings"), smtp_settings(&before).expect("settings"));
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_that_takes_no_token_and_an_issuer_that_gives_none_are_told_apart() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        let (url, asked) = issuer(token_of).await;
        let words = Some("535 5.7.139 SmtpClientAuthentication is disabled".to_owned());
        let refused = DeliveryFailure { kind: DeliveryFailureKind::Authentication, answer: words };
        fixture.mail.fail_with(Some(refused));
        let Refusal::NotDelivered(told) = reason(fixture.services().test_smtp(&admin, None, &by_token(&url)).await)
        else {
            panic!("another refusal")
        };
        assert_eq!(told.kind, DeliveryFailureKind::AccessRefused);
        assert!(told.answer.expect("an answer").contains("5.7.139"));
        assert_eq!(asked.lock().expect("kept").len(), 1, "a fresh one is not fetched again");
        fixture.mail.fail_with(None);
        let (url, _) = issuer(|_| json(StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant"}"#)).await;
        let Refusal::NotDelivered(told) = reason(fixture.services().test_smtp(&admin, None, &by_token(&url)).await)
        else {
            panic!("another refusal")
        };
        assert_eq!(told.kind, DeliveryFailureKind::GrantRefused);
        assert!(fixture.mail.kept().is_empty());
    })
    .await;
}
