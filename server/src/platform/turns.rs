//! Turns at something of which only so much can be had at once, shared out between those who wait: each gets its turn
//! after one of every other, so that whoever asks much makes others wait for one turn of his and no more.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// Who waits: a network, or what asks for itself.
pub type Key = Option<IpAddr>;

/// Turns, shared out between networks.
#[derive(Clone)]
pub struct Turns(Arc<Shared>);

struct Shared {
    /// How many may wait at once.
    places: usize,
    state: Mutex<State>,
}

struct State {
    free: usize,
    waiting: usize,
    queues: HashMap<Key, VecDeque<oneshot::Sender<Turn>>>,
    /// Whose queue is next.
    order: VecDeque<Key>,
}

/// A turn; it ends when it is dropped.
pub struct Turn(Option<Turns>);

impl Turns {
    /// So many at once, and so many that wait.
    pub fn new(at_once: usize, places: usize) -> Self {
        let state = State { free: at_once, waiting: 0, queues: HashMap::new(), order: VecDeque::new() };
        Self(Arc::new(Shared { places, state: Mutex::new(state) }))
    }

    /// Waits for a turn. Nothing where too many wait already: a place is then taken from the one who has most of them,
    /// if that is somebody else.
    pub async fn turn(&self, key: Key) -> Option<Turn> {
        let turn = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return Some(Turn(Some(self.clone())));
            }
            state.queue(key, self.0.places)?
        };
        turn.await.ok()
    }

    /// Gives a turn that has ended to the next one.
    fn pass_on(&self) {
        loop {
            let next = {
                let mut state = self.state();
                let next = state.next();
                if next.is_none() {
                    state.free += 1;
                }
                next
            };
            let Some(next) = next else { return };
            // Whoever waited may have gone away.
            let Err(mut turn) = next.send(Turn(Some(self.clone()))) else { return };
            turn.0 = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn queue(&mut self, key: Key, places: usize) -> Option<oneshot::Receiver<Turn>> {
        let own = self.queues.get(&key).map_or(0, VecDeque::len);
        if self.waiting >= places {
            let longest = self.queues.values_mut().max_by_key(|queue| queue.len())?;
            if longest.len() <= own + 1 {
                return None;
            }
            // The last one of it is turned away instead.
            longest.pop_back();
            self.waiting -= 1;
        }
        let (sender, receiver) = oneshot::channel();
        if own == 0 {
            self.order.push_back(key);
        }
        self.queues.entry(key).or_default().push_back(sender);
        self.waiting += 1;
        Some(receiver)
    }

    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let key = self.order.pop_front()?;
        let queue = self.queues.get_mut(&key)?;
        let next = queue.pop_front();
        self.waiting -= usize::from(next.is_some());
        if queue.is_empty() {
            self.queues.remove(&key);
        } else {
            self.order.push_back(key);
        }
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{net::Ipv4Addr, time::Duration};

    fn key(name: &str) -> Key {
        Some(Ipv4Addr::new(192, 0, 2, name.as_bytes()[0]).into())
    }

    /// Lets others run until nothing moves.
    async fn settle() {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    /// Asks for turns that note in which order they came, and wait before they end.
    fn ask(turns: &Turns, name: &'static str, order: &Arc<Mutex<Vec<&'static str>>>) {
        let (turns, order) = (turns.clone(), order.clone());
        tokio::spawn(async move {
            match turns.turn(key(name)).await {
                Some(turn) => {
                    order.lock().expect("whole").push(name);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    drop(turn);
                }
                None => order.lock().expect("whole").push("turned away"),
            }
        });
    }

    #[tokio::test]
    async fn one_that_asks_much_makes_nobody_wait_for_more_than_one_turn() {
        let (turns, order) = (Turns::new(1, 64), Arc::default());
        for _ in 0..20 {
            ask(&turns, "busy", &order);
        }
        settle().await;
        ask(&turns, "other", &order);
        settle().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let order = order.lock().expect("whole");
        assert_eq!(order.len(), 21);
        let place = order.iter().position(|key| *key == "other").expect("had its turn");
        assert!(place <= 2, "it waited for {place} turns");
    }

    #[tokio::test]
    async fn where_all_places_are_taken_the_busiest_gives_one_up() {
        let (turns, order) = (Turns::new(1, 4), Arc::default());
        for _ in 0..10 {
            ask(&turns, "busy", &order);
        }
        settle().await;
        assert_eq!(order.lock().expect("whole").iter().filter(|key| **key == "turned away").count(), 5);
        ask(&turns, "other", &order);
        settle().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let order = order.lock().expect("whole");
        assert_eq!(order.iter().filter(|key| **key == "other").count(), 1);
        assert_eq!(order.iter().filter(|key| **key == "turned away").count(), 6);
    }

    #[tokio::test]
    async fn those_who_go_away_leave_no_turn_behind() {
        let turns = Turns::new(1, 64);
        let held = turns.turn(key("a")).await.expect("free");
        let gone = tokio::spawn({
            let turns = turns.clone();
            async move { turns.turn(key("b")).await.is_some() }
        });
        settle().await;
        gone.abort();
        settle().await;
        drop(held);
        assert!(turns.turn(key("c")).await.is_some(), "the turn was lost");
    }
}
