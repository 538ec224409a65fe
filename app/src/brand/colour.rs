//! Colours: how well they can be read, and what an accent makes of the colours of pages.

use std::fmt::{self, Display};

/// The least contrast of text on its ground (WCAG 2.2, 1.4.3, level AA).
pub const LEAST: f64 = 4.5;

const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([255; 3]);
/// What stands beside the accent on light screens, and on dark ones; `style/tokens.css` has the same.
const LIGHT: Beside = Beside {
    ground: Colour([0xf3, 0xf6, 0xf7]),
    surface: WHITE,
    text: Colour([0x12, 0x23, 0x2a]),
    muted: Colour([0x4d, 0x60, 0x68]),
};
const DARK: Beside = Beside {
    ground: Colour([0x0d, 0x14, 0x17]),
    surface: Colour([0x15, 0x1f, 0x23]),
    text: Colour([0xe4, 0xed, 0xef]),
    muted: Colour([0xa0, 0xb2, 0xb8]),
};
/// How many steps there are from a colour to black or white.
const STEPS: u32 = 255;

/// A colour: red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Six hexadecimal digits, or three, with `#` before them or without.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('#').unwrap_or(text);
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let digits = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        let number = u32::from_str_radix(&digits, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// The relative luminance of WCAG 2.2.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast ratio of WCAG 2.2, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// This colour with so much of another one, in [`STEPS`].
    fn with(self, other: Self, part: u32) -> Self {
        let mix = |own: u8, other: u8| {
            let mixed = (u32::from(own) * (STEPS - part) + u32::from(other) * part + STEPS / 2) / STEPS;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        let ([a, b, c], [d, e, f]) = (self.0, other.0);
        Self([mix(a, d), mix(b, e), mix(c, f)])
    }
}

impl Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

struct Beside {
    ground: Colour,
    surface: Colour,
    text: Colour,
    muted: Colour,
}

/// The colours that follow the accent on screens of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Links, buttons, edges of what has the focus.
    pub accent: Colour,
    /// The same under the pointer, and text on the tint.
    pub strong: Colour,
    /// Text on the accent.
    pub on: Colour,
    /// A ground with a breath of the accent.
    pub tint: Colour,
}

impl Scheme {
    fn light(accent: Colour) -> Self {
        Self { accent, strong: accent.with(BLACK, STEPS * 3 / 10), on: WHITE, tint: WHITE.with(accent, STEPS / 10) }
    }

    fn dark(accent: Colour) -> Self {
        let (strong, on) = (accent.with(WHITE, STEPS * 4 / 10), accent.with(BLACK, STEPS * 88 / 100));
        Self { accent, strong, on, tint: DARK.surface.with(accent, STEPS * 14 / 100) }
    }

    /// The least contrast of everything that is read on pages and has to do with the accent.
    fn least(&self, beside: &Beside) -> f64 {
        let Self { accent, strong, on, tint } = *self;
        let grounds = [beside.ground, beside.surface, tint].into_iter();
        let on_grounds = grounds.flat_map(|ground| [accent, strong].map(|text| (text, ground)));
        let others = [(on, accent), (on, strong), (beside.text, tint), (beside.muted, tint)];
        on_grounds.chain(others).map(|(text, ground)| text.contrast(ground)).fold(f64::MAX, f64::min)
    }

    fn tokens(&self) -> String {
        let Self { accent, strong, on, tint } = self;
        format!(":root{{--accent:{accent};--accent-strong:{strong};--on-accent:{on};--tint:{tint}}}")
    }
}

/// An accent that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On light screens: the colour itself.
    pub light: Scheme,
    /// On dark ones: the same, as much lighter as it has to be.
    pub dark: Scheme,
}

impl Accent {
    /// The accent of a colour.
    ///
    /// # Errors
    /// Where it cannot be read on light screens: the nearest that can, which is as much darker as it has to be.
    pub fn of(colour: Colour) -> Result<Self, Colour> {
        let darker = || (0..=STEPS).map(|part| Scheme::light(colour.with(BLACK, part)));
        let light = darker().find(|scheme| scheme.least(&LIGHT) >= LEAST).unwrap_or(Scheme::light(BLACK));
        if light.accent != colour {
            return Err(light.accent);
        }
        let lighter = || (0..=STEPS).map(|part| Scheme::dark(colour.with(WHITE, part)));
        let best = || lighter().max_by(|a, b| a.least(&DARK).total_cmp(&b.least(&DARK)));
        let dark = lighter().find(|scheme| scheme.least(&DARK) >= LEAST).or_else(best);
        Ok(Self { light, dark: dark.unwrap_or(Scheme::dark(WHITE)) })
    }

    /// The style sheet that gives pages these colours, in place of those of `style/tokens.css`.
    pub fn sheet(&self) -> String {
        format!("{}@media (prefers-color-scheme:dark){{{}}}", self.light.tokens(), self.dark.tokens())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap_or_else(|| panic!("{text} is a colour"))
    }

    #[test]
    fn only_hexadecimal_digits_are_a_colour() {
        for (text, read) in [("#0b5b6c", "#0b5b6c"), (" 0B5B6C ", "#0b5b6c"), ("#a1f", "#aa11ff")] {
            assert_eq!(Colour::parse(text).map(|colour| colour.to_string()).as_deref(), Some(read));
        }
        for text in
            ["", "#", "red", "#12", "#1234", "#12345", "#1234567", "#12345g", "+12345", "#fff}body{", "url(x)", "٠٠٠"]
        {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 0.001);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 0.001);
        // The greys that everybody knows: just enough, and just not.
        assert!(colour("#767676").contrast(WHITE) >= LEAST);
        assert!(colour("#777777").contrast(WHITE) < LEAST);
    }

    #[test]
    fn what_stands_beside_the_accent_is_what_the_sheet_has() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../style/tokens.css");
        let sheet = std::fs::read_to_string(path).expect("the sheet");
        let (light, dark) = sheet.split_once("prefers-color-scheme: dark").expect("both kinds of screens");
        for (part, beside) in [(light, LIGHT), (dark, DARK)] {
            for (name, value) in
                [("ground", beside.ground), ("surface", beside.surface), ("text", beside.text), ("muted", beside.muted)]
            {
                let (_, rest) = part.split_once(&format!("--{name}: ")).expect(name);
                let written = rest.split(';').next().expect("a value");
                assert_eq!(colour(written), value, "{name}");
            }
        }
    }

    #[test]
    fn every_accent_can_be_read_everywhere_and_the_nearest_good_one_is_good() {
        let steps = || (0..=255).step_by(15).map(|part| u8::try_from(part).expect("a byte"));
        let (mut refused, mut taken) = (0, 0);
        for (red, green, blue) in steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b)))) {
            let typed = Colour([red, green, blue]);
            let accent = Accent::of(typed).unwrap_or_else(|nearest| {
                refused += 1;
                assert!(nearest.luminance() < typed.luminance(), "{typed} becomes {nearest}");
                Accent::of(nearest).unwrap_or_else(|again| panic!("{nearest} for {typed} is refused for {again}"))
            });
            taken += usize::from(accent.light.accent == typed);
            for (scheme, beside) in [(accent.light, LIGHT), (accent.dark, DARK)] {
                assert!(scheme.least(&beside) >= LEAST, "{typed}: {scheme:?}");
            }
        }
        assert!(refused > 1_000 && taken > 500, "{refused} refused, {taken} taken");
    }

    #[test]
    fn an_accent_is_a_sheet_of_eight_colours_and_nothing_else() {
        let sheet = Accent::of(colour("#0b5b6c")).expect("it can be read").sheet();
        assert!(sheet.starts_with(":root{--accent:#0b5b6c;--accent-strong:#"), "{sheet}");
        assert_eq!(sheet.matches(":#").count(), 8, "{sheet}");
    }
}
