//! Serves the empty page and its files, and nothing else.

#[cfg(feature = "ssr")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use axum::{Router, routing::get};
    use empty_page::{App, shell};
    use leptos::config::get_configuration;
    use leptos_axum::{LeptosRoutes, generate_route_list};
    use std::path::Path;
    use tower_http::services::ServeDir;

    let options = get_configuration(Some("Cargo.toml"))?.leptos_options;
    let listener = tokio::net::TcpListener::bind(options.site_addr).await?;
    let files = ServeDir::new(Path::new(options.site_root.as_ref()).join("pkg"));
    let shell = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let app = Router::new()
        .leptos_routes(&options, generate_route_list(App), shell)
        .route("/readyz", get(|| async { "ready" }))
        // What a handler costs that does nothing.
        .route("/constant", get(|| async { "constant" }))
        .nest_service("/pkg", files.precompressed_br().precompressed_gzip())
        .with_state(options);
    axum::serve(listener, app).await?;
    Ok(())
}

#[cfg(not(feature = "ssr"))]
fn main() {}
