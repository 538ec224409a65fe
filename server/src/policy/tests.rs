//! The requirement of a second factor for administrators, as they meet it.

use crate::{
    audit::Actor,
    enrollment::service::reset,
    testing::{Fixture, PASSWORD, on_every_database, reason, smtp_form},
};
use app::{
    account::port::AccountPort,
    audit::types::Action,
    caller::{Session, Stage},
    configuration::{
        port::ConfigurationPort,
        types::{Setting, SettingValue},
    },
    enrollment::port::EnrollmentPort,
    error::{AppError, Obstacle, Refusal},
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    ports::Deleted,
    secondary_auth::port::SecondaryAuthPort,
    services::{
        port::ServicesPort,
        types::{Channel, SmtpForm},
    },
};
use uuid::Uuid;

const ADA: &str = "ada@example.org";
const UNA: &str = "una@example.org";
const DAY: i64 = 86_400;

/// A fixture where mail is offered, with an enrolled administrator's session.
async fn ready(fixture: &Fixture) -> Session {
    fixture.offer_mail().await;
    fixture.administrator(ADA).await;
    let (token, session) = fixture.log_in_admin(ADA).await;
    fixture.enroll(&session).await;
    fixture.admin_session(&token).await.expect("a session")
}

async fn require(fixture: &Fixture, admin: &Session, on: bool) -> Result<SettingValue, AppError> {
    fixture.configuration().save(admin, Setting::RequireAdminTwoFactor, if on { "1" } else { "0" }).await
}

async fn service(fixture: &Fixture) -> Uuid {
    fixture.services().list().await.expect("lists")[0].id
}

/// A second way to prove: another provider, offered as "Other".
async fn offer_another(fixture: &Fixture, admin: &Session) -> (Uuid, Uuid) {
    let form = SmtpForm { title: "Second".to_owned(), ..smtp_form() };
    fixture.services().save_smtp(admin, None, &form).await.expect("saved");
    let services = fixture.services().list().await.expect("lists");
    let service = services.iter().find(|service| service.title == "Second").expect("is there").id;
    fixture.secondary_auth().save(admin, None, &service.to_string(), "Other", &[]).await.expect("offered");
    let auths = fixture.secondary_auth().list().await.expect("lists");
    (service, auths.iter().find(|auth| auth.title == "Other").expect("is there").id)
}

#[tokio::test]
async fn it_cannot_be_required_while_that_would_lock_everybody_out() {
    on_every_database(async |fixture| {
        fixture.administrator(ADA).await;
        let (token, ada) = fixture.log_in_admin(ADA).await;
        let refused = |obstacle| Refusal::CannotBeRequired(obstacle);
        assert_eq!(reason(require(&fixture, &ada, true).await), refused(Obstacle::NothingUsable));
        fixture.offer_mail().await;
        fixture.services().set_active(&ada, service(&fixture).await, false).await.expect("stopped");
        assert_eq!(reason(require(&fixture, &ada, true).await), refused(Obstacle::NothingUsable));
        fixture.services().set_active(&ada, service(&fixture).await, true).await.expect("started");
        fixture.policy().set_allowed(&ada, Audience::Admin, false).await.expect("switched");
        assert_eq!(reason(require(&fixture, &ada, true).await), refused(Obstacle::NotAllowed));
        fixture.policy().set_allowed(&ada, Audience::Admin, true).await.expect("switched");
        let readiness = fixture.configuration().list(&ada).await.expect("lists").readiness;
        assert_eq!((readiness.missing, readiness.people[0].email.as_str()), (1, ADA));
        assert_eq!(readiness.obstacle, Some(Obstacle::NotEnrolled));
        assert_eq!(reason(require(&fixture, &ada, true).await), refused(Obstacle::NotEnrolled));
        assert!(fixture.events(Action::ConfigurationChanged).await.is_empty());
        fixture.enroll(&ada).await;
        require(&fixture, &ada, true).await.expect("nothing is in the way");
        let readiness = fixture.configuration().list(&ada).await.expect("lists").readiness;
        assert_eq!((readiness.missing, readiness.obstacle), (0, None));
        assert_eq!(fixture.events(Action::ConfigurationChanged).await, ["require_admin_two_factor: 0 to 1"]);
        assert_eq!(fixture.admin_session(&token).await.expect("a session").stage, Stage::SignedIn);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_without_an_entry_is_led_to_enrollment_and_is_in_once_it_is_proved() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        fixture.administrator(UNA).await;
        let (before, _) = fixture.log_in_admin(UNA).await;
        require(&fixture, &ada, true).await.expect("required");
        let here = fixture.admin_session(&before).await.expect("a session");
        assert_eq!(here.stage, Stage::EnrollmentNeeded, "a session of before is led there too");
        let origin = &fixture.origin;
        let done = fixture.login().log_in(origin, Audience::Admin, UNA, PASSWORD, None, None).await.expect("signs in");
        assert!(done.enrollment_needed && !done.code_needed);
        let una = fixture.admin_session(&done.session.secret).await.expect("a session");
        assert!(una.stepped_up, "the password was just proved, so that enrolling asks for nothing more");
        let me = fixture.account().me(&una).await.expect("shows");
        assert!(me.enrollment_needed && me.grace_days_left.is_none());
        let method = fixture.secondary_auth().list().await.expect("lists")[0].id;
        fixture.send_code(&una, method, UNA).await.expect("sent");
        let una = fixture.admin_session(&done.session.secret).await.expect("a session");
        assert_eq!(una.stage, Stage::EnrollmentNeeded, "not before it is proved");
        fixture.enrollment().verify(&una, &fixture.code()).await.expect("proved");
        let una = fixture.admin_session(&done.session.secret).await.expect("a session");
        assert_eq!(una.stage, Stage::SignedIn);
        assert!(!fixture.account().me(&una).await.expect("shows").enrollment_needed);
        let next = fixture.login().log_in(origin, Audience::Admin, UNA, PASSWORD, None, None).await.expect("signs in");
        assert!(next.code_needed && !next.enrollment_needed);
    })
    .await;
}

#[tokio::test]
async fn customers_are_never_required() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        require(&fixture, &ada, true).await.expect("required");
        fixture.customer("carla@example.org").await;
        let done = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("signs in");
        assert!(!done.enrollment_needed);
        let carla = fixture.session(&done.session.secret).await.expect("a session");
        assert_eq!((carla.stage, carla.grace_days_left), (Stage::SignedIn, None));
        let method = fixture.secondary_auth().list().await.expect("lists")[0].id;
        fixture.send_code(&carla, method, &carla.email).await.expect("sent");
        fixture.enrollment().verify(&carla, &fixture.code()).await.expect("proved");
        let entry = fixture.enrollment().overview(&carla).await.expect("shows").entries[0].id;
        fixture.enrollment().delete(&carla, entry, true).await.expect("their own choice");
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_cannot_be_used_is_none() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        let (_, other) = offer_another(&fixture, &ada).await;
        fixture.administrator(UNA).await;
        let (_, una) = fixture.log_in_admin(UNA).await;
        fixture.send_code(&una, other, UNA).await.expect("sent");
        fixture.enrollment().verify(&una, &fixture.code()).await.expect("proved");
        require(&fixture, &una, true).await.expect("required");
        // Una's provider goes, Ada's stays.
        let services = fixture.services().list().await.expect("lists");
        let second = services.iter().find(|service| service.title == "Second").expect("is there").id;
        assert_eq!(fixture.services().check_stop(second).await, Ok(1), "the page asks before");
        fixture.services().set_active(&ada, second, false).await.expect("there is another one");
        let (_, una) = fixture.log_in_admin(UNA).await;
        assert_eq!(una.stage, Stage::CodeNeeded, "a password alone is not enough");
        fixture.set(Setting::AdminsWithoutCode, 1).await;
        let (_, una) = fixture.log_in_admin(UNA).await;
        assert_eq!((una.stage, una.stepped_up), (Stage::EnrollmentNeeded, false), "nor does it set up another one");
        let entry = fixture.enrollment().overview(&una).await.expect("shows").entries[0].id;
        fixture.enrollment().delete(&una, entry, true).await.expect("what does not work may go");
    })
    .await;
}

#[tokio::test]
async fn the_grace_period_counts_down_and_is_never_renewed() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        fixture.administrator(UNA).await;
        fixture.set(Setting::GraceDays, 3).await;
        require(&fixture, &ada, true).await.expect("required");
        fixture.clock.pass(30 * DAY);
        let (_, una) = fixture.log_in_admin(UNA).await;
        assert_eq!((una.stage, una.grace_days_left), (Stage::SignedIn, Some(3)), "it begins with the sign-in");
        assert_eq!(fixture.account().me(&una).await.expect("shows").grace_days_left, Some(3));
        fixture.clock.pass(DAY);
        assert_eq!(fixture.log_in_admin(UNA).await.1.grace_days_left, Some(2));
        fixture.clock.pass(DAY);
        let (token, una) = fixture.log_in_admin(UNA).await;
        assert_eq!(una.grace_days_left, Some(1));
        // Neither OFF and ON nor more days begin it anew.
        require(&fixture, &ada, false).await.expect("switched off");
        assert_eq!(fixture.admin_session(&token).await.expect("a session").grace_days_left, None);
        fixture.set(Setting::GraceDays, 30).await;
        require(&fixture, &ada, true).await.expect("switched on");
        assert_eq!(fixture.admin_session(&token).await.expect("a session").grace_days_left, Some(1));
        fixture.set(Setting::IdleMinutes, 480).await;
        fixture.set(Setting::SessionHours, 168).await;
        let (token, _) = fixture.log_in_admin(UNA).await;
        fixture.clock.pass(8 * 3_600 - 1);
        assert!(fixture.admin_session(&token).await.is_some());
        for _ in 0..3 {
            fixture.clock.pass(8 * 3_600 - 60);
            fixture.admin_session(&token).await.expect("a session");
        }
        let here = fixture.admin_session(&token).await.expect("a session");
        assert_eq!((here.stage, here.grace_days_left), (Stage::EnrollmentNeeded, None), "also within a session");
        assert_eq!(fixture.log_in_admin(UNA).await.1.stage, Stage::EnrollmentNeeded);
    })
    .await;
}

#[tokio::test]
async fn the_first_entry_ends_the_grace_period_for_good() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        fixture.administrator(UNA).await;
        fixture.set(Setting::GraceDays, 30).await;
        require(&fixture, &ada, true).await.expect("required");
        let (token, una) = fixture.log_in_admin(UNA).await;
        assert_eq!(una.grace_days_left, Some(30));
        fixture.enroll(&una).await;
        fixture.clock.pass(60);
        assert_eq!(fixture.admin_session(&token).await.expect("a session").grace_days_left, None);
        // Break glass: the entries go, and there is nothing to wait for.
        let row = fixture.account_row(una.account_id).await;
        assert_eq!(reset(&fixture.core, Actor::CommandLine, &row).await, Ok(1));
        assert_eq!(fixture.admin_session(&token).await.expect("a session").stage, Stage::EnrollmentNeeded);
        assert_eq!(fixture.log_in_admin(UNA).await.1.stage, Stage::EnrollmentNeeded);
    })
    .await;
}

#[tokio::test]
async fn parallel_sign_ins_begin_one_grace_period() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        let una = fixture.administrator(UNA).await;
        fixture.set(Setting::GraceDays, 3).await;
        require(&fixture, &ada, true).await.expect("required");
        let sign_ins = (0..8).map(|_| {
            let (login, origin) = (fixture.login(), fixture.origin.clone());
            tokio::spawn(async move { login.log_in(&origin, Audience::Admin, UNA, PASSWORD, None, None).await.is_ok() })
        });
        for sign_in in sign_ins.collect::<Vec<_>>() {
            assert!(sign_in.await.expect("runs"));
        }
        assert_eq!(fixture.account_row(una).await.grace_ends_at, Some(fixture.now() + 3 * DAY));
    })
    .await;
}

#[tokio::test]
async fn while_it_is_required_the_last_way_to_prove_stays() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        fixture.administrator(UNA).await;
        require(&fixture, &ada, true).await.expect("required");
        let (provider, auth) = (service(&fixture).await, fixture.secondary_auth().list().await.expect("lists")[0].id);
        let last = Refusal::RequiredForAdmins { accounts: 2 };
        assert_eq!(reason(fixture.services().check_stop(provider).await), last);
        assert_eq!(reason(fixture.services().set_active(&ada, provider, false).await), last);
        assert!(matches!(reason(fixture.services().delete(&ada, provider, true).await), Refusal::InUse { .. }));
        for confirmed in [false, true] {
            assert_eq!(reason(fixture.secondary_auth().delete(&ada, auth, confirmed).await), last);
        }
        assert_eq!(reason(fixture.policy().set_allowed(&ada, Audience::Admin, false).await), last);
        fixture.policy().set_allowed(&ada, Audience::Customer, false).await.expect("customers are not required");
        // Nothing of it happened, and a secondary auth does not move to a provider that is off.
        let (second, other) = offer_another(&fixture, &ada).await;
        fixture.services().set_active(&ada, second, false).await.expect("it is not the last one");
        let moved = fixture.secondary_auth().save(&ada, Some(auth), &second.to_string(), "Email", &[]).await;
        assert_eq!(reason(moved), last);
        assert!(fixture.services().list().await.expect("lists").iter().any(|service| service.active));
        // With another way the first one may go.
        fixture.services().set_active(&ada, second, true).await.expect("started");
        assert!(matches!(fixture.secondary_auth().delete(&ada, auth, false).await, Ok(Deleted::NeedsConfirmation)));
        fixture.secondary_auth().delete(&ada, auth, true).await.expect("deleted");
        assert_eq!(reason(fixture.secondary_auth().delete(&ada, other, true).await), last);
        // And without the requirement everything may.
        require(&fixture, &ada, false).await.expect("switched off");
        fixture.policy().set_allowed(&ada, Audience::Admin, false).await.expect("switched");
        fixture.services().set_active(&ada, second, false).await.expect("stopped");
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_all_administrators_need_is_not_stopped() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        let provider = service(&fixture).await;
        let last = Refusal::LastWayIn { accounts: 1 };
        assert_eq!(reason(fixture.services().check_stop(provider).await), last);
        assert_eq!(reason(fixture.services().set_active(&ada, provider, false).await), last);
        let forbidden = fixture.policy().set_forbidden(&ada, Audience::Admin, Channel::Smtp, true).await;
        assert_eq!(reason(forbidden), last);
        fixture.configuration().save(&ada, Setting::AdminsWithoutCode, "1").await.expect("their own decision");
        fixture.services().set_active(&ada, provider, false).await.expect("stopped");
        let saved = fixture.configuration().save(&ada, Setting::AdminsWithoutCode, "0").await;
        assert_eq!(reason(saved), last);
    })
    .await;
}

#[tokio::test]
async fn switching_on_ends_sessions_of_the_password_alone_but_the_one_that_did() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let admin = fixture.admin();
        fixture.policy().set_allowed(&admin, Audience::Admin, false).await.expect("switched");
        fixture.enrolled_admin(ADA).await;
        fixture.administrator(UNA).await;
        let ((mine, session), (other, _), (una, _)) =
            (fixture.log_in_admin(ADA).await, fixture.log_in_admin(ADA).await, fixture.log_in_admin(UNA).await);
        assert!(!session.stepped_up, "there is an entry");
        fixture.policy().set_allowed(&session, Audience::Admin, true).await.expect("switched");
        assert!(fixture.admin_session(&other).await.is_none(), "a session of the password alone lived on");
        let session = fixture.admin_session(&mine).await.expect("it switched");
        assert!(!session.stepped_up);
        assert!(fixture.admin_session(&una).await.is_some(), "there is nothing that she could be asked for");
        // Switching on what is on ends nothing.
        fixture.policy().set_allowed(&session, Audience::Admin, true).await.expect("switched");
        assert!(fixture.admin_session(&mine).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn nobody_is_promoted_by_somebody_elses_enrollment() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        fixture.administrator(UNA).await;
        require(&fixture, &ada, true).await.expect("required");
        let (held, session) = fixture.log_in_admin(UNA).await;
        assert_eq!(session.stage, Stage::EnrollmentNeeded);
        let (_, una) = fixture.log_in_admin(UNA).await;
        fixture.enroll(&una).await;
        assert!(fixture.admin_session(&held).await.is_none(), "it became a full session");
    })
    .await;
}

#[tokio::test]
async fn before_a_provider_is_stopped_the_page_knows_whom_that_concerns() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer("carla@example.org").await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        let provider = service(&fixture).await;
        assert_eq!(fixture.services().check_stop(provider).await, Ok(2));
        assert!(fixture.services().list().await.expect("lists")[0].active, "asking stops nothing");
        assert_eq!(fixture.services().check_stop(Uuid::now_v7()).await, Err(AppError::NotFound));
        fixture.services().set_active(&fixture.admin(), provider, false).await.expect("nothing is required");
    })
    .await;
}

#[tokio::test]
async fn ones_last_entry_stays_while_it_is_required() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        let (_, other) = offer_another(&fixture, &ada).await;
        require(&fixture, &ada, true).await.expect("required");
        let entries = async || fixture.enrollment().overview(&ada).await.expect("shows").entries;
        let first = entries().await[0].id;
        assert_eq!(reason(fixture.enrollment().delete(&ada, first, true).await), Refusal::RequiredEntry);
        fixture.send_code(&ada, other, "ada.box@example.org").await.expect("sent");
        fixture.enrollment().verify(&ada, &fixture.code()).await.expect("proved");
        let both = [fixture.enrollment(), fixture.enrollment()].into_iter().zip(entries().await);
        let deletions = both.map(|(enrollment, entry)| {
            let ada = ada.clone();
            tokio::spawn(async move { enrollment.delete(&ada, entry.id, true).await.is_ok() })
        });
        let mut deleted = 0;
        for deletion in deletions.collect::<Vec<_>>() {
            deleted += u32::from(deletion.await.expect("runs"));
        }
        assert_eq!((deleted, entries().await.len()), (1, 1));
        require(&fixture, &ada, false).await.expect("switched off");
        let last = entries().await[0].id;
        fixture.enrollment().delete(&ada, last, true).await.expect("one's own choice again");
    })
    .await;
}

#[tokio::test]
async fn switches_side_by_side_never_lock_everybody_out() {
    on_every_database(async |fixture| {
        let ada = ready(&fixture).await;
        let provider = service(&fixture).await;
        for _ in 0..10 {
            let (configuration, services, policy) = (fixture.configuration(), fixture.services(), fixture.policy());
            let (one, two, three) = (ada.clone(), ada.clone(), ada.clone());
            let switches = [
                tokio::spawn(
                    async move { configuration.save(&one, Setting::RequireAdminTwoFactor, "1").await.map(|_| ()) },
                ),
                tokio::spawn(async move { services.set_active(&two, provider, false).await }),
                tokio::spawn(async move { policy.set_allowed(&three, Audience::Admin, false).await }),
            ];
            for switch in switches {
                if let Err(error) = switch.await.expect("runs") {
                    assert!(matches!(error, AppError::Refused { .. }), "{error:?}");
                }
            }
            let list = fixture.configuration().list(&ada).await.expect("lists");
            let required = list.settings.iter().any(|s| s.setting == Setting::RequireAdminTwoFactor && s.value == 1);
            assert!(!required || list.readiness.obstacle.is_none(), "required, and nobody can prove it");
            require(&fixture, &ada, false).await.expect("switched off");
            fixture.services().set_active(&ada, provider, true).await.expect("started");
            fixture.policy().set_allowed(&ada, Audience::Admin, true).await.expect("switched");
        }
    })
    .await;
}
