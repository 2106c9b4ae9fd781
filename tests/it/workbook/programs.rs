//! Workbooks saved by other programs; notes beside them say how each was made.

use passerelle::domain::raw::Field;
use passerelle::ingest::attendance::sheet::{read, stated_month};
use passerelle::ingest::workbook::parsed_workbook::ExpectedHead;

use super::{codes, days, lines_of, table};

/// A sample by its name.
pub(super) fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/sandbox/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The content of every sample.
pub(super) fn is_the_sample(table: &passerelle::ingest::workbook::Table, name: &str) {
    assert_eq!(stated_month(table).unwrap().to_string(), "2026-09", "{name}");
    let expected = ExpectedHead { period: "2026-09".parse().unwrap(), creche: Vec::new() };
    let reading = read(table, &expected).unwrap();
    assert_eq!(codes(&reading.findings), Vec::<String>::new(), "{name}");
    let lines = lines_of(&reading);
    let identity = |at: usize| {
        let line = &lines[at];
        let ssin = line.ssin.get().map(|ssin| ssin.0.as_str());
        (
            line.reference.get().unwrap().0.as_str(),
            line.family_name.get().unwrap().0.as_str(),
            line.birth_date.get().unwrap().to_string(),
            ssin,
        )
    };
    assert_eq!(lines.len(), 3, "{name}");
    assert_eq!(identity(0), ("K-001", "Dubois", "2024-03-12".into(), Some("24031295194")), "{name}");
    assert_eq!(identity(1), ("2", "N'Diaye", "2002-07-19".into(), Some("02071996837")), "{name}");
    assert_eq!(identity(2), ("K-003", "El Amrani", "2024-07-08".into(), None), "{name}");
    assert_eq!(lines[2].ssin_present, Field::Present(true), "{name}");
    assert_eq!(lines[0].start_date.get().unwrap().to_string(), "2024-09-02", "{name}");
    assert_eq!(lines[1].end_date.get().unwrap().to_string(), "2026-09-30", "{name}");
    assert_eq!(
        days(&lines[0]),
        [
            "2026-09-01 present full",
            "2026-09-02 justifiedAbsence full",
            "2026-09-03 present half",
            "2026-09-03 justifiedAbsence half"
        ],
        "{name}"
    );
    assert_eq!(days(&lines[1]), ["2026-09-01 unjustifiedAbsence full", "2026-09-30 present half"], "{name}");
    assert_eq!(days(&lines[2]), ["2026-09-04 justifiedAbsence full medicalCertificate"], "{name}");
}

#[test]
fn workbooks_of_libreoffice_openpyxl_and_sheetjs_are_accepted() {
    for name in ["libreoffice.xlsx", "openpyxl.xlsx", "sheetjs.xlsx"] {
        is_the_sample(&table(&sample(name)), name);
    }
}

#[test]
fn the_workbook_of_the_tour_is_accepted() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/sandbox/tour/2026-08.xlsx")).unwrap();
    let expected = ExpectedHead { period: "2026-08".parse().unwrap(), creche: Vec::new() };
    let reading = read(&table(&bytes), &expected).unwrap();
    assert_eq!(codes(&reading.findings), Vec::<String>::new());
    assert!(reading.lines > 10);
}
