//! How often codes may be sent and tried, as far as that is no setting. Times are seconds.

/// How often Send New Code works for an account: (window, messages).
pub const RESENDS: [(i64, u64); 3] = [(300, 3), (600, 5), (3_600, 15)];
/// How many codes go to one account or one destination, first ones included: (window, messages).
pub const MESSAGES: [(i64, u64); 2] = [(600, 20), (3_600, 60)];
/// How many codes one client address may ask for: (window, messages).
pub const MESSAGES_PER_ADDRESS: [(i64, u64); 1] = [(600, 200)];
/// Wrong codes from one client address in the window below; nobody's success clears them.
pub const FAILURES_PER_ADDRESS: i32 = 100;
/// That window.
pub const ADDRESS_WINDOW: i64 = 900;
/// How many text messages go to one number, whoever asks: (window, messages).
pub const TEXTS_PER_NUMBER: [(i64, i32); 2] = [(600, 6), (DAY, 30)];
/// How many go to the thousand numbers around it: (window, messages).
pub const TEXTS_PER_RANGE: [(i64, i32); 2] = [(3_600, 30), (DAY, 100)];
/// The window of a provider's daily ceiling.
pub const DAY: i64 = 86_400;
