//! Malformed input of every class against a running gateway: each is refused for its fault, other callers are served, and
//! memory is bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use tokio::task::JoinHandle;

use crate::harness::app::CRECHE;
use crate::harness::book::book;
use crate::harness::call::{JSON, XLS, XLSX};
use crate::harness::process::{Caller, Sandbox, answer, sandbox};
use crate::harness::statement::Sheet;
use crate::workbook::{package, parts, workbook};

/// The limit of memory, in kilobytes: with the code of a release, 150 MiB resident.
const MOST: u64 = 120_000;

fn path() -> String {
    format!("/creches/{CRECHE}/attendanceStatements/2026-01")
}

/// Another caller, who calls all the time.
struct Neighbour {
    stop: Arc<AtomicBool>,
    task: JoinHandle<usize>,
}

impl Neighbour {
    fn of(caller: Caller) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let mut served = 0;
            while !stopped.load(Ordering::Relaxed) {
                let (status, body) = caller.read("/caller").await;
                // Allowances are for everyone.
                assert!(matches!(status, 200 | 429), "{status} {body}");
                served += usize::from(status == 200);
            }
            served
        });
        Self { stop, task }
    }

    /// How often it was served.
    async fn leave(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.unwrap()
    }
}

/// What is sent, and the answer's status, problem and code of the first finding.
type Try = (&'static str, &'static str, Vec<u8>, u16, &'static str);

/// A statement as a text.
fn sound() -> String {
    Value::from(Sheet::of("2026-01").child(30, "5:P")).to_string()
}

fn json() -> Vec<Try> {
    let text = sound();
    let swap = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    let lines = |line: &str, count| format!("{{\"lines\":[{}]}}", vec![line; count].join(",")).into_bytes();
    vec![
        ("nothing", JSON, Vec::new(), 400, "json.empty"),
        ("cut off", JSON, text.as_bytes()[..80].to_vec(), 400, "json.malformed"),
        ("a property twice", JSON, swap("\"days\"", "\"days\":[],\"days\""), 400, "json.duplicateProperty"),
        ("a number for a name", JSON, swap("\"Lou\"", "7"), 400, "input.malformed"),
        ("a list for a document", JSON, b"[]".to_vec(), 400, "input.notAnObject"),
        ("null", JSON, b"null".to_vec(), 400, "input.notAnObject"),
        ("a hundred thousand levels", JSON, "[".repeat(100_000).into_bytes(), 400, "json.tooDeep"),
        ("as many levels of objects", JSON, "{\"a\":".repeat(100_000).into_bytes(), 400, "json.tooDeep"),
        ("a huge number", JSON, swap("\"Lou\"", &format!("1{}", "0".repeat(400))), 400, "json.numberTooLarge"),
        ("a huge exponent", JSON, swap("\"Lou\"", "1e999999999999"), 400, "json.numberTooLarge"),
        ("half a character", JSON, swap("Lou", "\\ud83d"), 400, "json.loneSurrogate"),
        ("a byte order mark", JSON, format!("\u{feff}{text}").into_bytes(), 400, "json.byteOrderMark"),
        ("another encoding", JSON, b"{\"lines\":[\"Zo\xe9\"]}".to_vec(), 400, "json.notUtf8"),
        ("UTF-16", JSON, text.encode_utf16().flat_map(u16::to_le_bytes).collect(), 400, "json.malformed"),
        ("millions of values", JSON, lines("0", 4_000_000), 400, "json.tooManyValues"),
        ("thousands of empty lines", JSON, lines("{}", 250_000), 400, "input.required"),
        ("one text of megabytes", JSON, swap("Lou", &"x".repeat(9_000_000)), 400, "input.malformed"),
        (
            "a name of megabytes",
            JSON,
            swap("\"days\"", &format!("\"{}\"", "x".repeat(9_000_000))),
            400,
            "input.required",
        ),
        ("too large", JSON, vec![b' '; 10_000_001], 413, "payloadTooLarge"),
        ("far too large", JSON, vec![b' '; 15_900_000], 413, "payloadTooLarge"),
    ]
}

/// A sheet of XML with the model's headers.
fn sheet(rest: &str) -> Vec<u8> {
    const HEAD: &str = r#"<row r="1"><c r="A1" t="str"><v>Référence</v></c><c r="B1" t="str"><v>Nom</v></c><c r="C1" t="str"><v>Prénom</v></c><c r="D1" t="str"><v>Date de naissance</v></c><c r="E1"><v>1</v></c></row>"#;
    package(&format!("<worksheet><sheetData>{HEAD}{rest}</sheetData></worksheet>"), "<sst/>")
}

fn workbooks() -> Vec<Try> {
    let megabytes = |piece: &str, count: usize| piece.repeat((count << 20) / piece.len());
    let good = book("2026-01", &Sheet::of("2026-01").child(30, "5:P").into());
    let corner = sheet(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    let row = |rows: String, row: u32| rows + &format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"0\"/></row>");
    let empty = (2..60_000).fold(String::new(), row);
    let strings = format!("<sst>{}</sst>", megabytes("<si><t>aaaaaaaa</t></si>", 60));
    let merged = workbook("Présences", |sheet| {
        sheet.merge_range(0, 0, 0, 6, "Référence Nom Prénom", &rust_xlsxwriter::Format::new()).map(|_| ())
    });
    let mut encrypted = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    encrypted.resize(1024, 0);
    encrypted.extend("EncryptedPackage\0".encode_utf16().flat_map(u16::to_le_bytes));
    encrypted.resize(2048, 0);
    vec![
        ("text that calls itself a workbook", XLSX, b"Nom;Pr\xe9nom\n".to_vec(), 400, "workbook.notAWorkbook"),
        ("a PDF", XLS, b"%PDF-1.7".to_vec(), 400, "workbook.notAWorkbook"),
        ("JSON as a workbook", XLSX, sound().into_bytes(), 400, "workbook.notAWorkbook"),
        ("a workbook as JSON", JSON, good.clone(), 400, "json.notUtf8"),
        ("CSV", "text/csv", b"Nom;Prenom\n".to_vec(), 415, "unsupportedMediaType"),
        ("macros", "application/vnd.ms-excel.sheet.macroEnabled.12", good.clone(), 415, "unsupportedMediaType"),
        ("macros under another name", XLSX, parts(&[("xl/vbaProject.bin", b"")]), 400, "workbook.macros"),
        ("a password", XLSX, encrypted, 400, "workbook.passwordProtected"),
        ("half a file", XLSX, good[..good.len() / 2].to_vec(), 400, "workbook.unreadable"),
        ("the far corner", XLSX, corner, 201, ""),
        ("rows that are only formatted", XLSX, sheet(&empty), 200, ""),
        ("a bomb of texts", XLSX, package("<worksheet/>", &strings), 400, "workbook.tooLarge"),
        ("a bomb of cells", XLSX, sheet(&megabytes("<row><c/></row>", 60)), 400, "workbook.tooLarge"),
        ("merged headers", XLSX, merged, 400, "workbook.headerRowMissing"),
        ("a workbook too large", XLSX, vec![0; 10_000_001], 413, "payloadTooLarge"),
    ]
}

/// Workbooks of people who mean well.
fn forgiven() -> Vec<(&'static str, Vec<u8>)> {
    let fill = |number: fn(&mut rust_xlsxwriter::Worksheet)| {
        workbook("Présences", |sheet| {
            sheet.write_row(0, 0, ["Référence", "Nom", "Prénom", "Date de naissance", "NISS"])?.write(0, 5, 5)?;
            sheet.write_row(1, 0, ["K-1", "Maes", "Zoé", "2024-02-17", "24021795156", "P"])?;
            number(sheet);
            Ok(())
        })
    };
    vec![
        (
            "spaces that do not break",
            fill(|sheet| {
                sheet
                    .write_row(
                        1,
                        1,
                        ["\u{a0}Maes\u{a0}", "Zoé\u{a0}", "\u{a0}17/02/2024", "24.02.17-951.56\u{a0}", " p "],
                    )
                    .unwrap();
            }),
        ),
        (
            "a number that lost its zero",
            fill(|sheet| {
                sheet.write(1, 3, "1/3/2024").unwrap().write(1, 4, 2_071_996_837_u64).unwrap();
            }),
        ),
        (
            "columns that nobody knows",
            fill(|sheet| {
                sheet.write(0, 9, "Remarques").unwrap().write(1, 9, "aime les pommes").unwrap();
            }),
        ),
    ]
}

async fn tried(vendor: &Caller, (name, media, body, status, told): Try) {
    let size = body.len();
    let request = vendor.put(&path(), media, body);
    let request = if status == 200 { request.header("if-match", "\"1\"") } else { request };
    let (got, body) = answer(request).await.unwrap_or_else(|| panic!("{name} is not answered"));
    let kind = body["type"].as_str().and_then(|kind| kind.rsplit(':').next()).unwrap_or_default();
    let codes: Vec<_> =
        body["issues"].as_array().into_iter().flatten().filter_map(|issue| issue["code"].as_str()).collect();
    let says = format!("{name} ({size} bytes): {got} {kind} {codes:?}");
    assert_eq!(got, status, "{says}");
    match status {
        400 => assert!(kind == "badRequest" && codes.contains(&told), "{says}"),
        413 | 415 => assert_eq!(kind, told, "{says}"),
        _ => assert!(codes.is_empty(), "{says}"),
    }
    assert!(body.to_string().len() < 1_000_000, "{says}: the answer is {} bytes", body.to_string().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_refused_for_what_it_is_while_others_are_served_in_little_memory() {
    let home = tempfile::tempdir().unwrap();
    let gateway = Sandbox::start(&mut sandbox(Some(home.path()), None));
    let vendor = gateway.vendor();
    let neighbour = Caller::new(&vendor.api, gateway.text("/organisers/1/applications/0/keys/0/key"));
    let neighbour = Neighbour::of(neighbour);
    for one in json().into_iter().chain(workbooks()) {
        let name = one.0;
        tried(&vendor, one).await;
        let peak = gateway.process.peak_memory();
        assert!(peak < MOST, "after {name}: {peak} kB");
    }
    for (name, body) in forgiven() {
        let (status, body) = answer(vendor.put(&format!("{}?dryRun=true", path()), XLSX, body)).await.unwrap();
        assert_eq!(status, 200, "{name}: {body}");
    }
    assert!(neighbour.leave().await > 20, "the neighbour was served");
    assert_eq!(gateway.process.stop().status, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_hostile_files_at_once_take_little_memory() {
    let home = tempfile::tempdir().unwrap();
    let gateway = Sandbox::start(&mut sandbox(Some(home.path()), None));
    let vendor = gateway.vendor();
    let neighbour = Neighbour::of(Caller::new(&vendor.api, gateway.text("/organisers/1/applications/0/keys/0/key")));
    let hostile: Vec<Try> = json()
        .into_iter()
        .chain(workbooks())
        .filter(|(_, _, body, status, _)| *status == 400 && body.len() > 20_000)
        .collect();
    assert!(hostile.len() > 5);
    let mut tasks = Vec::new();
    for one in hostile.iter().cycle().take(12) {
        let (vendor, one) = (vendor.clone(), one.clone());
        tasks.push(tokio::spawn(async move { tried(&vendor, one).await }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let peak = gateway.process.peak_memory();
    assert!(peak < MOST, "{peak} kB");
    assert!(neighbour.leave().await > 5, "the neighbour was served");
}
