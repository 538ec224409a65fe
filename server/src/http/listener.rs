//! Takes connections and answers what comes by them, within limits (checklist 59).

use super::{
    client_address::is_trusted,
    connections::{Busy, Connections, Place},
};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::ConnectInfo,
};
use http_body::{Frame, SizeHint};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use std::{
    convert::Infallible,
    io::ErrorKind,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    time::sleep,
};
use tokio_io_timeout::TimeoutWriter;
use tower::ServiceExt;

/// File handles that are not for connections: database, outbox, log, files that are served.
const OTHER_HANDLES: u64 = 256;
/// The most memory that the head of a request may take.
const HEAD_BYTES: usize = 64 * 1024;

/// What connections may take.
pub struct Limits {
    /// How many are open at once.
    pub connections: usize,
    /// How long the head of a request may take, how long a connection may wait for its next one, and how long its client
    /// may take nothing of an answer.
    pub head: Duration,
    /// The same for trusted proxies, which keep connections for later and may not find one closed under their hands.
    pub proxy: Duration,
    /// Who they are.
    pub proxies: Vec<IpNet>,
}

impl Limits {
    /// Those of a process that may have so many files open.
    pub fn new(open_files: u64, proxies: Vec<IpNet>) -> Self {
        let connections = usize::try_from(open_files.saturating_sub(OTHER_HANDLES).clamp(64, 4_096)).unwrap_or(64);
        Self { connections, head: Duration::from_secs(10), proxy: Duration::from_secs(75), proxies }
    }
}

/// Serves until it is told to stop, and then until the last request is answered.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let connections = Connections::new(limits.connections, limits.proxies.clone());
    let (stopping, stopped) = watch::channel(false);
    // Each connection holds a sender; when the last one is gone, so are they.
    let (open, mut closed) = mpsc::channel::<Infallible>(1);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // It went before it was taken.
            Err(error) if is_of_one_connection(error.kind()) => continue,
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // Whoever has no place is told by the closed connection, which costs least.
        let Some(place) = connections.take(peer.ip()) else { continue };
        let trusted = is_trusted(peer.ip().to_canonical(), &limits.proxies);
        let wait = if trusted { limits.proxy } else { limits.head };
        let (app, stopped, open) = (app.clone(), stopped.clone(), open.clone());
        tokio::spawn(async move {
            answer(stream, peer, app, Arc::new(place), wait, stopped).await;
            drop(open);
        });
    }
    drop((listener, open));
    let _ = stopping.send(true);
    let _ = closed.recv().await;
}

fn is_of_one_connection(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// Answers the requests of one connection.
async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    place: Arc<Place>,
    wait: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    // Small answers are not held back for more to come.
    let _ = stream.set_nodelay(true);
    // Whoever does not read what was asked for holds the connection no longer than whoever asks for nothing.
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(wait));
    let stream = Box::pin(stream);
    let held = place.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let busy = Arc::new(held.request());
        if request.body().is_end_stream() {
            busy.begin();
        }
        let mut request = request.map(|body| Body::new(Coming { body, busy: busy.clone() }));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = app.clone().oneshot(request);
        async move { answer.await.map(|response| response.map(|body| Body::new(Held { body, _busy: busy }))) }
    });
    let mut http = http1::Builder::new();
    // It runs for each head from the moment that one is waited for, so it ends idle connections too.
    http.timer(TokioTimer::new()).header_read_timeout(wait).max_buf_size(HEAD_BYTES);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // What goes wrong on a connection is its client's business.
        _ = connection.as_mut() => {}
        () = place.taken_away() => {}
        () = until(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

async fn until(stopped: &mut watch::Receiver<bool>) {
    // It also stops when its sender is gone.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// The body of a request, whose connection is busy as soon as all of it has come.
struct Coming {
    body: Incoming,
    busy: Arc<Busy>,
}

impl HttpBody for Coming {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let part = ready!(Pin::new(&mut self.body).poll_frame(context));
        if part.is_none() || self.body.is_end_stream() {
            self.busy.begin();
        }
        Poll::Ready(part)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, whose connection is busy until it has left.
struct Held {
    body: Body,
    _busy: Arc<Busy>,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
