//! An SMTP server on loopback that keeps what arrives.

use app::demo_texts as texts;
use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::{Message, MessageParser, MimeHeaders};
use mailin::{Action, Handler, Response, SessionBuilder, response};
use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Read, Write},
    net::{IpAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// How many messages are kept.
const MOST: usize = 200;
/// The longest line, in bytes; RFC 5321, section 4.5.3.1.6, asks for a thousand at least.
const LINE_BYTES: u64 = 64 * 1024;
/// How long a client may be silent, see RFC 5321, section 4.5.3.2.7.
const SILENCE: Duration = Duration::from_secs(5 * 60);
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
            html: html_of(&message),
        });
    }
}

/// The HTML form, with the pictures that came along in place of their ids.
fn html_of(message: &Message<'_>) -> String {
    let mut html = message.body_html(0).unwrap_or_default().into_owned();
    for part in &message.parts {
        let kind = part.content_type().and_then(|kind| Some((kind.ctype(), kind.subtype()?)));
        if let Some((id, (kind, subtype))) = part.content_id().zip(kind) {
            let address = format!("data:{kind}/{subtype};base64,{}", STANDARD.encode(part.contents()));
            html = html.replace(&format!("cid:{id}"), &address);
        }
    }
    html
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
/// When no thread can be started.
pub fn listen(listener: TcpListener, mailbox: Mailbox) -> io::Result<()> {
    let serve = move || {
        for stream in listener.incoming() {
            let mailbox = mailbox.clone();
            // A client that keeps its connection keeps its thread.
            let taken = stream.and_then(|stream| {
                thread::Builder::new().name("demo-smtp".to_owned()).spawn(move || converse(&stream, mailbox))
            });
            if let Err(error) = taken {
                tracing::warn!(%error, "the demo's mail server could not take a connection");
            }
        }
    };
    thread::Builder::new().name("demo-smtp".to_owned()).spawn(serve).map(|_| ())
}

/// Answers one client line by line, until it quits or hangs up.
fn converse(stream: &TcpStream, mailbox: Mailbox) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    let handler = Conversation { mailbox, to: Vec::new(), data: Vec::new() };
    let mut session = SessionBuilder::new("demo.localhost").build(stream.peer_addr()?.ip(), handler);
    let mut reader = BufReader::new(stream);
    answer(stream, &session.greeting())?;
    let mut line = Vec::new();
    loop {
        line.clear();
        (&mut reader).take(LINE_BYTES).read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok(());
        }
        let response = session.process(&line);
        if response.action != Action::NoReply {
            answer(stream, &response)?;
        }
        if response.action == Action::Close {
            return Ok(());
        }
    }
}

fn answer(mut stream: &TcpStream, response: &Response) -> io::Result<()> {
    stream.write_all(&response.buffer()?)
}
