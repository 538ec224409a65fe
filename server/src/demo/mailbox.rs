//! An SMTP server on loopback that keeps what arrives.

use app::demo_texts as texts;
use mail_parser::MessageParser;
use mailin_embedded::{Handler, Response, Server, SslConfig, response};
use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// How many messages are kept.
const MOST: usize = 200;
/// How many connections are served at a time.
const THREADS: u32 = 32;
/// The largest message, in bytes.
const MESSAGE_BYTES: usize = 1024 * 1024;

/// A message as it arrived.
#[derive(Clone)]
pub struct Mail {
    /// Counts up.
    pub number: u64,
    /// The sender, as written in the message.
    pub from: String,
    /// The recipients of the envelope.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// The HTML form; a text message has none.
    pub html: String,
}

/// What arrived, newest first.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<Mail>>>);

impl Mailbox {
    /// All messages, newest first.
    pub fn all(&self) -> Vec<Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Keeps a text message.
    pub fn put_text(&self, to: String, text: String) {
        self.keep(Mail {
            number: 0,
            from: texts::text_message(),
            to,
            subject: texts::text_message(),
            text,
            html: String::new(),
        });
    }

    fn keep(&self, mail: Mail) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = all.front().map_or(1, |last| last.number + 1);
        all.push_front(Mail { number, ..mail });
        all.truncate(MOST);
    }

    fn put(&self, to: &[String], raw: &[u8]) {
        let Some(message) = MessageParser::default().parse(raw) else { return };
        let from = message.from().and_then(|from| from.first()).map(|from| match from.name() {
            Some(name) => format!("{name} <{}>", from.address().unwrap_or_default()),
            None => from.address().unwrap_or_default().to_owned(),
        });
        self.keep(Mail {
            number: 0,
            from: from.unwrap_or_default(),
            to: to.join(", "),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
        });
    }
}

/// One conversation.
#[derive(Clone)]
struct Conversation {
    mailbox: Mailbox,
    to: Vec<String>,
    data: Vec<u8>,
}

impl Handler for Conversation {
    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, to: &[String]) -> Response {
        to.clone_into(&mut self.to);
        self.data.clear();
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        if self.data.len() + line.len() > MESSAGE_BYTES {
            return Err(io::Error::other("the message is too large"));
        }
        self.data.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.mailbox.put(&self.to, &self.data);
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        // A way to see in the demo what a refusal looks like.
        if to.starts_with("nobody@") { response::NO_MAILBOX } else { response::OK }
    }

    fn mail(&mut self, _ip: IpAddr, _domain: &str, _from: &str) -> Response {
        response::OK
    }
}

/// Serves the listener in the background for as long as the process lives.
///
/// # Errors
/// When the server cannot be started.
pub fn listen(listener: TcpListener, mailbox: Mailbox) -> io::Result<()> {
    let mut server = Server::new(Conversation { mailbox, to: Vec::new(), data: Vec::new() });
    // A connection that is kept has a thread of its own.
    server.with_name("demo.localhost").with_tcp_listener(listener).with_num_threads(THREADS);
    server.with_ssl(SslConfig::None).map_err(|error| io::Error::other(error.to_string()))?;
    let serve = move || {
        if let Err(error) = server.serve() {
            tracing::error!(%error, "the demo's mail server ended");
        }
    };
    thread::Builder::new().name("demo-smtp".to_owned()).spawn(serve).map(|_| ())
}
