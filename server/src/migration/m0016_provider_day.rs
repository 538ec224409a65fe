//! The last attempts of a provider are found by its index.

use super::tables::index;
use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_provider_day"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("delivery_attempt", &["service_id", "ended_at"], false)).await?;
        manager.get_connection().execute_unprepared("DROP INDEX delivery_attempt_service_id").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("delivery_attempt", &["service_id"], false)).await?;
        manager.get_connection().execute_unprepared("DROP INDEX delivery_attempt_service_id_ended_at").await?;
        Ok(())
    }
}
