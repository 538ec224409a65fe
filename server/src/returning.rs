//! Holds the statements that write to what they may read back. SQLite commits a lone statement when the end of its rows is
//! reached; whoever reads the first row and stops is told of no commit that fails, on a full disk, and goes on as if it
//! were kept (checklist 74). So rows are stored and changed without an answer, or all of the answer is read.

use crate::floors::sources;
use std::{collections::BTreeMap, path::Path};

/// What reads one row of a statement that writes: an active model's own insert, update and save, and an insert that
/// returns its row. What changes many rows (`update_many`) reads them all.
const READS_ONE: [&str; 6] = [
    ".insert(db)",
    ".update(db)",
    ".save(db)",
    ".insert(&transaction)",
    ".update(&transaction)",
    ".save(&transaction)",
];

#[test]
fn whatever_writes_reads_nothing_back_or_all_of_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = BTreeMap::new();
    sources(&root, &mut all, &root);
    assert!(all.len() > 100, "the sources were found");
    let mut wrong = Vec::new();
    for (file, code) in &all {
        let code: String = code.split_whitespace().collect();
        for reads in READS_ONE {
            if code.contains(reads) {
                wrong.push(format!("{file} has {reads}: use exec_without_returning, or update_many"));
            }
        }
        for insert in code.split("Entity::insert(").skip(1) {
            let statement = insert.split(';').next().unwrap_or_default();
            if statement.contains("exec_with_returning") || statement.contains(".exec(db)") {
                wrong.push(format!("{file} reads a row that it stores: use exec_without_returning"));
            }
        }
        for sql in code.split("RETURNING").skip(1) {
            let read = sql.split("find_by_statement(").nth(1).unwrap_or_default();
            if !read.split(';').next().unwrap_or_default().contains(".all(") {
                wrong.push(format!("{file} does not read all rows of a statement that returns some"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
