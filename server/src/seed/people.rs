//! The made-up customers: their names, addresses and entries.

use super::{Dice, Plan, id};
use crate::{
    accounts::search_words::{bits_of, words_of},
    entity::{account, email_key::EmailKey, enrollment, secondary_auth, service_provider, stored::Stored},
    error::Error,
};
use app::{login::types::Audience, services::types::Channel};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, sea_query::Expr};
use uuid::Uuid;

/// What the address of each of them ends in, so that they are told from real people.
const MARK: &str = ".seeded.example.com";
/// The service provider that carries their codes.
pub const SERVICE: Uuid = Uuid::from_u128(0x015d_3ef7_9800_7003_8000_0000_0000_0000);
/// One of so many is disabled.
const DISABLED: u32 = 500;
/// One of so many is locked.
const LOCKED: u32 = 20_000;

const SYLLABLES: [&str; 40] = [
    "ma", "an", "jo", "la", "sa", "el", "mi", "ka", "be", "ri", "da", "no", "li", "ta", "ro", "ha", "ne", "vi", "so",
    "mo", "de", "pa", "lu", "fe", "ge", "wi", "ti", "os", "ba", "ke", "er", "ul", "hi", "fo", "ca", "pe", "ju", "bo",
    "xa", "zo",
];

fn syllables(mut number: u32) -> String {
    let mut name = String::new();
    for _ in 0..3 {
        name.push_str(SYLLABLES[number as usize % SYLLABLES.len()]);
        number /= SYLLABLES.len() as u32;
    }
    name
}

/// A first name, of 400. The first ones are common.
pub fn first_name(number: u32) -> String {
    syllables(number)
}

/// A last name, of 60,000, which are all rare.
pub fn last_name(number: u32) -> String {
    syllables(number + 1)
}

fn title(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// An account that was not made here.
pub fn is_stranger() -> Expr {
    account::Column::EmailKey.not_like(format!("%{MARK}"))
}

/// The address of a customer.
pub fn address_of(plan: &Plan, number: u32) -> String {
    customer(plan, number).email
}

/// A customer.
pub fn customer(plan: &Plan, number: u32) -> account::Model {
    let mut dice = Dice::of(plan, number);
    let first = first_name(dice.roll_low(400));
    let last = last_name(dice.roll(60_000));
    let domain = match dice.roll(100) {
        0..40 => "bigmail".to_owned(),
        40..55 => "yourmail".to_owned(),
        other => format!("company{other}"),
    };
    let email = format!("{first}.{last}{number}@{domain}{MARK}");
    let name = format!("{} {}", title(&first), title(&last));
    let created_at = plan.now - i64::from(plan.customers.saturating_sub(number));
    account::Model {
        id: id(1, number),
        audience: Stored(Audience::Customer),
        email_key: EmailKey::of(&email),
        search_bits: bits_of(&words_of(&name, &email)),
        email,
        name_key: name.to_lowercase(),
        name,
        // As long as a real one.
        password_hash: format!("$argon2id$v=19$m=19456,t=2,p=1${}", "x".repeat(66)),
        created_at,
        disabled_at: (number % DISABLED == 3).then_some(created_at),
        factor_failures: 0,
        factor_locked_until: (number % LOCKED == 11).then_some(i64::MAX / 2),
        last_sign_in_at: (!number.is_multiple_of(3)).then(|| created_at + i64::from(dice.roll(1_000_000))),
        grace_ends_at: None,
        suggestion_dismissed_at: None,
        reset_by_mail_at: None,
        language: None,
    }
}

/// The words that a customer is found by.
pub fn words(account: &account::Model) -> impl Iterator<Item = (Uuid, String)> + use<> {
    let id = account.id;
    words_of(&account.name, &account.email).into_iter().map(move |word| (id, word))
}

/// The entries of a customer.
pub fn entries(plan: &Plan, number: u32, account: &account::Model, offers: &[Uuid]) -> Vec<enrollment::Model> {
    let before = |n: u32| u64::from(n) * u64::from(plan.entries) / u64::from(plan.customers.max(1));
    let all = before(number)..before(number + 1);
    all.zip(offers)
        .map(|(entry, offer)| enrollment::Model {
            id: id(2, u32::try_from(entry).unwrap_or(u32::MAX)),
            account_id: account.id,
            secondary_auth_id: *offer,
            destination: Some(account.email.clone()),
            added_at: account.created_at,
            last_used_at: None,
            secret: None,
            last_step: None,
            preferred: false,
        })
        .collect()
}

/// Offers as many secondary auths as a customer has entries at most. Answers their ids.
pub async fn offer(db: &impl ConnectionTrait, plan: &Plan) -> Result<Vec<Uuid>, Error> {
    let count = plan.entries.div_ceil(plan.customers.max(1)).max(1);
    if service_provider::Entity::find_by_id(SERVICE).one(db).await?.is_none() {
        let service = service_provider::Model {
            id: SERVICE,
            kind: Stored(Channel::Smtp),
            title: "Seeded mail server".to_owned(),
            settings: "{\"host\":\"mail.example.com\",\"port\":25,\"encryption\":\"none\",\"user_name\":\"\",\
                       \"from_address\":\"a@example.com\",\"from_name\":\"\"}"
                .to_owned(),
            secret: None,
            active: true,
            created_at: 0,
            redirected_at: None,
        };
        let row = service_provider::ActiveModel::from(service).reset_all();
        service_provider::Entity::insert(row).exec_without_returning(db).await?;
    }
    let mut offers = Vec::new();
    for number in 0..count {
        let auth = secondary_auth::Model {
            id: id(4, number),
            service_id: SERVICE,
            title: format!("Seeded email {}", number + 1),
            created_at: 0,
        };
        offers.push(auth.id);
        if secondary_auth::Entity::find_by_id(auth.id).one(db).await?.is_none() {
            let row = secondary_auth::ActiveModel::from(auth).reset_all();
            secondary_auth::Entity::insert(row).exec_without_returning(db).await?;
        }
    }
    Ok(offers)
}
