//! What was deleted comes back for a day, by an administrator and never by itself.

use crate::{
    entity::{deleted_entry, deleted_secondary_auth},
    rules::Rules,
    testing::{Fixture, PASSWORD, on_every_database, reason},
    tidy::tidy,
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::port::Answer,
    configuration::types::Setting,
    enrollment::port::EnrollmentPort,
    error::{AppError, Refusal},
    login::{port::LoginPort, types::Audience},
    ports::Deleted,
    secondary_auth::port::SecondaryAuthPort,
    services::port::ServicesPort,
    users::{
        port::UsersPort,
        types::{FactorState, Help},
    },
};
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";
const DAY: i64 = 86_400;

/// Deletes the only secondary auth, and tells its id.
async fn delete(fixture: &Fixture) -> Uuid {
    let auth = fixture.secondary_auth().list().await.expect("lists")[0].id;
    fixture.secondary_auth().delete(&fixture.admin(), auth, true).await.expect("deleted");
    auth
}

async fn restore(fixture: &Fixture, auth: Uuid) -> Result<(), AppError> {
    fixture.secondary_auth().restore(&fixture.admin(), auth).await
}

async fn provider(fixture: &Fixture) -> Uuid {
    fixture.services().list().await.expect("lists")[0].id
}

/// Whether a sign-in by the right password asks for a code.
async fn asks(fixture: &Fixture, email: &str) -> bool {
    fixture.log_in(email, PASSWORD, None).await.expect("signs in").code_needed
}

/// The titles of an account's entries.
async fn entries(fixture: &Fixture, account: Uuid) -> Vec<String> {
    let details = fixture.users().details(&fixture.admin(), Audience::Customer, account).await.expect("shows");
    details.entries.into_iter().map(|entry| entry.title).collect()
}

/// Deletes the only entry of a session's account, and tells what can be brought back.
async fn delete_own(fixture: &Fixture, session: &Session) -> Uuid {
    let entry = fixture.enrollment().overview(session).await.expect("shows").entries[0].id;
    fixture.enrollment().delete(session, entry, true).await.expect("removed");
    entry
}

/// An administrator brings an entry back.
async fn help(fixture: &Fixture, account: Uuid, entry: Uuid) -> Result<(), AppError> {
    fixture.users().help(&fixture.admin(), Audience::Customer, account, Help::RestoreEntry, Some(entry)).await
}

#[tokio::test]
async fn what_was_deleted_is_gone_and_comes_back_with_its_entries() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer(EMAIL).await;
        fixture.administrator("eve@example.org").await;
        let form = fixture.secondary_auth().form(None).await.expect("shows");
        let auth = delete(&fixture).await;
        assert!(!asks(&fixture, EMAIL).await, "it is gone");
        assert!(entries(&fixture, carla).await.is_empty());
        assert!(fixture.secondary_auth().list().await.expect("lists").is_empty());
        let details = fixture.users().details(&fixture.admin(), Audience::Customer, carla).await.expect("shows");
        assert_eq!((details.factor, details.deleted), (FactorState::NotEnrolled, vec![]), "it comes back as a whole");
        let deleted = fixture.secondary_auth().deleted().await.expect("lists");
        assert_eq!(deleted.len(), 1);
        assert_eq!((deleted[0].title.as_str(), deleted[0].enrolled), ("Email", 1));
        assert_eq!(deleted[0].by, "ada@example.org");
        // What it needs to come back stays.
        let kept = fixture.services().delete(&fixture.admin(), provider(&fixture).await, true).await;
        assert_eq!(reason(kept), Refusal::InUseToRestore { by: "Email".to_owned() });

        let alone = fixture.password_session(EMAIL).await;
        restore(&fixture, auth).await.expect("restored");
        assert_eq!(fixture.secondary_auth().form(None).await.expect("shows"), form);
        assert!(fixture.secondary_auth().deleted().await.expect("lists").is_empty());
        assert_eq!(entries(&fixture, carla).await, ["Email"]);
        assert!(fixture.users().details(&fixture.admin(), Audience::Customer, carla).await.is_ok());
        assert!(fixture.session(&token_of(&fixture).await).await.is_some(), "whoever has the code is in");
        let living = crate::sessions::store::of_account(&fixture.core.db, carla, fixture.now()).await.expect("lists");
        assert!(living.iter().all(|session| session.id != alone.id), "the password alone opened it");
        assert_eq!(fixture.events(Action::SecondaryAuthRestored).await, ["Email: entries restored: 1"]);
        let mail = fixture.mail_so_far().await;
        let told = |(to, text): &(String, String)| to == "eve@example.org" && text.contains("authentication restored");
        assert!(mail.iter().any(told), "{mail:?}");
        assert_eq!(restore(&fixture, auth).await, Err(AppError::NotFound), "it is back already");
    })
    .await;
}

/// Signs in with the code that comes.
async fn token_of(fixture: &Fixture) -> String {
    let done = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right");
    assert!(done.code_needed, "the factor is back");
    let waiting = fixture.session(&done.session.secret).await.expect("a session");
    fixture.verify(&waiting, &fixture.code()).await.expect("the code is right").session.secret
}

#[tokio::test]
async fn after_a_day_what_was_deleted_is_gone_for_good() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer(EMAIL).await;
        let session = fixture.session(&fixture.full_sign_in(EMAIL).await).await.expect("a session");
        let entry = delete_own(&fixture, &session).await;
        let conrad = fixture.another_enrolled_customer("conrad@example.org").await;
        let auth = delete(&fixture).await;
        fixture.clock.pass(DAY - 1);
        tidy(&fixture.core).await.expect("tidied");
        assert_eq!(deleted_entry::Entity::find().count(&fixture.core.db).await, Ok(2), "the day is not over");
        fixture.clock.pass(1);
        assert!(fixture.secondary_auth().deleted().await.expect("lists").is_empty());
        assert_eq!(restore(&fixture, auth).await, Err(AppError::NotFound));
        assert_eq!(help(&fixture, carla, entry).await, Err(AppError::NotFound));
        tidy(&fixture.core).await.expect("tidied");
        assert_eq!(deleted_entry::Entity::find().count(&fixture.core.db).await, Ok(0));
        assert_eq!(deleted_secondary_auth::Entity::find().count(&fixture.core.db).await, Ok(0));
        assert!(entries(&fixture, conrad).await.is_empty());
        let gone = fixture.services().delete(&fixture.admin(), provider(&fixture).await, true).await;
        assert_eq!(gone, Ok(Deleted::Done), "nothing needs it any more");
    })
    .await;
}

#[tokio::test]
async fn what_people_have_set_up_since_is_not_undone() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer(EMAIL).await;
        let conrad = fixture.another_enrolled_customer("conrad@example.org").await;
        let doris = fixture.another_enrolled_customer("doris@example.org").await;
        let auth = delete(&fixture).await;
        fixture.clock.pass(60);
        let service = provider(&fixture).await.to_string();
        fixture.secondary_auth().save(&fixture.admin(), None, &service, "Email", &[]).await.expect("saved");
        let session = fixture.password_session(EMAIL).await;
        fixture.enroll(&session).await;
        // Somebody helped Doris, who had lost what the entry rests on.
        let help_doris = fixture.users();
        let admin = fixture.admin();
        help_doris.help(&admin, Audience::Customer, doris, Help::ResetFactor, None).await.expect("reset");
        restore(&fixture, auth).await.expect("restored");
        let titles: Vec<_> = fixture.secondary_auth().list().await.expect("lists");
        let titles: Vec<_> = titles.into_iter().map(|auth| (auth.title, auth.enrolled)).collect();
        assert_eq!(titles, [("Email".to_owned(), 1), ("Email 2".to_owned(), 1)]);
        assert_eq!(entries(&fixture, carla).await, ["Email"], "the new one alone");
        assert_eq!(entries(&fixture, conrad).await, ["Email 2"]);
        assert!(entries(&fixture, doris).await.is_empty(), "the reset counts");
        let details = fixture.users().details(&admin, Audience::Customer, carla).await.expect("shows");
        let old = details.deleted[0].id;
        assert_eq!(reason(help(&fixture, carla, old).await), Refusal::NewerEntry);
        // One by one it can still be brought back, where an administrator means it.
        let details = fixture.users().details(&admin, Audience::Customer, doris).await.expect("shows");
        help(&fixture, doris, details.deleted[0].id).await.expect("restored");
        assert_eq!(entries(&fixture, doris).await, ["Email 2"]);
    })
    .await;
}

#[tokio::test]
async fn a_restored_factor_ends_trusted_devices_and_waiting_sign_ins() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer(EMAIL).await;
        for one_entry in [false, true] {
            fixture.clock.pass(3_600);
            let waiting = fixture.password_session(EMAIL).await;
            let code = fixture.code();
            let done = fixture.login().verify(&waiting, Answer::Code(&code), true).await.expect("the code is right");
            let trust = done.trust.expect("a trusted device").secret;
            fixture.clock.pass(60);
            let half = fixture.log_in(EMAIL, PASSWORD, None).await.expect("the password is right").session.secret;
            assert!(fixture.session(&half).await.is_some(), "it waits for its code");
            let back = if one_entry {
                let session = fixture.session(&done.session.secret).await.expect("a session");
                delete_own(&fixture, &session).await
            } else {
                delete(&fixture).await
            };
            let alone = fixture.password_session(EMAIL).await;
            if one_entry {
                help(&fixture, carla, back).await.expect("restored");
            } else {
                restore(&fixture, back).await.expect("restored");
            }
            let living = crate::sessions::store::of_account(&fixture.core.db, carla, fixture.now()).await;
            assert!(living.expect("lists").iter().all(|session| session.id != alone.id), "{one_entry}");
            assert!(fixture.session(&half).await.is_none(), "it was begun before, {one_entry}");
            fixture.clock.pass(60);
            let done = fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("the password is right");
            assert!(done.code_needed, "the device is not trusted any more, {one_entry}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_was_deleted_comes_back_by_an_administrator_alone() {
    on_every_database(async |fixture| {
        let carla = fixture.enrolled_customer(EMAIL).await;
        let conrad = fixture.another_enrolled_customer("conrad@example.org").await;
        fixture.administrator("eve@example.org").await;
        let session = fixture.session(&fixture.full_sign_in(EMAIL).await).await.expect("a session");
        let entry = delete_own(&fixture, &session).await;
        assert!(!asks(&fixture, EMAIL).await);
        let details = fixture.users().details(&fixture.admin(), Audience::Customer, carla).await.expect("shows");
        assert_eq!(details.deleted.len(), 1);
        assert_eq!((details.deleted[0].id, details.deleted[0].title.as_str()), (entry, "Email"));
        assert!(!details.deleted[0].destination.contains("carla"), "masked as ever");
        assert_eq!(help(&fixture, conrad, entry).await, Err(AppError::NotFound), "it is of somebody else");
        help(&fixture, carla, entry).await.expect("restored");
        assert!(asks(&fixture, EMAIL).await);
        assert_eq!(help(&fixture, carla, entry).await, Err(AppError::NotFound), "it is back already");
        let events = fixture.events(Action::EntryRestored).await;
        assert_eq!(events.len(), 1);
        assert!(events[0].starts_with("carla@example.org: Email to c"), "{events:?}");
        let mail = fixture.mail_so_far().await;
        let told = |to: &str, words: &str| mail.iter().any(|(who, text)| who == to && text.contains(words));
        assert!(told("eve@example.org", "Sign-in method restored"));
        assert!(told(EMAIL, "restored a sign-in method"));
    })
    .await;
}

#[tokio::test]
async fn bringing_back_what_cannot_be_used_locks_no_administrators_out() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let ada = fixture.enrolled_admin("ada@example.org").await;
        let auth = delete(&fixture).await;
        fixture.services().set_active(&fixture.admin(), provider(&fixture).await, false).await.expect("stopped");
        assert_eq!(reason(restore(&fixture, auth).await), Refusal::LastWayIn { accounts: 1 });
        assert!(!crate::entries::store::has_any(&fixture.core.db, ada).await.expect("answers"));
        assert!(!Rules::default().is_on(Setting::AdminsWithoutCode), "what this rests on");
        assert_eq!(fixture.secondary_auth().deleted().await.expect("lists").len(), 1, "it can be tried again");
    })
    .await;
}
