//! In which language pages and messages are.

use super::{app, call, call_with, cookies, set_cookie, text_of};
use crate::{
    entity::stored::Stored,
    http::router::PAGES,
    testing::{PASSWORD, sqlite},
};
use app::{
    account::port::AccountPort, caller::Session, challenge::message::code_message, language::types::Language,
    login::types::Audience, policy::port::PolicyPort,
};
use axum::http::{Method, StatusCode, header};
use serde_json::Value;
use std::{collections::BTreeSet, fs};

/// The texts of a language without those that hold values, by their keys.
fn texts(language: Language) -> Vec<(String, String)> {
    fn collect(value: &Value, key: &str, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(inner) => {
                inner.iter().for_each(|(name, value)| collect(value, &format!("{key}.{name}"), found));
            }
            Value::String(text) if !text.contains("{{") => found.push((key.to_owned(), text.clone())),
            _ => {}
        }
    }
    let file = format!("{}/../app/locales/{}.json", env!("CARGO_MANIFEST_DIR"), language.as_str());
    let mut found = Vec::new();
    collect(&serde_json::from_str(&fs::read_to_string(file).expect("there")).expect("JSON"), "", &mut found);
    found
}

fn text(language: Language, key: &str) -> String {
    texts(language).into_iter().find(|(name, _)| name == key).expect("the key").1
}

/// What a page shows: the texts between its tags and those of attributes that are read, but not the names of languages.
fn shown(page: &str) -> BTreeSet<String> {
    let body = page.split("<body").nth(1).unwrap_or_default().split("<script").next().unwrap_or_default();
    let plain = |text: &str| text.replace("&amp;", "&").replace("&lt;", "<").replace("&#x27;", "'").trim().to_owned();
    let between = body.split('>').skip(1).map(|rest| rest.split('<').next().unwrap_or_default());
    let attributes = ["aria-label=\"", "title=\"", "placeholder=\"", "alt=\"", "data-label=\""];
    let said = attributes.into_iter().flat_map(|attribute| body.split(attribute).skip(1));
    between.chain(said.map(|rest| rest.split('"').next().unwrap_or_default())).map(plain).collect()
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_browser_asks_for_or_that_was_chosen_in_it() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let page = async |cookie: &str, accept: &str| {
        text_of(call_with(&app, Method::GET, "/login", cookie, "", &[("accept-language", accept)]).await).await
    };
    for (cookie, accept, language) in [
        ("", "", Language::En),
        ("", "nl", Language::En),
        ("", "de-AT,de;q=0.9,en;q=0.5", Language::De),
        ("", "ar", Language::Ar),
        ("__Host-countersign_language=fr", "de", Language::Fr),
        ("__Host-countersign_language=xx", "de", Language::De),
    ] {
        let html = page(cookie, accept).await;
        let start = format!("<html lang=\"{}\" dir=\"{}\"", language.as_str(), language.dir());
        assert!(html.contains(&start), "{cookie} {accept}: {}", &html[..200]);
        assert!(html.contains(&text(language, ".login.title_customer")), "{cookie} {accept}: {html}");
        let texts = html.contains("id=\"texts\"");
        assert_eq!(texts, language != Language::En, "the texts of the islands");
    }
}

#[tokio::test]
async fn a_choice_is_kept_with_the_account_and_in_the_browser() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [stranger, waiting, customer, _] = cookies(&fixture).await;
    let id = fixture.session(customer.split('=').nth(1).expect("a token")).await.expect("a session").account_id;
    let form = [("accept", "text/html"), ("referer", "https://id.example.org/account/security")];
    let choose = async |cookie: &str, language: &str| {
        let body = format!("language={language}&audience=customer");
        call_with(&app, Method::POST, "/api/language/choose", cookie, &body, &form).await
    };
    let done = choose(&customer, "ja").await;
    assert_eq!(done.status(), StatusCode::FOUND);
    let back = done.headers()[header::LOCATION].to_str().expect("text");
    assert_eq!(back.trim_end_matches('?'), "https://id.example.org/account/security");
    let cookie = set_cookie(&done, "language");
    for part in ["__Host-countersign_language=ja", "SameSite=Lax", "Secure", "Path=/", "Max-Age=31536000"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    assert_eq!(fixture.account_row(id).await.language, Some(Stored(Language::Ja)));
    let page = async |cookie: &str, path: &str| text_of(call(&app, Method::GET, path, cookie, "").await).await;
    assert!(page(&customer, "/account").await.contains("<html lang=\"ja\""), "in every browser of the account");
    assert!(page("", "/login").await.contains("<html lang=\"en\""), "and in nobody else's");

    let waits_for = fixture.session(waiting.split('=').nth(1).expect("a token")).await.expect("a session").account_id;
    for cookie in [&stranger, &waiting] {
        assert_eq!(
            set_cookie(&choose(cookie, "de").await, "language").split(';').next(),
            Some("__Host-countersign_language=de")
        );
    }
    assert_eq!(fixture.account_row(waits_for).await.language, None, "the password alone changes nothing");
    let bad = call(&app, Method::POST, "/api/language/choose", &customer, "language=xx&audience=customer").await;
    assert_eq!(
        (bad.status(), bad.headers().contains_key(header::SET_COOKIE)),
        (StatusCode::UNPROCESSABLE_ENTITY, false)
    );
    let elsewhere = [("sec-fetch-site", "cross-site")];
    let forged = call_with(&app, Method::POST, "/api/language/choose", &customer, "language=de", &elsewhere).await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
}

/// Nothing on any page is in English where another language was asked for.
#[tokio::test]
async fn no_page_falls_back_on_english() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let visitors = cookies(&fixture).await;
    let mut english: BTreeSet<String> = texts(Language::En).into_iter().map(|(_, text)| text).collect();
    for (_, same) in texts(Language::Ar) {
        english.remove(&same);
    }
    // The name of the language, in itself; what an administrator called a method; what the audit log says, as English as
    // the day it was written.
    for own in [Language::En.own_name(), "Email", "admin", "customer"] {
        english.remove(own);
    }
    let (mut seen, mut wrong) = (0, Vec::new());
    for route in PAGES.iter() {
        let path = route.path().replace("{id}", "0").replace("{audience}", "customer").replace("{kind}", "smtp");
        for cookie in &visitors {
            let response = call_with(&app, Method::GET, &path, cookie, "", &[("accept-language", "ar")]).await;
            if response.status().is_redirection() {
                continue;
            }
            let page = text_of(response).await;
            if !page.contains("<main") {
                continue;
            }
            seen += 1;
            let left: Vec<_> = shown(&page).intersection(&english).cloned().collect();
            if !left.is_empty() {
                wrong.push(format!("{path} says {left:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 60, "{seen} pages were seen");
}

#[tokio::test]
async fn a_message_is_in_the_language_of_its_reader() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let id = fixture.enrolled_customer("carla@example.org").await;
    let code = async |accept: &str| {
        let body = format!("audience=customer&email=carla%40example.org&password={}", PASSWORD);
        let headers = [("accept-language", accept)];
        let done = call_with(&app, Method::POST, "/api/login/log_in", "", &body, &headers).await;
        assert!(done.status().is_success() || done.status().is_redirection(), "{}", done.status());
        fixture.mail.kept().last().expect("a message").text.clone()
    };
    let last_line = |text: &str| text.trim().lines().last().unwrap_or_default().to_owned();
    let warning = |language| last_line(&code_message(language, "Configio", "000000", "ABC", 10).text);
    assert_eq!(last_line(&code("de").await), warning(Language::De), "the browser's, where none was chosen");
    let session = fixture.password_session("carla@example.org").await;
    fixture.account().set_language(&session, Language::Ar).await.expect("kept");
    assert_eq!(last_line(&code("de").await), warning(Language::Ar), "the account's own choice");
    assert_eq!(fixture.account_row(id).await.language, Some(Stored(Language::Ar)));
}

#[tokio::test]
async fn administrators_are_told_each_in_their_own_language() {
    let fixture = sqlite().await;
    fixture.offer_mail().await;
    for (email, language) in [("ada@example.org", Language::De), ("bert@example.org", Language::Ar)] {
        fixture.administrator(email).await;
        let (_, session) = fixture.log_in_admin(email).await;
        fixture.account().set_language(&session, language).await.expect("kept");
    }
    fixture.administrator("cora@example.org").await;
    // Whoever did it speaks French.
    let admin = Session { language: Some(Language::Fr), ..fixture.admin() };
    fixture.policy().set_allowed(&admin, Audience::Customer, true).await.expect("allowed");
    let mail = fixture.mail_so_far().await;
    for (to, language) in
        [("ada@example.org", Language::De), ("bert@example.org", Language::Ar), ("cora@example.org", Language::En)]
    {
        let advice = text(language, ".notice.change_advice");
        assert!(mail.iter().any(|(receiver, text)| receiver == to && text.contains(&advice)), "{to}: {mail:?}");
    }
}
