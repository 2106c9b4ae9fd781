//! The small parts of an `.xlsx` package: which sheets there are, and which cell styles show dates.

use std::fmt::Write as _;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// What a workbook says about itself.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The sheets: name and relationship.
    pub(super) sheets: Vec<(String, String)>,
    /// The defined name that tells the model's version.
    pub(super) version: Option<String>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
}

/// A relationship of a part: its id, the last word of its type, its target.
#[derive(Debug)]
pub(super) struct Relationship {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) target: String,
}

/// The part is not XML of the expected kind.
#[derive(Debug)]
pub(super) struct Broken;

/// The most cell styles a workbook may have, and the longest number format: the limits of the spreadsheet programs.
const MAX_STYLES: usize = 65_535;
const MAX_FORMAT: usize = 255;

/// Reads `workbook.xml`.
pub(super) fn contents(xml: &[u8], version_name: &str) -> Result<Contents, Broken> {
    let mut contents = Contents::default();
    let mut in_version = false;
    walk(xml, |event| match event {
        Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
            "sheet" => {
                let id = attribute(tag, "id").unwrap_or_default();
                contents.sheets.push((attribute(tag, "name").unwrap_or_default(), id));
            }
            "workbookPr" => {
                contents.from_1904 |= matches!(attribute(tag, "date1904").as_deref(), Some("1" | "true" | "on"));
            }
            "definedName" => {
                in_version = attribute(tag, "name").is_some_and(|name| name.eq_ignore_ascii_case(version_name));
                if in_version {
                    contents.version = Some(String::new());
                }
            }
            _ => {}
        },
        Event::End(_) => in_version = false,
        Event::Text(text) if in_version => {
            contents.version.get_or_insert_default().push_str(&text.xml10_content());
        }
        Event::GeneralRef(entity) if in_version => {
            contents.version.get_or_insert_default().push_str(match entity.xml10_content().as_ref() {
                "quot" => "\"",
                "amp" => "&",
                "apos" => "'",
                _ => "?",
            });
        }
        _ => {}
    })?;
    Ok(contents)
}

/// Reads a relationships part.
pub(super) fn relationships(xml: &[u8]) -> Result<Vec<Relationship>, Broken> {
    let mut found = Vec::new();
    walk(xml, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event
            && tag.local_name().as_ref() == "Relationship"
        {
            let text = |name| attribute(tag, name).unwrap_or_default();
            let kind = text("Type").rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Relationship { id: text("Id"), kind, target: text("Target") });
        }
    })?;
    Ok(found)
}

/// Of `styles.xml`, what tells dates from numbers, written anew: a reader that keeps a copy of a font's or a format's
/// text for every style could be made to keep gigabytes.
pub(super) fn date_styles(xml: &[u8]) -> Result<String, Broken> {
    let mut formats = String::new();
    let mut styles = String::new();
    let (mut count, mut in_cell_styles) = (0, false);
    walk(xml, |event| match event {
        Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
            "cellXfs" => in_cell_styles = true,
            "numFmt" => {
                let short = |name| raw(tag, name).filter(|value| value.len() <= MAX_FORMAT && !value.contains('"'));
                if let (Some(id), Some(format)) = (short("numFmtId"), short("formatCode")) {
                    let _ = write!(formats, "<numFmt numFmtId=\"{id}\" formatCode=\"{format}\"/>");
                }
            }
            "xf" if in_cell_styles && count < MAX_STYLES => {
                count += 1;
                let id = raw(tag, "numFmtId").filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
                let _ = write!(styles, "<xf numFmtId=\"{}\"/>", id.unwrap_or("0"));
            }
            _ => {}
        },
        Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cell_styles = false,
        _ => {}
    })?;
    Ok(format!("<styleSheet><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"))
}

/// Hands every event of a part to `each`.
fn walk(xml: &[u8], mut each: impl FnMut(&Event<'_>)) -> Result<(), Broken> {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Broken)? {
            Event::Eof => return Ok(()),
            event => each(&event),
        }
    }
}

/// An attribute by its local name, as it is written.
pub(super) fn raw<'a>(tag: &'a BytesStart<'_>, name: &str) -> Option<&'a str> {
    let mut attributes = tag.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    match found.value {
        std::borrow::Cow::Borrowed(value) => Some(value),
        std::borrow::Cow::Owned(_) => None,
    }
}

/// An attribute by its local name, its entities resolved.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}
