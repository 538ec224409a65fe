//! The details of events, in the language of who reads them. They are stored as short phrases between commas, for
//! programs: those that are known are said in the language, and whatever else there is, such as titles and addresses, stays.

use super::types::Action;
use crate::{
    configuration::labels,
    language::types::Language,
    services::{names::channel_name, types::Channel},
    texts::spoken,
};

/// The details of an event.
pub fn said(details: &str) -> String {
    let mark = if spoken() == Language::Ar { "، " } else { ", " };
    details.split(", ").map(|phrase| known(phrase).unwrap_or_else(|| phrase.to_owned())).collect::<Vec<_>>().join(mark)
}

/// Who did it: an address, or what is no person.
pub fn actor(actor: &str) -> String {
    match actor {
        "server" => tr!(detail.server),
        "command line" => tr!(detail.command_line),
        _ => actor.to_owned(),
    }
}

/// What an event was about: settings and audiences are stored by their names in tables.
pub fn subject(action: Option<Action>, subject: &str) -> String {
    match action {
        Some(Action::ConfigurationChanged) => subject.parse().map_or_else(|()| subject.to_owned(), labels::title),
        Some(Action::PolicyChanged) => said(subject),
        _ => subject.to_owned(),
    }
}

fn known(phrase: &str) -> Option<String> {
    if let Some(said) = word(phrase) {
        return Some(said);
    }
    if let Some((what, value)) = phrase.split_once(": ")
        && !value.is_empty()
        && value.bytes().all(|byte| byte.is_ascii_digit())
    {
        return number(what, value);
    }
    if let Some((kind, word)) = phrase.split_once(' ')
        && let Ok(kind) = kind.parse::<Channel>()
    {
        return match word {
            "forbidden" => Some(tr!(detail.forbidden, kind = channel_name(kind))),
            "permitted" => Some(tr!(detail.permitted, kind = channel_name(kind))),
            _ => None,
        };
    }
    // A number or an address before and after a change, or where a code goes to.
    let (before, now) = phrase.strip_prefix("from ").unwrap_or(phrase).rsplit_once(" to ")?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_value = |text: &str| text.contains(['@', '•']) || is_number(text);
    let before = word(before).unwrap_or_else(|| before.to_owned());
    is_value(now).then(|| tr!(detail.to, before = before, now = now))
}

fn number(what: &str, value: &str) -> Option<String> {
    Some(match what {
        "failures" => tr!(detail.failures, number = value),
        "entries removed" => tr!(detail.removed, number = value),
        "entries restored" => tr!(detail.restored, number = value),
        "sessions ended" => tr!(detail.ended, number = value),
        "times" => tr!(detail.times, number = value),
        _ => return None,
    })
}

fn word(phrase: &str) -> Option<String> {
    Some(match phrase {
        "sign-in" => tr!(detail.sign_in),
        "new entry" => tr!(detail.new_entry),
        "confirmation" => tr!(detail.confirmation),
        "deleted method" => tr!(detail.deleted_method),
        "recovery code" => tr!(detail.recovery_code),
        "wrong code" => tr!(detail.wrong_code),
        "replaced code" => tr!(detail.replaced_code),
        "failed" => tr!(detail.failed),
        "refused" => tr!(detail.refused),
        "too many text messages" => tr!(detail.too_many_texts),
        "daily ceiling reached" => tr!(detail.ceiling),
        "country not allowed" => tr!(detail.country),
        "too many codes" => tr!(detail.too_many_codes),
        "locked" => tr!(detail.locked),
        "switched off" => tr!(detail.switched_off),
        "no tries left" => tr!(detail.no_attempts),
        "no tries left or too late" => tr!(detail.start_again),
        "expired code" => tr!(detail.expired_code),
        "used code" => tr!(detail.used_code),
        "the passkey's counter went back: it may have been copied" => tr!(detail.passkey_copied),
        "server unreachable" => tr!(detail.unreachable),
        "server timed out" => tr!(detail.timed_out),
        "no secure connection" => tr!(detail.tls),
        "authentication refused" => tr!(detail.authentication),
        "recipient refused" => tr!(detail.recipient),
        "server overloaded" => tr!(detail.overloaded),
        "message refused" => tr!(detail.message_refused),
        "service inactive" => tr!(detail.service_inactive),
        "service paused" => tr!(detail.service_paused),
        "put off by the server" => tr!(detail.deferred),
        "mailbox full" => tr!(detail.mailbox_full),
        "refused by policy" => tr!(detail.by_policy),
        "message too large" => tr!(detail.too_large),
        "no sign-in offered" => tr!(detail.no_sign_in),
        "address not supported" => tr!(detail.address_unsupported),
        "token server unreachable" => tr!(detail.token_unreachable),
        "application refused by the token server" => tr!(detail.client_refused),
        "refresh token refused" => tr!(detail.grant_refused),
        "access by token refused" => tr!(detail.access_refused),
        "unknown address" => tr!(detail.unknown_address),
        "disabled account" => tr!(detail.disabled_account),
        "paused after many tries" => tr!(detail.paused),
        "wrong password" => tr!(detail.wrong_password),
        "admin" => tr!(detail.admin),
        "customer" => tr!(detail.customer),
        "password" => tr!(detail.password),
        "password alone" => tr!(detail.password_alone),
        "as no code can be sent" => tr!(detail.no_code),
        "trusted device" => tr!(detail.trusted_device),
        "active" => tr!(detail.active),
        "inactive" => tr!(detail.inactive),
        "allowed" => tr!(detail.allowed),
        "not allowed" => tr!(detail.not_allowed),
        "changed" => tr!(detail.changed),
        "added" => tr!(detail.added),
        "name" => tr!(detail.name),
        "sent" => tr!(detail.sent),
        "by invitation" => tr!(detail.by_invitation),
        "first administrator" => tr!(detail.first_admin),
        "by the set-up link" => tr!(detail.by_link),
        "one" | "one device" => tr!(detail.single),
        "all" | "all devices" => tr!(detail.every),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_said_in_the_language_and_the_rest_stays() {
        let details = "sign-in, Post, haste to c•••a@example.org, wrong code";
        assert_eq!(said(details), "sign-in, Post, haste → c•••a@example.org, wrong code");
        assert_eq!(said("new entry, admin"), "new sign-in method, administrator");
        let german = |details| Language::De.speak(|| said(details));
        assert_eq!(german(details), "Anmeldung, Post, haste → c•••a@example.org, falscher Code");
        assert_eq!(german("0 to 1"), "0 → 1");
        assert_eq!(german("from a@example.org to b@example.org"), "a@example.org → b@example.org");
        assert_eq!(german("entries removed: 3"), "entfernte Methoden: 3");
        assert_eq!(german("smtp forbidden"), "SMTP blockiert");
        assert_eq!(Language::Ar.speak(|| said("password, trusted device")), "كلمة المرور، جهاز موثوق به");
        for unknown in
            ["", "over a limit: 40 since 2026-01-01", "Keys to the house", "smtp.example.org:587", "failures: x"]
        {
            assert_eq!(german(unknown), unknown);
        }
    }

    #[test]
    fn what_is_no_person_has_a_name_in_each_language() {
        assert_eq!(Language::De.speak(|| actor("command line")), "Kommandozeile");
        assert_eq!(Language::Ja.speak(|| actor("server")), "サーバー");
        assert_eq!(Language::De.speak(|| actor("server@example.org")), "server@example.org");
    }

    #[test]
    fn a_setting_has_its_title() {
        let title = subject(Some(Action::ConfigurationChanged), "trusted_device_days");
        assert_eq!(title, "Trusted Device Expiration (2FA)");
        assert_eq!(subject(Some(Action::ServiceSaved), "trusted_device_days"), "trusted_device_days");
        assert_eq!(Language::De.speak(|| subject(Some(Action::PolicyChanged), "customer")), "Kunde");
    }
}
