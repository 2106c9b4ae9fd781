//! What processes give up.

use std::path::PathBuf;

use passerelle::ingest::workbook::xls::XlsReader;

use crate::harness::process::{Sandbox, sandbox};

#[tokio::test]
async fn the_reader_of_xls_files_reaches_neither_files_nor_the_network_nor_programs() {
    let reader = XlsReader::new(PathBuf::from(env!("CARGO_BIN_EXE_passerelle")));
    assert!(reader.is_confined().await.unwrap());
}

#[tokio::test]
async fn a_serving_process_leaves_no_core_file() {
    let sandbox = Sandbox::start(&mut sandbox(None, None));
    let limits = sandbox.process.limits();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}
