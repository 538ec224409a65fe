//! What kind of picture a file is and how large, by what stands in it; its name and what the browser says of it count for
//! nothing. A file is walked through to its end, so that nothing hides behind a picture.

use app::brand::types::Slot;
use std::ops::RangeInclusive;

/// The largest file: two of them fit into a request.
pub const BYTES: usize = 32 * 1024;
/// The longest side of a logo, in pixels.
const LOGO_SIDE: u32 = 2048;
/// The sides of an icon.
const ICON_SIDES: RangeInclusive<u32> = 16..=512;

/// A picture that browsers draw and never run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    WebP,
}

impl Kind {
    /// All of them.
    const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::WebP];

    /// The end of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::WebP => "webp",
        }
    }

    /// What browsers are told.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    /// Whether every mail program draws it; Outlook has no WebP.
    pub const fn is_for_mail(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg)
    }

    /// The kind of a file by the end of its name.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        Self::ALL.into_iter().find(|kind| kind.ending() == ending)
    }
}

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What kind.
    pub kind: Kind,
    /// How wide, in pixels.
    pub width: u32,
    /// How high.
    pub height: u32,
}

impl Picture {
    /// Whether it can be what it is to be. Browsers take up room for what they draw, however small the file is.
    pub fn fits(self, slot: Slot) -> bool {
        let Self { kind, width, height } = self;
        match slot {
            Slot::Logo | Slot::LogoDark => width.max(height) <= LOGO_SIDE,
            Slot::Icon => kind == Kind::Png && width == height && ICON_SIDES.contains(&width),
        }
    }
}

/// What stands in a file; nothing where that is no whole picture of the three kinds.
pub fn read(file: &[u8]) -> Option<Picture> {
    let sizes = [(Kind::Png, png(file)), (Kind::Jpeg, jpeg(file)), (Kind::WebP, webp(file))];
    let (kind, (width, height)) = sizes.into_iter().find_map(|(kind, size)| Some((kind, size?)))?;
    (width > 0 && height > 0).then_some(Picture { kind, width, height })
}

fn big(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |number, byte| number.checked_mul(256)?.checked_add(u32::from(*byte)))
}

fn little(bytes: &[u8]) -> Option<u32> {
    let turned: Vec<u8> = bytes.iter().rev().copied().collect();
    big(&turned)
}

/// Chunks of a length, a type, contents and a check sum (PNG, 5.3), from IHDR to IEND.
fn png(file: &[u8]) -> Option<(u32, u32)> {
    let mut rest = file.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut size = None;
    loop {
        let length = usize::try_from(big(rest.get(..4)?)?).ok()?;
        let (kind, contents) = (rest.get(4..8)?, rest.get(8..length.checked_add(8)?)?);
        rest = rest.get(length.checked_add(12)?..)?;
        match (kind, size) {
            (b"IHDR", None) if length == 13 => size = Some((big(&contents[..4])?, big(&contents[4..8])?)),
            (_, None) | (b"IHDR", _) => return None,
            (b"IEND", _) => return size.filter(|_| rest.is_empty()),
            _ => {}
        }
    }
}

/// Segments of a marker and a length (ITU-T T.81, B.1.1), up to the scan, and the mark of the end behind it.
fn jpeg(file: &[u8]) -> Option<(u32, u32)> {
    let mut rest = file.strip_prefix(b"\xff\xd8")?.strip_suffix(b"\xff\xd9")?;
    let mut size = None;
    loop {
        let [0xff, marker] = *rest.get(..2)? else { return None };
        let length = usize::try_from(big(rest.get(2..4)?)?).ok()?;
        let segment = rest.get(4..length.checked_add(2)?)?;
        match marker {
            // Frames: a byte of precision, then height and width.
            0xc0..=0xc2 => size = Some((big(segment.get(3..5)?)?, big(segment.get(1..3)?)?)),
            // The scan.
            0xda => return size,
            0xc4 | 0xdb | 0xdd | 0xe0..=0xef | 0xfe => {}
            _ => return None,
        }
        rest = &rest[length + 2..];
    }
}

/// One chunk of RIFF around those of the picture (RFC 9649).
fn webp(file: &[u8]) -> Option<(u32, u32)> {
    let length = usize::try_from(little(file.strip_prefix(b"RIFF")?.get(..4)?)?).ok()?;
    if length.checked_add(8)? != file.len() {
        return None;
    }
    let chunks = file[8..].strip_prefix(b"WEBP")?;
    let contents = chunks.get(8..)?;
    match chunks.get(..4)? {
        b"VP8 " => {
            let key = contents.get(3..6)? == b"\x9d\x01\x2a";
            let side = |at: usize| Some(little(contents.get(at..at + 2)?)? & 0x3fff);
            Some((side(6)?, side(8)?)).filter(|_| key)
        }
        b"VP8L" => {
            let bits = little(contents.strip_prefix(b"\x2f")?.get(..4)?)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(contents.get(4..7)?)? + 1, little(contents.get(7..10)?)? + 1)),
        _ => None,
    }
}

/// Tests, and a picture for those of other rooms.
#[cfg(test)]
pub mod tests {
    use super::*;

    /// A PNG of this size, of which only the frame is one.
    pub fn png_of(width: u32, height: u32) -> Vec<u8> {
        let chunk = |kind: &[u8], contents: &[u8]| {
            let length = u32::try_from(contents.len()).expect("short").to_be_bytes();
            [&length, kind, contents, &[0; 4]].concat()
        };
        let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &[1; 20]), chunk(b"IEND", &[])].concat()
    }

    fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
        let [high, low] = height.to_be_bytes();
        let [wide, narrow] = width.to_be_bytes();
        let frame = [0xff, 0xc0, 0, 11, 8, high, low, wide, narrow, 1, 1, 0x11, 0];
        [&b"\xff\xd8\xff\xe0\x00\x04ab"[..], &frame, b"\xff\xda\x00\x02scan\xff\xd9"].concat()
    }

    fn webp_of(chunk: &[u8]) -> Vec<u8> {
        let length = u32::try_from(chunk.len() + 4).expect("short").to_le_bytes();
        [b"RIFF", &length[..], b"WEBP", chunk].concat()
    }

    /// A WebP of 320 by 80, in the same way.
    pub fn webp() -> Vec<u8> {
        webp_of(b"VP8L\x05\0\0\0\x2f\x3f\xc1\x13\0\0")
    }

    #[test]
    fn kind_and_size_are_found_by_what_stands_in_a_file() {
        let lossy = webp_of(b"VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\x50\0");
        let extended = webp_of(b"VP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\x4f\0\0");
        for (file, kind) in [
            (png_of(320, 80), Kind::Png),
            (jpeg_of(320, 80), Kind::Jpeg),
            (lossy, Kind::WebP),
            (webp(), Kind::WebP),
            (extended, Kind::WebP),
        ] {
            assert_eq!(read(&file), Some(Picture { kind, width: 320, height: 80 }));
            // What is cut off, or goes on, is no picture; a WebP says how long it is, a PNG and a JPEG where they end.
            assert_eq!(read(&file[..file.len() - 1]), None, "{kind:?} cut off");
            assert_eq!(read(&[&file[..], b"<script>"].concat()), None, "{kind:?} that goes on");
        }
        assert_eq!(read(&png_of(0, 80)), None);
    }

    #[test]
    fn what_only_calls_itself_a_picture_is_none() {
        for file in [
            &b""[..],
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            b"<!doctype html><script>alert(1)</script>",
            b"\x89PNG\r\n\x1a\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dHTML<script>alert(1)</script>",
            b"\xff\xd8<script>alert(1)</script>\xff\xd9",
            b"RIFF\x0c\0\0\0WEBPHTML\0\0\0\0",
            b"GIF89a\x01\0\x01\0",
            b"BM",
            b"\0\0\x01\0",
        ] {
            assert_eq!(read(file), None, "{file:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_is_too_much_for_it(file in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), start in 0_usize..4) {
            let starts: [&[u8]; 4] = [b"", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"\xff\xd8\xff\xc0", b"RIFF"];
            let _ = read(&[starts[start], &file].concat());
        }
    }
}
