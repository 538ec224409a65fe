//! Which connections are open, and which one has to go where there are too many.

use super::client_address::is_trusted;
use app::caller::network;
use ipnet::IpNet;
use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// How long a request with its answer keeps its connection from being taken away: longer than any may take.
const BUSY: Duration = Duration::from_secs(60);

/// All open connections.
pub struct Connections {
    most: usize,
    proxies: Vec<IpNet>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    /// By age, the oldest first.
    all: BTreeMap<u64, Connection>,
}

struct Connection {
    /// Whose it is; nobody's where a proxy brings many clients by it.
    network: Option<IpAddr>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    busy_since: Mutex<Option<Instant>>,
    gone: Notify,
}

impl State {
    fn busy(&self) -> MutexGuard<'_, Option<Instant>> {
        self.busy_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_go(&self) -> bool {
        self.busy().is_none_or(|since| since.elapsed() > BUSY)
    }
}

impl Connections {
    /// Room for so many.
    pub fn new(most: usize, proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self { most, proxies, open: Mutex::default() })
    }

    /// A place for a new connection. Where its network has its share already, or everything is taken, the one that
    /// waited longest without a request makes room: whoever only holds connections open loses them to whoever asks
    /// for something. Nothing where all of them are at work.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        let network = (!is_trusted(address, &self.proxies)).then(|| network(address));
        let mut open = self.lock();
        // A quarter: no network alone keeps the others out.
        if network.is_some() && open.count_of(network) >= (self.most / 4).max(1) {
            open.make_room(|connection| connection.network == network)?;
        }
        if open.all.len() >= self.most {
            let fullest = open.fullest();
            open.make_room(|connection| connection.network == fullest).or_else(|| open.make_room(|_| true))?;
        }
        let (id, state) = (open.next, Arc::new(State::default()));
        open.next += 1;
        open.all.insert(id, Connection { network, state: state.clone() });
        Some(Place { id, state, connections: self.clone() })
    }

    /// How many are open.
    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.lock().all.len()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn count_of(&self, network: Option<IpAddr>) -> usize {
        self.all.values().filter(|connection| connection.network == network).count()
    }

    /// The network with the most connections; a proxy's only where there are no others.
    fn fullest(&self) -> Option<IpAddr> {
        let mut counts = HashMap::new();
        for network in self.all.values().filter_map(|connection| connection.network) {
            *counts.entry(network).or_insert(0) += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(network, _)| network)
    }

    fn make_room(&mut self, of: impl Fn(&Connection) -> bool) -> Option<()> {
        let found = self.all.iter().find(|(_, connection)| of(connection) && connection.state.may_go());
        let id = found.map(|(id, _)| *id)?;
        let connection = self.all.remove(&id)?;
        connection.state.gone.notify_one();
        Some(())
    }
}

/// The place of one connection, which it has until it is dropped.
pub struct Place {
    id: u64,
    state: Arc<State>,
    connections: Arc<Connections>,
}

impl Place {
    /// Waits until the place is needed for somebody else.
    pub async fn taken_away(&self) {
        self.state.gone.notified().await;
    }

    /// A request whose head has come. It keeps the place from the moment that all of it has.
    pub fn request(&self) -> Busy {
        Busy(self.state.clone())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.lock().all.remove(&self.id);
    }
}

/// A request, until it is answered.
pub struct Busy(Arc<State>);

impl Busy {
    /// All of the request has come: whoever sends slowly only holds a connection open, and so has no right to keep it.
    pub fn begin(&self) {
        *self.0.busy() = Some(Instant::now());
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        *self.0.busy() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    async fn is_gone(place: &Place) -> bool {
        tokio::time::timeout(Duration::from_millis(10), place.taken_away()).await.is_ok()
    }

    fn begun(place: &Place) -> Busy {
        let busy = place.request();
        busy.begin();
        busy
    }

    #[tokio::test]
    async fn a_request_that_has_not_come_keeps_no_place() {
        let connections = Connections::new(2, vec![]);
        let slow = connections.take(ip("203.0.113.7")).expect("a place");
        let _head = slow.request();
        let whole = connections.take(ip("203.0.113.8")).expect("a place");
        let _working = begun(&whole);
        let _new = connections.take(ip("203.0.113.9")).expect("a place");
        assert!(is_gone(&slow).await && !is_gone(&whole).await);
    }

    #[tokio::test]
    async fn the_oldest_idle_connection_of_a_full_network_makes_room() {
        let connections = Connections::new(8, vec![]);
        let first = connections.take(ip("2001:db8::1")).expect("a place");
        let busy = begun(&first);
        let second = connections.take(ip("2001:db8::2")).expect("a place");
        let other = connections.take(ip("203.0.113.7")).expect("a place");
        let third = connections.take(ip("2001:db8::3")).expect("a place");
        assert!(is_gone(&second).await && !is_gone(&first).await && !is_gone(&other).await);
        let _working = begun(&third);
        assert!(connections.take(ip("2001:db8::4")).is_none(), "both of its two places are at work");
        drop(busy);
        let _fourth = connections.take(ip("2001:db8::4")).expect("a place");
        assert!(is_gone(&first).await);
        drop((first, second));
        assert_eq!(connections.count(), 3);
    }

    #[tokio::test]
    async fn a_full_server_loses_a_connection_of_the_network_with_most_and_a_proxys_last() {
        let connections = Connections::new(8, vec!["10.0.0.0/8".parse().expect("a network")]);
        let proxied: Vec<_> = (0..5).map(|_| connections.take(ip("10.0.0.1")).expect("a place")).collect();
        let one = connections.take(ip("203.0.113.7")).expect("a place");
        let two: Vec<_> = (0..2).map(|_| connections.take(ip("203.0.113.8")).expect("a place")).collect();
        let new = connections.take(ip("10.0.0.1")).expect("a place");
        assert!(is_gone(&two[0]).await && !is_gone(&two[1]).await && !is_gone(&one).await && !is_gone(&new).await);
        for place in &proxied {
            assert!(!is_gone(place).await);
        }
        assert_eq!(connections.count(), 8);
    }
}
