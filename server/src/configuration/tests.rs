//! The rules of settings, and that every one of them counts.

use crate::testing::{Fixture, PASSWORD, on_every_database, reason};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    configuration::{
        port::ConfigurationPort,
        types::{Setting, SettingValue},
    },
    devices::port::DevicesPort,
    error::{AppError, Problem, Refusal},
    login::port::LoginPort,
};

const EMAIL: &str = "carla@example.org";
const DAY: i64 = 86_400;

async fn save(fixture: &Fixture, setting: Setting, value: &str) -> Result<SettingValue, AppError> {
    fixture.configuration().save(&fixture.admin(), setting, value).await
}

async fn value_of(fixture: &Fixture, setting: Setting) -> SettingValue {
    let settings = fixture.configuration().list(&fixture.admin()).await.expect("lists").settings;
    settings.into_iter().find(|value| value.setting == setting).expect("it is listed")
}

/// A customer whose sign-in waits for its code.
async fn waiting(fixture: &Fixture) -> Session {
    fixture.enrolled_customer(EMAIL).await;
    fixture.password_session(EMAIL).await
}

/// The token of a newly trusted device, and for how long the browser keeps it.
async fn trusted(fixture: &Fixture) -> Option<(String, i64)> {
    let session = fixture.password_session(EMAIL).await;
    let done = fixture.login().verify(&session, Answer::Code(&fixture.code()), true).await.expect("the code is right");
    done.trust.map(|token| (token.secret, token.max_age.expect("a limit")))
}

async fn asks(fixture: &Fixture, trust: &str) -> bool {
    fixture.log_in(EMAIL, PASSWORD, Some(trust)).await.expect("the password is right").code_needed
}

#[tokio::test]
async fn values_stay_within_their_bounds_and_a_refused_one_changes_nothing() {
    on_every_database(async |fixture| {
        // As many as one of the settings needs.
        for email in ["ada@example.org", "eve@example.org"] {
            fixture.administrator(email).await;
        }
        for setting in Setting::ALL.iter().copied().filter(|s| *s != Setting::RequireAdminTwoFactor) {
            let (min, max) = setting.bounds();
            for value in [min, max] {
                let saved = save(&fixture, setting, &format!(" {value} ")).await.expect("saved");
                assert_eq!(
                    (saved.value, value_of(&fixture, setting).await),
                    (value, saved.clone()),
                    "{}",
                    setting.key()
                );
            }
            let beyond = (max + 1).to_string();
            for (typed, problem) in [
                ("", Problem::Required),
                ("-1", Problem::NotWithin { min, max }),
                ("many", Problem::NotWithin { min, max }),
                (&beyond, Problem::NotWithin { min, max }),
            ] {
                let error = save(&fixture, setting, typed).await.expect_err("refused");
                assert_eq!(error.problem_of("value"), Some(&problem), "{} took {typed:?}", setting.key());
            }
            assert_eq!(value_of(&fixture, setting).await.value, max);
        }
    })
    .await;
}

#[tokio::test]
async fn the_list_tells_defaults_and_who_changed_what_when_and_the_audit_log_keeps_it() {
    on_every_database(async |fixture| {
        let before = fixture.configuration().list(&fixture.admin()).await.expect("lists").settings;
        assert_eq!(before.len(), Setting::ALL.len());
        for value in before {
            assert_eq!((value.value, value.changed), (value.setting.default(), None));
        }
        fixture.clock.pass(60);
        save(&fixture, Setting::TrustedDeviceDays, "7").await.expect("saved");
        save(&fixture, Setting::TrustedDeviceDays, "0").await.expect("saved");
        assert!(save(&fixture, Setting::TrustedDeviceDays, "366").await.is_err());
        let change = value_of(&fixture, Setting::TrustedDeviceDays).await.changed.expect("changed");
        assert_eq!((change.by.as_str(), change.at.as_str()), ("ada@example.org", "2026-01-01 00:01"));
        let events = fixture.events(Action::ConfigurationChanged).await;
        assert_eq!(events, ["trusted_device_days: 30 to 7", "trusted_device_days: 7 to 0"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_stored_out_of_bounds_is_brought_back_into_them() {
    on_every_database(async |fixture| {
        fixture.set(Setting::CodeMinutes, 600).await;
        fixture.set(Setting::IdleMinutes, 0).await;
        assert_eq!(value_of(&fixture, Setting::CodeMinutes).await.value, 10);
        assert_eq!(value_of(&fixture, Setting::IdleMinutes).await.value, 5);
    })
    .await;
}

#[tokio::test]
async fn trust_of_zero_days_offers_no_box_and_ends_what_was_trusted() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let (token, _) = trusted(&fixture).await.expect("a token");
        fixture.set(Setting::TrustedDeviceDays, 0).await;
        assert!(asks(&fixture, &token).await, "trusting is off");
        let session = fixture.password_session(EMAIL).await;
        assert_eq!(fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").trust_days, 0);
        assert!(fixture.devices().list(&session, None).await.expect("lists").is_empty());
        // Even a browser that sends the box anyway.
        fixture.clock.pass(60);
        assert!(trusted(&fixture).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn fewer_days_shorten_trust_that_was_given_before_and_more_days_prolong_nothing() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let (first, age) = trusted(&fixture).await.expect("a token");
        assert_eq!(age, 30 * DAY);
        fixture.clock.pass(3 * DAY);
        fixture.set(Setting::TrustedDeviceDays, 10).await;
        let done = fixture.log_in(EMAIL, PASSWORD, Some(&first)).await.expect("signs in");
        let second = done.trust.expect("a new token");
        assert_eq!(second.max_age, Some(7 * DAY), "the browser forgets it with the server");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        let device = fixture.devices().list(&session, None).await.expect("lists").remove(0);
        assert_eq!(device.expires, "2026-01-11 00:00");
        fixture.clock.pass(7 * DAY - 1);
        let third = fixture.log_in(EMAIL, PASSWORD, Some(&second.secret)).await.expect("signs in").trust;
        let third = third.expect("it is still trusted").secret;
        fixture.clock.pass(1);
        assert!(asks(&fixture, &third).await, "ten days are over");
        // A device of the short days does not live on when they become more.
        let (short, _) = trusted(&fixture).await.expect("a token");
        fixture.set(Setting::TrustedDeviceDays, 365).await;
        fixture.clock.pass(10 * DAY);
        assert!(asks(&fixture, &short).await);
        let session = fixture.password_session(EMAIL).await;
        assert_eq!(fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").trust_days, 365);
    })
    .await;
}

#[tokio::test]
async fn an_account_trusts_as_many_devices_as_the_setting_says() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        fixture.set(Setting::TrustedDevices, 1).await;
        let (first, _) = trusted(&fixture).await.expect("a token");
        fixture.clock.pass(60);
        let (second, _) = trusted(&fixture).await.expect("a token");
        assert!(asks(&fixture, &first).await, "the second took its place");
        assert!(!asks(&fixture, &second).await);
    })
    .await;
}

#[tokio::test]
async fn codes_live_and_are_tried_as_long_as_the_settings_say() {
    on_every_database(async |fixture| {
        fixture.set(Setting::CodeMinutes, 2).await;
        fixture.set(Setting::CodeTries, 2).await;
        let session = waiting(&fixture).await;
        assert_eq!(fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").lifetime_minutes, 2);
        assert!(fixture.mail.kept().last().expect("a message").text.contains("2 minutes"));
        assert_eq!(reason(fixture.verify(&session, &fixture.wrong_code()).await), Refusal::WrongCode { tries_left: 1 });
        assert_eq!(reason(fixture.verify(&session, &fixture.wrong_code()).await), Refusal::TriesExhausted);
        assert_eq!(reason(fixture.verify(&session, &fixture.code()).await), Refusal::TriesExhausted);
        let screen = fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows");
        assert_eq!(screen.problem, Some(Refusal::TriesExhausted));
        let session = fixture.password_session(EMAIL).await;
        fixture.clock.pass(120);
        assert_eq!(reason(fixture.verify(&session, &fixture.code()).await), Refusal::CodeExpired);
    })
    .await;
}

#[tokio::test]
async fn send_new_code_waits_as_long_as_the_setting_says() {
    on_every_database(async |fixture| {
        fixture.set(Setting::CoolDownSeconds, 120).await;
        let session = waiting(&fixture).await;
        let send = async || fixture.challenge().send_new_code(&session, Purpose::SignIn).await;
        assert_eq!(reason(send().await), Refusal::TooSoon { seconds: 120 });
        fixture.clock.pass(119);
        assert_eq!(fixture.challenge().screen(&session, Purpose::SignIn).await.expect("shows").resend_in, 1);
        assert_eq!(reason(send().await), Refusal::TooSoon { seconds: 1 });
        fixture.clock.pass(1);
        send().await.expect("the pause is over");
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_lock_and_disable_as_the_settings_say() {
    on_every_database(async |fixture| {
        fixture.set(Setting::LockFailures, 5).await;
        fixture.set(Setting::LockMinutes, 7).await;
        fixture.set(Setting::DisableFailures, 20).await;
        fixture.enrolled_customer(EMAIL).await;
        for minutes in [7, 14, 28] {
            let session = fixture.password_session(EMAIL).await;
            for _ in 0..5 {
                assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
            }
            assert_eq!(reason(fixture.verify(&session, &fixture.code()).await), Refusal::TriesExhausted);
            let next = fixture.password_session(EMAIL).await;
            let shown = fixture.challenge().screen(&next, Purpose::SignIn).await.expect("shows").problem;
            assert_eq!(shown, Some(Refusal::FactorLocked { minutes }));
            fixture.clock.pass(i64::from(minutes) * 60);
        }
        let session = fixture.password_session(EMAIL).await;
        for _ in 0..5 {
            assert!(fixture.verify(&session, &fixture.wrong_code()).await.is_err());
        }
        fixture.clock.pass(DAY);
        let later = fixture.password_session(EMAIL).await;
        assert_eq!(reason(fixture.challenge().send_new_code(&later, Purpose::SignIn).await), Refusal::FactorDisabled);
        assert_eq!(fixture.events(Action::FactorLocked).await.len(), 3);
        assert_eq!(fixture.events(Action::FactorDisabled).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_waits_for_its_code_as_long_as_the_setting_says() {
    on_every_database(async |fixture| {
        fixture.set(Setting::WaitingMinutes, 11).await;
        fixture.enrolled_customer(EMAIL).await;
        let token = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").session.secret;
        fixture.clock.pass(659);
        assert!(fixture.session(&token).await.is_some());
        fixture.clock.pass(1);
        assert!(fixture.session(&token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn sessions_end_as_the_settings_say_also_those_of_before() {
    on_every_database(async |fixture| {
        fixture.customer(EMAIL).await;
        let idle = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        fixture.set(Setting::IdleMinutes, 5).await;
        fixture.clock.pass(299);
        assert!(fixture.session(&idle).await.is_some());
        fixture.clock.pass(300);
        assert!(fixture.session(&idle).await.is_none());
        fixture.set(Setting::IdleMinutes, 480).await;
        fixture.set(Setting::SessionHours, 3).await;
        let busy = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        fixture.clock.pass(2 * 3_600 - 1);
        assert!(fixture.session(&busy).await.is_some());
        fixture.set(Setting::SessionHours, 2).await;
        fixture.clock.pass(1);
        assert!(fixture.session(&busy).await.is_none(), "two hours are the end");
        fixture.set(Setting::SessionHours, 168).await;
        let long = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").session.secret;
        for _ in 0..40 {
            fixture.clock.pass(4 * 3_600);
            assert!(fixture.session(&long).await.is_some());
        }
    })
    .await;
}
