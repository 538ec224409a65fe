//! The yardstick: lettre alone, one message after the other on one connection that is kept.

use crate::sink::Sink;
use app::delivery::message::MessageText;
use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart},
    transport::smtp::{client::AsyncSmtpConnection, extension::ClientId},
};
use std::{
    error::Error,
    net::Ipv4Addr,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpStream,
    runtime::{Builder, Runtime},
};
use uuid::Uuid;

/// How it connects.
#[derive(Clone, Copy)]
pub enum Way {
    /// As lettre does it by itself. It leaves Nagle's algorithm on and writes a message's end apart, so that the end waits
    /// until the other side has acknowledged the rest.
    AsItComes,
    /// With TCP_NODELAY, by a connection that is handed to it.
    NoDelay,
}

/// A kept connection. It has a thread of its own to wait on, without the detour over another one.
pub struct Bare {
    runtime: Runtime,
    connection: AsyncSmtpConnection,
    sent: u32,
}

impl Bare {
    /// Connects.
    pub fn connect(sink: &Sink, way: Way) -> Result<Self, Box<dyn Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (server, name) = ((Ipv4Addr::LOCALHOST, sink.port), ClientId::Domain("id.example.org".to_owned()));
        let connection = runtime.block_on(async {
            Ok::<_, Box<dyn Error>>(match way {
                Way::AsItComes => AsyncSmtpConnection::connect_tokio1(server, None, &name, None, None).await?,
                Way::NoDelay => {
                    let stream = TcpStream::connect(server).await?;
                    stream.set_nodelay(true)?;
                    AsyncSmtpConnection::connect_with_transport(Box::new(stream), &name).await?
                }
            })
        })?;
        Ok(Self { runtime, connection, sent: 0 })
    }

    /// Writes a message and sends it. Tells how long it took until it was accepted.
    pub fn send(&mut self, sink: &Sink, text: &MessageText) -> Result<Duration, Box<dyn Error>> {
        let began = Instant::now();
        self.sent += 1;
        let from: Address = "no-reply@example.org".parse()?;
        let to: Address = format!("person{}@example.org", self.sent).parse()?;
        let message = Message::builder()
            .message_id(Some(format!("<{}@example.org>", Uuid::now_v7())))
            .from(Mailbox::new(Some("Configio".to_owned()), from))
            .to(Mailbox::new(None, to))
            .subject(text.subject.clone())
            .multipart(MultiPart::alternative_plain_html(text.text.clone(), text.html.clone()))?;
        let bytes = message.formatted();
        self.runtime.block_on(self.connection.send(message.envelope(), &bytes))?;
        Ok(sink.next() - began)
    }
}
