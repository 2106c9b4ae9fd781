//! The sender's package with the marks: parts without a change are copied byte by byte.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::marks::{SheetMarks, marks};
use super::sheet::DrawingLink;
use super::styles::with_prefix;
use super::xml::{Edits, Element, NotEditable, attribute, escaped, with_attribute};
use super::{list, list_sheet, notes, sheet, styles};
use crate::domain::finding::Findings;
use crate::ingest::workbook::file_format::{Archive, archive};
use crate::ingest::workbook::package::resolve_target;
use crate::ingest::workbook::parts::part_name;
use crate::ingest::workbook::parts::{self, Relationship};
use crate::words::Language;

/// The most bytes that the parts which are read unpack to in total, as when the workbook is read.
const MAX_TOTAL: usize = 64 << 20;

/// A kind of part: the extension of its name and its media type.
type PartKind = (&'static str, &'static str);
const STYLES: PartKind = ("xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml");
const SHEET: PartKind = ("xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml");
const NOTES: PartKind = ("xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml");
const DRAWING: PartKind = ("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing");

/// A part that is added: its name, and the id of the relationship to it.
struct AddedPart {
    name: String,
    relation: String,
}

/// The marked package.
pub(super) fn edit_package(bytes: &[u8], findings: &Findings, language: Language) -> Result<Vec<u8>, NotEditable> {
    let mut package = EditedPackage::open(bytes)?;
    let workbook = EditedWorkbook::read(&mut package)?;
    let (extended, formats, list_formats) = styles::add_styles(workbook.styles(&mut package)?.as_bytes())?;
    for (name, part) in &workbook.sheets {
        let marks = marks(findings, name, language);
        let xml = package.need(part)?;
        if !marks.is_empty() || sheet::has_marks(&xml) {
            let drawing = put_notes(&mut package, &workbook, part, &xml, &marks)?;
            let link = drawing.as_deref().map(|relation| DrawingLink { relation, namespace: workbook.relationships() });
            package.put(part, sheet::mark(&xml, &marks, formats, link.as_ref())?);
        }
    }
    let list = list_sheet::part(findings, language, list_formats, workbook.main());
    workbook.add_list(&mut package, list)?;
    workbook.put_styles(&mut package, extended)?;
    package.written()
}

/// Adds the notes of a sheet; returns the relationship of their drawing, where the sheet had none.
fn put_notes(
    package: &mut EditedPackage<'_>,
    workbook: &EditedWorkbook,
    part: &str,
    xml: &[u8],
    marks: &SheetMarks,
) -> Result<Option<String>, NotEditable> {
    let folder = folder_of(part);
    let relations = package.relations(part)?;
    let target = |relation: &Relationship| resolve_target(&folder, &relation.target);
    let comments = relations.iter().find(|relation| relation.kind == "comments").map(target);
    let former = match &comments {
        Some(comments) => package.need(comments)?,
        None => notes::empty(workbook.main()).into_bytes(),
    };
    let notes = notes::with_notes(&former, marks)?;
    let drawing_id = sheet::notes_relation(xml)?;
    let drawing = relations.iter().find(|relation| Some(&relation.id) == drawing_id.as_ref()).map(target);
    let former = match &drawing {
        Some(drawing) => package.need(drawing)?,
        None => notes::EMPTY_DRAWING.as_bytes().to_vec(),
    };
    let drawn = notes::note_drawings(&former, &notes)?;
    let comments = if let Some(comments) = comments {
        comments
    } else {
        package.add(part, &workbook.relation_type("comments"), "passerelleNotes", NOTES)?.name
    };
    let (drawing, relation) = if let Some(drawing) = drawing {
        (drawing, None)
    } else {
        let added = package.add(part, &workbook.relation_type("vmlDrawing"), "passerelleNotes", DRAWING)?;
        (added.name, Some(added.relation))
    };
    package.put(&comments, notes.xml);
    package.put(&drawing, drawn);
    Ok(relation)
}

/// The workbook part and its relationships.
struct EditedWorkbook {
    part: String,
    xml: String,
    relations: Vec<Relationship>,
    /// The worksheets by name, each with its part.
    sheets: Vec<(String, String)>,
    /// Whether the package uses the namespaces of the strict variant of ISO/IEC 29500.
    is_strict: bool,
}

impl EditedWorkbook {
    fn read(package: &mut EditedPackage<'_>) -> Result<Self, NotEditable> {
        let relations = parts::relationships(&package.need("_rels/.rels")?).map_err(|_| NotEditable)?;
        let main = relations.iter().find(|relation| relation.kind == "officeDocument");
        let part = main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| part_name(&relation.target));
        let xml = String::from_utf8(package.need(&part)?).map_err(|_| NotEditable)?;
        let contents = parts::contents(xml.as_bytes(), "").map_err(|_| NotEditable)?;
        let (relations, folder) = (package.relations(&part)?, folder_of(&part));
        let sheets = contents.sheets.iter().filter_map(|entry| {
            let relation = relations.iter().find(|relation| relation.id == entry.relation)?;
            (relation.kind == "worksheet").then(|| (entry.name.clone(), resolve_target(&folder, &relation.target)))
        });
        let (sheets, is_strict) = (sheets.collect(), xml.contains("http://purl.oclc.org/ooxml/"));
        Ok(Self { part, xml, relations, sheets, is_strict })
    }

    /// The namespace of sheets.
    const fn main(&self) -> &'static str {
        if self.is_strict {
            "http://purl.oclc.org/ooxml/spreadsheetml/main"
        } else {
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        }
    }

    /// The namespace of relationships.
    const fn relationships(&self) -> &'static str {
        if self.is_strict {
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        } else {
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        }
    }

    fn relation_type(&self, kind: &str) -> String {
        format!("{}/{kind}", self.relationships())
    }

    fn styles_part(&self) -> Option<String> {
        let relation = self.relations.iter().find(|relation| relation.kind == "styles")?;
        Some(resolve_target(&folder_of(&self.part), &relation.target))
    }

    fn styles(&self, package: &mut EditedPackage<'_>) -> Result<String, NotEditable> {
        match self.styles_part() {
            Some(part) => String::from_utf8(package.need(&part)?).map_err(|_| NotEditable),
            None => Ok(styles::EMPTY.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", self.main())),
        }
    }

    fn put_styles(&self, package: &mut EditedPackage<'_>, xml: String) -> Result<(), NotEditable> {
        let part = if let Some(part) = self.styles_part() {
            part
        } else {
            package.add(&self.part, &self.relation_type("styles"), "passerelleStyles", STYLES)?.name
        };
        package.put(&part, xml);
        Ok(())
    }

    /// Makes the list the first sheet, or replaces an earlier one.
    fn add_list(&self, package: &mut EditedPackage<'_>, list: String) -> Result<(), NotEditable> {
        if let Some((_, part)) = self.sheets.iter().find(|(name, _)| name == list::TITLE) {
            package.put(part, list);
            return Ok(());
        }
        let added = package.add(&self.part, &self.relation_type("worksheet"), "passerelleList", SHEET)?;
        package.put(&added.name, list);
        package.put(&self.part, self.with_first_sheet(&added.relation)?);
        Ok(())
    }

    /// The workbook part with one more sheet before the others. Indexes of sheets in it are increased by one.
    fn with_first_sheet(&self, relation: &str) -> Result<String, NotEditable> {
        let root = Element::root(self.xml.as_bytes())?;
        let mut edits = Edits::default();
        if root.child("bookViews").is_none() {
            // Without views the first sheet is active, which is no longer the sender's.
            let (prefix, sheets) = (root.prefix, root.child("sheets").ok_or(NotEditable)?);
            let views = "<bookViews><workbookView activeTab=\"1\"/></bookViews>";
            edits.insert(sheets.range.start, &with_prefix(views, prefix));
        }
        for child in &root.children {
            let at = child.range.start;
            match child.name.as_str() {
                "sheets" => {
                    let sheets = Element::root(root.text_of(child).as_bytes())?;
                    edits.insert(at + sheets.tag.end, &self.sheet_entry(&sheets, relation)?);
                }
                "bookViews" => moved(&root.xml[child.range.clone()], at, &["activeTab"], 0, &mut edits)?,
                "definedNames" => moved(&root.xml[child.range.clone()], at, &["localSheetId"], -1, &mut edits)?,
                _ => {}
            }
        }
        Ok(edits.apply(root.xml))
    }

    fn sheet_entry(&self, sheets: &Element<'_>, relation: &str) -> Result<String, NotEditable> {
        let mut highest = 0;
        for entry in &sheets.children {
            let tag = Element::root(sheets.text_of(entry).as_bytes())?.tag_text();
            let id = attribute(tag, "sheetId").and_then(|(id, _)| id.parse::<u32>().ok());
            highest = highest.max(id.ok_or(NotEditable)?);
        }
        let (prefix, name, id) = (sheets.prefix, escaped(list::TITLE), highest.checked_add(1).ok_or(NotEditable)?);
        let namespace = self.relationships();
        Ok(format!("<{prefix}sheet name=\"{name}\" sheetId=\"{id}\" xmlns:r=\"{namespace}\" r:id=\"{relation}\"/>"))
    }
}

/// Adds one to these attributes of the elements of a list, which is at `at`. A missing one means
/// `otherwise`, and is written when that is an index.
fn moved(list: &str, at: usize, names: &[&str], otherwise: i64, edits: &mut Edits) -> Result<(), NotEditable> {
    let list = Element::root(list.as_bytes())?;
    for child in &list.children {
        let element = Element::root(list.text_of(child).as_bytes())?;
        let mut tag = element.tag_text().to_owned();
        for name in names {
            let stored = attribute(&tag, name).and_then(|(value, _)| value.parse::<i64>().ok()).unwrap_or(otherwise);
            if stored >= 0 {
                tag = with_attribute(&tag, name, &(stored + 1).to_string());
            }
        }
        let start = at + child.range.start;
        edits.replace(start + element.tag.start..start + element.tag.end, tag);
    }
    Ok(())
}

/// A package whose parts are replaced and added to.
struct EditedPackage<'a> {
    archive: Archive<'a>,
    /// How many bytes may still be unpacked.
    left: usize,
    /// New contents by the normalised name of the part, with the name as it is written.
    changed: BTreeMap<String, (String, String)>,
}

impl<'a> EditedPackage<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, NotEditable> {
        let archive = archive(bytes).map_err(|_| NotEditable)?;
        Ok(Self { archive, left: MAX_TOTAL, changed: BTreeMap::new() })
    }

    /// A part with its changes.
    fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, NotEditable> {
        if let Some((_, part)) = self.changed.get(&part_name(name)) {
            return Ok(Some(part.clone().into_bytes()));
        }
        let (archive, names) = &mut self.archive;
        let Some(at) = names.get(&part_name(name)) else { return Ok(None) };
        let entry = archive.by_index(*at).map_err(|_| NotEditable)?;
        let mut part = Vec::new();
        entry.take(self.left as u64 + 1).read_to_end(&mut part).map_err(|_| NotEditable)?;
        self.left = self.left.checked_sub(part.len()).ok_or(NotEditable)?;
        Ok(Some(part))
    }

    fn need(&mut self, name: &str) -> Result<Vec<u8>, NotEditable> {
        self.part(name)?.ok_or(NotEditable)
    }

    fn put(&mut self, name: &str, part: String) {
        self.changed.insert(part_name(name), (name.trim_start_matches('/').to_owned(), part));
    }

    fn relations(&mut self, part: &str) -> Result<Vec<Relationship>, NotEditable> {
        let xml = self.part(&relations_of(part))?;
        xml.map_or_else(|| Ok(Vec::new()), |xml| parts::relationships(&xml).map_err(|_| NotEditable))
    }

    /// Reserves the name of a new part beside `owner`, and adds a relationship to it. Its content is set later.
    fn add(&mut self, owner: &str, relation_type: &str, word: &str, kind: PartKind) -> Result<AddedPart, NotEditable> {
        let name = self.free_name(&folder_of(owner), word, kind.0);
        self.declare(&name, kind.1)?;
        let relation = self.relate(&relations_of(owner), relation_type, &name)?;
        self.changed.insert(part_name(&name), (name.clone(), String::new()));
        Ok(AddedPart { name, relation })
    }

    /// An unused name in `folder`.
    fn free_name(&self, folder: &str, word: &str, extension: &str) -> String {
        let taken = |name: &String| {
            self.archive.1.contains_key(&part_name(name)) || self.changed.contains_key(&part_name(name))
        };
        let name =
            |number: u32| format!("{folder}{}{word}{number}.{extension}", if folder.is_empty() { "" } else { "/" });
        let mut numbers = (1..).map(name);
        numbers.find(|name| !taken(name)).unwrap_or_default()
    }

    /// Adds a relationship to the relationships part, and returns its id.
    fn relate(&mut self, relations: &str, kind: &str, target: &str) -> Result<String, NotEditable> {
        const EMPTY: &str =
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
        let xml = self.part(relations)?.unwrap_or_else(|| EMPTY.as_bytes().to_vec());
        let root = Element::root(&xml)?;
        let mut ids = (1..).map(|number: u32| format!("rIdPasserelle{number}"));
        let id = ids.find(|id| !root.xml.contains(&format!("\"{id}\""))).ok_or(NotEditable)?;
        let mut edits = Edits::default();
        let prefix = root.prefix;
        root.append(&format!("<{prefix}Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"/{target}\"/>"), &mut edits);
        let edited = edits.apply(root.xml);
        self.put(relations, edited);
        Ok(id)
    }

    /// Declares the media type of a new part.
    fn declare(&mut self, part: &str, media_type: &str) -> Result<(), NotEditable> {
        const TYPES: &str = "[Content_Types].xml";
        let xml = self.need(TYPES)?;
        let root = Element::root(&xml)?;
        let mut edits = Edits::default();
        let prefix = root.prefix;
        root.append(&format!("<{prefix}Override PartName=\"/{part}\" ContentType=\"{media_type}\"/>"), &mut edits);
        let edited = edits.apply(root.xml);
        self.put(TYPES, edited);
        Ok(())
    }

    /// The container: unchanged parts are copied compressed.
    fn written(mut self) -> Result<Vec<u8>, NotEditable> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let put = |zip: &mut ZipWriter<_>, name: &str, part: &str| {
            zip.start_file(name, deflated).map_err(|_| NotEditable)?;
            zip.write_all(part.as_bytes()).map_err(|_| NotEditable)
        };
        for at in 0..self.archive.0.len() {
            let entry = self.archive.0.by_index_raw(at).map_err(|_| NotEditable)?;
            let name = entry.name().map_err(|_| NotEditable)?.into_owned();
            match self.changed.remove(&part_name(&name)) {
                Some((_, part)) => put(&mut zip, &name, &part)?,
                None => zip.raw_copy_file(entry).map_err(|_| NotEditable)?,
            }
        }
        for (name, part) in self.changed.values() {
            put(&mut zip, name, part)?;
        }
        zip.finish().map(Cursor::into_inner).map_err(|_| NotEditable)
    }
}

/// The folder of a part, without a slash at its end.
fn folder_of(part: &str) -> String {
    part.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// The name of the relationships part of a part.
fn relations_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") }
}
