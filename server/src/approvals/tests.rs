//! Changes that weaken protection wait for a second administrator.

use crate::{
    account::help,
    audit::Actor,
    configuration::service::put,
    entity::{approval_request, service_provider},
    offers::{provider::secret_of, store::first_mail_provider},
    platform::database,
    requests::service::LIFETIME,
    rules::{policies::is_allowed, rules},
    testing::{Fixture, on_every_database, reason, smtp_form, twilio_form},
    tidy::tidy,
};
use app::{
    approvals::{port::ApprovalsPort, types::ApprovalRequest},
    audit::types::Action,
    caller::Session,
    configuration::{port::ConfigurationPort, types::Setting},
    dashboard::port::DashboardPort,
    error::{AppError, Refusal},
    invitation::port::InvitationPort,
    login::types::Audience,
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{
        port::ServicesPort,
        types::{Channel, SmtpForm},
    },
};
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

/// Two administrators, in an installation where mail is offered and two have to agree.
struct Two {
    fixture: Fixture,
    ada: Session,
    eve: Session,
    auth: Uuid,
}

impl Two {
    async fn new(fixture: Fixture) -> Self {
        let auth = fixture.offer_mail().await;
        let mut sessions = Vec::new();
        for email in ["ada@example.org", "eve@example.org"] {
            fixture.administrator(email).await;
            sessions.push(fixture.log_in_admin(email).await.0);
        }
        fixture.set(Setting::SecondApproval, 1).await;
        let ada = fixture.admin_session(&sessions[0]).await.expect("a session");
        let eve = fixture.admin_session(&sessions[1]).await.expect("a session");
        Self { fixture, ada, eve, auth }
    }

    /// What waits, as somebody sees it.
    async fn waiting(&self, admin: &Session) -> Vec<ApprovalRequest> {
        self.fixture.approvals().list(admin).await.expect("lists")
    }

    /// The only request that waits.
    async fn request(&self) -> Uuid {
        let waiting = self.waiting(&self.eve).await;
        assert_eq!(waiting.len(), 1, "{waiting:?}");
        waiting[0].id
    }

    async fn allowed(&self, audience: Audience) -> bool {
        is_allowed(&self.fixture.core.db, audience).await.expect("answers")
    }

    /// Ada asks that two-factor authentication is not allowed to customers any more.
    async fn ask(&self) -> Uuid {
        asks(self.fixture.policy().set_allowed(&self.ada, Audience::Customer, false).await);
        assert!(self.allowed(Audience::Customer).await, "it waits");
        self.request().await
    }

    async fn provider(&self) -> service_provider::Model {
        first_mail_provider(&self.fixture.core.db).await.expect("answers").expect("a provider")
    }
}

fn asks<T>(result: Result<T, AppError>) {
    assert_eq!(result.map(|_| "done").expect_err("it waits"), AppError::AwaitsApproval);
}

#[tokio::test]
async fn what_weakens_protection_is_made_once_another_administrator_approves_it() {
    on_every_database(async |fixture| {
        let two = Two::new(fixture).await;
        let (fixture, ada, eve) = (&two.fixture, &two.ada, &two.eve);
        let before = fixture.events(Action::PolicyChanged).await;
        let id = two.ask().await;
        assert_eq!(fixture.events(Action::PolicyChanged).await, before, "what is only asked for did not happen");
        let words = "Two-factor authentication turned on or off: customer, not allowed";
        assert_eq!(fixture.events(Action::ApprovalAsked).await, [format!(": {words}")]);
        let mail = fixture.mail_so_far().await;
        let told = |(to, text): &&(String, String)| to == "eve@example.org" && text.contains(words);
        assert_eq!(mail.iter().filter(told).count(), 1, "{mail:?}");
        assert!(mail.iter().any(|(_, text)| text.contains("only if another administrator approves it")));
        let shown = &two.waiting(eve).await[0];
        assert_eq!(
            (shown.about.as_str(), shown.asker.as_str(), shown.own),
            ("customer, not allowed", "ada@example.org", false)
        );
        assert!(two.waiting(ada).await[0].own);
        let waiting = async |admin: &Session| fixture.dashboard().overview(admin).await.expect("shows").approvals;
        assert_eq!((waiting(ada).await, waiting(eve).await), (0, 1), "one is not asked about one's own");

        fixture.approvals().approve(eve, id).await.expect("approved");
        assert!(!two.allowed(Audience::Customer).await);
        assert!(two.waiting(eve).await.is_empty());
        assert_eq!(fixture.events(Action::PolicyChanged).await.len(), before.len() + 1);
        assert_eq!(fixture.events(Action::ApprovalGiven).await, [format!("ada@example.org: {words}")]);
        assert_eq!(fixture.approvals().approve(eve, id).await, Err(AppError::NotFound), "it is done once");
    })
    .await;
}

#[tokio::test]
async fn everything_that_weakens_protection_or_moves_messages_waits_and_nothing_else() {
    on_every_database(async |fixture| {
        let two = Two::new(fixture).await;
        let (fixture, ada) = (&two.fixture, &two.ada);
        let provider = two.provider().await;
        let form = SmtpForm { host: "mail.evil.example".to_owned(), password: "s3cret".to_owned(), ..smtp_form() };
        asks(fixture.policy().set_allowed(ada, Audience::Admin, false).await);
        asks(fixture.policy().set_forbidden(ada, Audience::Customer, Channel::Passkey, true).await);
        asks(fixture.policy().set_forbidden(ada, Audience::Customer, Channel::Sms, false).await);
        asks(fixture.services().save_smtp(ada, Some(provider.id), &form).await);
        asks(fixture.services().save_smtp(ada, None, &SmtpForm { title: "Other".to_owned(), ..form.clone() }).await);
        asks(fixture.services().save_sms(ada, None, &twilio_form()).await);
        asks(fixture.services().set_active(ada, provider.id, false).await);
        let service = provider.id.to_string();
        asks(fixture.secondary_auth().save(ada, Some(two.auth), &service, "Mail", &[]).await);
        asks(fixture.secondary_auth().delete(ada, two.auth, true).await);
        asks(fixture.invitation().invite(ada, Audience::Admin, "Mallory", "mallory@evil.example").await);
        for (setting, value) in [
            (Setting::SecondApproval, "0"),
            (Setting::TrustedDeviceDays, "365"),
            (Setting::CoolDownSeconds, "15"),
            (Setting::AdminsWithoutCode, "1"),
            (Setting::AuditDays, "30"),
            (Setting::SelfRegistration, "1"),
        ] {
            asks(fixture.configuration().save(ada, setting, value).await);
        }
        fixture.services().save_plain(ada, None, Channel::Passkey, "Passkeys").await.expect("sends nothing");
        let spare = fixture.services().list().await.expect("lists");
        let spare = spare.iter().find(|service| service.title == "Passkeys").expect("it").id;
        asks(fixture.services().delete(ada, spare, true).await);
        assert_eq!(two.waiting(ada).await.len(), 17);
        assert_eq!(two.provider().await, provider, "as it was");
        assert!(fixture.mail_so_far().await.iter().all(|(to, _)| !to.contains("evil")), "nobody is invited");
        let rules = rules(&fixture.core).await.expect("answers");
        assert!(rules.is_on(Setting::SecondApproval) && !rules.is_on(Setting::SelfRegistration));

        // What makes things safer is done at once, and so is what carries nobody's codes yet.
        for (setting, value) in
            [(Setting::TrustedDeviceDays, "1"), (Setting::CoolDownSeconds, "60"), (Setting::CodeTries, "5")]
        {
            fixture.configuration().save(ada, setting, value).await.expect("saved");
        }
        fixture.secondary_auth().save(ada, None, &spare.to_string(), "Passkeys", &[]).await.expect("saved");
        fixture.policy().set_allowed(ada, Audience::Customer, true).await.expect("allowed");
        fixture.services().set_active(ada, provider.id, true).await.expect("active");
        fixture.invitation().invite(ada, Audience::Customer, "Carla", "carla@example.org").await.expect("invited");
    })
    .await;
}

#[tokio::test]
async fn an_approved_change_is_exactly_the_one_that_was_asked_for() {
    on_every_database(async |fixture| {
        let two = Two::new(fixture).await;
        let (fixture, ada, eve) = (&two.fixture, &two.ada, &two.eve);
        let (db, id) = (&fixture.core.db, two.provider().await.id);
        let form = SmtpForm {
            host: "new.example.org".to_owned(),
            user_name: "mailer".to_owned(),
            password: "s3cret-of-mail".to_owned(),
            ..smtp_form()
        };
        asks(fixture.services().save_smtp(ada, Some(id), &form).await);
        let row = approval_request::Entity::find().one(db).await.expect("answers").expect("a request");
        assert!(!format!("{row:?}").contains("s3cret"), "it is stored in clear");
        let shown = serde_json::to_string(&two.waiting(eve).await).expect("JSON");
        assert!(shown.contains("new.example.org") && !shown.contains("s3cret"), "{shown}");
        let mail = fixture.mail_so_far().await;
        assert!(mail.iter().all(|(_, text)| !text.contains("s3cret")));
        fixture.approvals().approve(eve, two.request().await).await.expect("approved");
        let row = two.provider().await;
        assert!(row.settings.contains("new.example.org"));
        let secret = secret_of(db, &fixture.core.vault, &row).await.expect("opens").expect("a password");
        assert_eq!(secret.expose(), "s3cret-of-mail");

        asks(fixture.configuration().save(ada, Setting::LockFailures, "12").await);
        fixture.approvals().approve(eve, two.request().await).await.expect("approved");
        assert_eq!(rules(&fixture.core).await.expect("answers").get(Setting::LockFailures), 12);
        asks(fixture.secondary_auth().delete(ada, two.auth, true).await);
        fixture.approvals().approve(eve, two.request().await).await.expect("approved");
        assert!(fixture.secondary_auth().list().await.expect("lists").is_empty());
        fixture.secondary_auth().restore(ada, two.auth).await.expect("bringing it back needs nobody else");
        asks(fixture.invitation().invite(ada, Audience::Admin, "Fay", "fay@example.org").await);
        fixture.approvals().approve(eve, two.request().await).await.expect("approved");
        assert!(fixture.mail_so_far().await.iter().any(|(to, _)| to == "fay@example.org"));
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_about_their_own_request() {
    on_every_database(async |fixture| {
        let two = Two::new(fixture).await;
        let (approvals, ada, eve) = (two.fixture.approvals(), &two.ada, &two.eve);
        let id = two.ask().await;
        assert_eq!(reason(approvals.approve(ada, id).await), Refusal::OwnRequest);
        assert_eq!(reason(approvals.decline(ada, id).await), Refusal::OwnRequest);
        assert_eq!(approvals.withdraw(eve, id).await, Err(AppError::NotFound), "it is not theirs");
        assert_eq!(two.request().await, id, "it goes on waiting");
        approvals.decline(eve, id).await.expect("declined");
        assert_eq!(approvals.approve(eve, id).await, Err(AppError::NotFound));
        let id = two.ask().await;
        approvals.withdraw(ada, id).await.expect("withdrawn");
        assert_eq!(approvals.approve(eve, id).await, Err(AppError::NotFound));
        assert!(two.allowed(Audience::Customer).await);
        assert_eq!(two.fixture.events(Action::ApprovalDeclined).await.len(), 1);
        assert_eq!(two.fixture.events(Action::ApprovalWithdrawn).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_parallel_approvals_one_makes_the_change() {
    on_every_database(async |fixture| {
        let two = Two::new(fixture).await;
        let before = two.fixture.events(Action::PolicyChanged).await.len();
        let id = two.ask().await;
        let all: Vec<_> = (0..8)
            .map(|number| {
                let (approvals, eve) = (two.fixture.approvals(), two.eve.clone());
                tokio::spawn(async move {
                    if number % 4 == 3 {
                        approvals.decline(&eve, id).await.is_ok()
                    } else {
                        approvals.approve(&eve, id).await.is_ok()
                    }
                })
            })
            .collect();
        let mut done = 0;
        for one in all {
            done += u32::from(one.await.expect("ends"));
        }
        assert_eq!(done, 1);
        let made = two.fixture.events(Action::PolicyChanged).await.len() - before;
        assert_eq!(made == 0, two.allowed(Audience::Customer).await);
        assert!(made <= 1);
    })
    .await;
}

#[tokio::test]
async fn a_request_ends_after_a_day_and_with_its_asker() {
    on_every_database(async |fixture| {
        let two = Two::new(fixture).await;
        let (fixture, eve) = (&two.fixture, &two.eve);
        let (core, approvals) = (&fixture.core, fixture.approvals());
        let id = two.ask().await;
        fixture.clock.pass(LIFETIME);
        assert!(two.waiting(eve).await.is_empty());
        assert_eq!(approvals.approve(eve, id).await, Err(AppError::NotFound));
        tidy(core).await.expect("tidied");
        assert_eq!(approval_request::Entity::find().count(&core.db).await, Ok(0));

        // Whoever has taken the asker's session over is out, and so is what they asked for.
        let id = two.ask().await;
        let account = fixture.account_row(two.ada.account_id).await;
        help::disable(core, Actor::Session(eve), &account).await.expect("disabled");
        assert!(two.waiting(eve).await.is_empty());
        assert_eq!(approvals.approve(eve, id).await, Err(AppError::NotFound));
        let account = fixture.account_row(two.ada.account_id).await;
        help::enable(core, Actor::Session(eve), &account).await.expect("enabled");
        assert_eq!(approvals.approve(eve, id).await, Err(AppError::NotFound), "it does not come back");
        assert!(two.allowed(Audience::Customer).await);
        let id = two.ask().await;
        crate::accounts::store::set_disabled(&core.db, two.ada.account_id, Some(fixture.now())).await.expect("stored");
        assert_eq!(approvals.approve(eve, id).await, Err(AppError::NotFound), "however they were disabled");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_any_more_is_refused_at_its_approval_and_goes_on_waiting() {
    on_every_database(async |fixture| {
        let two = Two::new(fixture).await;
        let (fixture, ada, eve) = (&two.fixture, &two.ada, &two.eve);
        let nonsense = fixture.configuration().save(ada, Setting::CodeTries, "many").await;
        assert!(nonsense.expect_err("refused").problem_of("value").is_some(), "nobody is asked about nonsense");
        asks(fixture.policy().set_allowed(ada, Audience::Admin, false).await);
        let id = two.request().await;
        fixture.set(Setting::RequireAdminTwoFactor, 1).await;
        assert!(matches!(reason(fixture.approvals().approve(eve, id).await), Refusal::RequiredForAdmins { .. }));
        assert!(two.allowed(Audience::Admin).await);
        assert_eq!(two.request().await, id);
        fixture.set(Setting::RequireAdminTwoFactor, 0).await;
        fixture.approvals().approve(eve, id).await.expect("approved");
        assert!(!two.allowed(Audience::Admin).await);
        // What was asked about is gone.
        asks(fixture.secondary_auth().delete(ada, two.auth, true).await);
        let first = two.request().await;
        fixture.clock.pass(1);
        asks(fixture.secondary_auth().delete(ada, two.auth, true).await);
        fixture.approvals().approve(eve, first).await.expect("approved");
        let second = two.request().await;
        assert_eq!(fixture.approvals().approve(eve, second).await, Err(AppError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn it_takes_two_administrators_to_switch_it_on_and_to_switch_it_off() {
    on_every_database(async |fixture| {
        fixture.administrator("fay@example.org").await;
        let (_, fay) = fixture.log_in_admin("fay@example.org").await;
        let refused = fixture.configuration().save(&fay, Setting::SecondApproval, "1").await;
        assert_eq!(reason(refused), Refusal::NeedsSecondAdmin);
        let two = Two::new(fixture).await;
        asks(two.fixture.configuration().save(&two.ada, Setting::SecondApproval, "0").await);
        two.fixture.approvals().approve(&two.eve, two.request().await).await.expect("approved");
        assert!(!rules(&two.fixture.core).await.expect("answers").is_on(Setting::SecondApproval));
        let (_, eve) = two.fixture.log_in_admin("eve@example.org").await;
        two.fixture.configuration().save(&eve, Setting::SecondApproval, "1").await.expect("switched on");
        // The command line needs nobody, for when there is nobody.
        let transaction = database::begin_alone(&two.fixture.core.db).await.expect("begins");
        put(&transaction, &two.fixture.core, Actor::CommandLine, Setting::SecondApproval, "0").await.expect("stored");
        database::commit(transaction).await.expect("kept");
        assert!(!rules(&two.fixture.core).await.expect("answers").is_on(Setting::SecondApproval));
    })
    .await;
}
