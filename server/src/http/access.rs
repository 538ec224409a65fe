//! Whom each server function is for, known before its body is read. The functions authorise by themselves; this is for
//! what never gets as far as them.

use app::{caller::Caller, error::AppError, login::types::Audience};

/// Who may call a server function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Everybody.
    Everybody,
    /// A sign-in that waits for its code.
    Waiting,
    /// Any signed-in account, for itself.
    SignedIn,
    /// A signed-in account whose step-up waits for its code.
    Confirming,
    /// The same as signed in, and also an administrator who has to set up a second factor first.
    Enrolling,
    /// Who proves something, for whatever purpose: a sign-in, a step-up or an enrollment. The body names it.
    Proving,
    /// Administrators; it reads, or only makes things safer.
    Admins,
    /// Administrators who proved their factors in the last minutes: it weakens protection, moves messages, reads bulk
    /// data or changes who can sign in.
    AdminsSteppedUp,
}

/// Every server function. A test fails where one is missing.
pub const FUNCTIONS: &[(&str, For)] = &[
    ("/api/account/advice", For::SignedIn),
    ("/api/account/ask_for_email", For::SignedIn),
    ("/api/account/change_name", For::SignedIn),
    ("/api/account/change_password", For::SignedIn),
    ("/api/account/check_set_up_link", For::Everybody),
    ("/api/account/confirm_email", For::Everybody),
    ("/api/account/dismiss_suggestion", For::SignedIn),
    ("/api/account/email_link", For::Everybody),
    ("/api/account/me", For::Enrolling),
    ("/api/account/security", For::SignedIn),
    ("/api/account/set_up", For::Everybody),
    ("/api/approvals/approve", For::AdminsSteppedUp),
    ("/api/approvals/decline", For::AdminsSteppedUp),
    ("/api/approvals/list", For::Admins),
    ("/api/approvals/withdraw", For::Admins),
    ("/api/audit/list", For::Admins),
    ("/api/brand/edit", For::Admins),
    ("/api/brand/get", For::Admins),
    ("/api/brand/remove_picture", For::AdminsSteppedUp),
    ("/api/challenge/choose", For::Proving),
    ("/api/challenge/methods", For::Proving),
    ("/api/challenge/screen", For::Proving),
    ("/api/challenge/send_new_code", For::Proving),
    ("/api/configuration/list", For::Admins),
    ("/api/configuration/save", For::AdminsSteppedUp),
    ("/api/configuration/save_all", For::AdminsSteppedUp),
    ("/api/dashboard/guide", For::Enrolling),
    ("/api/dashboard/overview", For::Admins),
    ("/api/delivery/list", For::Admins),
    ("/api/devices/list", For::SignedIn),
    ("/api/devices/revoke", For::SignedIn),
    ("/api/devices/revoke_all", For::SignedIn),
    ("/api/enrollment/delete", For::Enrolling),
    ("/api/enrollment/overview", For::Enrolling),
    ("/api/enrollment/prefer", For::Enrolling),
    ("/api/enrollment/proving", For::Enrolling),
    ("/api/enrollment/register_passkey", For::Enrolling),
    ("/api/enrollment/send_code", For::Enrolling),
    ("/api/enrollment/verify", For::Enrolling),
    ("/api/invitation/accept", For::Everybody),
    ("/api/invitation/check", For::Everybody),
    ("/api/invitation/invite", For::AdminsSteppedUp),
    ("/api/invitation/pending", For::Admins),
    ("/api/invitation/ready", For::AdminsSteppedUp),
    ("/api/invitation/send_again", For::AdminsSteppedUp),
    ("/api/invitation/take_back", For::Admins),
    ("/api/language/choose", For::Everybody),
    ("/api/login/log_in", For::Everybody),
    ("/api/login/log_in_with_code", For::Everybody),
    ("/api/login/log_in_with_passkey", For::Everybody),
    ("/api/login/log_out", For::Everybody),
    ("/api/login/passkey_question", For::Everybody),
    ("/api/login/verify", For::Waiting),
    ("/api/message_templates/edit", For::Admins),
    ("/api/message_templates/get", For::Admins),
    ("/api/message_templates/list", For::Admins),
    ("/api/message_templates/reset", For::AdminsSteppedUp),
    ("/api/not_me/link", For::Everybody),
    ("/api/not_me/stop", For::Everybody),
    ("/api/password/ask_reset", For::Everybody),
    ("/api/password/reset_link", For::Everybody),
    ("/api/password/set", For::Everybody),
    ("/api/policy/check_disallow", For::Admins),
    ("/api/policy/check_forbid", For::Admins),
    ("/api/policy/overview", For::Admins),
    ("/api/policy/set_allowed", For::AdminsSteppedUp),
    ("/api/policy/set_forbidden", For::AdminsSteppedUp),
    ("/api/recovery/helpdesk", For::AdminsSteppedUp),
    ("/api/recovery/issue", For::AdminsSteppedUp),
    ("/api/recovery/make", For::SignedIn),
    ("/api/recovery/overview", For::SignedIn),
    ("/api/recovery/sign_in", For::Waiting),
    ("/api/recovery/step_up", For::Confirming),
    ("/api/registration/finish", For::Everybody),
    ("/api/registration/is_open", For::Everybody),
    ("/api/registration/link", For::Everybody),
    ("/api/registration/register", For::Everybody),
    ("/api/secondary_auth/delete", For::AdminsSteppedUp),
    ("/api/secondary_auth/deleted", For::Admins),
    ("/api/secondary_auth/get", For::Admins),
    ("/api/secondary_auth/list", For::Admins),
    ("/api/secondary_auth/restore", For::AdminsSteppedUp),
    ("/api/secondary_auth/save", For::AdminsSteppedUp),
    ("/api/services/day", For::Admins),
    ("/api/services/delete", For::AdminsSteppedUp),
    ("/api/services/get", For::Admins),
    ("/api/services/list", For::Admins),
    ("/api/services/new", For::Admins),
    ("/api/services/new_sms", For::Admins),
    ("/api/services/preset", For::Admins),
    ("/api/services/save", For::AdminsSteppedUp),
    ("/api/services/save_plain", For::AdminsSteppedUp),
    ("/api/services/save_sms", For::AdminsSteppedUp),
    ("/api/services/set_active", For::AdminsSteppedUp),
    ("/api/sessions/end", For::SignedIn),
    ("/api/sessions/end_others", For::SignedIn),
    ("/api/sessions/list", For::SignedIn),
    ("/api/step_up/confirm", For::Enrolling),
    ("/api/step_up/verify", For::Confirming),
    ("/api/users/activity", For::Admins),
    ("/api/users/change", For::AdminsSteppedUp),
    ("/api/users/details", For::Admins),
    ("/api/users/help", For::Admins),
    ("/api/users/list", For::Admins),
    ("/api/users/person", For::Admins),
    ("/api/users/rename", For::Admins),
];

/// What a caller is told who may not call this function as whoever they are, whatever the body would say. An unknown
/// function is for administrators.
pub fn refusal(path: &str, caller: &Caller) -> Option<AppError> {
    let wanted = FUNCTIONS.iter().find(|(name, _)| *name == path).map_or(For::Admins, |(_, wanted)| *wanted);
    let any = |allowed: fn(&Caller, Audience) -> Result<(), AppError>| {
        let mut last = None;
        for audience in Audience::ALL {
            match allowed(caller, audience) {
                Ok(()) => return None,
                Err(error) => {
                    last = last.filter(|e| *e != AppError::SignInNeeded && *e != AppError::Forbidden).or(Some(error))
                }
            }
        }
        last
    };
    match wanted {
        For::Everybody => None,
        For::Waiting => any(|caller, audience| caller.code_needed(audience).map(drop)),
        For::SignedIn => any(|caller, audience| caller.signed_in(audience).map(drop)),
        // Whether the step-up waits stands in the database, and what it says is for the session alone.
        For::Confirming | For::Enrolling => any(|caller, audience| caller.may_enroll(audience).map(drop)),
        For::Proving => {
            any(|caller, audience| caller.code_needed(audience).or_else(|_| caller.may_enroll(audience)).map(drop))
        }
        For::Admins => caller.signed_in(Audience::Admin).err(),
        For::AdminsSteppedUp => caller.stepped_up(Audience::Admin).err(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::{
        caller::{Browser, KnownBrowser, Origin, Session, Stage, Token},
        configuration::rules::Rules,
        language::types::Language,
    };
    use std::{net::IpAddr, sync::Arc};
    use uuid::Uuid;

    struct NoCookies;

    impl Browser for NoCookies {
        fn set_session(&self, _: Audience, _: Option<&Token>) {}
        fn trust(&self, _: Audience) -> Option<String> {
            None
        }
        fn set_trust(&self, _: Audience, _: Option<&Token>) {}
        fn set_known(&self, _: &Token) {}
        fn set_language(&self, _: Language) {}
        fn shown_once(&self, _: Audience) -> Option<String> {
            None
        }
        fn set_shown_once(&self, _: Audience, _: Option<&Token>) {}
        fn way_back(&self, _: Audience) -> Option<String> {
            None
        }
        fn set_way_back(&self, _: Audience, _: Option<&str>) {}
    }

    fn caller(sessions: &[(Audience, Stage)]) -> Caller {
        let origin = Origin {
            address: IpAddr::from([192, 0, 2, 1]),
            user_agent: String::new(),
            known: KnownBrowser::default(),
            language: Language::En,
            scripted: false,
        };
        let session = |(audience, stage): &(Audience, Stage)| Session {
            id: Uuid::nil(),
            account_id: Uuid::nil(),
            audience: *audience,
            stage: *stage,
            name: String::new(),
            language: None,
            email: String::new(),
            two_factor_allowed: true,
            has_entry: false,
            stepped_up: false,
            grace_days_left: None,
            origin: origin.clone(),
            rules: Rules::default(),
        };
        let sessions = sessions.iter().map(session).collect();
        Caller { origin: origin.clone(), sessions, browser: Arc::new(NoCookies) }
    }

    #[test]
    fn a_caller_is_known_before_the_body_is() {
        use Audience::{Admin, Customer};
        let refused = |path, sessions: &[_]| refusal(path, &caller(sessions));
        assert_eq!(refused("/api/login/log_in", &[]), None);
        assert_eq!(refused("/api/login/verify", &[]), Some(AppError::SignInNeeded));
        assert_eq!(refused("/api/login/verify", &[(Customer, Stage::CodeNeeded)]), None);
        assert_eq!(refused("/api/account/change_name", &[(Customer, Stage::CodeNeeded)]), Some(AppError::CodeNeeded));
        assert_eq!(refused("/api/account/change_name", &[(Admin, Stage::CodeNeeded)]), Some(AppError::CodeNeeded));
        assert_eq!(refused("/api/account/change_name", &[(Customer, Stage::SignedIn)]), None);
        assert_eq!(refused("/api/enrollment/verify", &[(Admin, Stage::EnrollmentNeeded)]), None);
        assert_eq!(refused("/api/challenge/screen", &[]), Some(AppError::SignInNeeded));
        assert_eq!(refused("/api/challenge/screen", &[(Customer, Stage::CodeNeeded)]), None);
        assert_eq!(refused("/api/challenge/screen", &[(Admin, Stage::EnrollmentNeeded)]), None);
        assert_eq!(refused("/api/services/save", &[]), Some(AppError::SignInNeeded));
        assert_eq!(refused("/api/services/save", &[(Customer, Stage::SignedIn)]), Some(AppError::Forbidden));
        assert_eq!(
            refused("/api/services/save", &[(Admin, Stage::EnrollmentNeeded)]),
            Some(AppError::EnrollmentNeeded)
        );
        assert_eq!(refused("/api/services/save", &[(Admin, Stage::SignedIn)]), Some(AppError::step_up_needed()));
        assert_eq!(refused("/api/services/list", &[(Admin, Stage::SignedIn)]), None);
        assert_eq!(refused("/api/no/such", &[(Customer, Stage::SignedIn)]), Some(AppError::Forbidden));
    }
}
