//! The browser's side of server-sent events. It runs in browsers only.

use js_sys::{Array, Function, Reflect};
use leptos::{
    prelude::window,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};

/// Hears events until it is dropped.
pub struct Events {
    source: JsValue,
    // They are called for as long as this lives.
    _listeners: [Closure<dyn FnMut(JsValue)>; 2],
}

impl Events {
    /// Listens to an address. `None` in browsers that cannot.
    pub fn open(address: &str, mut heard: impl FnMut(String) + 'static) -> Option<Self> {
        let class = get(&window(), "EventSource").dyn_into::<Function>().ok()?;
        let source = Reflect::construct(&class, &Array::of1(&address.into())).ok()?;
        let message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(data) = get(&event, "data").as_string() {
                heard(data);
            }
        });
        let ending = source.clone();
        // Left open, the browser would ask again and again.
        let end = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| close(&ending));
        let listen = get(&source, "addEventListener").dyn_into::<Function>().ok()?;
        listen.call2(&source, &"message".into(), message.as_ref()).ok()?;
        listen.call2(&source, &"end".into(), end.as_ref()).ok()?;
        Some(Self { source, _listeners: [message, end] })
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        close(&self.source);
    }
}

fn close(source: &JsValue) {
    if let Ok(close) = get(source, "close").dyn_into::<Function>() {
        let _ = close.call0(source);
    }
}

/// A property; undefined where there is none.
fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
