//! Takes over a page into the one that stands.

use super::{fields::Kept, islands};
use js_sys::{Array, Object, Reflect};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen},
    web_sys::{Document, Element, Node},
};

#[wasm_bindgen(module = "idiomorph")]
extern "C" {
    #[wasm_bindgen(js_namespace = Idiomorph, js_name = morph)]
    fn idiomorph(old: &Node, new: &Node, options: &JsValue);
}

/// Makes the page what `new` is. Elements that are on both stay, with their focus and their place; so do islands that
/// came with the same properties, with all that happened in them, and what was typed into the fields in `kept`.
pub fn morph(new: &Document, kept: &Kept) {
    let (Some(body), Some(new_body)) = (document().body(), new.body()) else { return };
    take_attributes(new);
    document().set_title(&new.title());
    let islands = Array::new();
    let before_morph = {
        let islands = islands.clone();
        Closure::<dyn FnMut(JsValue, JsValue) -> bool>::new(move |old: JsValue, new: JsValue| {
            let Some((old, new)) = old.dyn_ref::<Element>().zip(new.dyn_ref::<Element>()) else { return true };
            if old.local_name() != islands::TAG {
                return true;
            }
            let differs = |name| old.get_attribute(name) != new.get_attribute(name);
            if differs("data-component") || differs("data-props") {
                islands.push(&Array::of2(old, new));
            }
            false
        })
    };
    let before_attribute = {
        let kept = kept.clone();
        Closure::<dyn FnMut(String, JsValue) -> bool>::new(move |name: String, element: JsValue| {
            element.dyn_ref::<Element>().is_none_or(|element| !kept.keeps(&name, element))
        })
    };
    let callbacks = Object::new();
    let options = Object::new();
    for (of, name, value) in [
        (&callbacks, "beforeNodeMorphed", before_morph.as_ref()),
        (&callbacks, "beforeAttributeUpdated", before_attribute.as_ref()),
        (&options, "callbacks", callbacks.as_ref()),
    ] {
        let _ = Reflect::set(of, &name.into(), value);
    }
    idiomorph(&body, &new_body, &options);
    for pair in islands.iter() {
        let pair: Array = pair.into();
        if let (Some(old), Some(new)) = (pair.get(0).dyn_ref::<Element>(), pair.get(1).dyn_ref::<Node>())
            && let Ok(new) = document().import_node_with_deep(new, true)
        {
            let _ = old.replace_with_with_node_1(&new);
        }
    }
}

/// The language and its direction may be other ones.
fn take_attributes(new: &Document) {
    let Some((old, new)) = document().document_element().zip(new.document_element()) else { return };
    for name in ["lang", "dir"] {
        let _ = match new.get_attribute(name) {
            Some(value) => old.set_attribute(name, &value),
            None => old.remove_attribute(name),
        };
    }
}
