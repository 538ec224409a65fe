//! The page of the brand, with its preview.

use super::{
    api::{EditBrand, get_brand},
    pictures::PictureForms,
    routes::{BRAND_MAIL_PREVIEW_PATH, BRAND_PREVIEW_PATH},
    types::{Editor, Fields},
};
use crate::{
    error::{AppError, Problem},
    policy::routes::SETUP_PATH,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{DoneNotice, FormProblem, failure},
        load::Load,
        page::{Crumb, Loaded, PageHead},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Name, accent and links, with how they look.
#[component]
pub fn BrandPage() -> impl IntoView {
    let edit = FormAction::<EditBrand>::new();
    let editor = Load::new(get_brand());
    view! {
        <Crumb to=SETUP_PATH title=tr!(frame.setup) />
        <PageHead title=tr!(brand.title) lead=tr!(brand.lead) />
        <DoneNotice failures=[failure(edit)] />
        <Loaded resource=editor view=move |editor| view! { <BrandEditor editor edit /> } />
    }
}

#[component]
fn BrandEditor(editor: Editor, edit: FormAction<EditBrand>) -> impl IntoView {
    let Editor { fields, problems, draft, default_name, version, pictures, confirmed } = editor;
    let Fields { name, accent, help, legal, privacy } = fields;
    let failed = failure(edit);
    // What was wrong with what was sent, or is wrong with what stands there unsaved.
    let now =
        (draft && !problems.is_empty()).then(|| AppError::Invalid { fields: problems, typed: Default::default() });
    let shown = failed.get_untracked().or(now);
    let nearest = match shown.as_ref().and_then(|error| error.problem_of("accent")) {
        Some(Problem::LowContrast(colour)) => Some(colour.clone()),
        _ => None,
    };
    let problems = Signal::stored(shown);
    let link = move |name: &'static str, label: String, value: String| {
        view! { <Field name label error=problems value optional=true kind="url" hint=tr!(brand.link_hint) /> }
    };
    view! {
        <div class="editor">
            // With JavaScript the preview follows what is typed.
            <ActionForm action=edit attr:class="panel" attr:data-live="" attr:novalidate="">
                <FormProblem error=failed />
                {draft.then(|| view! { <p class="notice">{tr!(message_templates.draft)}</p> })}
                <Field
                    name="name"
                    label=tr!(brand.name)
                    error=problems
                    value=name
                    optional=true
                    autocomplete="off"
                    hint=tr!(brand.name_hint, name = default_name)
                />
                <Field
                    name="accent"
                    label=tr!(brand.accent)
                    error=problems
                    value=accent
                    optional=true
                    autocomplete="off"
                    hint=tr!(brand.accent_hint)
                />
                {link("help", tr!(brand.help), help)}
                {link("legal", tr!(brand.legal), legal)}
                {link("privacy", tr!(brand.privacy), privacy)}
                <div class="buttons">
                    <button type="submit" name="act" value="save" class="primary">{tr!(page.save)}</button>
                    {nearest.map(|colour| view! {
                        <button type="submit" name="act" value="nearest" class="secondary">
                            {tr!(brand.take_colour, colour = colour)}
                        </button>
                    })}
                    <button type="submit" name="act" value="preview" class="secondary" data-live="">
                        {tr!(message_templates.preview)}
                    </button>
                    {draft.then(|| view! {
                        <button type="submit" name="act" value="discard" class="secondary">{tr!(brand.discard)}</button>
                    })}
                    <A href=SETUP_PATH attr:class="quiet">{tr!(page.cancel)}</A>
                </div>
            </ActionForm>
            <Preview version />
        </div>
        <PictureForms pictures confirmed />
    }
}

/// How pages would look: a document in which nothing runs.
#[component]
fn Preview(version: String) -> impl IntoView {
    view! {
        <section class="panel preview" aria-labelledby="preview">
            <h2 id="preview">{tr!(message_templates.preview_title)}</h2>
            <p class="hint">{tr!(brand.preview_hint)}</p>
            <iframe title=tr!(brand.preview_page) sandbox="" src=format!("{BRAND_PREVIEW_PATH}?v={version}")></iframe>
            <iframe title=tr!(brand.preview_mail) sandbox="" src=format!("{BRAND_MAIL_PREVIEW_PATH}?v={version}")></iframe>
        </section>
    }
}
