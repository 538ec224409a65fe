//! One HTTP request to a provider: to the address that was looked at, by HTTPS with a certificate of the host's own,
//! without following redirects, and with a short answer.

use crate::{
    platform::reach::Reach,
    providers::{
        failure,
        tls::{client_config, is_tls},
    },
};
use app::error::{DeliveryFailure, DeliveryFailureKind};
use reqwest::{
    Client, Method, RequestBuilder, Response,
    header::{HeaderMap, RETRY_AFTER},
    redirect::Policy,
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use url::{Host, Url};

/// How long a connection may take, to whichever address of a name.
const CONNECT: Duration = Duration::from_secs(10);
/// The most of an answer that is read, in bytes.
const ANSWER_BYTES: usize = 64 * 1024;

/// What a provider answered.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// When to try again, in the server's words.
    pub retry_after: Option<String>,
    /// The body, as far as it is text and not too long.
    pub body: String,
    /// Whether it may have come from this machine or a network of its own, about which nobody is told more than the
    /// status: an address that was chosen for its answer tells nothing.
    pub private: bool,
}

impl Answer {
    /// Whether the status is one of success.
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// The failure that the status alone tells, with the words of the body or others.
    pub fn failure(&self, words: &str) -> DeliveryFailure {
        let kind = match self.status {
            401 | 403 | 407 => DeliveryFailureKind::Authentication,
            429 => DeliveryFailureKind::Overloaded,
            503 if self.retry_after.is_some() => DeliveryFailureKind::Overloaded,
            _ => DeliveryFailureKind::Refused,
        };
        let again = self.retry_after.as_ref();
        let again = again.filter(|time| !self.private || time.bytes().all(|byte| byte.is_ascii_digit()));
        let again = again.map(|time| format!(", try again after {time}")).unwrap_or_default();
        failure(kind, self.description(&again, words))
    }

    /// The failure of an answer with a status of success.
    pub fn refused(&self, why: &str, words: &str) -> DeliveryFailure {
        failure(DeliveryFailureKind::Refused, self.description(&format!(", but {why}"), words))
    }

    fn description(&self, more: &str, words: &str) -> String {
        let words = if self.private || words.is_empty() { String::new() } else { format!(": {words}") };
        format!("HTTP {}{more}{words}", self.status)
    }
}

/// A request to be sent.
pub struct Request {
    /// How.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, where there is one.
    pub body: Option<String>,
}

/// Sends a request.
///
/// # Errors
/// Where no answer came.
pub async fn send(reach: &Reach, request: Request) -> Result<Answer, DeliveryFailure> {
    let (client, private) = client(reach, &request.url).await?;
    let mut builder: RequestBuilder = client.request(request.method, request.url).headers(request.headers);
    if let Some(body) = request.body {
        builder = builder.body(body);
    }
    let mut response = builder.send().await.map_err(explain)?;
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after: response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned),
        body: read(&mut response).await?,
        private,
    })
}

/// The server of an address, as lists show it.
pub fn target(url: &str) -> String {
    let host = |url: Url| url.host_str().map(|host| (host.to_owned(), url.port()));
    match Url::parse(url).ok().and_then(host) {
        Some((host, Some(port))) => format!("{host}:{port}"),
        Some((host, None)) => host,
        None => String::new(),
    }
}

/// A client that connects to the host's addresses as they were found and allowed now, and whether one of them is
/// private.
async fn client(reach: &Reach, url: &Url) -> Result<(Client, bool), DeliveryFailure> {
    let no_address = || failure(DeliveryFailureKind::Unreachable, "this is no address of a server");
    let port = url.port_or_known_default().ok_or_else(no_address)?;
    let host = url.host().ok_or_else(no_address)?.to_owned();
    let name = match &host {
        Host::Domain(name) => name.clone(),
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    };
    let addresses = reach.addresses(&name, port).await?;
    check_protected(url.scheme() == "https", &addresses)?;
    let client = Client::builder()
        .tls_backend_preconfigured((*client_config("")?).clone())
        .resolve_to_addrs(&name, &addresses)
        .connect_timeout(CONNECT)
        .redirect(Policy::none())
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(0)
        .build()
        .map_err(|error| failure(DeliveryFailureKind::Tls, error.to_string()))?;
    Ok((client, addresses.iter().any(|address| is_private(address.ip()))))
}

async fn read(response: &mut Response) -> Result<String, DeliveryFailure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(explain)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER_BYTES {
            bytes.truncate(ANSWER_BYTES);
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn explain(error: reqwest::Error) -> DeliveryFailure {
    // The address may hold the code and the secret.
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    let kind = if error.is_timeout() {
        DeliveryFailureKind::TimedOut
    } else if is_tls(&error) {
        DeliveryFailureKind::Tls
    } else {
        DeliveryFailureKind::Unreachable
    };
    failure(kind, text)
}

/// Whether an address is of this machine or of a network that the public one does not reach.
pub(super) fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}

/// Codes and secrets travel in clear only where nobody else listens.
pub(super) fn check_protected(encrypted: bool, addresses: &[SocketAddr]) -> Result<(), DeliveryFailure> {
    let public = addresses.iter().find(|address| !is_private(address.ip()));
    match public.filter(|_| !encrypted) {
        None => Ok(()),
        Some(public) => {
            let answer = format!("without encryption only private networks are contacted, and {} is none", public.ip());
            Err(failure(DeliveryFailureKind::Tls, answer))
        }
    }
}
