//! Any bytes as an `.xls`. It is never read in this process: a child of the program named by `PASSERELLE` reads it, as
//! in operation, and whatever becomes of the child there is an answer.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::workbook::xls::XlsReader;
use tokio::runtime::{Builder, Runtime};

static READER: LazyLock<XlsReader> = LazyLock::new(|| {
    XlsReader::new(std::env::var_os("PASSERELLE").expect("PASSERELLE names the built program").into())
});
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));

fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = RUNTIME.block_on(READER.read(bytes, &MODEL)) {
        assert!(table.is_sound());
    }
});
