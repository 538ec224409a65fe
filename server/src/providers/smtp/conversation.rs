//! One conversation with a mail server (RFC 5321), from the greeting to the answer to the message. Each step has a time
//! of its own, so that a slow server is not a broken one.

use super::{
    letter::Letter,
    reply::{self, Reply},
    trouble::{
        Stage::{self, Data, Greeting, Hello, Message, Recipient, Sender, SignIn},
        Trouble,
    },
};
use crate::{
    platform::reach::{self, Reach},
    providers::{SmtpSettings, tls::client_config},
};
use app::{error::DeliveryFailure, services::types::Encryption};
use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::pki_types::ServerName;
use std::{net::IpAddr, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// How long each step may take.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Until a connection stands, and for TLS.
    pub connect: Duration,
    /// Until the server greets.
    pub greeting: Duration,
    /// Until a command is answered.
    pub command: Duration,
    /// Until DATA is answered.
    pub data: Duration,
    /// Until the message is written.
    pub block: Duration,
    /// Until the message is answered.
    pub message: Duration,
}

impl Times {
    /// As RFC 5321 §4.5.3.2 asks for; it says nothing about the first one.
    pub const PATIENT: Self = Self {
        connect: Duration::from_secs(30),
        greeting: Duration::from_secs(300),
        command: Duration::from_secs(300),
        data: Duration::from_secs(120),
        block: Duration::from_secs(180),
        message: Duration::from_secs(600),
    };
}

/// Who we say we are (RFC 5321 §4.1.1.1): a full name, or an address where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A full name, or an address in brackets.
    Full(String),
    /// The address of our end of the connection.
    OwnAddress,
}

impl Name {
    /// A provider's own, where it has one.
    pub fn of_provider(via: &SmtpSettings) -> Option<Self> {
        let name = via.ehlo_name.trim_end_matches('.');
        (!name.is_empty()).then(|| Self::Full(name.parse().map_or_else(|_| name.to_owned(), literal)))
    }

    /// The host of the public address.
    pub fn of(public_url: &Url) -> Self {
        match public_url.host() {
            Some(Host::Domain(name)) if name.trim_end_matches('.').contains('.') => {
                Self::Full(name.trim_end_matches('.').to_owned())
            }
            Some(Host::Ipv4(ip)) => Self::Full(literal(ip.into())),
            Some(Host::Ipv6(ip)) => Self::Full(literal(ip.into())),
            _ => Self::OwnAddress,
        }
    }
}

/// An address as EHLO has it (RFC 5321 §4.1.3).
fn literal(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => format!("[{ip}]"),
        IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
    }
}

/// What a server offers.
#[derive(Debug, Default)]
struct Offers {
    starttls: bool,
    pipelining: bool,
    eight_bit: bool,
    utf8: bool,
    /// The longest message, in bytes, where it says one.
    size: Option<usize>,
    /// The ways to sign in, in capitals.
    sign_in: Vec<String>,
}

impl Offers {
    fn of(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            // Old servers write AUTH=LOGIN.
            let line = line.to_uppercase().replacen("AUTH=", "AUTH ", 1);
            let mut words = line.split_whitespace();
            match words.next() {
                Some("STARTTLS") => offers.starttls = true,
                Some("PIPELINING") => offers.pipelining = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("SIZE") => offers.size = words.next().and_then(|size| size.parse().ok()).filter(|size| *size > 0),
                Some("AUTH") => offers.sign_in.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        offers
    }
}

/// A connection, encrypted or not.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A conversation that stands: greeted, encrypted as asked for, and signed in.
pub struct Conversation {
    stream: BufReader<Box<dyn Stream>>,
    offers: Offers,
    times: Times,
}

impl Conversation {
    /// Connects, agrees on encryption and signs in.
    ///
    /// # Errors
    /// Where that fails, or takes too long.
    pub async fn open(
        via: &SmtpSettings,
        password: Option<&str>,
        name: &Name,
        allowed: &Reach,
        times: Times,
    ) -> Result<Self, DeliveryFailure> {
        let addresses = allowed.addresses(&via.host, via.port).await?;
        let unreachable = |error: &dyn std::fmt::Display| Trouble::Unreachable(error.to_string()).into_failure();
        let connecting = timeout(times.connect, reach::connect(&addresses)).await;
        let tcp =
            connecting.map_err(|_| Trouble::Silent(Greeting).into_failure())?.map_err(|error| unreachable(&error))?;
        let name = match Name::of_provider(via).as_ref().unwrap_or(name) {
            Name::Full(name) => name.clone(),
            Name::OwnAddress => literal(tcp.local_addr().map_err(|error| unreachable(&error))?.ip()),
        };
        Self::begin(via, password, &name, tcp, times).await.map_err(Trouble::into_failure)
    }

    async fn begin(
        via: &SmtpSettings,
        password: Option<&str>,
        name: &str,
        tcp: TcpStream,
        times: Times,
    ) -> Result<Self, Trouble> {
        let stream: Box<dyn Stream> = match via.encryption {
            Encryption::Tls => encrypt(Box::new(tcp), via, times).await?,
            Encryption::None | Encryption::StartTls => Box::new(tcp),
        };
        let mut this = Self { stream: BufReader::new(stream), offers: Offers::default(), times };
        this.answer(Greeting, times.greeting).await?;
        this.hello(name).await?;
        if via.encryption == Encryption::StartTls {
            if !this.offers.starttls {
                return Err(Trouble::Tls("the server does not offer STARTTLS".to_owned()));
            }
            this.command(Hello, "STARTTLS").await?;
            if !this.stream.buffer().is_empty() {
                // Whoever sits between could have put it there (CVE-2011-0411).
                return Err(Trouble::Tls("the server spoke before TLS was agreed upon".to_owned()));
            }
            this.stream = BufReader::new(encrypt(this.stream.into_inner(), via, times).await?);
            // What was offered in clear does not count (RFC 3207 §4.2).
            this.hello(name).await?;
        }
        if !via.user_name.is_empty() {
            let secret = password.unwrap_or_default();
            if via.sign_in.by_token() {
                this.sign_in_by_token(&via.user_name, secret).await?;
            } else {
                this.sign_in(&via.user_name, secret).await?;
            }
        }
        Ok(this)
    }

    async fn hello(&mut self, name: &str) -> Result<(), Trouble> {
        self.offers = Offers::of(&self.command(Hello, &format!("EHLO {name}")).await?);
        Ok(())
    }

    fn offers_sign_in(&self, way: &str) -> bool {
        self.offers.sign_in.iter().any(|offered| offered == way)
    }

    fn no_sign_in(&self) -> Trouble {
        let ways = self.offers.sign_in.join(", ");
        Trouble::NoSignIn(format!("the server offers {}", if ways.is_empty() { "no sign-in" } else { &ways }))
    }

    async fn sign_in(&mut self, user: &str, password: &str) -> Result<(), Trouble> {
        if self.offers_sign_in("PLAIN") {
            // RFC 4616.
            let both = STANDARD.encode(format!("\0{user}\0{password}"));
            self.command(SignIn, &format!("AUTH PLAIN {both}")).await?;
        } else if self.offers_sign_in("LOGIN") {
            self.command(SignIn, "AUTH LOGIN").await?;
            self.command(SignIn, &STANDARD.encode(user)).await?;
            self.command(SignIn, &STANDARD.encode(password)).await?;
        } else {
            return Err(self.no_sign_in());
        }
        Ok(())
    }

    /// As Google and Microsoft want it (XOAUTH2).
    async fn sign_in_by_token(&mut self, user: &str, token: &str) -> Result<(), Trouble> {
        if !self.offers_sign_in("XOAUTH2") {
            return Err(self.no_sign_in());
        }
        let both = STANDARD.encode(format!("user={user}\x01auth=Bearer {token}\x01\x01"));
        let reply = self.command(SignIn, &format!("AUTH XOAUTH2 {both}")).await?;
        if reply.code == 334 {
            // Why it does not take it; the refusal itself follows an empty answer.
            self.command(SignIn, "").await?;
            return Err(Trouble::Refused(SignIn, Reply { code: 535, ..reply }));
        }
        Ok(())
    }

    /// Names sender and recipient, and asks to send. Nothing has left afterwards.
    ///
    /// # Errors
    /// What the server has against it.
    pub async fn prepare(&mut self, letter: &Letter) -> Result<(), Trouble> {
        let mut sender = format!("MAIL FROM:<{}>", letter.from);
        if letter.needs_utf8() {
            if !self.offers.utf8 {
                return Err(Trouble::NoUnicode);
            }
            sender += " SMTPUTF8";
        }
        if self.offers.eight_bit && !letter.bytes.is_ascii() {
            sender += " BODY=8BITMIME";
        }
        if let Some(most) = self.offers.size {
            let size = letter.bytes.len();
            if size > most {
                return Err(Trouble::TooLarge(format!("the message has {size} bytes, and the server takes {most}")));
            }
            sender += &format!(" SIZE={size}");
        }
        let recipient = format!("RCPT TO:<{}>", letter.to);
        if self.offers.pipelining {
            // In one piece (RFC 2920). Where something is refused and DATA is answered all the same, the connection ends
            // without a message.
            self.write(Sender, format!("{sender}\r\n{recipient}\r\nDATA\r\n").as_bytes()).await?;
            self.answer(Sender, self.times.command).await?;
            self.answer(Recipient, self.times.command).await?;
        } else {
            self.command(Sender, &sender).await?;
            self.command(Recipient, &recipient).await?;
            self.write(Data, b"DATA\r\n").await?;
        }
        self.answer(Data, self.times.data).await.map(drop)
    }

    /// Sends the message.
    ///
    /// # Errors
    /// Where the server does not take it, or does not say so.
    pub async fn finish(&mut self, letter: &Letter) -> Result<(), Trouble> {
        // In one piece with its end: a piece of its own would wait for the other side.
        self.write(Message, &letter.on_the_wire()).await?;
        self.answer(Message, self.times.message).await.map(drop)
    }

    /// Whether the server has said nothing since its last answer, and not ended the connection.
    pub async fn is_quiet(&mut self) -> bool {
        timeout(Duration::ZERO, self.stream.fill_buf()).await.is_err()
    }

    /// Asks for nothing, to see whether the server answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn idle(&mut self) -> Result<(), Trouble> {
        self.command(Sender, "NOOP").await.map(drop)
    }

    /// Says goodbye, without waiting for an answer.
    pub async fn end(mut self) {
        let _ = self.write(Message, b"QUIT\r\n").await;
    }

    async fn command(&mut self, stage: Stage, line: &str) -> Result<Reply, Trouble> {
        self.write(stage, format!("{line}\r\n").as_bytes()).await?;
        self.answer(stage, self.times.command).await
    }

    async fn write(&mut self, stage: Stage, bytes: &[u8]) -> Result<(), Trouble> {
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        let written = timeout(self.times.block, writing).await.map_err(|_| Trouble::Silent(stage))?;
        written.map_err(|error| Trouble::Broken(stage, error))
    }

    async fn answer(&mut self, stage: Stage, patience: Duration) -> Result<Reply, Trouble> {
        let reply = timeout(patience, reply::read(&mut self.stream)).await.map_err(|_| Trouble::Silent(stage))?;
        let reply = reply.map_err(|error| Trouble::Broken(stage, error))?;
        if reply.is_positive() { Ok(reply) } else { Err(Trouble::Refused(stage, reply)) }
    }
}

async fn encrypt(plain: Box<dyn Stream>, via: &SmtpSettings, times: Times) -> Result<Box<dyn Stream>, Trouble> {
    let tls_trouble = |error: &dyn std::fmt::Display| Trouble::Tls(error.to_string());
    let name = ServerName::try_from(via.host.clone()).map_err(|error| tls_trouble(&error))?;
    let config = client_config(&via.ca).map_err(|failure| Trouble::Tls(failure.answer.unwrap_or_default()))?;
    let connecting = TlsConnector::from(config).connect(name, plain);
    let connected = timeout(times.connect, connecting).await.map_err(|_| Trouble::Silent(Hello))?;
    Ok(Box::new(connected.map_err(|error| tls_trouble(&error))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_public_host_if_it_is_a_full_one() {
        let name = |url: &str| Name::of(&url.parse().expect("an address"));
        assert_eq!(name("https://id.example.org:8443/x"), Name::Full("id.example.org".to_owned()));
        assert_eq!(name("https://id.example.org."), Name::Full("id.example.org".to_owned()));
        assert_eq!(name("https://b\u{fc}cher.example"), Name::Full("xn--bcher-kva.example".to_owned()));
        assert_eq!(name("http://127.0.0.1:3000"), Name::Full("[127.0.0.1]".to_owned()));
        assert_eq!(name("http://[2001:db8::1]"), Name::Full("[IPv6:2001:db8::1]".to_owned()));
        assert_eq!(name("http://localhost:3000"), Name::OwnAddress);
    }

    #[test]
    fn offers_are_read_in_every_spelling() {
        let lines = ["mail.example.org hi", "size 1000", "AUTH=LOGIN", "auth plain XOAUTH2", "SMTPUTF8", "SIZE 0"];
        let offers = Offers::of(&Reply { code: 250, lines: lines.map(str::to_owned).to_vec() });
        assert_eq!(offers.sign_in, ["LOGIN", "PLAIN", "XOAUTH2"]);
        assert!(offers.utf8 && !offers.starttls && !offers.eight_bit);
        assert_eq!(offers.size, None, "0 is no limit (RFC 1870 §4)");
    }
}
