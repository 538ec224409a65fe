//! What the events of the audit log are called.

use super::types::{Action, Outcome};

/// The name of an action.
pub fn action(action: Action) -> String {
    match action {
        Action::LoggedIn => tr!(action.logged_in),
        Action::PasswordAccepted => tr!(action.password_accepted),
        Action::PasswordRefused => tr!(action.password_refused),
        Action::CodeSent => tr!(action.code_sent),
        Action::CodeRefused => tr!(action.code_refused),
        Action::FactorLocked => tr!(action.factor_locked),
        Action::FactorDisabled => tr!(action.factor_disabled),
        Action::LoggedOut => tr!(action.logged_out),
        Action::SteppedUp => tr!(action.stepped_up),
        Action::EntryAdded => tr!(action.entry_added),
        Action::EntryRemoved => tr!(action.entry_removed),
        Action::EntryRestored => tr!(action.entry_restored),
        Action::EntryPreferred => tr!(action.entry_preferred),
        Action::RecoveryCodesMade => tr!(action.recovery_codes_made),
        Action::RecoveryCodeUsed => tr!(action.recovery_code_used),
        Action::HelpdeskCodeIssued => tr!(action.helpdesk_code_issued),
        Action::HelpdeskCodeUsed => tr!(action.helpdesk_code_used),
        Action::DeviceTrusted => tr!(action.device_trusted),
        Action::DeviceRevoked => tr!(action.device_revoked),
        Action::SessionEnded => tr!(action.session_ended),
        Action::PasswordChanged => tr!(action.password_changed),
        Action::PasswordResetAsked => tr!(action.password_reset_asked),
        Action::PasswordReset => tr!(action.password_reset),
        Action::EmailChanged => tr!(action.email_changed),
        Action::EmailChangeAsked => tr!(action.email_change_asked),
        Action::AccountInvited => tr!(action.account_invited),
        Action::AccountCreated => tr!(action.account_created),
        Action::AccountRegistered => tr!(action.account_registered),
        Action::AccountChanged => tr!(action.account_changed),
        Action::AccountDisabled => tr!(action.account_disabled),
        Action::AccountDeleted => tr!(action.account_deleted),
        Action::AccountEnabled => tr!(action.account_enabled),
        Action::AccountUnlocked => tr!(action.account_unlocked),
        Action::FactorReset => tr!(action.factor_reset),
        Action::ServiceSaved => tr!(action.service_saved),
        Action::ServiceTested => tr!(action.service_tested),
        Action::ServiceSwitched => tr!(action.service_switched),
        Action::ServiceDeleted => tr!(action.service_deleted),
        Action::SecondaryAuthSaved => tr!(action.secondary_auth_saved),
        Action::SecondaryAuthDeleted => tr!(action.secondary_auth_deleted),
        Action::SecondaryAuthRestored => tr!(action.secondary_auth_restored),
        Action::PolicyChanged => tr!(action.policy_changed),
        Action::ConfigurationChanged => tr!(action.configuration_changed),
        Action::ApprovalAsked => tr!(action.approval_asked),
        Action::ApprovalGiven => tr!(action.approval_given),
        Action::ApprovalDeclined => tr!(action.approval_declined),
        Action::ApprovalWithdrawn => tr!(action.approval_withdrawn),
        Action::SignInUnfinished => tr!(action.sign_in_unfinished),
        Action::NotMe => tr!(action.not_me),
        Action::TemplateSaved => tr!(action.template_saved),
        Action::TemplateReset => tr!(action.template_reset),
        Action::BrandChanged => tr!(action.brand_changed),
        Action::TemplateSent => tr!(action.template_sent),
        Action::AuditExported => tr!(action.audit_exported),
        Action::KeyRotated => tr!(action.key_rotated),
        Action::KeyReplaced => tr!(action.key_replaced),
        Action::BackupRestored => tr!(action.backup_restored),
    }
}

/// The same by its stored name. An action that only a newer version knows is shown by that name.
pub fn action_name(name: &str) -> String {
    name.parse().map_or_else(|()| name.to_owned(), action)
}

/// Whether it worked.
pub fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Success => tr!(audit.success),
        Outcome::Failure => tr!(audit.failure),
    }
}
