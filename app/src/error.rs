//! The one error type of the interface: stable variants with an HTTP status. The messages are in `ui::messages`.

mod refusal;

pub use refusal::{DeliveryFailure, DeliveryFailureKind, Obstacle, Refusal};

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was typed into a form, by field name, without secrets. It travels back with an error so that a
/// form posted without JavaScript keeps its content.
pub type Typed = BTreeMap<String, String>;

/// What went wrong, as far as a person or a program outside may know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AppError {
    /// Some fields hold values that cannot be used.
    Invalid {
        /// One entry a field, in the order of the form.
        fields: Vec<FieldProblem>,
        /// What was typed.
        typed: Typed,
    },
    /// The request was understood and a rule says no.
    Refused {
        /// Which rule.
        reason: Refusal,
        /// What was typed.
        typed: Typed,
    },
    /// No one is signed in.
    SignInNeeded,
    /// The password was right and the verification code is still missing.
    CodeNeeded,
    /// Two-factor authentication is required and has to be set up first.
    EnrollmentNeeded,
    /// The password, and the second factor where there is one, have to be proved again first.
    StepUpNeeded {
        /// What was typed.
        typed: Typed,
    },
    /// It was not done: it is kept as a request, which another administrator has to approve.
    AwaitsApproval,
    /// Signed in, but not allowed to do this.
    Forbidden,
    /// There is no such thing, or not for this account.
    NotFound,
    /// Too much at once; try again in a moment.
    Busy,
    /// The database cannot be reached, or cannot write; it is looked after, and comes back.
    Unavailable,
    /// The browser could not reach the server.
    Offline,
    /// Something inside failed; details are in the server's log only.
    Internal {
        /// What the log's line is found by; none where it is not in the log.
        id: Option<String>,
    },
}

/// A field with what is wrong about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Problem {
    /// Nothing was entered.
    Required,
    /// More than this many characters.
    TooLong(u32),
    /// Fewer than this many characters.
    TooShort(u32),
    /// Not an email address.
    NotAnEmail,
    /// Not a host name or IP address.
    NotAHost,
    /// Not a number from 1 to 65535.
    NotAPort,
    /// Line breaks or other control characters.
    ControlCharacters,
    /// One of the passwords that attackers try first.
    CommonPassword,
    /// Another account or entry has it already.
    Taken,
    /// Not one of the choices.
    NotAChoice,
    /// A service provider of another kind than the one that people are enrolled with.
    OtherKind,
    /// The host or user changed, so the stored password is not sent there.
    SecretNeededAgain,
    /// Not a phone number, or none of the chosen country.
    NotAPhoneNumber,
    /// A phone number, but of a kind that has no text messages or costs extra.
    NotAMobileNumber,
    /// A number of a country that text messages are not sent to.
    CountryNotAllowed,
    /// A number without its country, where there is nothing to choose one.
    NotInternational,
    /// Not certificates in PEM, or more than certificates.
    NotCertificates,
    /// A certificate whose time is over.
    CertificateExpired,
    /// Not an identifier of Twilio.
    NotASid,
    /// Not a sender that a text message can come from.
    NotASender,
    /// Not two letters of a country each.
    NotCountries,
    /// Not an address that begins with http:// or https://, or one with a user name in it.
    NotAUrl,
    /// Not a colour in hexadecimal digits.
    NotAColour,
    /// A colour that cannot be read on pages, with the nearest that can.
    LowContrast(String),
    /// Not a picture that can be a logo.
    NotAPicture,
    /// Not a picture that can be an icon.
    NotAnIcon,
    /// Not an address of https or of email.
    NotALink,
    /// Not lines of a name, a colon and a value.
    NotHeaders,
    /// A placeholder that does not exist, or is where it cannot be filled in.
    NotATemplate,
    /// The template has no place for the number or for the text.
    PlaceholderMissing,
    /// A placeholder that this message does not have.
    UnknownPlaceholder(String),
    /// The message is worth nothing without this placeholder.
    NeedsPlaceholder(String),
    /// A text message that has to end in the line by which phones know its code.
    NeedsLastLine,
    /// A text message that would travel in so many parts.
    TooManyParts(u32),
    /// What cannot be read as a template, and in which line.
    Syntax(u32),
    /// A template that cannot be filled in.
    CannotBeFilledIn,
    /// Not six digits.
    NotACode,
    /// Not a recovery code.
    NotARecoveryCode,
    /// Not a day of the calendar.
    NotADate,
    /// An address of a kind that is never contacted (link-local).
    AddressNotAllowed,
    /// The host is not among those that providers may be at.
    HostNotAllowed,
    /// Not the account's password, or too many tries.
    WrongPassword,
    /// It is what the account has already.
    Unchanged,
    /// Not a whole number within bounds.
    NotWithin {
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
}

impl AppError {
    /// A rule's no, with nothing typed to keep.
    pub fn refused(reason: Refusal) -> Self {
        Self::Refused { reason, typed: Typed::new() }
    }

    /// The factors have to be proved again, and nothing was typed.
    pub fn step_up_needed() -> Self {
        Self::StepUpNeeded { typed: Typed::new() }
    }

    /// Something failed that is in no log: in the browser, or on the way to it.
    pub fn unlogged() -> Self {
        Self::Internal { id: None }
    }

    /// One field's problem.
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Invalid { fields: vec![FieldProblem { field: field.to_owned(), problem }], typed: Typed::new() }
    }

    /// The problem of the named field, if it has one.
    pub fn problem_of(&self, name: &str) -> Option<&Problem> {
        match self {
            Self::Invalid { fields, .. } => fields.iter().find(|f| f.field == name).map(|f| &f.problem),
            _ => None,
        }
    }

    /// What was typed into the named field when this error arose.
    pub fn typed(&self, name: &str) -> Option<&String> {
        match self {
            Self::Invalid { typed, .. } | Self::Refused { typed, .. } | Self::StepUpNeeded { typed } => typed.get(name),
            _ => None,
        }
    }

    /// Adds what was typed; secrets do not belong here.
    pub fn with_typed(mut self, values: &[(&str, &str)]) -> Self {
        if let Self::Invalid { typed, .. } | Self::Refused { typed, .. } | Self::StepUpNeeded { typed } = &mut self {
            typed.extend(values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        }
        self
    }

    /// Removes the mail server's own answer, which only administrators may read.
    pub fn without_server_answer(mut self) -> Self {
        if let Self::Refused { reason: Refusal::NotDelivered(failure) | Refusal::TextNotDelivered(failure), .. } =
            &mut self
        {
            failure.answer = None;
        }
        self
    }

    /// The HTTP status (RFC 9110 §15).
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid { .. } => 422,
            Self::Refused { reason, .. } => match reason {
                Refusal::WrongLogin => 401,
                Refusal::TooSoon { .. }
                | Refusal::TooManyCodes { .. }
                | Refusal::TooManyTries { .. }
                | Refusal::TooManyMessages { .. }
                | Refusal::TooManyTexts { .. }
                | Refusal::TooManyLinks { .. }
                | Refusal::TextCeiling
                | Refusal::FactorLocked { .. } => 429,
                Refusal::NotDelivered(_) | Refusal::TextNotDelivered(_) => 502,
                Refusal::InUse { .. }
                | Refusal::InUseToRestore { .. }
                | Refusal::NewerEntry
                | Refusal::OwnRequest
                | Refusal::NeedsSecondAdmin
                | Refusal::CannotBeRequired(_)
                | Refusal::RequiredForAdmins { .. }
                | Refusal::RequiredEntry
                | Refusal::NoMail
                | Refusal::OwnAccount
                | Refusal::NoEntry
                | Refusal::NothingUsable { .. }
                | Refusal::MailboxAlone
                | Refusal::LastWayIn { .. }
                | Refusal::NeedsHostName
                | Refusal::LastAdmin => 409,
                Refusal::LinkDead => 410,
                Refusal::NotOffered | Refusal::FactorDisabled | Refusal::CountryRefused => 403,
                Refusal::WrongCode { .. }
                | Refusal::CodeReplaced { .. }
                | Refusal::CodeExpired
                | Refusal::CodeUsed
                | Refusal::WrongRecoveryCode
                | Refusal::RecoveryCodeUsed
                | Refusal::RecoveryCodeExpired
                | Refusal::TriesExhausted
                | Refusal::StepUsed
                | Refusal::WrongPasskey { .. }
                | Refusal::PasskeyCopied
                | Refusal::StartAgain
                | Refusal::NoChallenge => 422,
            },
            Self::AwaitsApproval => 202,
            Self::SignInNeeded | Self::CodeNeeded => 401,
            Self::Forbidden | Self::EnrollmentNeeded | Self::StepUpNeeded { .. } => 403,
            Self::NotFound => 404,
            Self::Busy | Self::Unavailable | Self::Offline => 503,
            Self::Internal { .. } => 500,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(reason) | ServerFnErrorErr::MissingArg(reason) => match missing_field(&reason) {
                Some(field) => Self::field(field, Problem::Required),
                None => Self::Invalid { fields: Vec::new(), typed: Typed::new() },
            },
            _ => Self::unlogged(),
        }
    }
}

/// The field that a form lacks, as serde names it: a radio button that nobody chose is not sent at all. Of everything
/// else that cannot be read nothing is told, for the reason may repeat what was typed.
fn missing_field(reason: &str) -> Option<&str> {
    let (before, rest) = reason.split_once("missing field `")?;
    let (name, _) = rest.split_once('`')?;
    let is_ours = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (!before.contains('`') && is_ours && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_of_a_missing_field_is_told() {
        for (reason, field) in [
            ("missing field `method`", Some("method")),
            ("failed with reason: missing field `fallback_1`", Some("fallback_1")),
            ("unknown variant `missing field `x``, expected `smtp`", None),
            ("missing field `<b>`", None),
            ("missing field ``", None),
            ("invalid digit", None),
        ] {
            assert_eq!(missing_field(reason), field, "{reason}");
        }
    }
}
