//! Who is calling a server function, and how its browser is answered. Server side only.

use crate::{
    approvals::routes::asked_path,
    configuration::rules::Rules,
    error::AppError,
    language::types::Language,
    login::types::Audience,
    ports::{Ports, ports},
    step_up::routes::{asked_link, way_back},
};
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};
use uuid::Uuid;

/// Where a request comes from, for limits and records.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The client's address, as far as trusted proxies vouch for it.
    pub address: IpAddr,
    /// The browser's own description, cut to 200 characters.
    pub user_agent: String,
    /// By what the browser is known that signed in before.
    pub known: KnownBrowser,
    /// The language that was chosen in the browser, or else that it asks for.
    pub language: Language,
    /// Whether the script of our pages asked. Its pages hear by themselves what comes later, so they wait less.
    pub scripted: bool,
}

/// The token of a browser that signed in before. It opens nothing; wrong passwords of that browser count apart from
/// those of strangers.
#[derive(Clone, Default)]
pub struct KnownBrowser(pub Option<String>);

impl std::fmt::Debug for KnownBrowser {
    /// Without the token, which no record may hold.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "known" } else { "unknown" })
    }
}

impl Origin {
    /// The address under which limits count a client: of IPv6 the /64, which one customer of a network has to himself
    /// (RFC 6177), with the rest zeroed. Records keep the whole address.
    pub fn network(&self) -> IpAddr {
        network(self.address)
    }
}

/// The network under which limits count an address, see [`Origin::network`].
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::from(Ipv6Addr::from(u128::from(address) & (u128::MAX << 64))),
        address => address,
    }
}

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; the verification code is missing.
    CodeNeeded,
    /// Signed in, but two-factor authentication is required and not set up: only that and signing out are allowed.
    EnrollmentNeeded,
    /// Signed in.
    SignedIn,
}

/// A live session of an account.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session's record, which stays the same while its token changes at every step.
    pub id: Uuid,
    /// The account that signed in.
    pub account_id: Uuid,
    /// Its audience.
    pub audience: Audience,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// The account's name.
    pub name: String,
    /// The account's email address.
    pub email: String,
    /// The language that the account has chosen.
    pub language: Option<Language>,
    /// Whether its audience may use two-factor authentication.
    pub two_factor_allowed: bool,
    /// Whether the account has an entry, which can be used or not.
    pub has_entry: bool,
    /// Whether the password and, where there is one, the second factor were proved in the last minutes.
    pub stepped_up: bool,
    /// Days until a required second factor has to be set up, during the grace period.
    pub grace_days_left: Option<u32>,
    /// Where this request of the session comes from.
    pub origin: Origin,
    /// The settings as this request found them.
    pub rules: Rules,
}

impl Session {
    /// The language of messages to this account: what it has chosen, or else that of its browser.
    pub fn reads(&self) -> Language {
        self.language.unwrap_or(self.origin.language)
    }
}

/// A random token for a cookie and how long it is good for.
#[derive(Clone)]
pub struct Token {
    /// The secret itself; the server keeps only its hash.
    pub secret: String,
    /// Seconds that the browser may keep it; `None` until the browser closes.
    pub max_age: Option<i64>,
}

/// The cookies of the browser that is being answered.
pub trait Browser: Send + Sync {
    /// Keeps or forgets the session of an audience.
    fn set_session(&self, audience: Audience, token: Option<&Token>);
    /// The trusted-device token of an audience.
    fn trust(&self, audience: Audience) -> Option<String>;
    /// Keeps or forgets the trusted-device token of an audience.
    fn set_trust(&self, audience: Audience, token: Option<&Token>);
    /// Keeps the token by which this browser is known from now on, whichever audience signed in.
    fn set_known(&self, token: &Token);
    /// Keeps the language that was chosen.
    fn set_language(&self, language: Language);
    /// The token with which the next page of an audience may show a secret once.
    fn shown_once(&self, audience: Audience) -> Option<String>;
    /// Keeps or forgets that token.
    fn set_shown_once(&self, audience: Audience, token: Option<&Token>);
    /// The page that led to the sign-in, as the browser says.
    fn way_back(&self, audience: Audience) -> Option<String>;
    /// Keeps or forgets that page.
    fn set_way_back(&self, audience: Audience, path: Option<&str>);
}

/// Everything that a server function may know about its caller.
#[derive(Clone)]
pub struct Caller {
    /// Where the request comes from.
    pub origin: Origin,
    /// The live sessions of this browser, at most one an audience.
    pub sessions: Vec<Session>,
    /// Its cookies.
    pub browser: Arc<dyn Browser>,
}

impl Caller {
    /// The caller of the server function that is running.
    pub fn current() -> Result<Self, AppError> {
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Self>().cloned()).ok_or_else(AppError::unlogged)
    }

    /// The session of an audience, whatever its stage.
    pub fn session(&self, audience: Audience) -> Option<&Session> {
        self.sessions.iter().find(|s| s.audience == audience)
    }

    /// The language of a page: that of the account in whose part of the site it is, or else the browser's. Before the
    /// code is entered nobody knows whose account it is.
    pub fn language(&self, path: &str) -> Language {
        let admin = path == Audience::Admin.home_path() || path.starts_with("/admin/");
        let audience = if admin { Audience::Admin } else { Audience::Customer };
        let session = self.session(audience).filter(|session| session.stage != Stage::CodeNeeded);
        session.and_then(|session| session.language).unwrap_or(self.origin.language)
    }

    /// The session of an account of this audience that has proved all its factors.
    pub fn signed_in(&self, audience: Audience) -> Result<&Session, AppError> {
        match self.session(audience) {
            Some(session) => match session.stage {
                Stage::SignedIn => Ok(session),
                Stage::EnrollmentNeeded => Err(AppError::EnrollmentNeeded),
                Stage::CodeNeeded => Err(AppError::CodeNeeded),
            },
            None if self.sessions.iter().any(|s| s.stage == Stage::SignedIn) => Err(AppError::Forbidden),
            None => Err(AppError::SignInNeeded),
        }
    }

    /// The session of a signed-in account that may set up its second factor, also where it has to do that first.
    pub fn may_enroll(&self, audience: Audience) -> Result<&Session, AppError> {
        match self.session(audience) {
            Some(session) if session.stage == Stage::EnrollmentNeeded => Ok(session),
            _ => self.signed_in(audience),
        }
    }

    /// A signed-in session that has proved its factors again in the last minutes (ASVS 7.5.1).
    pub fn stepped_up(&self, audience: Audience) -> Result<&Session, AppError> {
        confirmed(self.signed_in(audience)?)
    }

    /// The same, also for an account that has to set up its second factor first.
    pub fn may_enroll_now(&self, audience: Audience) -> Result<&Session, AppError> {
        confirmed(self.may_enroll(audience)?)
    }

    /// Where a sign-in that is finished leads: to the page that it was asked for on, or home. Whatever the browser says,
    /// it is a page of this audience (ASVS 3.7.2).
    pub fn lead_back(&self, audience: Audience) -> String {
        let asked = self.browser.way_back(audience);
        if asked.is_some() {
            self.browser.set_way_back(audience, None);
        }
        way_back(audience, &asked.unwrap_or_default())
    }

    /// The session of a sign-in that waits for its code.
    pub fn code_needed(&self, audience: Audience) -> Result<&Session, AppError> {
        match self.session(audience) {
            Some(session) if session.stage == Stage::CodeNeeded => Ok(session),
            _ => Err(AppError::SignInNeeded),
        }
    }
}

fn confirmed(session: &Session) -> Result<&Session, AppError> {
    if session.stepped_up {
        return Ok(session);
    }
    lead_to_step_up();
    Err(AppError::step_up_needed())
}

/// Whether the browser posted a plain form, so that answers have to be redirects.
pub fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get(http::header::ACCEPT).and_then(|v| v.to_str().ok());
        parts.method == http::Method::POST && accepts.is_some_and(|accepts| accepts.contains("text/html"))
    })
}

/// Runs the body of a server function for its caller, and gives an error its HTTP status.
///
/// # Errors
/// Those of the body.
pub async fn serve<T>(body: impl AsyncFnOnce(Caller, Ports) -> Result<T, AppError>) -> Result<T, AppError> {
    let run = async { body(Caller::current()?, ports()?).await };
    answer(run.await)
}

/// Gives an error its HTTP status; plain forms are answered with a redirect instead.
fn answer<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if matches!(result, Err(AppError::AwaitsApproval)) {
        // Both plain forms and scripts follow it, to the page where it waits.
        leptos_axum::redirect(&asked_path());
    }
    if let Err(error) = &result
        && !is_plain_form()
        && let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    result
}

/// Leads a browser whose form needs a step-up first to the page that confirms, which leads back to the form's page
/// with the name of what was asked for, so that it can be done then. Other programs are answered with the error.
fn lead_to_step_up() {
    let Some(parts) = use_context::<Parts>() else { return };
    let endpoint = parts.uri.path().strip_prefix("/api/");
    let page = parts.headers.get(http::header::REFERER).and_then(|referer| referer.to_str().ok());
    if parts.method != http::Method::POST {
        return;
    }
    if let Some(link) = endpoint.zip(page).and_then(|(endpoint, page)| asked_link(page, endpoint)) {
        leptos_axum::redirect(&link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_clients_count_by_their_network() {
        for (address, network) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("::1", "::"),
        ] {
            let origin = Origin {
                address: address.parse().expect("an address"),
                user_agent: String::new(),
                known: KnownBrowser::default(),
                language: Language::default(),
                scripted: false,
            };
            assert_eq!(origin.network().to_string(), network, "{address}");
        }
    }
}
