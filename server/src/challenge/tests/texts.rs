//! Codes by text message, and what keeps them from costing too much.

use crate::{
    challenge::limits::{TEXTS_PER_NUMBER, TEXTS_PER_RANGE, TEXTS_TO_ENROLL},
    testing::{House, PASSWORD, on_every_database, reason, twilio_form},
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

async fn begin(house: &House, session: &Session, method: Uuid, phone: &str) -> Result<(), AppError> {
    let destination = Destination { country: "GB".to_owned(), phone: phone.to_owned(), ..Destination::default() };
    house.enrollment().begin(session, method, &destination).await
}

/// A signed-in customer of a house that offers text messages, and the method.
async fn ready(house: &House) -> (Session, Uuid) {
    let method = house.offer_texts().await;
    house.customer(EMAIL).await;
    (house.password_session(EMAIL).await, method)
}

async fn somebody(house: &House, number: usize) -> Session {
    let email = format!("c{number}@example.org");
    house.customer(&email).await;
    house.password_session(&email).await
}

/// Changes the provider's form.
async fn change(house: &House, form: SmsForm) {
    let id = house.services().list().await.expect("lists")[0].id;
    house.services().save_sms(&house.admin(), Some(id), &form).await.expect("changed");
}

#[tokio::test]
async fn a_number_is_proved_by_its_code_and_asked_at_the_next_sign_in() {
    on_every_database(async |house| {
        let (session, method) = ready(&house).await;
        let countries = house.enrollment().overview(&session).await.expect("shows").countries;
        assert_eq!(countries.iter().map(|c| (c.code.as_str(), c.calling)).collect::<Vec<_>>(), [("GB", 44)]);
        begin(&house, &session, method, "07400 123489").await.expect("sent");
        let kept = house.texts.kept();
        assert_eq!((kept.len(), kept[0].to.as_str()), (1, "+447400123489"));
        assert!(kept[0].text.ends_with(&format!("\n\n@id.example.org #{}", house.text_code())), "{}", kept[0].text);
        assert!(house.mail.kept().is_empty(), "no mail carries it");
        let screen = house.enrollment().proving(&session).await.expect("shows").screen;
        assert_eq!((screen.kind, screen.destination.as_str()), (Channel::Sms, "+447400123489"));
        assert!(kept[0].text.contains(&format!("Reference: {}", screen.reference)));
        let wrong = format!("{:06}", (house.text_code().parse::<u32>().expect("digits") + 1) % 1_000_000);
        assert_eq!(reason(house.enrollment().verify(&session, &wrong).await), Refusal::WrongCode { tries_left: 4 });
        assert!(house.enrollment().overview(&session).await.expect("shows").entries.is_empty(), "not proved yet");
        house.enrollment().verify(&session, &house.text_code()).await.expect("proved");
        let entry = house.enrollment().overview(&session).await.expect("shows").entries.remove(0);
        assert_eq!((entry.kind, entry.destination.as_str()), (Channel::Sms, "+44•••••••89"));

        let waiting = house.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert!(waiting.code_needed);
        let waiting = house.session(&waiting.session.secret).await.expect("a session");
        assert_eq!(house.texts.kept().len(), 2);
        house.clock.pass(31);
        house.challenge().send_new_code(&waiting, Purpose::SignIn).await.expect("sent again");
        house.verify(&waiting, &house.text_code()).await.expect("the newest code is right");
        let told: Vec<_> = house.events(Action::CodeSent).await;
        assert!(told.iter().all(|event| event.contains("+44•••••••89") && !event.contains("123489")), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn bad_numbers_and_other_countries_are_named_and_nothing_is_sent() {
    on_every_database(async |house| {
        let (session, method) = ready(&house).await;
        for (phone, problem) in [
            ("", Problem::Required),
            ("07400", Problem::NotAPhoneNumber),
            ("0121 234 5678", Problem::NotAMobileNumber),
            ("+49 151 23456789", Problem::CountryNotAllowed),
            // The same calling code as Britain.
            ("07797 712345", Problem::CountryNotAllowed),
        ] {
            let error = begin(&house, &session, method, phone).await.expect_err("refused");
            assert_eq!(error.problem_of("phone"), Some(&problem), "{phone}");
        }
        let destination =
            Destination { country: "ZZ".to_owned(), phone: "07400 123456".to_owned(), ..Destination::default() };
        let error = house.enrollment().begin(&session, method, &destination).await;
        assert_eq!(error.expect_err("refused").problem_of("country"), Some(&Problem::NotAChoice));
        assert!(house.texts.kept().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_country_that_is_taken_off_the_list_gets_no_more_messages() {
    on_every_database(async |house| {
        let (session, method) = ready(&house).await;
        begin(&house, &session, method, "07400 123456").await.expect("sent");
        house.enrollment().verify(&session, &house.text_code()).await.expect("proved");
        change(&house, SmsForm { countries: "DE".to_owned(), ..twilio_form() }).await;
        let waiting = house.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(waiting.code_needed, "the second factor is not skipped");
        assert_eq!(house.texts.kept().len(), 1);
        let waiting = house.session(&waiting.session.secret).await.expect("a session");
        assert_eq!(reason(house.challenge().send_new_code(&waiting, Purpose::SignIn).await), Refusal::CountryRefused);
        let told = house.events(Action::CodeSent).await;
        assert!(told.last().is_some_and(|event| event.ends_with("country not allowed")), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn one_number_gets_only_so_many_messages_whoever_asks() {
    on_every_database(async |house| {
        let method = house.offer_texts().await;
        let (window, most) = TEXTS_PER_NUMBER[0];
        let most = usize::try_from(most).expect("a number");
        for number in 0..most {
            let session = somebody(&house, number).await;
            begin(&house, &session, method, "07400 123456").await.expect("sent");
        }
        let session = somebody(&house, most).await;
        for spelling in ["07400 123456", "+44 7400-123456"] {
            let told = reason(begin(&house, &session, method, spelling).await);
            assert_eq!(told, Refusal::TooManyTexts { minutes: 10 });
        }
        assert_eq!(house.texts.kept().len(), most);
        begin(&house, &session, method, "07800 123456").await.expect("another number is not concerned");
        house.clock.pass(window + 31);
        begin(&house, &session, method, "07400 123456").await.expect("later it works again");
    })
    .await;
}

#[tokio::test]
async fn numbers_side_by_side_get_only_so_many_messages() {
    on_every_database(async |house| {
        let method = house.offer_texts().await;
        let most = usize::try_from(TEXTS_PER_RANGE[0].1).expect("a number");
        for number in 0..most {
            let session = somebody(&house, number).await;
            begin(&house, &session, method, &format!("07400 123{number:03}")).await.expect("sent");
        }
        let session = somebody(&house, most).await;
        let told = reason(begin(&house, &session, method, "07400 123999").await);
        assert_eq!(told, Refusal::TooManyTexts { minutes: 60 });
        begin(&house, &session, method, "07400 124999").await.expect("the next range is not concerned");
    })
    .await;
}

#[tokio::test]
async fn a_provider_sends_only_so_many_messages_a_day() {
    on_every_database(async |house| {
        let method = house.offer_texts().await;
        // Half of them is for enrollments.
        change(&house, SmsForm { daily: "4".to_owned(), ..twilio_form() }).await;
        for number in 0..2 {
            let session = somebody(&house, number).await;
            begin(&house, &session, method, &format!("07400 12{number}456")).await.expect("sent");
        }
        let session = somebody(&house, 2).await;
        for _ in 0..3 {
            let told = begin(&house, &session, method, "07800 123456").await;
            assert_eq!(told.as_ref().expect_err("refused").status(), 429);
            assert_eq!(reason(told), Refusal::TextCeiling);
        }
        assert_eq!(house.texts.kept().len(), 2);
        change(&house, SmsForm { daily: "6".to_owned(), ..twilio_form() }).await;
        begin(&house, &session, method, "07800 123456").await.expect("what was refused did not count");
        house.clock.pass(86_401);
        let session = somebody(&house, 3).await;
        begin(&house, &session, method, "07800 123456").await.expect("a new day");
    })
    .await;
}

#[tokio::test]
async fn the_daily_ceiling_holds_for_requests_side_by_side() {
    on_every_database(async |house| {
        let method = house.offer_texts().await;
        change(&house, SmsForm { daily: "6".to_owned(), ..twilio_form() }).await;
        let mut begun = Vec::new();
        for number in 0..8 {
            let session = somebody(&house, number).await;
            let enrollment = house.enrollment();
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
        assert_eq!((sent, house.texts.kept().len()), (3, 3));
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_told_in_the_words_of_text_messages() {
    on_every_database(async |house| {
        let (session, method) = ready(&house).await;
        let failure = DeliveryFailure { kind: DeliveryFailureKind::Overloaded, answer: Some("HTTP 429".to_owned()) };
        house.texts.fail_with(Some(failure.clone()));
        let told = begin(&house, &session, method, "07400 123456").await;
        let quiet = DeliveryFailure { answer: None, ..failure };
        assert_eq!(reason(told), Refusal::TextNotDelivered(quiet.clone()), "the gateway's answer is not for customers");
        let screen = house.enrollment().proving(&session).await.expect("shows").screen;
        assert_eq!(screen.problem, Some(Refusal::TextNotDelivered(quiet)));
        house.texts.fail_with(None);
        house.challenge().send_new_code(&session, Purpose::Enroll).await.expect("a new code can be asked for at once");
        house.enrollment().verify(&session, &house.text_code()).await.expect("proved");
    })
    .await;
}

#[tokio::test]
async fn enrollments_leave_the_days_messages_to_those_who_sign_in() {
    on_every_database(async |house| {
        let (session, method) = ready(&house).await;
        change(&house, SmsForm { daily: "8".to_owned(), ..twilio_form() }).await;
        begin(&house, &session, method, "07400 123456").await.expect("sent");
        house.enrollment().verify(&session, &house.text_code()).await.expect("proved");
        let other = somebody(&house, 1).await;
        for n in 0..3 {
            begin(&house, &other, method, &format!("07400 22000{n}")).await.expect("sent");
        }
        let third = somebody(&house, 2).await;
        assert_eq!(reason(begin(&house, &third, method, "07400 333333").await), Refusal::TextCeiling);
        let before = house.texts.kept().len();
        assert!(house.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").code_needed);
        assert_eq!(house.texts.kept().len(), before + 1, "whoever signs in gets a code");
    })
    .await;
}

#[tokio::test]
async fn one_account_enrolls_with_few_messages_a_day() {
    on_every_database(async |house| {
        let (session, method) = ready(&house).await;
        for n in 0..TEXTS_TO_ENROLL {
            begin(&house, &session, method, &format!("07{}0 123456", 40 + n)).await.expect("sent");
            house.clock.pass(60);
        }
        let refused = reason(begin(&house, &session, method, "07400 999999").await);
        assert_eq!(refused, Refusal::TooManyTexts { minutes: 1_440 });
        house.clock.pass(86_400);
        let session = house.password_session(EMAIL).await;
        begin(&house, &session, method, "07400 999999").await.expect("the next day");
    })
    .await;
}
