//! What the messages are called.

use super::types::Message;

/// The name of a message.
pub fn message(message: Message) -> String {
    match message {
        Message::Code => tr!(message_templates.code),
        Message::PasswordReset => tr!(message_templates.password_reset),
        Message::Invitation => tr!(message_templates.invitation),
        Message::Registration => tr!(message_templates.registration),
        Message::KnownAddress => tr!(message_templates.known_address),
        Message::EmailChange => tr!(message_templates.email_change),
        Message::Notice => tr!(message_templates.notice),
        Message::Disputed => tr!(message_templates.disputed),
        Message::AdminChange => tr!(message_templates.admin_change),
        Message::ApprovalAsked => tr!(message_templates.approval_asked),
        Message::Paused => tr!(message_templates.paused),
        Message::NotThem => tr!(message_templates.not_them),
        Message::Test => tr!(message_templates.test),
        Message::TextCode => tr!(message_templates.text_code),
        Message::TextTest => tr!(message_templates.text_test),
    }
}
