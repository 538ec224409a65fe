//! Connections that hold the server up, against a real listener.

use crate::{
    http::listener::{Limits, serve},
    platform::open_files,
    testing::sqlite,
};
use axum::routing::get;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};

/// Bytes of an answer that does not fit into what the system holds for a connection.
const LARGE: usize = 64 << 20;

/// A server with so many places, its address and what stops it.
async fn server(connections: usize, head: u64) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let fixture = sqlite().await;
    let app = super::site(&fixture, true, ".").route("/large", get(|| async { vec![0_u8; LARGE] }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let head = Duration::from_secs(head);
    let limits = Limits { connections, head, proxy: head, proxies: Vec::new() };
    let (stop, stopped) = oneshot::channel();
    let stopped = async move {
        let _ = stopped.await;
    };
    let running = tokio::spawn(async move {
        serve(listener, app, limits, stopped).await;
        drop(fixture);
    });
    (address, stop, running)
}

async fn connect(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(text.as_bytes()).await.expect("sends");
    stream
}

/// What comes until the connection is closed.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection that is reset is closed as well.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn healthz(address: SocketAddr) -> String {
    let mut stream = connect(address, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    timeout(Duration::from_secs(2), rest(&mut stream)).await.expect("an answer in time")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eleven_hundred_half_open_connections_leave_the_server_answering() {
    assert!(open_files::raise() >= 4_000, "this test needs 2,200 open files");
    let no_body = "POST /api/login/log_in HTTP/1.1\r\nHost: id.example.org\r\nContent-Length: 20\r\n\r\na=b";
    for text in ["GET / HTTP/1.1\r\nHost: id.exa", no_body] {
        let (address, _stop, _running) = server(1_000, 20).await;
        let mut held = Vec::new();
        for _ in 0..1_100 {
            held.push(connect(address, text).await);
        }
        for _ in 0..10 {
            assert!(healthz(address).await.starts_with("HTTP/1.1 200"), "it does not answer");
        }
        // The oldest had to go, long before their time.
        assert_eq!(timeout(Duration::from_secs(2), rest(&mut held[0])).await.expect("closed"), "");
        let newest = held.last_mut().expect("one");
        assert!(timeout(Duration::from_millis(200), rest(newest)).await.is_err(), "within the share one may wait");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_and_idle_connections_have_a_time_limit() {
    let (address, _stop, _running) = server(100, 1).await;
    let begun = Instant::now();
    for text in ["", "GET / HTTP/1.1\r\nHost: id.exa", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut stream = connect(address, text).await;
        let answer = timeout(Duration::from_secs(5), rest(&mut stream)).await.expect("closed");
        assert_eq!(answer.starts_with("HTTP/1.1 200"), text.ends_with("\r\n\r\n"), "{answer}");
    }
    assert!(begun.elapsed() >= Duration::from_millis(2_500), "they were closed at once");
    // A slow writer gains nothing by each byte.
    let mut slow = connect(address, "GET / HTTP/1.1\r\n").await;
    let begun = Instant::now();
    while slow.write_all(b"x").await.is_ok() && begun.elapsed() < Duration::from_secs(6) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(4), "after {:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_closes_idle_connections_and_ends() {
    let (address, stop, running) = server(100, 60).await;
    let mut idle = connect(address, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200");
    stop.send(()).expect("it runs");
    timeout(Duration::from_secs(2), running).await.expect("it ends").expect("without a panic");
    assert!(TcpStream::connect(address).await.is_err(), "it takes no more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_read_an_answer_loses_the_connection() {
    let (address, _stop, _running) = server(100, 1).await;
    let request = "GET /large HTTP/1.1\r\nHost: id.example.org\r\nConnection: close\r\n\r\n";
    let mut reading = connect(address, request).await;
    assert!(rest(&mut reading).await.len() > LARGE, "it is not sent to who reads it");
    let mut silent = connect(address, request).await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(rest(&mut silent).await.len() < LARGE, "it waited for who does not read");
}
