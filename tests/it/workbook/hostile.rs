//! Malicious workbooks: memory is bounded, nothing panics, the verdict is a finding.

use std::process::Command;

use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::workbook::read_xlsx;

use super::{codes, lines, package, parts, reading, refusal, rows, table};

const HEAD: &str = r#"<row r="1"><c r="A1" t="str"><v>Référence</v></c><c r="B1" t="str"><v>Nom</v></c><c r="C1" t="str"><v>Prénom</v></c><c r="D1" t="str"><v>Date de naissance</v></c><c r="E1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v>K-1</v></c></row>"#;

fn sheet(rest: &str) -> String {
    format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{HEAD}{rest}</sheetData></worksheet>")
}

/// A hostile file, and the verdict it must get.
fn case(name: &str) -> (Vec<u8>, &'static str) {
    let megabytes = |piece: &str, count: usize| piece.repeat((count << 20) / piece.len());
    match name {
        "far corner" => (package(&sheet(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#), "<sst/>"), ""),
        "empty rows" => {
            let cells = r#"<c s="0"/>"#.repeat(40);
            let rows = (3..10_003).map(|row| format!("<row r=\"{row}\">{cells}</row>")).collect::<Vec<_>>().concat();
            (package(&sheet(&rows), "<sst/>"), "")
        }
        "string count" => (package(&sheet(""), "<sst count=\"1\" uniqueCount = \"99999999999999\"></sst>"), ""),
        "string bomb" => (
            package(&sheet(""), &format!("<sst>{}</sst>", megabytes("<si><t>aaaaaaaa</t></si>", 60))),
            "workbook.tooLarge",
        ),
        "sheet bomb" => (package(&sheet(&megabytes("<row><c/></row>", 60)), "<sst/>"), "workbook.tooLarge"),
        "one long text" => {
            let row =
                |rows: String, row: u32| rows + &format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>");
            let rows = (3..20_000).fold(String::new(), row);
            (package(&sheet(&rows), &format!("<sst><si><t>{}</t></si></sst>", megabytes("a", 10))), "workbook.tooLarge")
        }
        "style bomb" => {
            let format = megabytes("0", 1);
            let styles = format!(
                "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{format}\"/></numFmts><fonts><font><name val=\"{format}\"/></font></fonts><cellXfs>{}</cellXfs></styleSheet>",
                megabytes("<xf numFmtId=\"200\" fontId=\"0\"/>", 1)
            );
            (parts(&[("xl/worksheets/sheet1.xml", sheet("").as_bytes()), ("xl/styles.xml", styles.as_bytes())]), "")
        }
        other => panic!("no case {other}"),
    }
}

const CASES: [&str; 7] =
    ["far corner", "empty rows", "string count", "string bomb", "sheet bomb", "one long text", "style bomb"];
/// What reading any of them may add to the memory of a process, in kilobytes.
const MOST: u64 = 150_000;

/// The most memory this process ever had, in kilobytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// The child process of the test below: reads one file and prints how much memory that took.
#[test]
fn child_that_reads_one_hostile_file() {
    let Ok(name) = std::env::var("PASSERELLE_TEST_HOSTILE") else { return };
    let path = std::env::var("PASSERELLE_TEST_HOSTILE_FILE").unwrap();
    let bytes = std::fs::read(path).unwrap();
    let before = peak();
    assert_eq!(refusal(&bytes), case_verdict(&name));
    let taken = peak() - before;
    assert!(taken < MOST, "{name} took {taken} kB");
}

fn case_verdict(name: &str) -> &'static str {
    if name.ends_with("bomb") && name != "style bomb" || name == "one long text" { "workbook.tooLarge" } else { "" }
}

#[test]
fn hostile_workbooks_take_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    for name in CASES {
        let (bytes, verdict) = case(name);
        assert!(bytes.len() < 2 << 20, "{name} is {} bytes", bytes.len());
        assert_eq!(case_verdict(name), verdict);
        let path = folder.path().join("hostile.xlsx");
        std::fs::write(&path, bytes).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "workbook::hostile::child_that_reads_one_hostile_file"])
            .env("PASSERELLE_TEST_HOSTILE", name)
            .env("PASSERELLE_TEST_HOSTILE_FILE", &path)
            .output()
            .unwrap();
        assert!(child.status.success(), "{name}: {}", String::from_utf8_lossy(&child.stdout));
        assert!(String::from_utf8_lossy(&child.stdout).contains("1 passed"), "{name}");
    }
}

#[test]
fn empty_rows_and_columns_cost_nothing() {
    let (empty_rows, _) = case("empty rows");
    assert_eq!(table(&empty_rows).cells().len(), 6);
    assert_eq!(lines(&empty_rows).len(), 1);
    let (corner, _) = case("far corner");
    assert_eq!(table(&corner).cells().len(), 7);
    assert_eq!(codes(&reading(&corner).findings), ["workbook.columnNotRead Présences!XFD1"]);
}

#[test]
fn declared_sizes_are_not_trusted() {
    let (mut bytes, _) = case("string bomb");
    let at = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, window)| *window == b"PK\x01\x02")
        .map(|(at, _)| at)
        .collect::<Vec<_>>();
    for entry in at {
        bytes[entry + 24..entry + 28].copy_from_slice(&10_u32.to_le_bytes());
    }
    assert!(refusal(&bytes).starts_with("workbook."));
}

#[test]
fn thousands_of_entries_are_too_many() {
    let names: Vec<String> = (0..2_100).map(|at| format!("x/{at}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refusal(&parts(&many)), "workbook.tooLarge");
}

#[test]
fn damaged_packages_are_refused_and_nothing_else_happens() {
    let good = rows(&[&["K-1", "Dubois", "Léa", "2024-03-12", "", "", "", "P"]]);
    for cut in (0..good.len()).step_by(61) {
        let _ = read_xlsx(&good[..cut], &MODEL);
    }
    for seed in 1..400_usize {
        let mut bytes = good.clone();
        for step in 0..3 {
            let at = (seed * 7919 + step * 104_729) % bytes.len();
            bytes[at] ^= 1 << (seed % 8);
        }
        let _ = read_xlsx(&bytes, &MODEL);
    }
    let sheets = [
        "",
        "<worksheet>",
        "<worksheet><sheetData>",
        "<worksheet><dimension ref=\"C3:A1\"/><sheetData/></worksheet>",
        "<worksheet><sheetData><row><c t=\"s\"><v>9</v></c></row></sheetData></worksheet>",
        "<a",
        "\u{0}",
    ];
    for sheet in sheets {
        assert!(read_xlsx(&package(sheet, "<sst/>"), &MODEL).is_err() || sheet.contains("C3:A1"), "{sheet}");
    }
}
