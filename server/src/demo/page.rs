//! The mailbox page: what arrived, newest first, kept fresh by itself.

use super::mailbox::{Mail, Mailbox};
use crate::{
    core::Core,
    http::{language_of, page_policy},
    platform::vault,
};
use app::{delivery::message::escape, demo_texts as texts, texts::spoken};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

/// What the page needs.
#[derive(Clone)]
struct Demo {
    mailbox: Mailbox,
    core: Arc<Core>,
    stylesheet: Arc<str>,
}

/// The routes of the mailbox. `stylesheet` is the address of the site's sheet.
pub fn routes(mailbox: Mailbox, core: Arc<Core>, stylesheet: &str) -> Router {
    Router::new()
        .route("/demo/mailbox", get(page))
        .route("/demo/mailbox/list", get(fresh))
        .route("/demo/mailbox/{number}", get(one))
        .with_state(Demo { mailbox, core, stylesheet: stylesheet.into() })
}

async fn fresh(State(demo): State<Demo>, headers: HeaderMap) -> Html<String> {
    Html(language_of(&headers).speak(|| list(&demo.mailbox.all())))
}

async fn page(State(demo): State<Demo>, headers: HeaderMap) -> Response {
    language_of(&headers).speak(|| whole(&demo))
}

fn whole(demo: &Demo) -> Response {
    let language = spoken();
    let nonce = vault::new_token();
    let brand = escape(&demo.core.brand.name());
    let title = texts::title();
    // Swaps the list only when it changed, so that reading and selecting are not disturbed.
    let script = "setInterval(async()=>{try{const r=await fetch('/demo/mailbox/list');if(!r.ok)return;\
        const t=await r.text(),m=document.getElementById('mails');if(m.dataset.was!==t){m.dataset.was=t;m.innerHTML=t}}catch{}},1000)";
    let html = format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · {brand}</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{sheet}\"></head><body>\
         <header class=\"top\"><a class=\"brand\" href=\"/login\"><span>{brand}</span></a></header>\
         <main id=\"main\" class=\"mailbox\"><div class=\"page-head\"><h1>{title}</h1><p class=\"lead\">{lead}</p>\
         <noscript><p><a href=\"/demo/mailbox\">{look}</a></p></noscript></div>\
         <div id=\"mails\">{list}</div></main><script nonce=\"{nonce}\">{script}</script></body></html>",
        lang = language.as_str(),
        dir = language.dir(),
        sheet = demo.stylesheet,
        lead = texts::lead(),
        look = texts::look(),
        list = list(&demo.mailbox.all()),
    );
    ([(header::CONTENT_SECURITY_POLICY, page_policy(&nonce))], Html(html)).into_response()
}

fn list(mails: &[Mail]) -> String {
    if mails.is_empty() {
        return format!("<p class=\"empty\">{}</p>", texts::empty());
    }
    mails.iter().map(item).collect()
}

fn item(mail: &Mail) -> String {
    let html_form = if mail.html.is_empty() {
        String::new()
    } else {
        let (number, words) = (mail.number, texts::html_form(&mail.number.to_string()));
        format!("<p><a href=\"/demo/mailbox/{number}\">{words}</a></p>")
    };
    format!(
        "<article class=\"mail panel\"><h2>{subject}</h2><p class=\"mail-meta\">{from} → {to}</p><pre>{text}</pre>{html_form}</article>",
        subject = escape(&mail.subject),
        from = escape(&mail.from),
        to = escape(&mail.to),
        text = escape(&mail.text),
    )
}

/// The HTML form of a message, as a mail program would show it: without scripts and without the network.
async fn one(State(demo): State<Demo>, Path(number): Path<u64>) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; object-src 'none'; \
                  frame-ancestors 'none'; form-action 'none'; sandbox";
    match demo.mailbox.all().into_iter().find(|mail| mail.number == number) {
        Some(mail) => ([(header::CONTENT_SECURITY_POLICY, policy)], Html(mail.html)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
