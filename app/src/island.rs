//! Parts of a page that are alive by themselves (decision 36). Leptos' own `#[island]` would bring a reader of JSON to the
//! browser, which has one.

use leptos::{
    prelude::*,
    reactive::owner::Owner,
    tachys::{html::islands, reactive_graph::OwnedView},
};

/// A part of a page that is alive by itself. Its fields are what the server tells it, and stand in the page: no secrets.
pub(crate) trait Island: Sized + 'static {
    /// Its name in the page.
    const NAME: &'static str;

    /// Reads what the server told it.
    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self>;

    /// What it shows, rendered by the server and then alive in the browser.
    fn view(self) -> impl IntoView + 'static;
}

/// Puts it into a page.
#[cfg(feature = "ssr")]
pub(crate) fn island<I: Island + serde::Serialize>(it: I) -> impl IntoView {
    // Lists of texts and numbers, which serialise.
    let told = serde_json::to_string(&it).unwrap_or_default();
    alive(it).with_props(told)
}

/// Its view, within the element that Leptos puts around it.
fn alive<I: Island>(it: I) -> islands::Island<impl IntoView + 'static> {
    let view = Owner::new().with(|| Owner::with_hydration(move || OwnedView::new(it.view())));
    islands::Island::new(I::NAME, view)
}

#[cfg(feature = "hydrate")]
pub(crate) use browser::{Told, wake};

#[cfg(feature = "hydrate")]
mod browser {
    use super::*;
    use js_sys::{JSON, Reflect};
    use leptos::{
        tachys::view::Position,
        wasm_bindgen::{JsCast, JsValue},
        web_sys::HtmlElement,
    };

    /// What the server told an island.
    pub(crate) struct Told(JsValue);

    impl Told {
        fn of(element: &HtmlElement) -> Option<Self> {
            Some(Self(JSON::parse(&element.get_attribute("data-props")?).ok()?))
        }

        fn get(&self, name: &str) -> Option<JsValue> {
            Reflect::get(&self.0, &name.into()).ok()
        }

        /// A text; nothing where there is none.
        pub(crate) fn text(&self, name: &str) -> Option<String> {
            self.get(name)?.as_string()
        }

        /// Texts.
        pub(crate) fn texts(&self, name: &str) -> Option<Vec<String>> {
            let texts = self.get(name)?.dyn_into::<js_sys::Array>().ok()?;
            texts.iter().map(|text| text.as_string()).collect()
        }

        /// A whole number that is not negative.
        pub(crate) fn number(&self, name: &str) -> Option<u32> {
            let number = self.get(name)?.as_f64()?;
            // Cuts what is too large or no whole number, which the server does not send.
            Some(number as u32)
        }

        /// Yes or no.
        pub(crate) fn flag(&self, name: &str) -> Option<bool> {
            self.get(name)?.as_bool()
        }
    }

    /// Brings the element to life that the server made of such an island.
    pub(crate) fn wake<I: Island>(element: &HtmlElement) {
        let Some(it) = Told::of(element).and_then(|told| I::read(&told)) else { return };
        let state = alive(it).hydrate_from_position::<true>(element, Position::Current);
        // Its elements are the page's, which removes them.
        std::mem::forget(state);
    }
}
