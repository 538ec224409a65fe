//! The one set of migrations, for SQLite and PostgreSQL.

mod m0001_first;
mod m0002_administration;
mod m0003_search;
mod m0004_channels;
mod m0005_proofs;
mod m0006_known_browsers;
mod m0007_audit_retention;
mod m0008_data_keys;
mod m0009_delivery_attempts;
mod m0010_failover;
mod m0011_none;
mod m0012_deleted;
mod m0013_approvals;
mod m0014_notices;
mod m0016_provider_day;
mod m0018_language;
mod m0019_message_templates;
mod m0020_brand;
mod m0021_indexes;
mod old_accounts;
mod tables;

use sea_orm_migration::prelude::*;

/// Runs the migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first::Migration),
            Box::new(m0002_administration::Migration),
            Box::new(m0003_search::Migration),
            Box::new(m0004_channels::Migration),
            Box::new(m0005_proofs::Migration),
            Box::new(m0006_known_browsers::Migration),
            Box::new(m0007_audit_retention::Migration),
            Box::new(m0008_data_keys::Migration),
            Box::new(m0009_delivery_attempts::Migration),
            Box::new(m0010_failover::Migration),
            Box::new(m0011_none::Migration),
            Box::new(m0012_deleted::Migration),
            Box::new(m0013_approvals::Migration),
            Box::new(m0014_notices::Migration),
            Box::new(m0016_provider_day::Migration),
            Box::new(m0018_language::Migration),
            Box::new(m0019_message_templates::Migration),
            Box::new(m0020_brand::Migration),
            Box::new(m0021_indexes::Migration),
        ]
    }
}
