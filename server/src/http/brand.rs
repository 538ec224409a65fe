//! What browsers get of the brand: its files, whose names carry their hashes, and previews; and how pictures come in.

use super::{
    framed::{framed, told},
    router::{BODY_BYTES, Site},
};
use crate::{core::Core, error::Error, looks};
use app::{
    brand::{
        routes::{BRAND_MAIL_PREVIEW_PATH, BRAND_PATH, BRAND_PREVIEW_PATH, PICTURES_PATH},
        types::Slot,
    },
    caller::Caller,
    error::AppError,
    login::types::Audience,
    step_up::routes::confirm_link,
};
use axum::{
    Extension, Router,
    body::Bytes,
    extract::{Multipart, Path, Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use futures_util::StreamExt;
use std::sync::Arc;

/// For files whose names change with what they hold.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// How much of a picture that is too large is read, in bytes.
const THROWN_AWAY: usize = 8 * 1024 * 1024;

/// The files, which everybody gets.
pub fn files(site: &Arc<Site>) -> Router {
    Router::new().route("/brand/{name}", get(file)).with_state(site.clone())
}

/// The previews and the way in for pictures, which are for administrators.
pub fn routes(site: &Arc<Site>) -> Router {
    Router::new()
        .route(BRAND_PREVIEW_PATH, get(preview))
        .route(BRAND_MAIL_PREVIEW_PATH, get(preview_mail))
        .route(&format!("{PICTURES_PATH}/{{slot}}"), post(upload))
        .with_state(site.clone())
}

/// Lets every page show the brand as it was within the last second.
pub async fn refresh(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    looks::refresh(&site.core).await;
    next.run(request).await
}

async fn file(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    let core = &site.core;
    let mut found = find(core, &name).await;
    // A page of another server may know the brand better than this one.
    if matches!(found, Ok(None)) && looks::read(core).await.is_ok() {
        found = find(core, &name).await;
    }
    match found {
        Ok(Some((kind, contents))) => {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOREVER)], contents).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// The file of this name, with the type that it has by its contents.
async fn find(core: &Core, name: &str) -> Result<Option<(&'static str, Vec<u8>)>, Error> {
    let look = core.brand.look();
    if let Some(accent) = look.accent.filter(|_| look.sheet.as_deref() == Some(name)) {
        return Ok(Some(("text/css; charset=utf-8", accent.sheet().into_bytes())));
    }
    let mut pictures = look.pictures.clone();
    for slot in Slot::ALL {
        if pictures.slot(slot).as_ref().is_some_and(|picture| picture.file == name) {
            return looks::store::contents(&core.db, slot, name).await;
        }
    }
    Ok(None)
}

/// Takes a picture. The browser posts it by itself, so what is wrong is told on the page that it is led to.
async fn upload(
    State(site): State<Arc<Site>>,
    Extension(caller): Extension<Caller>,
    Path(slot): Path<String>,
    form: Multipart,
) -> Response {
    let Ok(slot) = slot.parse::<Slot>() else { return StatusCode::NOT_FOUND.into_response() };
    match put(&site, &caller, slot, form).await {
        Ok(()) => Redirect::to(&format!("{BRAND_PATH}?done=saved")).into_response(),
        Err(AppError::Invalid { .. }) => refused(slot),
        Err(AppError::StepUpNeeded { .. }) => Redirect::to(&confirm_link(Audience::Admin, BRAND_PATH)).into_response(),
        Err(error) => told(&caller, BRAND_PATH, &error),
    }
}

async fn put(site: &Site, caller: &Caller, slot: Slot, mut form: Multipart) -> Result<(), AppError> {
    let admin = caller.stepped_up(Audience::Admin)?;
    // What cannot be read is no picture either.
    let file = match form.next_field().await {
        Ok(Some(field)) => field.bytes().await.unwrap_or_default(),
        Ok(None) | Err(_) => Bytes::new(),
    };
    site.ports.brand.put_picture(admin, slot, &file).await
}

fn refused(slot: Slot) -> Response {
    Redirect::to(&format!("{BRAND_PATH}?refused={}#pictures", slot.as_str())).into_response()
}

/// Tells on the page of the brand that a picture is larger than any request may be. It is read to its end and thrown
/// away, or the browser would hear that the connection was lost.
pub async fn too_large(request: Request, next: Next) -> Response {
    let slot = request.uri().path().strip_prefix(PICTURES_PATH).and_then(|rest| rest.strip_prefix('/')?.parse().ok());
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let is_too_large = *request.method() == Method::POST && length.is_some_and(|length: usize| length > BODY_BYTES);
    let Some(slot) = slot.filter(|_| is_too_large) else {
        return next.run(request).await;
    };
    let (mut parts, mut left) = (request.into_body().into_data_stream(), THROWN_AWAY);
    while let Some(Ok(part)) = parts.next().await {
        left = left.saturating_sub(part.len());
        if left == 0 {
            break;
        }
    }
    refused(slot)
}

async fn preview(State(site): State<Arc<Site>>, Extension(caller): Extension<Caller>) -> Response {
    let language = caller.language(BRAND_PATH);
    framed(
        &caller,
        BRAND_PATH,
        async { site.ports.brand.preview(caller.signed_in(Audience::Admin)?, language).await }.await,
    )
}

async fn preview_mail(State(site): State<Arc<Site>>, Extension(caller): Extension<Caller>) -> Response {
    let language = caller.language(BRAND_PATH);
    framed(
        &caller,
        BRAND_PATH,
        async { site.ports.brand.preview_mail(caller.signed_in(Audience::Admin)?, language).await }.await,
    )
}
