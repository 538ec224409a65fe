//! The rules of passkeys, from registering one to signing in with it, with keys made of software.

use crate::{
    challenge::store as challenges,
    entity::email_key::EmailKey,
    testing::{House, PASSWORD, on_every_database, reason, soft_key::SoftKey},
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    enrollment::{port::EnrollmentPort, types::Destination},
    error::{AppError, Problem, Refusal},
    login::{port::Verified, types::Audience},
    passkey::types::Ceremony,
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{
        port::ServicesPort,
        types::{AnyService, Channel},
    },
    step_up::port::StepUpPort,
};
use futures_util::future::join_all;
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

/// Offers passkeys alone. Answers the secondary auth's id.
async fn offer_passkeys(house: &House) -> Uuid {
    let admin = house.admin();
    house.services().save_plain(&admin, None, Channel::Passkey, "Keys").await.expect("a service");
    let services = house.services().list().await.expect("lists");
    let service = services.iter().find(|service| service.kind == Channel::Passkey).expect("passkeys").id;
    house.secondary_auth().save(&admin, None, &service.to_string(), "Passkey", &[]).await.expect("offered");
    house.policy().set_allowed(&admin, Audience::Customer, true).await.expect("allowed");
    let offered = house.secondary_auth().list().await.expect("lists");
    offered.iter().find(|auth| auth.title == "Passkey").expect("is offered").id
}

/// Begins a passkey. Answers what the browser is given.
async fn begin(house: &House, session: &Session, method: Uuid) -> Ceremony {
    house.enrollment().begin(session, method, &Destination::default()).await.expect("begins");
    let screen = house.enrollment().proving(session).await.expect("shows").screen;
    assert_eq!((screen.kind, screen.problem), (Channel::Passkey, None));
    screen.passkey.expect("a question")
}

/// Registers a key under a name.
async fn register(house: &House, session: &Session, method: Uuid, key: &mut SoftKey, name: &str) {
    let asked = begin(house, session, method).await;
    let answer = key.register(&asked.options, &asked.origin);
    let added = house.enrollment().register_passkey(session, name, &answer).await;
    added.expect("the key is taken");
}

/// A customer with one key, in a house that offers passkeys. Answers the secondary auth's id and the key.
async fn registered(house: &House) -> (Uuid, SoftKey) {
    let (method, mut key) = (offer_passkeys(house).await, SoftKey::new(1));
    house.customer(EMAIL).await;
    let session = house.password_session(EMAIL).await;
    register(house, &session, method, &mut key, "Blue key").await;
    (method, key)
}

async fn account_id(house: &House) -> Uuid {
    let account = crate::accounts::store::by_email(&house.core.db, Audience::Customer, &EmailKey::of(EMAIL)).await;
    account.expect("answers").expect("an account").id
}

async fn enroll_by_mail(house: &House, session: &Session) {
    let offered = house.secondary_auth().list().await.expect("lists");
    let mail = offered.iter().find(|auth| auth.title == "Email").expect("mail").id;
    house.send_code(session, mail, EMAIL).await.expect("sent");
    house.enrollment().verify(session, &house.code()).await.expect("proved");
}

/// What a waiting sign-in asks.
async fn asked(house: &House, waiting: &Session) -> Ceremony {
    house.challenge().screen(waiting, Purpose::SignIn).await.expect("shows").passkey.expect("a question")
}

/// Signs in with a key.
async fn sign_in(house: &House, key: &mut SoftKey) -> Result<Verified, AppError> {
    let waiting = house.password_session(EMAIL).await;
    let asked = asked(house, &waiting).await;
    house.verify(&waiting, &key.answer(&asked.options, &asked.origin)).await
}

#[tokio::test]
async fn a_key_is_registered_under_a_name_and_signs_in() {
    on_every_database(async |house| {
        let (_, mut key) = registered(&house).await;
        assert!(
            house.mail_so_far().await.is_empty(),
            "no code is sent, and no provider of mail is there for the notice"
        );
        let done = house.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(done.code_needed && !done.choice_needed);
        let waiting = house.session(&done.session.secret).await.expect("a session");
        let screen = house.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!((screen.kind, screen.destination.as_str(), screen.problem), (Channel::Passkey, "Blue key", None));
        let asked = screen.passkey.expect("a question");
        assert_eq!(asked.origin, "https://id.example.org");
        house.verify(&waiting, &key.answer(&asked.options, &asked.origin)).await.expect("signs in");
        let added = house.events(Action::EntryAdded).await;
        assert!(added[0].ends_with("Passkey: Blue key"), "{added:?}");
        let signed_in = house.events(Action::LoggedIn).await;
        assert!(signed_in.iter().any(|event| event.ends_with("password, Passkey: Blue key")), "{signed_in:?}");
    })
    .await;
}

#[tokio::test]
async fn several_keys_are_told_apart_and_removed_one_by_one() {
    on_every_database(async |house| {
        let (method, mut blue) = registered(&house).await;
        let (id, mut red) = (account_id(&house).await, SoftKey::new(2));
        let token = sign_in(&house, &mut blue).await.expect("signs in").session.secret;
        let session = house.session(&token).await.expect("a session");
        house.clock.pass(60);
        register(&house, &session, method, &mut red, "Red key").await;
        let overview = house.enrollment().overview(&session).await.expect("shows");
        assert_eq!(overview.choices.len(), 1, "another one can be added");
        let names: Vec<_> = overview.entries.iter().map(|entry| entry.destination.as_str()).collect();
        assert_eq!(names, ["Red key", "Blue key"]);
        sign_in(&house, &mut red).await.expect("signs in");
        let entries = house.enrollment().overview(&session).await.expect("shows").entries;
        assert_eq!(entries[0].last_used.as_deref(), Some("2026-01-01 00:01"));
        assert_eq!(entries[1].last_used.as_deref(), Some("2026-01-01 00:00"), "the other one was not used");
        let waiting = house.password_session(EMAIL).await;
        let screen = house.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert!(!screen.has_other_methods, "whichever is at hand proves the sign-in");
        assert!(screen.destination.contains("Blue key") && screen.destination.contains("Red key"));
        let asked = asked(&house, &waiting).await;
        house.enrollment().delete(&session, entries[1].id, true).await.expect("removed");
        let late = house.verify(&waiting, &blue.answer(&asked.options, &asked.origin)).await;
        assert_eq!(reason(late), Refusal::StartAgain, "not even by a question of before");
        assert!(sign_in(&house, &mut blue).await.is_err());
        sign_in(&house, &mut red).await.expect("the other one works");
        assert_eq!(crate::entries::store::of_account(&house.core.db, id).await.expect("answers").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn names_are_needed_and_tell_keys_apart() {
    on_every_database(async |house| {
        let (method, _) = registered(&house).await;
        let session = Session { stepped_up: true, ..house.password_session(EMAIL).await };
        let mut key = SoftKey::new(2);
        let asked = begin(&house, &session, method).await;
        let answer = key.register(&asked.options, &asked.origin);
        let too_long = "x".repeat(51);
        for (name, problem) in [
            ("", Problem::Required),
            (" ", Problem::Required),
            (too_long.as_str(), Problem::TooLong(50)),
            ("a\nb", Problem::ControlCharacters),
            ("blue KEY", Problem::Taken),
        ] {
            let refused = house.enrollment().register_passkey(&session, name, &answer).await;
            assert_eq!(refused.expect_err("refused").problem_of("name"), Some(&problem), "{name:?}");
        }
        let nameless = house.enrollment().verify(&session, &answer).await;
        assert_eq!(nameless.expect_err("refused").problem_of("name"), Some(&Problem::Required));
        let added = house.enrollment().register_passkey(&session, "<b>Red</b>", &answer).await;
        added.expect("none of that was a try");
    })
    .await;
}

#[tokio::test]
async fn a_key_is_registered_once_and_only_by_the_answer_to_its_question() {
    on_every_database(async |house| {
        let (method, mut key) = registered(&house).await;
        let session = house.password_session(EMAIL).await;
        let session = Session { stepped_up: true, ..session };
        let add = async |answer: &str| {
            house.enrollment().register_passkey(&session, &Uuid::now_v7().to_string(), answer).await
        };
        let before = begin(&house, &session, method).await;
        let asked = begin(&house, &session, method).await;
        let wrong = Refusal::WrongPasskey { tries_left: 4 };
        assert_eq!(reason(add(&key.register(&asked.options, &asked.origin)).await), wrong, "it is there already");
        let mut other = SoftKey::new(2);
        assert!(add(&other.register(&before.options, &before.origin)).await.is_err(), "of a question before");
        assert!(add(&other.register(&asked.options, "https://evil.example")).await.is_err());
        let answer = other.register(&asked.options, &asked.origin);
        add(&answer).await.expect("the right one");
        assert_eq!(reason(add(&answer).await), Refusal::CodeUsed);
    })
    .await;
}

#[tokio::test]
async fn an_answer_works_once_and_only_where_it_was_asked_for() {
    on_every_database(async |house| {
        let (_, mut key) = registered(&house).await;
        let (here, there) = (house.password_session(EMAIL).await, house.password_session(EMAIL).await);
        let (asked_here, asked_there) = (asked(&house, &here).await, asked(&house, &there).await);
        let answer = key.answer(&asked_here.options, &asked_here.origin);
        let wrong = Refusal::WrongPasskey { tries_left: 4 };
        assert_eq!(reason(house.verify(&there, &answer).await), wrong, "of another sign-in");
        let false_page = key.answer(&asked_there.options, "https://id.example.org.evil.example");
        assert!(house.verify(&there, &false_page).await.is_err(), "from a false page");
        for malformed in ["", "000000", "{}", "null"] {
            assert!(house.verify(&there, malformed).await.is_err(), "{malformed:?}");
        }
        house.verify(&here, &answer).await.expect("the right one");
        assert_eq!(reason(house.verify(&here, &answer).await), Refusal::CodeUsed);
        // Somebody else's key, under a question of this account.
        let mut strange = SoftKey::new(9);
        let waiting = house.password_session(EMAIL).await;
        let asked = asked(&house, &waiting).await;
        assert!(house.verify(&waiting, &strange.answer(&asked.options, &asked.origin)).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn many_submits_of_one_answer_give_one_session() {
    on_every_database(async |house| {
        let (_, mut key) = registered(&house).await;
        let waiting = house.password_session(EMAIL).await;
        let asked = asked(&house, &waiting).await;
        let answer = key.answer(&asked.options, &asked.origin);
        let tries = (0..5).map(|_| house.verify(&waiting, &answer));
        assert_eq!(join_all(tries).await.into_iter().filter(Result::is_ok).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_copied_key_is_refused_recorded_and_told() {
    on_every_database(async |house| {
        house.offer_mail().await;
        let (_, mut key) = registered(&house).await;
        let mut copy = key.clone();
        let early = house.password_session(EMAIL).await;
        sign_in(&house, &mut key).await.expect("signs in");
        assert_eq!(reason(sign_in(&house, &mut copy.clone()).await), Refusal::PasskeyCopied);
        // A question of before does not know how far the key has counted since.
        let asked = asked(&house, &early).await;
        let answer = copy.answer(&asked.options, &asked.origin);
        assert_eq!(reason(house.verify(&early, &answer).await), Refusal::PasskeyCopied);
        let events = house.events(Action::CodeRefused).await;
        assert_eq!(events.iter().filter(|event| event.contains("counter went back")).count(), 2, "{events:?}");
        let told = house.mail_so_far().await;
        assert_eq!(told.iter().filter(|(to, text)| to == EMAIL && text.contains("may have been copied")).count(), 2);
        sign_in(&house, &mut key).await.expect("the one that goes on counting");
    })
    .await;
}

#[tokio::test]
async fn wrong_answers_count_like_wrong_codes() {
    on_every_database(async |house| {
        let (_, mut key) = registered(&house).await;
        let waiting = house.password_session(EMAIL).await;
        let asked_first = asked(&house, &waiting).await;
        for left in (1..5).rev() {
            let refused = reason(house.verify(&waiting, "{}").await);
            assert_eq!(refused, Refusal::WrongPasskey { tries_left: left });
        }
        assert_eq!(reason(house.verify(&waiting, "{}").await), Refusal::StartAgain);
        let right = key.answer(&asked_first.options, &asked_first.origin);
        assert_eq!(reason(house.verify(&waiting, &right).await), Refusal::StartAgain, "even the right one");
        let screen = house.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!((screen.problem, screen.passkey), (Some(Refusal::StartAgain), None));
        house.challenge().send_new_code(&waiting, Purpose::SignIn).await.expect("begins again");
        assert_ne!(asked(&house, &waiting).await.options, asked_first.options);
        for _ in 0..4 {
            assert!(house.verify(&waiting, "{}").await.is_err());
        }
        assert!(matches!(reason(house.verify(&waiting, "{}").await), Refusal::FactorLocked { .. }), "the tenth");
        assert!(sign_in_waits(&house).await, "and no question is asked in the meantime");
        house.clock.pass(901);
        sign_in(&house, &mut key).await.expect("signs in after the pause");
    })
    .await;
}

/// Whether a sign-in is told that the factor is locked, and asked nothing.
async fn sign_in_waits(house: &House) -> bool {
    let waiting = house.password_session(EMAIL).await;
    let screen = house.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
    matches!(screen.problem, Some(Refusal::FactorLocked { .. })) && screen.passkey.is_none()
}

#[tokio::test]
async fn it_is_proved_at_a_step_up_and_mail_takes_its_place() {
    on_every_database(async |house| {
        house.offer_mail().await;
        let (_, mut key) = registered(&house).await;
        let token = sign_in(&house, &mut key).await.expect("signs in").session.secret;
        let session = house.session(&token).await.expect("a session");
        enroll_by_mail(&house, &session).await;
        house.clock.pass(601);
        let half = house.step_up().confirm(&session, PASSWORD).await.expect("the password is right").session.secret;
        let half = house.session(&half).await.expect("a session");
        assert!(!half.stepped_up);
        let screen = house.challenge().screen(&half, Purpose::StepUp).await.expect("shows");
        assert!(screen.has_other_methods);
        let asked = screen.passkey.expect("a question");
        let token = house
            .step_up()
            .verify(&half, Answer::Code(&key.answer(&asked.options, &asked.origin)))
            .await
            .expect("proved");
        assert!(house.session(&token.secret).await.expect("a session").stepped_up);
        let stepped_up = house.events(Action::SteppedUp).await;
        assert!(stepped_up[0].ends_with("password, Passkey: Blue key"), "{stepped_up:?}");

        let waiting = house.password_session(EMAIL).await;
        let question = self::asked(&house, &waiting).await;
        let methods = house.challenge().methods(&waiting, Purpose::SignIn).await.expect("lists");
        let by_mail = methods.iter().find(|method| method.kind == Channel::Smtp).expect("mail");
        house.challenge().choose(&waiting, Purpose::SignIn, by_mail.id).await.expect("chosen");
        let late = house.verify(&waiting, &key.answer(&question.options, &question.origin)).await;
        assert!(late.is_err(), "the question was replaced by a code");
        house.verify(&waiting, &house.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_of_a_key_is_sealed() {
    on_every_database(async |house| {
        let (_, mut key) = registered(&house).await;
        let id = account_id(&house).await;
        let waiting = house.password_session(EMAIL).await;
        let asked = asked(&house, &waiting).await;
        let entry = crate::entries::store::of_account(&house.core.db, id).await.expect("answers").remove(0).entry;
        for words in ["cred_id", "counter", "challenge"] {
            assert!(!format!("{entry:?}").contains(words), "{words}");
        }
        let challenges = challenges::newest(&house.core.db, waiting.id, Purpose::SignIn).await.expect("answers");
        let kept = challenges[0].secret.as_deref().expect("what its answer is checked against");
        assert!(!kept.contains("challenge") && !kept.contains(&asked.options), "{kept}");
        // What the page holds is the question alone, without what its answer is checked against.
        assert!(!asked.options.contains("cred\"") && !asked.options.contains("counter"));
        let before = entry.secret;
        house.verify(&waiting, &key.answer(&asked.options, &asked.origin)).await.expect("signs in");
        let after =
            crate::entries::store::of_account(&house.core.db, id).await.expect("answers").remove(0).entry.secret;
        assert_ne!(before, after, "the new count is kept");
    })
    .await;
}

#[tokio::test]
async fn where_browsers_allow_none_they_are_not_offered_and_the_service_says_so() {
    for (public_url, at) in [
        ("http://127.0.0.1:3000", Some("http://localhost:3000")),
        ("http://localhost:3000", Some("http://localhost:3000")),
        ("http://192.0.2.1", None),
        ("http://id.example.org", None),
    ] {
        let house = House::at(public_url).await;
        let method = offer_passkeys(&house).await;
        house.customer(EMAIL).await;
        let session = house.password_session(EMAIL).await;
        let service = house.services().list().await.expect("lists")[0].id;
        let AnyService::Plain(service) = house.services().get(service).await.expect("shows") else {
            panic!("another kind of service");
        };
        assert_eq!(service.passkeys_at.as_deref(), at);
        assert_eq!(house.enrollment().overview(&session).await.expect("shows").choices.is_empty(), at.is_none());
        let begun = house.enrollment().begin(&session, method, &Destination::default()).await;
        match at {
            Some(origin) => {
                begun.expect("begins");
                let screen = house.enrollment().proving(&session).await.expect("shows").screen;
                assert_eq!(screen.passkey.expect("a question").origin, origin);
            }
            None => assert_eq!(reason(begun), Refusal::NeedsHostName),
        }
    }
}

#[tokio::test]
async fn at_most_twenty_keys_belong_to_an_account() {
    on_every_database(async |house| {
        let (method, _) = registered(&house).await;
        let session = Session { stepped_up: true, ..house.password_session(EMAIL).await };
        for number in 2..=20 {
            register(&house, &session, method, &mut SoftKey::new(number), &format!("Key {number}")).await;
        }
        assert!(house.enrollment().overview(&session).await.expect("shows").choices.is_empty());
        let begun = house.enrollment().begin(&session, method, &Destination::default()).await;
        assert_eq!(begun.expect_err("refused").problem_of("method"), Some(&Problem::NotAChoice));
    })
    .await;
}
