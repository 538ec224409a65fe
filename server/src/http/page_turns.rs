//! Pages take turns: what is made of them at once holds a tenth of a megabyte each, and with a thousand at once the server would
//! grow by as many. Whoever waits holds little, and is answered in the order of coming, a network with many after each of
//! the others. What is posted takes no turn here: passwords have turns of their own, and nobody waits for a page to save.

use super::{client_address::client_address, language};
use crate::platform::turns::Turns;
use app::{caller::network, error::AppError, ui::messages};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use ipnet::IpNet;
use std::{net::SocketAddr, sync::Arc, thread};

/// How many pages are made at once for each core: enough for those that wait for something and cost no core meanwhile.
const EACH_CORE: usize = 32;
/// How many may wait; more are answered 503.
const WAITING: usize = 4_096;

/// Turns at making pages.
pub struct PageTurns {
    turns: Turns,
    proxies: Vec<IpNet>,
}

impl PageTurns {
    /// As many as this machine's cores can make. The proxies are those that are trusted.
    pub fn behind(proxies: &[IpNet]) -> Arc<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Arc::new(Self { turns: Turns::new(EACH_CORE * cores, WAITING), proxies: proxies.to_vec() })
    }
}

/// Waits for a turn before a page is made.
pub async fn take(
    State(pages): State<Arc<PageTurns>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return next.run(request).await;
    }
    let address = client_address(peer.ip(), request.headers(), &pages.proxies);
    match pages.turns.turn(Some(network(address))).await {
        Some(_turn) => next.run(request).await,
        None => {
            let busy = || (StatusCode::SERVICE_UNAVAILABLE, messages::error(&AppError::Busy)).into_response();
            language::of_browser(request.headers()).speak(busy)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router, body::Body, extract::connect_info::MockConnectInfo, middleware::from_fn_with_state, routing::get,
    };
    use std::time::Duration;
    use tokio::{sync::Semaphore, time::timeout};
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_page_waits_for_its_turn_and_too_many_are_told_so() {
        let one = Arc::new(PageTurns { turns: Turns::new(1, 1), proxies: Vec::new() });
        let made = Arc::new(Semaphore::new(0));
        let page = {
            let made = made.clone();
            move || async move { made.acquire().await.expect("open").forget() }
        };
        let app = Router::new()
            .route("/", get(page).post(async || {}))
            .layer(from_fn_with_state(one, take))
            .layer(MockConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
        let ask = |method: Method| {
            let request = Request::builder().method(method).uri("/").body(Body::empty()).expect("a request");
            tokio::spawn(app.clone().oneshot(request))
        };
        let moment = Duration::from_millis(100);
        let (mut first, mut second) = (ask(Method::GET), ask(Method::GET));
        assert!(timeout(moment, &mut first).await.is_err() && timeout(moment, &mut second).await.is_err(), "both wait");
        let third = ask(Method::HEAD).await.expect("runs").expect("answers");
        assert_eq!(third.status(), StatusCode::SERVICE_UNAVAILABLE);
        let posted = ask(Method::POST).await.expect("runs").expect("answers");
        assert_eq!(posted.status(), StatusCode::OK, "what is posted waits for no page");
        made.add_permits(2);
        for one in [first, second] {
            assert_eq!(one.await.expect("runs").expect("answers").status(), StatusCode::OK);
        }
    }
}
