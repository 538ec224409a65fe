//! Any gateway that takes an HTTP request: its address, headers and body are templates.

use super::{
    failure,
    http::{self, Request},
    template::{self, Values, Writing},
};
use crate::platform::reach::Reach;
use app::error::{DeliveryFailure, DeliveryFailureKind, Problem};
use reqwest::{Method, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize};

/// The methods that a request may have.
pub const METHODS: [&str; 3] = ["POST", "PUT", "GET"];

/// A gateway.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gateway {
    /// One of [`METHODS`].
    pub method: String,
    /// Where requests go.
    pub url: String,
    /// Headers, one a line.
    pub headers: String,
    /// The body; empty with GET.
    pub body: String,
    /// What the answer has to contain beside a status of success; empty where the status tells enough.
    pub success: String,
}

pub(super) async fn send(
    reach: &Reach,
    via: &Gateway,
    secret: &str,
    to: &str,
    text: &str,
) -> Result<(), DeliveryFailure> {
    let request = request(via, Values { to, text, secret })
        .map_err(|_| failure(DeliveryFailureKind::Refused, "the settings cannot be used"))?;
    let answer = http::send(reach, request).await?;
    if !answer.is_success() {
        return Err(answer.failure(&answer.body));
    }
    if !answer.body.contains(&via.success) {
        return Err(answer.refused("without what tells success", &answer.body));
    }
    Ok(())
}

/// The request, or the problem of the part that cannot be filled in.
///
/// # Errors
/// `NotAUrl`, `NotHeaders`, `NotATemplate` or `NotAChoice`.
pub fn request(via: &Gateway, values: Values<'_>) -> Result<Request, Problem> {
    let headers = template::headers(&via.headers, values)?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = template::fill(&via.body, Writing::of(content_type), values)?;
    Ok(Request {
        method: METHODS
            .contains(&via.method.as_str())
            .then(|| Method::from_bytes(via.method.as_bytes()).ok())
            .flatten()
            .ok_or(Problem::NotAChoice)?,
        url: template::url(&via.url, values)?,
        body: (!body.is_empty()).then_some(body),
        headers,
    })
}
