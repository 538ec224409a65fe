//! The rules of lists of accounts and of helping their people.

use crate::{
    account::service::{NewAccount, create},
    accounts::{self, store},
    audit::Actor,
    entity::{audit_event, enrollment},
    outbox,
    rules::Rules,
    testing::{Fixture, PASSWORD, on_every_database, reason},
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::port::Answer,
    error::{AppError, Problem, Refusal},
    login::{port::LoginPort, types::Audience},
    secondary_auth::port::SecondaryAuthPort,
    users::{
        port::UsersPort,
        types::{AccountList, AccountRow, FactorState, Help, ListQuery, Total},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

const EMAIL: &str = "carla@example.org";

fn search(text: &str) -> ListQuery {
    ListQuery { search: text.to_owned(), ..ListQuery::default() }
}

async fn person(fixture: &Fixture, audience: Audience, name: &str, email: &str) -> Uuid {
    create(&fixture.core, Actor::Server, &NewAccount { audience, email, name, password: PASSWORD }).await.expect("made")
}

/// An administrator with an account, signed in.
async fn administrator(fixture: &Fixture, email: &str) -> Session {
    let account_id = person(fixture, Audience::Admin, "Ada", email).await;
    Session { account_id, email: email.to_owned(), ..fixture.admin() }
}

async fn list(fixture: &Fixture, query: &ListQuery) -> AccountList {
    fixture.users().list(Audience::Customer, query).await.expect("lists")
}

async fn names(fixture: &Fixture, query: &ListQuery) -> Vec<String> {
    list(fixture, query).await.rows.into_iter().map(|row| row.name).collect()
}

/// The mails that a person got, after the outbox was emptied.
async fn mails(fixture: &Fixture, to: &str) -> Vec<String> {
    outbox::service::send_due(&fixture.core).await.expect("sent");
    fixture.mail.kept().into_iter().filter(|mail| mail.to == to).map(|mail| mail.text).collect()
}

async fn recorded(fixture: &Fixture, action: Action, subject: Uuid) -> usize {
    let events = audit_event::Entity::find()
        .filter(audit_event::Column::Action.eq(action.as_str()))
        .filter(audit_event::Column::SubjectId.eq(subject))
        .all(&fixture.core.db);
    events.await.expect("answers").len()
}

async fn help(fixture: &Fixture, admin: &Session, id: Uuid, help: Help, item: Option<Uuid>) -> Result<(), AppError> {
    let account = fixture.account_row(id).await;
    fixture.users().help(admin, account.audience.0, id, help, item).await
}

#[tokio::test]
async fn people_are_found_by_beginnings_of_words_in_their_own_list() {
    on_every_database(async |fixture| {
        person(&fixture, Audience::Customer, "Anna Berg-Öst", "anna.b@mail.example").await;
        person(&fixture, Audience::Customer, "Bo Ann", "bo@other.example").await;
        person(&fixture, Audience::Customer, "<b>Zoe</b>", "zoe@other.example").await;
        person(&fixture, Audience::Admin, "Anna Admin", "anna@console.example").await;
        for (text, expected) in [
            ("", vec!["<b>Zoe</b>", "Anna Berg-Öst", "Bo Ann"]),
            ("AN", vec!["Anna Berg-Öst", "Bo Ann"]),
            ("ann b", vec!["Anna Berg-Öst", "Bo Ann"]),
            ("anna", vec!["Anna Berg-Öst"]),
            (" öst ", vec!["Anna Berg-Öst"]),
            ("anna.b@mail.example", vec!["Anna Berg-Öst"]),
            ("other", vec!["<b>Zoe</b>", "Bo Ann"]),
            ("ther", vec![]),
            ("console", vec![]),
            ("%", vec![]),
            ("_nna", vec![]),
            ("' OR 1=1 --", vec![]),
        ] {
            assert_eq!(names(&fixture, &search(text)).await, expected, "{text:?}");
        }
        let admins = fixture.users().list(Audience::Admin, &search("anna")).await.expect("lists");
        assert_eq!(admins.rows.len(), 1);
        assert_eq!(admins.total, Total::Exactly(1));
    })
    .await;
}

#[tokio::test]
async fn pages_lead_through_the_whole_list_and_back() {
    on_every_database(async |fixture| {
        for n in 0..120 {
            // Names repeat, so that the id has to decide.
            person(&fixture, Audience::Customer, &format!("Pat {}", n % 7), &format!("p{n:03}@example.org")).await;
        }
        for sort in ["name", "email", "last-sign-in", "created"] {
            for order in ["asc", "desc"] {
                for text in ["", "pat"] {
                    let first = ListQuery { sort: sort.to_owned(), order: order.to_owned(), ..search(text) };
                    let (mut query, mut seen, mut places) = (first.clone(), Vec::new(), Vec::new());
                    loop {
                        let page = list(&fixture, &query).await;
                        assert_eq!(page.total, Total::Exactly(120));
                        seen.push(page.rows.clone());
                        places.push(page.previous.clone());
                        let Some(next) = page.next else { break };
                        query = first.after(&next);
                    }
                    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20], "{sort} {order} {text}");
                    let mut ids: Vec<_> = seen.iter().flatten().map(|row| row.id).collect();
                    ids.sort();
                    ids.dedup();
                    assert_eq!(ids.len(), 120, "nobody is missing or there twice");
                    let key = |row: &AccountRow| match sort {
                        "name" => row.name.clone(),
                        "email" => row.email.clone(),
                        _ => row.created.clone(),
                    };
                    let keys: Vec<_> = seen.iter().flatten().map(key).collect();
                    let ordered = if order == "asc" { keys.is_sorted() } else { keys.iter().rev().is_sorted() };
                    assert!(ordered, "{sort} {order} {text}");
                    assert!(places[0].is_none());
                    let back = list(&fixture, &first.before(places[2].as_ref().expect("a place"))).await;
                    assert_eq!(back.rows, seen[1]);
                    let back = list(&fixture, &first.before(back.previous.as_ref().expect("a place"))).await;
                    assert_eq!(back.rows, seen[0]);
                    assert!(back.previous.is_none() && back.next.is_some());
                }
            }
        }
        for place in ["nonsense", "%", "bnVsbA"] {
            assert_eq!(
                list(&fixture, &search("").after(place)).await.rows.len(),
                50,
                "{place} counts as the beginning"
            );
        }
        let by_name = list(&fixture, &search("")).await.next.expect("a place");
        let other_sort = ListQuery { sort: "created".to_owned(), ..search("").after(&by_name) };
        assert_eq!(list(&fixture, &other_sort).await.rows.len(), 50, "a place of another order too");
    })
    .await;
}

#[tokio::test]
async fn filters_and_orders_follow_what_happens_to_an_account() {
    on_every_database(async |fixture| {
        let id = fixture.enrolled_customer(EMAIL).await;
        fixture.customer("conrad@example.org").await;
        let of = |factor: &str, text: &str| ListQuery { factor: factor.to_owned(), ..search(text) };
        let emails = async |query: ListQuery| {
            list(&fixture, &query).await.rows.into_iter().map(|row| row.email).collect::<Vec<_>>()
        };
        for text in ["", "c", "c example"] {
            assert_eq!(emails(of("enrolled", text)).await, [EMAIL], "{text:?}");
            assert_eq!(emails(of("not-enrolled", text)).await, ["conrad@example.org"], "{text:?}");
            assert!(emails(of("locked", text)).await.is_empty());
            // Carla has signed in and comes last in ascending order.
            let asc = ListQuery { sort: "last-sign-in".to_owned(), order: "asc".to_owned(), ..search(text) };
            assert_eq!(emails(asc).await, ["conrad@example.org", EMAIL], "{text:?}");
        }
        for _ in 0..10 {
            accounts::factor::count_failure(&fixture.core.db, id, &Rules::default(), fixture.now())
                .await
                .expect("counts");
        }
        for text in ["", "carla"] {
            let locked = list(&fixture, &of("locked", text)).await;
            assert_eq!(locked.rows[0].factor, FactorState::Locked);
            assert_eq!(locked.total, Total::Exactly(1));
        }
        fixture.clock.pass(900);
        assert!(emails(of("locked", "")).await.is_empty(), "the lock is over");
        // With the secondary auth its entries go.
        let auth = fixture.secondary_auth().list().await.expect("lists")[0].id;
        fixture.secondary_auth().delete(&fixture.admin(), auth, true).await.expect("deleted");
        for text in ["", "carla"] {
            assert!(emails(of("enrolled", text)).await.is_empty(), "{text:?}");
            assert!(emails(of("not-enrolled", text)).await.contains(&EMAIL.to_owned()), "{text:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_changes_ones_own_name_and_is_found_by_it() {
    on_every_database(async |fixture| {
        let me = administrator(&fixture, "ada@example.org").await;
        for (name, problem) in
            [(" ", Problem::Required), (&"x".repeat(101), Problem::TooLong(100)), ("a\nb", Problem::ControlCharacters)]
        {
            let error = fixture.users().rename(&me, name).await.expect_err("refused");
            assert_eq!(error.problem_of("name"), Some(&problem));
        }
        fixture.users().rename(&me, " Grace <i>Hopper</i> ").await.expect("renamed");
        let details = fixture.users().details(&me, Audience::Admin, me.account_id).await.expect("shows");
        assert!(details.me);
        assert_eq!(details.name, "Grace <i>Hopper</i>");
        let find = async |text| fixture.users().list(Audience::Admin, &search(text)).await.expect("lists").rows.len();
        assert_eq!((find("hopper").await, find("grace ada").await), (1, 1), "the address still counts");
        assert_eq!(recorded(&fixture, Action::AccountChanged, me.account_id).await, 1);
    })
    .await;
}

#[tokio::test]
async fn disabling_ends_everything_at_once_and_enabling_brings_it_back() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.enrolled_customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        let done = fixture.login().verify(&session, Answer::Code(&fixture.code()), true).await.expect("signs in");
        let trust = done.trust.expect("a trusted device").secret;
        let before = fixture.users().details(&admin, Audience::Customer, id).await.expect("shows");
        assert_eq!((before.devices.len(), before.sessions.len()), (1, 2), "the enrolling session and this one");
        assert_eq!(before.entries[0].destination.as_deref(), Some("c•••a@example.org"));
        help(&fixture, &admin, id, Help::Disable, None).await.expect("disabled");
        assert!(fixture.session(&done.session.secret).await.is_none());
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await), Refusal::WrongLogin);
        let after = fixture.users().details(&admin, Audience::Customer, id).await.expect("shows");
        assert!(after.devices.is_empty() && after.sessions.is_empty() && after.disabled_since.is_some());
        assert!(list(&fixture, &search("")).await.rows[0].disabled);
        help(&fixture, &admin, id, Help::Disable, None).await.expect("nothing happens twice");
        assert_eq!(recorded(&fixture, Action::AccountDisabled, id).await, 1);
        help(&fixture, &admin, id, Help::Enable, None).await.expect("enabled");
        let next = fixture.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("signs in");
        assert!(next.code_needed, "the trusted device is gone, the entry is not");
        assert_eq!(recorded(&fixture, Action::AccountEnabled, id).await, 1);
        let messages = mails(&fixture, EMAIL).await.join("\n");
        assert!(messages.contains("disabled your account") && messages.contains("enabled your account again"));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_account_is_gone_with_all_that_is_its_own_and_the_log_keeps_it() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.enrolled_customer(EMAIL).await;
        let neighbour = fixture.another_enrolled_customer("conrad@example.org").await;
        let token = fixture.full_sign_in(EMAIL).await;
        help(&fixture, &admin, id, Help::Delete, None).await.expect("deleted");
        assert!(fixture.session(&token).await.is_none(), "signed out everywhere");
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        let gone = fixture.users().details(&admin, Audience::Customer, id).await.err();
        assert_eq!(gone, Some(AppError::NotFound));
        let again = fixture.users().help(&admin, Audience::Customer, id, Help::Delete, None).await;
        assert_eq!(again.err(), Some(AppError::NotFound), "once");
        let entries = enrollment::Entity::find().all(&fixture.core.db).await.expect("answers");
        assert!(entries.iter().all(|entry| entry.account_id == neighbour) && entries.len() == 1);
        assert_eq!(fixture.events(Action::AccountDeleted).await, ["carla@example.org: "]);
        assert!(fixture.events(Action::LoggedIn).await.len() > 1, "what it did stays in the log");
        let messages = mails(&fixture, EMAIL).await.join("\n");
        assert!(messages.contains("deleted your account"), "{messages}");
        // The address is free again.
        fixture.customer(EMAIL).await;
        fixture.log_in(EMAIL, PASSWORD, None).await.expect("another account");
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_and_oneself_cannot_be_deleted() {
    on_every_database(async |fixture| {
        let ada = administrator(&fixture, "ada@example.org").await;
        let outsider = fixture.admin();
        let delete = async |admin: &Session, id| reason(help(&fixture, admin, id, Help::Delete, None).await);
        assert_eq!(delete(&outsider, ada.account_id).await, Refusal::LastAdmin);
        assert_eq!(delete(&ada, ada.account_id).await, Refusal::OwnAccount);
        let bea = administrator(&fixture, "bea@example.org").await;
        help(&fixture, &ada, bea.account_id, Help::Delete, None).await.expect("another one is left");
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_and_oneself_cannot_be_disabled() {
    on_every_database(async |fixture| {
        let ada = administrator(&fixture, "ada@example.org").await;
        let outsider = fixture.admin();
        let disable = async |admin: &Session, id| reason(help(&fixture, admin, id, Help::Disable, None).await);
        assert_eq!(disable(&outsider, ada.account_id).await, Refusal::LastAdmin);
        assert_eq!(disable(&ada, ada.account_id).await, Refusal::OwnAccount);
        let bea = administrator(&fixture, "bea@example.org").await;
        assert_eq!(disable(&ada, ada.account_id).await, Refusal::OwnAccount);
        help(&fixture, &ada, bea.account_id, Help::Disable, None).await.expect("another one is left");
        assert_eq!(disable(&bea, ada.account_id).await, Refusal::LastAdmin);
        let customer = fixture.customer(EMAIL).await;
        help(&fixture, &ada, customer, Help::Disable, None).await.expect("customers do not count");
    })
    .await;
}

#[tokio::test]
async fn of_two_administrators_who_disable_each_other_one_is_left() {
    on_every_database(async |fixture| {
        for round in 0..5 {
            let ada = administrator(&fixture, &format!("ada{round}@example.org")).await;
            let bea = administrator(&fixture, &format!("bea{round}@example.org")).await;
            let run = |by: &Session, whom: &Session| {
                let (users, by, whom) = (fixture.users(), by.clone(), whom.account_id);
                tokio::spawn(async move { users.help(&by, Audience::Admin, whom, Help::Disable, None).await })
            };
            let (one, other) = (run(&ada, &bea), run(&bea, &ada));
            let done = [one.await.expect("runs"), other.await.expect("runs")];
            assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
            let active = store::lock_active_admins(&fixture.core.db).await.expect("answers");
            assert_eq!(active.len(), 1);
            // For the next round.
            store::set_disabled(&fixture.core.db, active[0], Some(fixture.now())).await.expect("disabled");
        }
    })
    .await;
}

#[tokio::test]
async fn unlocking_opens_codes_and_passwords_but_not_a_factor_that_was_switched_off() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.enrolled_customer(EMAIL).await;
        let details = async || fixture.users().details(&admin, Audience::Customer, id).await.expect("shows");
        for _ in 0..10 {
            accounts::factor::count_failure(&fixture.core.db, id, &Rules::default(), fixture.now())
                .await
                .expect("counts");
            let _ = fixture.log_in(EMAIL, "wrong", None).await;
        }
        let locked = details().await;
        assert_eq!((locked.factor, locked.wrong_codes), (FactorState::Locked, 10));
        assert!(locked.locked_until.is_some() && locked.password_paused && Help::Unlock.is_offered(&locked));
        assert_eq!(reason(fixture.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        help(&fixture, &admin, id, Help::Unlock, None).await.expect("unlocked");
        let open = details().await;
        assert!(open.locked_until.is_none() && !open.password_paused && !Help::Unlock.is_offered(&open));
        let session = fixture.password_session(EMAIL).await;
        fixture.verify(&session, &fixture.code()).await.expect("the code is looked at again");
        assert_eq!(recorded(&fixture, Action::AccountUnlocked, id).await, 1);
        assert!(mails(&fixture, EMAIL).await.iter().any(|text| text.contains("unlocked your account")));
        for _ in 0..100 {
            accounts::factor::count_failure(&fixture.core.db, id, &Rules::default(), fixture.now())
                .await
                .expect("counts");
            fixture.clock.pass(900 << 10);
        }
        assert!(details().await.switched_off);
        help(&fixture, &admin, id, Help::Unlock, None).await.expect("answers");
        assert!(details().await.switched_off, "only setting it up again helps");
        help(&fixture, &admin, id, Help::ResetFactor, None).await.expect("reset");
        let reset = details().await;
        assert!(!reset.switched_off && reset.entries.is_empty());
        assert!(mails(&fixture, EMAIL).await.iter().any(|text| text.contains("removed your second factor")));
    })
    .await;
}

#[tokio::test]
async fn one_session_or_device_ends_without_the_others_and_never_somebody_elses() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let id = fixture.enrolled_customer(EMAIL).await;
        for _ in 0..2 {
            let session = fixture.password_session(EMAIL).await;
            fixture.login().verify(&session, Answer::Code(&fixture.code()), true).await.expect("signs in");
            fixture.clock.pass(60);
        }
        let other = fixture.another_enrolled_customer("conrad@example.org").await;
        let details = async |id| fixture.users().details(&admin, Audience::Customer, id).await.expect("shows");
        let (session, device) = (details(id).await.sessions[0].id, details(id).await.devices[0].id);
        for (whom, what, item) in
            [(other, Help::EndSessions, session), (other, Help::RevokeDevices, device), (id, Help::EndSessions, device)]
        {
            assert_eq!(help(&fixture, &admin, whom, what, Some(item)).await, Err(AppError::NotFound));
        }
        help(&fixture, &admin, id, Help::EndSessions, Some(session)).await.expect("ended");
        help(&fixture, &admin, id, Help::RevokeDevices, Some(device)).await.expect("revoked");
        let left = details(id).await;
        assert_eq!((left.sessions.len(), left.devices.len()), (2, 1), "the enrolling session and the second one");
        help(&fixture, &admin, id, Help::EndSessions, None).await.expect("ended");
        help(&fixture, &admin, id, Help::RevokeDevices, None).await.expect("revoked");
        let left = details(id).await;
        assert!(left.sessions.is_empty() && left.devices.is_empty());
        assert_eq!(details(other).await.sessions.len(), 1);
        assert_eq!(recorded(&fixture, Action::SessionEnded, id).await, 2);
        assert_eq!(recorded(&fixture, Action::DeviceRevoked, id).await, 2);
        assert!(mails(&fixture, EMAIL).await.iter().any(|text| text.contains("ended your sessions")));
    })
    .await;
}

#[tokio::test]
async fn an_id_is_of_one_audience_only() {
    on_every_database(async |fixture| {
        let admin = administrator(&fixture, "ada@example.org").await;
        let customer = fixture.customer(EMAIL).await;
        let users = fixture.users();
        for (audience, id) in
            [(Audience::Admin, customer), (Audience::Customer, admin.account_id), (Audience::Customer, Uuid::now_v7())]
        {
            assert_eq!(users.details(&admin, audience, id).await.err(), Some(AppError::NotFound));
            assert_eq!(users.person(audience, id).await.err(), Some(AppError::NotFound));
        }
        let tried = users.help(&admin, Audience::Admin, customer, Help::Disable, None).await;
        assert_eq!(tried, Err(AppError::NotFound));
        let shown = users.details(&admin, Audience::Customer, customer).await.expect("shows");
        assert!(!format!("{shown:?}").contains("argon2"));
    })
    .await;
}
