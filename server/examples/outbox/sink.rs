//! A mail server on loopback that takes every message at once and keeps none, so that what is measured is who sends.

use std::{
    io::{self, BufRead, BufReader, BufWriter, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// What it offers; Postfix offers the same and more.
const OFFERS: &[u8] = b"250-sink\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n";
/// How long a message is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The mail server.
pub struct Sink {
    /// Where it listens.
    pub port: u16,
    accepted: Receiver<Instant>,
}

impl Sink {
    /// Starts it; it ends with the process. Each connection has a thread of its own, which waits for nothing but bytes.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let (tell, accepted) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tell = tell.clone();
                thread::spawn(move || serve(stream, &tell));
            }
        });
        Ok(Self { port, accepted })
    }

    /// When the next message was accepted.
    pub fn next(&self) -> Instant {
        self.accepted.recv_timeout(PATIENCE).expect("a message arrives")
    }
}

fn serve(stream: TcpStream, accepted: &Sender<Instant>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(stream.try_clone()?);
    let mut output = BufWriter::new(stream);
    output.write_all(b"220 sink ESMTP\r\n")?;
    loop {
        // Commands that came together are answered together (RFC 2920).
        if input.buffer().is_empty() {
            output.flush()?;
        }
        let Some(line) = line(&mut input)? else { return Ok(()) };
        match line.get(..4).unwrap_or_default() {
            b"EHLO" => output.write_all(OFFERS)?,
            b"DATA" => {
                output.write_all(b"354 go on\r\n")?;
                output.flush()?;
                while line_of_message(&mut input)? {}
                // Whoever measures may have ended.
                let _ = accepted.send(Instant::now());
                output.write_all(b"250 2.0.0 accepted\r\n")?;
            }
            b"QUIT" => {
                output.write_all(b"221 2.0.0 goodbye\r\n")?;
                return output.flush();
            }
            _ => output.write_all(b"250 2.0.0 ok\r\n")?,
        }
    }
}

fn line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line)?;
    Ok((!line.is_empty()).then_some(line))
}

/// Whether the message goes on after its next line.
fn line_of_message(input: &mut impl BufRead) -> io::Result<bool> {
    Ok(line(input)?.is_some_and(|line| line != b".\r\n"))
}
