//! Accounts, sessions, trusted devices, providers, secondary auths, policies, enrollments and challenges.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer, pk_uuid, string, string_null, text, text_null, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use ForeignKeyAction::{Cascade, Restrict};
        let tables = [
            table("account")
                .col(pk_uuid("id"))
                .col(string("audience"))
                .col(string("email"))
                .col(string("email_key"))
                .col(string("name"))
                .col(string("password_hash"))
                .col(big_integer("created_at"))
                .col(big_integer_null("disabled_at"))
                .col(integer("factor_failures").default(0))
                .col(big_integer_null("factor_locked_until"))
                .to_owned(),
            table("session")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(string("token_hash"))
                .col(boolean("signed_in"))
                .col(big_integer("created_at"))
                .col(big_integer("last_seen_at"))
                .col(big_integer("expires_at"))
                .col(string("address"))
                .col(string("user_agent"))
                .foreign_key(&mut foreign("session", "account_id", "account", Cascade))
                .to_owned(),
            table("trusted_device")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(string("token_hash"))
                .col(big_integer("created_at"))
                .col(big_integer("last_used_at"))
                .col(big_integer("expires_at"))
                .col(string("address"))
                .col(string("user_agent"))
                .foreign_key(&mut foreign("trusted_device", "account_id", "account", Cascade))
                .to_owned(),
            table("service_provider")
                .col(pk_uuid("id"))
                .col(string("kind"))
                .col(string("title"))
                .col(text("settings"))
                .col(text_null("secret"))
                .col(boolean("active"))
                .col(big_integer("created_at"))
                .to_owned(),
            table("secondary_auth")
                .col(pk_uuid("id"))
                .col(uuid("service_id"))
                .col(string("title"))
                .col(big_integer("created_at"))
                .foreign_key(&mut foreign("secondary_auth", "service_id", "service_provider", Restrict))
                .to_owned(),
            table("policy").col(string("audience").primary_key()).col(boolean("allowed")).to_owned(),
            table("enrollment")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(uuid("secondary_auth_id"))
                .col(string("destination"))
                .col(big_integer("added_at"))
                .col(big_integer_null("last_used_at"))
                .foreign_key(&mut foreign("enrollment", "account_id", "account", Cascade))
                .foreign_key(&mut foreign("enrollment", "secondary_auth_id", "secondary_auth", Cascade))
                .to_owned(),
            table("challenge")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(uuid("session_id"))
                .col(string("purpose"))
                .col(uuid("secondary_auth_id"))
                .col(string("destination"))
                .col(string("destination_key"))
                .col(string("address"))
                .col(boolean("resend"))
                .col(string("code_hash"))
                .col(string("reference"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .col(text_null("failure"))
                .col(integer("tries").default(0))
                .col(big_integer_null("consumed_at"))
                .col(string_null("replaced_by"))
                .foreign_key(&mut foreign("challenge", "account_id", "account", Cascade))
                .foreign_key(&mut foreign("challenge", "secondary_auth_id", "secondary_auth", Cascade))
                .to_owned(),
            table("throttle")
                .col(string("key").primary_key())
                .col(integer("count"))
                .col(big_integer("started_at"))
                .to_owned(),
            table("set_up_link")
                .col(string("token_hash").primary_key())
                .col(big_integer("expires_at"))
                .col(big_integer_null("used_at"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for index in [
            index("account", &["audience", "email_key"], true),
            index("session", &["token_hash"], true),
            index("session", &["account_id"], false),
            index("session", &["expires_at"], false),
            index("trusted_device", &["token_hash"], true),
            index("trusted_device", &["account_id"], false),
            index("service_provider", &["title"], true),
            index("secondary_auth", &["title"], true),
            index("secondary_auth", &["service_id"], false),
            index("enrollment", &["account_id", "secondary_auth_id"], true),
            index("enrollment", &["secondary_auth_id"], false),
            index("challenge", &["session_id", "purpose"], false),
            index("challenge", &["account_id", "created_at"], false),
            index("challenge", &["destination_key", "created_at"], false),
            index("challenge", &["address", "created_at"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [
            "set_up_link",
            "throttle",
            "challenge",
            "enrollment",
            "policy",
            "secondary_auth",
            "service_provider",
            "trusted_device",
            "session",
            "account",
        ] {
            manager.drop_table(Table::drop().table(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}
