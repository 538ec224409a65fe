//! A mail server on loopback that does what its script says, connection by connection.

use rustls::ServerConfig;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// One step of a script.
#[derive(Clone, Debug)]
pub enum Step {
    /// Says a line.
    Say(&'static str),
    /// Says bytes, as they are.
    Bytes(&'static [u8]),
    /// Takes its time.
    Wait(Duration),
    /// Hears a line.
    Hear,
    /// Hears lines up to the one that has a single dot.
    HearMessage,
    /// Agrees on TLS; what it heard of that is "resumed" or "new".
    Encrypt,
    /// Says nothing more, and does not end the connection either.
    Hang,
}

use Step::{Hear, HearMessage, Say};

/// What a server says and hears, the greeting first: each line after it answers one that was heard, and what follows 354
/// answers a message. The connection ends afterwards.
pub fn says(lines: &[&'static str]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        match n.checked_sub(1).map(|before| lines[before]) {
            None => {}
            Some(before) if before.starts_with("354") => steps.push(HearMessage),
            Some(_) => steps.push(Hear),
        }
        steps.push(Say(line));
    }
    steps
}

/// A whole conversation in which everything is fine.
pub fn takes_it() -> Vec<Step> {
    says(&["220 hi", "250 hi", "250 ok", "250 ok", "354 go on", "250 2.0.0 taken"])
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

fn plain(stream: TcpStream) -> Box<dyn Stream> {
    Box::new(stream)
}

/// Agrees on TLS. Nothing where the client does not.
async fn encrypt(tls: &Option<Arc<ServerConfig>>, plain: Box<dyn Stream>) -> Option<(Box<dyn Stream>, bool)> {
    let stream = TlsAcceptor::from(tls.clone().expect("a certificate")).accept(plain).await.ok()?;
    let resumed = stream.get_ref().1.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
    Some((Box::new(stream), resumed))
}

/// A server that runs for as long as the test does.
pub struct Scripted {
    /// Where it listens, at 127.0.0.1.
    pub port: u16,
    heard: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Scripted {
    /// The n-th connection goes by the n-th script; those after the last one are closed at once.
    pub async fn start(scripts: Vec<Vec<Step>>) -> Self {
        Self::start_with(None, scripts).await
    }

    /// The same with a certificate, for scripts that encrypt.
    pub async fn secure(tls: Arc<ServerConfig>, scripts: Vec<Vec<Step>>) -> Self {
        Self::start_with(Some(tls), scripts).await
    }

    async fn start_with(tls: Option<Arc<ServerConfig>>, scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heard: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
        let kept = heard.clone();
        tokio::spawn(async move {
            let mut scripts = scripts.into_iter();
            while let Ok((stream, _)) = listener.accept().await {
                let number = {
                    let mut kept = kept.lock().expect("kept");
                    kept.push(Vec::new());
                    kept.len() - 1
                };
                let (script, kept, tls) = (scripts.next().unwrap_or_default(), kept.clone(), tls.clone());
                tokio::spawn(async move {
                    let mut stream = BufReader::new(plain(stream));
                    for step in script {
                        match step {
                            Step::Say(line) => {
                                let _ = stream.write_all(format!("{line}\r\n").as_bytes()).await;
                            }
                            Step::Bytes(bytes) => {
                                let _ = stream.write_all(bytes).await;
                            }
                            Step::Wait(time) => tokio::time::sleep(time).await,
                            Step::Hear | Step::HearMessage => loop {
                                let mut line = String::new();
                                if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                                    return;
                                }
                                let line = line.trim_end_matches(['\r', '\n']).to_owned();
                                let is_last = matches!(step, Step::Hear) || line == ".";
                                kept.lock().expect("kept")[number].push(line);
                                if is_last {
                                    break;
                                }
                            },
                            Step::Encrypt => {
                                let Some((encrypted, resumed)) = encrypt(&tls, stream.into_inner()).await else {
                                    return;
                                };
                                let how = if resumed { "resumed" } else { "new" };
                                kept.lock().expect("kept")[number].push(how.to_owned());
                                stream = BufReader::new(encrypted);
                            }
                            Step::Hang => std::future::pending().await,
                        }
                    }
                });
            }
        });
        Self { port, heard }
    }

    /// One connection with such answers, see [`says`].
    pub async fn saying(lines: &[&'static str]) -> Self {
        Self::start(vec![says(lines)]).await
    }

    /// What was heard so far, connection by connection.
    pub fn heard(&self) -> Vec<Vec<String>> {
        self.heard.lock().expect("kept").clone()
    }

    /// How many messages came whole.
    pub fn messages(&self) -> usize {
        self.heard().concat().iter().filter(|line| *line == ".").count()
    }
}
