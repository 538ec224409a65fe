//! Sends mail over SMTP with lettre.

use super::{MailSender, SmtpSettings};
use app::{
    delivery::message::MessageText,
    error::{DeliveryFailure, DeliveryFailureKind},
    services::types::Encryption,
    validate::is_link_local,
};
use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp::{
        Error as SmtpError,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use std::{fmt::Display, io, net::IpAddr, time::Duration};

/// How long one step of the conversation may take.
const STEP: Duration = Duration::from_secs(4);
/// How long the whole delivery may take: somebody looks at a page meanwhile.
const WHOLE: Duration = Duration::from_secs(6);

/// Sends mail over SMTP.
pub struct SmtpSender;

#[async_trait]
impl MailSender for SmtpSender {
    async fn send(
        &self,
        via: &SmtpSettings,
        password: Option<&str>,
        to: &str,
        text: &MessageText,
    ) -> Result<(), DeliveryFailure> {
        tokio::time::timeout(WHOLE, send(via, password, to, text)).await.unwrap_or_else(|_| Err(timed_out()))
    }
}

async fn send(via: &SmtpSettings, password: Option<&str>, to: &str, text: &MessageText) -> Result<(), DeliveryFailure> {
    let message = message(via, to, text)?;
    transport(via, password).await?.send(message).await.map(|_| ()).map_err(|error| explain(&error))
}

/// Connects, agrees on encryption and signs in as a delivery does, and sends nothing.
///
/// # Errors
/// Why a delivery would fail.
pub async fn probe(via: &SmtpSettings, password: Option<&str>) -> Result<(), DeliveryFailure> {
    let whole = async {
        let answers = transport(via, password).await?.test_connection().await.map_err(|error| explain(&error))?;
        let silent = || failure(DeliveryFailureKind::Refused, "it does not answer NOOP".to_owned());
        if answers { Ok(()) } else { Err(silent()) }
    };
    tokio::time::timeout(WHOLE, whole).await.unwrap_or_else(|_| Err(timed_out()))
}

fn timed_out() -> DeliveryFailure {
    failure(DeliveryFailureKind::TimedOut, format!("no answer within {} s", WHOLE.as_secs()))
}

async fn transport(
    via: &SmtpSettings,
    password: Option<&str>,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, DeliveryFailure> {
    let address = resolve(&via.host, via.port).await?;
    let tls = match via.encryption {
        Encryption::None => Tls::None,
        Encryption::StartTls => Tls::Required(tls_parameters(&via.host)?),
        Encryption::Tls => Tls::Wrapper(tls_parameters(&via.host)?),
    };
    // Connects to the address that was looked at, while the certificate has to be the host's.
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.to_string())
        .port(via.port)
        .tls(tls)
        .timeout(Some(STEP));
    if !via.user_name.is_empty() {
        let password = password.unwrap_or_default().to_owned();
        transport = transport.credentials(Credentials::new(via.user_name.clone(), password));
    }
    Ok(transport.build())
}

/// Builds the message from typed parts: names and addresses cannot add headers or recipients.
fn message(via: &SmtpSettings, to: &str, text: &MessageText) -> Result<Message, DeliveryFailure> {
    let bad = |error: &dyn Display| failure(DeliveryFailureKind::RecipientRefused, error.to_string());
    // lettre panics at control characters in a name; forms refuse them already.
    let from_name: String = via.from_name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let from_name = (!from_name.is_empty()).then_some(from_name);
    Message::builder()
        .from(Mailbox::new(from_name, via.from_address.parse().map_err(|e| bad(&e))?))
        .to(Mailbox::new(None, to.parse().map_err(|e| bad(&e))?))
        .subject(text.subject.clone())
        .multipart(MultiPart::alternative_plain_html(text.text.clone(), text.html.clone()))
        .map_err(|e| bad(&e))
}

async fn resolve(host: &str, port: u16) -> Result<IpAddr, DeliveryFailure> {
    let found = tokio::net::lookup_host((host, port))
        .await
        .map_err(|e| failure(DeliveryFailureKind::Unreachable, e.to_string()))?;
    let mut allowed = found.map(|address| address.ip()).filter(|ip| !is_link_local(*ip));
    allowed.next().ok_or_else(|| failure(DeliveryFailureKind::Unreachable, format!("{host} has no usable address")))
}

fn tls_parameters(host: &str) -> Result<TlsParameters, DeliveryFailure> {
    TlsParameters::new_rustls(host.to_owned()).map_err(|e| failure(DeliveryFailureKind::Tls, e.to_string()))
}

/// Sorts lettre's error into the kinds that people are told, and keeps the server's own words.
fn explain(error: &SmtpError) -> DeliveryFailure {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    // rustls tells by this kind that what came is no TLS.
    let no_tls = std::iter::successors(std::error::Error::source(error), |inner| inner.source())
        .filter_map(|inner| inner.downcast_ref::<io::Error>())
        .any(|inner| inner.kind() == io::ErrorKind::InvalidData);
    let code = error.status().map(u16::from);
    let kind = match code {
        Some(530 | 534 | 535 | 538 | 454) => DeliveryFailureKind::Authentication,
        // 450 is none of them: who asks to be tried again later may take it then.
        Some(550 | 551 | 552 | 553 | 556) => DeliveryFailureKind::RecipientRefused,
        Some(_) => DeliveryFailureKind::Refused,
        None if error.is_timeout() => DeliveryFailureKind::TimedOut,
        None if no_tls || error.is_tls() || text.contains("certificate") || text.contains("TLS") => {
            DeliveryFailureKind::Tls
        }
        None if text.to_lowercase().contains("starttls") => DeliveryFailureKind::Tls,
        None if error.is_client() => DeliveryFailureKind::Refused,
        None => DeliveryFailureKind::Unreachable,
    };
    failure(kind, text)
}

fn failure(kind: DeliveryFailureKind, answer: String) -> DeliveryFailure {
    // Control characters of a server's answer belong neither into a page nor into a log.
    let answer = answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    DeliveryFailure { kind, answer: Some(answer) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{Mailbox, listen};
    use app::challenge::message::code_message;
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpListener,
        thread,
        time::Instant,
    };

    fn via(port: u16, encryption: Encryption) -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port,
            encryption,
            user_name: String::new(),
            from_address: "no-reply@example.org".to_owned(),
            from_name: "Configio\r\nBcc: x@y.example".to_owned(),
        }
    }

    fn listener() -> (TcpListener, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        (listener, port)
    }

    async fn deliver(via: &SmtpSettings, to: &str) -> Result<(), DeliveryFailure> {
        SmtpSender.send(via, None, to, &code_message("Configio", "012345", "BCD", 10)).await
    }

    /// A server that answers each line as told, and then closes.
    fn scripted(answers: &'static [&'static str]) -> u16 {
        let (listener, port) = listener();
        thread::spawn(move || {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
            for (n, answer) in answers.iter().enumerate() {
                if n > 0 && lines.next().is_none() {
                    return;
                }
                let _ = stream.write_all(format!("{answer}\r\n").as_bytes());
            }
        });
        port
    }

    #[tokio::test]
    async fn a_message_arrives_whole_and_its_names_add_no_headers() {
        let (listener, port) = listener();
        let mailbox = Mailbox::default();
        listen(listener, mailbox.clone()).expect("listens");
        deliver(&via(port, Encryption::None), "carla@example.org").await.expect("delivered");
        let mails = mailbox.all();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "carla@example.org", "nobody else receives it");
        assert!(mails[0].subject.contains("BCD"));
        assert!(mails[0].text.contains("012345") && mails[0].html.contains("012345"));
    }

    #[tokio::test]
    async fn every_kind_of_failure_is_told_apart_within_seconds() {
        let refuses = scripted(&["220 hi", "250 hi", "250 ok", "550 5.1.1 no such mailbox"]);
        let closes = scripted(&[]);
        let no_tls = scripted(&["220 hi", "250 hi"]);
        let not_tls = scripted(&["220 hi", "220 hi"]);
        let (silent, silent_port) = listener();
        let (dead, dead_port) = listener();
        drop(dead);
        for (port, encryption, kind) in [
            (refuses, Encryption::None, DeliveryFailureKind::RecipientRefused),
            (closes, Encryption::None, DeliveryFailureKind::Unreachable),
            (no_tls, Encryption::StartTls, DeliveryFailureKind::Tls),
            (not_tls, Encryption::Tls, DeliveryFailureKind::Tls),
            (silent_port, Encryption::None, DeliveryFailureKind::TimedOut),
            (dead_port, Encryption::None, DeliveryFailureKind::Unreachable),
        ] {
            let begun = Instant::now();
            let failure = deliver(&via(port, encryption), "carla@example.org").await.expect_err("fails");
            assert_eq!(failure.kind, kind, "{:?}", failure.answer);
            assert!(failure.answer.is_some_and(|answer| !answer.is_empty()));
            assert!(begun.elapsed() < WHOLE + Duration::from_secs(2));
        }
        drop(silent);
    }

    #[tokio::test]
    async fn the_servers_own_words_are_kept() {
        let port = scripted(&["220 hi", "250 hi", "250 ok", "550 5.1.1 no such mailbox"]);
        let failure = deliver(&via(port, Encryption::None), "carla@example.org").await.expect_err("fails");
        assert!(failure.answer.expect("an answer").contains("no such mailbox"));
    }

    #[tokio::test]
    async fn link_local_addresses_are_never_contacted() {
        let settings = SmtpSettings { host: "169.254.169.254".to_owned(), ..via(25, Encryption::None) };
        let failure = deliver(&settings, "carla@example.org").await.expect_err("fails");
        assert_eq!(failure.kind, DeliveryFailureKind::Unreachable);
        assert!(failure.answer.is_some_and(|answer| answer.ends_with("no usable address")), "it was tried");
    }
}
