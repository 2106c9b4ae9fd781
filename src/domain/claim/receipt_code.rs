//! The code on a receipt, by which anybody can ask whether it is genuine.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::base32::{CHECK, ascii, base32_letters, check, is_letters};

/// Letters of the random part: 80 bits.
const RANDOM: usize = 16;

/// The code of a receipt: 80 random bits and check digits, written in groups: `XXXX-XXXX-XXXX-XXXX-XXXXXX`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiptCode(String);

/// The text is no code of a receipt: it was mistyped or cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the code of a receipt: 22 letters and digits such as 7q2m-0h4k-x9ab-c1de-8cyrw5")]
pub struct ReceiptCodeError;

impl ReceiptCode {
    /// The code of these random bytes.
    pub fn from_random(bytes: [u8; RANDOM]) -> Self {
        let letters = base32_letters(bytes);
        let body = ascii(&letters);
        Self(format!("{body}{}", ascii(&check(body))))
    }

    /// Its letters without separators.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a code as people copy it: in capitals, with blanks or hyphens anywhere, and with the letters that look like digits.
impl FromStr for ReceiptCode {
    type Err = ReceiptCodeError;

    fn from_str(text: &str) -> Result<Self, ReceiptCodeError> {
        let letter = |letter: char| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        let text: String = text.chars().filter(|one| !matches!(one, '-' | ' ')).map(letter).collect();
        let sound = is_letters(&text, RANDOM + CHECK) && text.as_bytes()[RANDOM..] == check(&text[..RANDOM]);
        if sound { Ok(Self(text)) } else { Err(ReceiptCodeError) }
    }
}

impl TryFrom<String> for ReceiptCode {
    type Error = ReceiptCodeError;

    fn try_from(text: String) -> Result<Self, ReceiptCodeError> {
        text.parse()
    }
}

impl From<ReceiptCode> for String {
    fn from(code: ReceiptCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for start in (0..RANDOM).step_by(4) {
            write!(f, "{}-", &self.0[start..start + 4])?;
        }
        f.write_str(&self.0[RANDOM..])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{RANDOM, ReceiptCode};

    proptest! {
        #[test]
        fn a_code_is_read_as_people_copy_it(bytes: [u8; RANDOM]) {
            let code = ReceiptCode::from_random(bytes);
            let written = code.to_string();
            let copied = written.to_uppercase().replace('0', "O").replace('-', " ");
            prop_assert_eq!(copied.parse::<ReceiptCode>(), Ok(code.clone()));
            prop_assert_eq!(written.parse(), Ok(code));
        }

        #[test]
        fn a_wrong_letter_is_found(bytes: [u8; RANDOM], at in 0..RANDOM) {
            let code = ReceiptCode::from_random(bytes);
            let mut letters = code.as_str().as_bytes().to_vec();
            letters[at] = if letters[at] == b'z' { b'y' } else { b'z' };
            prop_assert!(String::from_utf8(letters).unwrap().parse::<ReceiptCode>().is_err());
        }
    }
}
