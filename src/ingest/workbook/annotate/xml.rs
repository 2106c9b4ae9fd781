//! Edits of a part's XML that leave every other byte as the sender's program wrote it.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The part is not XML of the expected form, or cannot be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotEditable;

/// An element and its direct children, by their positions in the text of the part.
pub(super) struct Element<'a> {
    pub(super) xml: &'a str,
    /// The start tag.
    pub(super) tag: Range<usize>,
    /// Whether it is written as one tag without content.
    is_empty_tag: bool,
    /// The position of the end tag; the end of the element when it has none.
    content_end: usize,
    /// The namespace prefix of its name with the colon; empty without one.
    pub(super) prefix: &'a str,
    pub(super) children: Vec<ChildElement>,
}

/// An element in another one.
pub(super) struct ChildElement {
    /// The name without its prefix.
    pub(super) name: String,
    pub(super) range: Range<usize>,
}

impl<'a> Element<'a> {
    /// The root element of `xml`, which is a part of a package or an element of one.
    pub(super) fn root(xml: &'a [u8]) -> Result<Self, NotEditable> {
        let xml = std::str::from_utf8(xml).map_err(|_| NotEditable)?;
        let mut reader = Reader::from_str(xml);
        let (mut root, mut depth): (Option<Self>, usize) = (None, 0);
        loop {
            let start = position(&reader)?;
            let event = reader.read_event().map_err(|_| NotEditable)?;
            let range = start..position(&reader)?;
            match (event, &mut root) {
                (Event::Eof, _) => return root.filter(|_| depth == 0).ok_or(NotEditable),
                (Event::Start(tag), Some(root)) => {
                    if depth == 1 {
                        root.children.push(ChildElement { name: tag.local_name().as_ref().to_owned(), range });
                    }
                    depth += 1;
                }
                (Event::Empty(tag), Some(root)) if depth == 1 => {
                    root.children.push(ChildElement { name: tag.local_name().as_ref().to_owned(), range });
                }
                (Event::Start(_), None) => {
                    root = Some(Self::with_tag(xml, range, false));
                    depth = 1;
                }
                (Event::Empty(_), None) => root = Some(Self::with_tag(xml, range, true)),
                (Event::End(_), Some(root)) => {
                    depth = depth.checked_sub(1).ok_or(NotEditable)?;
                    match depth {
                        0 => root.content_end = range.start,
                        1 => root.children.last_mut().ok_or(NotEditable)?.range.end = range.end,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    fn with_tag(xml: &'a str, tag: Range<usize>, is_empty_tag: bool) -> Self {
        let name = xml[tag.start + 1..tag.end].split(|c: char| c.is_whitespace() || c == '/' || c == '>').next();
        let prefix = name.and_then(|name| name.find(':').map(|colon| &name[..=colon])).unwrap_or_default();
        Self { xml, content_end: tag.end, tag, is_empty_tag, prefix, children: Vec::new() }
    }

    /// The text of an element in it.
    pub(super) fn text_of(&self, child: &ChildElement) -> &'a str {
        &self.xml[child.range.clone()]
    }

    /// The first element in it with this name.
    pub(super) fn child(&self, name: &str) -> Option<&ChildElement> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The start tag as it is written.
    pub(super) fn tag_text(&self) -> &'a str {
        &self.xml[self.tag.clone()]
    }

    /// Inserts `content` before the first child whose name is after `name` in `order`, or at the end.
    pub(super) fn insert(&self, name: &str, order: &[&str], content: &str, edits: &mut Edits) {
        let rank = |name: &str| order.iter().position(|other| *other == name).unwrap_or(order.len());
        let next = self.children.iter().find(|child| rank(&child.name) > rank(name));
        match next {
            Some(next) => edits.insert(next.range.start, content),
            None => self.append(content, edits),
        }
    }

    /// Appends `content` to the element.
    pub(super) fn append(&self, content: &str, edits: &mut Edits) {
        if self.is_empty_tag {
            let tag = self.tag_text();
            let name = tag[1..].split(|c: char| c.is_whitespace() || c == '/' || c == '>').next().unwrap_or_default();
            let open = tag.trim_end_matches('>').trim_end_matches('/');
            edits.replace(self.tag.clone(), format!("{open}>{content}</{name}>"));
        } else {
            edits.insert(self.content_end, content);
        }
    }
}

/// Replacements in one text, made in any order.
#[derive(Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(super) fn insert(&mut self, at: usize, content: &str) {
        self.0.push((at..at, content.to_owned()));
    }

    pub(super) fn replace(&mut self, range: Range<usize>, content: String) {
        self.0.push((range, content));
    }

    /// Adds them to the edits of a longer text, in which theirs begins at `at`.
    pub(super) fn moved_into(self, at: usize, edits: &mut Self) {
        edits.0.extend(self.0.into_iter().map(|(range, content)| (at + range.start..at + range.end, content)));
    }

    /// Applies all of them. Insertions at one place are in the order in which they were made.
    pub(super) fn apply(mut self, xml: &str) -> String {
        self.0.sort_by_key(|(range, _)| range.start);
        let (mut edited, mut from) = (String::with_capacity(xml.len() + 4096), 0);
        for (range, content) in self.0 {
            if range.start < from {
                continue;
            }
            edited.push_str(&xml[from..range.start]);
            edited.push_str(&content);
            from = range.end;
        }
        edited.push_str(&xml[from..]);
        edited
    }
}

/// The value of an attribute of a start tag, as it is written, and where it is in the tag.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<(&'a str, Range<usize>)> {
    let parsed = BytesStart::from_content(tag.trim_matches(['<', '>', '/']), 0);
    let mut attributes = parsed.attributes();
    let found = attributes.with_checks(false).flatten().find(|found| found.key.as_ref() == name)?;
    let key = tag.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = tag[..*at].ends_with(char::is_whitespace);
        before && tag[at + name.len()..].trim_start().starts_with('=')
    })?;
    let quote = key + name.len() + tag[key + name.len()..].find(['"', '\''])?;
    let start = quote + 1;
    let end = start + tag[start..].find(&tag[quote..=quote])?;
    (found.value.len() == end - start).then(|| (&tag[start..end], start..end))
}

/// A start tag with this value of an attribute.
pub(super) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    if let Some((_, range)) = attribute(tag, name) {
        return format!("{}{value}{}", &tag[..range.start], &tag[range.end..]);
    }
    let end = tag.len() - if tag.ends_with("/>") { 2 } else { 1 };
    format!("{} {name}=\"{value}\"{}", tag[..end].trim_end(), &tag[end..])
}

/// Text escaped for an element or an attribute; characters that XML does not allow are removed.
pub(super) fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect();
    quick_xml::escape::escape(&text).replace(['\u{fffe}', '\u{ffff}'], "")
}

fn position(reader: &Reader<&[u8]>) -> Result<usize, NotEditable> {
    usize::try_from(reader.buffer_position()).map_err(|_| NotEditable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_found_and_everything_else_stays() {
        let xml = "<?xml version=\"1.0\"?>\r\n<x:a n='1'> <x:b/><x:c><x:d>é</x:d></x:c><!-- e --></x:a>";
        let root = Element::root(xml.as_bytes()).unwrap();
        assert_eq!((root.prefix, root.tag_text()), ("x:", "<x:a n='1'>"));
        let names: Vec<_> = root.children.iter().map(|child| (&*child.name, root.text_of(child))).collect();
        assert_eq!(names, [("b", "<x:b/>"), ("c", "<x:c><x:d>é</x:d></x:c>")]);
        let mut edits = Edits::default();
        root.insert("bb", &["b", "bb", "c"], "<x:bb/>", &mut edits);
        root.append("<x:z/>", &mut edits);
        let edited = edits.apply(xml);
        assert_eq!(
            edited,
            "<?xml version=\"1.0\"?>\r\n<x:a n='1'> <x:b/><x:bb/><x:c><x:d>é</x:d></x:c><!-- e --><x:z/></x:a>"
        );
    }

    #[test]
    fn an_element_without_content_gets_some() {
        let mut edits = Edits::default();
        Element::root(b"<a n=\"1\" />").unwrap().append("<b/>", &mut edits);
        assert_eq!(edits.apply("<a n=\"1\" />"), "<a n=\"1\" ><b/></a>");
    }

    #[test]
    fn attributes_are_replaced_or_added() {
        assert_eq!(with_attribute("<a xcount='2' count='1'/>", "count", "5"), "<a xcount='2' count='5'/>");
        assert_eq!(with_attribute("<a>", "count", "5"), "<a count=\"5\">");
        assert_eq!(with_attribute("<a/>", "count", "5"), "<a count=\"5\"/>");
        assert_eq!(attribute("<a r:id = \"x\">", "r:id").map(|(value, _)| value), Some("x"));
    }

    #[test]
    fn what_is_no_xml_is_not_edited() {
        for xml in ["", "text", "<a>", "<a></b>", "<a/><b>"] {
            assert!(Element::root(xml.as_bytes()).is_err(), "{xml}");
        }
    }
}
