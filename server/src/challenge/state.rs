//! The life of a challenge, without a database or a clock: what it is at a time. What may happen to it are statements
//! in [`super::store`]; the tests below say it once more as transitions, prove those, and hold the statements to them.

use crate::{entity::challenge, platform::clock::SKEW};

/// What a challenge is at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for an answer.
    Open,
    /// It was answered right.
    Used,
    /// A newer one took its place.
    Replaced,
    /// Its message certainly did not leave.
    Failed,
    /// Its time is over.
    Expired,
    /// Its tries are used up.
    Exhausted,
}

/// As much of a challenge as its life depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Unix seconds of its beginning.
    pub created_at: i64,
    /// Unix seconds of its end.
    pub expires_at: i64,
    /// Tries taken.
    pub tries: i32,
    /// Whether it was answered right.
    pub used: bool,
    /// Whether a newer one took its place.
    pub replaced: bool,
    /// Whether its message certainly did not leave.
    pub failed: bool,
}

impl Life {
    /// The life of a stored challenge.
    pub fn of(challenge: &challenge::Model) -> Self {
        Self {
            created_at: challenge.created_at,
            expires_at: challenge.expires_at,
            tries: challenge.tries,
            used: challenge.consumed_at.is_some(),
            replaced: challenge.replaced_by.is_some(),
            failed: challenge.failure.as_ref().is_some_and(|failure| !failure.0.kind.may_arrive()),
        }
    }

    /// What it is at a time, by a number of tries. What ended it first is what counts: time comes last.
    pub const fn state(self, now: i64, most_tries: i32) -> State {
        if self.used {
            State::Used
        } else if self.replaced {
            State::Replaced
        } else if self.failed {
            State::Failed
        } else if self.expires_at <= now || self.created_at > now + SKEW {
            State::Expired
        } else if self.tries >= most_tries {
            State::Exhausted
        } else {
            State::Open
        }
    }
}

/// Whether a challenge's answer counts, of those that no newer one has taken the place of: its message may have left.
pub fn is_current(challenge: &challenge::Model) -> bool {
    let life = Life::of(challenge);
    !life.replaced && !life.failed
}

/// The challenge whose answer counts: the newest that is current.
pub fn current(newest_first: &[challenge::Model]) -> Option<&challenge::Model> {
    newest_first.iter().find(|challenge| is_current(challenge))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{challenge::store, testing::on_every_database};
    use app::challenge::types::Purpose;
    use proptest::prelude::*;
    use uuid::Uuid;

    const MOST: i32 = 5;

    /// What may happen to a challenge.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Event {
        /// A try is taken, before its answer is compared.
        Try,
        /// Its answer was right and takes effect.
        Use,
        /// A newer one takes its place.
        Replace,
        /// Its message certainly did not leave.
        Fail,
    }

    impl Life {
        /// What comes of an event at a time; nothing where it cannot happen.
        const fn after(self, event: Event, now: i64, most_tries: i32) -> Option<Self> {
            let state = self.state(now, most_tries);
            match (event, state) {
                (Event::Try, State::Open) => Some(Self { tries: self.tries + 1, ..self }),
                // The try was taken before, and may have been the last one.
                (Event::Use, State::Open | State::Exhausted) => Some(Self { used: true, ..self }),
                (Event::Replace, State::Open | State::Exhausted | State::Expired | State::Failed) => {
                    Some(Self { replaced: true, ..self })
                }
                (Event::Fail, State::Open | State::Exhausted | State::Expired) => Some(Self { failed: true, ..self }),
                _ => None,
            }
        }
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            4 => Just(Event::Try),
            2 => Just(Event::Use),
            1 => Just(Event::Replace),
            1 => Just(Event::Fail),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        /// No order of events accepts a code twice, revives a dead one, or lowers a count; time goes both ways.
        #[test]
        fn no_order_of_events_accepts_twice_or_revives(
            events in prop::collection::vec((event(), -400_i64..400), 0..40),
            lifetime in 1_i64..600,
        ) {
            let mut life = Life { created_at: 0, expires_at: lifetime, tries: 0, used: false, replaced: false, failed: false };
            let (mut now, mut accepted, mut ended) = (0, 0, false);
            for (event, pass) in events {
                now += pass;
                let before = life;
                if let Some(after) = life.after(event, now, MOST) {
                    prop_assert!(!matches!(event, Event::Try | Event::Use) || !ended, "a dead one took {event:?}");
                    accepted += i32::from(event == Event::Use);
                    life = after;
                }
                prop_assert!(life.tries >= before.tries && life.tries <= MOST);
                prop_assert!(life.used >= before.used && life.replaced >= before.replaced && life.failed >= before.failed);
                ended |= life.used || life.replaced || life.failed;
                prop_assert!(!ended || life.state(now, MOST) != State::Open);
            }
            prop_assert!(accepted <= 1);
        }
    }

    #[test]
    fn what_ended_it_first_is_told() {
        let open = Life { created_at: 0, expires_at: 10, tries: 0, used: false, replaced: false, failed: false };
        assert_eq!(open.state(9, MOST), State::Open);
        assert_eq!(open.state(10, MOST), State::Expired);
        assert_eq!(open.state(-SKEW, MOST), State::Open, "clocks differ a little");
        assert_eq!(open.state(-SKEW - 1, MOST), State::Expired, "it began while the clock was wrong");
        assert_eq!(Life { tries: MOST, ..open }.state(9, MOST), State::Exhausted);
        assert_eq!(Life { used: true, replaced: true, ..open }.state(99, MOST), State::Used);
        assert_eq!(Life { replaced: true, failed: true, ..open }.state(99, MOST), State::Replaced);
    }

    /// Every combination of what a life depends on: the statement does what the transition says.
    #[tokio::test]
    async fn the_statements_are_the_transitions() {
        on_every_database(async |fixture| {
            let account = fixture.enrolled_customer("carla@example.org").await;
            let session = fixture.password_session("carla@example.org").await;
            let stored = store::newest(&fixture.core.db, session.id, Purpose::SignIn).await.expect("answers").remove(0);
            assert_eq!(stored.account_id, account);
            let now = fixture.now();
            for bits in 0..16 {
                for (tries, event) in [0, MOST - 1, MOST].into_iter().flat_map(|n| [(n, Event::Try), (n, Event::Use)]) {
                    let challenge = challenge::Model {
                        id: Uuid::now_v7(),
                        created_at: if bits & 8 == 0 { now + SKEW } else { now + SKEW + 1 },
                        expires_at: if bits & 1 == 0 { now + 1 } else { now },
                        consumed_at: (bits & 2 != 0).then_some(now),
                        replaced_by: (bits & 4 != 0).then(|| Uuid::from_u128(99)),
                        tries,
                        ..stored.clone()
                    };
                    let (id, db) = (challenge.id, &fixture.core.db);
                    let expected = Life::of(&challenge).after(event, now, MOST);
                    store::insert(db, challenge).await.expect("stored");
                    let happened = match event {
                        Event::Try => store::take_try(db, id, MOST, now).await.expect("answers").is_some(),
                        _ => store::consume(db, id, now).await.expect("answers"),
                    };
                    assert_eq!(happened, expected.is_some(), "{event:?} of {bits:04b} after {tries} tries");
                    let now_is = store::by_id(db, id).await.expect("answers").expect("a challenge");
                    if let Some(expected) = expected {
                        assert_eq!(Life::of(&now_is), expected);
                    }
                }
            }
        })
        .await;
    }
}
