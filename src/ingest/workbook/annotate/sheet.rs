//! The marks in a sheet's part: rules of conditional formatting, which leave the cells and their styles as they are,
//! and the link to the drawing of the notes.

use super::marks::SheetMarks;
use super::xml::{Edits, Element, NotEditable, attribute, with_attribute};
use crate::domain::rule::Severity;
use crate::ingest::workbook::table::CellAddress;

/// The elements of a sheet, in the order of ISO/IEC 29500-1, 18.3.1.99.
const ORDER: [&str; 39] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];
/// The formula of the gateway's rules, always true, which identifies them. Programs that save the workbook preserve it.
const FORMULA: &str = "\"Passerelle\"=\"Passerelle\"";
/// The most cells of one rule: programs bound the list of them.
const CELLS_OF_A_RULE: usize = 500;

/// The formats of a styles part for errors and for warnings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Formats {
    pub(super) error: usize,
    pub(super) warning: usize,
}

/// Whether a sheet's part has earlier marks.
pub(super) fn has_marks(xml: &[u8]) -> bool {
    xml.windows(12).any(|window| window == b"\"Passerelle\"")
        || xml.windows(22).any(|window| window == b"&quot;Passerelle&quot;")
}

/// The link from a sheet to the drawing of its notes: the id of the relationship, and the namespace of relationships.
pub(super) struct DrawingLink<'a> {
    pub(super) relation: &'a str,
    pub(super) namespace: &'a str,
}

/// Replaces earlier marks by these, with the link to a drawing that the sheet did not have.
pub(super) fn mark(
    xml: &[u8],
    marks: &SheetMarks,
    formats: Formats,
    drawing: Option<&DrawingLink<'_>>,
) -> Result<String, NotEditable> {
    let sheet = Element::root(xml)?;
    let mut edits = Edits::default();
    for child in sheet.children.iter().filter(|child| child.name == "conditionalFormatting") {
        let text = sheet.text_of(child);
        if has_marks(text.as_bytes()) {
            edits.replace(child.range.clone(), String::new());
        } else {
            lower_priorities(text, child.range.start, &mut edits)?;
        }
    }
    let mut rules = String::new();
    for (severity, format) in [(Severity::Error, formats.error), (Severity::Warning, formats.warning)] {
        let cells: Vec<_> =
            marks.iter().filter(|(_, mark)| mark.severity == severity).map(|(at, _)| cell(*at)).collect();
        for cells in cells.chunks(CELLS_OF_A_RULE) {
            rules.push_str(&rule(sheet.prefix, &cells.join(" "), format));
        }
    }
    if !rules.is_empty() {
        sheet.insert("conditionalFormatting", &ORDER, &rules, &mut edits);
    }
    if let Some(DrawingLink { relation, namespace }) = drawing {
        let link = format!("<{}legacyDrawing xmlns:r=\"{namespace}\" r:id=\"{relation}\"/>", sheet.prefix);
        sheet.insert("legacyDrawing", &ORDER, &link, &mut edits);
    }
    Ok(edits.apply(sheet.xml))
}

/// Moves the sender's own rules after the gateway's.
fn lower_priorities(formatting: &str, at: usize, edits: &mut Edits) -> Result<(), NotEditable> {
    let formatting = Element::root(formatting.as_bytes())?;
    for rule in formatting.children.iter().filter(|child| child.name == "cfRule") {
        let tag = Element::root(formatting.text_of(rule).as_bytes())?.tag;
        let tag = at + rule.range.start + tag.start..at + rule.range.start + tag.end;
        let text = &formatting.xml[tag.start - at..tag.end - at];
        let priority = attribute(text, "priority").and_then(|(value, _)| value.parse::<i32>().ok());
        if let Some(priority) = priority {
            edits.replace(tag, with_attribute(text, "priority", &priority.saturating_add(1).to_string()));
        }
    }
    Ok(())
}

/// The relationship of the drawing of a sheet's notes.
pub(super) fn notes_relation(xml: &[u8]) -> Result<Option<String>, NotEditable> {
    let sheet = Element::root(xml)?;
    let drawing = sheet.child("legacyDrawing").map(|child| sheet.text_of(child));
    // The prefix of the namespace of relationships is the sender's choice.
    let id = drawing.and_then(|tag| {
        let names =
            tag.split(|c: char| c.is_whitespace()).filter_map(|part| part.split_once('=').map(|(name, _)| name));
        let name = names.into_iter().find(|name| name.ends_with(":id"))?;
        attribute(tag, name).map(|(value, _)| value.to_owned())
    });
    Ok(id)
}

fn cell((row, column): (u32, u16)) -> String {
    CellAddress::new(row, column).to_string()
}

fn rule(prefix: &str, cells: &str, format: usize) -> String {
    let formula = FORMULA.replace('"', "&quot;");
    format!(
        "<{prefix}conditionalFormatting sqref=\"{cells}\">\
         <{prefix}cfRule type=\"expression\" dxfId=\"{format}\" priority=\"1\" stopIfTrue=\"1\">\
         <{prefix}formula>{formula}</{prefix}formula></{prefix}cfRule></{prefix}conditionalFormatting>"
    )
}
