//! The same for text messages: they have a text alone, which has to fit into one.

use super::{EMAIL, admin, parts, problems};
use crate::{
    entity::{enrollment, message_template},
    entries,
    message_templates::service::SAMPLES,
    templates::{self, store},
    testing::{Fixture, on_every_database, reason, twilio_form},
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::text_message::{Segments, code_text},
    enrollment::{port::EnrollmentPort, types::Destination},
    error::{DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    language::types::Language::{self, Ar, De, En, Ja},
    message_templates::{
        defaults::template,
        port::MessageTemplatesPort,
        types::{Message, Parts},
    },
    services::{port::ServicesPort, sms::SmsForm},
};
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

const NUMBER: &str = "+447400123489";
const LAST: &str = "@{{ host }} #{{ code }}";

fn text(text: &str) -> Parts {
    parts("", text, "")
}

fn good() -> Parts {
    text(&format!("{{{{ brand }}}} says {{{{ code }}}} ({{{{ reference }}}}).\n\n{LAST}"))
}

async fn save(fixture: &Fixture, admin: &Session, language: Language, parts: &Parts) -> Vec<(String, Problem)> {
    let saved = fixture.message_templates().save(admin, language, Message::TextCode, parts).await;
    if saved.is_ok() { Vec::new() } else { problems(saved) }
}

#[tokio::test]
async fn a_changed_text_message_is_sent_and_a_reset_takes_the_default_back() {
    on_every_database(async |fixture| {
        let method = fixture.offer_texts().await;
        fixture.customer(EMAIL).await;
        let (admin, templates) = (admin(&fixture).await, fixture.message_templates());
        // What stands in fields that it does not have is not kept.
        templates.save(&admin, En, Message::TextCode, &parts("Subject", &good().text, "<p>")).await.expect("saved");
        let stored = store::find(&fixture.core.db, En, Message::TextCode).await.expect("answers").expect("stored");
        assert_eq!(stored.parts(), good());
        let session = fixture.password_session(EMAIL).await;
        let begin = async || {
            let (country, phone) = ("GB".to_owned(), NUMBER.to_owned());
            let to = Destination { country, phone, ..Destination::default() };
            fixture.enrollment().begin(&session, method, &to).await.expect("sent");
            (fixture.texts.kept().pop().expect("a message").text, fixture.text_code())
        };
        let (sent, code) = begin().await;
        assert!(sent.starts_with(&format!("Configio says {code} (")), "{sent}");
        assert!(sent.ends_with(&format!(").\n\n@id.example.org #{code}")), "{sent}");

        templates.reset(&admin, En, Message::TextCode).await.expect("reset");
        fixture.clock.pass(60);
        let (sent, code) = begin().await;
        assert!(sent.starts_with(&format!("{code} is your Configio code.")), "{sent}");
        for action in [Action::TemplateSaved, Action::TemplateReset] {
            assert_eq!(fixture.events(action).await, ["Text message: verification code: en"], "{action:?}");
        }

        templates.save(&admin, En, Message::TextTest, &text("It works at {{ brand }}")).await.expect("saved");
        let form = SmsForm { test_to: NUMBER.to_owned(), ..twilio_form() };
        fixture.services().test_sms(&admin, None, &form).await.expect("sent");
        assert_eq!(fixture.texts.kept().pop().expect("a message").text, "It works at Configio");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_into_one_or_loses_its_last_line_is_refused() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        let refused = async |language, typed: &str| {
            let found = save(&fixture, &admin, language, &text(typed)).await;
            let stored = message_template::Entity::find().count(&fixture.core.db).await.expect("answers");
            assert_eq!(stored, 0, "it was stored: {typed}");
            let [(field, problem)] = found.try_into().expect("one problem");
            assert_eq!(field, "text");
            problem
        };
        let long = |end: &str| format!("{{{{ code }}}} {}\n\n{end}", "x".repeat(160));
        assert_eq!(refused(En, &long(LAST)).await, Problem::TooManyParts(2));
        // Signs outside of the small alphabet leave room for fewer.
        let other = format!("{{{{ code }}}} {}\n\n{LAST}", "\u{161}".repeat(40));
        assert_eq!(refused(En, &other).await, Problem::TooManyParts(2));
        assert_eq!(refused(En, "no code").await, Problem::NeedsPlaceholder("code".to_owned()));
        for without in ["{{ code }}", &format!("{LAST}\nThank you"), "{{ code }}\n@evil.example #{{ code }}"] {
            assert_eq!(refused(De, without).await, Problem::NeedsLastLine, "{without}");
        }
        assert_eq!(refused(En, "{{ lifetime }}").await, Problem::UnknownPlaceholder("lifetime".to_owned()));
        assert_eq!(refused(En, " \n").await, Problem::Required);
        // Where the default has no room for that line, it may be left out, and nothing may follow it.
        assert_eq!(refused(Ja, &format!("{LAST}\n\u{65e5}")).await, Problem::NeedsLastLine);
        for (language, typed) in [(Ja, "\u{65e5} {{ code }}".to_owned()), (Ar, format!("\u{631}\n\n{LAST}"))] {
            assert!(save(&fixture, &admin, language, &text(&typed)).await.is_empty(), "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_editor_shows_how_long_it_is_also_where_it_is_too_long() {
    on_every_database(async |fixture| {
        let (admin, templates) = (admin(&fixture).await, fixture.message_templates());
        let editor = templates.editor(&admin, En, Message::TextCode).await.expect("shows");
        assert_eq!(editor.parts, template(En, Message::TextCode));
        assert!(editor.shown.text.ends_with("\n\n@id.example.org #012345"), "{}", editor.shown.text);
        let Segments { count, used, room } = editor.shown.segments.expect("a length");
        assert_eq!((count, used as usize, room), (1, editor.shown.text.chars().count(), 160));
        let typed = text(&format!("{}{{{{ code }}}}", "x".repeat(155)));
        templates.draft(&admin, En, Message::TextCode, &typed).await.expect("kept");
        let shown = templates.editor(&admin, En, Message::TextCode).await.expect("shows").shown;
        assert_eq!(shown.segments, Some(Segments { count: 2, used: 161, room: 160 }));
        assert_eq!(shown.problems[0].problem, Problem::TooManyParts(2));
        assert!(shown.text.ends_with("x012345"), "{}", shown.text);
        let mail = templates.editor(&admin, En, Message::Code).await.expect("shows");
        assert_eq!((mail.shown.segments, mail.own_number), (None, None));
    })
    .await;
}

#[tokio::test]
async fn a_text_message_that_grew_too_long_goes_out_as_it_came() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        fixture.message_templates().save(&admin, En, Message::TextCode, &good()).await.expect("saved");
        let stored = store::find(&fixture.core.db, En, Message::TextCode).await.expect("answers").expect("stored");
        let default = code_text(En, "Configio", "id.example.org", "012345", "ABC", 10);
        let long = format!("{}{}", "x".repeat(150), good().text);
        for (typed, changed) in [(good().text, true), (long, false), ("{{ code }}".to_owned(), false)] {
            store::put(&fixture.core.db, message_template::Model { text: typed, ..stored.clone() })
                .await
                .expect("stored");
            let sent = templates::render(&fixture.core.db, &fixture.core, &default).await.expect("rendered");
            assert_eq!(sent.text != default.text, changed, "{}", sent.text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_sample_goes_to_ones_own_phone_or_to_a_number_and_counts_as_every_text_message() {
    on_every_database(async |fixture| {
        let (admin, templates) = (admin(&fixture).await, fixture.message_templates());
        let send = async |number: &str| templates.send(&admin, En, Message::TextCode, &good(), number).await;
        let inactive = DeliveryFailure { kind: DeliveryFailureKind::Inactive, answer: None };
        assert_eq!(reason(send(NUMBER).await), Refusal::TextNotDelivered(inactive), "nothing sends");
        let method = fixture.offer_texts().await;
        for (number, problem) in [
            ("", Problem::Required),
            ("07400 123489", Problem::NotInternational),
            ("+49 151 23456789", Problem::CountryNotAllowed),
        ] {
            assert_eq!(problems(send(number).await), [("number".to_owned(), problem)], "{number}");
        }
        assert!(fixture.texts.kept().is_empty());
        send(NUMBER).await.expect("sent");
        let kept = fixture.texts.kept();
        assert_eq!((kept.len(), kept[0].to.as_str()), (1, NUMBER));
        assert_eq!(kept[0].text, "Configio says 012345 (ABC).\n\n@id.example.org #012345");

        let own = "+447400123456";
        let entry = enrollment::Model {
            id: Uuid::now_v7(),
            account_id: admin.account_id,
            secondary_auth_id: method,
            destination: Some(own.to_owned()),
            added_at: fixture.now(),
            last_used_at: None,
            preferred: false,
            secret: None,
            last_step: None,
        };
        entries::store::put(&fixture.core.db, entry).await.expect("an entry");
        let shown = templates.editor(&admin, En, Message::TextCode).await.expect("shows").own_number;
        assert!(shown.as_deref().is_some_and(|shown| shown.ends_with("56") && !shown.contains("400")), "{shown:?}");
        // What is typed does not count then.
        for _ in 1..SAMPLES {
            send(NUMBER).await.expect("sent");
        }
        assert!(fixture.texts.kept().iter().skip(1).all(|kept| kept.to == own));
        assert_eq!(reason(send("").await), Refusal::TooManyMessages { minutes: 60 });
        let events = fixture.events(Action::TemplateSent).await;
        assert_eq!(events.len(), SAMPLES as usize);
        assert!(events.iter().all(|event| !event.contains("7400") && event.contains("en, +44")), "{events:?}");
        fixture.clock.pass(3_600);
        let id = fixture.services().list().await.expect("lists")[0].id;
        let few = SmsForm { daily: SAMPLES.to_string(), secret: String::new(), ..twilio_form() };
        fixture.services().save_sms(&admin, Some(id), &few).await.expect("changed");
        assert_eq!(reason(send("").await), Refusal::TextCeiling);
    })
    .await;
}
