//! A message as a mail server gets it: built of typed parts by lettre, so that names and addresses cannot add headers
//! or recipients.

use super::trouble::failure;
use crate::providers::{Mail, SmtpSettings};
use app::{
    brand::mail::with_logo,
    error::{DeliveryFailure, DeliveryFailureKind},
    language::types::Language,
};
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
};
use std::{
    error::Error,
    fmt::Display,
    time::{Duration, UNIX_EPOCH},
};

/// A message with its envelope.
pub struct Letter {
    /// The sender's address; its domain is ASCII.
    pub from: String,
    /// The recipient's, in the same way.
    pub to: String,
    /// Headers and body.
    pub bytes: Vec<u8>,
}

/// Says that no person wrote it, so that nobody's out-of-office reply comes back (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The language that it is written in (RFC 3282).
#[derive(Clone)]
struct ContentLanguage(Language);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        text.parse().map(Self).map_err(|()| "no language of ours".into())
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.as_str().to_owned())
    }
}

impl Letter {
    /// Writes a message. The same one has the same `Message-ID` and `Date`, however often it is sent.
    ///
    /// # Errors
    /// `RecipientRefused` for an address that mail cannot carry.
    pub fn of(via: &SmtpSettings, mail: &Mail<'_>) -> Result<Self, DeliveryFailure> {
        let bad = |error: &dyn Display| failure(DeliveryFailureKind::RecipientRefused, &error.to_string());
        // lettre panics at control characters in a name; forms refuse them already.
        let from_name: String = via.from_name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let from_name = (!from_name.is_empty()).then_some(from_name);
        let (from, to) = (address(&via.from_address)?, address(mail.to)?);
        let written_at = UNIX_EPOCH + Duration::from_secs(mail.written_at.try_into().unwrap_or_default());
        let message = Message::builder()
            .message_id(Some(format!("<{}@{}>", mail.id, from.domain())))
            .date(written_at)
            .from(Mailbox::new(from_name, from.clone()))
            .to(Mailbox::new(None, to.clone()));
        let message = if via.reply_to.is_empty() {
            message
        } else {
            message.reply_to(Mailbox::new(None, address(&via.reply_to)?))
        };
        let message = message
            .subject(mail.text.subject.clone())
            .header(AutoSubmitted)
            .header(ContentLanguage(mail.text.language))
            .multipart(body(mail, from.domain()))
            .map_err(|error| bad(&error))?;
        Ok(Self { from: from.to_string(), to: to.to_string(), bytes: message.formatted() })
    }

    /// Whether it needs a server that speaks SMTPUTF8: what stands before the @ has no other form (RFC 6531).
    pub fn needs_utf8(&self) -> bool {
        !self.from.is_ascii() || !self.to.is_ascii()
    }

    /// As it travels: lines end in CRLF alone, a dot at a line's beginning is doubled, and a line with one dot is the end
    /// (RFC 5321 §4.5.2).
    pub fn on_the_wire(&self) -> Vec<u8> {
        let mut wire = Vec::with_capacity(self.bytes.len() + 64);
        let mut bytes = self.bytes.iter().copied().peekable();
        let mut at_beginning = true;
        while let Some(byte) = bytes.next() {
            match byte {
                b'\r' | b'\n' => {
                    if byte == b'\r' {
                        bytes.next_if_eq(&b'\n');
                    }
                    wire.extend_from_slice(b"\r\n");
                    at_beginning = true;
                }
                _ => {
                    if byte == b'.' && at_beginning {
                        wire.push(b'.');
                    }
                    wire.push(byte);
                    at_beginning = false;
                }
            }
        }
        wire.extend_from_slice(if at_beginning { b".\r\n" } else { b"\r\n.\r\n" });
        wire
    }
}

/// Both forms of a message. A logo comes with it, so that nobody learns when and where it is read, as a part that the
/// HTML refers to by its id (RFC 2387, RFC 2392).
fn body(mail: &Mail<'_>, domain: &str) -> MultiPart {
    let (text, html) = (mail.text.text.clone(), &mail.text.html);
    let with_picture = mail.shown_logo().and_then(|logo| {
        let id = format!("logo.{}@{domain}", mail.id);
        let html = with_logo(html, &logo.picture, &format!("cid:{id}"))?;
        let kind = ContentType::parse(logo.media_type).ok()?;
        let picture = Attachment::new_inline_with_name(id, logo.picture.file.clone());
        let picture = picture.body(logo.contents.clone(), kind);
        Some(MultiPart::related().singlepart(SinglePart::html(html)).singlepart(picture))
    });
    match with_picture {
        Some(related) => MultiPart::alternative().singlepart(SinglePart::plain(text)).multipart(related),
        None => MultiPart::alternative_plain_html(text, html.clone()),
    }
}

/// An address with its domain in ASCII (RFC 5891).
fn address(text: &str) -> Result<Address, DeliveryFailure> {
    let bad = |error: &dyn Display| failure(DeliveryFailureKind::RecipientRefused, &format!("{text}: {error}"));
    let (local, domain) = text.rsplit_once('@').ok_or_else(|| bad(&"no address"))?;
    let domain = idna::domain_to_ascii(domain).map_err(|error| bad(&error))?;
    Address::new(local, domain).map_err(|error| bad(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(text: &str) -> String {
        let letter = Letter { from: String::new(), to: String::new(), bytes: text.into() };
        String::from_utf8(letter.on_the_wire()).expect("text")
    }

    #[test]
    fn no_line_of_a_message_is_its_end_and_no_line_end_is_ambiguous() {
        assert_eq!(wire("a\r\nb\r\n"), "a\r\nb\r\n.\r\n");
        assert_eq!(wire("a"), "a\r\n.\r\n");
        assert_eq!(wire(".\r\n..a\r\n"), "..\r\n...a\r\n.\r\n");
        assert_eq!(wire("a\n.\nb\r.\rc\r\r\n"), "a\r\n..\r\nb\r\n..\r\nc\r\n\r\n.\r\n");
        assert_eq!(wire(""), ".\r\n");
    }

    #[test]
    fn domains_are_ascii_on_the_way() {
        let found = address("carla@B\u{fc}cher.example").expect("an address");
        assert_eq!(found.to_string(), "carla@xn--bcher-kva.example");
        assert_eq!(address("m\u{fc}ller@example.org").expect("an address").to_string(), "m\u{fc}ller@example.org");
        for bad in ["", "a", "a@", "@b.example", "a b@c.example", "a@b.example\r\nRCPT TO:<x@y.example>", "a\r\n@b.c"] {
            let kind = address(bad).map(|_| ()).map_err(|failure| failure.kind);
            assert_eq!(kind, Err(DeliveryFailureKind::RecipientRefused), "{bad:?}");
        }
    }
}
