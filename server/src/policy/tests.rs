//! The requirement of a second factor for administrators, as they meet it.

use crate::{
    audit::Actor,
    enrollment::service::reset,
    testing::{House, PASSWORD, on_every_database, reason, smtp_form},
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

/// A house where mail is offered, with an enrolled administrator's session.
async fn ready(house: &House) -> Session {
    house.offer_mail().await;
    house.administrator(ADA).await;
    let (token, session) = house.log_in_admin(ADA).await;
    house.enroll(&session).await;
    house.admin_session(&token).await.expect("a session")
}

async fn require(house: &House, admin: &Session, on: bool) -> Result<SettingValue, AppError> {
    house.configuration().save(admin, Setting::RequireAdminTwoFactor, if on { "1" } else { "0" }).await
}

async fn service(house: &House) -> Uuid {
    house.services().list().await.expect("lists")[0].id
}

/// A second way to prove: another provider, offered as "Other".
async fn offer_another(house: &House, admin: &Session) -> (Uuid, Uuid) {
    let form = SmtpForm { title: "Second".to_owned(), ..smtp_form() };
    house.services().save_smtp(admin, None, &form).await.expect("saved");
    let services = house.services().list().await.expect("lists");
    let service = services.iter().find(|service| service.title == "Second").expect("is there").id;
    house.secondary_auth().save(admin, None, &service.to_string(), "Other", &[]).await.expect("offered");
    let auths = house.secondary_auth().list().await.expect("lists");
    (service, auths.iter().find(|auth| auth.title == "Other").expect("is there").id)
}

#[tokio::test]
async fn it_cannot_be_required_while_that_would_lock_everybody_out() {
    on_every_database(async |house| {
        house.administrator(ADA).await;
        let (token, ada) = house.log_in_admin(ADA).await;
        let refused = |obstacle| Refusal::CannotBeRequired(obstacle);
        assert_eq!(reason(require(&house, &ada, true).await), refused(Obstacle::NothingUsable));
        house.offer_mail().await;
        house.services().set_active(&ada, service(&house).await, false).await.expect("stopped");
        assert_eq!(reason(require(&house, &ada, true).await), refused(Obstacle::NothingUsable));
        house.services().set_active(&ada, service(&house).await, true).await.expect("started");
        house.policy().set_allowed(&ada, Audience::Admin, false).await.expect("switched");
        assert_eq!(reason(require(&house, &ada, true).await), refused(Obstacle::NotAllowed));
        house.policy().set_allowed(&ada, Audience::Admin, true).await.expect("switched");
        let readiness = house.configuration().list(&ada).await.expect("lists").readiness;
        assert_eq!((readiness.missing, readiness.people[0].email.as_str()), (1, ADA));
        assert_eq!(readiness.obstacle, Some(Obstacle::NotEnrolled));
        assert_eq!(reason(require(&house, &ada, true).await), refused(Obstacle::NotEnrolled));
        assert!(house.events(Action::ConfigurationChanged).await.is_empty());
        house.enroll(&ada).await;
        require(&house, &ada, true).await.expect("nothing is in the way");
        let readiness = house.configuration().list(&ada).await.expect("lists").readiness;
        assert_eq!((readiness.missing, readiness.obstacle), (0, None));
        assert_eq!(house.events(Action::ConfigurationChanged).await, ["require_admin_two_factor: 0 to 1"]);
        assert_eq!(house.admin_session(&token).await.expect("a session").stage, Stage::SignedIn);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_without_an_entry_is_led_to_enrollment_and_is_in_once_it_is_proved() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        house.administrator(UNA).await;
        let (before, _) = house.log_in_admin(UNA).await;
        require(&house, &ada, true).await.expect("required");
        let here = house.admin_session(&before).await.expect("a session");
        assert_eq!(here.stage, Stage::EnrollmentNeeded, "a session of before is led there too");
        let origin = &house.origin;
        let done = house.login().log_in(origin, Audience::Admin, UNA, PASSWORD, None, None).await.expect("signs in");
        assert!(done.enrollment_needed && !done.code_needed);
        let una = house.admin_session(&done.session.secret).await.expect("a session");
        assert!(una.stepped_up, "the password was just proved, so that enrolling asks for nothing more");
        let me = house.account().me(&una).await.expect("shows");
        assert!(me.enrollment_needed && me.grace_days_left.is_none());
        let method = house.secondary_auth().list().await.expect("lists")[0].id;
        house.send_code(&una, method, UNA).await.expect("sent");
        let una = house.admin_session(&done.session.secret).await.expect("a session");
        assert_eq!(una.stage, Stage::EnrollmentNeeded, "not before it is proved");
        house.enrollment().verify(&una, &house.code()).await.expect("proved");
        let una = house.admin_session(&done.session.secret).await.expect("a session");
        assert_eq!(una.stage, Stage::SignedIn);
        assert!(!house.account().me(&una).await.expect("shows").enrollment_needed);
        let next = house.login().log_in(origin, Audience::Admin, UNA, PASSWORD, None, None).await.expect("signs in");
        assert!(next.code_needed && !next.enrollment_needed);
    })
    .await;
}

#[tokio::test]
async fn customers_are_never_required() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        require(&house, &ada, true).await.expect("required");
        house.customer("carla@example.org").await;
        let done = house.log_in("carla@example.org", PASSWORD, None).await.expect("signs in");
        assert!(!done.enrollment_needed);
        let carla = house.session(&done.session.secret).await.expect("a session");
        assert_eq!((carla.stage, carla.grace_days_left), (Stage::SignedIn, None));
        let method = house.secondary_auth().list().await.expect("lists")[0].id;
        house.send_code(&carla, method, &carla.email).await.expect("sent");
        house.enrollment().verify(&carla, &house.code()).await.expect("proved");
        let entry = house.enrollment().overview(&carla).await.expect("shows").entries[0].id;
        house.enrollment().delete(&carla, entry, true).await.expect("their own choice");
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_cannot_be_used_is_none() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        let (_, other) = offer_another(&house, &ada).await;
        house.administrator(UNA).await;
        let (_, una) = house.log_in_admin(UNA).await;
        house.send_code(&una, other, UNA).await.expect("sent");
        house.enrollment().verify(&una, &house.code()).await.expect("proved");
        require(&house, &una, true).await.expect("required");
        // Una's provider goes, Ada's stays.
        let services = house.services().list().await.expect("lists");
        let second = services.iter().find(|service| service.title == "Second").expect("is there").id;
        assert_eq!(house.services().check_stop(second).await, Ok(1), "the page asks before");
        house.services().set_active(&ada, second, false).await.expect("there is another one");
        let (_, una) = house.log_in_admin(UNA).await;
        assert_eq!(una.stage, Stage::CodeNeeded, "a password alone is not enough");
        house.set(Setting::AdminsWithoutCode, 1).await;
        let (_, una) = house.log_in_admin(UNA).await;
        assert_eq!((una.stage, una.stepped_up), (Stage::EnrollmentNeeded, false), "nor does it set up another one");
        let entry = house.enrollment().overview(&una).await.expect("shows").entries[0].id;
        house.enrollment().delete(&una, entry, true).await.expect("what does not work may go");
    })
    .await;
}

#[tokio::test]
async fn the_grace_period_counts_down_and_is_never_renewed() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        house.administrator(UNA).await;
        house.set(Setting::GraceDays, 3).await;
        require(&house, &ada, true).await.expect("required");
        house.clock.pass(30 * DAY);
        let (_, una) = house.log_in_admin(UNA).await;
        assert_eq!((una.stage, una.grace_days_left), (Stage::SignedIn, Some(3)), "it begins with the sign-in");
        assert_eq!(house.account().me(&una).await.expect("shows").grace_days_left, Some(3));
        house.clock.pass(DAY);
        assert_eq!(house.log_in_admin(UNA).await.1.grace_days_left, Some(2));
        house.clock.pass(DAY);
        let (token, una) = house.log_in_admin(UNA).await;
        assert_eq!(una.grace_days_left, Some(1));
        // Neither OFF and ON nor more days begin it anew.
        require(&house, &ada, false).await.expect("switched off");
        assert_eq!(house.admin_session(&token).await.expect("a session").grace_days_left, None);
        house.set(Setting::GraceDays, 30).await;
        require(&house, &ada, true).await.expect("switched on");
        assert_eq!(house.admin_session(&token).await.expect("a session").grace_days_left, Some(1));
        house.set(Setting::IdleMinutes, 480).await;
        house.set(Setting::SessionHours, 168).await;
        let (token, _) = house.log_in_admin(UNA).await;
        house.clock.pass(8 * 3_600 - 1);
        assert!(house.admin_session(&token).await.is_some());
        for _ in 0..3 {
            house.clock.pass(8 * 3_600 - 60);
            house.admin_session(&token).await.expect("a session");
        }
        let here = house.admin_session(&token).await.expect("a session");
        assert_eq!((here.stage, here.grace_days_left), (Stage::EnrollmentNeeded, None), "also within a session");
        assert_eq!(house.log_in_admin(UNA).await.1.stage, Stage::EnrollmentNeeded);
    })
    .await;
}

#[tokio::test]
async fn the_first_entry_ends_the_grace_period_for_good() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        house.administrator(UNA).await;
        house.set(Setting::GraceDays, 30).await;
        require(&house, &ada, true).await.expect("required");
        let (token, una) = house.log_in_admin(UNA).await;
        assert_eq!(una.grace_days_left, Some(30));
        house.enroll(&una).await;
        house.clock.pass(60);
        assert_eq!(house.admin_session(&token).await.expect("a session").grace_days_left, None);
        // Break glass: the entries go, and there is nothing to wait for.
        let row = house.account_row(una.account_id).await;
        assert_eq!(reset(&house.core, Actor::CommandLine, &row).await, Ok(1));
        assert_eq!(house.admin_session(&token).await.expect("a session").stage, Stage::EnrollmentNeeded);
        assert_eq!(house.log_in_admin(UNA).await.1.stage, Stage::EnrollmentNeeded);
    })
    .await;
}

#[tokio::test]
async fn parallel_sign_ins_begin_one_grace_period() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        let una = house.administrator(UNA).await;
        house.set(Setting::GraceDays, 3).await;
        require(&house, &ada, true).await.expect("required");
        let sign_ins = (0..8).map(|_| {
            let (login, origin) = (house.login(), house.origin.clone());
            tokio::spawn(async move { login.log_in(&origin, Audience::Admin, UNA, PASSWORD, None, None).await.is_ok() })
        });
        for sign_in in sign_ins.collect::<Vec<_>>() {
            assert!(sign_in.await.expect("runs"));
        }
        assert_eq!(house.account_row(una).await.grace_ends_at, Some(house.now() + 3 * DAY));
    })
    .await;
}

#[tokio::test]
async fn while_it_is_required_the_last_way_to_prove_stays() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        house.administrator(UNA).await;
        require(&house, &ada, true).await.expect("required");
        let (provider, auth) = (service(&house).await, house.secondary_auth().list().await.expect("lists")[0].id);
        let last = Refusal::RequiredForAdmins { accounts: 2 };
        assert_eq!(reason(house.services().check_stop(provider).await), last);
        assert_eq!(reason(house.services().set_active(&ada, provider, false).await), last);
        assert!(matches!(reason(house.services().delete(&ada, provider, true).await), Refusal::InUse { .. }));
        for confirmed in [false, true] {
            assert_eq!(reason(house.secondary_auth().delete(&ada, auth, confirmed).await), last);
        }
        assert_eq!(reason(house.policy().set_allowed(&ada, Audience::Admin, false).await), last);
        house.policy().set_allowed(&ada, Audience::Customer, false).await.expect("customers are not required");
        // Nothing of it happened, and a secondary auth does not move to a provider that is off.
        let (second, other) = offer_another(&house, &ada).await;
        house.services().set_active(&ada, second, false).await.expect("it is not the last one");
        let moved = house.secondary_auth().save(&ada, Some(auth), &second.to_string(), "Email", &[]).await;
        assert_eq!(reason(moved), last);
        assert!(house.services().list().await.expect("lists").iter().any(|service| service.active));
        // With another way the first one may go.
        house.services().set_active(&ada, second, true).await.expect("started");
        assert!(matches!(house.secondary_auth().delete(&ada, auth, false).await, Ok(Deleted::NeedsConfirmation)));
        house.secondary_auth().delete(&ada, auth, true).await.expect("deleted");
        assert_eq!(reason(house.secondary_auth().delete(&ada, other, true).await), last);
        // And without the requirement everything may.
        require(&house, &ada, false).await.expect("switched off");
        house.policy().set_allowed(&ada, Audience::Admin, false).await.expect("switched");
        house.services().set_active(&ada, second, false).await.expect("stopped");
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_all_administrators_need_is_not_stopped() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        let provider = service(&house).await;
        let last = Refusal::LastWayIn { accounts: 1 };
        assert_eq!(reason(house.services().check_stop(provider).await), last);
        assert_eq!(reason(house.services().set_active(&ada, provider, false).await), last);
        let forbidden = house.policy().set_forbidden(&ada, Audience::Admin, Channel::Smtp, true).await;
        assert_eq!(reason(forbidden), last);
        house.configuration().save(&ada, Setting::AdminsWithoutCode, "1").await.expect("their own decision");
        house.services().set_active(&ada, provider, false).await.expect("stopped");
        let saved = house.configuration().save(&ada, Setting::AdminsWithoutCode, "0").await;
        assert_eq!(reason(saved), last);
    })
    .await;
}

#[tokio::test]
async fn switching_on_ends_sessions_of_the_password_alone_but_the_one_that_did() {
    on_every_database(async |house| {
        house.offer_mail().await;
        let admin = house.admin();
        house.policy().set_allowed(&admin, Audience::Admin, false).await.expect("switched");
        house.enrolled_admin(ADA).await;
        house.administrator(UNA).await;
        let ((mine, session), (other, _), (una, _)) =
            (house.log_in_admin(ADA).await, house.log_in_admin(ADA).await, house.log_in_admin(UNA).await);
        assert!(!session.stepped_up, "there is an entry");
        house.policy().set_allowed(&session, Audience::Admin, true).await.expect("switched");
        assert!(house.admin_session(&other).await.is_none(), "a session of the password alone lived on");
        let session = house.admin_session(&mine).await.expect("it switched");
        assert!(!session.stepped_up);
        assert!(house.admin_session(&una).await.is_some(), "there is nothing that she could be asked for");
        // Switching on what is on ends nothing.
        house.policy().set_allowed(&session, Audience::Admin, true).await.expect("switched");
        assert!(house.admin_session(&mine).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn nobody_is_promoted_by_somebody_elses_enrollment() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        house.administrator(UNA).await;
        require(&house, &ada, true).await.expect("required");
        let (held, session) = house.log_in_admin(UNA).await;
        assert_eq!(session.stage, Stage::EnrollmentNeeded);
        let (_, una) = house.log_in_admin(UNA).await;
        house.enroll(&una).await;
        assert!(house.admin_session(&held).await.is_none(), "it became a full session");
    })
    .await;
}

#[tokio::test]
async fn before_a_provider_is_stopped_the_page_knows_whom_that_concerns() {
    on_every_database(async |house| {
        house.enrolled_customer("carla@example.org").await;
        house.another_enrolled_customer("conrad@example.org").await;
        let provider = service(&house).await;
        assert_eq!(house.services().check_stop(provider).await, Ok(2));
        assert!(house.services().list().await.expect("lists")[0].active, "asking stops nothing");
        assert_eq!(house.services().check_stop(Uuid::now_v7()).await, Err(AppError::NotFound));
        house.services().set_active(&house.admin(), provider, false).await.expect("nothing is required");
    })
    .await;
}

#[tokio::test]
async fn ones_last_entry_stays_while_it_is_required() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        let (_, other) = offer_another(&house, &ada).await;
        require(&house, &ada, true).await.expect("required");
        let entries = async || house.enrollment().overview(&ada).await.expect("shows").entries;
        let first = entries().await[0].id;
        assert_eq!(reason(house.enrollment().delete(&ada, first, true).await), Refusal::RequiredEntry);
        house.send_code(&ada, other, "ada.box@example.org").await.expect("sent");
        house.enrollment().verify(&ada, &house.code()).await.expect("proved");
        let both = [house.enrollment(), house.enrollment()].into_iter().zip(entries().await);
        let deletions = both.map(|(enrollment, entry)| {
            let ada = ada.clone();
            tokio::spawn(async move { enrollment.delete(&ada, entry.id, true).await.is_ok() })
        });
        let mut deleted = 0;
        for deletion in deletions.collect::<Vec<_>>() {
            deleted += u32::from(deletion.await.expect("runs"));
        }
        assert_eq!((deleted, entries().await.len()), (1, 1));
        require(&house, &ada, false).await.expect("switched off");
        let last = entries().await[0].id;
        house.enrollment().delete(&ada, last, true).await.expect("one's own choice again");
    })
    .await;
}

#[tokio::test]
async fn switches_side_by_side_never_lock_everybody_out() {
    on_every_database(async |house| {
        let ada = ready(&house).await;
        let provider = service(&house).await;
        for _ in 0..10 {
            let (configuration, services, policy) = (house.configuration(), house.services(), house.policy());
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
            let list = house.configuration().list(&ada).await.expect("lists");
            let required = list.settings.iter().any(|s| s.setting == Setting::RequireAdminTwoFactor && s.value == 1);
            assert!(!required || list.readiness.obstacle.is_none(), "required, and nobody can prove it");
            require(&house, &ada, false).await.expect("switched off");
            house.services().set_active(&ada, provider, true).await.expect("started");
            house.policy().set_allowed(&ada, Audience::Admin, true).await.expect("switched");
        }
    })
    .await;
}
