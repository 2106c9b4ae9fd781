//! Any bytes as an `.xlsx`: cells or one finding, and whatever was read can be handed back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle::domain::finding::Findings;
use passerelle::words::Language;
use passerelle::ingest::attendance::sheet::read;
use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::workbook::reading::Expected;
use passerelle::ingest::workbook::{annotate, read_xlsx};

fuzz_target!(|bytes: &[u8]| {
    let Ok(table) = read_xlsx(bytes, &MODEL) else { return };
    let expected = Expected { month: "2026-10".parse().expect("a month"), creche: Vec::new() };
    let findings = match read(&table, &expected) {
        Ok(reading) => reading.findings,
        Err(finding) => Findings::from_iter([finding]),
    };
    annotate::write(&[(&MODEL, &table)], &findings, Language::Fr).expect("what was read can be marked");
});
