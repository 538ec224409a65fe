//! Titles, descriptions and units of settings, and the search for them.

use super::types::{Group, Setting, Unit};

/// Makes a function that finds a text of each setting under its key.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $part:ident;)*) => {
        $($(#[$doc])* pub fn $name(setting: Setting) -> String {
            match setting {
                Setting::RequireAdminTwoFactor => tr!(configuration.require_admin_two_factor.$part),
                Setting::TrustedDeviceDays => tr!(configuration.trusted_device_days.$part),
                Setting::GraceDays => tr!(configuration.grace_days.$part),
                Setting::TrustedDevices => tr!(configuration.trusted_devices.$part),
                Setting::CodeMinutes => tr!(configuration.code_minutes.$part),
                Setting::CodeTries => tr!(configuration.code_tries.$part),
                Setting::CoolDownSeconds => tr!(configuration.cool_down_seconds.$part),
                Setting::LockFailures => tr!(configuration.lock_failures.$part),
                Setting::LockMinutes => tr!(configuration.lock_minutes.$part),
                Setting::DisableFailures => tr!(configuration.disable_failures.$part),
                Setting::WaitingMinutes => tr!(configuration.waiting_minutes.$part),
                Setting::IdleMinutes => tr!(configuration.idle_minutes.$part),
                Setting::SessionHours => tr!(configuration.session_hours.$part),
                Setting::InvitationHours => tr!(configuration.invitation_hours.$part),
                Setting::ResetMinutes => tr!(configuration.reset_minutes.$part),
                Setting::HelpdeskMinutes => tr!(configuration.helpdesk_minutes.$part),
                Setting::AdminsWithoutCode => tr!(configuration.admins_without_code.$part),
                Setting::CustomersWithoutCode => tr!(configuration.customers_without_code.$part),
                Setting::SecondApproval => tr!(configuration.second_approval.$part),
                Setting::AuditDays => tr!(configuration.audit_days.$part),
                Setting::SelfRegistration => tr!(configuration.self_registration.$part),
            }
        })*
    };
}

texts! {
    /// The name of a setting.
    title: title;
    /// What a setting does.
    description: description;
}

/// The heading of a group.
pub fn group(group: Group) -> String {
    match group {
        Group::SecondFactor => tr!(configuration.group.second_factor),
        Group::Codes => tr!(configuration.group.codes),
        Group::WrongCodes => tr!(configuration.group.wrong_codes),
        Group::Sessions => tr!(configuration.group.sessions),
        Group::Links => tr!(configuration.group.links),
        Group::NoCode => tr!(configuration.group.no_code),
        Group::Administration => tr!(configuration.group.administration),
    }
}

/// The unit after a setting's number.
pub fn unit(setting: Setting) -> Option<String> {
    match setting.unit() {
        Unit::Toggle | Unit::Number => None,
        Unit::Seconds => Some(tr!(configuration.seconds)),
        Unit::Minutes => Some(tr!(configuration.minutes)),
        Unit::Hours => Some(tr!(configuration.hours)),
        Unit::Days => Some(tr!(configuration.days)),
    }
}

/// The state of a toggle.
pub fn state(on: bool) -> String {
    if on { tr!(configuration.on) } else { tr!(configuration.off) }
}

/// The bounds and the default of a setting.
pub fn bounds(setting: Setting) -> String {
    let (min, max) = setting.bounds();
    match setting.unit() {
        Unit::Toggle => tr!(configuration.default, default = state(setting.default() != 0)),
        _ => tr!(configuration.bounds, min = min, max = max, default = setting.default()),
    }
}

/// Whether a setting matches a search: each word of it has to be in the title, the description or the key.
pub fn matches(setting: Setting, text: &str) -> bool {
    let all = format!("{} {} {}", title(setting), description(setting), setting.key()).to_lowercase();
    text.to_lowercase().split_whitespace().all(|word| all.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Setting> {
        Setting::ALL.iter().copied().filter(|setting| matches(*setting, text)).collect()
    }

    #[test]
    fn two_settings_are_found_by_2fa_in_any_case() {
        let two = [Setting::RequireAdminTwoFactor, Setting::TrustedDeviceDays];
        for text in ["2fa", "2FA", " (2Fa) "] {
            assert_eq!(found(text), two, "{text}");
        }
    }

    #[test]
    fn all_words_count_and_nothing_finds_everything() {
        assert_eq!(found("  "), Setting::ALL);
        assert_eq!(found("TRUSTED expiration"), [Setting::TrustedDeviceDays]);
        assert_eq!(found("cool_down"), [Setting::CoolDownSeconds], "the key counts too");
        assert!(found("zebra").is_empty());
    }

    #[test]
    fn titles_are_unique() {
        let titles: std::collections::HashSet<_> = Setting::ALL.iter().map(|setting| title(*setting)).collect();
        assert_eq!(titles.len(), Setting::ALL.len());
    }
}
