//! Pictures: whether their end is there. What programs add after it is ignored, and nothing is decoded.

use memchr::memchr;

/// The first bytes of a PNG.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The first bytes of a JPEG: the marker of its beginning, and the first byte of the next one.
pub(super) const JPEG: &[u8] = b"\xff\xd8\xff";

/// Whether a PNG has the chunk that ends it. A chunk has its length, its name of four letters, its content and a checksum of
/// four bytes.
pub(super) fn is_whole_png(bytes: &[u8]) -> bool {
    let mut rest = &bytes[PNG.len()..];
    while let Some((length, chunk)) = rest.split_first_chunk::<4>() {
        if chunk.starts_with(b"IEND") {
            return chunk.len() >= 8;
        }
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        rest = rest.get(length.saturating_add(12)..).unwrap_or_default();
    }
    false
}

/// Whether a JPEG has the marker that ends it. The segments are passed over by their lengths: a thumbnail in one of them has
/// an end of its own.
pub(super) fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut rest = &bytes[2..];
    while let Some(at) = memchr(0xff, rest) {
        rest = &rest[at + 1..];
        let length = match *rest {
            [0xd9, ..] => return true,
            // A fill byte: the marker follows.
            [0xff, ..] => 0,
            // A byte of coded data, or a marker without content.
            [0x00 | 0x01 | 0xd0..=0xd8, ..] => 1,
            [_, high, low, ..] => 1 + usize::from(u16::from_be_bytes([high, low])),
            _ => return false,
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &str, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).expect("a short chunk").to_be_bytes();
        [length.as_slice(), name.as_bytes(), content, &[0; 4]].concat()
    }

    /// Every beginning of a file is cut off, whatever follows a whole one.
    fn cut_is_found(whole: &[u8], is_whole: fn(&[u8]) -> bool, least: usize) {
        for length in least..whole.len() {
            assert!(!is_whole(&whole[..length]), "{length} bytes");
        }
        assert!(is_whole(whole) && is_whole(&[whole, b"added by a program"].concat()));
    }

    #[test]
    fn a_png_ends_with_its_last_chunk() {
        // The content of a chunk may look like the last one.
        let content = [b"....".to_vec(), chunk("IEND", b"")].concat();
        let whole = [PNG.to_vec(), chunk("IHDR", &[1; 13]), chunk("IDAT", &content), chunk("IEND", b"")].concat();
        cut_is_found(&whole, is_whole_png, PNG.len());
        assert!(!is_whole_png(&[PNG, b"\xff\xff\xff\xffIDAT..IEND...."].concat()));
    }

    #[test]
    fn a_jpeg_ends_with_its_marker() {
        let thumbnail = b"\xff\xe1\x00\x08\xff\xd8..\xff\xd9";
        let scan = b"\xff\xda\x00\x04..1\xff\x002\xff\xd03";
        let whole = [b"\xff\xd8".as_slice(), thumbnail, b"\xff\xff\xdb\x00\x03.", scan, scan, b"\xff\xd9"].concat();
        cut_is_found(&whole, is_whole_jpeg, JPEG.len());
    }
}
