//! The rules of service providers.

use crate::testing::{Fixture, authority::Authority, on_every_database, reason, smtp_form};
use app::{
    error::{DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    policy::port::PolicyPort,
    ports::Deleted,
    secondary_auth::port::SecondaryAuthPort,
    services::{
        port::ServicesPort,
        types::{AnyService, SmtpForm, SmtpService},
    },
};
use uuid::Uuid;

mod day;
mod sms;
mod smtp;

async fn smtp(fixture: &Fixture, id: Uuid) -> SmtpService {
    match fixture.services().get(id).await.expect("shows") {
        AnyService::Smtp(service) => service,
        AnyService::Sms(_) | AnyService::Plain(_) => panic!("another kind"),
    }
}

#[tokio::test]
async fn a_password_is_encrypted_and_never_comes_back() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        fixture.services().save_smtp(&admin, None, &smtp_form()).await.expect("saved");
        let id = fixture.services().list().await.expect("lists")[0].id;
        let shown = smtp(&fixture, id).await;
        assert!(shown.password_set && shown.form.password.is_empty());
        assert!(!serde_json::to_string(&shown).expect("JSON").contains("s3cret-relay"));
        let row = crate::offers::store::provider(&fixture.core.db, id).await.expect("answers").expect("is there");
        assert!(!format!("{row:?}").contains("s3cret-relay"), "the database holds the password in clear");
    })
    .await;
}

#[tokio::test]
async fn a_stored_password_goes_only_to_the_server_it_was_saved_for() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        fixture.services().save_smtp(&admin, None, &smtp_form()).await.expect("saved");
        let id = fixture.services().list().await.expect("lists")[0].id;
        let kept = SmtpForm { password: String::new(), title: "Renamed".to_owned(), ..smtp_form() };
        fixture.services().save_smtp(&admin, Some(id), &kept).await.expect("a new title keeps the password");
        assert!(smtp(&fixture, id).await.password_set);
        for changed in [
            SmtpForm { host: "evil.example".to_owned(), ..kept.clone() },
            SmtpForm { port: "2525".to_owned(), ..kept.clone() },
            SmtpForm { user_name: "other".to_owned(), ..kept.clone() },
            SmtpForm { encryption: "none".to_owned(), ..kept.clone() },
            // Whoever vouches for the server says who may stand in its place.
            SmtpForm { ca: Authority::new().pem(), ..kept.clone() },
        ] {
            for error in [
                fixture.services().save_smtp(&admin, Some(id), &changed).await.expect_err("refused"),
                fixture.services().test_smtp(&admin, Some(id), &changed).await.expect_err("refused"),
            ] {
                assert_eq!(error.problem_of("password"), Some(&Problem::SecretNeededAgain));
            }
        }
        assert!(fixture.mail.kept().is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_named() {
    on_every_database(async |fixture| {
        let bad = SmtpForm {
            title: String::new(),
            host: "not a host".to_owned(),
            port: "0".to_owned(),
            encryption: "rot13".to_owned(),
            user_name: "x".repeat(256),
            password: "a\r\nb".to_owned(),
            from_address: "nobody".to_owned(),
            from_name: "a\nBcc: x@y.example".to_owned(),
            reply_to: "nobody".to_owned(),
            ehlo_name: "two words".to_owned(),
            ca: "a certificate".to_owned(),
            sign_in: "kerberos".to_owned(),
            ..SmtpForm::default()
        };
        let error = fixture.services().save_smtp(&fixture.admin(), None, &bad).await.expect_err("refused");
        for field in [
            "title",
            "host",
            "port",
            "encryption",
            "user_name",
            "password",
            "from_address",
            "from_name",
            "reply_to",
            "ehlo_name",
            "ca",
            "sign_in",
        ] {
            assert!(error.problem_of(field).is_some(), "{field} was not named");
        }
        let error = fixture
            .services()
            .save_smtp(&fixture.admin(), None, &SmtpForm { host: "169.254.169.254".to_owned(), ..smtp_form() })
            .await;
        assert_eq!(error.expect_err("refused").problem_of("host"), Some(&Problem::AddressNotAllowed));
    })
    .await;
}

#[tokio::test]
async fn titles_are_unique_and_the_next_one_is_offered() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        assert_eq!(fixture.services().new_smtp().await.expect("offers").form.title, "SMTP");
        fixture.services().save_smtp(&admin, None, &smtp_form()).await.expect("saved");
        let error = fixture.services().save_smtp(&admin, None, &smtp_form()).await.expect_err("refused");
        assert_eq!(error.problem_of("title"), Some(&Problem::Taken));
        assert_eq!(fixture.services().new_smtp().await.expect("offers").form.title, "SMTP 2");
    })
    .await;
}

#[tokio::test]
async fn a_test_message_uses_the_form_and_tells_the_servers_answer() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        fixture.services().test_smtp(&admin, None, &smtp_form()).await.expect("sent");
        assert_eq!(fixture.mail.kept()[0].to, admin.email);
        assert!(fixture.services().list().await.expect("lists").is_empty(), "nothing was saved");
        let failure =
            DeliveryFailure { kind: DeliveryFailureKind::Authentication, answer: Some("535 go away".to_owned()) };
        fixture.mail.fail_with(Some(failure.clone()));
        let outcome = reason(fixture.services().test_smtp(&admin, None, &smtp_form()).await);
        assert_eq!(outcome, Refusal::NotDelivered(failure));
    })
    .await;
}

#[tokio::test]
async fn pages_say_how_many_accounts_a_change_concerns() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer("carla@example.org").await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        fixture.customer("nobody@example.org").await;
        let service = fixture.services().list().await.expect("lists")[0].id;
        assert_eq!(smtp(&fixture, service).await.enrolled, 2);
        let auth = fixture.secondary_auth().list().await.expect("lists")[0].id;
        assert_eq!(fixture.secondary_auth().form(Some(auth)).await.expect("shows").enrolled, 2);
        let policies = fixture.policy().overview().await.expect("shows").policies;
        assert_eq!(policies.iter().map(|policy| policy.enrolled).collect::<Vec<_>>(), [0, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_provider_in_use_is_not_deleted() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        let auth = fixture.offer_mail().await;
        let service = fixture.services().list().await.expect("lists")[0].id;
        assert_eq!(
            reason(fixture.services().delete(&admin, service, true).await),
            Refusal::InUse { by: "Email".to_owned() }
        );
        fixture.secondary_auth().delete(&admin, auth, true).await.expect("nobody uses it");
        fixture.clock.pass(86_400);
        let asked = fixture.services().delete(&admin, service, false).await;
        assert_eq!(asked, Ok(Deleted::NeedsConfirmation));
        assert_eq!(fixture.services().list().await.expect("lists").len(), 1, "nothing goes before the answer");
        assert_eq!(fixture.services().delete(&admin, service, true).await, Ok(Deleted::Done));
        assert!(fixture.services().list().await.expect("lists").is_empty());
    })
    .await;
}
