//! The letters of keys and receipt codes, and their check digits.

/// Five bits each, without look-alikes (no i, l, o, u).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Check digits: 30 bits.
pub const CHECK: usize = 6;

/// One letter for each byte: five of its bits, all equally likely.
pub fn base32_letters<const N: usize>(bytes: [u8; N]) -> [u8; N] {
    bytes.map(|byte| ALPHABET[usize::from(byte % 32)])
}

/// Whether a text has this many letters of the alphabet, and nothing else.
pub fn is_letters(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// Letters of the alphabet as text.
pub fn ascii(letters: &[u8]) -> &str {
    std::str::from_utf8(letters).expect("letters of the alphabet are ASCII")
}

/// The check digits of everything before them: a cyclic redundancy check of 30 bits, which detects every single wrong
/// letter, two swapped neighbours and any other damage within three letters.
pub fn check(body: &str) -> [u8; CHECK] {
    let crc = crc30(body.as_bytes());
    std::array::from_fn(|index| ALPHABET[(crc >> (5 * (CHECK - 1 - index)) & 31) as usize])
}

/// CRC-30/CDMA.
fn crc30(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0x2030_B9C7;
    const MASK: u32 = 0x3FFF_FFFF;
    let step = |crc: u32| (crc << 1) ^ if crc >> 29 & 1 == 1 { POLYNOMIAL } else { 0 };
    let add = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte) << 22, |crc, _| step(crc) & MASK);
    bytes.iter().fold(MASK, add) ^ MASK
}

#[cfg(test)]
mod tests {
    use super::crc30;

    #[test]
    fn the_check_is_the_published_one() {
        assert_eq!(crc30(b"123456789"), 0x04C3_4ABF);
    }
}
