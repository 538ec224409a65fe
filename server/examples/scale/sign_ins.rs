//! Signing in, without the hash of the password: what is left is what rows could make slower.

use crate::{
    Tell,
    insides::{self, PASSWORD, administrator, words},
    middle, milliseconds,
};
use app::{
    challenge::port::Answer,
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
};
use server::{
    core::Core, login::service::Login, policy::service::Policies, providers::memory::MemorySender,
    secondary_auth::service::SecondaryAuths, sessions::current::session_of, tidy::tidy,
};
use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::{sleep, timeout};

/// How many people sign in, each once by password, and each once with a code.
const PEOPLE: usize = 100;
/// Those who sign in while old rows leave.
const MEANWHILE: usize = 200;
/// How long a message is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Signs people in by password alone, with a code, and while old messages are removed.
pub async fn measure(core: &Arc<Core>, mail: &MemorySender, tell: &Tell) -> Result<(), Box<dyn Error>> {
    Policies(core.clone()).set_allowed(&administrator()?, Audience::Customer, true).await.map_err(words)?;
    let offers = SecondaryAuths(core.clone()).list().await.map_err(words)?;
    let offer = offers.first().ok_or("nothing is offered")?.id;
    let mut alone = Vec::new();
    for number in 0..PEOPLE {
        alone.push(by_password(core, number).await?);
    }
    let (mut passwords, mut codes) = (Vec::new(), Vec::new());
    for number in PEOPLE..2 * PEOPLE {
        let (password, code) = with_code(core, mail, number, offer).await?;
        passwords.push(password);
        codes.push(code);
    }
    tell.line("sign-in: a password that is all", (middle(alone), PEOPLE));
    tell.line("sign-in: a password that asks for a code", (middle(passwords), PEOPLE));
    tell.line("sign-in: a code", (middle(codes), PEOPLE));

    let tidying = core.clone();
    let tidying = tokio::spawn(async move { tidy(&tidying).await });
    let mut meanwhile = Vec::new();
    for number in 2 * PEOPLE..2 * PEOPLE + MEANWHILE {
        let time = by_password(core, number).await?;
        // A few rows are gone before anybody comes.
        if tidying.is_finished() && !meanwhile.is_empty() {
            break;
        }
        meanwhile.push(time);
    }
    let count = meanwhile.len();
    tell.line("sign-in: a password that is all, while old rows leave", (middle(meanwhile), count));
    tidying.await?.map_err(words)?;
    Ok(())
}

/// Makes somebody who has a password alone, and signs in. Answers the milliseconds of the latter.
async fn by_password(core: &Arc<Core>, number: usize) -> Result<f64, Box<dyn Error>> {
    let email = insides::customer(core, number, None).await?;
    let origin = insides::origin(number)?;
    let began = Instant::now();
    let done = Login(core.clone()).log_in(&origin, Audience::Customer, &email, PASSWORD, None, None).await;
    let time = milliseconds(began);
    if done.map_err(words)?.code_needed { Err("a code was asked for".into()) } else { Ok(time) }
}

/// Makes somebody with an entry, who signs in. Answers the milliseconds of the password and of the code.
async fn with_code(
    core: &Arc<Core>,
    mail: &MemorySender,
    number: usize,
    offer: uuid::Uuid,
) -> Result<(f64, f64), Box<dyn Error>> {
    let email = insides::customer(core, number, Some(offer)).await?;
    let origin = insides::origin(number)?;
    let login = Login(core.clone());
    let began = Instant::now();
    let done = login.log_in(&origin, Audience::Customer, &email, PASSWORD, None, None).await.map_err(words)?;
    let password = milliseconds(began);
    let code = timeout(PATIENCE, code_for(mail, &email)).await?;
    let began = Instant::now();
    let session = session_of(core, Audience::Customer, &done.session.secret, &origin).await.map_err(words)?;
    let session = session.ok_or("the session has ended")?;
    login.verify(&session, Answer::Code(&code), false).await.map_err(words)?;
    Ok((password, milliseconds(began)))
}

/// The code of the message to somebody, once it is there.
async fn code_for(mail: &MemorySender, email: &str) -> String {
    loop {
        let message = mail.kept().into_iter().rev().find(|message| message.to == email);
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(code) =
            message.and_then(|message| message.text.lines().map(str::trim).find(is_code).map(str::to_owned))
        {
            return code;
        }
        sleep(Duration::from_millis(1)).await;
    }
}
