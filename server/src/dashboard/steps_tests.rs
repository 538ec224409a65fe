//! What the checklist of the set-up tells, and how the pages that it leads through come by it.

use crate::{
    platform::passwords::Passwords,
    rules::rules,
    testing::{Fixture, on_every_database, watch_statements},
};
use app::{
    caller::Session,
    configuration::types::Setting,
    dashboard::{
        port::DashboardPort,
        types::{Guide, Task},
    },
    login::types::Audience,
    policy::port::PolicyPort,
    recovery::port::RecoveryPort,
    services::port::ServicesPort,
};
use sea_orm::ConnectionTrait;

/// What the dashboard has left to do, in its order.
async fn to_do(fixture: &Fixture, admin: &Session) -> Vec<Task> {
    // As a request of now would find the settings.
    let admin = Session { rules: rules(&fixture.core).await.expect("answers"), ..admin.clone() };
    let steps = fixture.dashboard().overview(&admin).await.expect("shows").steps;
    assert_eq!(steps.len(), 9);
    steps.into_iter().filter(|step| !step.done).map(|step| step.task).collect()
}

/// What the pages that it leads through say.
async fn guide(fixture: &Fixture, admin: &Session) -> Option<Guide> {
    fixture.dashboard().guide(admin).await.expect("answers")
}

/// An administrator with an entry, and one without.
async fn two_admins(fixture: &Fixture) -> [Session; 2] {
    let ada = fixture.enrolled_admin("ada@example.org").await;
    let grace = fixture.administrator("grace@example.org").await;
    [ada, grace].map(|account_id| Session { account_id, ..fixture.admin() })
}

#[tokio::test]
async fn the_list_of_what_is_left_shrinks_step_by_step() {
    on_every_database(async |fixture| {
        use Task::{AddService, AllowAdmins, AllowCustomers, Offer, OwnFactor, RecoveryCodes, Require, SecondAdmin};
        let admin = fixture.admin();
        let all = [AddService, Offer, AllowAdmins, OwnFactor, RecoveryCodes, Require, SecondAdmin, AllowCustomers];
        assert_eq!(to_do(&fixture, &admin).await, all, "https is on here");
        fixture.offer_mail().await;
        assert_eq!(to_do(&fixture, &admin).await, all[3..7]);
        let [ada, grace] = two_admins(&fixture).await;
        assert_eq!(to_do(&fixture, &grace).await, [OwnFactor, RecoveryCodes, Require], "somebody else's entry");
        assert_eq!(to_do(&fixture, &ada).await, [RecoveryCodes, Require]);
        fixture.recovery().make(&ada).await.expect("codes");
        assert_eq!(to_do(&fixture, &ada).await, [Require]);
        assert_eq!(to_do(&fixture, &grace).await, [OwnFactor, RecoveryCodes, Require], "somebody else's codes");
        fixture.set(Setting::RequireAdminTwoFactor, 1).await;
        assert!(to_do(&fixture, &ada).await.is_empty());
        // Codes that were used are none.
        let used = "UPDATE recovery_code SET used_at = 1";
        fixture.core.db.execute_unprepared(used).await.expect("used");
        assert_eq!(to_do(&fixture, &ada).await, [RecoveryCodes]);
        fixture.recovery().make(&ada).await.expect("codes");
        // What is taken back is to be done again.
        fixture.set(Setting::RequireAdminTwoFactor, 0).await;
        fixture.set(Setting::AdminsWithoutCode, 1).await;
        let id = fixture.services().list().await.expect("services")[0].id;
        fixture.services().set_active(&admin, id, false).await.expect("switched");
        fixture.policy().set_allowed(&admin, Audience::Customer, false).await.expect("switched");
        assert_eq!(to_do(&fixture, &ada).await, [AddService, Offer, Require, AllowCustomers]);
        let alone = "UPDATE account SET disabled_at = 1 WHERE email = 'grace@example.org'";
        fixture.core.db.execute_unprepared(alone).await.expect("disabled");
        assert_eq!(to_do(&fixture, &ada).await, [AddService, Offer, Require, SecondAdmin, AllowCustomers]);
    })
    .await;
}

#[tokio::test]
async fn pages_lead_on_until_the_first_tasks_are_done() {
    on_every_database(async |fixture| {
        let next = |done, next| Some(Guide { done, all: 9, next });
        assert_eq!(guide(&fixture, &fixture.admin()).await, next(1, Task::AddService));
        fixture.offer_mail().await;
        assert_eq!(guide(&fixture, &fixture.admin()).await, next(5, Task::OwnFactor));
        let [ada, grace] = two_admins(&fixture).await;
        assert_eq!(guide(&fixture, &ada).await, next(7, Task::RecoveryCodes));
        fixture.recovery().make(&ada).await.expect("codes");
        assert_eq!(guide(&fixture, &ada).await, None, "what is left stands on the dashboard");
        assert_eq!(guide(&fixture, &grace).await, next(6, Task::OwnFactor), "each has a factor of one's own");
    })
    .await;
}

#[tokio::test]
async fn leading_on_costs_one_statement_and_none_once_it_is_over() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        fixture.offer_mail().await;
        let [ada, grace] = two_admins(&fixture).await;
        let cost = async |admin: &Session| {
            statements.take();
            guide(&fixture, admin).await;
            statements.take().len()
        };
        assert_eq!([cost(&ada).await, cost(&ada).await], [1, 1]);
        fixture.recovery().make(&ada).await.expect("codes");
        assert_eq!([cost(&ada).await, cost(&ada).await, cost(&grace).await], [1, 0, 1]);
        // The dashboard looks anew, and what it finds undone is led to again.
        fixture.core.db.execute_unprepared("DELETE FROM recovery_code").await.expect("deleted");
        assert_eq!(cost(&ada).await, 0);
        assert_eq!(to_do(&fixture, &ada).await, [Task::RecoveryCodes, Task::Require]);
        assert_eq!(cost(&ada).await, 1);
        // So does another server, which has not seen anything.
        let other = fixture.another_server(Passwords::with_cost(8, 1));
        assert!(guide(&other, &ada).await.is_some());
    })
    .await;
}
