//! What messages share, and the messages that announce changes to an account (ASVS 6.3.7).

use serde::{Deserialize, Serialize};

/// A message in both its forms.
#[derive(Clone, Serialize, Deserialize)]
pub struct MessageText {
    /// The subject line.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// The HTML form.
    pub html: String,
}

/// Without what it says: it may be a code.
impl std::fmt::Debug for MessageText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageText").finish_non_exhaustive()
    }
}

/// The events that an account gets a message about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A secondary authentication entry was added.
    EntryAdded,
    /// A secondary authentication entry was removed.
    EntryRemoved,
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
    /// The address was changed; the old address gets the message as well.
    EmailChanged,
    /// Someone asked for a link to this address to use it for another account.
    AddressInUse,
    /// An administrator reset the second factor.
    FactorReset,
    /// An administrator opened the lock.
    Unlocked,
    /// An administrator disabled the account.
    Disabled,
    /// An administrator enabled the account again.
    Enabled,
    /// An administrator ended the sessions.
    SessionsEnded,
}

/// The message that announces a change. It has no link, so that people do not learn to follow links in such messages.
pub fn notice_message(brand: &str, notice: Notice, time: &str) -> MessageText {
    let what = match notice {
        Notice::EntryAdded => tr!(notice.entry_added),
        Notice::EntryRemoved => tr!(notice.entry_removed),
        Notice::RecoveryCodesMade => tr!(notice.recovery_codes_made),
        Notice::RecoveryCodeUsed(left) => tr!(notice.recovery_code_used, count = left),
        Notice::HelpdeskCodeIssued => tr!(notice.helpdesk_code_issued),
        Notice::HelpdeskCodeUsed => tr!(notice.helpdesk_code_used),
        Notice::PasskeyCopied => tr!(passkey.copied_notice),
        Notice::PasswordChanged => tr!(notice.password_changed),
        Notice::EmailChanged => tr!(notice.email_changed),
        Notice::AddressInUse => tr!(notice.address_in_use),
        Notice::FactorReset => tr!(notice.factor_reset),
        Notice::Unlocked => tr!(notice.unlocked),
        Notice::Disabled => tr!(notice.disabled),
        Notice::Enabled => tr!(notice.enabled),
        Notice::SessionsEnded => tr!(notice.sessions_ended),
    };
    let subject = tr!(notice.subject, brand = brand.to_owned());
    let when = tr!(notice.time, time = time.to_owned());
    let advice = tr!(notice.advice);
    plain_message(brand, subject, &[&what, &when, &advice])
}

/// What an administrator did to what protects everybody.
pub struct Change<'a> {
    /// The brand.
    pub brand: &'a str,
    /// What was done, by its name in the audit log.
    pub what: &'a str,
    /// To what or whom.
    pub about: Option<&'a str>,
    /// More, in plain words. No secret.
    pub details: Option<&'a str>,
    /// The administrator's address.
    pub who: &'a str,
    /// The client's address.
    pub address: &'a str,
    /// When, UTC.
    pub time: &'a str,
}

/// The message that tells all administrators of it. It has no link either.
pub fn change_message(change: &Change<'_>) -> MessageText {
    let Change { brand, what, about, details, who, address, time } = *change;
    let about = [about, details].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let what = if about.is_empty() { what.to_owned() } else { format!("{what}: {about}") };
    let subject = tr!(notice.change_subject, brand = brand.to_owned());
    let intro = tr!(notice.change_intro, brand = brand.to_owned());
    let by = tr!(notice.change_by, who = who.to_owned(), address = address.to_owned());
    let when = tr!(notice.time, time = time.to_owned());
    let advice = tr!(notice.change_advice);
    plain_message(brand, subject, &[&intro, &what, &by, &when, &advice])
}

/// A service provider that is left alone for a while.
pub struct Paused<'a> {
    /// The brand.
    pub brand: &'a str,
    /// The provider's title.
    pub title: &'a str,
    /// What is wrong with it.
    pub reason: &'a str,
    /// When, UTC.
    pub time: &'a str,
}

/// The message that tells all administrators of it. It has no link either.
pub fn paused_message(paused: &Paused<'_>) -> MessageText {
    let Paused { brand, title, reason, time } = *paused;
    let subject = tr!(notice.paused_subject, brand = brand.to_owned());
    let intro = tr!(notice.paused_intro, title = title.to_owned(), brand = brand.to_owned());
    let when = tr!(notice.time, time = time.to_owned());
    plain_message(brand, subject, &[&intro, reason, &when, &tr!(notice.paused_advice)])
}

/// A message of some paragraphs.
pub fn plain_message(brand: &str, subject: String, paragraphs: &[&str]) -> MessageText {
    let html: String = paragraphs.iter().map(|text| format!("<p>{}</p>", escape(text))).collect();
    MessageText { subject, text: format!("{}\n", paragraphs.join("\n\n")), html: page(brand, &html) }
}

/// A message with one link, on a line of its own and with its full address.
pub fn link_message(brand: &str, subject: String, intro: &str, link: &str, more: &[&str]) -> MessageText {
    let paragraphs = |texts: &[&str]| texts.iter().map(|text| format!("<p>{}</p>", escape(text))).collect::<String>();
    let anchor = format!("<p><a href=\"{link}\" style=\"word-break:break-all\">{link}</a></p>", link = escape(link));
    let html = page(brand, &format!("{}{anchor}{}", paragraphs(&[intro]), paragraphs(more)));
    MessageText { subject, text: format!("{intro}\n\n{link}\n\n{}\n", more.join("\n\n")), html }
}

/// The document around a message's HTML.
pub fn page(brand: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{brand}</title></head>\
         <body style=\"margin:0;padding:32px 16px;background:#f4f6f9;font:16px/1.5 system-ui,sans-serif;color:#16202c\">\
         <div style=\"max-width:480px;margin:auto;padding:32px;background:#fff;border-radius:12px\">\
         <p style=\"font-weight:700;margin-top:0\">{brand}</p>{body}</div></body></html>",
        brand = escape(brand)
    )
}

/// Text, escaped for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
