//! Forbidding a kind to an audience.

use crate::testing::{House, PASSWORD, on_every_database, reason};
use app::{
    audit::types::Action,
    caller::{Session, Stage},
    configuration::{port::ConfigurationPort, types::Setting},
    enrollment::{port::EnrollmentPort, types::Destination},
    error::{Obstacle, Problem, Refusal},
    login::types::Audience,
    policy::{port::PolicyPort, types::Concerned},
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::Channel},
};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";
const ADA: &str = "ada@example.org";

/// Offers authenticator apps beside mail. Answers the secondary auth's id.
async fn offer_apps(house: &House) -> Uuid {
    let admin = house.admin();
    house.services().save_plain(&admin, None, Channel::Authenticator, "Apps").await.expect("saved");
    let services = house.services().list().await.expect("lists");
    let service = services.iter().find(|service| service.kind == Channel::Authenticator).expect("is there").id;
    house.secondary_auth().save(&admin, None, &service.to_string(), "App", &[]).await.expect("offered");
    let auths = house.secondary_auth().list().await.expect("lists");
    auths.iter().find(|auth| auth.kind == Channel::Authenticator).expect("is there").id
}

/// Gives an account an entry, without going through the enrollment.
async fn add_entry(house: &House, account_id: Uuid, auth: Uuid) {
    let entry = crate::entity::enrollment::Model {
        id: Uuid::now_v7(),
        account_id,
        secondary_auth_id: auth,
        destination: None,
        secret: None,
        last_step: None,
        added_at: house.now(),
        last_used_at: None,
        preferred: false,
    };
    crate::entries::store::put(&house.core.db, entry).await.expect("an entry");
}

async fn forbid(house: &House, audience: Audience, kind: Channel, forbidden: bool) -> Result<(), app::error::AppError> {
    house.policy().set_forbidden(&house.admin(), audience, kind, forbidden).await
}

/// A house where mail is offered, with an enrolled administrator's session.
async fn enrolled_admin(house: &House) -> Session {
    house.offer_mail().await;
    house.administrator(ADA).await;
    let (token, session) = house.log_in_admin(ADA).await;
    house.enroll(&session).await;
    house.admin_session(&token).await.expect("a session")
}

#[tokio::test]
async fn a_forbidden_kind_is_not_offered_and_its_entries_do_not_count() {
    on_every_database(async |house| {
        house.enrolled_customer(EMAIL).await;
        let mail = house.secondary_auth().list().await.expect("lists")[0].id;
        let app = offer_apps(&house).await;
        house.enrolled_admin(ADA).await;
        forbid(&house, Audience::Customer, Channel::Smtp, true).await.expect("forbidden");
        let done = house.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert!(!done.code_needed, "the password alone is left");
        let session = house.session(&done.session.secret).await.expect("a session");
        let shown = house.enrollment().overview(&session).await.expect("shows");
        assert_eq!((shown.entries.len(), shown.entries[0].usable), (1, false), "it is kept");
        assert_eq!(shown.choices.iter().map(|choice| choice.id).collect::<Vec<_>>(), [app]);
        let other = Destination { email: "other@example.org".to_owned(), ..Destination::default() };
        let begun = house.enrollment().begin(&session, mail, &other).await.expect_err("refused");
        assert_eq!(begun.problem_of("method"), Some(&Problem::NotAChoice));
        // The other audience is not concerned.
        let (_, ada) = house.log_in_admin(ADA).await;
        assert_eq!(ada.stage, Stage::CodeNeeded);
        forbid(&house, Audience::Customer, Channel::Smtp, false).await.expect("permitted");
        assert!(house.log_in(EMAIL, PASSWORD, None).await.expect("signs in").code_needed, "it counts again");
        assert_eq!(
            house.events(Action::PolicyChanged).await[2..],
            ["customer: smtp forbidden", "customer: smtp permitted"]
        );
    })
    .await;
}

#[tokio::test]
async fn another_entry_is_used_instead() {
    on_every_database(async |house| {
        let carla = house.enrolled_customer(EMAIL).await;
        let app = offer_apps(&house).await;
        add_entry(&house, carla, app).await;
        forbid(&house, Audience::Customer, Channel::Smtp, true).await.expect("forbidden");
        let before = house.mail.kept().len();
        let waiting = house.password_session(EMAIL).await;
        assert_eq!((waiting.stage, house.mail.kept().len()), (Stage::CodeNeeded, before), "nothing is sent");
    })
    .await;
}

#[tokio::test]
async fn forbidding_the_last_kind_cannot_lock_administrators_out() {
    on_every_database(async |house| {
        let ada = enrolled_admin(&house).await;
        house.configuration().save(&ada, Setting::RequireAdminTwoFactor, "1").await.expect("required");
        let last = Refusal::RequiredForAdmins { accounts: 1 };
        assert_eq!(reason(house.policy().check_forbid(Audience::Admin, Channel::Smtp).await), last);
        assert_eq!(reason(forbid(&house, Audience::Admin, Channel::Smtp, true).await), last);
        assert!(house.policy().overview().await.expect("shows").policies[0].forbidden.is_empty());
        forbid(&house, Audience::Customer, Channel::Smtp, true).await.expect("customers are not required");
        // With another kind the first one may go, and then that one is the last.
        offer_apps(&house).await;
        let kept_in = reason(forbid(&house, Audience::Admin, Channel::Smtp, true).await);
        assert_eq!(kept_in, Refusal::LastWayIn { accounts: 1 }, "nobody could sign in to set the other one up");
        house.set(Setting::AdminsWithoutCode, 1).await;
        forbid(&house, Audience::Admin, Channel::Smtp, true).await.expect("there is another one");
        assert_eq!(reason(forbid(&house, Audience::Admin, Channel::Authenticator, true).await), last);
        let services = house.services().list().await.expect("lists");
        let apps = services.iter().find(|service| service.kind == Channel::Authenticator).expect("is there").id;
        assert_eq!(reason(house.services().check_stop(apps).await), last, "nor can its provider be stopped");
        // Whoever has only a forbidden entry has to set up another one.
        let (_, ada) = house.log_in_admin(ADA).await;
        assert_eq!(ada.stage, Stage::EnrollmentNeeded);
        assert_eq!(house.configuration().list(&ada).await.expect("lists").readiness.missing, 1);
    })
    .await;
}

#[tokio::test]
async fn it_cannot_be_required_while_every_kind_that_works_is_forbidden() {
    on_every_database(async |house| {
        let ada = enrolled_admin(&house).await;
        house.set(Setting::AdminsWithoutCode, 1).await;
        forbid(&house, Audience::Admin, Channel::Smtp, true).await.expect("nothing is required");
        let required = house.configuration().save(&ada, Setting::RequireAdminTwoFactor, "1").await;
        assert_eq!(reason(required), Refusal::CannotBeRequired(Obstacle::NothingUsable));
    })
    .await;
}

#[tokio::test]
async fn before_a_kind_is_forbidden_the_page_knows_whom_that_concerns() {
    on_every_database(async |house| {
        let carla = house.enrolled_customer(EMAIL).await;
        house.another_enrolled_customer("conrad@example.org").await;
        let concerned = async |audience, kind| house.policy().check_forbid(audience, kind).await.expect("may go");
        assert_eq!(concerned(Audience::Customer, Channel::Smtp).await, Concerned { accounts: 2, alone: 2 });
        assert_eq!(concerned(Audience::Admin, Channel::Smtp).await, Concerned { accounts: 0, alone: 0 });
        let app = offer_apps(&house).await;
        add_entry(&house, carla, app).await;
        assert_eq!(concerned(Audience::Customer, Channel::Smtp).await, Concerned { accounts: 2, alone: 1 });
        assert!(
            house.policy().overview().await.expect("shows").policies[1].forbidden.is_empty(),
            "asking forbids nothing"
        );
        // An entry of another forbidden kind is none.
        forbid(&house, Audience::Customer, Channel::Authenticator, true).await.expect("forbidden");
        assert_eq!(concerned(Audience::Customer, Channel::Smtp).await, Concerned { accounts: 2, alone: 2 });
    })
    .await;
}
