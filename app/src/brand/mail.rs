//! The brand in the messages that say what they came with: its colour on links, and its own links at the foot.

use super::{links::links, types::Look};
use crate::{
    delivery::message::{LINK_DARK, LINK_LIGHT, MessageText, escape},
    message_templates::types::Message,
};
use std::fmt::Write;

/// What stands behind the last paragraph of a message's HTML.
const FOOT: &str = "\n</td></tr>\n</table>\n</td></tr>";

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
