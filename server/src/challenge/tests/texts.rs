//! Codes by text message, and what keeps them from costing too much.

use crate::{
    challenge::limits::{TEXTS_PER_NUMBER, TEXTS_PER_RANGE, TEXTS_TO_ENROLL},
    testing::{Fixture, PASSWORD, on_every_database, reason, twilio_form},
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::{port::ChallengePort, types::Purpose},
    enrollment::{port::EnrollmentPort, types::Destination},
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    services::{port::ServicesPort, sms::SmsForm, types::Channel},
};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

async fn begin(fixture: &Fixture, session: &Session, method: Uuid, phone: &str) -> Result<(), AppError> {
    let destination = Destination { country: "GB".to_owned(), phone: phone.to_owned(), ..Destination::default() };
    fixture.enrollment().begin(session, method, &destination).await
}

/// A signed-in customer of an installation that offers text messages, and the method.
async fn ready(fixture: &Fixture) -> (Session, Uuid) {
    let method = fixture.offer_texts().await;
    fixture.customer(EMAIL).await;
    (fixture.password_session(EMAIL).await, method)
}

async fn somebody(fixture: &Fixture, number: usize) -> Session {
    let email = format!("c{number}@example.org");
    fixture.customer(&email).await;
    fixture.password_session(&email).await
}

/// Changes the provider's form.
async fn change(fixture: &Fixture, form: SmsForm) {
    let id = fixture.services().list().await.expect("lists")[0].id;
    fixture.services().save_sms(&fixture.admin(), Some(id), &form).await.expect("changed");
}

#[tokio::test]
async fn a_number_is_proved_by_its_code_and_asked_at_the_next_sign_in() {
    on_every_database(async |fixture| {
        let (session, method) = ready(&fixture).await;
        let countries = fixture.enrollment().overview(&session).await.expect("shows").countries;
        assert_eq!(countries.iter().map(|c| (c.code.as_str(), c.calling)).collect::<Vec<_>>(), [("GB", 44)]);
        begin(&fixture, &session, method, "07400 123489").await.expect("sent");
        let kept = fixture.texts.kept();
        assert_eq!((kept.len(), kept[0].to.as_str()), (1, "+447400123489"));
        assert!(kept[0].text.ends_with(&format!("\n\n@id.example.org #{}", fixture.text_code())), "{}", kept[0].text);
        assert!(fixture.mail.kept().is_empty(), "no mail carries it");
        let screen = fixture.enrollment().proving(&session).await.expect("shows").screen;
        assert_eq!((screen.kind, screen.destination.as_deref()), (Channel::Sms, Some("+447400123489")));
        assert!(kept[0].text.contains(&format!("Reference: {}", screen.reference)));
        let wrong = format!("{:06}", (fixture.text_code().parse::<u32>().expect("digits") + 1) % 1_000_000);
        assert_eq!(reason(fixture.enrollment().verify(&session, &wrong).await), Refusal::WrongCode { tries_left: 4 });
        assert!(fixture.enrollment().overview(&session).await.expect("shows").entries.is_empty(), "not proved yet");
        fixture.enrollment().verify(&session, &fixture.text_code()).await.expect("proved");
        let entry = fixture.enrollment().overview(&session).await.expect("shows").entries.remove(0);
        assert_eq!((entry.kind, entry.destination.as_deref()), (Channel::Sms, Some("+44•••••••89")));

        let waiting = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert!(waiting.code_needed);
        let waiting = fixture.session(&waiting.session.secret).await.expect("a session");
        assert_eq!(fixture.texts.kept().len(), 2);
        fixture.clock.pass(31);
        fixture.challenge().send_new_code(&waiting, Purpose::SignIn).await.expect("sent again");
        fixture.verify(&waiting, &fixture.text_code()).await.expect("the newest code is right");
        let outcome: Vec<_> = fixture.events(Action::CodeSent).await;
        assert!(outcome.iter().all(|event| event.contains("+44•••••••89") && !event.contains("123489")), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn bad_numbers_and_other_countries_are_named_and_nothing_is_sent() {
    on_every_database(async |fixture| {
        let (session, method) = ready(&fixture).await;
        for (phone, problem) in [
            ("", Problem::Required),
            ("07400", Problem::NotAPhoneNumber),
            ("0121 234 5678", Problem::NotAMobileNumber),
            ("+49 151 23456789", Problem::CountryNotAllowed),
            // The same calling code as Britain.
            ("07797 712345", Problem::CountryNotAllowed),
        ] {
            let error = begin(&fixture, &session, method, phone).await.expect_err("refused");
            assert_eq!(error.problem_of("phone"), Some(&problem), "{phone}");
        }
        let destination =
            Destination { country: "ZZ".to_owned(), phone: "07400 123456".to_owned(), ..Destination::default() };
        let error = fixture.enrollment().begin(&session, method, &destination).await;
        assert_eq!(error.expect_err("refused").problem_of("country"), Some(&Problem::NotAChoice));
        assert!(fixture.texts.kept().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_country_that_is_taken_off_the_list_gets_no_more_messages() {
    on_every_database(async |fixture| {
        let (session, method) = ready(&fixture).await;
        begin(&fixture, &session, method, "07400 123456").await.expect("sent");
        fixture.enrollment().verify(&session, &fixture.text_code()).await.expect("proved");
        change(&fixture, SmsForm { countries: "DE".to_owned(), ..twilio_form() }).await;
        let waiting = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(waiting.code_needed, "the second factor is not skipped");
        assert_eq!(fixture.texts.kept().len(), 1);
        let waiting = fixture.session(&waiting.session.secret).await.expect("a session");
        assert_eq!(reason(fixture.challenge().send_new_code(&waiting, Purpose::SignIn).await), Refusal::CountryRefused);
        let outcome = fixture.events(Action::CodeSent).await;
        assert!(outcome.last().is_some_and(|event| event.ends_with("country not allowed")), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn one_number_gets_only_so_many_messages_whoever_asks() {
    on_every_database(async |fixture| {
        let method = fixture.offer_texts().await;
        let (window, most) = TEXTS_PER_NUMBER[0];
        let most = usize::try_from(most).expect("a number");
        for number in 0..most {
            let session = somebody(&fixture, number).await;
            begin(&fixture, &session, method, "07400 123456").await.expect("sent");
        }
        let session = somebody(&fixture, most).await;
        for spelling in ["07400 123456", "+44 7400-123456"] {
            let outcome = reason(begin(&fixture, &session, method, spelling).await);
            assert_eq!(outcome, Refusal::TooManyTexts { minutes: 10 });
        }
        assert_eq!(fixture.texts.kept().len(), most);
        begin(&fixture, &session, method, "07800 123456").await.expect("another number is not concerned");
        fixture.clock.pass(window + 31);
        begin(&fixture, &session, method, "07400 123456").await.expect("later it works again");
    })
    .await;
}

#[tokio::test]
async fn numbers_side_by_side_get_only_so_many_messages() {
    on_every_database(async |fixture| {
        let method = fixture.offer_texts().await;
        let most = usize::try_from(TEXTS_PER_RANGE[0].1).expect("a number");
        for number in 0..most {
            let session = somebody(&fixture, number).await;
            begin(&fixture, &session, method, &format!("07400 123{number:03}")).await.expect("sent");
        }
        let session = somebody(&fixture, most).await;
        let outcome = reason(begin(&fixture, &session, method, "07400 123999").await);
        assert_eq!(outcome, Refusal::TooManyTexts { minutes: 60 });
        begin(&fixture, &session, method, "07400 124999").await.expect("the next range is not concerned");
    })
    .await;
}

#[tokio::test]
async fn a_provider_sends_only_so_many_messages_a_day() {
    on_every_database(async |fixture| {
        let method = fixture.offer_texts().await;
        // Half of them is for enrollments.
        change(&fixture, SmsForm { daily: "4".to_owned(), ..twilio_form() }).await;
        for number in 0..2 {
            let session = somebody(&fixture, number).await;
            begin(&fixture, &session, method, &format!("07400 12{number}456")).await.expect("sent");
        }
        let session = somebody(&fixture, 2).await;
        for _ in 0..3 {
            let outcome = begin(&fixture, &session, method, "07800 123456").await;
            assert_eq!(outcome.as_ref().expect_err("refused").status(), 429);
            assert_eq!(reason(outcome), Refusal::TextCeiling);
        }
        assert_eq!(fixture.texts.kept().len(), 2);
        change(&fixture, SmsForm { daily: "6".to_owned(), ..twilio_form() }).await;
        begin(&fixture, &session, method, "07800 123456").await.expect("what was refused did not count");
        fixture.clock.pass(86_401);
        let session = somebody(&fixture, 3).await;
        begin(&fixture, &session, method, "07800 123456").await.expect("a new day");
    })
    .await;
}

#[tokio::test]
async fn the_daily_ceiling_holds_for_requests_side_by_side() {
    on_every_database(async |fixture| {
        let method = fixture.offer_texts().await;
        change(&fixture, SmsForm { daily: "6".to_owned(), ..twilio_form() }).await;
        let mut begun = Vec::new();
        for number in 0..8 {
            let session = somebody(&fixture, number).await;
            let enrollment = fixture.enrollment();
            begun.push(tokio::spawn(async move {
                let phone = format!("07400 1{number}3456");
                let destination = Destination { country: "GB".to_owned(), phone, ..Destination::default() };
                enrollment.begin(&session, method, &destination).await.is_ok()
            }));
        }
        let mut sent = 0;
        for begun in begun {
            sent += usize::from(begun.await.expect("it ran"));
        }
        assert_eq!((sent, fixture.texts.kept().len()), (3, 3));
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_told_in_the_words_of_text_messages() {
    on_every_database(async |fixture| {
        let (session, method) = ready(&fixture).await;
        let failure = DeliveryFailure { kind: DeliveryFailureKind::Overloaded, answer: Some("HTTP 429".to_owned()) };
        fixture.texts.fail_with(Some(failure.clone()));
        let outcome = begin(&fixture, &session, method, "07400 123456").await;
        let quiet = DeliveryFailure { answer: None, ..failure };
        assert_eq!(
            reason(outcome),
            Refusal::TextNotDelivered(quiet.clone()),
            "the gateway's answer is not for customers"
        );
        let screen = fixture.enrollment().proving(&session).await.expect("shows").screen;
        assert_eq!(screen.problem, Some(Refusal::TextNotDelivered(quiet)));
        fixture.texts.fail_with(None);
        fixture
            .challenge()
            .send_new_code(&session, Purpose::Enroll)
            .await
            .expect("a new code can be asked for at once");
        fixture.enrollment().verify(&session, &fixture.text_code()).await.expect("proved");
    })
    .await;
}

#[tokio::test]
async fn enrollments_leave_the_days_messages_to_those_who_sign_in() {
    on_every_database(async |fixture| {
        let (session, method) = ready(&fixture).await;
        change(&fixture, SmsForm { daily: "4".to_owned(), ..twilio_form() }).await;
        begin(&fixture, &session, method, "07400 123456").await.expect("sent");
        fixture.enrollment().verify(&session, &fixture.text_code()).await.expect("proved");
        let other = somebody(&fixture, 1).await;
        begin(&fixture, &other, method, "07400 220000").await.expect("sent");
        let third = somebody(&fixture, 2).await;
        assert_eq!(reason(begin(&fixture, &third, method, "07400 333333").await), Refusal::TextCeiling);
        let before = fixture.texts.kept().len();
        for sent in [1, 2, 2] {
            assert!(fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").code_needed);
            assert_eq!(fixture.texts.kept().len(), before + sent, "whoever signs in gets a code, up to the ceiling");
            fixture.clock.pass(60);
        }
    })
    .await;
}

#[tokio::test]
async fn one_account_enrolls_with_few_messages_a_day() {
    on_every_database(async |fixture| {
        let (session, method) = ready(&fixture).await;
        for n in 0..TEXTS_TO_ENROLL {
            begin(&fixture, &session, method, &format!("07{}0 123456", 40 + n)).await.expect("sent");
            fixture.clock.pass(60);
        }
        let refused = reason(begin(&fixture, &session, method, "07400 999999").await);
        assert_eq!(refused, Refusal::TooManyTexts { minutes: 1_440 });
        fixture.clock.pass(86_400);
        let session = fixture.password_session(EMAIL).await;
        begin(&fixture, &session, method, "07400 999999").await.expect("the next day");
    })
    .await;
}
