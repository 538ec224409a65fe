//! The rules of deciding about approval requests: nobody approves their own, and what is approved is done once, exactly as
//! it was asked for, by the same functions that do it at once.

use crate::{
    account,
    audit::{self, Actor, Event},
    configuration,
    core::Core,
    invitation, message_templates,
    outbox::alert,
    platform::{clock::minute_text, database},
    policy,
    requests::{
        change::Change,
        service::{change_of, text_of},
        store::{self, Model},
    },
    secondary_auth, services,
};
use app::{
    approvals::{port::ApprovalsPort, types::ApprovalRequest},
    audit::types::Action,
    caller::Session,
    error::{AppError, Refusal},
    login::types::Audience,
};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;
use uuid::Uuid;

/// Approval requests.
pub struct Approvals(pub Arc<Core>);

#[async_trait]
impl ApprovalsPort for Approvals {
    async fn list(&self, admin: &Session) -> Result<Vec<ApprovalRequest>, AppError> {
        let requests = store::waiting(&self.0.db, self.0.clock.now()).await?;
        let shown = |request: Model| ApprovalRequest {
            id: request.id,
            action: request.action,
            about: [request.about, request.details].into_iter().flatten().collect::<Vec<_>>().join(", "),
            own: request.account_id == admin.account_id,
            asker: request.asker,
            asked: minute_text(request.asked_at),
            expires: minute_text(request.expires_at),
        };
        Ok(requests.into_iter().map(shown).collect())
    }

    async fn approve(&self, admin: &Session, id: Uuid) -> Result<(), AppError> {
        let core = &self.0;
        // One after the other, and after every other change of the rules.
        let transaction = database::begin_alone(&core.db).await?;
        let request = take_of_another(&transaction, core, admin, id).await?;
        let change = change_of(&transaction, core, &request).await?;
        make(&transaction, core, Actor::Session(admin), change).await?;
        let event = Event::new(Action::ApprovalGiven, Actor::Session(admin)).to(&request.asker);
        audit::record(&transaction, core, event.with(text_of(&request))).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn decline(&self, admin: &Session, id: Uuid) -> Result<(), AppError> {
        let core = &self.0;
        let transaction = database::begin_alone(&core.db).await?;
        let request = take_of_another(&transaction, core, admin, id).await?;
        let event = Event::new(Action::ApprovalDeclined, Actor::Session(admin)).to(&request.asker);
        alert::record(&transaction, core, event.with(text_of(&request))).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn withdraw(&self, admin: &Session, id: Uuid) -> Result<(), AppError> {
        let core = &self.0;
        let transaction = database::begin_alone(&core.db).await?;
        let request = take(&transaction, core, id).await?;
        if request.account_id != admin.account_id {
            return Err(AppError::NotFound);
        }
        let event = Event::new(Action::ApprovalWithdrawn, Actor::Session(admin)).with(text_of(&request));
        audit::record(&transaction, core, event).await?;
        Ok(database::commit(transaction).await?)
    }
}

/// Ends a request that waits. Of many at the same time one gets it.
async fn take(db: &impl ConnectionTrait, core: &Core, id: Uuid) -> Result<Model, AppError> {
    let now = core.clock.now();
    let request = store::by_id(db, id, now).await?.ok_or(AppError::NotFound)?;
    if store::take(db, id, now).await? { Ok(request) } else { Err(AppError::NotFound) }
}

/// The same, of somebody else.
async fn take_of_another(db: &impl ConnectionTrait, core: &Core, admin: &Session, id: Uuid) -> Result<Model, AppError> {
    let request = take(db, core, id).await?;
    if request.account_id == admin.account_id {
        return Err(AppError::refused(Refusal::OwnRequest));
    }
    Ok(request)
}

/// Makes a change, with all rules as they are now.
async fn make(db: &DatabaseTransaction, core: &Core, actor: Actor<'_>, change: Change) -> Result<(), AppError> {
    match change {
        Change::Disallow(audience) => policy::service::switch(db, core, actor, audience, false).await,
        Change::Channel { audience, kind, forbidden } => {
            policy::service::forbid(db, core, actor, audience, kind, forbidden).await
        }
        Change::Setting { setting, value } => {
            configuration::service::change(db, core, actor, setting, &value).await.map(drop)
        }
        Change::Smtp { id, form } => services::smtp::put_smtp(db, core, actor, id, &form).await.map(drop),
        Change::Sms { id, form } => services::sms::put_sms(db, core, actor, id, &form).await.map(drop),
        Change::StopProvider(id) => services::service::switch(db, core, actor, id, false).await,
        Change::DeleteProvider(id) => services::service::remove(db, core, actor, id).await,
        Change::SecondaryAuth { id, service, title, fallbacks } => {
            let fallbacks: Vec<_> = fallbacks.iter().map(String::as_str).collect();
            secondary_auth::service::change(db, core, actor, Some(id), &service, &title, &fallbacks).await
        }
        Change::DeleteSecondaryAuth(id) => secondary_auth::service::remove(db, core, actor, id).await,
        Change::Template { message, language, parts } => {
            message_templates::service::put(db, core, actor, (language, message), &parts).await
        }
        Change::AdminEmail { id, name, email } => account::change::change(db, core, actor, id, &name, &email).await,
        Change::InviteAdmin { name, email } => {
            invitation::service::invite(db, core, actor, Audience::Admin, &name, &email).await
        }
    }
}
