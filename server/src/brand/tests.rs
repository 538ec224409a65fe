//! The brand: what is taken, what is refused, and when people see it.

use crate::{
    looks::{
        self,
        picture::tests::{png_of, webp},
    },
    testing::{Fixture, on_every_database, watch_statements},
};
use app::{
    audit::types::Action,
    brand::{
        port::BrandPort,
        types::{Fields, Slot},
    },
    caller::Session,
    error::{AppError, Problem},
    language::types::Language,
    message_templates::{
        port::MessageTemplatesPort,
        types::{Message, Parts},
    },
    password::port::PasswordPort,
    services::port::ServicesPort,
};
use base64::{Engine, engine::general_purpose::STANDARD};

const EMAIL: &str = "carla@example.org";

async fn admin(fixture: &Fixture) -> Session {
    let account_id = fixture.administrator("ada@example.org").await;
    Session { account_id, ..fixture.admin() }
}

fn fields(name: &str, accent: &str, help: &str) -> Fields {
    Fields { name: name.to_owned(), accent: accent.to_owned(), help: help.to_owned(), ..Fields::default() }
}

/// The problem of each field that has one.
fn problems<T>(result: Result<T, AppError>) -> Vec<(String, Problem)> {
    match result.err() {
        Some(AppError::Invalid { fields, .. }) => fields.into_iter().map(|f| (f.field, f.problem)).collect(),
        other => panic!("another answer: {other:?}"),
    }
}

#[tokio::test]
async fn every_server_has_the_brand_within_a_second_and_messages_name_it() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        let other = fixture.another_server(crate::platform::passwords::Passwords::with_cost(8, 1));
        looks::refresh(&other.core).await;
        let wanted = fields(" Acme ", "0B5B6C", "https://help.example.org");
        fixture.branding().save(&admin, &wanted).await.expect("saved");
        let look = fixture.core.brand.look();
        assert_eq!((look.name.as_str(), look.help.as_deref()), ("Acme", Some("https://help.example.org/")));
        assert!(look.sheet.as_deref().is_some_and(|sheet| sheet.ends_with(".css")), "{:?}", look.sheet);
        looks::refresh(&other.core).await;
        assert_eq!(other.core.brand.name(), "Configio", "it was read in this second already");
        fixture.clock.pass(1);
        looks::refresh(&other.core).await;
        assert_eq!(other.core.brand.look(), look);
        let offered = fixture.services().new_smtp().await.expect("offers");
        assert_eq!(offered.form.from_name, "Acme", "a new mail server sends by that name");

        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let session = fixture.password_session(EMAIL).await;
        fixture.send_code(&session, method, EMAIL).await.expect("sent");
        assert!(fixture.mail.kept().pop().expect("a message").text.contains("Acme"));
        assert_eq!(fixture.events(Action::BrandChanged).await, [": name, accent, help"]);

        fixture.branding().save(&admin, &Fields::default()).await.expect("reset");
        assert_eq!(*fixture.core.brand.look(), app::brand::types::Look::named("Configio"));
        fixture.branding().save(&admin, &Fields::default()).await.expect("the same again");
        assert_eq!(fixture.events(Action::BrandChanged).await.len(), 2, "what changes nothing is not recorded");
        assert!(fixture.services().list().await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_or_is_no_link_is_refused_by_its_field_and_not_stored() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        let branding = fixture.branding();
        let refused = async |fields: &Fields| {
            let found = problems(branding.save(&admin, fields).await);
            assert_eq!(looks::store::all(&fixture.core.db).await.expect("answers"), [], "it was stored");
            found
        };
        let one = |field: &str, problem| vec![(field.to_owned(), problem)];
        assert_eq!(refused(&fields("a\nb", "", "")).await, one("name", Problem::ControlCharacters));
        assert_eq!(refused(&fields(&"x".repeat(61), "", "")).await, one("name", Problem::TooLong(60)));
        for accent in ["red", "#12345", "#fff}body{display:none", "url(https://evil.example)"] {
            assert_eq!(refused(&fields("", accent, "")).await, one("accent", Problem::NotAColour), "{accent}");
        }
        let low = refused(&fields("", "#ffcc00", "")).await;
        let Some((_, Problem::LowContrast(nearest))) = low.first() else { panic!("another problem: {low:?}") };
        for link in ["javascript:alert(1)", "http://example.org", "data:text/html,x"] {
            assert_eq!(refused(&fields("", "", link)).await, one("help", Problem::NotALink), "{link}");
        }
        // What is offered is taken, by one click.
        branding.draft_readable(&admin, &fields("Acme", "#ffcc00", "")).await.expect("kept");
        let editor = branding.editor(&admin).await.expect("shows");
        assert_eq!((editor.fields.accent.as_str(), editor.problems.len()), (nearest.as_str(), 0));
        branding.save(&admin, &editor.fields).await.expect("saved");
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_is_kept_for_its_editor_alone_until_it_is_saved_or_discarded() {
    on_every_database(async |fixture| {
        let (admin, branding) = (admin(&fixture).await, fixture.branding());
        let bert = Session { account_id: fixture.administrator("bert@example.org").await, ..fixture.admin() };
        branding.draft(&admin, &fields("Acme", "nonsense", "")).await.expect("kept");
        let editor = branding.editor(&admin).await.expect("shows");
        assert!(editor.draft && editor.fields.name == "Acme");
        assert_eq!(editor.problems[0].problem, Problem::NotAColour);
        let preview = branding.preview(&admin, Language::En).await.expect("a document");
        assert!(preview.contains("Acme") && !preview.contains("nonsense"), "{preview}");
        assert!(!branding.editor(&bert).await.expect("shows").draft);
        assert_eq!(fixture.core.brand.name(), "Configio");
        branding.discard(&admin).await.expect("forgotten");
        assert_eq!(branding.editor(&admin).await.expect("shows").fields, Fields::default());

        branding.draft(&admin, &fields("Acme", "", "")).await.expect("kept");
        fixture.clock.pass(looks::store::DRAFTS + 1);
        crate::tidy::tidy(&fixture.core).await.expect("tidied");
        assert!(!branding.editor(&admin).await.expect("shows").draft);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_wrote_into_the_database_reaches_no_page_as_a_colour_or_a_link() {
    on_every_database(async |fixture| {
        for (key, value) in [
            ("accent", "#fff}body{display:none"),
            ("help", "javascript:alert(1)"),
            ("other", "x"),
            ("logo", "../x.svg 1 1"),
            ("icon", "\" onerror=\".png 1 1"),
        ] {
            let row = crate::entity::brand::Model {
                key: key.to_owned(),
                value: value.to_owned(),
                data: None,
                changed_at: 0,
                changed_by: String::new(),
            };
            looks::store::put(&fixture.core.db, row).await.expect("stored");
        }
        looks::read(&fixture.core).await.expect("read");
        assert_eq!(*fixture.core.brand.look(), app::brand::types::Look::named("Configio"));
    })
    .await;
}

#[tokio::test]
async fn a_picture_is_stored_by_what_stands_in_it_and_removed() {
    on_every_database(async |fixture| {
        let (admin, branding) = (admin(&fixture).await, fixture.branding());
        branding.put_picture(&admin, Slot::Logo, &png_of(320, 80)).await.expect("stored");
        let logo = fixture.core.brand.look().pictures.logo.clone().expect("a logo");
        assert!(logo.file.ends_with(".png") && (logo.width, logo.height) == (320, 80), "{logo:?}");
        let found = looks::store::contents(&fixture.core.db, Slot::Logo, &logo.file).await.expect("answers");
        assert_eq!(found, Some(("image/png", png_of(320, 80))));
        assert!(branding.preview(&admin, Language::En).await.expect("shown").contains("data:image/png;"));
        assert_eq!(fixture.events(Action::BrandChanged).await, [": logo"]);
        branding.put_picture(&admin, Slot::Logo, &png_of(321, 80)).await.expect("replaced");
        assert_ne!(fixture.core.brand.look().pictures.logo.as_ref().map(|logo| &logo.file), Some(&logo.file));
        branding.remove_picture(&admin, Slot::Logo).await.expect("removed");
        branding.remove_picture(&admin, Slot::Logo).await.expect("it is gone already");
        assert_eq!(fixture.core.brand.look().pictures, app::brand::types::Pictures::default());
        assert_eq!(fixture.events(Action::BrandChanged).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused_and_not_stored() {
    on_every_database(async |fixture| {
        let (admin, branding) = (admin(&fixture).await, fixture.branding());
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
        let hidden = [b"\x89PNG\r\n\x1a\n".to_vec(), svg.clone()].concat();
        let html = [png_of(320, 80), b"<script>alert(1)</script>".to_vec()].concat();
        let mut large = png_of(320, 80);
        large.truncate(large.len() - 12);
        large.extend(
            [&40_000_u32.to_be_bytes()[..], b"tEXt", &[b'x'; 40_004], &[0, 0, 0, 0], b"IEND", &[0; 4]].concat(),
        );
        assert!(looks::picture::read(&large).is_some(), "it is too large and nothing else");
        for (slot, file, problem) in [
            (Slot::Logo, Vec::new(), Problem::NotAPicture),
            (Slot::Logo, svg, Problem::NotAPicture),
            (Slot::LogoDark, hidden, Problem::NotAPicture),
            (Slot::Logo, html, Problem::NotAPicture),
            (Slot::Logo, large, Problem::NotAPicture),
            (Slot::Logo, png_of(2049, 80), Problem::NotAPicture),
            (Slot::Icon, png_of(64, 32), Problem::NotAnIcon),
            (Slot::Icon, png_of(1024, 1024), Problem::NotAnIcon),
            (Slot::Icon, png_of(8, 8), Problem::NotAnIcon),
        ] {
            let found = problems(branding.put_picture(&admin, slot, &file).await);
            assert_eq!(found, [(slot.as_str().to_owned(), problem)]);
        }
        assert_eq!(looks::store::all(&fixture.core.db).await.expect("answers"), []);
        branding.put_picture(&admin, Slot::Icon, &png_of(64, 64)).await.expect("an icon");
    })
    .await;
}

#[tokio::test]
async fn messages_have_the_links_of_the_brand() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        fixture.offer_mail().await;
        fixture.branding().save(&admin, &fields("Acme", "#a1003c", "https://help.example.org")).await.expect("saved");
        fixture.customer(EMAIL).await;
        let asked = fixture.password().ask_reset(&fixture.origin, app::login::types::Audience::Customer, EMAIL).await;
        asked.expect("asked");
        let mails = fixture.mail_so_far().await;
        let (_, text) = mails.iter().find(|(to, _)| to == EMAIL).expect("a message");
        assert!(text.contains("Help: https://help.example.org/"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn messages_carry_the_logo_as_long_as_their_words_are_ours() {
    on_every_database(async |fixture| {
        let (admin, branding, templates) = (admin(&fixture).await, fixture.branding(), fixture.message_templates());
        let method = fixture.offer_mail().await;
        fixture.customer(EMAIL).await;
        let logo = || fixture.core.brand.look().pictures.logo.as_ref().map(|logo| logo.file.clone());
        // The logo of a code.
        let code = async || {
            fixture.clock.pass(600);
            let session = fixture.password_session(EMAIL).await;
            fixture.send_code(&session, method, EMAIL).await.expect("sent");
            fixture.mail.kept().pop().expect("a message").logo
        };
        assert_eq!(code().await, None);
        branding.put_picture(&admin, Slot::LogoDark, &png_of(320, 80)).await.expect("stored");
        assert_eq!(code().await, None, "it is not for a white ground");
        branding.put_picture(&admin, Slot::Logo, &png_of(320, 80)).await.expect("stored");
        assert!(logo().is_some() && code().await == logo());
        assert!(
            branding.preview_mail(&admin, Language::En).await.expect("shown").contains("src=\"data:image/png;base64,")
        );

        // Another server has it from where it looks once a second.
        let other = fixture.another_server(crate::platform::passwords::Passwords::with_cost(8, 1));
        looks::refresh(&other.core).await;
        let known = other.core.brand.logo().expect("a logo");
        assert_eq!((Some(&known.picture.file), &known.contents), (logo().as_ref(), &png_of(320, 80)));

        // The words of a code change; what administrators are told of it has ours.
        let html = "<p>{{ code }} {{ reference }}</p>".to_owned();
        let parts = Parts { subject: "{{ code }}".to_owned(), text: "{{ code }} {{ reference }}".to_owned(), html };
        templates.save(&admin, Language::En, Message::Code, &parts).await.expect("saved");
        fixture.mail_so_far().await;
        let notice = fixture.mail.kept().into_iter().rfind(|mail| mail.to == "ada@example.org").expect("a notice");
        assert_eq!(notice.logo, logo());
        assert_eq!(code().await, None, "it looks as it was made");
        templates.reset(&admin, Language::En, Message::Code).await.expect("reset");

        branding.put_picture(&admin, Slot::Logo, &png_of(321, 80)).await.expect("replaced");
        assert!(logo().as_ref() != Some(&known.picture.file) && code().await == logo());
        branding.put_picture(&admin, Slot::Logo, &webp()).await.expect("stored");
        assert!(logo().is_some_and(|file| file.ends_with(".webp")) && code().await.is_none(), "Outlook draws no WebP");
        assert!(!branding.preview_mail(&admin, Language::En).await.expect("shown").contains("<img"));
        branding.put_picture(&admin, Slot::Logo, &png_of(321, 80)).await.expect("stored");
        branding.remove_picture(&admin, Slot::Logo).await.expect("removed");
        assert_eq!(code().await, None);
    })
    .await;
}

#[tokio::test]
async fn the_file_of_a_logo_is_read_once_and_not_for_each_message() {
    on_every_database(async |mut fixture| {
        let statements = watch_statements(&mut fixture);
        let (admin, branding) = (admin(&fixture).await, fixture.branding());
        let looked = async || {
            fixture.clock.pass(1);
            statements.take();
            looks::refresh(&fixture.core).await;
            statements.take().len()
        };
        branding.put_picture(&admin, Slot::Logo, &png_of(320, 80)).await.expect("stored");
        assert_eq!(looked().await, 1, "the names of what is set, and nothing else");
        branding.put_picture(&admin, Slot::Logo, &webp()).await.expect("stored");
        assert_eq!(looked().await, 1, "it is in no message");
        assert!(fixture.core.brand.logo().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_somebody_put_in_the_place_of_a_logo_is_in_no_message() {
    on_every_database(async |fixture| {
        let admin = admin(&fixture).await;
        fixture.branding().put_picture(&admin, Slot::Logo, &png_of(320, 80)).await.expect("stored");
        let row = looks::store::find(&fixture.core.db, "logo").await.expect("answers").expect("a row");
        // A script, and a WebP that calls itself a PNG.
        for (name, file) in [("a1", b"<script>alert(1)</script>".to_vec()), ("a2", webp())] {
            let data = Some(STANDARD.encode(file));
            let value = format!("{name}.png 320 80");
            let row = crate::entity::brand::Model { value, data, ..row.clone() };
            looks::store::put(&fixture.core.db, row).await.expect("stored");
            looks::read(&fixture.core).await.expect("read");
            assert!(fixture.core.brand.logo().is_none(), "{name}");
        }
    })
    .await;
}
