//! Changing somebody else's name and address.

use crate::{
    outbox::service::send_due,
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    account::port::AccountPort,
    approvals::port::ApprovalsPort,
    audit::types::{Action, AuditQuery},
    caller::Session,
    configuration::types::Setting,
    error::{AppError, Problem, Refusal},
    login::types::Audience,
    password::port::PasswordPort,
    users::port::UsersPort,
};
use uuid::Uuid;

const OLD: &str = "carla@example.org";
const NEW: &str = "Carla.New@example.org";

/// An administrator with an account, signed in.
async fn administrator(fixture: &Fixture, email: &str) -> Session {
    fixture.administrator(email).await;
    let (token, _) = fixture.log_in_admin(email).await;
    fixture.admin_session(&token).await.expect("a session")
}

async fn change(fixture: &Fixture, admin: &Session, id: Uuid, name: &str, email: &str) -> Result<(), AppError> {
    let audience = fixture.account_row(id).await.audience.0;
    fixture.users().change(admin, audience, id, name, email).await
}

/// The token of the last link that was sent.
async fn token(fixture: &Fixture, path: &str) -> String {
    send_due(&fixture.core).await.expect("sent");
    let mail = fixture.mail.kept();
    let link = mail.iter().rev().flat_map(|mail| mail.text.lines());
    let prefix = format!("https://id.example.org/{path}/");
    link.filter_map(|line| line.strip_prefix(&prefix)).next().expect("a link").to_owned()
}

#[tokio::test]
async fn another_address_ends_what_the_old_one_opened_and_both_are_told() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.enrolled_customer(OLD).await;
        let signed_in = fixture.full_sign_in(OLD).await;
        let session = fixture.session(&signed_in).await.expect("a session");
        fixture.account().ask_for_email(&session, "other@example.org").await.expect("asked");
        let other_address = token(&fixture, "email").await;
        let waiting = fixture.password_session(OLD).await;
        let code = fixture.code();
        fixture.password().ask_reset(&fixture.origin, Audience::Customer, OLD).await.expect("asked");
        let new_password = token(&fixture, "password").await;

        change(&fixture, &admin, id, "Customer", &format!(" {NEW} ")).await.expect("changed");

        assert!(fixture.session(&signed_in).await.is_none(), "signed out everywhere");
        assert!(fixture.verify(&waiting, &code).await.is_err(), "a sign-in that was begun ends");
        let set = fixture.password().set_password(&fixture.origin, &new_password, "granite-ribbon-thistle").await;
        assert_eq!(reason(set.map(drop)), Refusal::LinkDead, "the link that went to the old address");
        assert_eq!(reason(fixture.account().confirm_email(&fixture.origin, &other_address).await), Refusal::LinkDead);
        assert_eq!(reason(fixture.log_in(OLD, PASSWORD, None).await), Refusal::WrongLogin);
        assert!(fixture.log_in(NEW, PASSWORD, None).await.expect("signs in").code_needed, "its entry stays");
        assert_eq!(fixture.events(Action::EmailChanged).await, [format!("{NEW}: from {OLD} to {NEW}")]);
        let mail = fixture.mail_so_far().await;
        for to in [OLD, NEW] {
            let told =
                mail.iter().find(|(address, text)| address == to && text.contains("Your email address was changed"));
            assert!(!told.expect("both are told").1.contains("/not-me/"), "it was not done in the account's own name");
        }
        let other_admins = mail.iter().any(|(to, text)| to == "ada@example.org" && text.contains(NEW));
        assert!(other_admins, "administrators are told");
    })
    .await;
}

#[tokio::test]
async fn a_name_alone_ends_nothing() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.enrolled_customer(OLD).await;
        let token = fixture.full_sign_in(OLD).await;
        change(&fixture, &admin, id, " Carla <i>Costa</i> ", OLD).await.expect("changed");
        assert_eq!(fixture.account_row(id).await.name, "Carla <i>Costa</i>");
        assert!(fixture.session(&token).await.is_some());
        assert_eq!(fixture.events(Action::AccountChanged).await, [format!("{OLD}: name")]);
        change(&fixture, &admin, id, "Carla <i>Costa</i>", OLD).await.expect("nothing to change");
        assert_eq!(fixture.events(Action::AccountChanged).await.len(), 1);
        assert!(fixture.events(Action::EmailChanged).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_named_by_its_field_and_nothing_is_changed() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.customer(OLD).await;
        fixture.customer("conrad@example.org").await;
        for (name, email, field, problem) in [
            ("", OLD, "name", Problem::Required),
            ("Carla", "", "email", Problem::Required),
            ("Carla", "not an address", "email", Problem::NotAnEmail),
            ("Carla", "a@b.example\r\nBcc: x@y.example", "email", Problem::ControlCharacters),
            ("Carla", "CONRAD@example.org", "email", Problem::Taken),
        ] {
            let error = change(&fixture, &admin, id, name, email).await.expect_err("refused");
            assert_eq!(error.problem_of(field), Some(&problem), "{name:?} {email:?}");
        }
        assert_eq!(fixture.account_row(id).await.email, OLD);
        fixture.log_in(OLD, PASSWORD, None).await.expect("as before");
        // Of its own it may have another spelling, and an administrator's address is none of a customer's.
        change(&fixture, &admin, id, "Carla", "CARLA@example.org").await.expect("changed");
        change(&fixture, &admin, id, "Carla", "ada@example.org").await.expect("changed");
        let as_admin = fixture.users().change(&admin, Audience::Admin, id, "Carla", OLD).await;
        assert_eq!(as_admin, Err(AppError::NotFound), "of one audience only");
    })
    .await;
}

#[tokio::test]
async fn ones_own_address_is_changed_by_its_link_alone() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        for email in ["mallory@example.org", "ada@example.org"] {
            let tried = change(&fixture, &admin, admin.account_id, "Ada", email).await;
            assert_eq!(reason(tried), Refusal::OwnAccount);
        }
        assert_eq!(fixture.account_row(admin.account_id).await.email, "ada@example.org");
    })
    .await;
}

#[tokio::test]
async fn an_administrators_address_needs_a_second_administrator_where_two_have_to_agree() {
    on_every_database(async |fixture| {
        for email in ["ada@example.org", "bea@example.org", "eve@example.org"] {
            fixture.administrator(email).await;
        }
        fixture.set(Setting::SecondApproval, 1).await;
        let mut admins = Vec::new();
        for email in ["ada@example.org", "bea@example.org", "eve@example.org"] {
            let (token, _) = fixture.log_in_admin(email).await;
            admins.push(fixture.admin_session(&token).await.expect("a session"));
        }
        let [ada, bea, eve] = &admins[..] else { unreachable!("three") };
        let asked = change(&fixture, ada, bea.account_id, "Bea", "mallory@example.org").await;
        assert_eq!(asked, Err(AppError::AwaitsApproval));
        assert_eq!(fixture.account_row(bea.account_id).await.email, "bea@example.org", "it waits");
        assert!(!fixture.mail_so_far().await.iter().any(|(to, _)| to == "mallory@example.org"));
        let request = fixture.approvals().list(eve).await.expect("lists")[0].id;
        assert_eq!(reason(fixture.approvals().approve(ada, request).await), Refusal::OwnRequest);
        assert_eq!(reason(fixture.approvals().approve(bea, request).await), Refusal::OwnAccount);
        fixture.approvals().approve(eve, request).await.expect("approved");
        assert_eq!(fixture.account_row(bea.account_id).await.email, "mallory@example.org");
        // A name protects nothing, and no customer approves anything.
        change(&fixture, ada, bea.account_id, "Beate", "mallory@example.org").await.expect("at once");
        let customer = fixture.customer(OLD).await;
        change(&fixture, ada, customer, "Carla", NEW).await.expect("at once");
    })
    .await;
}

#[tokio::test]
async fn the_activity_of_an_account_is_its_own_page_by_page() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.customer(OLD).await;
        // Their addresses begin alike, so a search by address would find both.
        let other = fixture.customer("carla@example.org.example").await;
        for n in 0..120 {
            change(&fixture, &admin, id, &format!("Carla {n}"), OLD).await.expect("changed");
        }
        change(&fixture, &admin, other, "Other", "carla@example.org.example").await.expect("changed");
        let page = async |query: &AuditQuery| {
            fixture.users().activity(Audience::Customer, id, query).await.expect("answers").events
        };
        let (mut query, mut seen, mut newer) = (AuditQuery::default(), Vec::new(), Vec::new());
        loop {
            let found = page(&query).await;
            assert!(found.events.iter().all(|event| event.subject.as_deref() == Some(OLD)));
            seen.push(found.events);
            newer.push(found.newer);
            let Some(older) = found.older else { break };
            query = AuditQuery { before: older.to_string(), ..AuditQuery::default() };
        }
        assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 21], "and that it was created");
        let mut ids: Vec<_> = seen.iter().flatten().map(|event| event.id).collect();
        assert!(ids.is_sorted_by(|newer, older| newer > older), "newest first");
        ids.dedup();
        assert_eq!(ids.len(), 121);
        let after = newer[2].expect("newer ones").to_string();
        let back = page(&AuditQuery { after, ..AuditQuery::default() }).await;
        assert_eq!(back.events, seen[1]);
        let as_admin = fixture.users().activity(Audience::Admin, id, &AuditQuery::default()).await;
        assert_eq!(as_admin.err(), Some(AppError::NotFound), "of one audience only");
    })
    .await;
}
