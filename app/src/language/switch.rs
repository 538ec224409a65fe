//! The foot of every page: the links of the brand, and the switch of languages.

use super::{api::ChooseLanguage, types::Language};
use crate::{
    brand::links::BrandLinks,
    login::types::Audience,
    texts::spoken,
    ui::icon::{self, LineIcon},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Lets people choose the language. A plain form: the whole page comes again, in the other language.
#[component]
pub fn LanguageSwitch(
    /// In whose frame it stands; of no account where nobody has signed in.
    #[prop(optional)]
    audience: Option<Audience>,
) -> impl IntoView {
    let options = Language::ALL.map(|language| {
        view! {
            <option value=language.as_str() lang=language.as_str() selected=language == spoken()>
                {language.own_name()}
            </option>
        }
    });
    view! {
        <footer class="language">
            <BrandLinks />
            <form action=ChooseLanguage::PATH method="post">
                {audience.map(|audience| view! { <input type="hidden" name="audience" value=audience.as_str() /> })}
                <LineIcon path=icon::GLOBE />
                <label for="language">{tr!(frame.language)}</label>
                // What was chosen and not sent must not come back with the page.
                <select id="language" name="language" autocomplete="off">{options}</select>
                <button type="submit" class="quiet">{tr!(frame.change_language)}</button>
            </form>
        </footer>
    }
}
