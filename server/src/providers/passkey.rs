//! Passkeys and security keys (WebAuthn) as a second factor: makes the questions that a browser passes on to a key, and
//! checks the answers. No SQL, no HTTP of ours; what has to be kept between the two is given back as plain values.

use crate::platform::loopback::is_loopback;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, Credential, SecurityKey, SecurityKeyAuthentication, SecurityKeyRegistration, Webauthn,
    WebauthnBuilder, WebauthnError, WebauthnResult,
};

/// The relying party: this site.
pub struct Passkeys {
    webauthn: Webauthn,
    origin: String,
}

/// Whose key is registered.
pub struct Owner<'a> {
    /// The account.
    pub id: Uuid,
    /// Its address.
    pub email: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// A question for a new key, with what its answer is checked against. It stays on the server.
#[derive(Clone, Serialize, Deserialize)]
pub struct Registration {
    /// What the browser is given, as JSON.
    pub options: String,
    state: SecurityKeyRegistration,
}

/// A question for a known key, with what its answer is checked against. It stays on the server.
#[derive(Clone, Serialize, Deserialize)]
pub struct Authentication {
    /// What the browser is given, as JSON.
    pub options: String,
    state: SecurityKeyAuthentication,
}

/// The public half of a key, with its counter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Passkey(SecurityKey);

/// A right answer of a known key.
pub struct Used(AuthenticationResult);

/// Why an answer does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The signature is right and the counter has not grown: somebody may use a copy of the key.
    #[error("the counter went back")]
    Copied,
    /// Anything else.
    #[error("{0}")]
    Wrong(String),
}

impl From<WebauthnError> for Rejected {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            error => Self::Wrong(error.to_string()),
        }
    }
}

impl Passkeys {
    /// The relying party at a public address, if browsers allow passkeys there.
    pub fn of(public_url: &Url, brand: &str) -> Option<Self> {
        let site = site(public_url)?;
        let webauthn = WebauthnBuilder::new(site.domain()?, &site).and_then(|builder| builder.rp_name(brand).build());
        Some(Self { webauthn: webauthn.ok()?, origin: site.origin().ascii_serialization() })
    }

    /// Where browsers allow the passkeys of this site.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Asks for a new key, none of those that the account has.
    ///
    /// # Errors
    /// When the question cannot be made.
    pub fn begin_registration(&self, owner: &Owner<'_>, existing: &[Passkey]) -> WebauthnResult<Registration> {
        let existing = existing.iter().map(|key| key.0.cred_id().clone()).collect();
        let name = if owner.name.is_empty() { owner.email } else { owner.name };
        let (mut question, state) =
            self.webauthn.start_securitykey_registration(owner.id, owner.email, name, Some(existing), None, None)?;
        // A phone or a computer is as welcome as a stick.
        question.public_key.hints = None;
        // The library asks for keys that refuse to work without a PIN; beside a password, a stick without one may work.
        question.public_key.extensions = None;
        Ok(Registration { options: as_json(&question.public_key)?, state })
    }

    /// Checks the answer of a new key.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn finish_registration(&self, registration: &Registration, answer: &str) -> Result<Passkey, Rejected> {
        let answer = serde_json::from_str(answer).map_err(|error| Rejected::Wrong(error.to_string()))?;
        Ok(Passkey(self.webauthn.finish_securitykey_registration(&answer, &registration.state)?))
    }

    /// Asks for one of these keys.
    ///
    /// # Errors
    /// When the question cannot be made, also for no keys at all: that would ask for any key.
    pub fn begin_authentication(&self, keys: &[Passkey]) -> WebauthnResult<Authentication> {
        if keys.is_empty() {
            return Err(WebauthnError::CredentialNotFound);
        }
        let keys: Vec<_> = keys.iter().map(|key| key.0.clone()).collect();
        let (mut question, state) = self.webauthn.start_securitykey_authentication(&keys)?;
        question.public_key.hints = None;
        Ok(Authentication { options: as_json(&question.public_key)?, state })
    }

    /// Checks the answer of a known key, as the keys were when they were asked. [`Passkey::accept`] completes it.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn finish_authentication(&self, authentication: &Authentication, answer: &str) -> Result<Used, Rejected> {
        let answer = serde_json::from_str(answer).map_err(|error| Rejected::Wrong(error.to_string()))?;
        Ok(Used(self.webauthn.finish_securitykey_authentication(&answer, &authentication.state)?))
    }
}

impl Passkey {
    /// Stands in a question for a key of an account that has none: a key of this id that nobody has.
    ///
    /// # Errors
    /// When the library stores keys in another way.
    pub fn nobodys(id: &[u8]) -> Result<Self, serde_json::Error> {
        let nothing = URL_SAFE_NO_PAD.encode([0; 32]);
        serde_json::from_value(json!({ "cred": {
            "cred_id": URL_SAFE_NO_PAD.encode(id),
            "cred": { "type_": "ES256", "key": { "EC_EC2": { "curve": "SECP256R1", "x": nothing, "y": nothing } } },
            "counter": 0,
            "transports": null,
            "user_verified": false,
            "backup_eligible": false,
            "backup_state": false,
            "registration_policy": "preferred",
            "extensions": {},
            "attestation": { "data": "None", "metadata": "None" },
            "attestation_format": "none",
        } }))
    }

    /// Whether this key gave the answer.
    pub fn gave(&self, used: &Used) -> bool {
        self.0.cred_id() == used.0.cred_id()
    }

    /// Takes over what an answer tells about the key as it is stored by now: another answer may have been accepted since
    /// the question was asked.
    ///
    /// # Errors
    /// `Copied` where the counter has not grown, `Wrong` for the answer of another key.
    pub fn accept(&mut self, used: &Used) -> Result<(), Rejected> {
        let counter = Credential::from(self.0.clone()).counter;
        // Keys that do not count always say 0 (WebAuthn §6.1.1).
        if (counter > 0 || used.0.counter() > 0) && used.0.counter() <= counter {
            return Err(Rejected::Copied);
        }
        self.0.update_credential(&used.0).map(|_| ()).ok_or_else(|| Rejected::Wrong("another key".to_owned()))
    }
}

/// The address at which browsers allow passkeys: a host name under https, or this machine. They refuse IP addresses, so
/// `localhost` stands for those of the machine itself.
fn site(public_url: &Url) -> Option<Url> {
    let mut site = public_url.clone();
    let loopback = match site.host()? {
        Host::Domain(_) => false,
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    };
    if loopback {
        site.set_host(Some("localhost")).ok()?;
    }
    let local = is_loopback(&Host::Domain(site.domain()?));
    (local || site.scheme() == "https").then_some(site)
}

fn as_json(options: &impl Serialize) -> WebauthnResult<String> {
    serde_json::to_string(options).map_err(WebauthnError::ParseJSONFailure)
}

#[cfg(test)]
mod tests;
