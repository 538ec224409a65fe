//! What messages and their states are called.

use super::types::{DeliveryState, MessageKind};

/// The name of what a message is about.
pub fn kind(kind: MessageKind) -> String {
    match kind {
        MessageKind::Code => tr!(deliveries.code),
        MessageKind::Invitation => tr!(deliveries.invitation),
        MessageKind::PasswordReset => tr!(deliveries.password_reset),
        MessageKind::Registration => tr!(deliveries.registration),
        MessageKind::EmailChange => tr!(deliveries.email_change),
        MessageKind::Notice => tr!(deliveries.notice),
        MessageKind::Sample => tr!(deliveries.sample),
    }
}

/// The name of how far a message is.
pub fn state(state: DeliveryState) -> String {
    match state {
        DeliveryState::Queued => tr!(deliveries.queued),
        DeliveryState::Sending => tr!(deliveries.sending),
        DeliveryState::Retrying => tr!(deliveries.retrying),
        DeliveryState::Accepted => tr!(deliveries.accepted),
        DeliveryState::Failed => tr!(deliveries.failed),
        DeliveryState::Expired => tr!(deliveries.expired),
        DeliveryState::Dropped => tr!(deliveries.dropped),
    }
}
