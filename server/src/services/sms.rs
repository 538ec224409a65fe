//! The rules of providers of text messages.

use super::service::{Content, Services, host, put, stored};
use crate::{
    audit::{self, Actor},
    challenge::trail,
    core::Core,
    entity::service_provider,
    error::internal,
    offers::{self, provider::SmsProvider},
    platform::{phone, secret::Secret, throttle},
    providers::{
        sms::{
            SmsSettings,
            gateway::{Gateway, METHODS},
            smpp::{PASSWORD_MAX, SYSTEM_ID_MAX, Smpp},
            template::{self, Values, Writing},
            twilio::{ADDRESS, Twilio, is_messaging_service},
        },
        while_watched,
    },
    templates,
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::text_message::test_text,
    error::{AppError, Problem, Refusal},
    services::{
        sms::{Alphabet, SmsForm, SmsService, Vendor},
        types::Channel,
    },
    validate::{self, Check, TITLE_MAX},
};
use reqwest::header::CONTENT_TYPE;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use url::Url;
use uuid::Uuid;

/// The longest address and the longest headers, in characters.
const LINE_MAX: u32 = 1_000;
/// The longest body, in characters.
const BODY_MAX: u32 = 2_000;
/// The longest secret, in characters.
const SECRET_MAX: u32 = 255;
/// The longest sender that is letters (3GPP TS 23.040 §9.1.2.5), in characters.
const SENDER_MAX: usize = 11;
/// The most messages of a day that a form takes.
const DAILY_MAX: u32 = 1_000_000;
/// What a new provider starts with.
const DAILY: u32 = 500;
/// How many test messages an administrator sends in the window below.
const TESTS: i32 = 10;
/// That window, in seconds.
const TESTS_WINDOW: i64 = 600;
/// Stands for the real values where a template is tried out.
const SAMPLE: Values<'_> = Values { to: "+15005550006", text: "text", secret: "secret" };

impl Services {
    pub(super) async fn new_sms_form(&self, vendor: Vendor) -> Result<SmsService, AppError> {
        let defaults = &self.0.sms_defaults;
        let mut form = if defaults.vendor == vendor.as_str() { defaults.clone() } else { blank(vendor) };
        form.title = self.free_title(&app::services::names::vendor_name(vendor)).await?;
        Ok(SmsService { vendor, form, secret_set: false, active: true, enrolled: 0 })
    }

    pub(super) async fn send_test_text(
        &self,
        admin: &Session,
        id: Option<Uuid>,
        form: &SmsForm,
    ) -> Result<(), AppError> {
        let core = &self.0;
        let stored = stored(&core.db, id, Channel::Sms).await?;
        let (title, provider, secret) = checked_sms(&core.db, core, stored.as_ref(), form).await?;
        let to = phone::parse_international(&form.test_to).map_err(|problem| AppError::field("test_to", problem))?;
        if !provider.countries.iter().any(|country| country == to.country) {
            return Err(AppError::field("test_to", Problem::CountryNotAllowed));
        }
        let key = format!("sms-test:{}", admin.account_id);
        throttle::limit(&core.db, &key, core.clock.now(), TESTS_WINDOW, TESTS).await?;
        let text = test_text(admin.reads(), &core.brand.name(), core.public_url.host_str().unwrap_or_default());
        let text = templates::render(&core.db, core, &text).await?;
        let sent = while_watched(core.sms.send(&provider.via, secret.as_deref(), &to.e164, &text.text)).await;
        let details = format!("{}, {}", provider.via.target(), phone::mask(&to.e164));
        let event = trail::tried(Action::ServiceTested, Actor::Session(admin), details, &sent);
        audit::record(&core.db, core, event.to(&title)).await?;
        sent.map_err(|failure| AppError::refused(Refusal::TextNotDelivered(failure)))
    }
}

/// Stores a new provider of text messages or changes one, within a transaction. Answers its id.
///
/// # Errors
/// `Invalid` with the fields of the form.
pub async fn put_sms(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Option<Uuid>,
    form: &SmsForm,
) -> Result<Uuid, AppError> {
    let stored = stored(db, id, Channel::Sms).await?;
    let (title, provider, secret) = checked_sms(db, core, stored.as_ref(), form).await?;
    let about = provider.via.target();
    let settings = serde_json::to_string(&provider).map_err(internal)?;
    put(db, core, actor, stored, Content { kind: Channel::Sms, title, settings, secret, about }).await
}

/// The form as settings, with the secret that counts: the typed one, or the stored one as long as it is sent the
/// same way to the same place.
async fn checked_sms(
    db: &impl ConnectionTrait,
    core: &Core,
    stored: Option<&service_provider::Model>,
    form: &SmsForm,
) -> Result<(String, SmsProvider, Option<Secret>), AppError> {
    let mut check = Check::default();
    let title = check.take("title", validate::line(&form.title, TITLE_MAX));
    let vendor: Vendor = form.vendor.parse().map_err(|()| AppError::NotFound)?;
    let via = match vendor {
        Vendor::Twilio => SmsSettings::Twilio(twilio(core, &mut check, form)),
        Vendor::Gateway => SmsSettings::Gateway(gateway(core, &mut check, form)),
        Vendor::Smpp => SmsSettings::Smpp(smpp(core, &mut check, form)),
    };
    let provider = SmsProvider {
        countries: check.take("countries", countries(&form.countries)),
        daily: check.take("daily", validate::whole_number(&form.daily, 1, DAILY_MAX)),
        via,
    };
    let secret_max = if vendor == Vendor::Smpp { PASSWORD_MAX } else { SECRET_MAX };
    if form.secret.chars().count() > secret_max as usize {
        check.add("secret", Problem::TooLong(secret_max));
    } else if form.secret.chars().any(char::is_control) {
        check.add("secret", Problem::ControlCharacters);
    }
    let mut secret = (!form.secret.is_empty()).then(|| Secret::from(form.secret.clone()));
    if secret.is_none() && may_have_secret(&provider.via) {
        match stored.filter(|row| row.secret.is_some()) {
            Some(row) if goes_elsewhere(&offers::provider::sms_settings(row)?.via, &provider.via) => {
                check.add("secret", Problem::SecretNeededAgain);
            }
            Some(row) => secret = offers::provider::secret_of(db, &core.vault, row).await?,
            None if vendor != Vendor::Smpp => check.add("secret", Problem::Required),
            None => {}
        }
    }
    check.done()?;
    Ok((title, provider, secret))
}

/// A stored provider for its form.
///
/// # Errors
/// When its settings cannot be read.
pub fn shown(row: service_provider::Model, enrolled: u32) -> Result<SmsService, AppError> {
    let SmsProvider { via, countries, daily } = offers::provider::sms_settings(&row)?;
    let mut form =
        SmsForm { title: row.title, countries: countries.join(", "), daily: daily.to_string(), ..SmsForm::default() };
    let vendor = match via {
        SmsSettings::Twilio(twilio) => {
            form.url = twilio.address;
            form.account = twilio.account_sid;
            form.api_key = twilio.api_key_sid;
            form.sender = twilio.sender;
            Vendor::Twilio
        }
        SmsSettings::Gateway(gateway) => {
            form.method = gateway.method;
            form.url = gateway.url;
            form.headers = gateway.headers;
            form.body = gateway.body;
            form.success = gateway.success;
            Vendor::Gateway
        }
        SmsSettings::Smpp(smpp) => {
            form.host = smpp.host;
            form.port = smpp.port.to_string();
            form.tls = if smpp.tls { "on".to_owned() } else { String::new() };
            form.account = smpp.system_id;
            form.sender = smpp.sender;
            form.alphabet = smpp.alphabet.as_str().to_owned();
            Vendor::Smpp
        }
    };
    form.vendor = vendor.as_str().to_owned();
    Ok(SmsService { vendor, form, secret_set: row.secret.is_some(), active: row.active, enrolled })
}

/// A new provider's form, with what most of them need.
fn blank(vendor: Vendor) -> SmsForm {
    let form = SmsForm { vendor: vendor.as_str().to_owned(), daily: DAILY.to_string(), ..SmsForm::default() };
    match vendor {
        Vendor::Twilio => SmsForm { url: ADDRESS.to_owned(), ..form },
        Vendor::Gateway => SmsForm {
            method: METHODS[0].to_owned(),
            headers: "Authorization: Bearer {{secret}}\nContent-Type: application/json".to_owned(),
            body: "{\"to\": \"{{to}}\", \"text\": \"{{text}}\"}".to_owned(),
            ..form
        },
        Vendor::Smpp => SmsForm {
            port: "3550".to_owned(),
            tls: "on".to_owned(),
            alphabet: Alphabet::Gsm7.as_str().to_owned(),
            ..form
        },
    }
}

fn twilio(core: &Core, check: &mut Check, form: &SmsForm) -> Twilio {
    let address = validate::line(&form.url, LINE_MAX).and_then(|address| {
        let url = checked_url(core, &address)?;
        let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if plain { Ok(address.trim_end_matches('/').to_owned()) } else { Err(Problem::NotAUrl) }
    });
    let api_key = form.api_key.trim();
    Twilio {
        address: check.take("url", address),
        account_sid: check.take("account", sid(&form.account, "AC")),
        api_key_sid: if api_key.is_empty() { String::new() } else { check.take("api_key", sid(api_key, "SK")) },
        sender: check.take(
            "sender",
            sender(&form.sender).or_else(|problem| {
                let typed = form.sender.trim();
                if is_messaging_service(typed) { Ok(typed.to_owned()) } else { Err(problem) }
            }),
        ),
    }
}

fn gateway(core: &Core, check: &mut Check, form: &SmsForm) -> Gateway {
    let url = validate::line(&form.url, LINE_MAX).and_then(|url| checked_url(core, &url).map(|_| url));
    let url = check.take("url", url);
    let headers = text(&form.headers, LINE_MAX);
    let found = headers.clone().and_then(|text| template::headers(&text, SAMPLE));
    let content_type = found.as_ref().ok().and_then(|found| found.get(CONTENT_TYPE)?.to_str().ok()).unwrap_or_default();
    let body = text(&form.body, BODY_MAX).and_then(|body| {
        template::fill(&body, Writing::of(content_type), SAMPLE)?;
        let has = |name| template::has(&url, name) || template::has(&body, name);
        let complete = has("text") && (has("to") || has("digits"));
        // A bad address is told by itself.
        if complete || url.is_empty() { Ok(body) } else { Err(Problem::PlaceholderMissing) }
    });
    let body = check.take("body", body);
    let method = form.method.trim();
    let method = if METHODS.contains(&method) { Ok(method.to_owned()) } else { Err(Problem::NotAChoice) };
    Gateway {
        method: check.take("method", method),
        url,
        headers: check.take("headers", found.and(headers)),
        body,
        success: check.take("success", validate::optional_line(&form.success, TITLE_MAX)),
    }
}

fn smpp(core: &Core, check: &mut Check, form: &SmsForm) -> Smpp {
    Smpp {
        host: check.take("host", host(core, &form.host)),
        port: check.take("port", validate::port(&form.port)),
        tls: !form.tls.is_empty(),
        system_id: check.take("account", validate::line(&form.account, SYSTEM_ID_MAX).and_then(ascii)),
        sender: check.take("sender", sender(&form.sender)),
        alphabet: check.take("alphabet", form.alphabet.parse().map_err(|()| Problem::NotAChoice)),
    }
}

/// Several lines, which may be none.
fn text(typed: &str, max: u32) -> Result<String, Problem> {
    let typed = typed.trim().replace("\r\n", "\n");
    if typed.chars().count() > max as usize {
        return Err(Problem::TooLong(max));
    }
    if typed.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Problem::ControlCharacters);
    }
    Ok(typed)
}

/// An address whose host may be contacted.
fn checked_url(core: &Core, address: &str) -> Result<Url, Problem> {
    let url = template::url(address, SAMPLE)?;
    let named = url.host_str().unwrap_or_default();
    host(core, named.trim_matches(['[', ']'])).map_err(|problem| match problem {
        Problem::AddressNotAllowed | Problem::HostNotAllowed => problem,
        _ => Problem::NotAUrl,
    })?;
    Ok(url)
}

fn sid(typed: &str, begins: &str) -> Result<String, Problem> {
    let sid = validate::line(typed, TITLE_MAX)?;
    let digits = sid.strip_prefix(begins).unwrap_or_default();
    let right = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if right { Ok(sid) } else { Err(Problem::NotASid) }
}

/// A number with its plus sign, a short code, or letters and digits.
fn sender(typed: &str) -> Result<String, Problem> {
    let sender = validate::line(typed, TITLE_MAX)?;
    let digits = sender.strip_prefix('+').unwrap_or(&sender);
    let number = (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let letters = sender.len() <= SENDER_MAX
        && sender.bytes().any(|byte| byte.is_ascii_alphabetic())
        && sender.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -_&.".contains(&byte));
    if number || letters { Ok(sender) } else { Err(Problem::NotASender) }
}

fn ascii(text: String) -> Result<String, Problem> {
    if text.is_ascii() { Ok(text) } else { Err(Problem::ControlCharacters) }
}

/// Two letters of each country, sorted and without repetition.
fn countries(typed: &str) -> Result<Vec<String>, Problem> {
    let codes = typed.split([',', ';', ' ', '\n', '\r', '\t']).filter(|code| !code.is_empty());
    let known: Option<Vec<_>> = codes.map(|code| phone::known(code).map(str::to_owned)).collect();
    let mut known = known.ok_or(Problem::NotCountries)?;
    known.sort();
    known.dedup();
    if known.is_empty() { Err(Problem::Required) } else { Ok(known) }
}

/// Whether these settings send a secret at all.
fn may_have_secret(via: &SmsSettings) -> bool {
    match via {
        SmsSettings::Twilio(_) | SmsSettings::Smpp(_) => true,
        SmsSettings::Gateway(gateway) => {
            [&gateway.url, &gateway.headers, &gateway.body].iter().any(|part| template::has(part, "secret"))
        }
    }
}

/// Whether a secret that was stored for the one would reach somebody else, or in another way, by the other.
fn goes_elsewhere(before: &SmsSettings, now: &SmsSettings) -> bool {
    match (before, now) {
        (SmsSettings::Twilio(before), SmsSettings::Twilio(now)) => {
            (&before.address, &before.account_sid, &before.api_key_sid)
                != (&now.address, &now.account_sid, &now.api_key_sid)
        }
        // A changed template could put the secret into the message itself.
        (SmsSettings::Gateway(before), SmsSettings::Gateway(now)) => {
            (&before.method, &before.url, &before.headers, &before.body)
                != (&now.method, &now.url, &now.headers, &now.body)
        }
        (SmsSettings::Smpp(before), SmsSettings::Smpp(now)) => {
            (&before.host, before.port, &before.system_id) != (&now.host, now.port, &now.system_id)
                || before.tls && !now.tls
        }
        _ => true,
    }
}
