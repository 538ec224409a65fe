//! What goes wrong in a conversation with a mail server, and what kind of failure that is.

use super::reply::Reply;
use app::error::{DeliveryFailure, DeliveryFailureKind};
use std::io;

/// Where in the conversation it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before the server has greeted.
    Greeting,
    /// EHLO and STARTTLS.
    Hello,
    /// AUTH.
    SignIn,
    /// MAIL.
    Sender,
    /// RCPT.
    Recipient,
    /// DATA, before the message.
    Data,
    /// After the message: from here on the server may have taken it.
    Message,
}

/// What went wrong.
#[derive(Debug)]
pub enum Trouble {
    /// The server said no.
    Refused(Stage, Reply),
    /// The server said nothing for too long.
    Silent(Stage),
    /// The connection broke, or what came is no answer.
    Broken(Stage, io::Error),
    /// No connection to any address.
    Unreachable(String),
    /// TLS could not be agreed upon.
    Tls(String),
    /// There is a user name, and the server offers no sign-in that we know. What it offers.
    NoSignIn(String),
    /// The address needs SMTPUTF8 (RFC 6531), which the server does not offer.
    NoUnicode,
    /// The message is longer than the server takes.
    TooLarge(String),
}

impl Trouble {
    /// Whether the message certainly did not leave and a fresh connection may fare better.
    pub fn is_of_the_connection(&self) -> bool {
        match self {
            Self::Broken(stage, _) => *stage != Stage::Message,
            // The server closes the channel (RFC 5321 §3.8).
            Self::Refused(stage, reply) => *stage != Stage::Message && reply.code == 421,
            _ => false,
        }
    }

    /// The failure that people are told, with the server's own words.
    pub fn into_failure(self) -> DeliveryFailure {
        use DeliveryFailureKind::{AddressNotSupported, NoSignIn, Refused, TimedOut, Tls, TooLarge, Unreachable};
        let (kind, answer) = match self {
            Self::Refused(stage, reply) => (kind_of(stage, &reply), reply.text()),
            Self::Silent(stage) => (TimedOut, format!("no answer in time ({})", stage.words())),
            // It may have been taken, as after a silence.
            Self::Broken(Stage::Message, error) => (TimedOut, format!("no answer to the message: {error}")),
            Self::Broken(_, error) if error.kind() == io::ErrorKind::InvalidData => (Refused, error.to_string()),
            Self::Broken(stage, error) => (Unreachable, format!("{error} ({})", stage.words())),
            Self::Unreachable(answer) => (Unreachable, answer),
            Self::Tls(answer) => (Tls, answer),
            Self::NoSignIn(answer) => (NoSignIn, answer),
            Self::NoUnicode => (AddressNotSupported, "the server does not offer SMTPUTF8".to_owned()),
            Self::TooLarge(answer) => (TooLarge, answer),
        };
        failure(kind, &answer)
    }
}

impl Stage {
    const fn words(self) -> &'static str {
        match self {
            Self::Greeting => "waiting for the greeting",
            Self::Hello => "after EHLO",
            Self::SignIn => "after AUTH",
            Self::Sender => "after MAIL",
            Self::Recipient => "after RCPT",
            Self::Data => "after DATA",
            Self::Message => "after the message",
        }
    }
}

/// A failure whose words may stand on a page and in a log: without control characters, and not too long.
pub fn failure(kind: DeliveryFailureKind, answer: &str) -> DeliveryFailure {
    let answer = answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    DeliveryFailure { kind, answer: Some(answer) }
}

/// What a refusal is about. The enhanced status code says so (RFC 3463, RFC 5248); without one, the code and where it
/// came.
fn kind_of(stage: Stage, reply: &Reply) -> DeliveryFailureKind {
    use DeliveryFailureKind::{
        Authentication, Deferred, MailboxFull, Policy, RecipientRefused, Refused, Tls, TooLarge,
    };
    let temporary = reply.code < 500;
    let text = reply.text().to_lowercase();
    let (about_recipient, full) = (matches!(stage, Stage::Recipient | Stage::Message), text.contains("full"));
    match (reply.code, reply.enhanced()) {
        (530, _) if text.contains("starttls") => Tls,
        (530 | 534 | 535 | 538, _) | (454, _) if stage == Stage::SignIn || reply.code != 454 => Authentication,
        (500.., _) if stage == Stage::SignIn => Authentication,
        (_, Some((7, 8 | 9 | 11))) => Authentication,
        (_, Some((2, 3)) | Some((3, 4))) if !temporary => TooLarge,
        // "receiving mail too quickly" (4.2.1) passes; a full one stays full until its owner acts.
        (_, Some((2, 1))) if temporary => Deferred,
        (_, Some((2, _))) if about_recipient => MailboxFull,
        (452, None) if stage == Stage::Recipient && full => MailboxFull,
        _ if temporary => Deferred,
        // The sender's address (5.1.7 and 5.1.8) is none of the recipient's faults.
        (_, Some((1, 7 | 8))) => Refused,
        (_, Some((1, _))) if about_recipient => RecipientRefused,
        (_, Some((7, _))) => Policy,
        (_, Some(_)) => Refused,
        (552, None) if stage == Stage::Recipient || full => MailboxFull,
        (552, None) => TooLarge,
        (550 | 551 | 553 | 556, None) if stage == Stage::Recipient => RecipientRefused,
        _ => Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeliveryFailureKind::*;

    #[test]
    fn the_enhanced_code_says_what_a_refusal_is_about() {
        for (stage, code, text, wanted) in [
            (Stage::Recipient, 550, "5.1.1 no such mailbox", RecipientRefused),
            (Stage::Message, 550, "5.1.1 no such mailbox", RecipientRefused),
            (Stage::Recipient, 550, "no such mailbox", RecipientRefused),
            (Stage::Recipient, 553, "5.1.3 bad address", RecipientRefused),
            (Stage::Message, 550, "5.7.1 message rejected as spam", Policy),
            (Stage::Recipient, 550, "5.7.1 relaying denied", Policy),
            (Stage::Sender, 550, "5.7.26 unauthenticated sender", Policy),
            (Stage::Message, 550, "we do not like it", Refused),
            (Stage::Message, 554, "transaction failed", Refused),
            (Stage::Sender, 550, "5.1.8 bad sender's system address", Refused),
            (Stage::Sender, 501, "5.1.7 bad sender's mailbox address", Refused),
            (Stage::Recipient, 552, "5.2.2 mailbox full", MailboxFull),
            (Stage::Recipient, 452, "4.2.2 mailbox full", MailboxFull),
            (Stage::Recipient, 552, "quota", MailboxFull),
            (Stage::Recipient, 550, "5.2.1 mailbox disabled", MailboxFull),
            (Stage::Message, 552, "5.2.3 too long for this mailbox", TooLarge),
            (Stage::Message, 552, "5.3.4 message too big", TooLarge),
            (Stage::Sender, 552, "message size exceeds the limit", TooLarge),
            (Stage::Recipient, 450, "4.2.1 receiving mail too quickly", Deferred),
            (Stage::Recipient, 451, "4.7.1 greylisted", Deferred),
            (Stage::Recipient, 451, "try again later", Deferred),
            (Stage::Message, 452, "4.3.1 insufficient storage", Deferred),
            (Stage::Greeting, 421, "4.3.2 shutting down", Deferred),
            (Stage::SignIn, 421, "too many connections", Deferred),
            (Stage::SignIn, 535, "5.7.8 wrong password", Authentication),
            (Stage::SignIn, 535, "wrong password", Authentication),
            (Stage::SignIn, 454, "4.7.0 temporary failure", Authentication),
            (Stage::SignIn, 554, "no", Authentication),
            (Stage::Sender, 530, "5.7.0 authentication required", Authentication),
            (Stage::Sender, 550, "5.7.8 sign in first", Authentication),
            (Stage::Sender, 530, "5.7.0 Must issue a STARTTLS command first", Tls),
            (Stage::Greeting, 554, "no service here", Refused),
        ] {
            let reply = Reply { code, lines: vec![text.to_owned()] };
            assert_eq!(kind_of(stage, &reply), wanted, "{stage:?} {code} {text}");
        }
    }

    #[test]
    fn what_broke_after_the_message_may_have_been_taken() {
        let broken = |stage| Trouble::Broken(stage, io::ErrorKind::ConnectionReset.into());
        assert_eq!(broken(Stage::Message).into_failure().kind, TimedOut);
        assert!(!broken(Stage::Message).is_of_the_connection());
        assert_eq!(broken(Stage::Data).into_failure().kind, Unreachable);
        assert!(broken(Stage::Data).is_of_the_connection());
    }

    #[test]
    fn answers_lose_what_belongs_on_no_page() {
        let answer = failure(Refused, &format!("a\r\nb\u{7}{}", "x".repeat(400))).answer.expect("an answer");
        assert!(answer.starts_with("a  b x") && answer.chars().count() == 300);
    }
}
