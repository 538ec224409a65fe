//! The rules of lists of accounts and of helping their people.

use crate::{
    account::service::{NewAccount, create},
    accounts::{self, store},
    audit::Actor,
    entity::audit_event,
    outbox,
    rules::Rules,
    testing::{House, PASSWORD, on_every_database, reason},
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

async fn person(house: &House, audience: Audience, name: &str, email: &str) -> Uuid {
    create(&house.core, Actor::Server, &NewAccount { audience, email, name, password: PASSWORD }).await.expect("made")
}

/// An administrator with an account, signed in.
async fn administrator(house: &House, email: &str) -> Session {
    let account_id = person(house, Audience::Admin, "Ada", email).await;
    Session { account_id, email: email.to_owned(), ..house.admin() }
}

async fn list(house: &House, query: &ListQuery) -> AccountList {
    house.users().list(Audience::Customer, query).await.expect("lists")
}

async fn names(house: &House, query: &ListQuery) -> Vec<String> {
    list(house, query).await.rows.into_iter().map(|row| row.name).collect()
}

/// The mails that a person got, after the outbox was emptied.
async fn mails(house: &House, to: &str) -> Vec<String> {
    outbox::service::run_once(&house.core).await.expect("sent");
    house.mail.kept().into_iter().filter(|mail| mail.to == to).map(|mail| mail.text).collect()
}

async fn recorded(house: &House, action: Action, subject: Uuid) -> usize {
    let events = audit_event::Entity::find()
        .filter(audit_event::Column::Action.eq(action.as_str()))
        .filter(audit_event::Column::SubjectId.eq(subject))
        .all(&house.core.db);
    events.await.expect("answers").len()
}

async fn help(house: &House, admin: &Session, id: Uuid, help: Help, item: Option<Uuid>) -> Result<(), AppError> {
    let account = house.account_row(id).await;
    house.users().help(admin, account.audience.0, id, help, item).await
}

#[tokio::test]
async fn people_are_found_by_beginnings_of_words_in_their_own_list() {
    on_every_database(async |house| {
        person(&house, Audience::Customer, "Anna Berg-Öst", "anna.b@mail.example").await;
        person(&house, Audience::Customer, "Bo Ann", "bo@other.example").await;
        person(&house, Audience::Customer, "<b>Zoe</b>", "zoe@other.example").await;
        person(&house, Audience::Admin, "Anna Admin", "anna@console.example").await;
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
            assert_eq!(names(&house, &search(text)).await, expected, "{text:?}");
        }
        let admins = house.users().list(Audience::Admin, &search("anna")).await.expect("lists");
        assert_eq!(admins.rows.len(), 1);
        assert_eq!(admins.total, Total::Exactly(1));
    })
    .await;
}

#[tokio::test]
async fn pages_lead_through_the_whole_list_and_back() {
    on_every_database(async |house| {
        for n in 0..120 {
            // Names repeat, so that the id has to decide.
            person(&house, Audience::Customer, &format!("Pat {}", n % 7), &format!("p{n:03}@example.org")).await;
        }
        for sort in ["name", "email", "last-sign-in", "created"] {
            for order in ["asc", "desc"] {
                for text in ["", "pat"] {
                    let first = ListQuery { sort: sort.to_owned(), order: order.to_owned(), ..search(text) };
                    let (mut query, mut seen, mut places) = (first.clone(), Vec::new(), Vec::new());
                    loop {
                        let page = list(&house, &query).await;
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
                    let back = list(&house, &first.before(places[2].as_ref().expect("a place"))).await;
                    assert_eq!(back.rows, seen[1]);
                    let back = list(&house, &first.before(back.previous.as_ref().expect("a place"))).await;
                    assert_eq!(back.rows, seen[0]);
                    assert!(back.previous.is_none() && back.next.is_some());
                }
            }
        }
        for place in ["nonsense", "%", "bnVsbA"] {
            assert_eq!(list(&house, &search("").after(place)).await.rows.len(), 50, "{place} counts as the beginning");
        }
        let by_name = list(&house, &search("")).await.next.expect("a place");
        let other_sort = ListQuery { sort: "created".to_owned(), ..search("").after(&by_name) };
        assert_eq!(list(&house, &other_sort).await.rows.len(), 50, "a place of another order too");
    })
    .await;
}

#[tokio::test]
async fn filters_and_orders_follow_what_happens_to_an_account() {
    on_every_database(async |house| {
        let id = house.enrolled_customer(EMAIL).await;
        house.customer("conrad@example.org").await;
        let of = |factor: &str, text: &str| ListQuery { factor: factor.to_owned(), ..search(text) };
        let emails = async |query: ListQuery| {
            list(&house, &query).await.rows.into_iter().map(|row| row.email).collect::<Vec<_>>()
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
            accounts::factor::count_failure(&house.core.db, id, &Rules::default(), house.now()).await.expect("counts");
        }
        for text in ["", "carla"] {
            let locked = list(&house, &of("locked", text)).await;
            assert_eq!(locked.rows[0].factor, FactorState::Locked);
            assert_eq!(locked.total, Total::Exactly(1));
        }
        house.clock.pass(900);
        assert!(emails(of("locked", "")).await.is_empty(), "the lock is over");
        // With the secondary auth its entries go.
        let auth = house.secondary_auth().list().await.expect("lists")[0].id;
        house.secondary_auth().delete(&house.admin(), auth, true).await.expect("deleted");
        for text in ["", "carla"] {
            assert!(emails(of("enrolled", text)).await.is_empty(), "{text:?}");
            assert!(emails(of("not-enrolled", text)).await.contains(&EMAIL.to_owned()), "{text:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_changes_ones_own_name_and_is_found_by_it() {
    on_every_database(async |house| {
        let me = administrator(&house, "ada@example.org").await;
        for (name, problem) in
            [(" ", Problem::Required), (&"x".repeat(101), Problem::TooLong(100)), ("a\nb", Problem::ControlCharacters)]
        {
            let error = house.users().rename(&me, name).await.expect_err("refused");
            assert_eq!(error.problem_of("name"), Some(&problem));
        }
        house.users().rename(&me, " Grace <i>Hopper</i> ").await.expect("renamed");
        let details = house.users().details(&me, Audience::Admin, me.account_id).await.expect("shows");
        assert!(details.me);
        assert_eq!(details.name, "Grace <i>Hopper</i>");
        let find = async |text| house.users().list(Audience::Admin, &search(text)).await.expect("lists").rows.len();
        assert_eq!((find("hopper").await, find("grace ada").await), (1, 1), "the address still counts");
        assert_eq!(recorded(&house, Action::AccountChanged, me.account_id).await, 1);
    })
    .await;
}

#[tokio::test]
async fn disabling_ends_everything_at_once_and_enabling_brings_it_back() {
    on_every_database(async |house| {
        let admin = administrator(&house, "ada@example.org").await;
        let id = house.enrolled_customer(EMAIL).await;
        let session = house.password_session(EMAIL).await;
        let done = house.login().verify(&session, Answer::Code(&house.code()), true).await.expect("signs in");
        let trust = done.trust.expect("a trusted device").secret;
        let before = house.users().details(&admin, Audience::Customer, id).await.expect("shows");
        assert_eq!((before.devices.len(), before.sessions.len()), (1, 2), "the enrolling session and this one");
        assert_eq!(before.entries[0].destination, "c•••a@example.org");
        help(&house, &admin, id, Help::Disable, None).await.expect("disabled");
        assert!(house.session(&done.session.secret).await.is_none());
        assert_eq!(reason(house.log_in(EMAIL, PASSWORD, Some(&trust)).await), Refusal::WrongLogin);
        let after = house.users().details(&admin, Audience::Customer, id).await.expect("shows");
        assert!(after.devices.is_empty() && after.sessions.is_empty() && after.disabled_since.is_some());
        assert!(list(&house, &search("")).await.rows[0].disabled);
        help(&house, &admin, id, Help::Disable, None).await.expect("nothing happens twice");
        assert_eq!(recorded(&house, Action::AccountDisabled, id).await, 1);
        help(&house, &admin, id, Help::Enable, None).await.expect("enabled");
        let next = house.log_in(EMAIL, PASSWORD, Some(&trust)).await.expect("signs in");
        assert!(next.code_needed, "the trusted device is gone, the entry is not");
        assert_eq!(recorded(&house, Action::AccountEnabled, id).await, 1);
        let told = mails(&house, EMAIL).await.join("\n");
        assert!(told.contains("disabled your account") && told.contains("enabled your account again"));
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_and_oneself_cannot_be_disabled() {
    on_every_database(async |house| {
        let ada = administrator(&house, "ada@example.org").await;
        let outsider = house.admin();
        let disable = async |admin: &Session, id| reason(help(&house, admin, id, Help::Disable, None).await);
        assert_eq!(disable(&outsider, ada.account_id).await, Refusal::LastAdmin);
        assert_eq!(disable(&ada, ada.account_id).await, Refusal::OwnAccount);
        let bea = administrator(&house, "bea@example.org").await;
        assert_eq!(disable(&ada, ada.account_id).await, Refusal::OwnAccount);
        help(&house, &ada, bea.account_id, Help::Disable, None).await.expect("another one is left");
        assert_eq!(disable(&bea, ada.account_id).await, Refusal::LastAdmin);
        let customer = house.customer(EMAIL).await;
        help(&house, &ada, customer, Help::Disable, None).await.expect("customers do not count");
    })
    .await;
}

#[tokio::test]
async fn of_two_administrators_who_disable_each_other_one_is_left() {
    on_every_database(async |house| {
        for round in 0..5 {
            let ada = administrator(&house, &format!("ada{round}@example.org")).await;
            let bea = administrator(&house, &format!("bea{round}@example.org")).await;
            let run = |by: &Session, whom: &Session| {
                let (users, by, whom) = (house.users(), by.clone(), whom.account_id);
                tokio::spawn(async move { users.help(&by, Audience::Admin, whom, Help::Disable, None).await })
            };
            let (one, other) = (run(&ada, &bea), run(&bea, &ada));
            let done = [one.await.expect("runs"), other.await.expect("runs")];
            assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
            let active = store::lock_active_admins(&house.core.db).await.expect("answers");
            assert_eq!(active.len(), 1);
            // For the next round.
            store::set_disabled(&house.core.db, active[0], Some(house.now())).await.expect("disabled");
        }
    })
    .await;
}

#[tokio::test]
async fn unlocking_opens_codes_and_passwords_but_not_a_factor_that_was_switched_off() {
    on_every_database(async |house| {
        let admin = administrator(&house, "ada@example.org").await;
        let id = house.enrolled_customer(EMAIL).await;
        let details = async || house.users().details(&admin, Audience::Customer, id).await.expect("shows");
        for _ in 0..10 {
            accounts::factor::count_failure(&house.core.db, id, &Rules::default(), house.now()).await.expect("counts");
            let _ = house.log_in(EMAIL, "wrong", None).await;
        }
        let locked = details().await;
        assert_eq!((locked.factor, locked.wrong_codes), (FactorState::Locked, 10));
        assert!(locked.locked_until.is_some() && locked.password_paused && Help::Unlock.is_offered(&locked));
        assert_eq!(reason(house.log_in(EMAIL, PASSWORD, None).await), Refusal::WrongLogin);
        help(&house, &admin, id, Help::Unlock, None).await.expect("unlocked");
        let open = details().await;
        assert!(open.locked_until.is_none() && !open.password_paused && !Help::Unlock.is_offered(&open));
        let session = house.password_session(EMAIL).await;
        house.verify(&session, &house.code()).await.expect("the code is looked at again");
        assert_eq!(recorded(&house, Action::AccountUnlocked, id).await, 1);
        assert!(mails(&house, EMAIL).await.iter().any(|text| text.contains("unlocked your account")));
        for _ in 0..100 {
            accounts::factor::count_failure(&house.core.db, id, &Rules::default(), house.now()).await.expect("counts");
            house.clock.pass(900 << 10);
        }
        assert!(details().await.switched_off);
        help(&house, &admin, id, Help::Unlock, None).await.expect("answers");
        assert!(details().await.switched_off, "only setting it up again helps");
        help(&house, &admin, id, Help::ResetFactor, None).await.expect("reset");
        let reset = details().await;
        assert!(!reset.switched_off && reset.entries.is_empty());
        assert!(mails(&house, EMAIL).await.iter().any(|text| text.contains("removed your second factor")));
    })
    .await;
}

#[tokio::test]
async fn one_session_or_device_ends_without_the_others_and_never_somebody_elses() {
    on_every_database(async |house| {
        let admin = administrator(&house, "ada@example.org").await;
        let id = house.enrolled_customer(EMAIL).await;
        for _ in 0..2 {
            let session = house.password_session(EMAIL).await;
            house.login().verify(&session, Answer::Code(&house.code()), true).await.expect("signs in");
            house.clock.pass(60);
        }
        let other = house.another_enrolled_customer("conrad@example.org").await;
        let details = async |id| house.users().details(&admin, Audience::Customer, id).await.expect("shows");
        let (session, device) = (details(id).await.sessions[0].id, details(id).await.devices[0].id);
        for (whom, what, item) in
            [(other, Help::EndSessions, session), (other, Help::RevokeDevices, device), (id, Help::EndSessions, device)]
        {
            assert_eq!(help(&house, &admin, whom, what, Some(item)).await, Err(AppError::NotFound));
        }
        help(&house, &admin, id, Help::EndSessions, Some(session)).await.expect("ended");
        help(&house, &admin, id, Help::RevokeDevices, Some(device)).await.expect("revoked");
        let left = details(id).await;
        assert_eq!((left.sessions.len(), left.devices.len()), (2, 1), "the enrolling session and the second one");
        help(&house, &admin, id, Help::EndSessions, None).await.expect("ended");
        help(&house, &admin, id, Help::RevokeDevices, None).await.expect("revoked");
        let left = details(id).await;
        assert!(left.sessions.is_empty() && left.devices.is_empty());
        assert_eq!(details(other).await.sessions.len(), 1);
        assert_eq!(recorded(&house, Action::SessionEnded, id).await, 2);
        assert_eq!(recorded(&house, Action::DeviceRevoked, id).await, 2);
        assert!(mails(&house, EMAIL).await.iter().any(|text| text.contains("ended your sessions")));
    })
    .await;
}

#[tokio::test]
async fn an_id_is_of_one_audience_only() {
    on_every_database(async |house| {
        let admin = administrator(&house, "ada@example.org").await;
        let customer = house.customer(EMAIL).await;
        let users = house.users();
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
