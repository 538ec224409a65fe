//! What every service needs: the database, the clock, the key and the way out.

use crate::{
    platform::{
        brand::Brand, clock::Clock, database::Db, passwords::Passwords, reach::Reach, template::Templates, vault::Vault,
    },
    providers::{MailSender, PAGE, sms::SmsSender, smtp::token::Tokens},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, Semaphore};
use tokio_util::task::TaskTracker;
use url::Url;
use uuid::Uuid;

/// How long a page without a script waits for what becomes of its message. Most mail servers answer within it, so that most
/// of these pages tell the end and need not be loaded again.
const MOMENT: Duration = Duration::from_millis(500);
/// The same for a page whose script hears what comes later: no longer than what people take for at once. A server nearby
/// answers within it, and the page does not change under their eyes.
const AT_ONCE: Duration = Duration::from_millis(100);
/// How often a server says that it still has a message in hand.
const RENEWAL: Duration = Duration::from_secs(10);
/// How many codes are sent side by side through one provider. Each has a connection of its own.
const PLACES: usize = 64;

/// What every service needs.
pub struct Core {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The key.
    pub vault: Vault,
    /// Password hashing.
    pub passwords: Passwords,
    /// The way out for mail.
    pub mail: Arc<dyn MailSender>,
    /// What takes the place of a mail server's password.
    pub tokens: Tokens,
    /// The way out for text messages.
    pub sms: Arc<dyn SmsSender>,
    /// What people see of whom they deal with.
    pub brand: Brand,
    /// The address that people type; links in mail begin with it and never with the Host header.
    pub public_url: Url,
    /// What this process has on its way.
    pub outbox: Outbox,
    /// The templates of messages that were read last.
    pub templates: Templates,
    /// Where providers may be.
    pub reach: Reach,
    /// The administrators who were seen with the first tasks of the set-up behind them, so that their pages need not ask
    /// for it again. A hint for this process alone: the dashboard looks anew.
    pub past_set_up: Mutex<HashSet<Uuid>>,
    /// What a new SMTP provider starts with.
    pub smtp_defaults: app::services::types::SmtpForm,
    /// What a new provider of text messages starts with, where its vendor is the one named there.
    pub sms_defaults: app::services::sms::SmsForm,
}

/// What this process has on its way.
pub struct Outbox {
    /// Wakes whoever sends what is in the outbox.
    pub wake: Notify,
    /// The codes that are being sent, which a page may have stopped waiting for.
    pub codes: TaskTracker,
    /// Whether other servers tell this one what they put into the outbox.
    hears: AtomicBool,
    places: Mutex<HashMap<Option<Uuid>, Arc<Semaphore>>>,
    /// How long a page waits for what becomes of its message, before it says that this is on its way.
    pub page: Duration,
    /// The same where a script asked.
    pub scripted_page: Duration,
    /// From when on a message is slow.
    pub slow: Duration,
    /// How often a server says that it still has a message in hand.
    pub renewal: Duration,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            wake: Notify::new(),
            codes: TaskTracker::new(),
            hears: AtomicBool::new(false),
            places: Mutex::default(),
            page: MOMENT,
            scripted_page: AT_ONCE,
            slow: PAGE,
            renewal: RENEWAL,
        }
    }
}

impl Outbox {
    /// Whether other servers tell this one what they put into the outbox, so that it need not look all the time.
    pub fn hears(&self) -> bool {
        self.hears.load(Ordering::SeqCst)
    }

    /// Notes whether they do.
    pub fn set_hears(&self, hears: bool) {
        self.hears.store(hears, Ordering::SeqCst);
    }

    /// The places of a provider, each for one code that is being sent: one that hangs takes none from the others.
    pub fn places(&self, provider: Option<Uuid>) -> Arc<Semaphore> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.entry(provider).or_insert_with(|| Arc::new(Semaphore::new(PLACES))).clone()
    }
}

impl Core {
    /// The full address of one of our pages, for mail.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}
