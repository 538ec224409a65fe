//! The brand in the messages that say what they came with: its colour on links, its own links at the foot, and its logo.

use super::{
    links::links,
    types::{Look, Picture},
};
use crate::{
    delivery::message::{LINK_DARK, LINK_LIGHT, MessageText, escape},
    message_templates::types::Message,
};
use std::fmt::Write;

/// What stands behind the last paragraph of a message's HTML.
const FOOT: &str = "\n</td></tr>\n</table>\n</td></tr>";

/// How wide a logo is at most, in pixels.
const LOGO_WIDTH: u64 = 200;
/// How high.
const LOGO_HEIGHT: u64 = 40;

/// A message with the brand's colour and links; nothing where it has neither.
pub fn dressed(text: &MessageText, message: Message, look: &Look) -> Option<MessageText> {
    let links = if has_foot(message) { text.language.speak(|| links(look)) } else { Vec::new() };
    if look.accent.is_none() && links.is_empty() {
        return None;
    }
    let mut dressed = text.clone();
    if let Some(accent) = look.accent {
        // With the quotation mark, which no value has: they are escaped.
        let own = format!("style=\"color:{LINK_LIGHT};");
        dressed.html = dressed.html.replace(&own, &format!("style=\"color:{};", accent.light.accent));
        let own = format!(".l {{ color: {LINK_DARK} !important; }}");
        dressed.html = dressed.html.replace(&own, &format!(".l {{ color: {} !important; }}", accent.dark.accent));
    }
    if let Some(foot) = dressed.html.rfind(FOOT).filter(|_| !links.is_empty()) {
        let colour = look.accent.map_or_else(|| LINK_LIGHT.to_owned(), |accent| accent.light.accent.to_string());
        let anchor = |(name, link): &(String, &str)| {
            let (name, link) = (escape(name), escape(link));
            format!("<a class=\"l\" href=\"{link}\" style=\"color:{colour};white-space:nowrap\">{name}</a>")
        };
        let anchors = links.iter().map(anchor).collect::<Vec<_>>().join(" &middot; ");
        dressed.html.insert_str(foot, &format!("\n<p style=\"margin:8px 0 0;font-size:14px\">{anchors}</p>"));
        dressed.text.push('\n');
        for (name, link) in links {
            // Writing to a string does not fail.
            let _ = writeln!(dressed.text, "{name}: {link}");
        }
    }
    Some(dressed)
}

/// A message's HTML with the logo above its words. `address` is where the picture is found. The ground is white on dark
/// screens too, as a gradient as well, which is left alone by mail programs that turn colours round. Without words in its
/// place: the name stands in the message, and what phones show of it begins with the code.
pub fn with_logo(html: &str, picture: &Picture, address: &str) -> Option<String> {
    let words = html.find("<p ")?;
    let (width, height) = fitted(picture);
    let logo = format!(
        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n\
         <tr><td bgcolor=\"#ffffff\" style=\"padding:8px;border-radius:6px;background-color:#ffffff;\
         background-image:linear-gradient(#ffffff,#ffffff)\"><img src=\"{address}\" alt=\"\" width=\"{width}\" \
         height=\"{height}\" style=\"display:block;border:0\"></td></tr>\n<tr><td height=\"16\"></td></tr>\n</table>\n",
        address = escape(address),
    );
    let mut whole = html.to_owned();
    whole.insert_str(words, &logo);
    Some(whole)
}

/// The size of a logo in messages, in whole pixels: Outlook reads nothing else. Smaller ones stay as they are.
fn fitted(picture: &Picture) -> (u64, u64) {
    let (width, height) = (u64::from(picture.width.max(1)), u64::from(picture.height.max(1)));
    if width * LOGO_HEIGHT > height * LOGO_WIDTH {
        let fitted = width.min(LOGO_WIDTH);
        (fitted, (height * fitted / width).max(1))
    } else {
        let fitted = height.min(LOGO_HEIGHT);
        ((width * fitted / height).max(1), fitted)
    }
}

/// Whether a message has the links. Those of codes have none, so that nobody learns to follow one, and notices have one
/// at most, which stops things.
const fn has_foot(message: Message) -> bool {
    matches!(
        message,
        Message::PasswordReset
            | Message::Invitation
            | Message::Registration
            | Message::KnownAddress
            | Message::EmailChange
            | Message::Test
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        brand::colour::{Accent, Colour},
        language::types::Language,
        message_templates::defaults::{samples, written},
    };

    fn look(accent: &str) -> Look {
        Look {
            accent: Colour::parse(accent).and_then(|colour| Accent::of(colour).ok()),
            help: Some("https://help.example.org/?a=1&b=\"".to_owned()),
            ..Look::named("Acme")
        }
    }

    fn message(message: Message) -> MessageText {
        Language::En.speak(|| written(message, samples(Language::En, message, "Acme", "https://id.example.org")))
    }

    #[test]
    fn a_message_has_the_colour_and_the_links_of_the_brand() {
        let plain = message(Message::PasswordReset);
        let dressed = dressed(&plain, Message::PasswordReset, &look("#a1003c")).expect("another one");
        assert!(plain.html.contains(LINK_LIGHT) && !dressed.html.contains(LINK_LIGHT), "{}", dressed.html);
        assert!(!dressed.html.contains(LINK_DARK) && dressed.html.contains("color:#a1003c"), "{}", dressed.html);
        assert!(dressed.html.contains("href=\"https://help.example.org/?a=1&amp;b=&quot;\""), "{}", dressed.html);
        assert!(
            dressed.text.starts_with(&plain.text)
                && dressed.text.ends_with("\nHelp: https://help.example.org/?a=1&b=\"\n")
        );
        assert!(super::dressed(&plain, Message::PasswordReset, &Look::named("Acme")).is_none());
    }

    #[test]
    fn a_message_with_a_code_or_a_warning_gets_no_link() {
        for kind in [Message::Code, Message::Notice, Message::Disputed, Message::AdminChange, Message::NotThem] {
            let plain = message(kind);
            let dressed = dressed(&plain, kind, &look("#a1003c")).expect("it has the colour");
            assert!(!dressed.html.contains("help.example.org") && dressed.text == plain.text, "{kind:?}");
        }
    }

    #[test]
    fn a_logo_stands_above_the_words_and_is_no_word_itself() {
        let logo = Picture { file: "x.png".to_owned(), width: 640, height: 160 };
        for kind in Message::ALL.iter().filter(|kind| !kind.is_text()) {
            let plain = message(*kind);
            assert!(plain.branded, "{kind:?}");
            let html = with_logo(&plain.html, &logo, "cid:a\"b").expect("it has a place");
            let (before, rest) = html.split_once("<table role=\"presentation\" cellpadding").expect("a box");
            let (logo, after) = rest.split_once("</table>\n").expect("its end");
            assert_eq!(format!("{before}{after}"), plain.html, "{kind:?}: nothing else changes");
            assert!(before.ends_with("color:#16202c\">\n") && after.starts_with("<p "), "{kind:?}: {html}");
            assert!(logo.contains("src=\"cid:a&quot;b\" alt=\"\" width=\"160\" height=\"40\""), "{logo}");
            // What stands between the tags is what phones show.
            let shown: Vec<_> = logo.split('>').skip(1).filter_map(|part| part.split('<').next()).collect();
            assert_eq!(shown.concat().trim(), "", "{logo}");
        }
        assert!(!message(Message::TextCode).branded && !message(Message::TextTest).branded);
        assert_eq!(with_logo("nothing", &logo, "cid:x"), None);
    }

    #[test]
    fn a_logo_is_fitted_into_a_box_and_never_made_larger() {
        for (size, fits) in [
            ((640, 160), (160, 40)),
            ((2000, 100), (200, 10)),
            ((200, 40), (200, 40)),
            ((30, 20), (30, 20)),
            ((2048, 1), (200, 1)),
            ((1, 2048), (1, 40)),
            ((100, 100), (40, 40)),
            ((0, 0), (1, 1)),
            ((u32::MAX, u32::MAX), (40, 40)),
        ] {
            let picture = Picture { file: String::new(), width: size.0, height: size.1 };
            assert_eq!(fitted(&picture), fits, "{size:?}");
        }
    }

    #[test]
    fn every_accent_can_be_read_in_messages() {
        let cards = ["#ffffff", "#1a222c"].map(|card| Colour::parse(card).expect("a colour"));
        for typed in ["#000000", "#0b5b6c", "#a1003c", "#0000ff", "#5a5a5a", "#007a00", "#ff0000", "#ffff00", "#ff00ff"]
        {
            let colour = Colour::parse(typed).expect("a colour");
            let accent = Accent::of(colour).or_else(Accent::of).expect("the nearest can be read");
            for (text, card) in [accent.light.accent, accent.dark.accent].into_iter().zip(cards) {
                assert!(text.contrast(card) >= 4.5, "{typed}: {text} on {card}");
            }
        }
    }
}
