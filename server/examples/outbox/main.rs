//! Measures how long a code takes from the request for it until a mail server has accepted it, and how fast 500 waiting
//! messages leave, each beside a loop that does nothing but send by lettre on one kept connection, to the same server, in
//! turns. It uses a SQLite file with the settings that the server has. Prints JSON: the seconds of each message by
//! itself (`click`, `bare`, `asItComes`), and of each run of waiting messages how many left in a second and the seconds
//! between one and the next (`drain`, `bareDrain`).

mod bare;
#[path = "../insides/mod.rs"]
mod insides;
mod people;
mod sink;

use app::{
    challenge::{message::code_message, port::ChallengePort, types::Purpose},
    delivery::types::MessageKind,
    language::types::Language,
    login::types::Audience,
};
use bare::{Bare, Way};
use insides::words;
use people::{Person, sign_in};
use serde_json::{Value, json};
use server::{
    challenge::ask::Challenges,
    core::Core,
    outbox::{
        service::{Outgoing, enqueue},
        worker,
    },
    platform::{clock::ManualClock, database, reach::Reach},
    providers::smtp::SmtpSender,
    sessions::current::session_of,
};
use sink::Sink;
use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Messages by themselves; the first few find no connection.
const CLICKS: usize = 200;
const WARM_UP: usize = 20;
/// Messages of lettre as it comes, which are slow.
const SLOW: usize = 40;
/// Messages that wait, and how often.
const WAITING: usize = 500;
const TURNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("countersign-outbox-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = measure(&format!("sqlite://{}?mode=rwc", folder.join("outbox.db").display()));
    std::fs::remove_dir_all(&folder)?;
    println!("{}", measured?);
    Ok(())
}

fn measure(database: &str) -> Result<Value, Box<dyn Error>> {
    let sink = Sink::start()?;
    let clock = ManualClock::at(1_767_225_600);
    let server = tokio::runtime::Runtime::new()?;
    let core = server.block_on(async {
        let mail = SmtpSender::new(&"https://id.example.org".parse()?, Reach::default());
        let core = insides::core(database::open(database).await?, Arc::new(clock.clone()), Arc::new(mail))?;
        people::offer(&core, sink.port).await?;
        Ok::<_, Box<dyn Error>>(core)
    })?;
    let (mut bare, mut slow) = (Bare::connect(&sink, Way::NoDelay)?, Bare::connect(&sink, Way::AsItComes)?);
    let text = code_message(Language::En, "Configio", "012345", "ABC", 10);

    let mut people = Vec::new();
    for number in 0..WARM_UP + CLICKS {
        people.push(server.block_on(sign_in(&core, number))?);
        sink.next();
    }
    // Until a new code may be asked for.
    clock.pass(45);
    let (mut clicks, mut bares, mut slows) = (Vec::new(), Vec::new(), Vec::new());
    for (number, person) in people.iter().enumerate() {
        clicks.push(click(&server, &core, &sink, person)?);
        bares.push(bare.send(&sink, &text)?.as_secs_f64());
        if number < SLOW {
            slows.push(slow.send(&sink, &text)?.as_secs_f64());
        }
    }
    clicks.drain(..WARM_UP);
    bares.drain(..WARM_UP);

    let (mut drains, mut bare_drains) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let began = Instant::now();
        let mut times = Vec::new();
        for _ in 0..WAITING {
            times.push(bare.send(&sink, &text)?.as_secs_f64());
        }
        bare_drains.push(json!({ "perSecond": WAITING as f64 / began.elapsed().as_secs_f64(), "times": times }));
        drains.push(drain(&server, &core, &sink)?);
    }
    Ok(json!({ "click": clicks, "bare": bares, "asItComes": slows, "drain": drains, "bareDrain": bare_drains }))
}

/// Asks for a code as a request does: from the look at its session until the mail server has accepted the message.
fn click(
    server: &tokio::runtime::Runtime,
    core: &Arc<Core>,
    sink: &Sink,
    person: &Person,
) -> Result<f64, Box<dyn Error>> {
    let asking = async {
        let began = Instant::now();
        let session = session_of(core, Audience::Customer, &person.token, &person.origin).await;
        let session = session.map_err(words)?.ok_or("the session has ended")?;
        let asked = Challenges(core.clone()).send_new_code(&session, Purpose::SignIn).await;
        asked.map_err(words)?;
        Ok::<_, Box<dyn Error>>(began)
    };
    let began = server.block_on(asking)?;
    Ok((sink.next() - began).as_secs_f64())
}

/// Lets messages wait, and then lets the server send them.
fn drain(server: &tokio::runtime::Runtime, core: &Arc<Core>, sink: &Sink) -> Result<Value, Box<dyn Error>> {
    let text = code_message(Language::En, "Configio", "012345", "ABC", 10);
    server.block_on(async {
        for number in 0..WAITING {
            let to = format!("person{number}@example.org");
            let message =
                Outgoing { kind: MessageKind::Notice, account_id: None, to: &to, text: &text, lifetime: 86_400 };
            enqueue(&core.db, core, &message).await.map_err(words)?;
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    let (stop, stopped) = oneshot::channel::<()>();
    let began = Instant::now();
    let worker = server.spawn(worker::run(core.clone(), async move {
        let _ = stopped.await;
    }));
    let mut accepted: Vec<_> = (0..WAITING).map(|_| sink.next()).collect();
    let _ = stop.send(());
    server.block_on(async { tokio::time::timeout(Duration::from_secs(10), worker).await })??;
    accepted.sort();
    let all = accepted[WAITING - 1] - began;
    let times: Vec<_> = accepted.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect();
    Ok(json!({ "perSecond": WAITING as f64 / all.as_secs_f64(), "times": times }))
}
