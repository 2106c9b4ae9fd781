//! The tokens of PDF objects (ISO 32000-1, 7.2 and 7.3): names, texts and streams; of all else only that there is something.

use memchr::memmem;

/// A token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PdfToken<'a> {
    /// A name, without its slash and with its escapes resolved.
    Name(Vec<u8>),
    /// The bytes of a text.
    Text(Vec<u8>),
    /// The content of a stream, as it is stored.
    Stream(&'a [u8]),
    /// A number, a word, a bracket.
    Other,
}

/// The tokens of some bytes.
pub(super) struct PdfTokens<'a>(pub(super) &'a [u8]);

const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u8::from_str_radix(text, 16).ok()
}

impl<'a> PdfTokens<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        self.take(self.0.iter().take_while(|byte| belongs(**byte)).count())
    }

    fn skip_spaces_and_comments(&mut self) {
        self.take_while(is_space);
        while self.0.first() == Some(&b'%') {
            self.take_while(|byte| !matches!(byte, b'\r' | b'\n'));
            self.take_while(is_space);
        }
    }

    /// A name after its slash: `#20` is an escape.
    fn name(&mut self) -> PdfToken<'a> {
        let mut rest = self.take_while(|byte| !is_space(byte) && !is_delimiter(byte));
        let mut name = Vec::with_capacity(rest.len());
        while let Some((first, after)) = rest.split_first() {
            let escaped = after.get(..2).filter(|_| *first == b'#').and_then(hex);
            name.push(escaped.unwrap_or(*first));
            rest = if escaped.is_some() { &after[2..] } else { after };
        }
        PdfToken::Name(name)
    }

    /// A text after its opening bracket: brackets in it are in pairs or escaped.
    fn text(&mut self) -> PdfToken<'a> {
        let (mut text, mut depth) = (Vec::new(), 1_usize);
        while let Some(byte) = self.take(1).first().copied() {
            match byte {
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            text.push(byte);
        }
        PdfToken::Text(text)
    }

    /// What follows a backslash: up to three octal digits, the end of a line, which is left out, or a byte. The names of
    /// control characters are of no matter here.
    fn escape(&mut self, text: &mut Vec<u8>) {
        let octal = self.0.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
        if octal > 0 {
            let code = self.take(octal).iter().fold(0_u16, |code, digit| code * 8 + u16::from(digit - b'0'));
            text.push(code.to_le_bytes()[0]);
            return;
        }
        match self.take(1) {
            b"\r" | b"\n" => {}
            byte => text.extend_from_slice(byte),
        }
    }

    /// A text in hexadecimal after its opening bracket.
    fn hex_text(&mut self) -> PdfToken<'a> {
        let digits = self.take_while(|byte| byte != b'>');
        self.take(1);
        let digits: Vec<u8> = digits.iter().copied().filter(|byte| !is_space(*byte)).collect();
        PdfToken::Text(digits.chunks(2).filter_map(hex).collect())
    }

    /// The content of a stream after its keyword.
    fn stream(&mut self) -> PdfToken<'a> {
        const END: &[u8] = b"endstream";
        self.0 = self.0.strip_prefix(b"\r").unwrap_or(self.0);
        self.0 = self.0.strip_prefix(b"\n").unwrap_or(self.0);
        let content = self.take(memmem::find(self.0, END).unwrap_or(self.0.len()));
        self.take(END.len());
        PdfToken::Stream(content)
    }
}

impl<'a> Iterator for PdfTokens<'a> {
    type Item = PdfToken<'a>;

    fn next(&mut self) -> Option<PdfToken<'a>> {
        self.skip_spaces_and_comments();
        let first = *self.0.first()?;
        if !is_delimiter(first) {
            let word = self.take_while(|byte| !is_space(byte) && !is_delimiter(byte));
            return Some(if word == b"stream" { self.stream() } else { PdfToken::Other });
        }
        let is_dictionary = self.0.starts_with(b"<<");
        self.take(if is_dictionary { 2 } else { 1 });
        Some(match first {
            b'/' => self.name(),
            b'(' => self.text(),
            b'<' if !is_dictionary => self.hex_text(),
            _ => PdfToken::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The names, texts and streams of a text, each after a sign of its own.
    fn tokens(text: &str) -> Vec<String> {
        let shown = |token| match token {
            PdfToken::Name(name) => Some(format!("/{}", String::from_utf8_lossy(&name))),
            PdfToken::Text(text) => Some(format!("'{}", String::from_utf8_lossy(&text))),
            PdfToken::Stream(content) => Some(format!("~{}", String::from_utf8_lossy(content))),
            PdfToken::Other => None,
        };
        PdfTokens(text.as_bytes()).filter_map(shown).collect()
    }

    #[test]
    fn names_texts_and_streams_are_told_apart() {
        for (text, expected) in [
            ("<</A/B 1 0 R/C[/D]>>", &["/A", "/B", "/C", "/D"][..]),
            ("/J#61va#53cript /A#2 /#zz", &["/JavaScript", "/A#2", "/#zz"]),
            ("(a (b) \\) c) (d\\\ne\\101\\7z)", &["'a (b) ) c", "'deA\u{7}z"]),
            ("<61 62> < 6 3 >", &["'ab", "'c"]),
            ("/A % /B (c\n/D", &["/A", "/D"]),
            ("<</L 3>>stream\r\n/X (y endstream endobj /Z", &["/L", "~/X (y ", "/Z"]),
            ("(never closed /A", &["'never closed /A"]),
            ("stream\nnever ended", &["~never ended"]),
        ] {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reader(bytes: Vec<u8>) {
            prop_assert!(PdfTokens(&bytes).count() <= bytes.len());
        }
    }
}
