//! The providers against servers on loopback that behave as well or as badly as the documentation allows.

use super::{SmsSender, SmsSettings, Vendors, discreet, failure, gateway::Gateway, smpp::Smpp, twilio::Twilio};
use crate::{
    platform::reach::Reach,
    providers::http::{Answer, is_private},
};
use app::{
    challenge::text_message::{code_text, gsm_7},
    error::{DeliveryFailure, DeliveryFailureKind},
    language::types::Language,
    services::sms::Alphabet,
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{SinkExt, StreamExt};
use rusmpp::{
    Command, CommandStatus, Pdu,
    pdus::{BindTransmitterResp, SubmitSm, SubmitSmResp},
    tokio_codec::CommandCodec,
    types::COctetString,
    values::{DataCoding, InterfaceVersion, Npi, Ton},
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::codec::Framed;

const TO: &str = "+447400123456";
const SECRET: &str = "t0p-s3cret";
const PATIENCE: Duration = Duration::from_secs(2);
const SID: &str = "AC0123456789abcdef0123456789abcdef";

fn vendors() -> Vendors {
    Vendors { reach: Reach::default(), whole: PATIENCE }
}

fn text() -> String {
    code_text(Language::En, "Configio", "id.example.org", "012345", "WXY", 10).text
}

async fn send(via: &SmsSettings) -> Result<(), DeliveryFailure> {
    let begun = Instant::now();
    let sent = vendors().send(via, Some(SECRET), TO, &text()).await;
    assert!(begun.elapsed() < PATIENCE + Duration::from_secs(1), "it took {:?}", begun.elapsed());
    if let Err(failure) = &sent {
        let answer = failure.answer.as_deref().expect("it says why");
        assert!(!answer.is_empty() && answer.len() < 1_000, "{answer}");
        for hidden in ["012345", SECRET, "447400123456"] {
            assert!(!answer.contains(hidden), "{answer} tells {hidden}");
        }
    }
    sent
}

async fn kind(via: &SmsSettings) -> DeliveryFailureKind {
    send(via).await.expect_err("it fails").kind
}

/// A request as it came.
#[derive(Clone, Debug)]
struct Came {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
}

impl Came {
    fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

#[derive(Clone)]
struct Fixture {
    came: Arc<Mutex<Vec<Came>>>,
    answer: Arc<dyn Fn(&Came) -> Response + Send + Sync>,
}

/// An HTTP server that keeps what comes and answers as told.
async fn serve(answer: impl Fn(&Came) -> Response + Send + Sync + 'static) -> (SocketAddr, Arc<Mutex<Vec<Came>>>) {
    let fixture = Fixture { came: Arc::default(), answer: Arc::new(answer) };
    let came = fixture.came.clone();
    let handle = async |State(fixture): State<Fixture>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let came = Came { method, uri, headers, body: String::from_utf8_lossy(&body).into_owned() };
        fixture.came.lock().expect("kept").push(came.clone());
        (fixture.answer)(&came)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().fallback(handle).with_state(fixture);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, came)
}

/// What a connection does that speaks no proper HTTP.
async fn raw(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await;
                let _ = stream.write_all(answer).await;
            });
        }
    });
    address
}

/// A port where connections are taken and nothing is said, and one where nobody listens.
async fn silent_and_dead() -> (TcpListener, SocketAddr, SocketAddr) {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let dead = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (silent_at, dead_at) = (silent.local_addr().expect("an address"), dead.local_addr().expect("an address"));
    (silent, silent_at, dead_at)
}

/// A server whose certificate nobody vouches for.
async fn distrusted() -> SocketAddr {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("made");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a certificate");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = acceptor.accept(stream).await.ok();
            if let Some(stream) = &mut stream {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            }
        }
    });
    address
}

fn twilio(address: SocketAddr) -> Twilio {
    Twilio {
        address: format!("http://{address}"),
        account_sid: SID.to_owned(),
        api_key_sid: String::new(),
        sender: "+15005550006".to_owned(),
    }
}

/// Twilio as its documentation has it: HTTP Basic with SID and token, a form, and a message as JSON with status 201.
fn as_twilio_does(came: &Came) -> Response {
    let json = |status: StatusCode, body: serde_json::Value| {
        (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    };
    let refuse = |status: StatusCode, code: u32, message: &str| {
        let info = format!("https://www.twilio.com/docs/errors/{code}");
        json(
            status,
            serde_json::json!({"code": code, "message": message, "more_info": info, "status": status.as_u16()}),
        )
    };
    let login = came.header(header::AUTHORIZATION).strip_prefix("Basic ").unwrap_or_default();
    let login = String::from_utf8(STANDARD.decode(login).unwrap_or_default()).unwrap_or_default();
    if login != format!("{SID}:{SECRET}") && login != format!("SKkey:{SECRET}") {
        return refuse(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    if came.method != Method::POST || came.uri.path() != format!("/2010-04-01/Accounts/{SID}/Messages.json") {
        return refuse(StatusCode::NOT_FOUND, 20404, "The requested resource was not found");
    }
    let form = came.form();
    let field = |name: &str| form.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    if came.header(header::CONTENT_TYPE) != "application/x-www-form-urlencoded" || field("Body").is_none() {
        return refuse(StatusCode::BAD_REQUEST, 21602, "Message body is required.");
    }
    match (field("From"), field("MessagingServiceSid")) {
        (Some(_), None) | (None, Some(_)) => {}
        _ => return refuse(StatusCode::BAD_REQUEST, 21603, "A 'From' phone number is required."),
    }
    if field("To") != Some(TO) {
        return refuse(StatusCode::BAD_REQUEST, 21211, "The 'To' number is not a valid phone number.");
    }
    json(
        StatusCode::CREATED,
        serde_json::json!({
            "sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "to": field("To"), "body": field("Body"),
            "error_code": null, "error_message": null, "num_segments": "1"
        }),
    )
}

#[tokio::test]
async fn twilio_takes_a_message_in_its_documented_form() {
    let (address, came) = serve(as_twilio_does).await;
    let via = twilio(address);
    send(&SmsSettings::Twilio(via.clone())).await.expect("sent");
    let service = "MG0123456789abcdef0123456789abcdef".to_owned();
    let by_key = Twilio { api_key_sid: "SKkey".to_owned(), sender: service.clone(), ..via };
    send(&SmsSettings::Twilio(by_key)).await.expect("sent");
    let came = came.lock().expect("kept").clone();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(came[0].form(), [pair("To", TO), pair("From", "+15005550006"), pair("Body", &text())]);
    assert_eq!(came[1].form(), [pair("To", TO), pair("MessagingServiceSid", &service), pair("Body", &text())]);
    assert_eq!(came.len(), 2, "each message is one request");
}

#[tokio::test]
async fn twilios_refusals_are_told_apart() {
    let (address, _) = serve(as_twilio_does).await;
    let via = SmsSettings::Twilio(twilio(address));
    let wrong = vendors().send(&via, Some("wrong"), TO, &text()).await.expect_err("refused");
    assert_eq!(wrong.kind, DeliveryFailureKind::Authentication);
    assert_eq!(wrong.answer.as_deref(), Some("HTTP 401"));
    let elsewhere = vendors().send(&via, Some(SECRET), "+447400999999", &text()).await.expect_err("refused");
    assert_eq!(elsewhere.kind, DeliveryFailureKind::RecipientRefused);
    for (status, body, wanted) in [
        (400, r#"{"code":21610,"message":"unsubscribed"}"#, DeliveryFailureKind::RecipientRefused),
        (400, r#"{"code":21408,"message":"region not enabled"}"#, DeliveryFailureKind::RecipientRefused),
        (400, r#"{"code":21606,"message":"wrong sender"}"#, DeliveryFailureKind::Refused),
        (429, r#"{"code":20429,"message":"Too Many Requests"}"#, DeliveryFailureKind::Overloaded),
        (429, "slow down", DeliveryFailureKind::Overloaded),
        (500, r#"{"code":20500,"message":"Internal"}"#, DeliveryFailureKind::Refused),
        (502, "<html>Bad Gateway</html>", DeliveryFailureKind::Refused),
        (503, "", DeliveryFailureKind::Overloaded),
        (201, r#"{"sid":"SM1","status":"failed","error_code":30003}"#, DeliveryFailureKind::Refused),
        (201, r#"{"status":"queued"}"#, DeliveryFailureKind::Refused),
        (201, "{\"sid\":", DeliveryFailureKind::Refused),
        (201, "[]", DeliveryFailureKind::Refused),
        (200, "", DeliveryFailureKind::Refused),
        (302, "", DeliveryFailureKind::Refused),
    ] {
        let (address, came) = serve(move |_| {
            let status = StatusCode::from_u16(status).expect("a status");
            let headers = [(header::RETRY_AFTER, "7"), (header::LOCATION, "http://127.0.0.1:1/stolen")];
            (status, headers, body).into_response()
        })
        .await;
        let failure = send(&SmsSettings::Twilio(twilio(address))).await.expect_err("refused");
        assert_eq!(failure.kind, wanted, "{status} {body}: {:?}", failure.answer);
        let answer = failure.answer.unwrap_or_default();
        assert!(status != 429 || answer.contains("try again after 7"), "{answer}");
        assert_eq!(came.lock().expect("kept").len(), 1, "nothing is sent twice, and no redirect is followed");
    }
}

fn gateway(address: SocketAddr) -> Gateway {
    Gateway {
        method: "POST".to_owned(),
        url: format!("http://{address}/v1/sms?key={{{{secret}}}}"),
        headers: "Authorization: Bearer {{secret}}\nContent-Type: application/json".to_owned(),
        body: r#"{"to":"{{to}}","number":"{{digits}}","text":"{{text}}"}"#.to_owned(),
        success: "\"accepted\":true".to_owned(),
    }
}

fn accepted(_: &Came) -> Response {
    "{\"accepted\":true}".into_response()
}

#[tokio::test]
async fn a_gateway_gets_the_request_of_its_templates() {
    let (address, came) = serve(accepted).await;
    send(&SmsSettings::Gateway(gateway(address))).await.expect("sent");
    let get = Gateway {
        method: "GET".to_owned(),
        url: format!(
            "http://{address}/cgi-bin/sendsms?username=u&password={{{{secret}}}}&to={{{{digits}}}}&text={{{{text}}}}"
        ),
        headers: String::new(),
        body: String::new(),
        success: String::new(),
    };
    send(&SmsSettings::Gateway(get)).await.expect("sent");
    let form = Gateway {
        method: "PUT".to_owned(),
        headers: "Content-Type: application/x-www-form-urlencoded".to_owned(),
        body: "to={{to}}&text={{text}}&k={{secret}}".to_owned(),
        ..gateway(address)
    };
    send(&SmsSettings::Gateway(form)).await.expect("sent");
    let came = came.lock().expect("kept").clone();
    assert_eq!((&came[0].method, came[0].uri.to_string()), (&Method::POST, format!("/v1/sms?key={SECRET}")));
    assert_eq!(came[0].header(header::AUTHORIZATION), format!("Bearer {SECRET}"));
    assert_eq!(came[0].header(header::HOST), address.to_string());
    let json: serde_json::Value = serde_json::from_str(&came[0].body).expect("JSON");
    assert_eq!(json, serde_json::json!({"to": TO, "number": &TO[1..], "text": text()}));
    assert_eq!((&came[1].method, came[1].body.as_str()), (&Method::GET, ""));
    let query: Vec<_> = url::form_urlencoded::parse(came[1].uri.query().unwrap_or_default().as_bytes()).collect();
    assert_eq!(query[3], ("text".into(), text().into()));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(came[2].form(), [pair("to", TO), pair("text", &text()), pair("k", SECRET)]);
}

#[tokio::test]
async fn a_gateways_answer_decides_and_is_repeated_without_what_is_secret() {
    for (status, body, wanted) in [
        (200, "{\"accepted\":false}", DeliveryFailureKind::Refused),
        (200, "", DeliveryFailureKind::Refused),
        (401, "who are you", DeliveryFailureKind::Authentication),
        (403, "not you", DeliveryFailureKind::Authentication),
        (404, "nothing here", DeliveryFailureKind::Refused),
        (429, "later", DeliveryFailureKind::Overloaded),
        (500, "\u{0}\r\nbroken", DeliveryFailureKind::Refused),
    ] {
        let (address, _) = serve(move |came| {
            // It repeats all that it was sent, as some do.
            let body = format!("{body} {} {:?} {}", came.uri, came.headers, came.body);
            (StatusCode::from_u16(status).expect("a status"), body).into_response()
        })
        .await;
        let failure = send(&SmsSettings::Gateway(gateway(address))).await.expect_err("refused");
        assert_eq!(failure.kind, wanted, "{status}");
        let answer = failure.answer.expect("an answer");
        assert!(!answer.contains(char::is_control));
        assert!(
            answer.starts_with("HTTP ") && !answer.contains("accepted\""),
            "it shows what answers at home: {answer}"
        );
    }
    let (address, _) = serve(|_| ("x".repeat(3_000_000) + "\"accepted\":true").into_response()).await;
    assert_eq!(kind(&SmsSettings::Gateway(gateway(address))).await, DeliveryFailureKind::Refused, "too long to read");
}

#[tokio::test]
async fn a_server_that_is_dead_silent_or_broken_is_told_apart_within_seconds() {
    let (silent, silent_at, dead_at) = silent_and_dead().await;
    let at = |address: SocketAddr| SmsSettings::Twilio(twilio(address));
    let secure = |address: SocketAddr| {
        SmsSettings::Twilio(Twilio { address: format!("https://localhost:{}", address.port()), ..twilio(address) })
    };
    let (plain, _) = serve(as_twilio_does).await;
    for (via, wanted) in [
        (at(silent_at), DeliveryFailureKind::TimedOut),
        (at(dead_at), DeliveryFailureKind::Unreachable),
        (at(raw(b"").await), DeliveryFailureKind::Unreachable),
        (at(raw(b"220 mail.example.org ESMTP\r\n").await), DeliveryFailureKind::Unreachable),
        (
            at(raw(b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"sid\"").await),
            DeliveryFailureKind::Unreachable,
        ),
        (secure(plain), DeliveryFailureKind::Tls),
        (secure(distrusted().await), DeliveryFailureKind::Tls),
    ] {
        let failure = send(&via).await.expect_err("fails");
        assert_eq!(failure.kind, wanted, "{:?}", failure.answer);
    }
    drop(silent);
}

#[tokio::test]
async fn link_local_addresses_are_never_contacted_and_clear_text_stays_at_home() {
    for host in ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[fd00:ec2::254]"]
    {
        let address = format!("https://{host}");
        let twilio = twilio(SocketAddr::from(([127, 0, 0, 1], 1)));
        let via = SmsSettings::Twilio(Twilio { address: address.clone(), ..twilio });
        let by_http = send(&via).await.expect_err("refused");
        let host = host.trim_matches(['[', ']']).to_owned();
        let by_smpp = submit(Smpp { host, ..smpp(2775) }).await.expect_err("refused");
        for failure in [by_http, by_smpp] {
            assert_eq!(failure.kind, DeliveryFailureKind::Unreachable, "{address}");
            assert!(failure.answer.is_some_and(|answer| answer.ends_with("no usable address")), "{address} was tried");
        }
    }
    let public = SmsSettings::Gateway(Gateway {
        url: "http://192.0.2.1/sms".to_owned(),
        headers: String::new(),
        ..gateway(SocketAddr::from(([127, 0, 0, 1], 1)))
    });
    let failure = send(&public).await.expect_err("refused");
    assert_eq!(failure.kind, DeliveryFailureKind::Tls);
    assert!(failure.answer.is_some_and(|answer| answer.contains("private networks")));
    for (address, private) in [
        ("127.0.0.1", true),
        ("10.1.2.3", true),
        ("::1", true),
        ("fd00::1", true),
        ("192.0.2.1", false),
        ("2001:db8::1", false),
    ] {
        assert_eq!(is_private(address.parse().expect("an address")), private, "{address}");
    }
}

#[test]
fn an_answer_loses_what_is_secret() {
    let answer = format!("code 012345 to {TO} with {SECRET}\r\n{}", "x".repeat(500));
    let shown = discreet(failure(DeliveryFailureKind::Refused, answer), SECRET, TO, &text());
    let answer = shown.answer.expect("an answer");
    assert!(answer.starts_with("code ••• to +••• with •••  x"), "{answer}");
    assert_eq!(answer.chars().count(), 300);
}

#[test]
fn only_what_answers_elsewhere_is_shown() {
    let answer =
        |private| Answer { status: 503, retry_after: Some("Wed".to_owned()), body: "words".to_owned(), private };
    let shown = |answer: &Answer| answer.failure(&answer.body).answer;
    assert_eq!(shown(&answer(false)).as_deref(), Some("HTTP 503, try again after Wed: words"));
    assert_eq!(shown(&answer(true)).as_deref(), Some("HTTP 503"));
    let refused = |private| answer(private).refused("without success", "words").answer;
    assert_eq!(refused(false).as_deref(), Some("HTTP 503, but without success: words"));
    assert_eq!(refused(true).as_deref(), Some("HTTP 503, but without success"));
}

fn smpp(port: u16) -> Smpp {
    Smpp {
        host: "127.0.0.1".to_owned(),
        port,
        tls: false,
        system_id: "countersign".to_owned(),
        sender: "Configio".to_owned(),
        alphabet: Alphabet::Gsm7,
    }
}

/// How a message centre behaves.
#[derive(Clone, Copy, PartialEq)]
enum Centre {
    Accepts,
    AsksFirst,
    Answers(CommandStatus),
    ClosesAfterBind,
    SaysNothing,
}

type Submitted = Arc<Mutex<Vec<SubmitSm>>>;

async fn centre(behaviour: Centre) -> (u16, Submitted) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let submitted = Submitted::default();
    let kept = submitted.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, behaviour, kept.clone()));
        }
    });
    (port, submitted)
}

async fn converse(stream: TcpStream, behaviour: Centre, submitted: Submitted) {
    let mut framed = Framed::new(stream, CommandCodec::new());
    while let Some(Ok(command)) = framed.next().await {
        let number = command.sequence_number();
        let ok = |pdu: Pdu| Command::new(CommandStatus::EsmeRok, number, pdu);
        let answer = match command.pdu() {
            Some(Pdu::BindTransmitter(bind)) => {
                let version = bind.interface_version == InterfaceVersion::Smpp3_4;
                let right = version && bind.system_id.as_str() == "countersign" && bind.password.as_str() == "t0p-s3cr";
                let response = BindTransmitterResp::new(COctetString::from_slice(b"centre\0").expect("fits"), None);
                if !right {
                    Command::new(CommandStatus::EsmeRbindfail, number, Pdu::BindTransmitterResp(response))
                } else if behaviour == Centre::SaysNothing {
                    continue;
                } else {
                    ok(Pdu::BindTransmitterResp(response))
                }
            }
            Some(Pdu::SubmitSm(_)) if behaviour == Centre::ClosesAfterBind => return,
            Some(Pdu::SubmitSm(message)) => {
                submitted.lock().expect("kept").push(message.clone());
                if behaviour == Centre::AsksFirst {
                    let alive = Command::new(CommandStatus::EsmeRok, 77, Pdu::EnquireLink);
                    framed.send(alive).await.expect("asked");
                    let answer = framed.next().await.expect("answered").expect("readable");
                    assert!(matches!(answer.pdu(), Some(Pdu::EnquireLinkResp)) && answer.sequence_number() == 77);
                }
                let response = SubmitSmResp::new(COctetString::from_slice(b"42\0").expect("fits"), Vec::new());
                match behaviour {
                    Centre::Answers(status) => Command::new(status, number, Pdu::SubmitSmResp(response)),
                    _ => ok(Pdu::SubmitSmResp(response)),
                }
            }
            Some(Pdu::Unbind) => ok(Pdu::UnbindResp),
            _ => return,
        };
        let _ = framed.send(answer).await;
    }
}

async fn submit(via: Smpp) -> Result<(), DeliveryFailure> {
    let begun = Instant::now();
    let sent = vendors().send(&SmsSettings::Smpp(via), Some("t0p-s3cr"), TO, &text()).await;
    assert!(begun.elapsed() < PATIENCE + Duration::from_secs(1));
    if let Err(DeliveryFailure { answer, .. }) = &sent {
        assert!(answer.as_ref().is_some_and(|answer| !answer.contains("012345") && !answer.contains("t0p")));
    }
    sent
}

#[tokio::test]
async fn a_message_centre_gets_one_message_in_its_alphabet() {
    for behaviour in [Centre::Accepts, Centre::AsksFirst] {
        let (port, submitted) = centre(behaviour).await;
        submit(smpp(port)).await.expect("sent");
        submit(Smpp { alphabet: Alphabet::Latin1, sender: "+447700900123".to_owned(), ..smpp(port) })
            .await
            .expect("sent");
        submit(Smpp { sender: "62442".to_owned(), ..smpp(port) }).await.expect("sent");
        let submitted = submitted.lock().expect("kept").clone();
        assert_eq!(submitted.len(), 3);
        let [named, numbered, short] = submitted.as_slice() else { panic!("three messages") };
        assert_eq!(named.destination_addr.as_str(), "447400123456");
        assert_eq!((named.dest_addr_ton, named.dest_addr_npi), (Ton::International, Npi::Isdn));
        assert_eq!((named.source_addr.as_str(), named.source_addr_ton), ("Configio", Ton::Alphanumeric));
        assert_eq!(named.data_coding, DataCoding::McSpecific);
        assert_eq!(Some(named.short_message().clone().into_vec()), gsm_7(&text()));
        assert_eq!((numbered.source_addr.as_str(), numbered.source_addr_ton), ("447700900123", Ton::International));
        assert_eq!(numbered.data_coding, DataCoding::Latin1);
        assert_eq!(numbered.short_message().clone().into_vec(), text().into_bytes());
        assert_eq!((short.source_addr_ton, short.source_addr_npi), (Ton::NetworkSpecific, Npi::Unknown));
    }
}

#[tokio::test]
async fn other_scripts_are_sent_in_two_octets_a_letter() {
    let (port, submitted) = centre(Centre::Accepts).await;
    let text = code_text(Language::Ja, "Configio", "id.example.org", "012345", "WXY", 10).text;
    for alphabet in [Alphabet::Gsm7, Alphabet::Latin1] {
        let via = SmsSettings::Smpp(Smpp { alphabet, ..smpp(port) });
        vendors().send(&via, Some("t0p-s3cr"), TO, &text).await.expect("sent");
    }
    let submitted = submitted.lock().expect("kept").clone();
    assert_eq!(submitted.len(), 2);
    for message in submitted {
        let octets = message.short_message().clone().into_vec();
        assert!(octets.len() <= 140, "{} octets are more than one segment", octets.len());
        let units: Vec<_> = octets.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        assert_eq!(message.data_coding, DataCoding::Ucs2);
        assert_eq!(String::from_utf16(&units).expect("UTF-16"), text);
    }
}

#[tokio::test]
async fn a_message_centres_refusals_are_told_apart() {
    for (behaviour, wanted) in [
        (Centre::Answers(CommandStatus::EsmeRinvdstadr), DeliveryFailureKind::RecipientRefused),
        (Centre::Answers(CommandStatus::EsmeRthrottled), DeliveryFailureKind::Overloaded),
        (Centre::Answers(CommandStatus::EsmeRmsgqful), DeliveryFailureKind::Overloaded),
        (Centre::Answers(CommandStatus::EsmeRsubmitfail), DeliveryFailureKind::Refused),
        (Centre::Answers(CommandStatus::Other(0x0400)), DeliveryFailureKind::Refused),
        (Centre::ClosesAfterBind, DeliveryFailureKind::Unreachable),
        (Centre::SaysNothing, DeliveryFailureKind::TimedOut),
    ] {
        let (port, _) = centre(behaviour).await;
        let failure = submit(smpp(port)).await.expect_err("refused");
        assert_eq!(failure.kind, wanted, "{:?}", failure.answer);
    }
    let (port, submitted) = centre(Centre::Accepts).await;
    let stranger = submit(Smpp { system_id: "stranger".to_owned(), ..smpp(port) }).await.expect_err("refused");
    assert_eq!(stranger.kind, DeliveryFailureKind::Authentication);
    assert!(submitted.lock().expect("kept").is_empty());
}

#[tokio::test]
async fn what_is_no_message_centre_is_told_apart() {
    let (silent, silent_at, dead_at) = silent_and_dead().await;
    let port = |address: SocketAddr| address.port();
    let (plain, _) = centre(Centre::Accepts).await;
    let distrusted = distrusted().await;
    for (via, wanted) in [
        (smpp(port(silent_at)), DeliveryFailureKind::TimedOut),
        (smpp(port(dead_at)), DeliveryFailureKind::Unreachable),
        (smpp(port(raw(b"").await)), DeliveryFailureKind::Unreachable),
        (smpp(port(raw(b"HTTP/1.1 400 Bad Request\r\n\r\n").await)), DeliveryFailureKind::Refused),
        (smpp(port(raw(b"\0\0\0\x10\x80\0\0\x02\0\0\0\0\0\0\0").await)), DeliveryFailureKind::Refused),
        (Smpp { tls: true, host: "localhost".to_owned(), ..smpp(port(distrusted)) }, DeliveryFailureKind::Tls),
        (Smpp { tls: true, ..smpp(plain) }, DeliveryFailureKind::Tls),
    ] {
        let failure = submit(via).await.expect_err("fails");
        assert_eq!(failure.kind, wanted, "{:?}", failure.answer);
    }
    drop(silent);
}
