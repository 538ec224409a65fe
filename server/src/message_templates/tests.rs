//! What messages say, as an administrator changes it, and what people get.

mod texts;

use super::service::{SAMPLES, filled};
use crate::{
    entity::message_template,
    looks::picture::tests::png_of,
    rules::rules_in,
    templates::{self, store},
    testing::{Fixture, on_every_database, reason},
};
use app::{
    approvals::port::ApprovalsPort,
    audit::types::Action,
    brand::{
        port::BrandPort,
        types::{Fields, Slot},
    },
    caller::Session,
    challenge::message::code_message,
    configuration::types::Setting,
    error::{AppError, Problem, Refusal},
    language::types::Language::{self, De, En},
    message_templates::{
        defaults::{samples, template, written},
        port::MessageTemplatesPort,
        types::{HTML_MAX, Message, Parts},
    },
};
use sea_orm::{EntityTrait, PaginatorTrait};
use std::time::Instant;

const EMAIL: &str = "carla@example.org";

/// A template of a code's message.
fn parts(subject: &str, text: &str, html: &str) -> Parts {
    Parts { subject: subject.to_owned(), text: text.to_owned(), html: html.to_owned() }
}

fn good() -> Parts {
    parts(
        "Code {{ code }}",
        "Hello\n\n{{ code }}\n\nReference: {{ reference }}\n",
        "<h1>{{ brand }}</h1><p>{{ code }}</p>",
    )
}

/// An administrator, as the table of accounts knows her.
async fn admin(fixture: &Fixture) -> Session {
    let account_id = fixture.administrator("ada@example.org").await;
    Session { account_id, ..fixture.admin() }
}

/// The problem of each field that has one.
fn problems<T>(result: Result<T, AppError>) -> Vec<(String, Problem)> {
    match result.err() {
        Some(AppError::Invalid { fields, .. }) => fields.into_iter().map(|f| (f.field, f.problem)).collect(),
        other => panic!("another answer: {other:?}"),
    }
}

#[test]
fn every_default_can_be_edited_and_says_the_same() {
    // Which values stand between marks from right to left depends on what they are.
    let bare = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
    for (language, message) in Language::ALL.iter().flat_map(|l| Message::ALL.iter().map(move |m| (*l, *m))) {
        let samples = samples(language, message, "Acme & <Sons>", "https://id.example.org");
        let template = template(language, message);
        let shown = filled(language, message, &template, &samples);
        let shown = shown.unwrap_or_else(|problems| panic!("{message:?} {language:?}: {problems:?}"));
        let default = language.speak(|| written(message, samples));
        let (subject, text) = (bare(shown.subject), bare(shown.text));
        assert_eq!((subject, text), (bare(default.subject), bare(default.text)), "{message:?} {language:?}");
        // The engine escapes a slash too, and an apostrophe.
        let html = shown.html.replace("&#x2f;", "/").replace("&#x27;", "'");
        assert_eq!(bare(html), bare(default.html), "{message:?} {language:?}");
        assert!(template.html.chars().count() < HTML_MAX as usize / 2, "{message:?} {language:?} leaves no room");
    }
}

#[tokio::test]
async fn a_changed_message_is_sent_and_a_reset_takes_the_default_back() {
    on_every_database(async |fixture| {
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let admin = admin(&fixture).await;
        let templates = fixture.message_templates();
        assert!(templates.list(En).await.expect("lists").iter().all(|row| row.changed.is_none()));
        templates.save(&admin, En, Message::Code, &good()).await.expect("saved");
        let session = fixture.password_session(EMAIL).await;
        fixture.send_code(&session, method, EMAIL).await.expect("sent");
        let mail = fixture.mail.kept().pop().expect("a message");
        assert!(mail.text.starts_with("Hello\n\n") && mail.text.contains(&fixture.code()), "{}", mail.text);
        let row = templates.list(En).await.expect("lists").remove(0);
        assert_eq!(row.changed, Some(("2026-01-01 00:00".to_owned(), "ada@example.org".to_owned())));
        assert_eq!(templates.editor(&admin, En, Message::Code).await.expect("shows").parts, good());

        templates.reset(&admin, En, Message::Code).await.expect("reset");
        let editor = templates.editor(&admin, En, Message::Code).await.expect("shows");
        assert_eq!((editor.parts, editor.changed, editor.draft), (template(En, Message::Code), false, false));
        fixture.clock.pass(60);
        fixture.send_code(&session, method, EMAIL).await.expect("sent");
        assert!(fixture.mail.kept().pop().expect("a message").text.contains("is your verification code"));
        for action in [Action::TemplateSaved, Action::TemplateReset] {
            assert_eq!(fixture.events(action).await.len(), 1, "{action:?}");
        }
        let told = fixture.mail_so_far().await;
        let told = told.iter().filter(|(to, text)| to == "ada@example.org" && text.contains("Verification code"));
        assert_eq!(told.count(), 2, "the administrators are told of both");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_by_its_field_and_not_stored() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        let refused = async |parts: &Parts| {
            let found = problems(fixture.message_templates().save(&admin, En, Message::Code, parts).await);
            let stored = message_template::Entity::find().count(&fixture.core.db).await.expect("answers");
            assert_eq!(stored, 0, "it was stored");
            found
        };
        let one = |field: &str, problem| vec![(field.to_owned(), problem)];
        let unknown = Problem::UnknownPlaceholder("password".to_owned());
        assert_eq!(refused(&Parts { subject: "{{ password }}".to_owned(), ..good() }).await, one("subject", unknown));
        let text = "one\n{{ code }}\n{% if code %}".to_owned();
        assert_eq!(refused(&Parts { text, ..good() }).await, one("text", Problem::Syntax(3)));
        let needs = || Problem::NeedsPlaceholder("code".to_owned());
        for hidden in ["no code", "{# {{ code }} #}none", "{% if not code %}{{ code }}{% endif %}none"] {
            let found = refused(&Parts { text: hidden.to_owned(), html: hidden.to_owned(), ..good() }).await;
            assert_eq!(found, [("text".to_owned(), needs()), ("html".to_owned(), needs())], "{hidden}");
        }
        assert_eq!(refused(&Parts { subject: " ".to_owned(), ..good() }).await, one("subject", Problem::Required));
        let long = "x".repeat(HTML_MAX as usize + 5);
        assert_eq!(refused(&Parts { html: long, ..good() }).await, one("html", Problem::TooLong(HTML_MAX)));
        let lines = "{{ code }}\r\nBcc: all@example.org".to_owned();
        assert_eq!(refused(&Parts { subject: lines, ..good() }).await, one("subject", Problem::CannotBeFilledIn));
        let link =
            problems(fixture.message_templates().save(&admin, En, Message::PasswordReset, &parts("a", "b", "c")).await);
        assert_eq!(link[0], ("text".to_owned(), Problem::NeedsPlaceholder("link".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_is_kept_for_the_one_who_typed_it() {
    on_every_database(async |fixture| {
        let ada = admin(&fixture).await;
        let bea = Session { account_id: fixture.administrator("bea@example.org").await, ..fixture.admin() };
        let templates = fixture.message_templates();
        let typed = Parts { text: "no code yet".to_owned(), ..good() };
        templates.draft(&ada, En, Message::Code, &typed).await.expect("kept");
        let editor = templates.editor(&ada, En, Message::Code).await.expect("shows");
        assert_eq!(editor.shown.problems[0].field, "text");
        assert_eq!((editor.parts, editor.draft, editor.changed), (typed, true, false));
        assert_eq!(templates.editor(&bea, En, Message::Code).await.expect("shows").parts, template(En, Message::Code));
        assert_eq!(templates.preview(&ada, En, Message::Code).await.expect("shows"), "", "nothing to show");
        templates.draft(&ada, En, Message::Code, &good()).await.expect("kept");
        assert!(templates.preview(&ada, En, Message::Code).await.expect("shows").contains("012345"));
        templates.save(&ada, En, Message::Code, &good()).await.expect("saved");
        assert!(!templates.editor(&ada, En, Message::Code).await.expect("shows").draft);
    })
    .await;
}

#[tokio::test]
async fn a_stored_template_that_cannot_be_filled_in_keeps_no_code_from_leaving() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        fixture.message_templates().save(&admin, En, Message::Code, &good()).await.expect("saved");
        let stored = store::find(&fixture.core.db, En, Message::Code).await.expect("answers").expect("stored");
        let text = code_message(En, "Configio", "012345", "ABC", 10);
        for broken in ["{{ gone }}", "{% if %}", "{{ code|upper }}", "{% if code == '000000' %}{{ code }}{% endif %}"] {
            let broken = message_template::Model { html: broken.to_owned(), ..stored.clone() };
            store::put(&fixture.core.db, broken).await.expect("stored");
            let sent = templates::render(&fixture.core.db, &fixture.core, &text).await.expect("rendered");
            assert_eq!(sent.text, text.text, "the default is sent");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sample_goes_to_the_one_who_edits_and_not_without_end() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let admin = admin(&fixture).await;
        let before = fixture.mail_so_far().await.len();
        for _ in 0..SAMPLES {
            fixture.message_templates().send(&admin, En, Message::Code, &good(), "").await.expect("sent");
        }
        let refused = fixture.message_templates().send(&admin, En, Message::Code, &good(), "").await;
        assert_eq!(reason(refused), Refusal::TooManyMessages { minutes: 60 });
        let mail = fixture.mail_so_far().await.split_off(before);
        assert_eq!(mail.len(), SAMPLES as usize);
        assert!(mail.iter().all(|(to, text)| to == "ada@example.org" && text.contains("012345")), "{mail:?}");
        assert_eq!(message_template::Entity::find().count(&fixture.core.db).await.expect("answers"), 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_shown_and_sent_to_its_editor_has_the_looks_that_it_will_have() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let (admin, templates) = (admin(&fixture).await, fixture.message_templates());
        let (message, ours) = (Message::PasswordReset, template(En, Message::PasswordReset));
        let help = "https://help.example.org/".to_owned();
        let brand = Fields { accent: "#a1003c".to_owned(), help: help.clone(), ..Fields::default() };
        fixture.branding().save(&admin, &brand).await.expect("saved");
        fixture.branding().put_picture(&admin, Slot::Logo, &png_of(320, 80)).await.expect("stored");
        let shown = async || {
            let html = templates.preview(&admin, En, message).await.expect("shown");
            let text = templates.editor(&admin, En, message).await.expect("shown").shown.text;
            let looks = ["src=\"data:image/png;", "#a1003c", &help].map(|part| html.matches(part).count());
            (looks, text.matches(&help).count())
        };
        let sent = async |parts: &Parts| {
            templates.send(&admin, En, message, parts, "").await.expect("sent");
            fixture.mail_so_far().await;
            let mail = fixture.mail.kept().pop().expect("a message");
            (mail.logo.is_some(), mail.text.matches(&help).count())
        };
        assert_eq!(shown().await, ([1, 2, 1], 1));
        assert_eq!(sent(&ours).await, (true, 1));
        // With other words it has the looks that it is given.
        let other = Parts { html: format!("{}<p>Bye</p>", ours.html), ..ours.clone() };
        templates.draft(&admin, En, message, &other).await.expect("kept");
        assert_eq!(shown().await, ([0, 0, 0], 0));
        assert_eq!(sent(&other).await, (false, 0));
        // Saved, ours are somebody's own words.
        templates.save(&admin, En, message, &ours).await.expect("saved");
        assert_eq!(shown().await, ([0, 0, 0], 0));
        assert_eq!(sent(&ours).await, (false, 0));
    })
    .await;
}

#[tokio::test]
async fn each_language_has_its_own_words() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        let templates = fixture.message_templates();
        templates.save(&admin, De, Message::Code, &good()).await.expect("saved");
        let sent = async |language| {
            let text = code_message(language, "Configio", "012345", "ABC", 10);
            templates::render(&fixture.core.db, &fixture.core, &text).await.expect("rendered").into_owned()
        };
        let german = sent(De).await;
        assert!(german.text.starts_with("Hello\n") && german.language == De, "{}", german.text);
        for language in Language::ALL.into_iter().filter(|language| *language != De) {
            let default = code_message(language, "Configio", "012345", "ABC", 10).text;
            assert_eq!(sent(language).await.text, default, "{language:?}");
        }
        assert!(templates.list(En).await.expect("lists").iter().all(|row| row.changed.is_none()));
        assert!(templates.list(De).await.expect("lists")[0].changed.is_some());
        templates.reset(&admin, En, Message::Code).await.expect("reset");
        assert_eq!(sent(De).await.text, german.text, "another language was reset");
        assert_eq!(fixture.events(Action::TemplateSaved).await, ["Verification code: de"]);
    })
    .await;
}

#[tokio::test]
async fn where_two_administrators_have_to_agree_new_words_wait() {
    on_every_database(async |fixture| {
        let ada = admin(&fixture).await;
        let bea = Session { account_id: fixture.administrator("bea@example.org").await, ..fixture.admin() };
        let bea = Session { email: "bea@example.org".to_owned(), ..bea };
        fixture.set(Setting::SecondApproval, 1).await;
        let asks = Session { rules: rules_in(&fixture.core.db).await.expect("answers"), ..ada };
        let asked = fixture.message_templates().save(&asks, En, Message::Code, &good()).await;
        assert!(matches!(asked, Err(AppError::AwaitsApproval)), "{asked:?}");
        let stored = async || store::find(&fixture.core.db, En, Message::Code).await.expect("answers");
        assert!(stored().await.is_none(), "it was not waited for");
        let request = fixture.approvals().list(&bea).await.expect("lists").remove(0);
        fixture.approvals().approve(&bea, request.id).await.expect("approved");
        assert_eq!(stored().await.expect("stored").parts(), good());
    })
    .await;
}

/// What a template costs a message: one look at its row, and filling in.
#[tokio::test]
async fn a_template_costs_a_message_a_fraction_of_a_millisecond() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        fixture.message_templates().save(&admin, En, Message::Code, &template(En, Message::Code)).await.expect("saved");
        let text = code_message(En, "Configio", "012345", "ABC", 10);
        let began = Instant::now();
        for _ in 0..200 {
            templates::render(&fixture.core.db, &fixture.core, &text).await.expect("rendered");
        }
        let each = began.elapsed() / 200;
        println!("a message by a stored template: {each:?}");
        // Without optimisation and beside other tests.
        assert!(each.as_millis() < 20, "{each:?}");
    })
    .await;
}
