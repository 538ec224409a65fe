//! Ceremonies with a key made of software.

use super::*;
use crate::testing::soft_key::{Parts, SoftKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

const ORIGIN: &str = "https://id.example.org";

fn passkeys() -> Passkeys {
    at("https://id.example.org/").expect("passkeys work at a host name")
}

fn at(public_url: &str) -> Option<Passkeys> {
    Passkeys::of(&public_url.parse().expect("an address"), "Configio")
}

fn question(existing: &[Passkey]) -> Registration {
    let owner = Owner { id: Uuid::from_u128(7), email: "carla@example.org", name: "Carla" };
    passkeys().begin_registration(&owner, existing).expect("a question")
}

/// Registers a key.
fn registered(key: &mut SoftKey) -> Passkey {
    let question = question(&[]);
    let answer = key.register(&question.options, ORIGIN);
    passkeys().finish_registration(&question, &answer).expect("the key is taken")
}

/// The reason of a refusal.
fn wrong<T>(result: Result<T, Rejected>) -> String {
    match result {
        Err(Rejected::Wrong(reason)) => reason,
        Err(Rejected::Copied) => panic!("refused as a copy"),
        Ok(_) => panic!("it was accepted"),
    }
}

#[test]
fn a_key_is_registered_and_proves_itself_again_and_again() {
    let (site, mut key) = (passkeys(), SoftKey::new(1));
    let mut stored = registered(&mut key);
    for _ in 0..3 {
        // All of it is stored between question and answer.
        let question = site.begin_authentication(std::slice::from_ref(&stored)).expect("a question");
        let kept = serde_json::to_string(&question).expect("JSON");
        let question: Authentication = serde_json::from_str(&kept).expect("JSON");
        let used = site.finish_authentication(&question, &key.answer(&question.options, ORIGIN)).expect("accepted");
        assert!(stored.gave(&used));
        stored.accept(&used).expect("the counter has grown");
        stored = serde_json::from_str(&serde_json::to_string(&stored).expect("JSON")).expect("JSON");
    }
    assert_eq!(Credential::from(stored.0).counter, key.counter);
}

#[test]
fn the_question_names_the_site_and_asks_for_any_kind_of_key() {
    let options: Value = serde_json::from_str(&question(&[]).options).expect("JSON");
    assert_eq!(options["rp"], json!({"id": "id.example.org", "name": "Configio"}));
    assert_eq!(options["user"]["name"], "carla@example.org");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "preferred");
    assert_eq!(options["attestation"], "none");
    for absent in ["hints", "extensions"] {
        assert!(options.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn passkeys_work_at_host_names_only() {
    for (public_url, origin) in [
        ("https://id.example.org", Some("https://id.example.org")),
        ("https://id.example.org:8443/", Some("https://id.example.org:8443")),
        ("http://localhost:3000", Some("http://localhost:3000")),
        ("http://demo.localhost", Some("http://demo.localhost")),
        // Browsers take no IP address, but the machine has a name too.
        ("http://127.0.0.1:3000", Some("http://localhost:3000")),
        ("http://[::1]:3000", Some("http://localhost:3000")),
        ("https://192.0.2.1", None),
        ("http://[2001:db8::1]", None),
        // No secure context, so browsers have no passkeys there at all.
        ("http://id.example.org", None),
    ] {
        assert_eq!(at(public_url).map(|passkeys| passkeys.origin).as_deref(), origin, "{public_url}");
    }
}

#[test]
fn a_counter_that_goes_back_is_refused_as_a_copy() {
    let (site, mut key) = (passkeys(), SoftKey::new(1));
    let mut stored = registered(&mut key);
    let mut copy = key.clone();
    let early = site.begin_authentication(std::slice::from_ref(&stored)).expect("a question");
    let used = site.finish_authentication(&early, &key.answer(&early.options, ORIGIN)).expect("accepted");
    stored.accept(&used).expect("the counter has grown");
    let late = site.begin_authentication(std::slice::from_ref(&stored)).expect("a question");
    let answer = copy.clone().answer(&late.options, ORIGIN);
    assert_eq!(site.finish_authentication(&late, &answer).err(), Some(Rejected::Copied));
    // A question from before the last answer does not know of it; the stored key does.
    let used = site.finish_authentication(&early, &copy.answer(&early.options, ORIGIN)).expect("right by then");
    assert_eq!(stored.accept(&used), Err(Rejected::Copied));
}

#[test]
fn keys_that_do_not_count_are_accepted_until_they_begin_to() {
    let (site, mut key) = (passkeys(), SoftKey::new(1));
    key.counts = false;
    let mut stored = registered(&mut key);
    let question = site.begin_authentication(std::slice::from_ref(&stored)).expect("a question");
    for _ in 0..2 {
        let used = site.finish_authentication(&question, &key.answer(&question.options, ORIGIN)).expect("accepted");
        stored.accept(&used).expect("0 is no count");
    }
}

#[test]
fn an_answer_counts_only_for_its_question_its_site_and_its_key() {
    let (site, mut key) = (passkeys(), SoftKey::new(1));
    let stored = registered(&mut key);
    let question = site.begin_authentication(std::slice::from_ref(&stored)).expect("a question");
    let honest = || Parts::honest(&question.options, ORIGIN, "webauthn.get");
    let other = site.begin_authentication(std::slice::from_ref(&stored)).expect("a question");
    for (expected, parts) in [
        ("relying party origin", Parts { origin: "https://id.example.org.evil.example".to_owned(), ..honest() }),
        ("relying party origin", Parts { origin: "https://sub.id.example.org".to_owned(), ..honest() }),
        ("relying party origin", Parts { origin: "https://id.example.org:8443".to_owned(), ..honest() }),
        ("relying party origin", Parts { origin: "http://id.example.org".to_owned(), ..honest() }),
        ("relying party id", Parts { rp_id: "example.org".to_owned(), ..honest() }),
        ("challenge", Parts { challenge: Parts::honest(&other.options, ORIGIN, "webauthn.get").challenge, ..honest() }),
        ("webauthn", Parts { kind: "webauthn.create", ..honest() }),
    ] {
        let reason = wrong(site.finish_authentication(&question, &key.answer_with(&parts)));
        assert!(reason.contains(expected), "{expected}: {reason}");
    }
    // The key of another account, under its own name and under this one's.
    let mut stranger = SoftKey::new(2);
    let strange = registered(&mut stranger);
    wrong(site.finish_authentication(&question, &stranger.answer(&question.options, ORIGIN)));
    let mut forged: Value = serde_json::from_str(&stranger.answer(&question.options, ORIGIN)).expect("JSON");
    let mine: Value = serde_json::from_str(&key.answer(&question.options, ORIGIN)).expect("JSON");
    for name in ["id", "rawId"] {
        forged[name] = mine[name].clone();
    }
    wrong(site.finish_authentication(&question, &forged.to_string()));
    assert!(site.begin_authentication(&[]).is_err(), "no keys would mean any key");
    assert!(!strange.gave(&site.finish_authentication(&question, &mine.to_string()).expect("it is right itself")));
}

#[test]
fn a_new_key_has_to_answer_its_question_at_its_site() {
    let (site, mut key) = (passkeys(), SoftKey::new(1));
    let asked = question(&[]);
    let honest = || Parts::honest(&asked.options, ORIGIN, "webauthn.create");
    let elsewhere = Parts::honest(&question(&[]).options, ORIGIN, "webauthn.create").challenge;
    for parts in [
        Parts { origin: "https://evil.example".to_owned(), ..honest() },
        Parts { rp_id: "evil.example".to_owned(), ..honest() },
        Parts { challenge: elsewhere, ..honest() },
        Parts { kind: "webauthn.get", ..honest() },
    ] {
        wrong(site.finish_registration(&asked, &key.register_with(&parts)));
    }
    let answer = key.register(&asked.options, ORIGIN);
    let stored = site.finish_registration(&asked, &answer).expect("the key is taken");
    // The same key a second time, also where the browser does not care.
    let again = question(std::slice::from_ref(&stored));
    assert!(again.options.contains("excludeCredentials"));
    wrong(site.finish_registration(&again, &key.register(&again.options, ORIGIN)));
}

#[test]
fn a_key_that_was_registered_with_its_pin_is_asked_for_it_always() {
    let (site, mut key) = (passkeys(), SoftKey::new(1));
    key.verifies = true;
    let stored = registered(&mut key);
    let question = site.begin_authentication(std::slice::from_ref(&stored)).expect("a question");
    key.verifies = false;
    wrong(site.finish_authentication(&question, &key.answer(&question.options, ORIGIN)));
    key.verifies = true;
    assert!(site.finish_authentication(&question, &key.answer(&question.options, ORIGIN)).is_ok());
}

/// Answers that no key has given: any text, the right form with any bytes, and a real answer with some bytes changed.
fn malformed(real: &str) -> impl Strategy<Value = String> + use<> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..300);
    let made_up = (bytes(), bytes(), bytes(), bytes()).prop_map(|(id, client, data, signature)| {
        let [id, client, data, signature] = [id, client, data, signature].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let response = json!({"clientDataJSON": client, "authenticatorData": data, "attestationObject": data,
            "signature": signature, "userHandle": id, "transports": [client]});
        json!({"id": id, "rawId": id, "type": "public-key", "response": response}).to_string()
    });
    let real: Value = serde_json::from_str(real).expect("JSON");
    let fields: Vec<String> = real["response"].as_object().expect("fields").keys().cloned().collect();
    let fields: Vec<String> = fields.into_iter().filter(|field| field != "transports").collect();
    let changed = (prop::sample::select(fields), bytes(), any::<prop::sample::Index>()).prop_filter_map(
        "nothing was changed",
        move |(field, new, at)| {
            let mut answer = real.clone();
            let old = URL_SAFE_NO_PAD.decode(answer["response"][&field].as_str()?).ok()?;
            let start = at.index(old.len() + 1);
            let mut changed = old.clone();
            changed.splice(start..(start + new.len()).min(old.len()), new);
            answer["response"][&field] = URL_SAFE_NO_PAD.encode(&changed).into();
            (changed != old).then(|| answer.to_string())
        },
    );
    prop_oneof![".{0,200}", "[\\[{]{1,2000}", made_up, changed]
}

/// Tries 1,000 of them.
fn try_malformed(real: &str, is_refused: impl Fn(&str) -> bool) {
    let mut runner = TestRunner::new(ProptestConfig { cases: 1_000, failure_persistence: None, ..Default::default() });
    let tried = runner.run(&malformed(real), |answer| {
        prop_assert!(is_refused(&answer), "accepted: {answer}");
        Ok(())
    });
    tried.expect("all are refused without a panic");
}

#[test]
fn malformed_answers_of_known_keys_are_refused_without_a_panic() {
    let (site, mut key) = (passkeys(), SoftKey::new(1));
    let asked = site.begin_authentication(&[registered(&mut key)]).expect("a question");
    let real = key.answer(&asked.options, ORIGIN);
    try_malformed(&real, |answer| site.finish_authentication(&asked, answer).is_err());
    assert!(site.finish_authentication(&asked, &real).is_ok(), "as it was it is right");
}

#[test]
fn malformed_answers_of_new_keys_are_refused_without_a_panic() {
    // Another question, since a new key may well call itself something else.
    let (site, asked, mut key) = (passkeys(), question(&[]), SoftKey::new(1));
    let real = key.register(&question(&[]).options, ORIGIN);
    try_malformed(&real, |answer| site.finish_registration(&asked, answer).is_err());
}
