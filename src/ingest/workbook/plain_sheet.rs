//! Reads a sheet whose cells all have a plain form, as nearly every program writes them, in one pass over its text.
//!
//! At the first thing of any other form (a reference in a text, a text in several formats, an error, a formula without
//! a result) nothing is returned, and the reader of every form reads the sheet from its beginning. Where a table is
//! returned, it is the one that that reader returns.

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
    if !is_plain_head(head) || head.contains("mergeCell") || parts.styles.count > MAX_STYLES {
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

/// Whether what precedes the content of a part says nothing that changes its meaning: another encoding, or comments,
/// which could hide its beginning.
fn is_plain_head(head: &str) -> bool {
    let encoding = head.split_once("encoding=").map(|(_, name)| name.trim_start_matches(['"', '\'']));
    !head.contains("<!")
        && encoding.is_none_or(|name| name.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("utf-8")))
}

/// The shared strings.
fn shared_strings(part: &str) -> Option<Vec<&str>> {
    if part.is_empty() {
        return Some(Vec::new());
    }
    let begin = part.find("<sst")?;
    let mut xml = PlainXml::of(&part[begin..]);
    let (mut strings, list) = (Vec::new(), xml.tag()?);
    if !is_plain_head(&part[..begin]) || list.name != "sst" {
        return None;
    }
    if list.is_empty {
        return Some(strings);
    }
    loop {
        let item = xml.tag()?;
        match item.name {
            "si" if !item.is_empty => strings.push(string(&mut xml, "/si")?),
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
    strings: Vec<&'a str>,
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
                "/row" if in_row => in_row = false,
                "/sheetData" if !in_row => return Some(()),
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
        if content.name == "/c" {
            return Some(());
        }
        let is_formula = content.name == "f";
        if is_formula {
            self.skip_formula(content)?;
            content = self.xml.tag()?;
        }
        let value = match content.name {
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
        if self.recalculates || !tag.attributes().all(|attribute| attribute.is_some()) {
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
            Some("s") => self.strings.get(whole(text)?).map(|text| Value::Text(text)),
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
mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::every_form;
    use super::super::package::SourcePackage;
    use super::super::parts;
    use super::*;
    use crate::ingest::models;

    fn shown(table: &Table) -> String {
        format!("{table:?}")
    }

    /// The workbooks in a folder and those below it.
    fn workbooks(folder: &Path) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let of = |path: std::path::PathBuf| match path.extension() {
            _ if path.is_dir() => workbooks(&path),
            Some(extension) if extension == "xlsx" => vec![std::fs::read(path).unwrap()],
            _ => Vec::new(),
        };
        entries.flat_map(of).collect()
    }

    #[test]
    fn sheets_of_many_programs_are_the_same_in_both_readers() {
        let (mut plain, mut all) = (0, 0);
        for bytes in workbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sandbox")) {
            let Ok(mut source) = SourcePackage::open(&bytes) else { continue };
            for parts in models().iter().filter_map(|model| source.sheet(model).ok()) {
                all += 1;
                if let Some(table) = read(&parts) {
                    plain += 1;
                    assert_eq!(shown(&table), shown(&every_form::read(&parts).unwrap()));
                }
            }
        }
        assert!(plain * 3 > all * 2, "{plain} of {all} sheets are read in one pass");
    }

    const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"2\"/></cellXfs></styleSheet>";

    fn sheet(cells: &str, end: &str) -> SheetParts {
        let strings = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><sst uniqueCount=\"3\"><si><t>P</t></si><si><t xml:space=\"preserve\"> AJ </t></si><si><t> Zoé </t></si></sst>";
        SheetParts {
            name: "Présences".into(),
            version: None,
            from_1904: false,
            recalculates: false,
            styles: parts::date_styles(STYLES.as_bytes()).unwrap(),
            strings: strings.into(),
            sheet: format!("<worksheet><dimension ref=\"A1\"/><sheetData>{cells}</sheetData>{end}</worksheet>").into(),
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        let text = select(vec![
            "P", " AJ/2 ", "", "a&amp;b", "_x000D_", "é", "7", "-1.5", "1e3", "1e999", "x", "\r\n", "2", "0", "true",
            "#N/A",
        ]);
        let around =
            select(vec!["", "<f>A1+1</f>", "<f/>", "<f t=\"shared\" si=\"0\">1&lt;2</f>", "\n ", "<!-- c -->", "<x/>"]);
        let kind = select(vec![
            "",
            " t=\"n\"",
            " t=\"s\"",
            " t=\"str\"",
            " t=\"inlineStr\"",
            " t=\"b\"",
            " t=\"e\"",
            " t=\"d\"",
            " cm=\"1\"",
        ]);
        let style = select(vec!["", " s=\"0\"", " s=\"1\"", " s=\"2\"", " s='3'", " s=\"9\"", " s=\"x\""]);
        let form = select(vec![
            "<v>T</v>",
            "<is><t>T</t></is>",
            "<is><t xml:space=\"preserve\">T</t></is>",
            "<is><r><t>T</t></r></is>",
            "<v/>",
            "",
            "<v>T</v><is><t>A</t></is>",
            "<is><t>T</t></is><v>B</v>",
            "<is><t/></is>",
        ]);
        let address = select(vec![" r=\"A1\"", " r=\"C7\"", " r=\"b2\"", " r=\"XFD9\"", "", " r=\"A0\""]);
        (address, style, kind, around, form, text).prop_map(|(address, style, kind, around, form, text)| {
            format!("<c{address}{style}{kind}>{around}{}</c>", form.replace('T', text))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn where_one_pass_reads_a_sheet_both_readers_agree(
            cells in prop::collection::vec(piece(), 1..4),
            merged in any::<bool>(),
            recalculates in any::<bool>(),
            damage in prop::option::weighted(0.3, (any::<prop::sample::Index>(), select(vec!["", "<", ">", "\"", "/", "&", " ", "<c>", "</c>", "</row>"])))
        ) {
            let mut xml = format!("<row r=\"1\">{}</row>", cells.concat());
            if let Some((at, text)) = damage {
                let at = xml.floor_char_boundary(at.index(xml.len()));
                xml.insert_str(at, text);
            }
            let end = if merged { "<mergeCells><mergeCell ref=\"A1:C1\"/></mergeCells>" } else { "" };
            let parts = SheetParts { recalculates, ..sheet(&xml, end) };
            if let Some(table) = read(&parts) {
                let every = every_form::read(&parts);
                prop_assert_eq!(every.as_ref().map(shown).ok(), Some(shown(&table)), "{}", xml);
            }
        }
    }

    #[test]
    fn plain_cells_are_read_in_one_pass() {
        let cells = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" s=\"2\"><v>46296</v></c>\n<c r=\"C1\" t=\"inlineStr\"><is><t>AJ/2</t></is></c><c r=\"D1\"/><c r=\"E1\"><f>1+1</f><v>2</v></c></row><row r=\"2\"/>";
        let table = read(&sheet(cells, "")).unwrap();
        let values: Vec<_> = table.cells().iter().map(|cell| table.value(cell)).collect();
        assert_eq!(values, [Value::Text(" AJ "), Value::Moment(46296.0), Value::Text("AJ/2"), Value::Number(2.0)]);
    }
}
