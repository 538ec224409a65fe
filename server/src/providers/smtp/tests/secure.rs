//! What a provider's own settings change: its authority, its name, where answers go.

use super::*;
use crate::testing::authority::Authority;

/// A conversation that is encrypted after STARTTLS.
fn after_starttls() -> Vec<Step> {
    let mut steps = says(&["220 hi", "250-hi\r\n250 STARTTLS", "220 go on"]);
    steps.push(Step::Encrypt);
    for line in ["250 hi", "250 ok", "250 ok", "354 go on"] {
        steps.extend([Step::Hear, Step::Say(line)]);
    }
    steps.extend([Step::HearMessage, Step::Say("250 2.0.0 taken")]);
    steps
}

/// The same from the first byte.
fn encrypted() -> Vec<Step> {
    [vec![Step::Encrypt], takes_it()].concat()
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_by_its_provider_alone() {
    let ours = Authority::new();
    for (encryption, script) in [(Encryption::StartTls, after_starttls()), (Encryption::Tls, encrypted())] {
        let server = Scripted::secure(ours.server(), vec![script.clone(), script.clone(), script]).await;
        let plain = via(server.port, encryption);
        let stranger = SmtpSettings { ca: Authority::new().pem(), ..plain.clone() };
        for distrusting in [&plain, &stranger] {
            let (kind, answer) = failure(distrusting).await;
            assert_eq!(kind, Tls, "{answer}");
        }
        assert_eq!(server.messages(), 0);
        deliver(&SmtpSettings { ca: ours.pem(), ..plain }, TO).await.expect("delivered");
        assert_eq!(server.messages(), 1);
    }
}

#[tokio::test]
async fn a_certificate_of_another_name_is_refused() {
    let ours = Authority::new();
    let server = Scripted::secure(ours.server(), vec![encrypted()]).await;
    let via = SmtpSettings { host: "localhost".to_owned(), ca: ours.pem(), ..via(server.port, Encryption::Tls) };
    assert_eq!(failure(&via).await.0, Tls, "it is made for 127.0.0.1");
    assert_eq!(server.messages(), 0);
}

#[tokio::test]
async fn the_next_connection_resumes_the_session_of_the_last() {
    let ours = Authority::new();
    let server = Scripted::secure(ours.server(), vec![encrypted(), encrypted()]).await;
    let via = SmtpSettings { ca: ours.pem(), ..via(server.port, Encryption::Tls) };
    for _ in 0..2 {
        deliver(&via, TO).await.expect("delivered");
    }
    let heard = server.heard();
    assert_eq!((heard[0][0].as_str(), heard[1][0].as_str()), ("new", "resumed"));
}

#[tokio::test]
async fn a_name_of_ones_own_is_said_and_answers_go_where_they_should() {
    for (name, said) in
        [("mail.example.org", "mail.example.org"), ("192.0.2.7", "[192.0.2.7]"), ("2001:db8::1", "[IPv6:2001:db8::1]")]
    {
        let server = Scripted::start(vec![takes_it()]).await;
        let reply_to = "help@b\u{fc}cher.example".to_owned();
        let via = SmtpSettings { ehlo_name: name.to_owned(), reply_to, ..plain(&server) };
        deliver(&via, TO).await.expect("delivered");
        let heard = &server.heard()[0];
        assert_eq!(heard[0], format!("EHLO {said}"));
        let message = heard[4..].join("\r\n");
        let message = MessageParser::default().parse(message.as_bytes()).expect("a message");
        let reply_to = message.reply_to().and_then(|to| to.first()).and_then(|to| to.address());
        assert_eq!(reply_to, Some("help@xn--bcher-kva.example"));
    }
    let server = Scripted::start(vec![takes_it()]).await;
    deliver(&plain(&server), TO).await.expect("delivered");
    assert!(!server.heard()[0].iter().any(|line| line.starts_with("Reply-To")), "answers go to the sender");
}
