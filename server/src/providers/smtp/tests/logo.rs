//! The brand's logo on its way.

use super::*;
use crate::{looks::picture::tests::png_of, platform::brand::Logo};
use app::{brand::types::Picture, delivery::message::MessageText};
use mail_parser::{Message, MimeHeaders};

fn logo() -> Logo {
    let picture = Picture { file: "a1b2.png".to_owned(), width: 320, height: 80 };
    Logo { picture, media_type: "image/png", contents: png_of(320, 80) }
}

fn text(branded: bool) -> MessageText {
    MessageText { branded, ..code_message(Language::De, "Configio", "012345", "BCD", 10) }
}

/// A message as a server hears it, without the dots of the way.
async fn raw(text: &MessageText, logo: Option<&Logo>) -> String {
    let server = Scripted::start(vec![takes_it()]).await;
    let mail = Mail { id: ID, written_at: START, worth: PATIENT, to: TO, text, logo };
    sender(times(PATIENT)).send(&plain(&server), None, &mail).await.expect("delivered");
    let lines = server.heard().remove(0);
    let lines = lines[4..lines.len() - 1].iter().map(|line| line.strip_prefix('.').unwrap_or(line));
    lines.collect::<Vec<_>>().join("\r\n")
}

fn read(raw: &str) -> Message<'_> {
    MessageParser::default().parse(raw.as_bytes()).expect("a message")
}

/// The kinds of its parts, in their order.
fn kinds(message: &Message<'_>) -> Vec<String> {
    let kinds = message.parts.iter().filter_map(MimeHeaders::content_type);
    kinds.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())).collect()
}

#[tokio::test]
async fn a_logo_comes_with_the_message_and_is_loaded_from_nowhere() {
    let text = text(true);
    let [first, again] = [raw(&text, Some(&logo())).await, raw(&text, Some(&logo())).await];
    let [message, again] = [&first, &again].map(|raw| read(raw));
    assert_eq!(
        kinds(&message),
        ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"],
        "{first}"
    );
    let id = format!("logo.{ID}@xn--bcher-kva.example");
    let html = message.body_html(0).expect("HTML");
    assert!(html.contains(&format!("<img src=\"cid:{id}\" alt=\"\" width=\"160\" height=\"40\"")), "{html}");
    assert_eq!(html.matches("src=").count(), 1, "nothing else is loaded: {html}");
    let picture = message.parts.last().expect("a picture");
    assert_eq!((picture.content_id(), picture.contents()), (Some(&*id), &png_of(320, 80)[..]));
    assert!(picture.content_disposition().is_some_and(|how| how.ctype() == "inline"), "{first}");
    assert_eq!(picture.attachment_name(), Some("a1b2.png"));
    // What is read without it is what it was.
    let bare = raw(&text, None).await;
    let bare = read(&bare);
    assert_eq!((message.subject(), message.body_text(0)), (bare.subject(), bare.body_text(0)));
    assert_eq!((again.message_id(), again.date()), (message.message_id(), message.date()));
    assert_eq!(again.body_html(0), message.body_html(0));
    assert_eq!(again.parts.last().map(|part| part.contents().to_vec()), Some(png_of(320, 80)));
}

#[tokio::test]
async fn a_message_without_a_logo_or_with_words_of_its_own_has_two_parts() {
    for (text, logo) in [(text(true), None), (text(false), Some(&logo()))] {
        let raw = raw(&text, logo).await;
        let message = read(&raw);
        assert_eq!(kinds(&message), ["multipart/alternative", "text/plain", "text/html"], "{raw}");
        let html = message.body_html(0).expect("HTML").replace("\r\n", "\n");
        assert_eq!(html.trim_end(), text.html.trim_end());
    }
}

#[tokio::test]
async fn the_mailbox_of_the_demo_shows_the_logo() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mailbox = Mailbox::default();
    listen(listener, mailbox.clone()).expect("listens");
    let text = text(true);
    let mail = Mail { id: ID, written_at: START, worth: PATIENT, to: TO, text: &text, logo: Some(&logo()) };
    sender(times(PATIENT)).send(&via(port, Encryption::None), None, &mail).await.expect("delivered");
    let html = mailbox.all().remove(0).html;
    assert!(html.contains(&format!("src=\"{}\"", logo().address())) && !html.contains("cid:"), "{html}");
}
