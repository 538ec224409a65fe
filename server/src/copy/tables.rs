//! The one list of all tables, each after those that it refers to. A test holds it to what the migrations make.

use crate::entity::{
    account, approval_request, audit_event, brand, brand_draft, breaker, challenge, configuration, data_key,
    deleted_entry, deleted_secondary_auth, delivery, delivery_attempt, enrollment, fallback, half_sign_in,
    known_browser, link, message_template, policy, protection, recovery_code, secondary_auth, service_provider,
    session, template_draft, throttle, trusted_device,
};
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, Value, sea_query::ColumnType};

/// What a column holds, of the few kinds that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An id.
    Uuid,
    /// Text, also what stands for a value of another type.
    Text,
    /// 64 bits.
    Long,
    /// 32 bits.
    Int,
    /// Yes or no.
    Bool,
}

impl Kind {
    fn of(column: &ColumnType) -> Self {
        match column {
            ColumnType::Uuid => Self::Uuid,
            ColumnType::BigInteger => Self::Long,
            ColumnType::Integer => Self::Int,
            ColumnType::Boolean => Self::Bool,
            _ => Self::Text,
        }
    }
}

/// A column as it is copied: by the text that it holds, whatever this version makes of that.
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A table.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, without those that the database reckons itself.
    pub columns: Vec<Column>,
    /// Which of them are its primary key. Where there is none, it has one row.
    pub key: Vec<usize>,
}

impl Table {
    fn of<E: EntityTrait>(entity: E) -> Self {
        let columns: Vec<_> = E::Column::iter()
            .map(|column| Column { name: column.as_str(), kind: Kind::of(column.def().get_column_type()) })
            .collect();
        let mut table = Self { name: entity.table_name(), columns, key: Vec::new() };
        let key: Vec<_> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
        table.key = table.places(&key);
        table
    }

    /// A table without an entity.
    fn named(name: &'static str, columns: &[(&'static str, Kind)], key: &[&str]) -> Self {
        let mut table = Self { name, columns: Vec::new(), key: Vec::new() }.and(columns);
        table.key = table.places(key);
        table
    }

    /// Columns that only statements know.
    fn and(mut self, columns: &[(&'static str, Kind)]) -> Self {
        self.columns.extend(columns.iter().map(|(name, kind)| Column { name, kind: *kind }));
        self
    }

    fn places(&self, names: &[&str]) -> Vec<usize> {
        let place = |name: &&str| self.columns.iter().position(|column| column.name == *name);
        names.iter().filter_map(place).collect()
    }

    /// The primary key of a row.
    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().map(|place| row[*place].clone()).collect()
    }
}

/// All tables.
pub fn all() -> Vec<Table> {
    use Kind::{Bool, Int, Long, Text, Uuid};
    vec![
        Table::of(account::Entity).and(&[("enrolled", Bool), ("factor_clears", Int)]),
        Table::of(service_provider::Entity),
        Table::of(secondary_auth::Entity),
        Table::of(fallback::Entity),
        Table::of(breaker::Entity),
        Table::of(deleted_secondary_auth::Entity),
        Table::of(policy::Entity),
        Table::of(configuration::Entity),
        Table::of(data_key::Entity),
        Table::of(enrollment::Entity),
        Table::of(deleted_entry::Entity),
        Table::of(recovery_code::Entity),
        Table::of(session::Entity),
        Table::of(half_sign_in::Entity),
        Table::of(trusted_device::Entity),
        Table::of(known_browser::Entity),
        Table::of(challenge::Entity),
        Table::of(link::Entity),
        Table::of(approval_request::Entity),
        Table::of(delivery::Entity),
        Table::of(delivery_attempt::Entity),
        Table::of(message_template::Entity),
        Table::of(template_draft::Entity),
        Table::of(brand::Entity),
        Table::of(brand_draft::Entity),
        Table::of(throttle::Entity),
        Table::of(protection::Entity),
        Table::of(audit_event::Entity),
        Table::named("audit_retention", &[("before", Long)], &[]),
        // After the entries: each of those touches the words of its account.
        Table::named(
            "account_word",
            &[
                ("audience", Text),
                ("word", Text),
                ("account_id", Uuid),
                ("enrolled", Bool),
                ("name_key", Text),
                ("email_key", Text),
                ("created_at", Long),
                ("last_sign_in_key", Long),
            ],
            &["audience", "word", "account_id"],
        ),
    ]
}
