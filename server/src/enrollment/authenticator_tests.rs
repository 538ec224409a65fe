//! The rules of authenticator apps, from setting one up to signing in with it.

use crate::{
    providers::authenticator::STEP,
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    caller::Session,
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    enrollment::port::EnrollmentPort,
    error::{AppError, Problem, Refusal},
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::Channel},
    step_up::port::StepUpPort,
};
use futures_util::future::join_all;
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

/// A customer with an authenticator app alone, in an installation that offers it. Answers the seed.
async fn enrolled(fixture: &Fixture) -> String {
    fixture.enrolled_with_app(EMAIL).await
}

#[tokio::test]
async fn one_code_sets_it_up_and_is_refused_at_the_next_sign_in() {
    on_every_database(async |fixture| {
        let seed = enrolled(&fixture).await;
        let code = fixture.app_code(&seed, 0);
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
        assert!(done.code_needed);
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        assert!(fixture.mail.kept().is_empty(), "nothing is sent");
        assert_eq!(
            fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows").kind,
            Channel::Authenticator
        );
        assert_eq!(reason(fixture.verify(&waiting, &code).await), Refusal::StepUsed);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(reason(fixture.verify(&waiting, &spaced).await), Refusal::StepUsed, "in another spelling too");
        fixture.clock.pass(STEP);
        fixture.verify(&waiting, &fixture.app_code(&seed, 0)).await.expect("the next one signs in");
    })
    .await;
}

#[tokio::test]
async fn a_step_at_or_before_the_last_accepted_one_is_refused() {
    on_every_database(async |fixture| {
        let seed = enrolled(&fixture).await;
        fixture.clock.pass(10 * STEP);
        let waiting = fixture.password_session(EMAIL).await;
        let ahead = fixture.app_code(&seed, 1);
        fixture.verify(&waiting, &ahead).await.expect("a clock that is a little ahead");
        let next = fixture.password_session(EMAIL).await;
        for steps in [1, 0, -1] {
            assert_eq!(
                reason(fixture.verify(&next, &fixture.app_code(&seed, steps)).await),
                Refusal::StepUsed,
                "{steps}"
            );
        }
        fixture.clock.pass(STEP);
        fixture.verify(&next, &fixture.app_code(&seed, 1)).await.expect("a later one");
    })
    .await;
}

#[tokio::test]
async fn codes_two_steps_off_are_refused() {
    on_every_database(async |fixture| {
        let seed = enrolled(&fixture).await;
        fixture.clock.pass(10 * STEP);
        let waiting = fixture.password_session(EMAIL).await;
        for steps in [-2, 2] {
            let refused = reason(fixture.verify(&waiting, &fixture.app_code(&seed, steps)).await);
            assert!(matches!(refused, Refusal::WrongCode { .. }), "{steps}: {refused:?}");
        }
        fixture.verify(&waiting, &fixture.app_code(&seed, -1)).await.expect("one step is not too far");
    })
    .await;
}

#[tokio::test]
async fn many_submits_of_one_code_give_one_session() {
    on_every_database(async |fixture| {
        let seed = enrolled(&fixture).await;
        fixture.clock.pass(10 * STEP);
        let code = fixture.app_code(&seed, 0);
        let mut waiting = Vec::new();
        for _ in 0..4 {
            waiting.push(fixture.password_session(EMAIL).await);
        }
        let tries = waiting.iter().cycle().take(12).map(|session| fixture.verify(session, &code));
        let signed_in = join_all(tries).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(signed_in, 1, "in whatever sign-in it is used");
        let waiting = fixture.password_session(EMAIL).await;
        assert_eq!(reason(fixture.verify(&waiting, &code).await), Refusal::StepUsed);
        let account = fixture.account_row(waiting.account_id).await;
        assert_eq!((account.factor_failures, account.factor_locked_until), (0, None), "repeating it is no failure");
    })
    .await;
}

#[tokio::test]
async fn after_five_wrong_tries_it_begins_again_and_the_account_goes_on_counting() {
    on_every_database(async |fixture| {
        let seed = enrolled(&fixture).await;
        fixture.clock.pass(10 * STEP);
        let wrong = fixture.app_code(&seed, 50);
        let waiting = fixture.password_session(EMAIL).await;
        for left in (1..5).rev() {
            assert_eq!(reason(fixture.verify(&waiting, &wrong).await), Refusal::WrongCode { tries_left: left });
        }
        assert_eq!(reason(fixture.verify(&waiting, &wrong).await), Refusal::StartAgain);
        let right = fixture.app_code(&seed, 0);
        assert_eq!(reason(fixture.verify(&waiting, &right).await), Refusal::StartAgain, "even the right one");
        let shown = fixture.challenge().screen(&waiting, Purpose::SignIn).await.expect("shows").problem;
        assert_eq!(shown, Some(Refusal::StartAgain));
        fixture.challenge().send_new_code(&waiting, Purpose::SignIn).await.expect("begins again");
        for _ in 0..4 {
            assert!(fixture.verify(&waiting, &wrong).await.is_err());
        }
        assert!(matches!(reason(fixture.verify(&waiting, &wrong).await), Refusal::FactorLocked { .. }), "the tenth");
        assert!(fixture.verify(&waiting, &right).await.is_err(), "even the right one");
        fixture.clock.pass(901);
        let waiting = fixture.password_session(EMAIL).await;
        fixture.verify(&waiting, &fixture.app_code(&seed, 0)).await.expect("signs in after the pause");
    })
    .await;
}

#[tokio::test]
async fn signing_in_often_is_not_taken_for_asking_for_messages() {
    on_every_database(async |fixture| {
        let seed = enrolled(&fixture).await;
        for _ in 0..12 {
            fixture.clock.pass(STEP);
            let waiting = fixture.password_session(EMAIL).await;
            fixture.verify(&waiting, &fixture.app_code(&seed, 0)).await.expect("signs in");
        }
    })
    .await;
}

#[tokio::test]
async fn a_seed_is_new_each_time_encrypted_and_shown_only_after_a_step_up() {
    on_every_database(async |fixture| {
        let method = fixture.offer_app().await;
        let id = fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let first = fixture.begin_app(&session, method).await;
        let seed = fixture.begin_app(&session, method).await;
        assert_ne!(first, seed);
        assert!(fixture.enrollment().verify(&session, &fixture.app_code(&first, 0)).await.is_err());
        let later = Session { stepped_up: false, ..session.clone() };
        assert_eq!(fixture.enrollment().proving(&later).await.err(), Some(AppError::step_up_needed()));
        fixture.enrollment().verify(&session, &fixture.app_code(&seed, 0)).await.expect("proved");
        assert_eq!(fixture.enrollment().proving(&session).await.expect("shows").set_up, None, "it is shown no more");
        let entry = crate::entries::store::of_account(&fixture.core.db, id).await.expect("answers").remove(0).entry;
        assert!(!format!("{entry:?}").contains(&seed), "the database holds the seed in clear");
        let shown = fixture.enrollment().overview(&session).await.expect("shows");
        assert_eq!(shown.entries[0].kind, Channel::Authenticator);
        assert!(!serde_json::to_string(&shown).expect("JSON").contains(&seed));
    })
    .await;
}

#[tokio::test]
async fn beside_mail_it_is_chosen_and_nothing_is_sent() {
    on_every_database(async |fixture| {
        let method = fixture.offer_app().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let seed = fixture.begin_app(&session, method).await;
        fixture.enrollment().verify(&session, &fixture.app_code(&seed, 0)).await.expect("proved");
        let mail = fixture.secondary_auth().list().await.expect("lists");
        let mail = mail.iter().find(|auth| auth.title == "Email").expect("mail").id;
        fixture.send_code(&session, mail, EMAIL).await.expect("sent");
        fixture.enrollment().verify(&session, &fixture.code()).await.expect("proved");
        let entries = fixture.enrollment().overview(&session).await.expect("shows").entries;
        let by_mail = entries.iter().find(|entry| entry.kind == Channel::Smtp).expect("mail");
        fixture.enrollment().prefer(&session, by_mail.id).await.expect("preferred");

        fixture.clock.pass(60);
        let waiting = fixture.password_session(EMAIL).await;
        let mailed = fixture.code();
        let sent = fixture.mail.kept().len();
        let methods = fixture.challenge().methods(&waiting, Purpose::SignIn).await.expect("lists");
        let by_app = methods.iter().find(|method| method.kind == Channel::Authenticator).expect("the app");
        fixture.challenge().choose(&waiting, Purpose::SignIn, by_app.id).await.expect("chosen");
        assert_eq!(fixture.mail.kept().len(), sent);
        assert!(fixture.verify(&waiting, &mailed).await.is_err(), "the mailed code was replaced");
        let token = fixture.verify(&waiting, &fixture.app_code(&seed, 0)).await.expect("signs in").session.secret;

        // The same at a step-up.
        let session = fixture.session(&token).await.expect("a session");
        fixture.clock.pass(60);
        let half = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right").session.secret;
        let half = fixture.session(&half).await.expect("a session");
        assert!(fixture.challenge().screen(&half, Purpose::StepUp).await.expect("shows").has_other_methods);
        let by_app = fixture.challenge().methods(&half, Purpose::StepUp).await.expect("lists");
        let by_app = by_app.iter().find(|method| method.kind == Channel::Authenticator).expect("the app");
        fixture.challenge().choose(&half, Purpose::StepUp, by_app.id).await.expect("chosen");
        assert_eq!(fixture.challenge().choose(&half, Purpose::StepUp, Uuid::now_v7()).await, Err(AppError::NotFound));
        fixture.step_up().verify(&half, Answer::Code(&fixture.app_code(&seed, 0))).await.expect("stepped up");
    })
    .await;
}

#[tokio::test]
async fn what_people_are_enrolled_with_stays_of_its_kind() {
    on_every_database(async |fixture| {
        let method = fixture.offer_app().await;
        let admin = fixture.admin();
        let services = fixture.services().list().await.expect("lists");
        let mail = services.iter().find(|service| service.kind == Channel::Smtp).expect("mail").id.to_string();
        let moved = fixture.secondary_auth().save(&admin, Some(method), &mail, "Authenticator", &[]).await;
        assert_eq!(moved.expect_err("refused").problem_of("service"), Some(&Problem::OtherKind));
        let choices = fixture.secondary_auth().form(Some(method)).await.expect("shows").services;
        assert_eq!(choices.len(), 1);
        let app = services.iter().find(|service| service.kind == Channel::Authenticator).expect("the app").id;
        let wrong = fixture.services().save_plain(&admin, Some(app), Channel::Passkey, "Other").await;
        assert_eq!(wrong, Err(AppError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn two_entries_of_one_person_have_two_labels() {
    on_every_database(async |fixture| {
        let method = fixture.offer_app().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let label = async |session: &Session, method| {
            fixture.begin_app(session, method).await;
            let uri = fixture.enrollment().proving(session).await.expect("shows").set_up.expect("a seed").uri;
            uri.split('?').next().expect("a label").trim_start_matches("otpauth://totp/").to_owned()
        };
        let first = label(&session, method).await;
        assert_eq!(first, "Configio:carla%40example%2Eorg");
        let seed = fixture.begin_app(&session, method).await;
        fixture.enrollment().verify(&session, &fixture.app_code(&seed, 0)).await.expect("proved");
        let services = fixture.services().list().await.expect("lists");
        let service = services.iter().find(|service| service.kind == Channel::Authenticator).expect("the app").id;
        fixture
            .secondary_auth()
            .save(&fixture.admin(), None, &service.to_string(), "Spare app", &[])
            .await
            .expect("saved");
        let auths = fixture.secondary_auth().list().await.expect("lists");
        let spare = auths.iter().find(|auth| auth.title == "Spare app").expect("the other one").id;
        assert_eq!(label(&session, spare).await, "Configio:carla%40example%2Eorg%20%28Spare%20app%29");
        // The same person as an administrator.
        fixture.administrator(EMAIL).await;
        let (_, admin) = fixture.log_in_admin(EMAIL).await;
        assert_eq!(label(&admin, method).await, "Configio:carla%40example%2Eorg%20%28admin%29");
    })
    .await;
}
