//! Which address leads where.

use super::{
    audit_export, brand, caller, code_events, form, guard, headers, health, host, language, metrics, redirect,
    request_id, target, template_preview,
    turns::{self, RequestTurns},
    well_known,
};
use crate::core::Core;
use app::{
    policy::routes::{SETTINGS_PATH, SETUP_PATH},
    ports::{Brand, Ports},
};
use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::Redirect,
    routing::get,
};
use ipnet::IpNet;
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{AxumRouteListing, ErrorHandler, LeptosRoutes, generate_route_list};
use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_cookies::CookieManagerLayer;
use tower_http::{csrf::CsrfLayer, limit::RequestBodyLimitLayer, services::ServeDir, timeout::TimeoutLayer};

/// The largest body of a request: our forms are small.
pub(super) const BODY_BYTES: usize = 64 * 1024;
/// How long a request may take: longer than the slowest mail server is waited for.
const REQUEST: Duration = Duration::from_secs(20);

/// The pages. While Leptos lists them, no page of the process loads anything: one that was asked for then would never be
/// finished. So they are listed once, before the first page.
pub(super) static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// What the HTTP side needs to know.
pub struct Site {
    /// The services' common ground.
    pub core: Arc<Core>,
    /// What pages and server functions call.
    pub ports: Ports,
    /// Where the built files are.
    pub leptos: LeptosOptions,
    /// Proxies whose X-Forwarded-For counts.
    pub proxies: Vec<IpNet>,
    /// Whether people come by https.
    pub secure: bool,
    /// Whom to tell about a hole, as an address; nobody where it is not set.
    pub security_contact: Option<String>,
    /// That the process is told to stop: what would go on for long ends.
    pub stopping: CancellationToken,
}

/// The whole site; `extra` adds routes of the demo.
pub fn router(site: &Arc<Site>, extra: Router) -> Router {
    let context = {
        let (ports, core) = (site.ports.clone(), site.core.clone());
        move || {
            provide_context(ports.clone());
            provide_context(Brand(core.brand.look()));
            language::provide();
            headers::set_page_policy();
        }
    };
    let shell = {
        let options = site.leptos.clone();
        move || app::shell(options.clone())
    };
    let root = PathBuf::from(site.leptos.site_root.as_ref());
    let files = |root: PathBuf| ServeDir::new(root).precompressed_br().precompressed_gzip();
    let built = files(root.join("pkg"));
    // Leptos has a handler for files and errors, which would give a file the headers of a page that its thread has
    // begun and not finished, and leave that page without them.
    let other = files(root).append_index_html_on_directories(false).fallback(ErrorHandler::new_with_context(
        context.clone(),
        app::shell,
        site.leptos.clone(),
    ));
    let pages = Router::new()
        .route("/", get(|| async { Redirect::to("/account") }))
        .route(SETTINGS_PATH, get(|| async { Redirect::to(SETUP_PATH) }))
        .leptos_routes_with_context(&site.leptos, PAGES.clone(), context, shell)
        .fallback_service(other)
        .with_state(site.leptos.clone())
        .merge(audit_export::routes(site))
        .merge(code_events::routes(site))
        .merge(template_preview::routes(site))
        .merge(brand::routes(site))
        .layer(from_fn(form::check))
        .layer(from_fn(guard::pages))
        .layer(from_fn_with_state(site.clone(), brand::refresh))
        .layer(from_fn_with_state(site.clone(), redirect::check))
        .layer(from_fn_with_state(site.clone(), caller::identify))
        .layer(from_fn_with_state(RequestTurns::behind(&site.proxies), turns::take))
        .layer(CookieManagerLayer::new());
    let limits = ServiceBuilder::new()
        .layer(from_fn_with_state(site.clone(), headers::secure))
        .layer(from_fn(target::check))
        .layer(CsrfLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST))
        .layer(from_fn(brand::too_large))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES));
    let ours = pages
        .merge(well_known::routes(site))
        .merge(brand::files(site))
        .merge(extra)
        .nest_service("/pkg", built)
        .layer(from_fn_with_state(site.clone(), host::check));
    // Those who watch the server ask for it by whatever address it has.
    ours.merge(health::routes(site))
        .layer(limits)
        .layer(from_fn_with_state(site.clone(), request_id::name))
        .layer(from_fn(metrics::measure))
}
