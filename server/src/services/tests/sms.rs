//! The rules of providers of text messages.

use crate::{
    platform::reach::Reach,
    testing::{Fixture, on_every_database, reason, smtp_form, sqlite, twilio_form},
};
use app::{
    audit::types::Action,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    services::{
        port::ServicesPort,
        sms::{SmsForm, SmsService, Vendor},
        types::{AnyService, SmtpForm},
    },
};
use std::sync::Arc;
use uuid::Uuid;

fn gateway_form() -> SmsForm {
    SmsForm {
        title: "Gateway".to_owned(),
        vendor: "gateway".to_owned(),
        method: "POST".to_owned(),
        url: "https://sms.example.org/send".to_owned(),
        headers: "Authorization: Bearer {{secret}}\r\nContent-Type: application/json".to_owned(),
        body: "{\"to\":\"{{to}}\",\"text\":\"{{text}}\"}".to_owned(),
        secret: "t0p-s3cret".to_owned(),
        countries: "gb, DE gb".to_owned(),
        daily: "100".to_owned(),
        ..SmsForm::default()
    }
}

fn smpp_form() -> SmsForm {
    SmsForm {
        title: "SMPP".to_owned(),
        vendor: "smpp".to_owned(),
        host: "smpp.example.org".to_owned(),
        port: "3550".to_owned(),
        tls: "on".to_owned(),
        account: "countersign".to_owned(),
        alphabet: "gsm7".to_owned(),
        sender: "Configio".to_owned(),
        secret: "s3cret".to_owned(),
        countries: "GB".to_owned(),
        daily: "100".to_owned(),
        ..SmsForm::default()
    }
}

async fn shown(fixture: &Fixture, id: Uuid) -> SmsService {
    match fixture.services().get(id).await.expect("shows") {
        AnyService::Sms(service) => service,
        _ => panic!("another kind"),
    }
}

async fn saved(fixture: &Fixture, form: &SmsForm) -> Uuid {
    fixture.services().save_sms(&fixture.admin(), None, form).await.expect("saved");
    fixture.services().list().await.expect("lists").iter().find(|service| service.title == form.title).expect("it").id
}

#[tokio::test]
async fn every_vendor_is_saved_and_shown_again_without_its_secret() {
    on_every_database(async |fixture| {
        for (form, target) in [
            (twilio_form(), "api.twilio.com"),
            (gateway_form(), "sms.example.org"),
            (smpp_form(), "smpp.example.org:3550"),
        ] {
            let id = saved(&fixture, &form).await;
            let service = shown(&fixture, id).await;
            assert!(service.secret_set && service.form.secret.is_empty());
            assert!(!serde_json::to_string(&service).expect("JSON").contains(&form.secret));
            let row = crate::offers::store::provider(&fixture.core.db, id).await.expect("answers").expect("is there");
            assert!(!format!("{row:?}").contains(&form.secret), "the database holds the secret in clear");
            let listed = fixture.services().list().await.expect("lists");
            assert_eq!(listed.iter().find(|service| service.id == id).expect("listed").target.as_deref(), Some(target));
            let again = SmsForm { title: "Renamed".to_owned(), ..service.form.clone() };
            fixture.services().save_sms(&fixture.admin(), Some(id), &again).await.expect("what is shown can be saved");
            assert_eq!(shown(&fixture, id).await, SmsService { form: again, ..service });
            fixture.services().delete(&fixture.admin(), id, true).await.expect("deleted");
        }
        let id = saved(&fixture, &gateway_form()).await;
        assert_eq!(shown(&fixture, id).await.form.countries, "DE, GB");
        let events = fixture.events(Action::ServiceSaved).await;
        assert!(events.iter().all(|event| !event.contains("s3cret")), "{events:?}");
    })
    .await;
}

#[tokio::test]
async fn a_stored_secret_goes_only_where_and_how_it_was_saved_for() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        let text = |text: &str| text.to_owned();
        let kept = |form: SmsForm| SmsForm { secret: String::new(), test_to: text("+447400123456"), ..form };
        let (twilio, gateway, smpp) = (kept(twilio_form()), kept(gateway_form()), kept(smpp_form()));
        let other_sid = text("AC1123456789abcdef0123456789abcdef");
        for (form, changes) in [
            (
                twilio_form(),
                vec![
                    SmsForm { url: text("https://evil.example"), ..twilio.clone() },
                    SmsForm { url: text("http://api.twilio.com"), ..twilio.clone() },
                    SmsForm { account: other_sid, ..twilio.clone() },
                    SmsForm { api_key: text("SK0123456789abcdef0123456789abcdef"), ..twilio.clone() },
                    SmsForm { vendor: text("gateway"), ..kept(gateway_form()) },
                ],
            ),
            (
                gateway_form(),
                vec![
                    SmsForm { url: text("https://evil.example/send"), ..gateway.clone() },
                    SmsForm { url: text("https://sms.example.org/other"), ..gateway.clone() },
                    SmsForm { headers: text("X-Key: {{secret}}"), ..gateway.clone() },
                    // The secret would arrive on the administrator's own phone.
                    SmsForm { body: text("to={{to}}&text={{text}}{{secret}}"), ..gateway.clone() },
                    SmsForm { method: text("PUT"), ..gateway.clone() },
                ],
            ),
            (
                smpp_form(),
                vec![
                    SmsForm { host: text("evil.example"), ..smpp.clone() },
                    SmsForm { port: text("2775"), ..smpp.clone() },
                    SmsForm { account: text("other"), ..smpp.clone() },
                    SmsForm { tls: String::new(), ..smpp.clone() },
                ],
            ),
        ] {
            let id = saved(&fixture, &form).await;
            for changed in changes {
                for error in [
                    fixture.services().save_sms(&admin, Some(id), &changed).await.expect_err("refused"),
                    fixture.services().test_sms(&admin, Some(id), &changed).await.expect_err("refused"),
                ] {
                    assert_eq!(error.problem_of("secret"), Some(&Problem::SecretNeededAgain), "{changed:?}");
                }
            }
            let renamed = SmsForm { title: text("Renamed"), daily: text("7"), ..kept(form) };
            fixture.services().save_sms(&admin, Some(id), &renamed).await.expect("limits and title keep the secret");
            assert!(shown(&fixture, id).await.secret_set);
            fixture.services().test_sms(&admin, Some(id), &renamed).await.expect("and it is used");
            fixture.services().delete(&admin, id, true).await.expect("deleted");
        }
        assert_eq!(fixture.texts.kept().len(), 3, "nothing else was sent");
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_named() {
    let fixture = sqlite().await;
    let text = |text: &str| text.to_owned();
    let refused =
        async |form: &SmsForm| fixture.services().save_sms(&fixture.admin(), None, form).await.expect_err("refused");
    let limits = SmsForm {
        countries: text("Germany"),
        daily: text("0"),
        secret: text("a\r\nb"),
        title: String::new(),
        sender: text("a sender that is too long"),
        ..SmsForm::default()
    };
    for (form, fields) in [
        (
            SmsForm { account: text("AC123"), api_key: text("x"), url: text("api.twilio.com"), ..twilio_form() },
            vec!["account", "api_key", "url"],
        ),
        (
            SmsForm {
                method: text("DELETE"),
                url: text("ftp://a"),
                headers: text("no colon"),
                body: text("{{who}}"),
                ..gateway_form()
            },
            vec!["method", "url", "headers", "body"],
        ),
        (
            SmsForm {
                host: text("a b"),
                port: text("0"),
                account: text("sixteen-letters-"),
                alphabet: text("x"),
                secret: text("123456789"),
                ..smpp_form()
            },
            vec!["host", "port", "account", "alphabet", "secret"],
        ),
        (
            SmsForm { vendor: text("twilio"), ..limits.clone() },
            vec!["title", "url", "account", "sender", "countries", "daily", "secret"],
        ),
        (SmsForm { vendor: text("smpp"), ..limits }, vec!["title", "host", "sender", "countries", "daily", "secret"]),
        (SmsForm { secret: String::new(), ..twilio_form() }, vec!["secret"]),
        (SmsForm { secret: String::new(), ..gateway_form() }, vec!["secret"]),
        (SmsForm { countries: text(" , "), ..twilio_form() }, vec!["countries"]),
    ] {
        let error = refused(&form).await;
        for field in fields {
            assert!(error.problem_of(field).is_some(), "{field} of {form:?} was not named: {error:?}");
        }
    }
    for (field, form, problem) in [
        ("url", SmsForm { url: text("https://169.254.169.254"), ..twilio_form() }, Problem::AddressNotAllowed),
        ("url", SmsForm { url: text("https://2852039166"), ..twilio_form() }, Problem::AddressNotAllowed),
        ("url", SmsForm { url: text("https://0251.0376.0251.0376/"), ..gateway_form() }, Problem::AddressNotAllowed),
        ("url", SmsForm { url: text("https://[64:ff9b::a9fe:a9fe]"), ..twilio_form() }, Problem::AddressNotAllowed),
        ("url", SmsForm { url: text("https://[fe80::1]/sms"), ..gateway_form() }, Problem::AddressNotAllowed),
        ("host", SmsForm { host: text("169.254.169.254"), ..smpp_form() }, Problem::AddressNotAllowed),
        ("url", SmsForm { url: text("https://api.twilio.com/2010"), ..twilio_form() }, Problem::NotAUrl),
        ("url", SmsForm { url: text("https://{{to}}.example/"), ..gateway_form() }, Problem::NotAUrl),
        ("body", SmsForm { body: text("{\"text\":\"{{text}}\"}"), ..gateway_form() }, Problem::PlaceholderMissing),
        ("body", SmsForm { body: text("{\"to\":\"{{to}}\"}"), ..gateway_form() }, Problem::PlaceholderMissing),
        ("countries", SmsForm { countries: text("GB, XX"), ..twilio_form() }, Problem::NotCountries),
        ("daily", SmsForm { daily: text("1000001"), ..twilio_form() }, Problem::NotWithin { min: 1, max: 1_000_000 }),
    ] {
        assert_eq!(refused(&form).await.problem_of(field), Some(&problem), "{form:?}");
    }
    let unknown = SmsForm { vendor: text("pigeon"), ..twilio_form() };
    assert_eq!(refused(&unknown).await, AppError::NotFound);
    for sender in ["+447700900123", "62442", "Configio", "MG0123456789abcdef0123456789abcdef"] {
        let form = SmsForm { sender: text(sender), title: text(sender), ..twilio_form() };
        fixture.services().save_sms(&fixture.admin(), None, &form).await.expect("a sender");
    }
    let open = SmsForm {
        title: text("Open"),
        headers: String::new(),
        url: text("https://a.example/?to={{digits}}&text={{text}}"),
        body: String::new(),
        method: text("GET"),
        secret: String::new(),
        ..gateway_form()
    };
    fixture.services().save_sms(&fixture.admin(), None, &open).await.expect("a gateway without a secret");
}

#[tokio::test]
async fn a_test_goes_to_the_number_in_the_form_and_tells_the_providers_answer() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        let to = |number: &str| SmsForm { test_to: number.to_owned(), ..twilio_form() };
        fixture.services().test_sms(&admin, None, &to("+44 7400 123456")).await.expect("sent");
        let kept = fixture.texts.kept();
        assert_eq!(kept[0].to, "+447400123456");
        assert!(kept[0].text.contains("Configio"));
        assert!(fixture.services().list().await.expect("lists").is_empty(), "nothing was saved");
        for (number, problem) in [
            ("", Problem::Required),
            ("07400 123456", Problem::NotInternational),
            ("+44 7400", Problem::NotAPhoneNumber),
            ("+44 121 234 5678", Problem::NotAMobileNumber),
            ("+49 151 23456789", Problem::CountryNotAllowed),
        ] {
            let error = fixture.services().test_sms(&admin, None, &to(number)).await.expect_err("refused");
            assert_eq!(error.problem_of("test_to"), Some(&problem), "{number}");
        }
        let failure =
            DeliveryFailure { kind: DeliveryFailureKind::Authentication, answer: Some("HTTP 401".to_owned()) };
        fixture.texts.fail_with(Some(failure.clone()));
        let outcome = reason(fixture.services().test_sms(&admin, None, &to("+447400123456")).await);
        assert_eq!(outcome, Refusal::TextNotDelivered(failure));
        let events = fixture.events(Action::ServiceTested).await;
        assert_eq!(events[1], "Twilio: api.twilio.com, +44•••••••56, authentication refused");
        // Whoever has taken an administrator's session does not send as many as they like.
        for _ in 0..8 {
            let _ = fixture.services().test_sms(&admin, None, &to("+447400123456")).await;
        }
        let outcome = reason(fixture.services().test_sms(&admin, None, &to("+447400123456")).await);
        assert_eq!(outcome, Refusal::TooManyMessages { minutes: 10 });
    })
    .await;
}

#[tokio::test]
async fn a_new_form_is_filled_with_what_most_need() {
    let fixture = sqlite().await;
    for vendor in Vendor::ALL {
        let service = fixture.services().new_sms(vendor).await.expect("offers");
        assert_eq!((service.vendor, service.form.vendor.as_str()), (vendor, vendor.as_str()));
        assert!(!service.secret_set && !service.form.title.is_empty() && service.form.daily == "500");
    }
    saved(&fixture, &twilio_form()).await;
    assert_eq!(fixture.services().new_sms(Vendor::Twilio).await.expect("offers").form.title, "Twilio 2");
    let id = saved(&fixture, &smpp_form()).await;
    let form = crate::testing::smtp_form();
    assert_eq!(fixture.services().save_smtp(&fixture.admin(), Some(id), &form).await, Err(AppError::NotFound));
}

#[tokio::test]
async fn a_host_that_is_not_allowed_is_not_saved() {
    let mut fixture = sqlite().await;
    let (reach, _) = Reach::of(&["*.example.org".to_owned(), "192.0.2.0/24".to_owned()]);
    Arc::get_mut(&mut fixture.core).expect("it is new").reach = reach;
    let admin = fixture.admin();
    let smtp = |host: &str| SmtpForm { host: host.to_owned(), title: host.to_owned(), ..smtp_form() };
    for host in ["mail.example.org", "192.0.2.7"] {
        fixture.services().save_smtp(&admin, None, &smtp(host)).await.expect("saved");
    }
    let not_allowed = Some(&Problem::HostNotAllowed);
    let error = fixture.services().save_smtp(&admin, None, &smtp("127.0.0.1")).await.expect_err("refused");
    assert_eq!(error.problem_of("host"), not_allowed);
    for (field, form) in [
        ("url", SmsForm { url: "https://127.0.0.1/sms".to_owned(), ..gateway_form() }),
        ("url", SmsForm { url: "https://[::1]/sms".to_owned(), ..twilio_form() }),
        // As addresses on the web may be written.
        ("url", SmsForm { url: "https://0x7f000001/".to_owned(), ..twilio_form() }),
        ("host", SmsForm { host: "10.0.0.1".to_owned(), ..smpp_form() }),
    ] {
        let error = fixture.services().save_sms(&admin, None, &form).await.expect_err("refused");
        assert_eq!(error.problem_of(field), not_allowed, "{}", form.url);
        assert!(fixture.services().test_sms(&admin, None, &form).await.is_err());
    }
    assert!(fixture.texts.kept().is_empty());
}
