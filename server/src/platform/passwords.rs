//! Password hashing: argon2id, off the async threads, never more at once than memory and cores allow.

use super::{turns::Turns, vault::random};
use crate::error::internal;
use app::{
    error::{AppError, Problem},
    validate,
};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use unicode_normalization::UnicodeNormalization;

/// Memory of one hash in KiB (OWASP Password Storage Cheat Sheet: m=19456, t=2, p=1).
pub const MEMORY_KIB: u32 = 19_456;
/// Passes of one hash.
pub const PASSES: u32 = 2;
/// How many sign-ins may wait for their hash; more are turned away with 503.
pub const QUEUE: usize = 64;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// The cores, shared out between the networks that ask.
    turns: Turns,
    /// Microseconds that the last hash took, or the first one will.
    took: Arc<AtomicU64>,
    /// The memory of finished hashes, for the next ones.
    memory: Arc<Memory>,
    /// Checked in place of an unknown account's hash, so that the answer takes as long.
    dummy: Arc<str>,
}

/// How a password fits a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// It does as it was typed: the hash is from before passwords were brought into one form.
    AsTyped,
}

/// The one form of a password that is hashed (OpaqueString, RFC 8265 §4.2.2): spaces of every width are one sign, and
/// letters with their marks are composed, whichever way a keyboard writes them.
pub fn normal(password: &str) -> String {
    let one_space = |c| {
        if matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}') {
            ' '
        } else {
            c
        }
    };
    password.chars().map(one_space).nfc().collect()
}

impl Passwords {
    /// With the cost of the design.
    pub fn new() -> Self {
        Self::with_cost(MEMORY_KIB, PASSES)
    }

    /// With another cost: tests use a small one.
    pub fn with_cost(memory_kib: u32, passes: u32) -> Self {
        let with_memory = |kib| {
            let params = Params::new(kib, passes, 1, None).expect("the cost is within argon2's bounds");
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        };
        let argon2 = with_memory(memory_kib);
        let memory = Arc::new(Memory::of(argon2.params().block_count()));
        // Estimated from a part of a hash: nobody waits for a whole one at the start, and its memory is not kept for nothing.
        let part = (memory_kib / 16).max(Params::MIN_M_COST);
        let began = Instant::now();
        output(&with_memory(part), &Memory::of(0), "", &Salt::generate()).expect("argon2 hashes");
        let took = Arc::new(AtomicU64::new(micros(began) * u64::from(memory_kib / part)));
        let dummy = nobodys_hash(&argon2).expect("it is as long as a hash");
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { argon2, turns: Turns::new(cores, QUEUE), took, memory, dummy: dummy.into() }
    }

    /// The hash to store.
    ///
    /// # Errors
    /// `Busy` when too many wait already.
    pub async fn hash(&self, password: &str) -> Result<String, AppError> {
        let (argon2, memory, password) = (self.argon2.clone(), self.memory.clone(), normal(password));
        self.run(None, move || new_hash(&argon2, &memory, &password))
            .await?
            .ok_or_else(|| internal("a password could not be hashed"))
    }

    /// Whether the password fits the hash. Without a hash it takes as long and says no.
    ///
    /// # Errors
    /// `Busy` when too many wait already.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
        Ok(self.verify_from(None, password, hash).await? != Fit::No)
    }

    /// The same for somebody at an address, who waits for no more than one hash of every other address.
    ///
    /// # Errors
    /// `Busy` when too many wait already.
    pub async fn verify_from(
        &self,
        network: Option<IpAddr>,
        password: &str,
        hash: Option<&str>,
    ) -> Result<Fit, AppError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.dummy).to_owned();
        let (memory, typed) = (self.memory.clone(), password.to_owned());
        let fit = self.run(network, move || {
            let normal = normal(&typed);
            if fits(&memory, &normal, &hash).unwrap_or(false) {
                Fit::Yes
            } else if typed != normal && fits(&memory, &typed, &hash).unwrap_or(false) {
                Fit::AsTyped
            } else {
                Fit::No
            }
        });
        Ok(Some(fit.await?).filter(|_| known).unwrap_or(Fit::No))
    }

    /// Takes as long as a hash and costs none, for what is refused whatever the password is.
    pub async fn pretend(&self) {
        tokio::time::sleep(Duration::from_micros(self.took.load(Ordering::Relaxed))).await;
    }

    /// Takes every turn, so that whoever needs a hash waits.
    #[cfg(test)]
    pub async fn all_turns(&self) -> Vec<super::turns::Turn> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let turns = futures_util::future::join_all((0..cores).map(|_| self.turns.turn(None))).await;
        turns.into_iter().flatten().collect()
    }

    /// Whether a stored hash is weaker than today's cost.
    pub fn is_outdated(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return true };
        Params::try_from(&hash).map_or(true, |params| {
            let today = self.argon2.params();
            params.m_cost() < today.m_cost() || params.t_cost() < today.t_cost()
        })
    }

    /// Runs off the async threads, as many at once as there are cores.
    async fn run<T: Send + 'static>(
        &self,
        network: Option<IpAddr>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = self.turns.turn(network).await.ok_or(AppError::Busy)?;
        let took = self.took.clone();
        let done = tokio::task::spawn_blocking(move || {
            let began = Instant::now();
            let result = work();
            took.store(micros(began), Ordering::Relaxed);
            drop(turn);
            result
        });
        done.await.map_err(internal)
    }
}

fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or_default()
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// The memory of finished hashes, for the next ones, so that there is never more of it than of hashes at once. Given back,
/// it would not fit the next one: blocks are aligned, glibc cuts what it has to that, and a thread keeps the snippets. So
/// 400 hashes, two at once, came to 840 MB.
struct Memory {
    kept: Mutex<Vec<Vec<Block>>>,
    /// How large one is. What an older hash of a higher cost needs is given back.
    blocks: usize,
}

impl Memory {
    fn of(blocks: usize) -> Self {
        Self { kept: Mutex::default(), blocks }
    }

    fn take(&self) -> Vec<Block> {
        self.kept().pop().unwrap_or_default()
    }

    fn put(&self, memory: Vec<Block>) {
        if memory.capacity() <= self.blocks {
            self.kept().push(memory);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hashes in memory that is used again and again.
fn output(argon2: &Argon2, memory: &Memory, password: &str, salt: &[u8]) -> Option<Output> {
    let mut blocks = memory.take();
    blocks.resize(argon2.params().block_count(), Block::default());
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, &mut blocks);
    memory.put(blocks);
    done.ok().and_then(|()| Output::new(&out).ok())
}

fn new_hash(argon2: &Argon2, memory: &Memory, password: &str) -> Option<String> {
    let salt = Salt::generate();
    stored(argon2, salt, output(argon2, memory, password, &salt)?)
}

/// A hash that no password has: it is random, and compared like any other.
fn nobodys_hash(argon2: &Argon2) -> Option<String> {
    stored(argon2, Salt::generate(), Output::new(&random::<{ Params::DEFAULT_OUTPUT_LEN }>()).ok()?)
}

/// A hash as it is stored.
fn stored(argon2: &Argon2, salt: Salt, hash: Output) -> Option<String> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).ok()?,
        salt: Some(salt),
        hash: Some(hash),
    };
    Some(hash.to_string())
}

fn fits(memory: &Memory, password: &str, hash: &str) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
    // Output compares in constant time.
    Some(output(&argon2, memory, password, &hash.salt?)? == hash.hash?)
}

/// Whether a new password may be used: long enough and not a common one (ASVS 6.2.1, 6.2.4). No composition rules.
///
/// # Errors
/// What is wrong with it.
pub fn check_new(password: &str, min: u32, own_words: &[&str]) -> Result<(), Problem> {
    let password = &normal(password);
    validate::new_password(password, min)?;
    if password.chars().any(char::is_control) {
        return Err(Problem::ControlCharacters);
    }
    // Below ten thousand guesses a password stands in the lists that attackers try first.
    if zxcvbn::zxcvbn(password, own_words).guesses() < 10_000 { Err(Problem::CommonPassword) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Bytes of memory that this process holds.
    fn held() -> u64 {
        let status = fs::read_to_string("/proc/self/status").expect("reads");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("is told");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_at_once_need_the_memory_of_as_many_as_are_hashed() {
        let passwords = Passwords::new();
        let (cores, one) = (thread::available_parallelism().map_or(1, usize::from), u64::from(MEMORY_KIB) * 1024);
        let (before, most) = (held(), Arc::new(AtomicU64::new(0)));
        // Other threads hash in between, as an allocator sees it.
        let people = (0..16).map(|_| {
            let (passwords, most) = (passwords.clone(), most.clone());
            tokio::spawn(async move {
                for _ in 0..12 {
                    passwords.verify("x", None).await.expect("is not busy");
                    most.fetch_max(held(), Ordering::Relaxed);
                    let busy = (0..8).map(|_| tokio::task::spawn_blocking(|| thread::sleep(Duration::from_millis(1))));
                    futures_util::future::join_all(busy).await;
                }
            })
        });
        futures_util::future::join_all(people.collect::<Vec<_>>()).await;
        let added = most.load(Ordering::Relaxed).saturating_sub(before);
        let allowed = (u64::try_from(cores).expect("few") + 2) * one;
        assert!(added < allowed, "{added} bytes more for {cores} hashes of {one} bytes at once");
        assert!(passwords.memory.kept().len() <= cores);
    }

    #[tokio::test]
    async fn a_hash_of_a_higher_cost_leaves_no_memory_behind() {
        let passwords = Passwords::with_cost(64, 1);
        let dear = Passwords::with_cost(1024, 1).hash("seven lakes walk home").await.expect("hashes");
        assert_eq!(passwords.verify("seven lakes walk home", Some(&dear)).await, Ok(true));
        assert!(passwords.memory.kept().iter().all(|memory| memory.capacity() <= 64));
    }

    #[tokio::test]
    async fn the_memory_of_a_hash_is_taken_by_the_first_one() {
        let passwords = Passwords::new();
        assert!(passwords.memory.kept().is_empty() && passwords.took.load(Ordering::Relaxed) > 0);
        assert_eq!(passwords.verify("seven lakes walk home", None).await, Ok(false));
        assert_eq!(passwords.memory.kept().len(), 1);
    }

    #[tokio::test]
    async fn the_cost_is_the_designs_and_weaker_hashes_are_outdated() {
        let passwords = Passwords::new();
        let hash = passwords.hash("a long enough password").await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!passwords.is_outdated(&hash));
        let weak = Passwords::with_cost(8, 1).hash("a long enough password").await.expect("hashes");
        assert!(passwords.is_outdated(&weak));
        assert!(passwords.verify("a long enough password", Some(&weak)).await.expect("verifies"));
        assert!(!passwords.verify("a long enough password", None).await.expect("verifies"));
    }

    #[tokio::test]
    async fn overload_is_turned_away_instead_of_piling_up() {
        let passwords = Passwords::with_cost(1024, 1);
        let tries = (0..200).map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.verify("x", None).await })
        });
        let mut busy = 0;
        for one in tries.collect::<Vec<_>>() {
            busy += usize::from(one.await.expect("runs") == Err(AppError::Busy));
        }
        assert!(busy > 0, "nobody was turned away");
        assert_eq!(passwords.verify("x", None).await, Ok(false), "it must recover");
    }

    #[tokio::test]
    async fn every_way_to_write_a_letter_is_the_same_password() {
        let passwords = Passwords::with_cost(8, 1);
        let (composed, apart) = ("sch\u{f6}n und gut\u{e9}", "scho\u{308}n\u{a0}und\u{3000}gute\u{301}");
        let hash = passwords.hash(apart).await.expect("hashes");
        for typed in [composed, apart] {
            assert_eq!(passwords.verify_from(None, typed, Some(&hash)).await, Ok(Fit::Yes), "{typed:?}");
        }
        assert_eq!(passwords.verify_from(None, "schon und gute", Some(&hash)).await, Ok(Fit::No));
        // A hash from before is still that of what was typed.
        let before = new_hash(&passwords.argon2, &passwords.memory, apart).expect("hashes");
        assert_eq!(passwords.verify_from(None, apart, Some(&before)).await, Ok(Fit::AsTyped));
        assert_eq!(passwords.verify_from(None, composed, Some(&before)).await, Ok(Fit::No));
        assert_eq!(check_new(&"e\u{301}".repeat(7), 8, &[]), Err(Problem::TooShort(8)), "letters count once");
        assert_eq!(check_new("seven lakes\0walk home", 8, &[]), Err(Problem::ControlCharacters));
    }

    #[test]
    fn common_passwords_and_wrong_lengths_are_refused() {
        assert_eq!(check_new("password123", 8, &[]), Err(Problem::CommonPassword));
        assert_eq!(check_new("short", 8, &[]), Err(Problem::TooShort(8)));
        assert_eq!(check_new(&"x".repeat(129), 8, &[]), Err(Problem::TooLong(128)));
        assert_eq!(check_new("seven lakes walk home", 15, &[]), Ok(()));
        assert_eq!(check_new("aaaaaaaaaaaaaaa", 15, &[]), Err(Problem::CommonPassword));
    }
}
