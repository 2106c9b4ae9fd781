//! Both readers of sheets compared.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::ingest::models;
use crate::ingest::workbook::every_form;
use crate::ingest::workbook::package::SourcePackage;
use crate::ingest::workbook::parts;

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

const STRINGS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><sst uniqueCount=\"3\"><si><t>P</t></si><si><t xml:space=\"preserve\"> AJ </t></si><si><t> Zoé </t></si></sst>";
const HEAD: &str = "<worksheet><dimension ref=\"A1\"/>";

fn sheet(head: &str, strings: &str, cells: &str, end: &str) -> SheetParts {
    SheetParts {
        name: "Présences".into(),
        version: None,
        from_1904: false,
        recalculates: false,
        styles: parts::date_styles(STYLES.as_bytes()).unwrap(),
        strings: strings.into(),
        sheet: format!("{head}<sheetData>{cells}</sheetData>{end}</worksheet>").into(),
    }
}

/// What precedes the cells.
fn head() -> impl Strategy<Value = &'static str> {
    select(vec![
        HEAD,
        HEAD,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet>",
        "\u{feff}<?xml version='1.0'?><worksheet>",
        "<?xml version=\"1.0\"?><?x <sheetData></sheetData>?><worksheet>",
        "<worksheet><!-- <sheetData></sheetData> -->",
        "<worksheet><sheetData a=\"1\"><row><c r=\"A1\"><v>5</v></c></row></sheetData>",
    ])
}

/// The shared strings.
fn strings() -> impl Strategy<Value = String> {
    let item = select(vec![
        "<si><t>P</t></si>",
        "<si><t > AJ </t></si>",
        "<si><t xml:space=\"preserve\"> AI </t></si>",
        "<si><t>a&amp;b</t></si>",
        "<si><r><t>A</t></r><r><t>J</t></r></si>",
        "<si><t>P</t><rPh sb=\"0\" eb=\"1\"><t>AJ</t></rPh></si>",
        "<si><t/></si>",
        "<si></si>",
        "<si/>",
        "<si><!-- </si> --><t>P</t></si>",
    ]);
    let begin = select(vec!["<sst>", "<sst uniqueCount=\"9\">", "<?x <sst><si><t>AI</t></si></sst>?><sst>"]);
    (begin, prop::collection::vec(item, 3)).prop_map(|(begin, items)| format!("{begin}{}</sst>", items.concat()))
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
        (head, strings) in (head(), strings()),
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
        let parts = SheetParts { recalculates, ..sheet(head, &strings, &xml, end) };
        if let Some(table) = read(&parts) {
            let every = every_form::read(&parts);
            prop_assert_eq!(every.as_ref().map(shown).ok(), Some(shown(&table)), "{} {} {}", head, strings, xml);
        }
    }
}

#[test]
fn plain_cells_are_read_in_one_pass() {
    let cells = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" s=\"2\"><v>46296</v></c>\n<c r=\"C1\" t=\"inlineStr\"><is><t>AJ/2</t></is></c><c r=\"D1\"/><c r=\"E1\"><f>1+1</f><v>2</v></c></row><row r=\"2\"/>";
    let table = read(&sheet(HEAD, STRINGS, cells, "")).unwrap();
    let values: Vec<_> = table.cells().iter().map(|cell| table.value(cell)).collect();
    assert_eq!(values, [Value::Text(" AJ "), Value::Moment(46296.0), Value::Text("AJ/2"), Value::Number(2.0)]);
}
