//! How often codes may be sent and tried. Times are seconds.

/// How long a code works (ASVS 6.5.5: at most ten minutes).
pub const LIFETIME: i64 = 600;
/// Tries for one code.
pub const TRIES: i32 = 5;
/// The pause before Send New Code.
pub const COOL_DOWN: i64 = 30;
/// How often Send New Code works for an account: (window, messages).
pub const RESENDS: [(i64, u64); 3] = [(300, 3), (600, 5), (3_600, 15)];
/// How many codes go to one account or one destination, first ones included: (window, messages).
pub const MESSAGES: [(i64, u64); 2] = [(600, 20), (3_600, 60)];
/// How many codes one client address may ask for: (window, messages).
pub const MESSAGES_PER_ADDRESS: [(i64, u64); 1] = [(600, 200)];
/// Consecutive failures of an account after which its second factor pauses, each time twice as long.
pub const LOCK_EVERY: i32 = 10;
/// The first pause.
pub const LOCK: i64 = 900;
/// Consecutive failures after which the factor is switched off until it is set up again (NIST SP 800-63B-4 §3.2.2).
pub const DISABLE_AT: i32 = 100;
/// Wrong codes from one client address in the window below; nobody's success clears them.
pub const FAILURES_PER_ADDRESS: i32 = 100;
/// That window.
pub const ADDRESS_WINDOW: i64 = 900;
