//! Requests take turns: what is done for each at once holds a tenth of a megabyte, and with a thousand at once the server
//! would grow by as many. Whoever waits holds little, and is answered in the order of coming, a network with many after
//! each of the others.

use super::{client_address::client_address, language};
use crate::platform::{passwords::QUEUE, turns::Turns};
use app::{caller::network, error::AppError, ui::messages};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use ipnet::IpNet;
use std::{net::SocketAddr, sync::Arc, thread};

/// How many are at work at once for each core, besides as many as may wait for the hash of a password: so a flood of
/// passwords leaves turns to all others.
const EACH_CORE: usize = 8;
/// How many may wait; more are answered 503.
const WAITING: usize = 4_096;

/// Turns of requests.
pub struct RequestTurns {
    turns: Turns,
    proxies: Vec<IpNet>,
}

impl RequestTurns {
    /// As many as this machine's cores can do. The proxies are those that are trusted.
    pub fn behind(proxies: &[IpNet]) -> Arc<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Arc::new(Self { turns: Turns::new(QUEUE + EACH_CORE * cores, WAITING), proxies: proxies.to_vec() })
    }
}

/// Waits for a turn.
pub async fn take(
    State(requests): State<Arc<RequestTurns>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let address = client_address(peer.ip(), request.headers(), &requests.proxies);
    match requests.turns.turn(Some(network(address))).await {
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
    async fn a_request_waits_for_its_turn_and_too_many_are_told_so() {
        let one = Arc::new(RequestTurns { turns: Turns::new(1, 1), proxies: Vec::new() });
        let done = Arc::new(Semaphore::new(0));
        let page = {
            let done = done.clone();
            move || async move { done.acquire().await.expect("open").forget() }
        };
        let app = Router::new()
            .route("/", get(page))
            .layer(from_fn_with_state(one, take))
            .layer(MockConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
        let ask = || tokio::spawn(app.clone().oneshot(Request::get("/").body(Body::empty()).expect("a request")));
        let moment = Duration::from_millis(100);
        let (mut first, mut second) = (ask(), ask());
        assert!(timeout(moment, &mut first).await.is_err() && timeout(moment, &mut second).await.is_err(), "both wait");
        let third = ask().await.expect("runs").expect("answers");
        assert_eq!(third.status(), StatusCode::SERVICE_UNAVAILABLE);
        done.add_permits(2);
        for one in [first, second] {
            assert_eq!(one.await.expect("runs").expect("answers").status(), StatusCode::OK);
        }
    }
}
