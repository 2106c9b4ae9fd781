//! Reads a sheet whose cells all have a plain form, as nearly every program writes them, in one pass over its text.
//!
//! At the first thing of any other form (a reference in a text, a text in several formats, an error, a formula without
//! a result) nothing is returned, and the reader of every form reads the sheet from its beginning. Where a table is
//! returned, it is the one that that reader returns, or that reader refuses the file for something else than its cells: a
//! range of used cells that is none, or the number of a row.

use std::cell::LazyCell;

use super::every_form::date_styles;
use super::package::SheetParts;
use super::plain_xml::{PlainXml, Tag};
use super::sheet_xml::merged_cells;
use super::table::{CellAddress, Table, Value};

/// The most cell styles; regular workbooks have a few hundred.
const MAX_STYLES: usize = 2_000;

/// The references that formulas have.
const REFERENCES: [&str; 5] = ["amp;", "lt;", "gt;", "quot;", "apos;"];

/// The table of the sheet.
pub(super) fn read(parts: &SheetParts) -> Option<Table> {
    let sheet = std::str::from_utf8(&parts.sheet).ok()?;
    let (head, cells) = sheet.split_once("<sheetData>")?;
    let strings = shared_strings(std::str::from_utf8(&parts.strings).ok()?)?;
    if !is_plain_head(head)
        || head.contains("mergeCell")
        || head.contains("sheetData")
        || parts.styles.count > MAX_STYLES
    {
        return None;
    }
    let dates = LazyCell::new(|| date_styles(&parts.styles));
    let mut reader = PlainSheet { xml: PlainXml::of(cells), strings, dates, recalculates: parts.recalculates };
    let mut table = parts.table();
    reader.rows(&mut table)?;
    table.merged = merged_cells(reader.xml.rest().as_bytes());
    table.sort_cells();
    Some(table)
}

/// Whether what precedes the content of a part says nothing that changes its meaning: another encoding, or comments and
/// instructions, which could hide its beginning.
fn is_plain_head(head: &str) -> bool {
    let declared = head.trim_start_matches('\u{feff}').strip_prefix("<?xml ").unwrap_or(head);
    let encoding = head.split_once("encoding=").map(|(_, name)| name.trim_start_matches(['"', '\'']));
    !declared.contains("<!")
        && !declared.contains("<?")
        && encoding.is_none_or(|name| name.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("utf-8")))
}

/// The shared strings; none in the place of one of another form, to which no cell of a plain sheet may refer.
fn shared_strings(part: &str) -> Option<Vec<Option<&str>>> {
    if part.is_empty() {
        return Some(Vec::new());
    }
    let begin = part.find("<sst")?;
    let mut xml = PlainXml::of(&part[begin..]);
    let (mut strings, list) = (Vec::new(), xml.tag()?);
    if !is_plain_head(&part[..begin]) || list.name != "sst" || !list.is_plain() {
        return None;
    }
    if list.is_empty {
        return Some(strings);
    }
    loop {
        let item = xml.tag()?;
        match item.name {
            "si" if !item.is_empty && item.is_plain() => {
                let text = string(&mut xml.clone(), "/si");
                xml.skip_to("</si>")?;
                strings.push(text);
            }
            "/sst" => return Some(strings),
            _ => return None,
        }
    }
}

/// The text of an element that ends with `end`: its only `t`.
fn string<'a>(xml: &mut PlainXml<'a>, end: &str) -> Option<&'a str> {
    let tag = xml.start("t").filter(|tag| !tag.is_empty)?;
    let text = xml.text()?;
    xml.end("/t")?;
    xml.end(end)?;
    Some(if tag.preserves_space() { text } else { text.trim_matches([' ', '\t', '\n']) })
}

/// The sheet being read.
struct PlainSheet<'a, F> {
    xml: PlainXml<'a>,
    strings: Vec<Option<&'a str>>,
    /// For each cell style, whether it is that of a date or a time.
    dates: LazyCell<Option<Vec<bool>>, F>,
    /// Whether no stored result of a formula is final.
    recalculates: bool,
}

impl<'a, F: FnOnce() -> Option<Vec<bool>>> PlainSheet<'a, F> {
    /// Adds the cells of all rows.
    fn rows(&mut self, table: &mut Table) -> Option<()> {
        let mut in_row = false;
        loop {
            let tag = self.xml.tag()?;
            match tag.name {
                "c" if in_row => self.cell(tag, table)?,
                "row" if !in_row => in_row = !is_empty_row(tag)?,
                _ if in_row && tag.ends("/row") => in_row = false,
                _ if !in_row && tag.ends("/sheetData") => return Some(()),
                _ => return None,
            }
        }
    }

    /// Adds a cell.
    fn cell(&mut self, tag: Tag<'a>, table: &mut Table) -> Option<()> {
        let head = CellHead::of(tag)?;
        if tag.is_empty {
            return Some(());
        }
        let mut content = self.xml.tag()?;
        if content.ends("/c") {
            return Some(());
        }
        let is_formula = content.name == "f";
        if is_formula {
            self.skip_formula(content)?;
            content = self.xml.tag()?;
        }
        let value = match content.name {
            _ if !content.is_plain() => return None,
            "v" if !content.is_empty => self.value(head.kind, head.style)?,
            "is" if !content.is_empty && head.kind == Some("inlineStr") && !is_formula => {
                Value::Text(string(&mut self.xml, "/is")?)
            }
            _ => return None,
        };
        self.xml.end("/c")?;
        let (row, column) = head.address.parts();
        table.push(row, column.into(), value).ok()
    }

    /// Reads to the end of a formula whose result is stored behind it.
    fn skip_formula(&mut self, tag: Tag<'a>) -> Option<()> {
        if self.recalculates || !tag.is_plain() {
            return None;
        }
        if !tag.is_empty {
            let is_reference = |after: &str| REFERENCES.iter().any(|name| after.starts_with(name));
            self.xml.until_tag()?.split('&').skip(1).all(is_reference).then_some(())?;
            self.xml.end("/f")?;
        }
        Some(())
    }

    /// The value of a cell of this type and style.
    fn value(&mut self, kind: Option<&str>, style: Option<usize>) -> Option<Value<'a>> {
        let text = self.xml.text().filter(|text| !text.is_empty())?;
        self.xml.end("/v")?;
        match kind {
            Some("s") => self.strings.get(whole(text)?).copied().flatten().map(Value::Text),
            Some("str") => Some(Value::Text(text)),
            Some("b") if matches!(text, "0" | "1") => Some(Value::Bool(text == "1")),
            Some("n") | None => {
                let number = number(text)?;
                let is_date = match style {
                    Some(style) => self.dates.as_ref()?.get(style).copied().unwrap_or_default(),
                    None => false,
                };
                Some(if is_date { Value::Moment(number) } else { Value::Number(number) })
            }
            _ => None,
        }
    }
}

/// Whether a row has no cells. Its number is not used: every cell has its own.
fn is_empty_row(tag: Tag<'_>) -> Option<bool> {
    let is_plain = |attribute| match attribute {
        Some(("r", number)) => whole(number).is_some_and(|number| number > 0),
        other => other.is_some(),
    };
    tag.attributes().all(is_plain).then_some(tag.is_empty)
}

/// The attributes of a cell.
struct CellHead<'a> {
    address: CellAddress,
    style: Option<usize>,
    kind: Option<&'a str>,
}

impl<'a> CellHead<'a> {
    fn of(tag: Tag<'a>) -> Option<Self> {
        let (mut address, mut style, mut kind) = (None, None, None);
        for attribute in tag.attributes() {
            let (name, value) = attribute?;
            let slot = match name {
                "r" => &mut address,
                "s" => &mut style,
                "t" => &mut kind,
                _ => return None,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        let style = match style {
            Some(style) => Some(whole(style)?),
            None => None,
        };
        Some(Self { address: CellAddress::parse(address?)?, style, kind })
    }
}

/// A number of digits alone.
fn whole(text: &str) -> Option<usize> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A number as spreadsheet programs write it.
fn number(text: &str) -> Option<f64> {
    let is_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    text.bytes().all(is_number).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests;
