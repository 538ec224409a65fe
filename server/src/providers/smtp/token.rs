//! Tokens that take the place of a password (OAuth 2.0, RFC 6749): fetched once for all messages of a process, again before
//! their end, and kept in memory alone.

use crate::{
    platform::{reach::Reach, secret::Secret},
    providers::{
        SmtpSettings, discreet, failure,
        http::{self, Answer, Request},
    },
};
use app::{
    error::{DeliveryFailure, DeliveryFailureKind},
    services::sign_in::SignIn,
};
use reqwest::{
    Method,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use url::{Url, form_urlencoded};

/// Seconds before its end at which a token is fetched anew.
const BEFORE_END: i64 = 300;
/// Seconds that a token is good for where its issuer does not say; most last an hour.
const UNSAID: i64 = 600;
/// Seconds that a refusal counts for those who asked at the same time.
const REFUSED: i64 = 5;
/// How long fetching may take.
const WHOLE: Duration = Duration::from_secs(20);
/// Google's address.
const GOOGLE: &str = "https://oauth2.googleapis.com/token";
/// The tenant of whoever signs in.
const ANY_TENANT: &str = "common";

/// What proves us to whoever issues tokens.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSecret {
    /// The application's secret.
    #[serde(default)]
    pub client_secret: String,
    /// The mailbox's refresh token.
    #[serde(default)]
    pub refresh_token: String,
}

impl TokenSecret {
    /// As it is sealed.
    pub fn to_secret(&self) -> Secret {
        Secret::from(serde_json::json!(self).to_string())
    }

    /// As it was sealed; nothing where it is a password.
    pub fn of_secret(secret: &str) -> Option<Self> {
        serde_json::from_str(secret).ok()
    }
}

/// Where tokens for these settings are fetched.
pub fn address(via: &SmtpSettings) -> String {
    if !via.token_url.is_empty() {
        return via.token_url.clone();
    }
    match via.sign_in {
        SignIn::Google | SignIn::Password => GOOGLE.to_owned(),
        SignIn::Microsoft | SignIn::MicrosoftApp => {
            let tenant = if via.tenant.is_empty() { ANY_TENANT } else { &via.tenant };
            format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token")
        }
    }
}

/// A token to sign in by.
pub struct Token {
    /// The token.
    pub secret: Secret,
    /// Whether it was fetched for an earlier message.
    pub kept: bool,
    /// A refresh token that takes the place of the one that it was fetched by.
    pub renewed: Option<Secret>,
}

/// What is known of a grant.
enum Known {
    Nothing,
    Token { secret: Secret, fetched_at: i64, until: i64 },
    Refused { failure: DeliveryFailure, of: [u8; 32], until: i64 },
}

/// The tokens of this process.
pub struct Tokens {
    reach: Reach,
    /// By what they are fetched for. Whoever holds one fetches it, and the others wait for it.
    known: Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<Known>>>>,
}

impl Tokens {
    /// None yet. They are fetched from where providers may be.
    pub fn new(reach: Reach) -> Self {
        Self { reach, known: Mutex::default() }
    }

    /// The token of now.
    ///
    /// # Errors
    /// Why there is none, in kinds that name what to do.
    pub async fn get(&self, via: &SmtpSettings, secret: &TokenSecret, now: i64) -> Result<Token, DeliveryFailure> {
        let slot = self.slot(via, secret);
        let mut known = slot.lock().await;
        let of: [u8; 32] = Sha256::digest(&secret.refresh_token).into();
        match &*known {
            Known::Token { secret, fetched_at, until } if *until > now && *fetched_at <= now => {
                return Ok(Token { secret: secret.clone(), kept: true, renewed: None });
            }
            Known::Refused { failure, of: refused, until } if *until > now && *refused == of => {
                return Err(failure.clone());
            }
            _ => {}
        }
        match self.fetch(via, secret).await {
            Ok(fetched) => {
                let lasts = fetched.expires_in.unwrap_or(UNSAID).max(0);
                // A short one is used for half of its time.
                let until = now + (lasts - BEFORE_END).max(lasts / 2);
                let token = Secret::from(fetched.access_token);
                *known = Known::Token { secret: token.clone(), fetched_at: now, until };
                let renewed = fetched.refresh_token.filter(|new| !new.is_empty() && *new != secret.refresh_token);
                Ok(Token { secret: token, kept: false, renewed: renewed.map(Secret::from) })
            }
            Err(failure) => {
                *known = Known::Refused { failure: failure.clone(), of, until: now + REFUSED };
                Err(failure)
            }
        }
    }

    /// Forgets a token that a mail server does not take.
    pub async fn forget(&self, via: &SmtpSettings, secret: &TokenSecret, token: &Secret) {
        let slot = self.slot(via, secret);
        let mut known = slot.lock().await;
        // Another message may have fetched the next one already.
        if matches!(&*known, Known::Token { secret, .. } if secret.expose() == token.expose()) {
            *known = Known::Nothing;
        }
    }

    /// Where the token for these settings is kept. A refresh token is replaced now and then, and the token stays.
    fn slot(&self, via: &SmtpSettings, secret: &TokenSecret) -> Arc<tokio::sync::Mutex<Known>> {
        let parts = [via.sign_in.as_str(), &address(via), &via.client_id, &via.user_name, &secret.client_secret];
        let key: [u8; 32] = Sha256::digest(parts.join("\0")).into();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert_with(|| Arc::new(tokio::sync::Mutex::new(Known::Nothing))).clone()
    }

    async fn fetch(&self, via: &SmtpSettings, secret: &TokenSecret) -> Result<Fetched, DeliveryFailure> {
        let unreachable = |answer: &str| failure(DeliveryFailureKind::TokenUnreachable, answer);
        let url = Url::parse(&address(via)).map_err(|error| unreachable(&error.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let request = Request { method: Method::POST, url, headers, body: Some(body(via, secret)) };
        let answer = tokio::time::timeout(WHOLE, http::send(&self.reach, request)).await;
        let answer = answer.map_err(|_| unreachable(&format!("no answer within {} s", WHOLE.as_secs())))?;
        let read = match answer {
            Ok(answer) => read(&answer),
            Err(failure) => Err(unreachable(&failure.answer.unwrap_or_default())),
        };
        read.map_err(|failure| discreet(failure, &secret.client_secret, &secret.refresh_token, ""))
    }
}

/// What is asked for.
fn body(via: &SmtpSettings, secret: &TokenSecret) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("client_id", &via.client_id);
    if !secret.client_secret.is_empty() {
        form.append_pair("client_secret", &secret.client_secret);
    }
    if via.sign_in.by_refresh_token() {
        form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", &secret.refresh_token);
    } else {
        form.append_pair("grant_type", "client_credentials");
    }
    match via.sign_in {
        SignIn::Microsoft => form.append_pair("scope", "https://outlook.office.com/SMTP.Send offline_access"),
        SignIn::MicrosoftApp => form.append_pair("scope", "https://outlook.office365.com/.default"),
        // What the mailbox's owner consented to.
        SignIn::Google | SignIn::Password => &mut form,
    };
    form.finish()
}

/// An answer with a token (RFC 6749 §5.1).
#[derive(Deserialize)]
struct Fetched {
    access_token: String,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<i64>,
    refresh_token: Option<String>,
}

/// A number, which some issuers write as text.
fn seconds<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<i64>, D::Error> {
    Ok(match serde_json::Value::deserialize(input)? {
        serde_json::Value::String(text) => text.parse().ok(),
        value => value.as_i64(),
    })
}

/// An answer without one (RFC 6749 §5.2).
#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

fn read(answer: &Answer) -> Result<Fetched, DeliveryFailure> {
    if answer.is_success() {
        let fetched = serde_json::from_str::<Fetched>(&answer.body).ok();
        // It goes into one line of SMTP, and lives in a header elsewhere.
        let usable = fetched.filter(|token| {
            !token.access_token.is_empty() && token.access_token.bytes().all(|byte| byte.is_ascii_graphic())
        });
        return usable.ok_or_else(|| failure(DeliveryFailureKind::TokenUnreachable, "the answer holds no token"));
    }
    let refused: Refused = serde_json::from_str(&answer.body).unwrap_or_default();
    let kind = match refused.error.as_str() {
        "invalid_client" | "unauthorized_client" => DeliveryFailureKind::ClientRefused,
        "invalid_grant" => DeliveryFailureKind::GrantRefused,
        "" | "server_error" | "temporarily_unavailable" => DeliveryFailureKind::TokenUnreachable,
        _ => DeliveryFailureKind::AccessRefused,
    };
    let known =
        refused.error.len() <= 40 && refused.error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let error = if known { refused.error.as_str() } else { "" };
    // An address that was chosen for its answer tells nothing more than that.
    let words = if answer.private { "" } else { refused.error_description.lines().next().unwrap_or_default() };
    let parts = [error, words].into_iter().filter(|part| !part.is_empty());
    let parts: Vec<_> = std::iter::once(format!("HTTP {}", answer.status)).chain(parts.map(str::to_owned)).collect();
    Err(failure(kind, parts.join(", ")))
}
