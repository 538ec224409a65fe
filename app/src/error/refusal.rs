//! Why a rule says no, and why a message did not arrive.

use crate::login::types::Audience;
use serde::{Deserialize, Serialize};

/// Why a rule said no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Refusal {
    /// Unknown address, wrong password or too many tries: deliberately one answer (ASVS 6.3.8).
    WrongLogin,
    /// The code is wrong.
    WrongCode {
        /// Tries left before this code stops working.
        tries_left: u32,
    },
    /// The code was right once and has been replaced.
    CodeReplaced {
        /// The reference of the code that counts now.
        reference: String,
    },
    /// The code is older than its lifetime.
    CodeExpired,
    /// The code was accepted before.
    CodeUsed,
    /// It is none of the account's recovery codes.
    WrongRecoveryCode,
    /// It was a recovery code of this account and has been used. Who knows it is no stranger.
    RecoveryCodeUsed,
    /// It was a recovery code of this account and its time is over.
    RecoveryCodeExpired,
    /// The account has no secondary authentication entry.
    NoEntry,
    /// Too many wrong tries for this code.
    TriesExhausted,
    /// The code of an authenticator app was accepted before, or is older than one that was.
    StepUsed,
    /// The passkey's answer is wrong.
    WrongPasskey {
        /// Tries left before one has to begin again.
        tries_left: u32,
    },
    /// The passkey's counter went back, so there may be a copy of it.
    PasskeyCopied,
    /// Browsers allow no passkeys at the site's public address.
    NeedsHostName,
    /// Too many wrong tries, or too late, where nothing is sent.
    StartAgain,
    /// The second factor of this account is locked.
    FactorLocked {
        /// Minutes until it opens again.
        minutes: u32,
    },
    /// The second factor of this account was switched off after too many failures.
    FactorDisabled,
    /// A new code can be sent only after a pause.
    TooSoon {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Too many wrong passwords in this session.
    TooManyTries {
        /// Minutes to wait.
        minutes: u32,
    },
    /// Too many codes were sent.
    TooManyCodes {
        /// Minutes to wait.
        minutes: u32,
    },
    /// Too many links that do not work were opened from one network.
    TooManyLinks {
        /// Minutes to wait.
        minutes: u32,
    },
    /// Too many text messages went to one number, or to numbers like it.
    TooManyTexts {
        /// Minutes to wait.
        minutes: u32,
    },
    /// No more text messages are sent by this provider today.
    TextCeiling,
    /// Text messages are not sent to the country of this number.
    CountryRefused,
    /// Too many messages were asked for.
    TooManyMessages {
        /// Minutes to wait.
        minutes: u32,
    },
    /// The message could not be handed over.
    NotDelivered(DeliveryFailure),
    /// The text message could not be handed over.
    TextNotDelivered(DeliveryFailure),
    /// Two-factor authentication is not allowed for this audience, or no such method is offered.
    NotOffered,
    /// There is no code on its way; one has to be asked for first.
    NoChallenge,
    /// The mailbox that gave the account a new password is all that could prove it, which is one factor twice.
    MailboxAlone,
    /// After this change no administrator could sign in: what they prove themselves by would not work.
    LastWayIn {
        /// How many administrators it would lock out.
        accounts: u32,
    },
    /// None of the account's entries can be used at the moment, so only a recovery or helpdesk code proves it.
    NothingUsable {
        /// Whose account it is: administrators are told of the command that helps.
        audience: Audience,
    },
    /// The service provider is used by this secondary auth.
    InUse {
        /// Its title.
        by: String,
    },
    /// The service provider is needed by this secondary auth, which was deleted in the last day and can be brought back.
    InUseToRestore {
        /// Its title.
        by: String,
    },
    /// The account has set up a newer entry in place of the one that was deleted.
    NewerEntry,
    /// It is the caller's own approval request, which somebody else has to decide.
    OwnRequest,
    /// There is no second active administrator who could approve changes.
    NeedsSecondAdmin,
    /// The link was used before, has expired or never existed.
    LinkDead,
    /// A second factor cannot be required of administrators yet.
    CannotBeRequired(Obstacle),
    /// A second factor is required of administrators, and this is the last way to prove one.
    RequiredForAdmins {
        /// How many administrators it would lock out.
        accounts: u32,
    },
    /// A second factor is required, and this is the account's last entry that works.
    RequiredEntry,
    /// The last active administrator has to stay.
    LastAdmin,
    /// No active service can send mail.
    NoMail,
    /// It is the caller's own account, for which there are other ways.
    OwnAccount,
}

/// Why requiring a second factor of administrators would lock them out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Obstacle {
    /// No secondary auth has an active service provider.
    NothingUsable,
    /// Two-factor authentication is not allowed for administrators.
    NotAllowed,
    /// The administrator who asks for it has no entry that works.
    NotEnrolled,
}

/// Why a message could not be handed over, and what the mail server said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryFailure {
    /// The kind, which decides the message.
    pub kind: DeliveryFailureKind,
    /// The mail server's own answer or the connection's error; only administrators receive it.
    pub answer: Option<String>,
}

/// Kinds of failed deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryFailureKind {
    /// No connection, or the name does not resolve.
    Unreachable,
    /// Connected, but no answer in time.
    TimedOut,
    /// TLS could not be agreed upon or the certificate is not trusted.
    Tls,
    /// User name or password was refused.
    Authentication,
    /// The server does not take mail for this recipient.
    RecipientRefused,
    /// The server accepts no more messages at the moment.
    Overloaded,
    /// The server asks to be asked again later, as greylisting does.
    Deferred,
    /// The recipient's mailbox is full, or takes nothing at the moment.
    MailboxFull,
    /// The server refused because of its policy, the content or the sender's reputation.
    Policy,
    /// The message is longer than the server takes.
    TooLarge,
    /// There is a user name, and the server offers no sign-in that can be used.
    NoSignIn,
    /// The address has letters before the @ for which the server lacks SMTPUTF8 (RFC 6531).
    AddressNotSupported,
    /// The server refused for another reason.
    Refused,
    /// The provider is deactivated or cannot be used.
    Inactive,
    /// The provider has failed again and again, and is left alone for a while.
    Paused,
    /// Whoever issues the tokens that we sign in by cannot be reached, or gives no proper answer.
    TokenUnreachable,
    /// It does not take the application's id or secret.
    ClientRefused,
    /// It does not take the refresh token any more.
    GrantRefused,
    /// It issues no token for this mailbox, or the mail server does not take the one that it issued.
    AccessRefused,
}

impl DeliveryFailureKind {
    /// Whether the same message to the same recipient would fail again, whatever time passes.
    pub const fn is_permanent(self) -> bool {
        matches!(self, Self::RecipientRefused | Self::TooLarge | Self::AddressNotSupported)
    }

    /// Whether another provider may get the message at once: it certainly did not leave, and the failure is not the
    /// recipient's.
    pub const fn leaves_it_to_others(self) -> bool {
        !matches!(self, Self::TimedOut | Self::RecipientRefused | Self::MailboxFull)
    }

    /// Whether the message may still arrive: after a time-out it may be on its way, and what is put off is sent again.
    pub const fn may_arrive(self) -> bool {
        matches!(self, Self::TimedOut | Self::Deferred)
    }
}
