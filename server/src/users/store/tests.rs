//! That a list is complete, counted honestly, and read from its indexes.

use super::{
    super::wanted::{Key, Place},
    *,
};
use crate::{
    accounts::{
        search_words::{bits_of, words_of},
        store as accounts,
    },
    entity::{account, email_key::EmailKey, stored::Stored},
    testing::{START, on_every_database, sqlite},
};
use app::users::types::Sort;
use sea_orm::{ActiveModelTrait, EntityTrait, Statement};
use uuid::Uuid;

/// Many accounts called Anna; the last of them is Zora.
async fn fill(db: &impl ConnectionTrait, many: usize) {
    let account = |n: usize| {
        let (name, email) = (format!("Anna {}", if n + 1 == many { "Zora" } else { "Berg" }), format!("a{n}@x.org"));
        account::Model {
            id: Uuid::now_v7(),
            audience: Stored(Audience::Customer),
            email_key: EmailKey::of(&email),
            search_bits: bits_of(&words_of(&name, &email)),
            email,
            name_key: name.to_lowercase(),
            name,
            password_hash: String::new(),
            created_at: START + (n % 9) as i64,
            disabled_at: None,
            factor_failures: 0,
            factor_locked_until: None,
            last_sign_in_at: (!n.is_multiple_of(3)).then_some(START + (n % 5) as i64),
            grace_ends_at: None,
            suggestion_dismissed_at: None,
            reset_by_mail_at: None,
            language: None,
        }
    };
    let models: Vec<_> = (0..many).map(account).collect();
    for some in models.chunks(500) {
        let rows = some.iter().map(|model| account::ActiveModel::from(model.clone()).reset_all());
        account::Entity::insert_many(rows).exec_without_returning(db).await.expect("inserted");
        let words =
            some.iter().flat_map(|model| words_of(&model.name, &model.email).into_iter().map(|word| (model.id, word)));
        accounts::put_words(db, words.collect()).await.expect("inserted");
    }
}

#[tokio::test]
async fn collecting_and_walking_find_the_same() {
    on_every_database(async |fixture| {
        let db = &fixture.core.db;
        // More than the first depth, so that the one Zora is only found by looking deeper.
        fill(db, 2_200).await;
        for text in [
            vec!["anna"],
            vec!["a"],
            vec!["anna", "z"],
            vec!["a", "x"],
            // These two never meet.
            vec!["berg", "z"],
            vec!["anna", "berg", "x"],
        ] {
            let words: Vec<_> = text.iter().map(|word| (*word).to_owned()).collect();
            for sort in Sort::ALL {
                for descending in [false, true] {
                    let mut results = Vec::new();
                    for rows in [None, Some(COLLECT_MOST + 1)] {
                        let search = Search::prepare(db, Audience::Customer, words.clone()).await.expect("answers");
                        let search = Search { rows: rows.unwrap_or(search.rows), ..search };
                        let wanted = Wanted {
                            audience: Audience::Customer,
                            words: search,
                            factor: FactorFilter::All,
                            now: START,
                            switched_off_at: 100,
                        };
                        let mut ids = Vec::new();
                        let mut after = None;
                        for _ in 0..3 {
                            let one = Page { sort, descending, after, limit: 51 };
                            let found = page(db, &wanted, &one).await.expect("answers");
                            ids.extend(found.iter().map(|row| row.id));
                            after = found.last().map(|row| row.place(sort));
                        }
                        results.push(ids);
                    }
                    assert_eq!(results[0], results[1], "{text:?} {sort:?} {descending}");
                }
            }
        }
        let zora = Search::prepare(db, Audience::Customer, vec!["anna".into(), "z".into()]).await.expect("answers");
        assert_eq!((zora.words[0].as_str(), zora.rows), ("z", 1), "the rarest comes first");
    })
    .await;
}

#[derive(FromQueryResult)]
struct Plan {
    detail: String,
}

#[tokio::test]
async fn every_page_is_read_from_an_index() {
    let fixture = sqlite().await;
    let db = &fixture.core.db;
    for factor in FactorFilter::ALL {
        for sort in Sort::ALL {
            for words in [vec![], vec!["a".to_owned()], vec!["a".to_owned(), "b".to_owned()]] {
                let place = match sort {
                    Sort::Name | Sort::Email => Key::Text("m".to_owned()),
                    Sort::LastSignIn | Sort::Created => Key::Time(1),
                };
                let one =
                    Page { sort, descending: true, after: Some(Place { key: place, id: Uuid::nil() }), limit: 51 };
                let words = Search { words, rows: 1 };
                let wanted = Wanted { audience: Audience::Customer, words, factor, now: START, switched_off_at: 9 };
                let mut all = Vec::new();
                if factor == FactorFilter::Locked {
                    let index = "SEARCH a USING INDEX account_locked (audience=? AND factor_locked_until>?)";
                    all.push((locked(&wanted, &one), index.to_owned()));
                } else {
                    let key = column(sort);
                    let range = format!(
                        "account_audience_enrolled_{key}_id_search_bits \
                         (audience=? AND enrolled=? AND ({key},id)<(?,?))"
                    );
                    // SQLite takes no computed column from an index, and so reads the accounts that fit.
                    let whole = if sort == Sort::LastSignIn { "INDEX" } else { "COVERING INDEX" };
                    all.push((walk(&wanted, &one), format!("SEARCH a USING {whole} {range}")));
                    if let Some(rarest) = wanted.words.words.split_first() {
                        let range = "SEARCH account_word USING PRIMARY KEY (audience=? AND word>? AND word<?)";
                        all.push((collect(&wanted, &one, rarest, 9), range.to_owned()));
                    }
                }
                for (sql, expected) in all {
                    let statement = sql.statement(db);
                    let plan = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
                    let plan = Plan::find_by_statement(plan).all(db).await.expect("a plan");
                    let plan: Vec<_> = plan.into_iter().map(|row| row.detail).collect();
                    assert!(plan.contains(&expected), "{expected} is missing: {plan:#?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn counting_is_honest() {
    on_every_database(async |fixture| {
        let db = &fixture.core.db;
        fill(db, 1_500).await;
        let count = async |words: &[&str], factor| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            let words = Search::prepare(db, Audience::Customer, words).await.expect("answers");
            let wanted = Wanted { audience: Audience::Customer, words, factor, now: START, switched_off_at: 100 };
            super::count(db, &wanted, 1_000).await.expect("answers")
        };
        assert_eq!(count(&[], FactorFilter::All).await, (1_000, false));
        assert_eq!(count(&["anna"], FactorFilter::All).await, (1_000, false));
        assert_eq!(count(&["berg", "x"], FactorFilter::All).await, (1_000, false));
        assert_eq!(count(&["zora"], FactorFilter::All).await, (1, true));
        assert_eq!(count(&["anna", "zora"], FactorFilter::NotEnrolled).await, (1, true));
        assert_eq!(count(&["anna"], FactorFilter::Enrolled).await, (0, true));
        assert_eq!(count(&["anna"], FactorFilter::Locked).await, (0, true));
    })
    .await;
}
