//! Reads XML of the plainest form, tag by tag, straight from its text: elements without a prefix, attributes in quotes,
//! text without references. Every method returns nothing at anything else; a reader of all XML decides on that.

use memchr::memchr;

/// A text and the position up to which it was read.
#[derive(Clone)]
pub(super) struct PlainXml<'a> {
    text: &'a str,
    at: usize,
}

/// A start or end tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    /// The element's name; that of an end tag begins with `/`.
    pub(super) name: &'a str,
    /// Whether the element is empty (`<v/>`).
    pub(super) is_empty: bool,
    attributes: &'a str,
}

impl<'a> PlainXml<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next tag, with nothing but white space before it.
    pub(super) fn tag(&mut self) -> Option<Tag<'a>> {
        let rest = self.rest();
        let begin = rest.bytes().position(|byte| !byte.is_ascii_whitespace())?;
        let end = begin + memchr(b'>', &rest.as_bytes()[begin..])?;
        self.at += end + 1;
        // A comment, a declaration, an instruction, or no tag at all.
        if rest.as_bytes()[begin] != b'<' || matches!(rest.as_bytes()[begin + 1], b'!' | b'?') {
            return None;
        }
        let is_empty = rest.as_bytes()[end - 1] == b'/';
        let tag = &rest[begin + 1..end - usize::from(is_empty)];
        let name = tag.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(name);
        Some(Tag { name, is_empty, attributes })
    }

    /// The next tag if it is the start of `name`, with nothing but `xml:space` for an attribute.
    pub(super) fn start(&mut self, name: &str) -> Option<Tag<'a>> {
        self.tag().filter(|tag| tag.name == name && tag.attributes().all(|found| found == Some(PRESERVED)))
    }

    /// Reads the end tag of `name`, which has its slash.
    pub(super) fn end(&mut self, name: &str) -> Option<()> {
        self.tag().filter(|tag| tag.ends(name)).map(|_| ())
    }

    /// The text up to the next tag.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let text = self.until_tag()?;
        // References, line ends to be normalised, and characters that spreadsheet programs write as `_x000D_`.
        let is_plain = !text.bytes().any(|byte| matches!(byte, b'&' | b'\r')) && !text.contains("_x");
        is_plain.then_some(text)
    }

    /// Whatever comes before the next tag.
    pub(super) fn until_tag(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let text = &rest[..memchr(b'<', rest.as_bytes())?];
        self.at += text.len();
        Some(text)
    }

    /// Passes over what comes before this end tag, and over the tag; nothing where comments or instructions are between.
    pub(super) fn skip_to(&mut self, end: &str) -> Option<()> {
        let (between, _) = self.rest().split_once(end)?;
        self.at += between.len() + end.len();
        (!between.contains("<!") && !between.contains("<?")).then_some(())
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

/// The attribute by which white space at the ends of a text belongs to it.
const PRESERVED: (&str, &str) = ("xml:space", "preserve");

impl<'a> Tag<'a> {
    /// The attributes with their values; nothing for one of another form.
    pub(super) fn attributes(self) -> impl Iterator<Item = Option<(&'a str, &'a str)>> {
        let mut rest = self.attributes.trim_ascii();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let attribute = attribute(rest);
            rest = attribute.map_or("", |(_, _, rest)| rest);
            Some(attribute.map(|(name, value, _)| (name, value)))
        })
    }

    /// Whether white space at the ends of the element's text belongs to it.
    pub(super) fn preserves_space(self) -> bool {
        self.attributes().next() == Some(Some(PRESERVED))
    }

    /// Whether all attributes are readable.
    pub(super) fn is_plain(self) -> bool {
        self.attributes().all(|attribute| attribute.is_some())
    }

    /// Whether it is the end tag of an element, `name` with its slash.
    pub(super) fn ends(self, name: &str) -> bool {
        self.name == name && self.attributes.is_empty() && !self.is_empty
    }
}

/// The first attribute of a text: its name, its value, and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, value) = text.split_once('=')?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, rest) = value[1..].split_once(quote)?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':')
        && !value.bytes().any(|byte| matches!(byte, b'&' | b'<'))
        && (rest.is_empty() || rest.starts_with(|first: char| first.is_ascii_whitespace()));
    is_plain.then(|| (name, value, rest.trim_ascii_start()))
}
