//! The text of a page for people: piece by piece, with the attributes that screen readers read.

/// Inline elements.
const INLINE: [&str; 12] = ["a", "abbr", "b", "bdi", "em", "i", "small", "span", "strong", "sub", "sup", "time"];
/// Elements with text for software.
const SAMPLES: [&str; 4] = ["code", "pre", "script", "style"];
/// Attributes that are displayed or read by screen readers.
const HEARD: [&str; 4] = ["title", "aria-label", "placeholder", "alt"];
/// Replaces such text.
const SAMPLE: &str = "‹›";

fn decoded(text: &str) -> String {
    let named = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}"), ("&#38;", "&")];
    named.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

/// Where an element within a line begins or ends.
const EDGE: char = '\u{1}';

/// With a bar where words of two elements meet: styles set them apart.
fn parted(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let meets = |at: usize| {
        let before = signs[..at].iter().rev().find(|sign| **sign != EDGE);
        let after = signs[at..].iter().find(|sign| **sign != EDGE);
        before.is_some_and(|sign| sign.is_alphanumeric()) && after.is_some_and(|sign| sign.is_alphanumeric())
    };
    let shown = |(at, sign): (usize, &char)| match *sign {
        EDGE if meets(at) => " | ".to_owned(),
        EDGE => String::new(),
        sign => sign.to_string(),
    };
    signs.iter().enumerate().map(shown).collect()
}

/// With single ordinary spaces; the other spaces stay.
fn collapsed(text: &str) -> String {
    text.split(|c: char| c.is_ascii_whitespace()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// The pieces of text of a page, each as it is read in one go.
pub(super) fn pieces(html: &str) -> Vec<String> {
    let (mut pieces, mut text, mut sample) = (Vec::new(), String::new(), None);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        let (tag, following) = after.split_once('>').unwrap_or((after, ""));
        rest = following;
        let name = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').find(|part| !part.is_empty()).unwrap_or("");
        if let Some(open) = sample {
            if tag.starts_with('/') && name == open {
                sample = None;
            }
            continue;
        }
        text.push_str(before);
        if let Some(open) = SAMPLES.into_iter().find(|sample| *sample == name) {
            text.push_str(SAMPLE);
            sample = Some(open);
            continue;
        }
        if INLINE.contains(&name) {
            text.push(EDGE);
        } else {
            pieces.push(std::mem::take(&mut text));
        }
        let flat = tag.replace(['\n', '\r'], " ");
        pieces.extend(HEARD.iter().filter_map(|name| attribute(&flat, name).map(str::to_owned)));
        if name == "input" && matches!(attribute(&flat, "type"), Some("submit" | "button")) {
            pieces.extend(attribute(&flat, "value").map(str::to_owned));
        }
    }
    pieces.push(text + rest);
    pieces.iter().map(|piece| collapsed(&parted(&decoded(piece)))).filter(|piece| !piece.is_empty()).collect()
}
