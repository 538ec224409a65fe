//! Signs as people's machines write them.

/// The zero of each script that has digits; the other nine follow it (Unicode 16, general category Nd).
const ZEROS: [u32; 74] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0,
    0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50,
    0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950,
    0x1fbf0, 0x10d40, 0x11bf0, 0x1ccf0, 0x116d0, 0x116da, 0x1e5f0,
];

/// Plain digits in place of those of other scripts, plain letters in place of wide ones, a space for every space, `-`
/// for every dash, and nothing for marks that are not seen: what people type, paste and let their phones fill in.
pub fn plain_signs(text: &str) -> String {
    text.chars().filter(|sign| !is_unseen(*sign)).map(plain).collect()
}

fn plain(sign: char) -> char {
    let code = u32::from(sign);
    if let Some(digit) = ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10)) {
        return char::from_digit(digit, 10).unwrap_or(sign);
    }
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(code - 0xfee0).unwrap_or(sign),
        '\u{58a}'
        | '\u{5be}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{301c}'
        | '\u{30fc}'
        | '\u{fe58}'
        | '\u{fe63}' => '-',
        _ if sign.is_whitespace() => ' ',
        _ => sign,
    }
}

/// Marks of direction, joiners and the like, which take no room.
const fn is_unseen(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Whether a sign breaks a line or turns the direction of what follows, so that a name reads as something else.
pub const fn misleads(sign: char) -> bool {
    matches!(sign, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a sign is the same text as an ASCII one (Unicode's canonical doubles): Kelvin, the Greek question mark, varia.
pub const fn is_double(sign: char) -> bool {
    matches!(sign, '\u{212a}' | '\u{37e}' | '\u{1fef}')
}
