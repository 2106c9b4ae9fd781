//! The package that the reader of every form of `.xlsx` gets: written anew of the parts that are needed, without
//! compression. It never gets the sender's container, nor any other part.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use memchr::memmem;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::refusal;
use crate::domain::finding::Finding;
use crate::domain::rules::workbook::UNREADABLE;

/// The name of the one sheet in a package of one.
pub(super) const SHEET: &str = "S";

/// A package of one sheet.
pub(super) fn of_sheet(sheet: &[u8], strings: &[u8], styles: &str, from_1904: bool) -> Result<Vec<u8>, Finding> {
    let mut target = ReaderPackage::begin(&workbook_xml(from_1904), WORKBOOK_RELATIONS, strings)?;
    target.put("xl/styles.xml", styles.as_bytes())?;
    target.put("xl/sheet.xml", sheet)?;
    target.finish()
}

/// A package of the beginnings of several sheets, each with the name of [`other_sheet`].
pub(super) fn of_beginnings(
    strings: &[u8],
    beginnings: impl ExactSizeIterator<Item = Vec<u8>>,
) -> Result<Vec<u8>, Finding> {
    let (workbook, links) = workbook_of_others(beginnings.len());
    let mut target = ReaderPackage::begin(&workbook, &links, strings)?;
    for (at, beginning) in beginnings.enumerate() {
        target.put(&format!("xl/{}.xml", other_sheet(at)), &beginning)?;
    }
    target.finish()
}

/// The name of a sheet in the package of others.
pub(super) fn other_sheet(at: usize) -> String {
    format!("S{at}")
}

/// The workbook part of that many other sheets, and its relationships.
fn workbook_of_others(count: usize) -> (String, String) {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
    let (mut sheets, mut links) = (String::new(), String::new());
    for name in (0..count).map(other_sheet) {
        let _ = write!(sheets, r#"<sheet name="{name}" id="{name}"/>"#);
        let _ = write!(links, r#"<Relationship Id="{name}" Type="{kind}" Target="{name}.xml"/>"#);
    }
    (format!("<workbook><sheets>{sheets}</sheets></workbook>"), format!("<Relationships>{links}</Relationships>"))
}

/// The shared strings without their declared counts: a reader might allocate that many.
fn without_counts(xml: &[u8]) -> Vec<u8> {
    const COUNT: &[u8] = b"uniqueCount";
    let (mut xml, mut from) = (xml.to_vec(), 0);
    while let Some(at) = memmem::find(&xml[from..], COUNT) {
        let end = from + at + COUNT.len();
        if matches!(xml.get(end), Some(b'=' | b' ' | b'\t' | b'\r' | b'\n')) {
            xml[from + at] = b'U';
        }
        from = end;
    }
    xml
}

/// The package being written.
struct ReaderPackage(ZipWriter<Cursor<Vec<u8>>>);

impl ReaderPackage {
    /// Begins it with the workbook part, that part's relationships, and the shared strings.
    fn begin(workbook: &str, relations: &str, strings: &[u8]) -> Result<Self, Finding> {
        let mut package = Self(ZipWriter::new(Cursor::new(Vec::new())));
        package.put("_rels/.rels", PACKAGE_RELATIONS)?;
        package.put("xl/workbook.xml", workbook.as_bytes())?;
        package.put("xl/_rels/workbook.xml.rels", relations.as_bytes())?;
        if !strings.is_empty() {
            package.put("xl/sharedStrings.xml", &without_counts(strings))?;
        }
        Ok(package)
    }

    fn put(&mut self, name: &str, part: &[u8]) -> Result<(), Finding> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.0.start_file(name, stored).map_err(|_| refusal(&UNREADABLE))?;
        self.0.write_all(part).map_err(|_| refusal(&UNREADABLE))
    }

    fn finish(self) -> Result<Vec<u8>, Finding> {
        self.0.finish().map(Cursor::into_inner).map_err(|_| refusal(&UNREADABLE))
    }
}

const PACKAGE_RELATIONS: &[u8] = br#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK_RELATIONS: &str = r#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="sheet.xml"/></Relationships>"#;

fn workbook_xml(from_1904: bool) -> String {
    let from_1904 = u8::from(from_1904);
    format!(
        r#"<workbook><workbookPr date1904="{from_1904}"/><sheets><sheet name="{SHEET}" id="a"/></sheets></workbook>"#
    )
}
