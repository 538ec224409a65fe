//! What migrations are written with.

use sea_orm_migration::prelude::*;

/// A new table.
pub fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(Alias::new(name)).to_owned()
}

/// A foreign key from a column to another table's id.
pub fn foreign(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new(to), Alias::new("id"))
        .on_delete(delete)
        .to_owned()
}

/// An index over columns, named after them.
pub fn index(table: &'static str, columns: &[&'static str], unique: bool) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(Alias::new(table)).to_owned();
    for column in columns {
        index.col(Alias::new(*column));
    }
    if unique {
        index.unique();
    }
    index
}
