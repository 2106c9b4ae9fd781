//! Legacy workbooks, read by a child of the program.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::workbook::xls::{COMMAND, XlsReader};
use passerelle::ingest::workbook::{Format, RequestedSheet, detect_format, open};
use rustix::fs::{CWD, Mode, mkfifoat};
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;

use super::programs::{is_the_sample, sample};

fn reader() -> XlsReader {
    XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into())
}

#[tokio::test]
async fn legacy_workbooks_are_accepted() {
    for name in ["libreoffice.xls", "xlwt.xls", "sheetjs.xls"] {
        let bytes = sample(name);
        assert_eq!(detect_format(&bytes).ok(), Some(Format::Xls), "{name}");
        let sheets = open(&bytes, &[RequestedSheet::main(&MODEL)], &reader())
            .await
            .unwrap_or_else(|finding| panic!("{name}: {}", finding.rule.code));
        is_the_sample(sheets[0].as_ref().expect("a main sheet"), name);
    }
}

#[tokio::test]
async fn mutated_legacy_workbooks_never_crash_the_reader() {
    let good = sample("xlwt.xls");
    let reader = reader();
    for seed in 1..24_usize {
        let mut bytes = good.clone();
        for step in 0..6 {
            let at = 512 + (seed * 7919 + step * 104_729) % (bytes.len() - 512);
            bytes[at] = u8::try_from((seed * 31 + step * 17) % 256).unwrap();
        }
        if let Err(finding) = reader.read(&bytes, &MODEL).await {
            assert!(finding.rule.code.starts_with("workbook."));
        }
    }
    for cut in [8, 511, 513, good.len() / 2, good.len() - 1] {
        assert!(reader.read(&good[..cut], &MODEL).await.is_err() || cut == good.len() - 1);
    }
    is_the_sample(&reader.read(&good, &MODEL).await.unwrap(), "the reader lives");
}

#[tokio::test]
async fn a_child_that_answers_nothing_or_without_end_is_an_unreadable_file() {
    let bytes = sample("xlwt.xls");
    // These fail, cannot be started, and write for ever.
    for program in ["/bin/sleep", "/no/such/program", "/usr/bin/yes"] {
        for wall in [1, 3_000] {
            let reader = XlsReader::new(program.into()).with_time_limit(Duration::from_millis(wall));
            let finding = reader.read(&bytes, &MODEL).await.unwrap_err();
            assert_eq!(finding.rule.code, "workbook.unreadable", "{program}");
        }
    }
}

#[tokio::test]
async fn a_child_that_hangs_is_killed() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/workbook/never-answers");
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("pipe");
    mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
    // On a busy machine the child may be killed before it has begun: it is given more time.
    for wall in (0..).map(|turn| Duration::from_millis(300 << turn)) {
        let mut pipe = pipe::OpenOptions::new().open_receiver(&path).unwrap();
        let reader = XlsReader::new(program.into()).with_time_limit(wall);
        let finding = reader.read(format!("{}\n", path.display()).as_bytes(), &MODEL).await.unwrap_err();
        assert_eq!(finding.rule.code, "workbook.unreadable");
        let mut told = String::new();
        let ended = tokio::time::timeout(Duration::from_mins(1), pipe.read_to_string(&mut told));
        ended.await.expect("the child ends, and its end of the pipe with it").unwrap();
        if told == "begun\n" {
            return;
        }
    }
}

/// The sample with one of its texts in the last column of the last row: a naive reader makes room for all before it.
fn far_corner() -> Vec<u8> {
    let mut bytes = sample("xlwt.xls");
    // A cell with a shared text: kind, length, row, column.
    let kind = [0xFD, 0x00, 0x0A, 0x00];
    let at = bytes.windows(4).rposition(|window| window == kind).expect("a cell with a text");
    bytes[at + 4..at + 8].fill(0xFF);
    bytes
}

#[tokio::test]
async fn only_a_child_that_allocates_too_much_is_killed() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_passerelle"))
        .args([COMMAND, MODEL.code])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&far_corner()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && output.stdout.is_empty(), "{said}");
    let wanted: u64 = said.split(' ').find_map(|word| word.parse().ok()).expect("it says how much it asked for");
    assert!(wanted > 512 << 20, "{said}");
    let finding = reader().read(&far_corner(), &MODEL).await.unwrap_err();
    assert_eq!(finding.rule.code, "workbook.unreadable");
    is_the_sample(&reader().read(&sample("xlwt.xls"), &MODEL).await.unwrap(), "the reader lives");
}
