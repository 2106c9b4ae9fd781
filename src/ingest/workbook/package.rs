//! The guard in front of the reader of `.xlsx`: unpacks only what is needed, counting bytes, and writes a small
//! package for the reader, which never gets the sender's container, nor any part that is not needed.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::file_format::{Archive, archive};
use super::misplaced_table;
use super::model::{Model, VERSION_NAME};
use super::parts::part_name;
use super::parts::{self, PartError, Relationship, SheetEntry, WorkbookContents};
use super::refusal;
use super::sheet_xml::prepare_for_reader;
use super::table::MergedCells;
use crate::domain::finding::{Finding, Param};
use crate::domain::rules::workbook::{SHEET_AMBIGUOUS, SHEET_HIDDEN, SHEET_MISSING, TOO_LARGE, UNREADABLE};

/// The most bytes that the parts of a package may unpack to, each and in total. Declared sizes are not
/// relied upon; the unpacked bytes are counted.
const MAX_SMALL: usize = 4 << 20;
const MAX_STRINGS: usize = 16 << 20;
const MAX_SHEET: usize = 32 << 20;
const MAX_TOTAL: usize = 64 << 20;
/// The most bytes that are unpacked of a sheet of which only the beginning is read.
const MAX_BEGINNING: u64 = 512 << 10;

/// The name of the one sheet in the package for the reader.
pub(super) const SHEET: &str = "S";

/// A package with one sheet and what is needed to read it.
pub(super) struct WorkbookPackage {
    /// The new container, without compression.
    pub(super) bytes: Vec<u8>,
    /// The merged cells of the sheet.
    pub(super) merged: Vec<MergedCells>,
    /// The sheet's name in the sender's workbook.
    pub(super) sheet: String,
    /// The defined name with the model's version.
    pub(super) version: Option<String>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
}

impl From<PartError> for Finding {
    fn from(_: PartError) -> Self {
        refusal(&UNREADABLE)
    }
}

/// Unpacks the sheet of `model`. `edit` may change the sheet's text before the reader gets it.
pub(super) fn open(bytes: &[u8], model: &Model, edit: impl Fn(Vec<u8>) -> Vec<u8>) -> Result<WorkbookPackage, Finding> {
    let mut source = SourcePackage { archive: archive(bytes)?, left: MAX_TOTAL };
    let WorkbookIndex { folder, contents, relations } = source.index()?;
    let sheets = worksheets(&contents, &relations);
    let name = only_sheet(model, &sheets.iter().map(|(entry, _)| (entry.name.as_str(), entry.hidden)))?;
    let found = sheets.iter().find(|(entry, _)| entry.name == name && !entry.hidden);
    let (_, relation) = found.ok_or_else(|| refusal(&UNREADABLE))?;

    let mut target = PreparedPackage::new();
    target.put("_rels/.rels", PACKAGE_RELATIONS)?;
    target.put("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS)?;
    target.put("xl/workbook.xml", workbook_xml(contents.from_1904).as_bytes())?;
    if let Some(styles) = source.related_part(&folder, &relations, "styles", MAX_SMALL)? {
        target.put("xl/styles.xml", parts::date_styles(&styles)?.as_bytes())?;
    }
    if let Some(strings) = source.related_part(&folder, &relations, "sharedStrings", MAX_STRINGS)? {
        target.put("xl/sharedStrings.xml", &without_counts(strings))?;
    }
    let sheet = source.need(&resolve_target(&folder, &relation.target), MAX_SHEET)?;
    let (sheet, merged) = prepare_for_reader(sheet, contents.recalculates);
    target.put("xl/sheet.xml", &edit(sheet))?;
    Ok(WorkbookPackage {
        bytes: target.finish()?,
        merged,
        sheet: name.to_owned(),
        version: contents.version,
        from_1904: contents.from_1904,
    })
}

/// A package of the beginnings of sheets that are not read.
pub(super) struct OtherSheets {
    /// The new container.
    pub(super) bytes: Vec<u8>,
    /// The sheets' names in the sender's workbook, in the order of [`other_sheet`].
    pub(super) names: Vec<String>,
}

/// The beginnings of the visible sheets that are not `read`; nothing where there are none.
pub(super) fn unread_sheets(bytes: &[u8], read: &[String]) -> Result<Option<OtherSheets>, Finding> {
    let mut source = SourcePackage { archive: archive(bytes)?, left: MAX_TOTAL };
    let WorkbookIndex { folder, contents, relations } = source.index()?;
    let sheets = worksheets(&contents, &relations);
    let visible = sheets.iter().filter(|(entry, _)| !entry.hidden).map(|(entry, _)| entry.name.as_str());
    let names = misplaced_table::candidates(visible, read);
    if names.is_empty() {
        return Ok(None);
    }
    let mut target = PreparedPackage::new();
    target.put("_rels/.rels", PACKAGE_RELATIONS)?;
    let (workbook, links) = workbook_of_others(names.len());
    target.put("xl/workbook.xml", workbook.as_bytes())?;
    target.put("xl/_rels/workbook.xml.rels", links.as_bytes())?;
    if let Some(strings) = source.related_part(&folder, &relations, "sharedStrings", MAX_STRINGS)? {
        target.put("xl/sharedStrings.xml", &without_counts(strings))?;
    }
    for (at, name) in names.iter().enumerate() {
        let relation = sheets.iter().find(|(entry, _)| entry.name == *name).map(|(_, relation)| relation);
        let part = relation.map(|relation| resolve_target(&folder, &relation.target)).unwrap_or_default();
        target.put(&format!("xl/{}.xml", other_sheet(at)), &source.beginning(&part))?;
    }
    Ok(Some(OtherSheets { bytes: target.finish()?, names: names.into_iter().map(str::to_owned).collect() }))
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

/// The workbook part of a package.
struct WorkbookIndex {
    /// The folder of the workbook part.
    folder: String,
    contents: WorkbookContents,
    relations: Vec<Relationship>,
}

/// The sheets of cells, in the order of their tabs.
fn worksheets<'a>(
    contents: &'a WorkbookContents,
    relations: &'a [Relationship],
) -> Vec<(&'a SheetEntry, &'a Relationship)> {
    let related = |entry: &'a SheetEntry| {
        let relation = relations.iter().find(|relation| relation.id == entry.relation)?;
        Some((entry, relation))
    };
    contents.sheets.iter().filter_map(related).filter(|(_, relation)| relation.kind == "worksheet").collect()
}

/// The one visible sheet that is the model's, of sheets with their names and whether each is hidden: hidden sheets
/// are not read.
pub(super) fn only_sheet<'a>(
    model: &Model,
    sheets: &(impl Iterator<Item = (&'a str, bool)> + Clone),
) -> Result<&'a str, Finding> {
    let about = |rule| refusal(rule).with("sheet", Param::Code(model.sheet.to_owned()));
    let named = |hidden| model.candidates(sheets.clone().filter(move |sheet| sheet.1 == hidden).map(|sheet| sheet.0));
    match named(false)[..] {
        [] if named(true).is_empty() => Err(about(&SHEET_MISSING)),
        [] => Err(about(&SHEET_HIDDEN)),
        [name] => Ok(name),
        ref several => {
            let count = several.len().try_into().unwrap_or(u64::MAX);
            Err(about(&SHEET_AMBIGUOUS).with("count", Param::Count(count)))
        }
    }
}

/// The sender's container.
struct SourcePackage<'a> {
    archive: Archive<'a>,
    /// How many bytes may still be unpacked.
    left: usize,
}

impl SourcePackage<'_> {
    /// A part, unpacked, if it exists.
    fn part(&mut self, name: &str, most: usize) -> Result<Option<Vec<u8>>, Finding> {
        let (archive, names) = &mut self.archive;
        let Some(at) = names.get(&part_name(name)) else { return Ok(None) };
        let entry = archive.by_index(*at).map_err(|_| refusal(&UNREADABLE))?;
        let most = most.min(self.left);
        let mut part = Vec::new();
        entry.take(most as u64 + 1).read_to_end(&mut part).map_err(|_| refusal(&UNREADABLE))?;
        self.left = self.left.checked_sub(part.len()).ok_or_else(|| refusal(&TOO_LARGE))?;
        if part.len() > most { Err(refusal(&TOO_LARGE)) } else { Ok(Some(part)) }
    }

    /// The beginning of a part; nothing where there is none.
    fn beginning(&mut self, name: &str) -> Vec<u8> {
        let (archive, names) = &mut self.archive;
        let entry = names.get(&part_name(name)).and_then(|at| archive.by_index(*at).ok());
        let mut part = Vec::new();
        entry.and_then(|entry| entry.take(MAX_BEGINNING).read_to_end(&mut part).ok());
        part
    }

    /// Reads the workbook part.
    fn index(&mut self) -> Result<WorkbookIndex, Finding> {
        let workbook = self.workbook_part()?;
        let folder = workbook.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let contents = parts::contents(&self.need(&workbook, MAX_SMALL)?, VERSION_NAME)?;
        Ok(WorkbookIndex { folder, contents, relations: self.related(&workbook)? })
    }

    /// A required part.
    fn need(&mut self, name: &str, most: usize) -> Result<Vec<u8>, Finding> {
        self.part(name, most)?.ok_or_else(|| refusal(&UNREADABLE))
    }

    /// The name of the workbook part, by the package's relationships.
    fn workbook_part(&mut self) -> Result<String, Finding> {
        let relations = parts::relationships(&self.need("_rels/.rels", MAX_SMALL)?)?;
        let workbook = relations.iter().find(|relation| relation.kind == "officeDocument");
        Ok(workbook.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| part_name(&relation.target)))
    }

    /// The relationships of a part.
    fn related(&mut self, part: &str) -> Result<Vec<Relationship>, Finding> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let xml = self.need(&format!("{folder}/_rels/{name}.rels"), MAX_SMALL)?;
        Ok(parts::relationships(&xml)?)
    }

    /// The part of the relationship of this type, if there is one.
    fn related_part(
        &mut self,
        folder: &str,
        relations: &[Relationship],
        kind: &str,
        most: usize,
    ) -> Result<Option<Vec<u8>>, Finding> {
        let Some(relation) = relations.iter().find(|relation| relation.kind == kind) else { return Ok(None) };
        self.part(&resolve_target(folder, &relation.target), most)
    }
}

/// A relationship's target as a part's name.
pub(super) fn resolve_target(folder: &str, target: &str) -> String {
    if target.starts_with('/') {
        return part_name(target);
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// The shared strings without their declared counts: a reader might allocate that many.
fn without_counts(mut xml: Vec<u8>) -> Vec<u8> {
    const COUNT: &[u8] = b"uniqueCount";
    let mut from = 0;
    while let Some(at) = xml[from..].windows(COUNT.len()).position(|window| window == COUNT) {
        let end = from + at + COUNT.len();
        if matches!(xml.get(end), Some(b'=' | b' ' | b'\t' | b'\r' | b'\n')) {
            xml[from + at] = b'U';
        }
        from = end;
    }
    xml
}

/// The package for the reader.
struct PreparedPackage(ZipWriter<Cursor<Vec<u8>>>);

impl PreparedPackage {
    fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
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
const WORKBOOK_RELATIONS: &[u8] = br#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="sheet.xml"/></Relationships>"#;

fn workbook_xml(from_1904: bool) -> String {
    let from_1904 = u8::from(from_1904);
    format!(
        r#"<workbook><workbookPr date1904="{from_1904}"/><sheets><sheet name="{SHEET}" id="a"/></sheets></workbook>"#
    )
}
