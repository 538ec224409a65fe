//! The rules of passkeys, from registering one to signing in with it, with keys made of software.

use crate::{
    challenge::store as challenges,
    entity::email_key::EmailKey,
    testing::{Fixture, PASSWORD, on_every_database, reason, soft_key::SoftKey},
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

/// Begins a passkey. Answers what the browser is given.
async fn begin(fixture: &Fixture, session: &Session, method: Uuid) -> Ceremony {
    fixture.enrollment().begin(session, method, &Destination::default()).await.expect("begins");
    let screen = fixture.enrollment().proving(session).await.expect("shows").screen;
    assert_eq!((screen.kind, screen.problem), (Channel::Passkey, None));
    screen.passkey.expect("a question")
}

/// Registers a key under a name.
async fn register(fixture: &Fixture, session: &Session, method: Uuid, key: &mut SoftKey, name: &str) {
    let asked = begin(fixture, session, method).await;
    let answer = key.register(&asked.options, &asked.origin);
    let added = fixture.enrollment().register_passkey(session, name, &answer).await;
    added.expect("the key is taken");
}

/// A customer with one key, in an installation that offers passkeys. Answers the secondary auth's id and the key.
async fn registered(fixture: &Fixture) -> (Uuid, SoftKey) {
    let (method, mut key) = (fixture.offer_passkeys().await, SoftKey::new(1));
    fixture.customer(EMAIL).await;
    let session = fixture.password_session(EMAIL).await;
    register(fixture, &session, method, &mut key, "Blue key").await;
    (method, key)
}

async fn account_id(fixture: &Fixture) -> Uuid {
    let account = crate::accounts::store::by_email(&fixture.core.db, Audience::Customer, &EmailKey::of(EMAIL)).await;
    account.expect("answers").expect("an account").id
}

async fn enroll_by_mail(fixture: &Fixture, session: &Session) {
    let offered = fixture.secondary_auth().list().await.expect("lists");
    let mail = offered.iter().find(|auth| auth.title == "Email").expect("mail").id;
    fixture.send_code(session, mail, EMAIL).await.expect("sent");
    fixture.enrollment().verify(session, &fixture.code()).await.expect("proved");
}

/// What a waiting sign-in asks.
async fn asked(fixture: &Fixture, waiting: &Session) -> Ceremony {
    fixture.challenge().screen(waiting, Purpose::SignIn).await.expect("shows").passkey.expect("a question")
}

/// Signs in with a key.
async fn sign_in(fixture: &Fixture, key: &mut SoftKey) -> Result<Verified, AppError> {
    let waiting = fixture.password_session(EMAIL).await;
    let asked = asked(fixture, &waiting).await;
    fixture.verify(&waiting, &key.answer(&asked.options, &asked.origin)).await
}

#[tokio::test]
async fn a_key_is_registered_under_a_name_and_signs_in() {
    on_every_database(async |fixture| {
        let (_, mut key) = registered(&fixture).await;
        assert!(
            fixture.mail_so_far().await.is_empty(),
            "no code is sent, and no provider of mail is there for the notice"
        );
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(done.code_needed && !done.choice_needed);
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!(
            (screen.kind, screen.destination.as_deref(), screen.problem),
            (Channel::Passkey, Some("Blue key"), None)
        );
        let asked = screen.passkey.expect("a question");
        assert_eq!(asked.origin, "https://id.example.org");
        fixture.verify(&waiting, &key.answer(&asked.options, &asked.origin)).await.expect("signs in");
        let added = fixture.events(Action::EntryAdded).await;
        assert!(added[0].ends_with("Passkey: Blue key"), "{added:?}");
        let signed_in = fixture.events(Action::LoggedIn).await;
        assert!(signed_in.iter().any(|event| event.ends_with("password, Passkey: Blue key")), "{signed_in:?}");
    })
    .await;
}

#[tokio::test]
async fn several_keys_are_told_apart_and_removed_one_by_one() {
    on_every_database(async |fixture| {
        let (method, mut blue) = registered(&fixture).await;
        let (id, mut red) = (account_id(&fixture).await, SoftKey::new(2));
        let token = sign_in(&fixture, &mut blue).await.expect("signs in").session.secret;
        let session = fixture.session(&token).await.expect("a session");
        fixture.clock.pass(60);
        register(&fixture, &session, method, &mut red, "Red key").await;
        let overview = fixture.enrollment().overview(&session).await.expect("shows");
        assert_eq!(overview.choices.len(), 1, "another one can be added");
        let names: Vec<_> = overview.entries.iter().filter_map(|entry| entry.destination.as_deref()).collect();
        assert_eq!(names, ["Red key", "Blue key"]);
        sign_in(&fixture, &mut red).await.expect("signs in");
        let entries = fixture.enrollment().overview(&session).await.expect("shows").entries;
        assert_eq!(entries[0].last_used.as_deref(), Some("2026-01-01 00:01"));
        assert_eq!(entries[1].last_used.as_deref(), Some("2026-01-01 00:00"), "the other one was not used");
        let waiting = fixture.password_session(EMAIL).await;
        let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert!(!screen.has_other_methods, "whichever is at hand proves the sign-in");
        assert!(screen.destination.is_some_and(|names| names.contains("Blue key") && names.contains("Red key")));
        let asked = asked(&fixture, &waiting).await;
        fixture.enrollment().delete(&session, entries[1].id, true).await.expect("removed");
        let late = fixture.verify(&waiting, &blue.answer(&asked.options, &asked.origin)).await;
        assert_eq!(reason(late), Refusal::StartAgain, "not even by a question of before");
        assert!(sign_in(&fixture, &mut blue).await.is_err());
        sign_in(&fixture, &mut red).await.expect("the other one works");
        assert_eq!(crate::entries::store::of_account(&fixture.core.db, id).await.expect("answers").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn names_are_needed_and_tell_keys_apart() {
    on_every_database(async |fixture| {
        let (method, _) = registered(&fixture).await;
        let session = Session { stepped_up: true, ..fixture.password_session(EMAIL).await };
        let mut key = SoftKey::new(2);
        let asked = begin(&fixture, &session, method).await;
        let answer = key.register(&asked.options, &asked.origin);
        let too_long = "x".repeat(51);
        for (name, problem) in [
            ("", Problem::Required),
            (" ", Problem::Required),
            (too_long.as_str(), Problem::TooLong(50)),
            ("a\nb", Problem::ControlCharacters),
            ("blue KEY", Problem::Taken),
        ] {
            let refused = fixture.enrollment().register_passkey(&session, name, &answer).await;
            assert_eq!(refused.expect_err("refused").problem_of("name"), Some(&problem), "{name:?}");
        }
        let nameless = fixture.enrollment().verify(&session, &answer).await;
        assert_eq!(nameless.expect_err("refused").problem_of("name"), Some(&Problem::Required));
        let added = fixture.enrollment().register_passkey(&session, "<b>Red</b>", &answer).await;
        added.expect("none of that was a try");
    })
    .await;
}

#[tokio::test]
async fn a_key_is_registered_once_and_only_by_the_answer_to_its_question() {
    on_every_database(async |fixture| {
        let (method, mut key) = registered(&fixture).await;
        let session = fixture.password_session(EMAIL).await;
        let session = Session { stepped_up: true, ..session };
        let add = async |answer: &str| {
            fixture.enrollment().register_passkey(&session, &Uuid::now_v7().to_string(), answer).await
        };
        let before = begin(&fixture, &session, method).await;
        let asked = begin(&fixture, &session, method).await;
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
    on_every_database(async |fixture| {
        let (_, mut key) = registered(&fixture).await;
        let (here, there) = (fixture.password_session(EMAIL).await, fixture.password_session(EMAIL).await);
        let (asked_here, asked_there) = (asked(&fixture, &here).await, asked(&fixture, &there).await);
        let answer = key.answer(&asked_here.options, &asked_here.origin);
        let wrong = Refusal::WrongPasskey { tries_left: 4 };
        assert_eq!(reason(fixture.verify(&there, &answer).await), wrong, "of another sign-in");
        let false_page = key.answer(&asked_there.options, "https://id.example.org.evil.example");
        assert!(fixture.verify(&there, &false_page).await.is_err(), "from a false page");
        for malformed in ["", "000000", "{}", "null"] {
            assert!(fixture.verify(&there, malformed).await.is_err(), "{malformed:?}");
        }
        fixture.verify(&here, &answer).await.expect("the right one");
        assert_eq!(reason(fixture.verify(&here, &answer).await), Refusal::CodeUsed);
        // Somebody else's key, under a question of this account.
        let mut strange = SoftKey::new(9);
        let waiting = fixture.password_session(EMAIL).await;
        let asked = asked(&fixture, &waiting).await;
        assert!(fixture.verify(&waiting, &strange.answer(&asked.options, &asked.origin)).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn many_submits_of_one_answer_give_one_session() {
    on_every_database(async |fixture| {
        let (_, mut key) = registered(&fixture).await;
        let waiting = fixture.password_session(EMAIL).await;
        let asked = asked(&fixture, &waiting).await;
        let answer = key.answer(&asked.options, &asked.origin);
        let tries = (0..5).map(|_| fixture.verify(&waiting, &answer));
        assert_eq!(join_all(tries).await.into_iter().filter(Result::is_ok).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_copied_key_is_refused_recorded_and_told() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let (_, mut key) = registered(&fixture).await;
        let mut copy = key.clone();
        let early = fixture.password_session(EMAIL).await;
        sign_in(&fixture, &mut key).await.expect("signs in");
        assert_eq!(reason(sign_in(&fixture, &mut copy.clone()).await), Refusal::PasskeyCopied);
        // A question of before does not know how far the key has counted since.
        let asked = asked(&fixture, &early).await;
        let answer = copy.answer(&asked.options, &asked.origin);
        assert_eq!(reason(fixture.verify(&early, &answer).await), Refusal::PasskeyCopied);
        let events = fixture.events(Action::CodeRefused).await;
        assert_eq!(events.iter().filter(|event| event.contains("counter went back")).count(), 2, "{events:?}");
        let mails = fixture.mail_so_far().await;
        assert_eq!(mails.iter().filter(|(to, text)| to == EMAIL && text.contains("may have been copied")).count(), 2);
        sign_in(&fixture, &mut key).await.expect("the one that goes on counting");
    })
    .await;
}

#[tokio::test]
async fn wrong_answers_count_like_wrong_codes() {
    on_every_database(async |fixture| {
        let (_, mut key) = registered(&fixture).await;
        let waiting = fixture.password_session(EMAIL).await;
        let asked_first = asked(&fixture, &waiting).await;
        for left in (1..5).rev() {
            let refused = reason(fixture.verify(&waiting, "{}").await);
            assert_eq!(refused, Refusal::WrongPasskey { tries_left: left });
        }
        assert_eq!(reason(fixture.verify(&waiting, "{}").await), Refusal::StartAgain);
        let right = key.answer(&asked_first.options, &asked_first.origin);
        assert_eq!(reason(fixture.verify(&waiting, &right).await), Refusal::StartAgain, "even the right one");
        let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
        assert_eq!((screen.problem, screen.passkey), (Some(Refusal::StartAgain), None));
        fixture.challenge().send_new_code(&waiting, Purpose::SignIn).await.expect("begins again");
        assert_ne!(asked(&fixture, &waiting).await.options, asked_first.options);
        for _ in 0..4 {
            assert!(fixture.verify(&waiting, "{}").await.is_err());
        }
        assert!(matches!(reason(fixture.verify(&waiting, "{}").await), Refusal::FactorLocked { .. }), "the tenth");
        assert!(sign_in_waits(&fixture).await, "and no question is asked in the meantime");
        fixture.clock.pass(901);
        sign_in(&fixture, &mut key).await.expect("signs in after the pause");
    })
    .await;
}

/// Whether a sign-in is told that the factor is locked, and asked nothing.
async fn sign_in_waits(fixture: &Fixture) -> bool {
    let waiting = fixture.password_session(EMAIL).await;
    let screen = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows");
    matches!(screen.problem, Some(Refusal::FactorLocked { .. })) && screen.passkey.is_none()
}

#[tokio::test]
async fn it_is_proved_at_a_step_up_and_mail_takes_its_place() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let (_, mut key) = registered(&fixture).await;
        let token = sign_in(&fixture, &mut key).await.expect("signs in").session.secret;
        let session = fixture.session(&token).await.expect("a session");
        enroll_by_mail(&fixture, &session).await;
        fixture.clock.pass(601);
        let half = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right").session.secret;
        let half = fixture.session(&half).await.expect("a session");
        assert!(!half.stepped_up);
        let screen = fixture.challenge().screen(&half, Purpose::StepUp).await.expect("shows");
        assert!(screen.has_other_methods);
        let asked = screen.passkey.expect("a question");
        let token = fixture
            .step_up()
            .verify(&half, Answer::Code(&key.answer(&asked.options, &asked.origin)))
            .await
            .expect("proved");
        assert!(fixture.session(&token.secret).await.expect("a session").stepped_up);
        let stepped_up = fixture.events(Action::SteppedUp).await;
        assert!(stepped_up[0].ends_with("password, Passkey: Blue key"), "{stepped_up:?}");

        let waiting = fixture.password_session(EMAIL).await;
        let question = self::asked(&fixture, &waiting).await;
        let methods = fixture.challenge().methods(&waiting, Purpose::SignIn).await.expect("lists");
        let by_mail = methods.iter().find(|method| method.kind == Channel::Smtp).expect("mail");
        fixture.challenge().choose(&waiting, Purpose::SignIn, by_mail.id).await.expect("chosen");
        let late = fixture.verify(&waiting, &key.answer(&question.options, &question.origin)).await;
        assert!(late.is_err(), "the question was replaced by a code");
        fixture.verify(&waiting, &fixture.code()).await.expect("signs in");
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_of_a_key_is_sealed() {
    on_every_database(async |fixture| {
        let (_, mut key) = registered(&fixture).await;
        let id = account_id(&fixture).await;
        let waiting = fixture.password_session(EMAIL).await;
        let asked = asked(&fixture, &waiting).await;
        let entry = crate::entries::store::of_account(&fixture.core.db, id).await.expect("answers").remove(0).entry;
        for words in ["cred_id", "counter", "challenge"] {
            assert!(!format!("{entry:?}").contains(words), "{words}");
        }
        let challenges = challenges::newest(&fixture.core.db, waiting.id, Purpose::SignIn).await.expect("answers");
        let kept = challenges[0].secret.as_deref().expect("what its answer is checked against");
        assert!(!kept.contains("challenge") && !kept.contains(&asked.options), "{kept}");
        // What the page holds is the question alone, without what its answer is checked against.
        assert!(!asked.options.contains("cred\"") && !asked.options.contains("counter"));
        let before = entry.secret;
        fixture.verify(&waiting, &key.answer(&asked.options, &asked.origin)).await.expect("signs in");
        let after =
            crate::entries::store::of_account(&fixture.core.db, id).await.expect("answers").remove(0).entry.secret;
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
        let fixture = Fixture::at(public_url).await;
        let method = fixture.offer_passkeys().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let service = fixture.services().list().await.expect("lists")[0].id;
        let AnyService::Plain(service) = fixture.services().get(service).await.expect("shows") else {
            panic!("another kind of service");
        };
        assert_eq!(service.passkeys_at.as_deref(), at);
        assert_eq!(fixture.enrollment().overview(&session).await.expect("shows").choices.is_empty(), at.is_none());
        let begun = fixture.enrollment().begin(&session, method, &Destination::default()).await;
        match at {
            Some(origin) => {
                begun.expect("begins");
                let screen = fixture.enrollment().proving(&session).await.expect("shows").screen;
                assert_eq!(screen.passkey.expect("a question").origin, origin);
            }
            None => assert_eq!(reason(begun), Refusal::NeedsHostName),
        }
    }
}

#[tokio::test]
async fn at_most_twenty_keys_belong_to_an_account() {
    on_every_database(async |fixture| {
        let (method, _) = registered(&fixture).await;
        let session = Session { stepped_up: true, ..fixture.password_session(EMAIL).await };
        for number in 2..=20 {
            register(&fixture, &session, method, &mut SoftKey::new(number), &format!("Key {number}")).await;
        }
        assert!(fixture.enrollment().overview(&session).await.expect("shows").choices.is_empty());
        let begun = fixture.enrollment().begin(&session, method, &Destination::default()).await;
        assert_eq!(begun.expect_err("refused").problem_of("method"), Some(&Problem::NotAChoice));
    })
    .await;
}
