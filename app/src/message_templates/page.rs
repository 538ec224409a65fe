//! The list of messages, the editor of one with its preview, and the question before it is reset.

use super::{
    api::{EditMessage, ResetMessage, get_message, list_messages},
    names,
    routes::{MESSAGE_TEMPLATES_PATH, list_path, message_path, preview_path, reset_path},
    types::{Editor, Message, Parts, Row, Shown},
};
use crate::{
    challenge::text_message::Segments,
    error::AppError,
    language::types::Language,
    policy::routes::SETUP_PATH,
    texts::spoken,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{DoneNotice, FormProblem, failure},
        load::Load,
        page::{Crumb, Loaded, PageHead},
        path_param, query,
        table::Table,
        text_area::TextArea,
        time::Time,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// All messages of a language, at first of the page's own.
#[component]
pub fn MessageTemplatesPage() -> impl IntoView {
    let language = query("language").and_then(|name| name.parse().ok()).unwrap_or_else(spoken);
    let list = Load::new(list_messages(language.as_str().to_owned()));
    view! {
        <Crumb to=SETUP_PATH title=tr!(frame.setup) />
        <PageHead title=tr!(message_templates.title) lead=tr!(message_templates.lead) />
        <Languages language to=list_path />
        <Loaded resource=list view=move |list| view! { <MessageTable language list /> } />
    }
}

/// The same page for each language.
#[component]
fn Languages(language: Language, to: impl Fn(Language) -> String) -> impl IntoView {
    let links = Language::ALL.map(|other| {
        let current = (other == language).then_some("page");
        view! {
            <li>
                <a href=to(other) aria-current=current lang=other.as_str() dir=other.dir()>{other.own_name()}</a>
            </li>
        }
    });
    view! { <nav class="languages" aria-label=tr!(message_templates.languages)><ul>{links}</ul></nav> }
}

#[component]
fn MessageTable(language: Language, list: Vec<Row>) -> impl IntoView {
    let row = move |Row { message, changed }: Row| {
        let changed = changed.map_or_else(
            || tr!(configuration.never_changed).into_any(),
            |(time, who)| view! { <Time at=time /> " " {tr!(configuration.changed_by, who = who)} }.into_any(),
        );
        view! {
            <tr>
                <td class="free"><A href=message_path(language, message)>{names::message(message)}</A></td>
                <td data-label=tr!(configuration.changed)>{changed}</td>
            </tr>
        }
    };
    view! {
        <Table panel=true columns=[tr!(message_templates.message), tr!(configuration.changed)]>
            {list.into_iter().map(row).collect_view()}
        </Table>
    }
}

/// The editor of a message.
#[component]
pub fn MessageTemplatePage() -> impl IntoView {
    let edit = FormAction::<EditMessage>::new();
    let editor = Load::new(get_message(path_param("message"), path_param("language")));
    view! {
        <Crumb to=MESSAGE_TEMPLATES_PATH title=tr!(message_templates.title) />
        <Loaded resource=editor view=move |editor| {
            let message = editor.message;
            let lead =
                if message.is_text() { tr!(message_templates.text_lead) } else { tr!(message_templates.edit_lead) };
            view! {
                <PageHead title=names::message(message) lead />
                <Languages language=editor.language to=move |language| message_path(language, message) />
                <DoneNotice failures=[failure(edit)] />
                <Fields editor edit />
            }
        } />
    }
}

#[component]
fn Fields(editor: Editor, edit: FormAction<EditMessage>) -> impl IntoView {
    let Editor { message, language, parts, shown, changed, draft, own_number } = editor;
    let failed = failure(edit);
    // What was wrong with what was sent, or is wrong with what stands there unsaved.
    let now = draft.then(|| as_error(&shown)).flatten();
    let problems = Signal::stored(failed.get_untracked().or(now));
    let placeholder = |name: &&str| view! { " " <code dir="ltr">{format!("{{{{ {name} }}}}")}</code> };
    let placeholders = message.placeholders().iter().map(placeholder).collect_view();
    view! {
        <div class="editor">
            // With JavaScript the preview follows what is typed.
            <ActionForm action=edit attr:class="panel" attr:data-live="" attr:novalidate="">
                <FormProblem error=failed />
                {draft.then(|| view! { <p class="notice">{tr!(message_templates.draft)}</p> })}
                <input type="hidden" name="message" value=message.as_str() />
                <input type="hidden" name="language" value=language.as_str() />
                {if message.is_text() {
                    view! { <TextWords language text=parts.text problems own_number /> }.into_any()
                } else {
                    view! { <MailWords language parts problems /> }.into_any()
                }}
                <p class="hint">{tr!(message_templates.placeholders)} {placeholders}</p>
                <div class="buttons">
                    <button type="submit" name="act" value="save" class="primary">{tr!(page.save)}</button>
                    <button type="submit" name="act" value="preview" class="secondary" data-live="">
                        {tr!(message_templates.preview)}
                    </button>
                    <button type="submit" name="act" value="send" class="secondary">{tr!(message_templates.send)}</button>
                    {(changed || draft)
                        .then(|| view! { <A href=reset_path(language, message) attr:class="button secondary">{tr!(message_templates.reset)}</A> })}
                    <A href=list_path(language) attr:class="quiet">{tr!(page.cancel)}</A>
                </div>
            </ActionForm>
            <Preview language message shown />
        </div>
    }
}

/// The words of a mail.
#[component]
fn MailWords(language: Language, parts: Parts, problems: Signal<Option<AppError>>) -> impl IntoView {
    let Parts { subject, text, html } = parts;
    view! {
        <div lang=language.as_str() dir=language.dir()>
            <Field name="subject" label=tr!(message_templates.subject) error=problems value=subject />
            <TextArea name="text" form_name="text" label=tr!(message_templates.text) error=problems value=text rows=12 />
        </div>
        <TextArea name="html" form_name="html" label=tr!(message_templates.html) error=problems value=html rows=18 />
    }
}

/// The words of a text message, and where a sample of it goes.
#[component]
fn TextWords(
    language: Language,
    text: String,
    problems: Signal<Option<AppError>>,
    own_number: Option<String>,
) -> impl IntoView {
    let to = match own_number {
        Some(number) => view! { <p class="hint">{tr!(message_templates.own_number, number = number)}</p> }.into_any(),
        None => view! {
            <Field
                name="number"
                label=tr!(message_templates.number)
                error=problems
                kind="tel"
                autocomplete="tel"
                inputmode="tel"
                optional=true
                hint=tr!(message_templates.number_hint)
            />
        }
        .into_any(),
    };
    view! {
        <div lang=language.as_str() dir=language.dir()>
            <TextArea name="text" form_name="text" label=tr!(message_templates.text) error=problems value=text rows=6 />
        </div>
        {to}
    }
}

/// How the message would arrive. A mail's HTML is a document of its own, in which nothing runs; a text message has a text
/// alone, and a length.
#[component]
fn Preview(language: Language, message: Message, shown: Shown) -> impl IntoView {
    let Shown { subject, text, version, segments, .. } = shown;
    let mail = (!message.is_text()).then(|| {
        view! {
            <p class="shown-subject" lang=language.as_str() dir=language.dir()>{subject}</p>
            <iframe
                title=tr!(message_templates.preview_html)
                sandbox=""
                src=format!("{}?v={version}", preview_path(language, message))
            ></iframe>
        }
    });
    let length = segments.map(|Segments { count, used, room }| {
        view! { <p>{tr!(message_templates.length, used = used, room = room, parts = count)}</p> }
    });
    view! {
        <section class="panel preview" aria-labelledby="preview">
            <h2 id="preview">{tr!(message_templates.preview_title)}</h2>
            <p class="hint">{tr!(message_templates.preview_hint)}</p>
            {mail}
            <pre
                tabindex="0"
                role="group"
                aria-label=tr!(message_templates.preview_text)
                lang=language.as_str()
                dir=language.dir()
            >{text}</pre>
            {length}
            {message.is_text().then(|| view! { <p class="hint">{tr!(message_templates.length_hint)}</p> })}
        </section>
    }
}

/// The problems as a failure of the form.
fn as_error(shown: &Shown) -> Option<AppError> {
    let fields = shown.problems.clone();
    (!fields.is_empty()).then(|| AppError::Invalid { fields, typed: Default::default() })
}

/// Asks before a message takes back what it came with.
#[component]
pub fn ResetMessagePage() -> impl IntoView {
    let reset = FormAction::<ResetMessage>::new();
    let editor = Load::new(get_message(path_param("message"), path_param("language")));
    view! {
        <PageHead title=tr!(message_templates.reset_title) />
        <Loaded resource=editor view=move |Editor { message, language, .. }| view! {
            <ActionForm action=reset attr:class="panel">
                <FormProblem error=failure(reset) />
                <p>
                    {tr!(
                        message_templates.reset_question,
                        name = names::message(message),
                        language = language.own_name()
                    )}
                </p>
                <input type="hidden" name="message" value=message.as_str() />
                <input type="hidden" name="language" value=language.as_str() />
                <div class="buttons">
                    <button type="submit" class="danger">{tr!(message_templates.reset)}</button>
                    <A href=message_path(language, message) attr:class="quiet">{tr!(page.cancel)}</A>
                </div>
            </ActionForm>
        } />
    }
}
