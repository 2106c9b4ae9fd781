//! The guard in front of the readers of `.xlsx`: unpacks only what is needed, counting bytes.

use std::io::Read as _;

use super::file_format::{Archive, Container, open_container};
use super::misplaced_table;
use super::model::{Model, VERSION_NAME};
use super::parts::part_name;
use super::parts::{self, DateStyles, PartError, Relationship, SheetEntry, WorkbookContents};
use super::table::Table;
use super::{reader_package, refusal};
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

/// A sheet and what is needed to read it, unpacked.
pub(super) struct SheetParts {
    /// The sheet's name in the sender's workbook.
    pub(super) name: String,
    /// The defined name with the model's version.
    pub(super) version: Option<String>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    /// Whether no stored result of a formula is final.
    pub(super) recalculates: bool,
    /// Of the styles part, what distinguishes dates from numbers.
    pub(super) styles: DateStyles,
    /// The shared strings.
    pub(super) strings: Vec<u8>,
    /// The sheet itself.
    pub(super) sheet: Vec<u8>,
}

/// The beginnings of sheets that are not read.
pub(super) struct UnreadSheets {
    /// The package for the reader.
    pub(super) package: Vec<u8>,
    /// The sheets' names in the sender's workbook, in the order of their numbers in the package.
    pub(super) names: Vec<String>,
}

impl SheetParts {
    /// The sheet's table without its cells.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::new(&self.name);
        table.version.clone_from(&self.version);
        table.from_1904 = self.from_1904;
        table
    }
}

impl From<PartError> for Finding {
    fn from(_: PartError) -> Self {
        refusal(&UNREADABLE)
    }
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

/// The sender's container, with the contents of its workbook part.
pub(super) struct SourcePackage<'a> {
    parts: Parts<'a>,
    /// The folder of the workbook part.
    folder: String,
    contents: WorkbookContents,
    relations: Vec<Relationship>,
}

impl<'a> SourcePackage<'a> {
    /// Opens the package of an `.xlsx`.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Finding> {
        let Container::Package(archive, workbook) = open_container(bytes)? else { return Err(refusal(&UNREADABLE)) };
        let mut parts = Parts { archive, left: MAX_TOTAL };
        let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let contents = parts::contents(&parts.need(&workbook, MAX_SMALL)?, VERSION_NAME)?;
        let relations = parts::relationships(&parts.need(&format!("{folder}/_rels/{name}.rels"), MAX_SMALL)?)?;
        Ok(Self { parts, folder: folder.to_owned(), contents, relations })
    }

    /// Unpacks the sheet of `model`.
    pub(super) fn sheet(&mut self, model: &Model) -> Result<SheetParts, Finding> {
        self.parts.left = MAX_TOTAL;
        let sheets = worksheets(&self.contents, &self.relations);
        let name = only_sheet(model, &sheets.iter().map(|(entry, _)| (entry.name.as_str(), entry.hidden)))?.to_owned();
        let found = sheets.iter().find(|(entry, _)| entry.name == name && !entry.hidden);
        let part = found.map(|(_, relation)| resolve_target(&self.folder, &relation.target));
        let part = part.ok_or_else(|| refusal(&UNREADABLE))?;
        let styles = self.related_part("styles", MAX_SMALL)?.map(|xml| parts::date_styles(&xml)).transpose()?;
        Ok(SheetParts {
            name,
            version: self.contents.version.clone(),
            from_1904: self.contents.from_1904,
            recalculates: self.contents.recalculates,
            styles: styles.unwrap_or_default(),
            strings: self.strings()?,
            sheet: self.parts.need(&part, MAX_SHEET)?,
        })
    }

    /// The beginnings of the visible sheets that are not `read`; nothing where there are none.
    pub(super) fn unread_sheets(&mut self, read: &[String]) -> Result<Option<UnreadSheets>, Finding> {
        self.parts.left = MAX_TOTAL;
        let sheets = worksheets(&self.contents, &self.relations);
        let visible = sheets.iter().filter(|(entry, _)| !entry.hidden).map(|(entry, _)| entry.name.as_str());
        let names: Vec<_> = misplaced_table::candidates(visible, read).into_iter().map(str::to_owned).collect();
        if names.is_empty() {
            return Ok(None);
        }
        let part_of = |name: &String| {
            let found = sheets.iter().find(|(entry, _)| entry.name == *name);
            found.map(|(_, relation)| resolve_target(&self.folder, &relation.target)).unwrap_or_default()
        };
        let sheet_parts: Vec<String> = names.iter().map(part_of).collect();
        let strings = self.strings()?;
        let beginnings = sheet_parts.iter().map(|part| self.parts.beginning(part));
        Ok(Some(UnreadSheets { package: reader_package::of_beginnings(&strings, beginnings)?, names }))
    }

    /// The shared strings; nothing where there are none.
    fn strings(&mut self) -> Result<Vec<u8>, Finding> {
        Ok(self.related_part("sharedStrings", MAX_STRINGS)?.unwrap_or_default())
    }

    /// The part of the workbook's relationship of this type, if there is one.
    fn related_part(&mut self, kind: &str, most: usize) -> Result<Option<Vec<u8>>, Finding> {
        let Some(relation) = self.relations.iter().find(|relation| relation.kind == kind) else { return Ok(None) };
        self.parts.part(&resolve_target(&self.folder, &relation.target), most)
    }
}

/// The parts of the sender's container.
struct Parts<'a> {
    archive: Archive<'a>,
    /// How many bytes may still be unpacked.
    left: usize,
}

impl Parts<'_> {
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

    /// A required part.
    fn need(&mut self, name: &str, most: usize) -> Result<Vec<u8>, Finding> {
        self.part(name, most)?.ok_or_else(|| refusal(&UNREADABLE))
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
