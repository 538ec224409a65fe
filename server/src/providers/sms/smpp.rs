//! SMPP 3.4 (<https://smpp.org/SMPP_v3_4_Issue1_2.pdf>): signs in as a transmitter, submits one message and signs out.
//! The crate `rusmpp` reads and writes the protocol's units.

use super::failure;
use crate::{
    platform::reach::{self, Reach},
    providers::{http::check_protected, tls::client_config},
};
use app::{
    challenge::text_message::gsm_7,
    error::{DeliveryFailure, DeliveryFailureKind},
    services::sms::Alphabet,
};
use futures_util::{SinkExt, StreamExt};
use rusmpp::{
    Command, CommandStatus, Pdu,
    pdus::{BindTransmitter, SubmitSm},
    tokio_codec::CommandCodec,
    types::{COctetString, OctetString},
    values::{DataCoding, InterfaceVersion, Npi, Ton},
};
use rustls::pki_types::ServerName;
use serde::{Deserialize, Serialize};
use std::{fmt::Display, time::Duration};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_util::codec::Framed;

/// The longest system id, in characters (§5.2.1).
pub const SYSTEM_ID_MAX: u32 = 15;
/// The longest password, in characters (§5.2.2).
pub const PASSWORD_MAX: u32 = 8;
/// How long the server may take to say goodbye: the message is on its way already.
const GOODBYE: Duration = Duration::from_millis(300);

/// A message centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Smpp {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Whether the connection is encrypted from its first byte.
    pub tls: bool,
    /// Who we are to the server.
    pub system_id: String,
    /// A number, a short code or an alphanumeric sender.
    pub sender: String,
    /// How the text is written.
    pub alphabet: Alphabet,
}

/// A connection, encrypted or not.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

pub(super) async fn send(
    allowed: &Reach,
    via: &Smpp,
    secret: &str,
    to: &str,
    text: &str,
) -> Result<(), DeliveryFailure> {
    let bind = Pdu::from(
        BindTransmitter::builder()
            .system_id(field(&via.system_id)?)
            .password(field(secret)?)
            .interface_version(InterfaceVersion::Smpp3_4)
            .build(),
    );
    let submit = Pdu::from(message(via, to, text)?);
    let mut connection = Framed::new(connect(allowed, via).await?, CommandCodec::new());
    let bound = ask(&mut connection, 1, bind).await?;
    check(bound, DeliveryFailureKind::Authentication)?;
    let submitted = ask(&mut connection, 2, submit).await?;
    let result = check(submitted, DeliveryFailureKind::Refused);
    // The server may have closed already.
    let _ = tokio::time::timeout(GOODBYE, ask(&mut connection, 3, Pdu::Unbind)).await;
    result
}

async fn connect(allowed: &Reach, via: &Smpp) -> Result<Box<dyn Stream>, DeliveryFailure> {
    let addresses = allowed.addresses(&via.host, via.port).await?;
    check_protected(via.tls, &addresses)?;
    let plain = reach::connect(&addresses)
        .await
        .map_err(|error| failure(DeliveryFailureKind::Unreachable, error.to_string()))?;
    if !via.tls {
        return Ok(Box::new(plain));
    }
    let name =
        ServerName::try_from(via.host.clone()).map_err(|error| failure(DeliveryFailureKind::Tls, error.to_string()))?;
    let connector = TlsConnector::from(client_config("")?);
    // Somebody listens there, so what goes wrong now is about TLS.
    let encrypted =
        connector.connect(name, plain).await.map_err(|error| failure(DeliveryFailureKind::Tls, error.to_string()))?;
    Ok(Box::new(encrypted))
}

/// Sends a request and waits for its answer. What the server asks in between is answered, so that it goes on.
async fn ask(
    connection: &mut Framed<Box<dyn Stream>, CommandCodec>,
    number: u32,
    pdu: Pdu,
) -> Result<CommandStatus, DeliveryFailure> {
    let closed =
        |text: &dyn Display| failure(DeliveryFailureKind::Unreachable, format!("the connection broke: {text}"));
    let request = Command::new(CommandStatus::EsmeRok, number, pdu);
    connection.send(request).await.map_err(|error| closed(&error))?;
    loop {
        let answer = match connection.next().await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => return Err(unreadable(&error)),
            None => return Err(closed(&"closed by the server")),
        };
        match answer.pdu() {
            Some(Pdu::EnquireLink) => {
                let alive = Command::new(CommandStatus::EsmeRok, answer.sequence_number(), Pdu::EnquireLinkResp);
                connection.send(alive).await.map_err(|error| closed(&error))?;
            }
            Some(Pdu::Unbind) => return Err(closed(&"ended by the server")),
            // An answer that is refused may have no body, and then it is known by its number alone.
            _ if answer.sequence_number() == number => return Ok(answer.status()),
            _ => {}
        }
    }
}

fn check(status: CommandStatus, otherwise: DeliveryFailureKind) -> Result<(), DeliveryFailure> {
    let kind = match status {
        CommandStatus::EsmeRok => return Ok(()),
        CommandStatus::EsmeRbindfail | CommandStatus::EsmeRinvpaswd | CommandStatus::EsmeRinvsysid => {
            DeliveryFailureKind::Authentication
        }
        CommandStatus::EsmeRthrottled | CommandStatus::EsmeRmsgqful => DeliveryFailureKind::Overloaded,
        CommandStatus::EsmeRinvdstadr | CommandStatus::EsmeRinvdstton | CommandStatus::EsmeRinvdstnpi => {
            DeliveryFailureKind::RecipientRefused
        }
        CommandStatus::EsmeRsyserr | CommandStatus::EsmeRalybnd => DeliveryFailureKind::Refused,
        _ => otherwise,
    };
    Err(failure(kind, format!("command_status 0x{:08x} ({status:?})", u32::from(status))))
}

fn message(via: &Smpp, to: &str, text: &str) -> Result<SubmitSm, DeliveryFailure> {
    let small = match via.alphabet {
        Alphabet::Gsm7 => gsm_7(text).map(|octets| (DataCoding::McSpecific, octets)),
        Alphabet::Latin1 => {
            let octets: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            octets.map(|octets| (DataCoding::Latin1, octets))
        }
    };
    // Other scripts need two octets a letter (§5.2.19).
    let large = || (DataCoding::Ucs2, text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    let (data_coding, octets) = small.unwrap_or_else(large);
    let unusable = || failure(DeliveryFailureKind::Refused, "the text cannot be written in this alphabet");
    let (ton, npi) = numbering(&via.sender);
    Ok(SubmitSm::builder()
        .source_addr_ton(ton)
        .source_addr_npi(npi)
        .source_addr(field(via.sender.trim_start_matches('+'))?)
        .dest_addr_ton(Ton::International)
        .dest_addr_npi(Npi::Isdn)
        .destination_addr(field(to.trim_start_matches('+'))?)
        .data_coding(data_coding)
        .short_message(OctetString::from_vec(octets).map_err(|_| unusable())?)
        .build())
}

/// What a sender's address is: a number with its country, a short code, or a name (§5.2.5 and §5.2.6).
fn numbering(sender: &str) -> (Ton, Npi) {
    let digits = sender.trim_start_matches('+');
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        (Ton::Alphanumeric, Npi::Unknown)
    } else if digits.len() > 8 || sender.starts_with('+') {
        (Ton::International, Npi::Isdn)
    } else {
        (Ton::NetworkSpecific, Npi::Unknown)
    }
}

fn field<const MIN: usize, const MAX: usize>(text: &str) -> Result<COctetString<MIN, MAX>, DeliveryFailure> {
    let mut octets = text.as_bytes().to_vec();
    octets.push(0);
    COctetString::from_vec(octets).map_err(|_| failure(DeliveryFailureKind::Refused, "the settings cannot be used"))
}

fn unreadable(error: &(impl Display + ?Sized)) -> DeliveryFailure {
    failure(DeliveryFailureKind::Refused, format!("the answer cannot be read: {error}"))
}
