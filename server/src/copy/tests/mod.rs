mod backup;

use super::{
    COPY, Copied, CopyError, by_pages as by_pages_of, journal, rows, schema,
    tables::{self, Kind},
};
use crate::testing::{PASSWORD, on_every_database, sqlite};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use std::{collections::BTreeMap, fs, path::Path};
use uuid::Uuid;

/// Few enough that each table has several pages.
const PAGE: u64 = 10;
/// Rows of each table.
const ROWS: u32 = 25;

/// What SQLite says about the columns of a table: type, whether they may be missing, whether the database reckons them.
async fn columns(db: &DatabaseConnection, table: &str) -> BTreeMap<String, (String, bool, bool)> {
    let sql = format!("SELECT name, lower(type) AS type, \"notnull\", hidden FROM pragma_table_xinfo('{table}')");
    let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("columns");
    let column = |row: sea_orm::QueryResult| {
        let text = |name| row.try_get::<String>("", name).expect("a text");
        let number = |name| row.try_get::<i32>("", name).expect("a number");
        (text("name"), (text("type"), number("notnull") == 0, number("hidden") != 0))
    };
    found.into_iter().map(column).collect()
}

/// Fills every table, so that each row refers to rows of the same number.
async fn fill(db: &DatabaseConnection) {
    for table in tables::all() {
        let real = columns(db, table.name).await;
        let row = |n: u32| {
            let value = |(place, column): (usize, &tables::Column)| {
                let may_be_missing = real[column.name].1 && !table.key.contains(&place);
                let missing = may_be_missing && (n + place as u32).is_multiple_of(3);
                match column.kind {
                    Kind::Uuid => (!missing).then(|| Uuid::from_u128(u128::from(n) << 100)).into(),
                    Kind::Text => (!missing).then(|| format!("{n:02} é ß \u{1f511} '\"\\")).into(),
                    Kind::Long => (!missing).then(|| i64::MAX - i64::from(n)).into(),
                    Kind::Int => (!missing).then(|| -i32::try_from(n).expect("a small number")).into(),
                    Kind::Bool => (!missing).then_some(n.is_multiple_of(2)).into(),
                }
            };
            table.columns.iter().enumerate().map(value).collect::<Vec<Value>>()
        };
        let count = if table.key.is_empty() { 1 } else { ROWS };
        rows::put(db, &table, (0..count).map(row).collect()).await.expect("stored");
    }
}

async fn by_pages(from: &DatabaseConnection, to: &DatabaseConnection, page: u64) -> Result<Copied, CopyError> {
    by_pages_of(from, to, page, &COPY).await
}

fn words(result: Result<Copied, CopyError>) -> String {
    result.expect_err("refused").to_string()
}

/// A copy that ends within the sessions: one of them cannot be read at first.
async fn interrupted(from: &DatabaseConnection, to: &DatabaseConnection) {
    let sql =
        "UPDATE session SET created_at = 'no number' WHERE id = (SELECT id FROM session ORDER BY id LIMIT 1 OFFSET 15)";
    from.execute_unprepared(sql).await.expect("changed");
    assert!(words(by_pages(from, to, PAGE).await).starts_with("the table session: "));
    let sql = format!("UPDATE session SET created_at = {} WHERE created_at = 'no number'", i64::MAX - 15);
    from.execute_unprepared(&sql).await.expect("changed");
}

#[tokio::test]
async fn every_table_and_column_is_in_the_list() {
    let fixture = sqlite().await;
    let db = &fixture.core.db;
    let mut real = schema::names(db).await.expect("tables");
    real.retain(|name| name != "seaql_migrations");
    real.sort();
    let list = tables::all();
    let mut listed: Vec<_> = list.iter().map(|table| table.name.to_owned()).collect();
    listed.sort();
    assert_eq!(listed, real, "the list in copy/tables.rs has every table of the migrations");
    for table in &list {
        let real = columns(db, table.name).await;
        for (name, (kind, _, reckoned)) in &real {
            let listed = table.columns.iter().find(|column| column.name == name);
            assert_eq!(listed.is_none(), *reckoned, "{}.{name}", table.name);
            let Some(column) = listed else { continue };
            let known = match kind.as_str() {
                "uuid_text" => Kind::Uuid,
                "bigint" => Kind::Long,
                // Of either size; on PostgreSQL a wrong one fails the copy.
                "integer" if column.kind == Kind::Long => Kind::Long,
                "integer" => Kind::Int,
                "boolean" => Kind::Bool,
                text if text.contains("char") || text.contains("text") => Kind::Text,
                other => panic!("{}.{name} is of an unknown type: {other}", table.name),
            };
            assert_eq!(column.kind, known, "{}.{name}", table.name);
        }
        assert_eq!(table.columns.iter().filter(|column| !real.contains_key(column.name)).count(), 0, "{}", table.name);
    }
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/entity")).expect("entities").flatten() {
        let text = fs::read_to_string(file.path()).expect("readable");
        for name in text.split("table_name = \"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(listed.iter().any(|listed| listed == name), "{name} is an entity and not in the list");
        }
    }
}

#[tokio::test]
async fn a_copy_holds_the_same_rows_there_and_back() {
    on_every_database(async |fixture| {
        let (first, last) = (sqlite().await.core.db.clone(), sqlite().await.core.db.clone());
        fill(&first).await;
        let all = Copied { tables: tables::all().len(), rows: 29 * u64::from(ROWS) + 1 };
        assert_eq!(by_pages(&first, &fixture.core.db, PAGE).await.expect("copied"), all);
        assert_eq!(by_pages(&fixture.core.db, &last, PAGE).await.expect("and back"), all);
        for table in tables::all() {
            let (before, after) =
                (rows::page(&first, &table, None, 99).await, rows::page(&last, &table, None, 99).await);
            assert_eq!(after.expect("rows"), before.expect("rows"), "{}", table.name);
        }
        let left = schema::names(&fixture.core.db).await.expect("tables");
        assert!(!left.iter().any(|name| name == journal::NAME), "nothing of the copy stays");
        assert!(words(by_pages(&first, &last, PAGE).await).contains("is not empty: there are rows in account"));
    })
    .await;
}

#[tokio::test]
async fn people_sign_in_with_what_was_copied() {
    on_every_database(async |fixture| {
        let source = sqlite().await;
        source.enrolled_customer("carla@example.org").await;
        by_pages(&source.core.db, &fixture.core.db, PAGE).await.expect("copied");
        fixture.clock.pass(3_600);
        let done = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("the password is right");
        assert!(done.code_needed);
        let waiting = fixture.session(&done.session.secret).await.expect("a session");
        let token = fixture.verify(&waiting, &fixture.code()).await.expect("the code is right").session.secret;
        assert!(fixture.session(&token).await.is_some(), "signed in");
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_copy_goes_on_where_it_stopped() {
    on_every_database(async |fixture| {
        let (source, target) = (sqlite().await.core.db.clone(), &fixture.core.db);
        fill(&source).await;
        interrupted(&source, target).await;
        for (name, there) in [("enrollment", u64::from(ROWS)), ("session", PAGE), ("account_word", 0)] {
            let table = tables::all().into_iter().find(|table| table.name == name).expect("the table");
            assert_eq!(rows::count(target, &table).await.expect("a count"), there, "{name}");
        }
        // It does not begin again: what it has copied is not read a second time, and what changed since is found.
        let change = async |db: &DatabaseConnection| {
            let sql = "UPDATE session SET user_agent = 'another' WHERE user_agent LIKE '00%'";
            db.execute_unprepared(sql).await.expect("changed");
        };
        change(&source).await;
        let told = words(by_pages(&source, target, PAGE).await);
        assert!(told.contains("session (25 rows, and 25 in the copy)"), "{told}");
        change(target).await;
        let done = by_pages(&source, target, PAGE).await.expect("whole");
        assert_eq!(done.rows, 29 * u64::from(ROWS) + 1);
    })
    .await;
}

#[tokio::test]
async fn another_installation_another_version_and_a_foreign_database_are_refused() {
    on_every_database(async |fixture| {
        let (source, target) = (sqlite().await.core.db.clone(), &fixture.core.db);
        fill(&source).await;
        interrupted(&source, target).await;
        source.execute_unprepared("UPDATE data_key SET wrapped = 'another'").await.expect("changed");
        assert!(words(by_pages(&source, target, PAGE).await).contains("a part of another installation"));

        let other = sqlite().await.core.db.clone();
        for (sql, problem) in [
            (
                "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)",
                "a newer version (m9999_later)",
            ),
            ("DELETE FROM seaql_migrations WHERE version > 'm0017'", "is not up to date (m0018_language is missing)"),
            ("DROP TABLE seaql_migrations", "holds nothing of Countersign"),
        ] {
            other.execute_unprepared(sql).await.expect("changed");
            for (from, to, which) in [(&other, &source, "copy from"), (&source, &other, "copy to")] {
                let told = words(by_pages(from, to, PAGE).await);
                assert!(told.contains(problem) && told.contains(which), "{told}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_that_differs_is_found() {
    let table = &tables::all()[0];
    let fixture = sqlite().await;
    let db = &fixture.core.db;
    fill(db).await;
    let before = rows::sum(db, table, PAGE).await.expect("a sum");
    assert_eq!(before, rows::sum(db, table, 7).await.expect("a sum"), "pages make no difference");
    for (sql, back) in [
        ("UPDATE account SET name = name || ' ' WHERE factor_failures = -3", "UPDATE account SET name = trim(name)"),
        (
            "UPDATE account SET disabled_at = 0 WHERE id = zeroblob(16)",
            "UPDATE account SET disabled_at = NULL WHERE id = zeroblob(16)",
        ),
    ] {
        db.execute_unprepared(sql).await.expect("changed");
        let after = rows::sum(db, table, PAGE).await.expect("a sum");
        assert_eq!(after.rows, before.rows);
        assert_ne!(after, before, "{sql}");
        db.execute_unprepared(back).await.expect("changed");
    }
    // Two texts side by side are not one.
    db.execute_unprepared("UPDATE account SET email = email || 'x'").await.expect("changed");
    let one = rows::sum(db, table, PAGE).await.expect("a sum");
    db.execute_unprepared(
        "UPDATE account SET email = substr(email, 1, length(email) - 1), email_key = 'x' || email_key",
    )
    .await
    .expect("changed");
    assert_ne!(rows::sum(db, table, PAGE).await.expect("a sum"), one);
}
