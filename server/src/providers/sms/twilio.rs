//! Twilio's Messages API: one form-encoded POST, answered by JSON.
//! <https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource>

use super::{
    failure,
    http::{self, Answer, Request},
};
use crate::platform::reach::Reach;
use app::error::{DeliveryFailure, DeliveryFailureKind};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};

/// Where Twilio listens, unless the account is of another region.
pub const ADDRESS: &str = "https://api.twilio.com";

/// An account at Twilio. Its secret is the auth token, or the secret of the API key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Twilio {
    /// The address of the API, without a path.
    pub address: String,
    /// The account's SID, which begins with AC.
    pub account_sid: String,
    /// The SID of an API key, which begins with SK; empty to sign in with the account itself.
    pub api_key_sid: String,
    /// A number, an alphanumeric sender or, beginning with MG, a messaging service.
    pub sender: String,
}

/// A message as Twilio answers it, or an error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    sid: Option<String>,
    status: Option<serde_json::Value>,
    error_code: Option<u32>,
    code: Option<u32>,
    message: Option<String>,
}

pub(super) async fn send(
    reach: &Reach,
    via: &Twilio,
    secret: &str,
    to: &str,
    text: &str,
) -> Result<(), DeliveryFailure> {
    let answer = http::send(reach, request(via, secret, to, text)?).await?;
    let said: Option<Said> = serde_json::from_str(&answer.body).ok();
    judge(&answer, said)
}

fn request(via: &Twilio, secret: &str, to: &str, text: &str) -> Result<Request, DeliveryFailure> {
    let unusable = |_| failure(DeliveryFailureKind::Refused, "the settings cannot be used");
    let mut url = Url::parse(&via.address).map_err(|error| unusable(error.to_string()))?;
    url.set_path(&format!("/2010-04-01/Accounts/{}/Messages.json", via.account_sid));
    let sender = if is_messaging_service(&via.sender) { "MessagingServiceSid" } else { "From" };
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("To", to)
        .append_pair(sender, &via.sender)
        .append_pair("Body", text)
        .finish();
    let user = if via.api_key_sid.is_empty() { &via.account_sid } else { &via.api_key_sid };
    let login = format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")));
    let mut login = HeaderValue::from_str(&login).map_err(|error| unusable(error.to_string()))?;
    login.set_sensitive(true);
    let headers = HeaderMap::from_iter([
        (AUTHORIZATION, login),
        (ACCEPT, HeaderValue::from_static("application/json")),
        (CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded")),
    ]);
    Ok(Request { method: Method::POST, url, headers, body: Some(body) })
}

/// Whether a sender is a messaging service: its SID.
pub fn is_messaging_service(sender: &str) -> bool {
    sender.len() == 34 && sender.starts_with("MG") && sender[2..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A message that was taken has a SID, and no status of failure.
fn judge(answer: &Answer, said: Option<Said>) -> Result<(), DeliveryFailure> {
    let Some(said) = said else {
        return Err(answer.failure("the answer is not the JSON of Twilio"));
    };
    let failed = said
        .status
        .as_ref()
        .and_then(|status| status.as_str())
        .is_some_and(|status| matches!(status, "failed" | "undelivered" | "canceled"));
    if answer.is_success() && !failed && said.sid.as_ref().is_some_and(|sid| !sid.is_empty()) {
        return Ok(());
    }
    let code = said.code.or(said.error_code);
    let code_words = code.map(|code| code.to_string()).unwrap_or_default();
    let words = format!("{code_words} {}", said.message.unwrap_or_default());
    let by_status = answer.failure(words.trim());
    let kind = match code {
        Some(20003 | 20404) => DeliveryFailureKind::Authentication,
        Some(20429 | 14107 | 30001) => DeliveryFailureKind::Overloaded,
        // Invalid, unreachable, of a country that is switched off, unverified in a trial, unsubscribed, no mobile.
        Some(21211 | 21214 | 21217 | 21408 | 21608 | 21610 | 21612 | 21614 | 21635) => {
            DeliveryFailureKind::RecipientRefused
        }
        _ => by_status.kind,
    };
    Err(DeliveryFailure { kind, ..by_status })
}
