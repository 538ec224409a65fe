//! Conversations with servers on loopback that behave as well or as badly as real ones do.

use super::{
    SmtpSender,
    conversation::{Name, Times},
    pool::Pool,
};
use crate::{
    demo::{Mailbox, listen},
    platform::reach::Reach,
    providers::{Mail, MailSender, SmtpSettings},
    testing::{
        START,
        smtp::{Scripted, Step, says, takes_it},
    },
};
use app::{
    challenge::message::code_message,
    error::{
        DeliveryFailure,
        DeliveryFailureKind::{
            self, AddressNotSupported, Authentication, Deferred, MailboxFull, NoSignIn, Policy, RecipientRefused,
            TimedOut, Tls, TooLarge, Unreachable,
        },
    },
    language::types::Language,
    services::{sign_in::SignIn, types::Encryption},
};
use mail_parser::MessageParser;
use std::time::{Duration, Instant};
use uuid::Uuid;

mod logo;
mod secure;
mod token;

const TO: &str = "carla@example.org";
const ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
/// A step that is slow, and a patience beside it.
const SLOW: Duration = Duration::from_millis(150);
const PATIENT: Duration = Duration::from_secs(5);

fn via(port: u16, encryption: Encryption) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        encryption,
        user_name: String::new(),
        from_address: "no-reply@b\u{fc}cher.example".to_owned(),
        from_name: "Configio\r\nBcc: x@y.example".to_owned(),
        reply_to: String::new(),
        ehlo_name: String::new(),
        ca: String::new(),
        sign_in: SignIn::Password,
        client_id: String::new(),
        tenant: String::new(),
        token_url: String::new(),
    }
}

fn plain(server: &Scripted) -> SmtpSettings {
    via(server.port, Encryption::None)
}

fn sender(times: Times) -> SmtpSender {
    SmtpSender { name: Name::Full("id.example.org".to_owned()), reach: Reach::default(), times, pool: Pool::new(SLOW) }
}

fn times(each: Duration) -> Times {
    Times { connect: each, greeting: each, command: each, data: each, block: each, message: each }
}

async fn send(times: Times, via: &SmtpSettings, to: &str, worth: Duration) -> Result<(), DeliveryFailure> {
    send_by(&sender(times), via, to, worth).await
}

async fn send_by(by: &SmtpSender, via: &SmtpSettings, to: &str, worth: Duration) -> Result<(), DeliveryFailure> {
    let text = code_message(Language::De, "Configio", "012345", "BCD", 10);
    let mail = Mail { id: ID, written_at: START, worth, to, text: &text, logo: None };
    by.send(via, Some("t0p-s3cret"), &mail).await
}

async fn deliver(via: &SmtpSettings, to: &str) -> Result<(), DeliveryFailure> {
    send(times(PATIENT), via, to, PATIENT).await
}

async fn failure(via: &SmtpSettings) -> (DeliveryFailureKind, String) {
    let failure = deliver(via, TO).await.expect_err("fails");
    (failure.kind, failure.answer.expect("an answer"))
}

#[tokio::test]
async fn a_message_arrives_whole_and_its_names_add_no_headers() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mailbox = Mailbox::default();
    listen(listener, mailbox.clone()).expect("listens");
    deliver(&via(port, Encryption::None), TO).await.expect("delivered");
    let mails = mailbox.all();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, TO, "nobody else receives it");
    assert!(mails[0].subject.contains("BCD"));
    assert!(mails[0].text.contains("012345") && mails[0].html.contains("012345"));
}

#[tokio::test]
async fn a_repeat_has_the_same_id_and_date_and_says_that_no_person_wrote_it() {
    let server = Scripted::start(vec![takes_it(), takes_it()]).await;
    for _ in 0..2 {
        deliver(&plain(&server), TO).await.expect("delivered");
    }
    let heard = server.heard();
    assert_eq!(
        heard[0][..4],
        ["EHLO id.example.org", "MAIL FROM:<no-reply@xn--bcher-kva.example>", "RCPT TO:<carla@example.org>", "DATA"]
    );
    let [first, second] = [&heard[0], &heard[1]].map(|lines| lines[4..].join("\r\n"));
    let first = MessageParser::default().parse(first.as_bytes()).expect("a message");
    let second = MessageParser::default().parse(second.as_bytes()).expect("a message");
    let id = format!("{ID}@xn--bcher-kva.example");
    assert_eq!((first.message_id(), second.message_id()), (Some(&*id), Some(&*id)));
    assert_eq!(first.date().map(mail_parser::DateTime::to_timestamp), Some(START));
    assert_eq!(first.date(), second.date());
    assert_eq!(first.header("Auto-Submitted").and_then(|value| value.as_text()), Some("auto-generated"));
    assert_eq!(first.header("Content-Language").and_then(|value| value.as_text()), Some("de"));
    assert!(first.header("Bcc").is_none());
}

#[tokio::test]
async fn a_server_that_takes_its_time_gets_the_message_once() {
    // Each step is slow, and all of them together are slower than a step may be.
    let mut steps = Vec::new();
    for step in takes_it() {
        if matches!(step, Step::Say(_)) {
            steps.push(Step::Wait(SLOW));
        }
        steps.push(step);
    }
    let server = Scripted::start(vec![steps]).await;
    let begun = Instant::now();
    send(times(SLOW * 4), &plain(&server), TO, PATIENT).await.expect("delivered");
    assert!(begun.elapsed() > SLOW * 5, "it was not slow");
    assert_eq!(server.messages(), 1);
}

#[tokio::test]
async fn each_step_has_an_end_of_its_own() {
    let all = ["220 hi", "250 hi", "250 ok", "250 ok", "354 go on"];
    let short = SLOW;
    for (spoken, times) in [
        (0, Times { greeting: short, ..times(PATIENT) }),
        (1, Times { command: short, ..times(PATIENT) }),
        (3, Times { command: short, ..times(PATIENT) }),
        (4, Times { data: short, ..times(PATIENT) }),
        (5, Times { message: short, ..times(PATIENT) }),
    ] {
        let mut script = says(&all[..spoken]);
        script.push(Step::Hang);
        let server = Scripted::start(vec![script]).await;
        let begun = Instant::now();
        let failure = send(times, &plain(&server), TO, PATIENT).await.expect_err("it says nothing");
        assert_eq!(failure.kind, TimedOut, "{spoken}");
        assert!(begun.elapsed() < PATIENT, "{spoken}");
    }
}

#[tokio::test]
async fn what_is_worth_nothing_any_more_does_not_leave() {
    let (worth, longer) = (Duration::from_secs(1), Duration::from_millis(1_500));
    let before = async {
        let mut steps = says(&["220 hi", "250 hi"]);
        steps.extend([Step::Wait(longer), Step::Say("250 ok"), Step::Hear, Step::Say("250 ok"), Step::Hear]);
        steps.extend([Step::Say("354 go on"), Step::HearMessage, Step::Say("250 ok")]);
        let server = Scripted::start(vec![steps]).await;
        let failure = send(times(PATIENT), &plain(&server), TO, worth).await.expect_err("too late");
        assert_eq!((failure.kind, server.messages()), (TimedOut, 0));
    };
    // Once the message has left, its answer is waited for.
    let after = async {
        let mut steps = says(&["220 hi", "250 hi", "250 ok", "250 ok", "354 go on"]);
        steps.extend([Step::HearMessage, Step::Wait(longer), Step::Say("250 ok")]);
        let server = Scripted::start(vec![steps]).await;
        send(times(PATIENT), &plain(&server), TO, worth).await.expect("delivered");
    };
    tokio::join!(before, after);
}

#[tokio::test]
async fn every_kind_of_failure_is_told_apart() {
    let dead = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let dead_port = dead.local_addr().expect("an address").port();
    drop(dead);
    let cases: [(&[&'static str], Encryption, DeliveryFailureKind, &str); _] = [
        (
            &["220 hi", "250 hi", "250 ok", "550 5.1.1 no such mailbox"],
            Encryption::None,
            RecipientRefused,
            "550 5.1.1 no such mailbox",
        ),
        (&["220 hi", "250 hi", "250 ok", "451 4.7.1 greylisted"], Encryption::None, Deferred, "greylisted"),
        (&["220 hi", "250 hi", "250 ok", "452 4.2.2 full"], Encryption::None, MailboxFull, "full"),
        (&["220 hi", "250 hi", "250 ok", "250 ok", "354 go on", "550 5.7.1 spam"], Encryption::None, Policy, "spam"),
        (
            &["220 hi", "250 hi", "250 ok", "250 ok", "354 go on", "552 5.3.4 too big"],
            Encryption::None,
            TooLarge,
            "big",
        ),
        (&["220 hi", "250-hi\r\n250 SIZE 100", "250 ok"], Encryption::None, TooLarge, "100"),
        (&["421 4.3.2 shutting down"], Encryption::None, Deferred, "shutting down"),
        (&["554 no service"], Encryption::None, DeliveryFailureKind::Refused, "no service"),
        (&["220 hi", "250 hi", "what?"], Encryption::None, DeliveryFailureKind::Refused, "what?"),
        (&[], Encryption::None, Unreachable, "closed"),
        (
            &["220 hi", "250 hi", "250 ok", "250 ok", "354 go on"],
            Encryption::None,
            TimedOut,
            "no answer to the message",
        ),
        (&["220 hi", "250 hi"], Encryption::StartTls, Tls, "STARTTLS"),
        (&["220 hi", "250-hi\r\n250 STARTTLS", "220 go on\r\n250 injected"], Encryption::StartTls, Tls, "spoke before"),
        (&["220 hi", "250-hi\r\n250 STARTTLS", "220 go on", "no TLS"], Encryption::StartTls, Tls, ""),
        (&["220 hi", "220 hi"], Encryption::Tls, Tls, ""),
    ];
    for (lines, encryption, kind, words) in cases {
        let server = Scripted::saying(lines).await;
        let (found, answer) = failure(&via(server.port, encryption)).await;
        assert_eq!(found, kind, "{lines:?}: {answer}");
        assert!(!answer.is_empty() && answer.contains(words), "{lines:?}: {answer}");
    }
    assert_eq!(failure(&via(dead_port, Encryption::None)).await.0, Unreachable);
}

#[tokio::test]
async fn an_answer_loses_the_code_and_the_password() {
    let lines = ["220 hi", "250 hi", "250 ok", "250 ok", "354 go on", "550 5.7.1 no \"012345\" of t0p-s3cret here"];
    let (kind, answer) = failure(&plain(&Scripted::saying(&lines).await)).await;
    assert_eq!((kind, answer.as_str()), (Policy, "550 5.7.1 no \"•••\" of ••• here"));
}

#[tokio::test]
async fn signing_in_knows_two_ways_and_says_where_there_is_none() {
    let signing_in = |server: &Scripted| SmtpSettings { user_name: "robot".to_owned(), ..plain(server) };
    let plain_way = ["220 hi", "250-hi\r\n250 AUTH LOGIN PLAIN", "235 ok", "250 ok", "250 ok", "354 go on", "250 ok"];
    let server = Scripted::saying(&plain_way).await;
    deliver(&signing_in(&server), TO).await.expect("delivered");
    assert_eq!(server.heard()[0][1], "AUTH PLAIN AHJvYm90AHQwcC1zM2NyZXQ=");
    let login_way = [
        "220 hi",
        "250-hi\r\n250 AUTH=LOGIN",
        "334 VXNlcg",
        "334 UGFzcw",
        "235 ok",
        "250 ok",
        "250 ok",
        "354 go on",
        "250 ok",
    ];
    let server = Scripted::saying(&login_way).await;
    deliver(&signing_in(&server), TO).await.expect("delivered");
    assert_eq!(server.heard()[0][1..4], ["AUTH LOGIN", "cm9ib3Q=", "dDBwLXMzY3JldA=="]);
    for (offer, words) in [("250 hi", "no sign-in"), ("250-hi\r\n250 AUTH CRAM-MD5", "CRAM-MD5")] {
        let server = Scripted::saying(&["220 hi", offer]).await;
        let (kind, answer) = failure(&signing_in(&server)).await;
        assert!(kind == NoSignIn && answer.contains(words), "{kind:?} {answer}");
    }
    // An old server writes Latin-1.
    let mut steps = says(&["220 hi", "250-hi\r\n250 AUTH PLAIN"]);
    steps.extend([Step::Hear, Step::Bytes(b"535 5.7.8 Authentification \xe9chou\xe9e\r\n")]);
    let server = Scripted::start(vec![steps]).await;
    let (kind, answer) = failure(&signing_in(&server)).await;
    assert_eq!((kind, answer.as_str()), (Authentication, "535 5.7.8 Authentification échouée"));
}

#[tokio::test]
async fn a_local_part_of_other_letters_needs_a_server_that_takes_it() {
    let to = "m\u{fc}ller@b\u{fc}cher.example";
    let server = Scripted::saying(&["220 hi", "250 hi"]).await;
    assert_eq!(deliver(&plain(&server), to).await.expect_err("refused").kind, AddressNotSupported);
    let able = ["220 hi", "250-hi\r\n250-8BITMIME\r\n250 SMTPUTF8", "250 ok", "250 ok", "354 go on", "250 ok"];
    let server = Scripted::saying(&able).await;
    deliver(&plain(&server), to).await.expect("delivered");
    let heard = server.heard();
    assert_eq!(heard[0][1], "MAIL FROM:<no-reply@xn--bcher-kva.example> SMTPUTF8 BODY=8BITMIME");
    assert_eq!(heard[0][2], "RCPT TO:<m\u{fc}ller@xn--bcher-kva.example>");
}

#[tokio::test]
async fn a_host_without_a_full_name_says_its_address() {
    let server = Scripted::saying(&["220 hi", "250 hi", "250 ok"]).await;
    let sender = SmtpSender::new(&"http://localhost:3000".parse().expect("an address"), Reach::default());
    sender.probe(&plain(&server), None).await.expect("it answers");
    assert_eq!(server.heard()[0][..2], ["EHLO [127.0.0.1]", "NOOP"]);
}

#[tokio::test]
async fn link_local_addresses_are_never_contacted_nor_what_is_not_allowed() {
    let settings = SmtpSettings { host: "169.254.169.254".to_owned(), ..via(25, Encryption::None) };
    let (kind, answer) = failure(&settings).await;
    assert_eq!(kind, Unreachable);
    assert!(answer.ends_with("no usable address"), "it was tried: {answer}");
    let server = Scripted::start(vec![takes_it()]).await;
    let (reach, _) = Reach::of(&["10.0.0.0/8".to_owned()]);
    let sender = SmtpSender { reach, ..sender(times(PATIENT)) };
    let failure = sender.probe(&plain(&server), None).await.expect_err("refused");
    assert_eq!(failure.kind, Unreachable);
    assert!(server.heard().is_empty(), "it was contacted");
}

/// A conversation that takes as many messages as this.
fn takes(messages: usize) -> Vec<Step> {
    let mut lines = vec!["220 hi", "250 hi"];
    for _ in 0..messages {
        lines.extend(["250 ok", "250 ok", "354 go on", "250 taken"]);
    }
    says(&lines)
}

/// A sender that keeps its connections for longer than a test takes.
fn keeping() -> SmtpSender {
    SmtpSender { pool: Pool::new(Duration::from_secs(60)), ..sender(times(PATIENT)) }
}

#[tokio::test]
async fn a_connection_is_used_again_as_long_as_the_server_lets_it() {
    let again = |last: &[&'static str]| {
        let mut steps = takes(2);
        if !last.is_empty() {
            steps.push(Step::Hear);
            steps.extend(says(last));
        }
        steps
    };
    for last in [
        // Closed while it was idle, with a word before or without, and at the next command.
        again(&[]),
        [takes(2), vec![Step::Say("421 4.4.2 idle for too long")]].concat(),
        again(&["421 4.7.0 too many messages"]),
        // In the middle of a message that has not left yet.
        again(&["250 ok", "421 4.3.2 shutting down"]),
    ] {
        let server = Scripted::start(vec![last, takes(1)]).await;
        let sender = keeping();
        for _ in 0..3 {
            send_by(&sender, &plain(&server), TO, PATIENT).await.expect("delivered");
        }
        let heard = server.heard();
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert_eq!(heard[0].iter().filter(|line| *line == ".").count(), 2);
        assert_eq!(server.messages(), 3, "each message leaves once");
    }
}

#[tokio::test]
async fn a_kept_connection_is_nobody_elses_and_ends_when_it_is_idle() {
    let ends = || [takes(1), vec![Step::Hear]].concat();
    let server = Scripted::start(vec![ends(), ends()]).await;
    let sender = sender(times(PATIENT));
    send_by(&sender, &plain(&server), TO, PATIENT).await.expect("delivered");
    let other = SmtpSettings { from_name: "Other".to_owned(), ..plain(&server) };
    send_by(&sender, &other, TO, PATIENT).await.expect("delivered");
    assert_eq!(server.heard().len(), 2, "other settings are another connection");
    let quit = async {
        while server.heard().iter().any(|lines| lines.last().is_none_or(|line| line != "QUIT")) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENT, quit).await.expect("it says goodbye");
}

#[tokio::test]
async fn a_refusal_on_a_kept_connection_is_told_and_not_tried_again() {
    let refuses = [takes(1), vec![Step::Hear, Step::Say("250 ok"), Step::Hear, Step::Say("550 5.1.1 nobody")]].concat();
    let server = Scripted::start(vec![refuses, takes(1)]).await;
    let sender = keeping();
    send_by(&sender, &plain(&server), TO, PATIENT).await.expect("delivered");
    let failure = send_by(&sender, &plain(&server), TO, PATIENT).await.expect_err("refused");
    assert_eq!((failure.kind, server.heard().len()), (RecipientRefused, 1));
}

#[tokio::test]
async fn a_server_that_takes_commands_together_gets_them_so_and_no_message_after_a_refusal() {
    let together = |answers: &'static str| {
        let mut steps = says(&["220 hi", "250-hi\r\n250 PIPELINING"]);
        // It says nothing before it has heard all three.
        steps.extend([Step::Hear, Step::Hear, Step::Hear, Step::Say(answers), Step::HearMessage, Step::Say("250 ok")]);
        steps
    };
    for (answers, expected) in [
        ("250 ok\r\n250 ok\r\n354 go on", Ok(())),
        ("250 ok\r\n550 5.1.1 nobody\r\n354 go on", Err(RecipientRefused)),
        ("250 ok\r\n550 5.1.1 nobody\r\n503 no recipient", Err(RecipientRefused)),
        ("451 4.7.1 later\r\n503 no sender\r\n503 no sender", Err(Deferred)),
        ("250 ok\r\n250 ok\r\n554 5.7.1 no", Err(Policy)),
    ] {
        let server = Scripted::start(vec![together(answers)]).await;
        let found = send(times(PATIENT), &plain(&server), TO, PATIENT).await.map_err(|failure| failure.kind);
        assert_eq!(found, expected, "{answers}");
        assert_eq!(server.messages(), usize::from(expected.is_ok()), "{answers}");
        let heard = server.heard();
        assert!(heard[0][1].starts_with("MAIL FROM:") && heard[0][3] == "DATA", "{heard:?}");
    }
}
