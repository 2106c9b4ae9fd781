//! Reading a document straight from a JSON text that is plainly valid: without escapes, with every property known, given
//! once and of its type. Whatever is not plainly so is read by the tolerant reader ([`super::reading`]), which accepts more and
//! says what is wrong; of what both read they make the same value.

use super::{Field, Raw};

/// The most digits of a whole number that is plainly one: every such number is exact, also as a double.
const MAX_DIGITS: usize = 15;

/// The document in a JSON text; `None` where it is not plainly valid. Whether it is complete is left to be checked.
pub fn read_plain<T: Raw>(text: &str) -> Option<Field<T>> {
    let (mut document, mut cursor) = (Field::Absent, JsonCursor { text, at: 0 });
    T::read_into(&mut document, &mut cursor)?;
    cursor.peek().is_none().then_some(document)
}

/// A place in a JSON text. A method that returns `None` has found something else than it reads.
#[derive(Debug)]
pub struct JsonCursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> JsonCursor<'a> {
    /// The next byte that is no white space, not taken yet.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at)?, b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Takes this byte.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Takes one of two bytes: whether it was the first.
    fn take_either(&mut self, first: u8, second: u8) -> Option<bool> {
        let found = self.peek()?;
        (found == first || found == second).then(|| {
            self.at += 1;
            found == first
        })
    }

    /// A text without escapes.
    fn text(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '))?;
        let text = &rest[..length];
        (rest.as_bytes()[length] == b'"').then(|| {
            self.at += length + 1;
            text
        })
    }

    /// `true` or `false`.
    fn boolean(&mut self) -> Option<bool> {
        let (word, value) = if self.peek()? == b't' { ("true", true) } else { ("false", false) };
        self.text[self.at..].starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    /// A whole number that is not negative, in digits.
    fn number(&mut self) -> Option<u64> {
        self.peek()?;
        let rest = &self.text[self.at..];
        let digits = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
        self.at += digits.len();
        let is_plain = digits.len() <= MAX_DIGITS && (digits == "0" || !digits.starts_with('0'));
        digits.parse().ok().filter(|_| is_plain)
    }

    /// An object: `read` reads the value of each property.
    pub(crate) fn object(&mut self, mut read: impl FnMut(&mut Self, &str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.peek()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let property = self.text()?;
            self.take(b':')?;
            read(self, property)?;
            if !self.take_either(b',', b'}')? {
                return Some(());
            }
        }
    }

    /// An array: `read` reads each item.
    pub(super) fn array(&mut self, mut read: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        if self.peek()? == b']' {
            return self.take(b']');
        }
        loop {
            read(self)?;
            if !self.take_either(b',', b']')? {
                return Some(());
            }
        }
    }

    /// A value that is neither an object nor an array.
    pub(super) fn scalar<T: Raw>(&mut self) -> Option<T> {
        match self.peek()? {
            b'"' => T::from_text(self.text()?),
            b't' | b'f' => T::from_bool(self.boolean()?),
            b'0'..=b'9' => T::from_integer(self.number()?),
            _ => None,
        }
    }

    /// The value of a property that was not there before.
    pub(crate) fn property<T: Raw>(&mut self, field: &mut Field<T>) -> Option<()> {
        if field.is_absent() { T::read_into(field, self) } else { None }
    }
}
