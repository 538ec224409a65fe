//! The address that the server listens on, the one that people type, and the proxy between them.

use crate::{
    platform::{config::Settings, loopback::is_loopback, reach::Reach},
    providers::http::{Request, send},
};
use reqwest::{Method, header::HeaderMap};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use url::Url;

/// How long whoever has the port may take to say who it is.
const WAIT: Duration = Duration::from_secs(3);
/// A page that needs no session.
const PAGE: &str = "/.well-known/security.txt";

/// Whether the address can be served, and whether a server of ours does so.
pub async fn listens(address: SocketAddr) -> (Result<String, String>, bool) {
    let Err(error) = bind(address) else {
        return (Ok(format!("{address} is free, so no server runs here")), false);
    };
    let problem = match error.kind() {
        io::ErrorKind::AddrInUse if is_ours(address).await => {
            return (Ok(format!("{address} is served by Countersign")), true);
        }
        io::ErrorKind::AddrInUse => format!(
            "another program has {address}: stop that one (`ss -ltnp` names it), or set LEPTOS_SITE_ADDR to a port that is free"
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "this machine has no address {}: set LEPTOS_SITE_ADDR to one that it has, or to 0.0.0.0 for all of them",
            address.ip()
        ),
        io::ErrorKind::PermissionDenied => format!(
            "the port {} is not for every user: set LEPTOS_SITE_ADDR to one above 1023, and let the proxy have this one",
            address.port()
        ),
        _ => format!("{address} cannot be served: {error}"),
    };
    (Err(problem), false)
}

/// Takes the address for a moment, without listening: a server that starts meanwhile is not kept from it.
fn bind(address: SocketAddr) -> io::Result<()> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)
}

/// Whether who listens answers as a server of ours does.
async fn is_ours(mut address: SocketAddr) -> bool {
    if address.ip().is_unspecified() {
        let loopback: SocketAddr =
            if address.is_ipv4() { ([127, 0, 0, 1], 0).into() } else { ([0, 0, 0, 0, 0, 0, 0, 1], 0).into() };
        address.set_ip(loopback.ip());
    }
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut answer = Vec::new();
        stream.take(4_096).read_to_end(&mut answer).await?;
        io::Result::Ok(String::from_utf8_lossy(&answer).to_lowercase())
    };
    let answer = timeout(WAIT, ask).await;
    matches!(answer, Ok(Ok(text)) if text.starts_with("http/1.1 200") && text.contains("\r\nx-request-id:") && text.ends_with("ok"))
}

/// Whether the address that people type leads here.
pub async fn public(settings: &Settings, address: SocketAddr, running: bool) -> Result<String, String> {
    let url = settings.public_url().map_err(|error| error.to_string())?;
    if url.host().is_some_and(|host| is_loopback(&host)) && !address.ip().to_canonical().is_loopback() {
        return Err(format!(
            "COUNTERSIGN_PUBLIC_URL is {url}, by which everyone reaches their own machine, but the server listens on {address} \
             for others: set it to the address that people type"
        ));
    }
    if !running {
        return Ok(url.to_string());
    }
    match ask(&url).await {
        Err(problem) => Ok(format!("{url} (it cannot be asked from here: {problem})")),
        Ok(421) => Err(format!(
            "{url} is answered with 421, so the proxy asks for another name than {}: let it pass Host on unchanged",
            url.host_str().unwrap_or_default()
        )),
        Ok(status @ (502 | 504)) => {
            Err(format!("{url} is answered with {status}: let the proxy pass requests on to {address}"))
        }
        Ok(_) => Ok(format!("{url} answers")),
    }
}

/// The status of a page, without following where it leads.
async fn ask(url: &Url) -> Result<u16, String> {
    let url = url.join(PAGE).map_err(|error| error.to_string())?;
    let request = Request { method: Method::GET, url, headers: HeaderMap::new(), body: None };
    let answer = send(&Reach::default(), request).await;
    answer.map(|answer| answer.status).map_err(|failure| failure.answer.unwrap_or_else(|| "no answer".to_owned()))
}

/// Whose word about clients counts.
pub fn proxies(settings: &Settings) -> Result<String, String> {
    match settings.proxy_problem() {
        Some(problem) => Err(problem.to_owned()),
        None if settings.trusted_proxies.is_empty() => {
            Ok("none is trusted: people reach this server directly".to_owned())
        }
        None => Ok(format!("trusted are {}", settings.trusted_proxies.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// Answers each connection with the same.
    async fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 1_024];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        address
    }

    const OURS: &str = "HTTP/1.1 200 OK\r\nX-Request-Id: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    #[tokio::test]
    async fn a_port_is_free_ours_or_somebody_elses() {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
        assert_eq!(listens(free).await, (Ok(format!("{free} is free, so no server runs here")), false));
        let ours = answering(OURS).await;
        assert_eq!(listens(ours).await, (Ok(format!("{ours} is served by Countersign")), true));
        let (everywhere, running) = listens(SocketAddr::from(([0, 0, 0, 0], ours.port()))).await;
        assert!(running, "{everywhere:?}");
        for other in
            ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 404 Not Found\r\n\r\n", "220 mail\r\n"]
        {
            let (problem, running) = listens(answering(other).await).await;
            let problem = problem.expect_err("somebody else's");
            assert!(
                !running && problem.contains("another program has") && problem.contains("LEPTOS_SITE_ADDR"),
                "{problem}"
            );
        }
        // An address for documents, which no machine has.
        let (problem, _) = listens(SocketAddr::from(([192, 0, 2, 1], 3_000))).await;
        assert!(problem.expect_err("not here").contains("this machine has no address 192.0.2.1"));
    }

    #[tokio::test]
    async fn a_public_address_of_this_machine_alone_is_told_where_others_are_served() {
        let settings = |url: &str| Settings { public_url: url.to_owned(), ..Settings::default() };
        let everywhere = SocketAddr::from(([0, 0, 0, 0], 3_000));
        let here = SocketAddr::from(([127, 0, 0, 1], 3_000));
        for url in ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"] {
            let problem = public(&settings(url), everywhere, false).await.expect_err(url);
            assert!(
                problem.contains("COUNTERSIGN_PUBLIC_URL is http://") && problem.contains("0.0.0.0:3000"),
                "{problem}"
            );
            public(&settings(url), here, false).await.expect("for this machine alone");
        }
        public(&settings("https://id.example.org"), everywhere, false).await.expect("for others");
    }

    #[tokio::test]
    async fn a_proxy_that_asks_for_another_name_or_reaches_nobody_is_told() {
        let here = SocketAddr::from(([127, 0, 0, 1], 3_000));
        for (answer, told) in [
            ("HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\n\r\n", Err("let it pass Host on unchanged")),
            (
                "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
                Err("let the proxy pass requests on to 127.0.0.1:3000"),
            ),
            ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Ok(" answers")),
            ("", Ok("cannot be asked from here")),
        ] {
            let public_url = format!("http://{}", answering(answer).await);
            let settings = Settings { public_url, ..Settings::default() };
            match (public(&settings, here, true).await, told) {
                (Ok(line), Ok(words)) | (Err(line), Err(words)) => assert!(line.contains(words), "{line}"),
                (line, words) => panic!("{line:?} is not {words:?}"),
            }
        }
    }
}
