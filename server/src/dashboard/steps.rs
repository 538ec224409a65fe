//! The steps of the set-up. What the database holds says which of them were done, so that nothing has to remember it.

use super::{service::is_insecure, store};
use crate::core::Core;
use app::{
    caller::Session,
    configuration::types::Setting,
    dashboard::types::{Guide, Step, Task},
    error::AppError,
};
use std::{collections::HashSet, sync::PoisonError};
use uuid::Uuid;

/// What has to be done once, in the order in which it is best done.
pub async fn steps(core: &Core, admin: &Session) -> Result<Vec<Step>, AppError> {
    let done = store::progress(&core.db, admin.account_id).await?;
    let steps = [
        (Task::AddService, done.service),
        (Task::Offer, done.offered),
        (Task::AllowAdmins, done.admins_allowed),
        (Task::OwnFactor, done.own_factor),
        (Task::RecoveryCodes, done.recovery_codes),
        (Task::Require, admin.rules.is_on(Setting::RequireAdminTwoFactor)),
        (Task::SecondAdmin, done.second_admin),
        (Task::AllowCustomers, done.customers_allowed),
        (Task::Https, !is_insecure(core)),
    ];
    let steps = steps.map(|(task, done)| Step { task, done });
    let past = next_essential(&steps).is_none();
    past_set_up(core, |seen| if past { seen.insert(admin.account_id) } else { seen.remove(&admin.account_id) });
    Ok(steps.to_vec())
}

/// What comes next, as long as one of the first tasks is left.
pub async fn guide(core: &Core, admin: &Session) -> Result<Option<Guide>, AppError> {
    if past_set_up(core, |seen| seen.contains(&admin.account_id)) {
        return Ok(None);
    }
    let steps = steps(core, admin).await?;
    let done = steps.iter().filter(|step| step.done).count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(next_essential(&steps).map(|next| Guide { done: count(done), all: count(steps.len()), next }))
}

/// The first task that is left, where it is one of the first ones.
fn next_essential(steps: &[Step]) -> Option<Task> {
    steps.iter().find(|step| !step.done).map(|step| step.task).filter(|task| task.is_essential())
}

fn past_set_up(core: &Core, what: impl FnOnce(&mut HashSet<Uuid>) -> bool) -> bool {
    what(&mut core.past_set_up.lock().unwrap_or_else(PoisonError::into_inner))
}
