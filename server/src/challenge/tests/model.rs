//! Sequences of what people and attackers do, made up at random, against the real server on every database: whatever
//! their order, no code opens two sessions, none opens one after its tries are used up or its time was seen to be over,
//! and a count of failures falls by a success of that person alone.
//!
//! Plain sequences suffice, without a library for state machines: every step may be taken at any time, so there are no
//! preconditions to shrink by, and what is compared are properties and no second implementation. The pure machine is
//! proved in `challenge/state.rs`. `MODEL_CASES=2000` runs longer.

use super::failures;
use crate::{
    platform::vault::new_recovery_code,
    testing::{Fixture, PASSWORD, on_every_database},
};
use app::{
    caller::Session,
    challenge::{
        port::{Answer, ChallengePort},
        types::Purpose,
    },
    error::{AppError, Refusal},
    login::port::LoginPort,
};
use futures_util::future::join_all;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::net::IpAddr;
use uuid::Uuid;

const CASES: u32 = 12;
/// Seconds that a code lives, tries that it has, and failures that switch a factor off.
const LIFETIME: i64 = 600;
const TRIES: u32 = 5;
const OFF: i32 = 100;

#[derive(Clone, Debug)]
enum Step {
    /// Gives the password: another sign-in with a code of its own.
    Begin,
    /// Send New Code.
    Resend,
    /// The code that counts.
    Right,
    /// A code that it is certainly not.
    Wrong,
    /// A code of before.
    Old(prop::sample::Index),
    /// Both at once, so often.
    Burst(usize, usize),
    /// A recovery code that nobody has.
    WrongRecoveryCode,
    /// The clock goes on, or back.
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Begin),
        2 => Just(Step::Resend),
        4 => Just(Step::Right),
        8 => Just(Step::Wrong),
        2 => any::<prop::sample::Index>().prop_map(Step::Old),
        2 => (0_usize..4, 0_usize..7).prop_map(|(right, wrong)| Step::Burst(right, wrong)),
        2 => Just(Step::WrongRecoveryCode),
        3 => prop_oneof![(-400_i64..0), (0_i64..700), (700_i64..40_000)].prop_map(Step::Pass),
    ]
}

/// A code as its reader knows it.
struct Sent {
    code: String,
    at: i64,
    wrong: u32,
    accepted: u32,
    /// Whether an answer said that it is over.
    over: bool,
}

struct Person {
    email: String,
    account: Uuid,
    session: Session,
    sent: Vec<Sent>,
    /// Messages that were looked at.
    read: usize,
}

/// What became of an answer.
type Outcome = Result<(), Option<Refusal>>;

fn outcome<T>(result: Result<T, AppError>) -> Outcome {
    result.map(drop).map_err(|error| match error {
        AppError::Refused { reason, .. } => Some(reason),
        // Of two at once the second finds its sign-in over.
        AppError::Busy | AppError::SignInNeeded => None,
        other => panic!("another error: {other:?}"),
    })
}

impl Person {
    async fn new(fixture: &Fixture, email: String) -> Self {
        let account = fixture.another_enrolled_customer(&email).await;
        let session = fixture.password_session(&email).await;
        let mut person = Self { email, account, session, sent: Vec::new(), read: 0 };
        person.look(fixture);
        person
    }

    /// Reads the new messages.
    fn look(&mut self, fixture: &Fixture) {
        let kept = fixture.mail.kept();
        for mail in kept[self.read..].iter().filter(|mail| mail.to == self.email) {
            let code = mail.text.lines().map(str::trim).find(|l| l.len() == 6 && l.bytes().all(|b| b.is_ascii_digit()));
            let code = code.map(str::to_owned);
            self.sent.extend(code.map(|code| Sent { code, at: fixture.now(), wrong: 0, accepted: 0, over: false }));
        }
        self.read = kept.len();
    }

    fn current(&mut self) -> &mut Sent {
        self.sent.last_mut().expect("a code was sent")
    }

    /// Notes what an answer with a code said.
    fn note(&mut self, typed: &str, said: &Outcome, now: i64) {
        let current = self.current();
        match said {
            Ok(()) => {
                assert_eq!(typed, current.code, "another code was accepted");
                assert!(!current.over && current.wrong < TRIES, "it was over, after {} wrong ones", current.wrong);
                assert!(now < current.at + LIFETIME, "its time was over");
                current.accepted += 1;
                assert_eq!(current.accepted, 1, "it was accepted twice");
            }
            Err(Some(Refusal::WrongCode { .. } | Refusal::CodeReplaced { .. })) => current.wrong += 1,
            Err(Some(Refusal::TriesExhausted | Refusal::CodeUsed)) => current.over = true,
            // Seen from before it was made, it is not over.
            Err(Some(Refusal::CodeExpired)) => current.over |= now >= current.at + LIFETIME,
            Err(_) => {}
        }
    }

    async fn enter(&mut self, fixture: &Fixture, typed: &str) -> u32 {
        let said = outcome(fixture.verify(&self.session, typed).await);
        self.note(typed, &said, fixture.now());
        u32::from(said.is_ok())
    }

    /// Takes a step. Tells how many answers were right, and how many could count as failures.
    async fn take(&mut self, fixture: &Fixture, step: &Step) -> (u32, i32) {
        let right = self.current().code.clone();
        let wrong = format!("{:06}", (right.parse::<u32>().expect("digits") + 1) % 1_000_000);
        match step {
            Step::Begin => {
                // Over its limit of messages there is no new sign-in, and the old one goes on.
                let before = self.sent.len();
                let Ok(done) = fixture.log_in(&self.email, PASSWORD, None).await else { return (0, 0) };
                let session = fixture.session(&done.session.secret).await;
                self.look(fixture);
                if let (Some(session), true) = (session, self.sent.len() > before) {
                    self.session = session;
                }
                (0, 0)
            }
            Step::Resend => {
                let _ = fixture.challenge().send_new_code(&self.session, Purpose::SignIn).await;
                self.look(fixture);
                (0, 0)
            }
            Step::Right => (self.enter(fixture, &right).await, 1),
            Step::Wrong => (self.enter(fixture, &wrong).await, 1),
            Step::Old(which) => {
                let old = which.get(&self.sent).code.clone();
                (self.enter(fixture, &old).await, 1)
            }
            Step::Burst(rights, wrongs) => {
                let typed = std::iter::repeat_n(right, *rights).chain(std::iter::repeat_n(wrong, *wrongs));
                let answers = typed.map(|typed| {
                    let (login, session) = (fixture.login(), self.session.clone());
                    tokio::spawn(async move {
                        let said = outcome(login.verify(&session, Answer::Code(&typed), false).await);
                        (typed, said)
                    })
                });
                let said = join_all(answers.collect::<Vec<_>>()).await;
                let mut said = said.into_iter().map(|one| one.expect("runs")).collect::<Vec<_>>();
                // Nobody knows their order; a success came before what was refused for it.
                said.sort_by_key(|(_, said)| said.is_err());
                for (typed, said) in &said {
                    self.note(typed, said, fixture.now());
                }
                let right = said.iter().filter(|(_, said)| said.is_ok()).count();
                (right.try_into().expect("few"), (rights + wrongs).try_into().expect("few"))
            }
            Step::WrongRecoveryCode => {
                let code = new_recovery_code();
                let said = outcome(fixture.login().verify(&self.session, Answer::RecoveryCode(&code), false).await);
                assert!(said.is_err());
                (0, 1)
            }
            Step::Pass(seconds) => {
                fixture.clock.pass(*seconds);
                (0, 0)
            }
        }
    }
}

async fn play(fixture: &Fixture, case: u32, steps: &[(bool, Step)]) {
    let mut people = [
        Person::new(fixture, format!("a{case}@example.org")).await,
        Person::new(fixture, format!("b{case}@example.org")).await,
    ];
    for (first, step) in steps {
        let (one, other) = if *first { (0, 1) } else { (1, 0) };
        let before = [failures(fixture, people[0].account).await, failures(fixture, people[1].account).await];
        let row = fixture.account_row(people[one].account).await;
        let closed = row.factor_failures >= OFF || row.factor_locked_until.is_some_and(|until| until > fixture.now());
        let (right, most) = people[one].take(fixture, step).await;
        let after = failures(fixture, people[one].account).await;
        assert_eq!(failures(fixture, people[other].account).await, before[other], "somebody else's count changed");
        assert!(right == 0 || !closed, "a locked factor was accepted");
        assert!(right > 0 || after >= before[one], "a count fell without a success");
        assert!(after <= before[one] + most, "a count rose by more than was answered");
        assert!(right <= 1, "two sessions by one code");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sequence_accepts_twice_or_after_the_end_or_lowers_a_count() {
    let cases = std::env::var("MODEL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let mut runner = TestRunner::default();
        let steps = prop::collection::vec((prop::bool::weighted(0.8), step()), 10..40);
        for case in 0..cases {
            let steps = steps.new_tree(&mut runner).expect("steps").current();
            // Each begins in a network and a time of its own, so that no limit of the one before is left.
            let [_, b, c, d] = case.to_be_bytes();
            let begun = fixture.now();
            let mut fixture = Fixture {
                core: fixture.core.clone(),
                mail: fixture.mail.clone(),
                texts: fixture.texts.clone(),
                origin: fixture.origin.clone(),
                clock: fixture.clock.clone(),
            };
            fixture.origin.address = IpAddr::from([10, b, c, d]);
            println!("{steps:?}");
            play(&fixture, case, &steps).await;
            fixture.clock.pass((begun - fixture.now()).max(0) + 100_000);
        }
    })
    .await;
}
