//! The forms for the pictures of the brand. Files go by a form of their own: the browser posts it, with JavaScript and
//! without.

use super::{
    api::RemovePicture,
    routes::{PICTURES_PATH, file_path},
    types::{Picture, Pictures, Slot},
};
use crate::{
    error::Problem,
    login::types::Audience,
    step_up::page::ConfirmFirst,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        messages, query,
    },
};
use leptos::prelude::*;

/// The pictures that are set, and how to set them.
#[component]
pub fn PictureForms(pictures: Pictures, confirmed: bool) -> impl IntoView {
    let remove = FormAction::<RemovePicture>::new();
    let mut pictures = pictures;
    let refused = query("refused");
    let forms = Slot::ALL.map(|slot| {
        let refused = refused.as_deref() == Some(slot.as_str());
        view! { <PictureForm place=slot picture=pictures.slot(slot).take() refused confirmed remove /> }
    });
    view! {
        <section class="panel" aria-labelledby="pictures">
            <h2 id="pictures">{tr!(brand.pictures)}</h2>
            <FormProblem error=failure(remove) />
            {(!confirmed).then(|| view! { <ConfirmFirst audience=Audience::Admin reason=tr!(brand.confirm_first) /> })}
            {forms}
        </section>
    }
}

#[component]
fn PictureForm(
    place: Slot,
    picture: Option<Picture>,
    refused: bool,
    confirmed: bool,
    remove: FormAction<RemovePicture>,
) -> impl IntoView {
    let id = place.as_str();
    let (label, hint, problem) = match place {
        Slot::Logo => (tr!(brand.logo), tr!(brand.picture_hint), Problem::NotAPicture),
        Slot::LogoDark => (tr!(brand.logo_dark), tr!(brand.logo_dark_hint), Problem::NotAPicture),
        Slot::Icon => (tr!(brand.icon), tr!(brand.icon_hint), Problem::NotAnIcon),
    };
    let accept = if place == Slot::Icon { "image/png" } else { "image/png,image/jpeg,image/webp" };
    let named = label.clone();
    let shown = picture.as_ref().map(|picture| {
        let class = if place == Slot::LogoDark { "uploaded dark" } else { "uploaded" };
        view! {
            <p class=class>
                <img src=file_path(&picture.file) alt=label.clone() width=picture.width height=picture.height />
            </p>
        }
    });
    let upload = confirmed.then(|| {
        let described = if refused { format!("{id}-problem {id}-hint") } else { format!("{id}-hint") };
        view! {
            // With a target the browser posts it by itself, and so the file.
            <form action=format!("{PICTURES_PATH}/{id}") method="post" enctype="multipart/form-data" target="_self">
                <div class="field">
                    <label for=id>{label.clone()}</label>
                    <input
                        id=id
                        name="file"
                        type="file"
                        accept=accept
                        autofocus=refused
                        aria-invalid=refused.then_some("true")
                        aria-describedby=described
                    />
                    {refused.then(|| view! { <p class="field-problem" id=format!("{id}-problem")>{messages::problem(&problem)}</p> })}
                    <p class="hint" id=format!("{id}-hint")>{hint}</p>
                </div>
                <div class="buttons">
                    <button type="submit" class="secondary" aria-label=tr!(brand.upload_named, name = label)>
                        {tr!(brand.upload)}
                    </button>
                </div>
            </form>
        }
    });
    let remove = picture.is_some().then(|| {
        view! {
            <ActionForm action=remove>
                <input type="hidden" name="slot" value=id />
                <div class="buttons">
                    <button type="submit" class="quiet" aria-label=tr!(brand.remove_named, name = named)>
                        {tr!(brand.remove)}
                    </button>
                </div>
            </ActionForm>
        }
    });
    view! { {shown} {upload} {remove} }
}
