//! A security key made of software, with a browser that asks it whatever it is told to.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A key that holds one credential.
#[derive(Clone)]
pub struct SoftKey {
    secret: SigningKey,
    id: Vec<u8>,
    /// How often it has signed; a key that does not count stays at 0.
    pub counter: u32,
    /// Whether it asks for a PIN.
    pub verifies: bool,
    /// Whether it counts.
    pub counts: bool,
}

/// What an answer is made of, before it is signed.
pub struct Parts {
    /// The address that the browser shows.
    pub origin: String,
    /// The relying party that the browser asks for.
    pub rp_id: String,
    /// The challenge that is signed.
    pub challenge: String,
    /// The ceremony.
    pub kind: &'static str,
}

impl Parts {
    /// What an honest browser makes of a question at an address.
    pub fn honest(options: &str, origin: &str, kind: &'static str) -> Self {
        let options: Value = serde_json::from_str(options).expect("JSON");
        let rp_id = options["rp"]["id"].as_str().or(options["rpId"].as_str()).expect("a relying party");
        let challenge = options["challenge"].as_str().expect("a challenge");
        Self { origin: origin.to_owned(), rp_id: rp_id.to_owned(), challenge: challenge.to_owned(), kind }
    }

    fn client_data(&self) -> Vec<u8> {
        let data = json!({"type": self.kind, "challenge": self.challenge, "origin": self.origin, "crossOrigin": false});
        data.to_string().into_bytes()
    }
}

impl SoftKey {
    /// A key of its own for each number above 0.
    pub fn new(number: u8) -> Self {
        let secret = SigningKey::from_slice(&[number; 32]).expect("a key");
        Self { secret, id: vec![number; 32], counter: 0, verifies: false, counts: true }
    }

    /// Answers the question for a new key at an address.
    pub fn register(&mut self, options: &str, origin: &str) -> String {
        self.register_with(&Parts::honest(options, origin, "webauthn.create"))
    }

    /// Answers the question for a known key at an address.
    pub fn answer(&mut self, options: &str, origin: &str) -> String {
        self.answer_with(&Parts::honest(options, origin, "webauthn.get"))
    }

    /// Registers by parts of one's own.
    pub fn register_with(&mut self, parts: &Parts) -> String {
        let mut data = self.authenticator_data(&parts.rp_id, 0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        let point = self.secret.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        // The public key as CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053 §7.1.1).
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(x);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(y);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        self.credential(&json!({
            "clientDataJSON": encode(&parts.client_data()),
            "attestationObject": encode(&object),
            "transports": ["usb"],
        }))
    }

    /// Answers by parts of one's own.
    pub fn answer_with(&mut self, parts: &Parts) -> String {
        let (data, client_data) = (self.authenticator_data(&parts.rp_id, 0), parts.client_data());
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature: Signature = self.secret.sign(&signed);
        self.credential(&json!({
            "clientDataJSON": encode(&client_data),
            "authenticatorData": encode(&data),
            "signature": encode(signature.to_der().as_bytes()),
        }))
    }

    fn authenticator_data(&mut self, rp_id: &str, flags: u8) -> Vec<u8> {
        self.counter += u32::from(self.counts);
        let mut data = Sha256::digest(rp_id.as_bytes()).to_vec();
        data.push(flags | 0x01 | if self.verifies { 0x04 } else { 0 });
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn credential(&self, response: &Value) -> String {
        let id = encode(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}})
            .to_string()
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
