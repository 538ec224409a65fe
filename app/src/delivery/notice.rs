//! What an account is told about itself (ASVS 6.3.7).

use super::message::MessageText;
use crate::{
    audit::types::Action,
    language::types::Language,
    message_templates::{defaults::written, types::Message},
};

/// The events that an account gets a message about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A secondary authentication entry was added.
    EntryAdded,
    /// A secondary authentication entry was removed.
    EntryRemoved,
    /// An administrator brought an entry back that was deleted.
    EntryRestored,
    /// A new set of recovery codes was made.
    RecoveryCodesMade,
    /// A recovery code was used; so many are left.
    RecoveryCodeUsed(u32),
    /// An administrator issued a helpdesk code.
    HelpdeskCodeIssued,
    /// A helpdesk code was used.
    HelpdeskCodeUsed,
    /// A passkey answered that may have been copied.
    PasskeyCopied,
    /// The password was changed.
    PasswordChanged,
    /// The address was changed: told to the old one.
    EmailChanged,
    /// The same, told to the new one.
    EmailIsNew,
    /// Someone asked for a link to this address to use it for another account.
    AddressInUse,
    /// A browser became a trusted device.
    DeviceTrusted,
    /// Wrong codes locked the second factor for a while. Whoever entered them has the password.
    FactorLocked,
    /// Wrong codes locked the second factor until it is reset.
    FactorDisabled,
    /// Wrong passwords keep out those who entered them, for so many minutes.
    SignInLocked(u32),
    /// The password was right and the code never came, so many times.
    Unfinished(u32),
    /// An administrator reset the second factor.
    FactorReset,
    /// An administrator opened the lock.
    Unlocked,
    /// An administrator disabled the account.
    Disabled,
    /// An administrator enabled the account again.
    Enabled,
    /// An administrator deleted the account.
    Deleted,
    /// An administrator ended the sessions.
    SessionsEnded,
    /// The one at an earlier address said that this one is not theirs, so the account is disabled.
    OnHold,
}

impl Notice {
    /// What was done in the account's name, by its name in the audit log. Its owner may say that it was someone else,
    /// by the link that such a notice has. Nothing for what others did, or what gave nothing away.
    pub const fn action(self) -> Option<Action> {
        Some(match self {
            Self::EntryAdded => Action::EntryAdded,
            Self::EntryRemoved => Action::EntryRemoved,
            Self::RecoveryCodesMade => Action::RecoveryCodesMade,
            Self::RecoveryCodeUsed(_) => Action::RecoveryCodeUsed,
            Self::HelpdeskCodeUsed => Action::HelpdeskCodeUsed,
            Self::PasskeyCopied => Action::CodeRefused,
            Self::PasswordChanged => Action::PasswordChanged,
            Self::EmailChanged => Action::EmailChanged,
            Self::DeviceTrusted => Action::DeviceTrusted,
            Self::FactorLocked => Action::FactorLocked,
            Self::FactorDisabled => Action::FactorDisabled,
            Self::Unfinished(_) => Action::SignInUnfinished,
            Self::HelpdeskCodeIssued
            | Self::EmailIsNew
            | Self::AddressInUse
            | Self::SignInLocked(_)
            | Self::EntryRestored
            | Self::FactorReset
            | Self::Unlocked
            | Self::Disabled
            | Self::Enabled
            | Self::Deleted
            | Self::SessionsEnded
            | Self::OnHold => return None,
        })
    }

    /// What happened, in a sentence.
    fn sentence(self) -> String {
        match self {
            Self::EntryAdded => tr!(notice.entry_added),
            Self::EntryRemoved => tr!(notice.entry_removed),
            Self::EntryRestored => tr!(notice.entry_restored),
            Self::RecoveryCodesMade => tr!(notice.recovery_codes_made),
            Self::RecoveryCodeUsed(left) => tr!(notice.recovery_code_used, count = left),
            Self::HelpdeskCodeIssued => tr!(notice.helpdesk_code_issued),
            Self::HelpdeskCodeUsed => tr!(notice.helpdesk_code_used),
            Self::PasskeyCopied => tr!(passkey.copied_notice),
            Self::PasswordChanged => tr!(notice.password_changed),
            Self::EmailChanged => tr!(notice.email_changed),
            Self::EmailIsNew => tr!(notice.email_is_new),
            Self::AddressInUse => tr!(notice.address_in_use),
            Self::DeviceTrusted => tr!(notice.device_trusted),
            Self::FactorLocked => tr!(notice.factor_locked),
            Self::FactorDisabled => tr!(notice.factor_disabled),
            Self::SignInLocked(minutes) => tr!(notice.sign_in_locked, count = minutes),
            Self::Unfinished(times) => tr!(notice.unfinished, count = times),
            Self::FactorReset => tr!(notice.factor_reset),
            Self::Unlocked => tr!(notice.unlocked),
            Self::Disabled => tr!(notice.disabled),
            Self::Enabled => tr!(notice.enabled),
            Self::Deleted => tr!(notice.deleted),
            Self::SessionsEnded => tr!(notice.sessions_ended),
            Self::OnHold => tr!(notice.on_hold),
        }
    }
}

/// A notice with everything that it says.
pub struct Told<'a> {
    /// The reader's language.
    pub language: Language,
    /// The brand.
    pub brand: &'a str,
    /// What happened.
    pub notice: Notice,
    /// When, UTC.
    pub time: &'a str,
    /// From which address, and in which browser in short words, where the account was used. A browser that is none we
    /// know is not named: its description is a text of whoever sits there.
    pub place: Option<(&'a str, Option<&'a str>)>,
    /// Where its owner says that it was someone else.
    pub link: Option<&'a str>,
}

/// The message of a notice.
pub fn notice_message(told: &Told<'_>) -> MessageText {
    let Told { language, brand, notice, time, place, link } = *told;
    language.speak(|| {
        let mut details = tr!(notice.time, time = language.moment(time));
        if let Some((address, browser)) = place {
            let browser = browser.map_or_else(|| tr!(notice.unknown_browser), str::to_owned);
            details.push(' ');
            details.push_str(&tr!(notice.place, address = address.to_owned(), browser = browser));
        }
        let advice = match (link, notice) {
            (Some(_), _) => tr!(notice.not_me),
            (None, Notice::SignInLocked(_)) => tr!(notice.sign_in_locked_advice),
            (None, Notice::OnHold) => tr!(notice.on_hold_advice),
            (None, _) => tr!(notice.advice),
        };
        let mut values =
            vec![("brand", brand.to_owned()), ("what", notice.sentence()), ("details", details), ("advice", advice)];
        let Some(link) = link else { return written(Message::Notice, values) };
        values.extend([("link", link.to_owned()), ("lifetime", tr!(notice.not_me_lifetime))]);
        written(Message::Disputed, values)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_when_from_where_and_what_to_do_and_adds_no_markup() {
        let link = "https://id.example.org/not-me/abc";
        let told = Told {
            language: Language::En,
            brand: "Acme <Sons>",
            notice: Notice::DeviceTrusted,
            time: "2026-01-01 00:00",
            place: Some(("203.0.113.7", Some("Firefox on <Linux>"))),
            link: Some(link),
        };
        let message = notice_message(&told);
        for part in [&message.text, &message.html] {
            for words in ["trusted", "Jan 1, 2026 12:00 AM UTC", "203.0.113.7", "Firefox on", "If not", "7 days"] {
                assert!(part.contains(words), "{words} is missing: {part}");
            }
        }
        assert!(message.text.lines().any(|line| line == link), "the link stands on a line of its own");
        assert_eq!(message.html.matches("<a ").count(), 1);
        assert!(message.html.contains("&lt;Linux&gt;") && !message.html.contains("<Linux>"));
        let unknown = notice_message(&Told { place: Some(("203.0.113.7", None)), link: None, ..told });
        assert!(unknown.text.contains("203.0.113.7, an unknown browser") && !unknown.text.contains("http"));
    }
}
