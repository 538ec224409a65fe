//! What email and text messages share: a random code, of which only a keyed hash is kept.

use super::{Beginning, Expected, Question, Right, Verdict};
use crate::{
    entity::challenge,
    error::Error,
    platform::vault::{self, Vault},
};
use app::{delivery::message::MessageText, error::AppError, validate};

/// Six digits, whatever stands between them.
pub fn read(typed: &str) -> Result<String, AppError> {
    validate::code(typed).map_err(|problem| AppError::field("code", problem))
}

/// Bound to everything that a code must not be moved between (ASVS 6.6.2).
pub fn hash(vault: &Vault, c: &challenge::Model, code: &str) -> String {
    let (id, account, session, auth) =
        (c.id.to_string(), c.account_id.to_string(), c.session_id.to_string(), c.secondary_auth_id.to_string());
    let destination = c.destination.as_deref().unwrap_or_default();
    vault.keyed_hash(&["code", &id, &account, &session, &auth, c.purpose.0.as_str(), destination, code])
}

/// Makes a code and the message that carries it.
pub fn ask(vault: &Vault, beginning: &Beginning<'_>, write: impl FnOnce(&str) -> MessageText) -> Question {
    let code = vault::new_code();
    let code_hash = Some(hash(vault, beginning.challenge, &code));
    Question { code_hash, secret: None, message: Some(write(&code)) }
}

/// Whether it is the code that was sent.
pub fn compare(vault: &Vault, expected: &Expected<'_>, code: &str) -> Result<Verdict, Error> {
    let Expected::Challenge { challenge, .. } = expected else { return Ok(Verdict::Wrong) };
    let sent = challenge.code_hash.as_deref();
    let same = sent.is_some_and(|sent| vault::same(&hash(vault, challenge, code), sent));
    Ok(if same { Verdict::Right(Right::Sent) } else { Verdict::Wrong })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::stored::Stored;
    use app::{challenge::types::Purpose, services::types::Channel};
    use uuid::Uuid;

    /// A code hashed for one challenge fits no other: each part that it is bound to changes the hash by itself.
    #[test]
    fn a_code_is_bound_to_each_part_of_its_challenge() {
        let vault = Vault::new(1, &[1; 32]);
        let other = Uuid::from_u128(99);
        let challenge = challenge::Model {
            id: Uuid::from_u128(1),
            account_id: Uuid::from_u128(2),
            session_id: Uuid::from_u128(3),
            purpose: Stored(Purpose::SignIn),
            secondary_auth_id: Uuid::from_u128(4),
            kind: Stored(Channel::Smtp),
            destination: Some("carla@example.org".to_owned()),
            destination_key: None,
            address: String::new(),
            resend: false,
            code_hash: None,
            reference: Some("BCD".to_owned()),
            created_at: 0,
            expires_at: 600,
            failure: None,
            tries: 0,
            consumed_at: None,
            replaced_by: None,
            secret: None,
        };
        let of = |challenge: challenge::Model, code| hash(&vault, &challenge, code);
        let right = of(challenge.clone(), "123456");
        let same = challenge::Model { tries: 4, created_at: 5, reference: Some("XYZ".to_owned()), ..challenge.clone() };
        assert_eq!(of(same, "123456"), right, "what changes during its life is not bound");
        let moved = [
            challenge::Model { id: other, ..challenge.clone() },
            challenge::Model { account_id: other, ..challenge.clone() },
            challenge::Model { session_id: other, ..challenge.clone() },
            challenge::Model { purpose: Stored(Purpose::StepUp), ..challenge.clone() },
            challenge::Model { secondary_auth_id: other, ..challenge.clone() },
            challenge::Model { destination: Some("conrad@example.org".to_owned()), ..challenge.clone() },
        ];
        for (place, challenge) in moved.into_iter().enumerate() {
            assert_ne!(of(challenge, "123456"), right, "part {place} is not bound");
        }
        assert_ne!(of(challenge, "123457"), right);
    }
}
