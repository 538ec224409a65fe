//! Forbidding a kind to an audience.

use crate::testing::{Fixture, PASSWORD, on_every_database, reason};
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
async fn offer_apps(fixture: &Fixture) -> Uuid {
    let admin = fixture.admin();
    fixture.services().save_plain(&admin, None, Channel::Authenticator, "Apps").await.expect("saved");
    let services = fixture.services().list().await.expect("lists");
    let service = services.iter().find(|service| service.kind == Channel::Authenticator).expect("is there").id;
    fixture.secondary_auth().save(&admin, None, &service.to_string(), "App", &[]).await.expect("offered");
    let auths = fixture.secondary_auth().list().await.expect("lists");
    auths.iter().find(|auth| auth.kind == Channel::Authenticator).expect("is there").id
}

/// Gives an account an entry, without going through the enrollment.
async fn add_entry(fixture: &Fixture, account_id: Uuid, auth: Uuid) {
    let entry = crate::entity::enrollment::Model {
        id: Uuid::now_v7(),
        account_id,
        secondary_auth_id: auth,
        destination: None,
        secret: None,
        last_step: None,
        added_at: fixture.now(),
        last_used_at: None,
        preferred: false,
    };
    crate::entries::store::put(&fixture.core.db, entry).await.expect("an entry");
}

async fn forbid(
    fixture: &Fixture,
    audience: Audience,
    kind: Channel,
    forbidden: bool,
) -> Result<(), app::error::AppError> {
    fixture.policy().set_forbidden(&fixture.admin(), audience, kind, forbidden).await
}

/// A fixture where mail is offered, with an enrolled administrator's session.
async fn enrolled_admin(fixture: &Fixture) -> Session {
    fixture.offer_mail().await;
    fixture.administrator(ADA).await;
    let (token, session) = fixture.log_in_admin(ADA).await;
    fixture.enroll(&session).await;
    fixture.admin_session(&token).await.expect("a session")
}

#[tokio::test]
async fn a_forbidden_kind_is_not_offered_and_its_entries_do_not_count() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer(EMAIL).await;
        let mail = fixture.secondary_auth().list().await.expect("lists")[0].id;
        let app = offer_apps(&fixture).await;
        fixture.enrolled_admin(ADA).await;
        forbid(&fixture, Audience::Customer, Channel::Smtp, true).await.expect("forbidden");
        let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in");
        assert!(!done.code_needed, "the password alone is left");
        let session = fixture.session(&done.session.secret).await.expect("a session");
        let shown = fixture.enrollment().overview(&session).await.expect("shows");
        assert_eq!((shown.entries.len(), shown.entries[0].usable), (1, false), "it is kept");
        assert_eq!(shown.choices.iter().map(|choice| choice.id).collect::<Vec<_>>(), [app]);
        let other = Destination { email: "other@example.org".to_owned(), ..Destination::default() };
        let begun = fixture.enrollment().begin(&session, mail, &other).await.expect_err("refused");
        assert_eq!(begun.problem_of("method"), Some(&Problem::NotAChoice));
        // The other audience is not concerned.
        let (_, ada) = fixture.log_in_admin(ADA).await;
        assert_eq!(ada.stage, Stage::CodeNeeded);
        forbid(&fixture, Audience::Customer, Channel::Smtp, false).await.expect("permitted");
        assert!(fixture.log_in(EMAIL, PASSWORD, None).await.expect("signs in").code_needed, "it counts again");
        assert_eq!(
            fixture.events(Action::PolicyChanged).await[2..],
            ["customer: smtp forbidden", "customer: smtp permitted"]
        );
    })
    .await;
}

#[tokio::test]
async fn another_entry_is_used_instead() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer(EMAIL).await;
        let app = offer_apps(&fixture).await;
        add_entry(&fixture, carla, app).await;
        forbid(&fixture, Audience::Customer, Channel::Smtp, true).await.expect("forbidden");
        let before = fixture.mail.kept().len();
        let waiting = fixture.password_session(EMAIL).await;
        assert_eq!((waiting.stage, fixture.mail.kept().len()), (Stage::CodeNeeded, before), "nothing is sent");
    })
    .await;
}

#[tokio::test]
async fn forbidding_the_last_kind_cannot_lock_administrators_out() {
    on_every_database(async |fixture| {
        let ada = enrolled_admin(&fixture).await;
        fixture.configuration().save(&ada, Setting::RequireAdminTwoFactor, "1").await.expect("required");
        let last = Refusal::RequiredForAdmins { accounts: 1 };
        assert_eq!(reason(fixture.policy().check_forbid(Audience::Admin, Channel::Smtp).await), last);
        assert_eq!(reason(forbid(&fixture, Audience::Admin, Channel::Smtp, true).await), last);
        assert!(fixture.policy().overview().await.expect("shows").policies[0].forbidden.is_empty());
        forbid(&fixture, Audience::Customer, Channel::Smtp, true).await.expect("customers are not required");
        // With another kind the first one may go, and then that one is the last.
        offer_apps(&fixture).await;
        let kept_in = reason(forbid(&fixture, Audience::Admin, Channel::Smtp, true).await);
        assert_eq!(kept_in, Refusal::LastWayIn { accounts: 1 }, "nobody could sign in to set the other one up");
        fixture.set(Setting::AdminsWithoutCode, 1).await;
        forbid(&fixture, Audience::Admin, Channel::Smtp, true).await.expect("there is another one");
        assert_eq!(reason(forbid(&fixture, Audience::Admin, Channel::Authenticator, true).await), last);
        let services = fixture.services().list().await.expect("lists");
        let apps = services.iter().find(|service| service.kind == Channel::Authenticator).expect("is there").id;
        assert_eq!(reason(fixture.services().check_stop(apps).await), last, "nor can its provider be stopped");
        // Whoever has only a forbidden entry has to set up another one.
        let (_, ada) = fixture.log_in_admin(ADA).await;
        assert_eq!(ada.stage, Stage::EnrollmentNeeded);
        assert_eq!(fixture.configuration().list(&ada).await.expect("lists").readiness.missing, 1);
    })
    .await;
}

#[tokio::test]
async fn it_cannot_be_required_while_every_kind_that_works_is_forbidden() {
    on_every_database(async |fixture| {
        let ada = enrolled_admin(&fixture).await;
        fixture.set(Setting::AdminsWithoutCode, 1).await;
        forbid(&fixture, Audience::Admin, Channel::Smtp, true).await.expect("nothing is required");
        let required = fixture.configuration().save(&ada, Setting::RequireAdminTwoFactor, "1").await;
        assert_eq!(reason(required), Refusal::CannotBeRequired(Obstacle::NothingUsable));
    })
    .await;
}

#[tokio::test]
async fn before_a_kind_is_forbidden_the_page_knows_whom_that_concerns() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer(EMAIL).await;
        fixture.another_enrolled_customer("conrad@example.org").await;
        let concerned = async |audience, kind| fixture.policy().check_forbid(audience, kind).await.expect("may go");
        assert_eq!(concerned(Audience::Customer, Channel::Smtp).await, Concerned { accounts: 2, alone: 2 });
        assert_eq!(concerned(Audience::Admin, Channel::Smtp).await, Concerned { accounts: 0, alone: 0 });
        let app = offer_apps(&fixture).await;
        add_entry(&fixture, carla, app).await;
        assert_eq!(concerned(Audience::Customer, Channel::Smtp).await, Concerned { accounts: 2, alone: 1 });
        assert!(
            fixture.policy().overview().await.expect("shows").policies[1].forbidden.is_empty(),
            "asking forbids nothing"
        );
        // An entry of another forbidden kind is none.
        forbid(&fixture, Audience::Customer, Channel::Authenticator, true).await.expect("forbidden");
        assert_eq!(concerned(Audience::Customer, Channel::Smtp).await, Concerned { accounts: 2, alone: 2 });
    })
    .await;
}
