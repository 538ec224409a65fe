//! What the made-up customers did: audit events and messages, the last of them just now.

use super::{Plan, id, people};
use crate::entity::{account, audit_event, audit_event::Recorded, delivery, stored::Stored};
use app::{
    audit::types::{Action, Outcome},
    delivery::types::MessageKind,
    error::{DeliveryFailure, DeliveryFailureKind},
};

/// Seconds between two of them.
const APART: i64 = 30;
/// All of them happened in so many seconds: 350 days, which is less than any log is kept by default.
const SPAN: i64 = 350 * 86_400;

/// When one of several happened.
fn time(plan: &Plan, number: u32, count: u32) -> i64 {
    let (count, left) = (i64::from(count), i64::from(count.saturating_sub(number + 1)));
    plan.now - if count * APART <= SPAN { left * APART } else { left * SPAN / count }
}

/// A customer, in no order.
fn somebody(plan: &Plan, number: u32) -> Option<account::Model> {
    let at = u64::from(number) * 7_919 + 13;
    let at = at.checked_rem(u64::from(plan.customers))?;
    Some(people::customer(plan, u32::try_from(at).ok()?))
}

/// An event. Every tenth is a failure, as is one of a thousand codes that were sent.
pub fn event(plan: &Plan, number: u32) -> audit_event::Model {
    let (action, outcome) = match number {
        n if n.is_multiple_of(10) => (Action::PasswordRefused, Outcome::Failure),
        n if n % 1_000 == 1 => (Action::CodeSent, Outcome::Failure),
        n if n.is_multiple_of(3) => (Action::LoggedIn, Outcome::Success),
        n if n % 5_000 == 2 => (Action::EntryAdded, Outcome::Success),
        _ => (Action::CodeSent, Outcome::Success),
    };
    let (who, email) = somebody(plan, number).map(|one| (one.id, one.email)).unzip();
    // A wrong password may be anyone's.
    let by_owner = action != Action::PasswordRefused;
    audit_event::Model {
        id: id(3, number),
        at: time(plan, number, plan.audit),
        action: Recorded::Known(action),
        outcome: Stored(outcome),
        actor_id: who.filter(|_| by_owner),
        actor: email.clone().filter(|_| by_owner),
        subject_id: who.filter(|_| !by_owner),
        subject: email.filter(|_| !by_owner),
        address: Some("192.0.2.1".to_owned()),
        details: Some("sign-in, Email to c•••@example.com".to_owned()),
    }
}

/// A message. One of five hundred was refused.
pub fn message(plan: &Plan, number: u32) -> delivery::Model {
    let at = time(plan, number, plan.messages);
    let refused = number.is_multiple_of(500);
    let answer = DeliveryFailure { kind: DeliveryFailureKind::Refused, answer: Some("554 no".to_owned()) };
    delivery::Model {
        id: id(5, number),
        kind: Stored(MessageKind::Code),
        account_id: None,
        service_id: Some(people::SERVICE),
        destination: somebody(plan, number).map_or_else(|| "c@example.com".to_owned(), |one| one.email),
        body: None,
        created_at: at,
        expires_at: at + 600,
        leased_until: None,
        retry_at: None,
        attempts: 1,
        sent_at: (!refused).then_some(at),
        failed_at: refused.then_some(at),
        failure: refused.then_some(Stored(answer)),
    }
}
