//! Measures password hashing for the benchmark: one hash after the other, and as many at once as the server allows.
//! Prints `cores`, `memory` of one hash in bytes, `seconds` of one hash and hashes `perSecond` on all cores, as JSON.
//!
//! With `--turns` it hashes once for each line that it reads, and answers with the seconds that this took.

use server::platform::passwords::{MEMORY_KIB, Passwords};
use std::{
    env, io, thread,
    time::{Duration, Instant},
};

const PASSWORD: &str = "granite-ribbon-thistle";
/// How long each of the two is measured.
const DURATION: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() {
    let passwords = Passwords::new();
    let stored = passwords.hash(PASSWORD).await.expect("hashes");
    let check = async |passwords: &Passwords| {
        assert!(passwords.verify(PASSWORD, Some(&stored)).await.expect("is not busy"));
    };

    if env::args().any(|argument| argument == "--turns") {
        for line in io::stdin().lines() {
            line.expect("a line");
            let one = Instant::now();
            check(&passwords).await;
            println!("{}", one.elapsed().as_secs_f64());
        }
        return;
    }

    let mut times = Vec::new();
    let began = Instant::now();
    while began.elapsed() < DURATION {
        let one = Instant::now();
        check(&passwords).await;
        times.push(one.elapsed());
    }
    times.sort();
    let one = times[times.len() / 2];

    let cores = thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let workers = (0..cores).map(|_| {
        let (passwords, stored) = (passwords.clone(), stored.clone());
        tokio::spawn(async move {
            let mut done = 0_u32;
            while began.elapsed() < DURATION {
                assert!(passwords.verify(PASSWORD, Some(&stored)).await.expect("is not busy"));
                done += 1;
            }
            done
        })
    });
    let mut done = 0;
    for worker in workers.collect::<Vec<_>>() {
        done += worker.await.expect("ends");
    }
    let per_second = f64::from(done) / began.elapsed().as_secs_f64();

    println!(
        r#"{{"cores":{cores},"memory":{},"seconds":{},"perSecond":{per_second}}}"#,
        u64::from(MEMORY_KIB) * 1024,
        one.as_secs_f64(),
    );
}
