//! The notes on marked cells: a part with their texts and a drawing with their boxes, which senders may have already.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::marks::SheetMarks;
use super::styles::with_prefix;
use super::xml::{Edits, Element, NotEditable, attribute, escaped};
use crate::ingest::workbook::table::CellAddress;

/// The author of the gateway's notes, which identifies them.
const AUTHOR: &str = "Passerelle";

/// Cells by row and column from 0.
pub(super) type CellSet = BTreeSet<(u32, u16)>;

/// The notes of a sheet: their part, and the boxes to add to its drawing and to remove from it.
pub(super) struct SheetNotes {
    pub(super) xml: String,
    pub(super) added: CellSet,
    pub(super) removed: CellSet,
}

/// A part without notes. `main` is the namespace of the sender's sheets.
pub(super) fn empty(main: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{main}\"><authors/><commentList/></comments>"
    )
}

/// The part with a note on every marked cell without a note of another author, and without earlier ones of the gateway.
pub(super) fn with_notes(xml: &[u8], marks: &SheetMarks) -> Result<SheetNotes, NotEditable> {
    let part = Element::root(xml)?;
    let (authors, list) = (part.child("authors").ok_or(NotEditable)?, part.child("commentList").ok_or(NotEditable)?);
    let mut edits = Edits::default();
    let author = author(&part, authors.range.start, part.text_of(authors), &mut edits)?;
    let comments = Element::root(part.text_of(list).as_bytes())?;
    let (mut others, mut removed) = (CellSet::new(), CellSet::new());
    for comment in &comments.children {
        let comment_xml = comments.text_of(comment);
        let tag = Element::root(comment_xml.as_bytes())?.tag_text();
        let is_ours = attribute(tag, "authorId").is_some_and(|(id, _)| id == author.to_string());
        let cell = attribute(tag, "ref").and_then(|(cell, _)| CellAddress::parse(cell)).ok_or(NotEditable)?.parts();
        if is_ours {
            removed.insert(cell);
            let at = list.range.start;
            edits.replace(at + comment.range.start..at + comment.range.end, String::new());
        } else {
            others.insert(cell);
        }
    }
    let added: CellSet = marks.keys().filter(|cell| !others.contains(cell)).copied().collect();
    let mut notes = String::new();
    for (row, column) in &added {
        let (cell, words) = (CellAddress::new(*row, *column), escaped(&marks[&(*row, *column)].words));
        let text = format!("<text><t xml:space=\"preserve\">{words}</t></text>");
        let _ = write!(notes, "<comment ref=\"{cell}\" authorId=\"{author}\">{text}</comment>");
    }
    append(&comments, list.range.clone(), &with_prefix(&notes, part.prefix), &mut edits);
    Ok(SheetNotes { xml: edits.apply(part.xml), added, removed })
}

/// The index of the gateway's author, who is added where there is none.
fn author(part: &Element<'_>, at: usize, authors: &str, edits: &mut Edits) -> Result<usize, NotEditable> {
    let authors = Element::root(authors.as_bytes())?;
    let known = authors.children.iter().position(|author| {
        let text = authors.text_of(author);
        text.find('>').zip(text.rfind('<')).is_some_and(|(from, to)| text.get(from + 1..to) == Some(AUTHOR))
    });
    if known.is_none() {
        let range = at..at + authors.xml.len();
        append(&authors, range, &with_prefix(&format!("<author>{AUTHOR}</author>"), part.prefix), edits);
    }
    Ok(known.unwrap_or(authors.children.len()))
}

/// Appends to an element at `range` in the part that is edited.
fn append(element: &Element<'_>, range: std::ops::Range<usize>, content: &str, edits: &mut Edits) {
    let mut inner = Edits::default();
    element.append(content, &mut inner);
    inner.moved_into(range.start, edits);
}

/// A drawing without boxes.
pub(super) const EMPTY_DRAWING: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" \
    xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\
    <o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";
/// The kind of shape that a note's box is.
const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
    path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

/// The drawing with the boxes of these notes. VML need not be well-formed XML, so it is edited as text.
pub(super) fn note_drawings(drawing: &[u8], notes: &SheetNotes) -> Result<String, NotEditable> {
    let mut drawing = std::str::from_utf8(drawing).map_err(|_| NotEditable)?.to_owned();
    for cell in &notes.removed {
        remove_box(&mut drawing, *cell);
    }
    let end = drawing.rfind("</xml>").ok_or(NotEditable)?;
    let mut shapes = String::new();
    if !drawing.contains("id=\"_x0000_t202\"") {
        shapes.push_str(SHAPE_TYPE);
    }
    let first = highest_shape(&drawing) + 1;
    for (id, (row, column)) in (first..).zip(&notes.added) {
        shapes.push_str(&shape(id, *row, *column));
    }
    drawing.insert_str(end, &shapes);
    Ok(drawing)
}

fn shape(id: u64, row: u32, column: u16) -> String {
    let (top, left) = (row.saturating_sub(1), column + 1);
    let (bottom, right) = (top + 8, left + 5);
    format!(
        "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style='position:absolute;visibility:hidden' fillcolor=\"#ffffe1\" \
         o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>\
         <v:path o:connecttype=\"none\"/><v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox>\
         <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
         <x:Anchor>{left}, 12, {top}, 4, {right}, 12, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
         <x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
}

/// The highest number of a shape; new ones begin where the numbers of a first sheet do.
fn highest_shape(drawing: &str) -> u64 {
    let numbers = drawing.split("_x0000_s").skip(1).filter_map(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().ok()
    });
    numbers.max().unwrap_or(1024)
}

/// The end tag of a box.
const END: &str = "</v:shape>";

/// Removes the box of the note on a cell, where there is one.
fn remove_box(drawing: &mut String, (row, column): (u32, u16)) {
    let (row, column) = (format!("<x:Row>{row}</x:Row>"), format!("<x:Column>{column}</x:Column>"));
    let mut from = 0;
    while let Some(start) = drawing[from..].find("<v:shape ").map(|at| from + at) {
        let Some(end) = drawing[start..].find(END).map(|at| start + at + END.len()) else { return };
        let shape = &drawing[start..end];
        if shape.contains("ObjectType=\"Note\"") && shape.contains(&row) && shape.contains(&column) {
            drawing.replace_range(start..end, "");
            return;
        }
        from = end;
    }
}
