//! How many streams of events are open: each asks the database again and again.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// The most of one session: a few tabs.
const OF_SESSION: usize = 4;
/// The most of one client's network, behind which many people may be.
const OF_NETWORK: usize = 64;
/// The most of all.
const OF_ALL: usize = 512;

/// The open streams.
#[derive(Default)]
pub struct Streams(Mutex<Vec<(Uuid, IpAddr)>>);

impl Streams {
    /// A place for one more, unless there are too many.
    pub fn take(self: &Arc<Self>, session: Uuid, network: IpAddr) -> Option<Place> {
        let mut open = self.lock();
        let full = open.len() >= OF_ALL
            || open.iter().filter(|(_, other)| *other == network).count() >= OF_NETWORK
            || open.iter().filter(|(other, _)| *other == session).count() >= OF_SESSION;
        if full {
            return None;
        }
        open.push((session, network));
        Some(Place { streams: self.clone(), session, network })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Uuid, IpAddr)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one stream, until it is dropped.
pub struct Place {
    streams: Arc<Streams>,
    session: Uuid,
    network: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(at) = open.iter().position(|one| *one == (self.session, self.network)) {
            open.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_a_network_and_all_together_have_an_end_and_places_come_back() {
        let streams = Arc::new(Streams::default());
        let network = |n: u8| IpAddr::from([192, 0, 2, n]);
        let session = Uuid::now_v7();
        let mut held: Vec<_> = (0..OF_SESSION).map(|_| streams.take(session, network(1)).expect("a place")).collect();
        assert!(streams.take(session, network(2)).is_none());
        held.pop();
        held.push(streams.take(session, network(1)).expect("it came back"));
        while let Some(place) = streams.take(Uuid::now_v7(), network(1)) {
            held.push(place);
        }
        assert_eq!(held.len(), OF_NETWORK);
        for n in 2.. {
            let Some(place) = streams.take(Uuid::now_v7(), network(n)) else { break };
            held.push(place);
            while let Some(place) = streams.take(Uuid::now_v7(), network(n)) {
                held.push(place);
            }
        }
        assert_eq!(held.len(), OF_ALL);
        drop(held);
        assert!(streams.lock().is_empty());
    }
}
