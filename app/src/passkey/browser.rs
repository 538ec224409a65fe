//! The browser's side of WebAuthn. It runs in browsers only; the server compiles it and never calls it.

use super::types::{Ask, Ceremony, PasskeyQuestion, QUESTION, Trouble};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use leptos::{
    prelude::window,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{HtmlFormElement, HtmlInputElement, Request, RequestInit, Response, UrlSearchParams},
};
use wasm_bindgen_futures::JsFuture;

/// Asks for a key. Answers what the key said, as JSON.
///
/// # Errors
/// Why there is no answer.
pub async fn ask(ask: Ask, ceremony: &Ceremony) -> Result<String, Trouble> {
    if window().location().origin().as_ref() != Ok(&ceremony.origin) {
        return Err(Trouble::Elsewhere);
    }
    let class = get(&window(), "PublicKeyCredential");
    let (parse, call) = match ask {
        Ask::Register => ("parseCreationOptionsFromJSON", "create"),
        Ask::Use | Ask::SignIn => ("parseRequestOptionsFromJSON", "get"),
    };
    // Without secure context there is no such class, and before 2025 not every browser could read JSON.
    if !get(&class, parse).is_function() {
        return Err(Trouble::Unsupported);
    }
    let answer = async {
        let options = run(&class, parse, &[JSON::parse(&ceremony.options)?])?;
        let request = Object::new();
        Reflect::set(&request, &"publicKey".into(), &options)?;
        let promise: Promise = run(&get(&window().navigator(), "credentials"), call, &[request.into()])?.dyn_into()?;
        let credential = JsFuture::from(promise).await?;
        JSON::stringify(&run(&credential, "toJSON", &[])?)
    };
    match answer.await {
        Ok(json) => Ok(json.into()),
        Err(error) => Err(Trouble::named(&get(&error, "name").as_string().unwrap_or_default())),
    }
}

/// The question for the account whose address a form says. Nothing but that is sent.
pub async fn question(form: &HtmlFormElement) -> Option<PasskeyQuestion> {
    let body = UrlSearchParams::new().ok()?;
    for name in ["audience", "email"] {
        body.append(name, &field(form, name)?.value());
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    let request = Request::new_with_str_and_init(QUESTION, &init).ok()?;
    request.headers().set("Accept", "application/json").ok()?;
    let response = JsFuture::from(window().fetch_with_request(&request)).await.ok()?;
    // What else it is answered with has none of these.
    let told = JsFuture::from(response.dyn_into::<Response>().ok()?.json().ok()?).await.ok()?;
    let text = |name| get(&told, name).as_string();
    Some(PasskeyQuestion { options: text("options")?, origin: text("origin")?, question: text("question")? })
}

/// A field of a form.
pub fn field(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    form.query_selector(&format!("input[name={name}]")).ok()??.dyn_into().ok()
}

/// A property; undefined where there is none.
fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method.
fn run(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    get(of, name).dyn_into::<Function>()?.apply(of, &arguments.iter().collect::<Array>())
}
