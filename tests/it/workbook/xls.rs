//! Legacy workbooks, read by a child of the program.

use std::time::Duration;

use passerelle::ingest::workbook::model::ATTENDANCE;
use passerelle::ingest::workbook::xls::XlsReader;
use passerelle::ingest::workbook::{Format, open, sniff};

use super::programs::{is_the_sample, sample};

fn reader() -> XlsReader {
    XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into())
}

#[tokio::test]
async fn legacy_workbooks_come_in_without_complaint() {
    for name in ["libreoffice.xls", "xlwt.xls", "sheetjs.xls"] {
        let bytes = sample(name);
        assert_eq!(sniff(&bytes).ok(), Some(Format::Xls), "{name}");
        let table = open(&bytes, &ATTENDANCE, &reader())
            .await
            .unwrap_or_else(|finding| panic!("{name}: {}", finding.rule.code));
        is_the_sample(&table, name);
    }
}

#[tokio::test]
async fn mutated_legacy_workbooks_never_take_the_reader_down() {
    let good = sample("xlwt.xls");
    let reader = reader();
    for seed in 1..24_usize {
        let mut bytes = good.clone();
        for step in 0..6 {
            let at = 512 + (seed * 7919 + step * 104_729) % (bytes.len() - 512);
            bytes[at] = u8::try_from((seed * 31 + step * 17) % 256).unwrap();
        }
        if let Err(finding) = reader.read(&bytes, &ATTENDANCE).await {
            assert!(finding.rule.code.starts_with("workbook."));
        }
    }
    for cut in [8, 511, 513, good.len() / 2, good.len() - 1] {
        assert!(reader.read(&good[..cut], &ATTENDANCE).await.is_err() || cut == good.len() - 1);
    }
    is_the_sample(&reader.read(&good, &ATTENDANCE).await.unwrap(), "the reader lives");
}

#[tokio::test]
async fn a_child_that_answers_nothing_or_without_end_is_an_unreadable_file() {
    let bytes = sample("xlwt.xls");
    // These fail, cannot be started, and write for ever.
    for program in ["/bin/sleep", "/no/such/program", "/usr/bin/yes"] {
        for wall in [1, 3_000] {
            let reader = XlsReader::new(program.into()).within(Duration::from_millis(wall));
            let finding = reader.read(&bytes, &ATTENDANCE).await.unwrap_err();
            assert_eq!(finding.rule.code, "workbook.unreadable", "{program}");
        }
    }
}
