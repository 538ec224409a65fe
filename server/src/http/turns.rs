//! Requests take turns: what is done for each at once holds a tenth of a megabyte, and with a thousand at once the server
//! would grow by as many. Whoever waits holds little, and is answered in the order of coming, a network with many after
//! each of the others. A turn begins when all of the request has come, so that nobody has one for sending slowly.

use super::{client_address::client_address, language, router::BODY_BYTES};
use crate::platform::{passwords::QUEUE, turns::Turns};
use app::{caller::network, error::AppError, ui::messages};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use ipnet::IpNet;
use std::{future::ready, net::SocketAddr, sync::Arc, thread};

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
    let request = whole(request).await;
    match requests.turns.turn(Some(network(address))).await {
        Some(_turn) => next.run(request).await,
        None => {
            let busy = || (StatusCode::SERVICE_UNAVAILABLE, messages::error(&AppError::Busy)).into_response();
            language::of_browser(request.headers()).speak(busy)
        }
    }
}

/// The request with its body, once that has come. Where it has not, is too large or breaks off, so does what is read of
/// it: whoever reads it knows how to answer that.
async fn whole(request: Request) -> Request {
    let (head, body) = request.into_parts();
    let body = match to_bytes(body, BODY_BYTES).await {
        Ok(bytes) => Body::from(bytes),
        Err(error) => Body::from_stream(stream::once(ready(Err::<Bytes, _>(error)))),
    };
    Request::from_parts(head, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router,
        extract::{connect_info::MockConnectInfo, rejection::StringRejection},
        middleware::from_fn_with_state,
        routing::{MethodRouter, get, post},
    };
    use std::{convert::Infallible, time::Duration};
    use tokio::{sync::Semaphore, time::timeout};
    use tower::ServiceExt;

    /// One request at a time, and one that waits.
    fn one_at_a_time(page: MethodRouter) -> Router {
        let one = Arc::new(RequestTurns { turns: Turns::new(1, 1), proxies: Vec::new() });
        Router::new()
            .route("/", page)
            .layer(from_fn_with_state(one, take))
            .layer(MockConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))))
    }

    #[tokio::test]
    async fn a_request_waits_for_its_turn_and_too_many_are_told_so() {
        let done = Arc::new(Semaphore::new(0));
        let page = {
            let done = done.clone();
            move || async move { done.acquire().await.expect("open").forget() }
        };
        let app = one_at_a_time(get(page));
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

    #[tokio::test]
    async fn a_request_that_comes_slowly_has_no_turn_before_all_of_it_is_there() {
        let app = one_at_a_time(post(async |body: String| body));
        let ask = |body| app.clone().oneshot(Request::post("/").body(body).expect("a request"));
        let slow: Vec<_> = (0..3)
            .map(|_| tokio::spawn(ask(Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()))))
            .collect();
        tokio::task::yield_now().await;
        let quick = timeout(Duration::from_secs(5), ask(Body::from("all of it"))).await.expect("waits for nobody");
        let quick = to_bytes(quick.expect("answers").into_body(), BODY_BYTES).await.expect("whole");
        assert_eq!(quick, "all of it");
        assert!(slow.iter().all(|slow| !slow.is_finished()));
    }

    #[tokio::test]
    async fn a_request_that_breaks_off_is_answered_by_whoever_reads_it() {
        let app = one_at_a_time(post(async |body: Result<String, _>| {
            body.map_or_else(|_: StringRejection| "broken", |_| "whole")
        }));
        let parts = [Ok("a"), Err(std::io::Error::other("gone"))];
        let broken = Request::post("/").body(Body::from_stream(stream::iter(parts))).expect("a request");
        let answer = app.oneshot(broken).await.expect("answers");
        assert_eq!(to_bytes(answer.into_body(), BODY_BYTES).await.expect("whole"), "broken");
    }
}
