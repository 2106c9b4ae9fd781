//! The small parts of an `.xlsx` package: the list of sheets, and the cell styles of dates.

use std::fmt::Write as _;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// The content of the workbook part.
#[derive(Debug, Default)]
pub(super) struct WorkbookContents {
    /// The sheets, in the order of their tabs.
    pub(super) sheets: Vec<SheetEntry>,
    /// Whether every formula is to be calculated when the workbook is opened: the stored results are not final.
    pub(super) recalculates: bool,
    /// The defined name with the model's version.
    pub(super) version: Option<String>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
}

/// A sheet as the workbook lists it.
#[derive(Debug)]
pub(super) struct SheetEntry {
    pub(super) name: String,
    /// The id of the relationship to its part.
    pub(super) relation: String,
    /// Whether it is hidden (`hidden` or `veryHidden`).
    pub(super) hidden: bool,
}

/// The media types of a package's parts.
#[derive(Debug, Default)]
pub(super) struct ContentTypes {
    /// By file extension, in lower case.
    defaults: Vec<(String, String)>,
    /// By part name, as [`part_name`] writes it.
    overrides: Vec<(String, String)>,
}

impl ContentTypes {
    /// The media type of the part `name`, if the package declares one.
    pub(super) fn of(&self, name: &str) -> Option<&str> {
        let extension = name.rsplit('.').next().unwrap_or_default();
        let exact = self.overrides.iter().find(|(part, _)| part == name);
        let found = exact.or_else(|| self.defaults.iter().find(|(known, _)| known == extension));
        found.map(|(_, media_type)| media_type.as_str())
    }
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
pub(super) struct PartError;

/// The most cell styles a workbook may have, and the longest number format: the limits of the spreadsheet programs.
const MAX_STYLES: usize = 65_535;
const MAX_FORMAT: usize = 255;

/// Reads `workbook.xml`.
pub(super) fn contents(xml: &[u8], version_name: &str) -> Result<WorkbookContents, PartError> {
    let mut contents = WorkbookContents::default();
    let mut in_version = false;
    walk(xml, |event| match event {
        Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
            "sheet" => {
                let text = |name| attribute(tag, name).unwrap_or_default();
                let hidden = matches!(text("state").as_str(), "hidden" | "veryHidden");
                contents.sheets.push(SheetEntry { name: text("name"), relation: text("id"), hidden });
            }
            "calcPr" => contents.recalculates |= is_true(tag, "fullCalcOnLoad"),
            "workbookPr" => {
                contents.from_1904 |= is_true(tag, "date1904");
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

/// Reads `[Content_Types].xml`.
pub(super) fn content_types(xml: &[u8]) -> Result<ContentTypes, PartError> {
    let mut types = ContentTypes::default();
    walk(xml, |event| {
        let (Event::Start(tag) | Event::Empty(tag)) = event else { return };
        let text = |name| attribute(tag, name).unwrap_or_default();
        match tag.local_name().as_ref() {
            "Default" => types.defaults.push((text("Extension").to_ascii_lowercase(), text("ContentType"))),
            "Override" => types.overrides.push((part_name(&text("PartName")), text("ContentType"))),
            _ => {}
        }
    })?;
    Ok(types)
}

/// Reads a relationships part.
pub(super) fn relationships(xml: &[u8]) -> Result<Vec<Relationship>, PartError> {
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

/// What of `styles.xml` distinguishes dates from numbers.
#[derive(Debug)]
pub(super) struct DateStyles {
    /// The part written anew, with nothing else: a reader that copies a font's or a format's text for every style could
    /// be made to allocate gigabytes.
    pub(super) xml: String,
    /// The number of cell styles.
    pub(super) count: usize,
}

impl Default for DateStyles {
    fn default() -> Self {
        Self { xml: "<styleSheet></styleSheet>".to_owned(), count: 0 }
    }
}

/// Reads `styles.xml`.
pub(super) fn date_styles(xml: &[u8]) -> Result<DateStyles, PartError> {
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
    let xml = format!("<styleSheet><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>");
    Ok(DateStyles { xml, count })
}

/// Calls `each` with every event of a part.
fn walk(xml: &[u8], mut each: impl FnMut(&Event<'_>)) -> Result<(), PartError> {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| PartError)? {
            Event::Eof => return Ok(()),
            event => each(&event),
        }
    }
}

/// Whether an attribute is true.
fn is_true(tag: &BytesStart<'_>, name: &str) -> bool {
    matches!(attribute(tag, name).as_deref(), Some("1" | "true" | "on"))
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
/// A part's name normalised for comparison.
pub(super) fn part_name(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}
