//! How a page would look, as a document of its own: on light screens and on dark ones.

use super::{colour::Scheme, links::links, types::Look};
use crate::{delivery::message::escape, texts::spoken};

/// What `style/tokens.css` says where no accent is set: accent, text on it, and the grounds beside it.
const LIGHT: [&str; 5] = ["#0b5b6c", "#fff", "#f3f6f7", "#fff", "#12232a"];
const DARK: [&str; 5] = ["#62c2d6", "#03242b", "#0d1417", "#151f23", "#e4edef"];

/// The document. It has nothing that works. `logos` are the contents of the logo on light screens and of that on dark
/// ones, as `data:` addresses.
pub fn document(look: &Look, logos: &[Option<String>; 2]) -> String {
    let language = spoken();
    let light = colours("light", look.accent.map(|accent| accent.light), LIGHT);
    let dark = colours("dark", look.accent.map(|accent| accent.dark), DARK);
    let screens = [("light", tr!(brand.sample_light)), ("dark", tr!(brand.sample_dark))];
    let screens: String =
        screens.iter().zip(logos).map(|((class, title), logo)| screen(look, class, title, logo.as_deref())).collect();
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{name}</title><style>{light}{dark}\
         body{{margin:0;font:16px/1.5 system-ui,sans-serif}}\
         section{{background:var(--g);color:var(--t);padding:1rem}}\
         h2{{margin:0 0 .75rem;font-size:.875rem;font-weight:600}}\
         header{{display:flex;align-items:center;background:var(--s);padding:.75rem 1rem;font-weight:650}}\
         a{{color:var(--a);text-decoration:underline}}\
         b{{display:inline-block;padding:.5rem 1rem;border-radius:.5rem;background:var(--a);color:var(--o);font-weight:600}}\
         img{{max-width:14rem;max-height:2.25rem}}\
         footer{{display:flex;flex-wrap:wrap;gap:1rem;font-size:.875rem}}\
         </style></head><body>{screens}</body></html>\n",
        lang = language.as_str(),
        dir = language.dir(),
        name = escape(&look.name),
    )
}

fn colours(class: &str, scheme: Option<Scheme>, [accent, on, ground, surface, text]: [&str; 5]) -> String {
    let own = scheme.map(|scheme| (scheme.accent.to_string(), scheme.on.to_string()));
    let (accent, on) = own.unwrap_or_else(|| (accent.to_owned(), on.to_owned()));
    format!(".{class}{{--a:{accent};--o:{on};--g:{ground};--s:{surface};--t:{text};color-scheme:{class}}}")
}

fn screen(look: &Look, class: &str, title: &str, logo: Option<&str>) -> String {
    let name = escape(&look.name);
    let head = logo.map_or_else(|| name.clone(), |logo| format!("<img alt=\"{name}\" src=\"{}\">", escape(logo)));
    let links: String = links(look).into_iter().map(|(name, _)| format!("<a>{}</a>", escape(&name))).collect();
    format!(
        "<section class=\"{class}\"><h2>{title}</h2><header>{head}</header><p>{text} <a>{link}</a></p>\
         <p><b>{button}</b></p><footer>{links}</footer></section>",
        title = escape(title),
        text = escape(&tr!(brand.sample_text)),
        link = escape(&tr!(brand.sample_link)),
        button = escape(&tr!(brand.sample_button)),
    )
}
