//! Detects a file's format from its bytes: its name and its declared type are ignored.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use memchr::memmem;
use zip::ZipArchive;

use super::parts::part_name;
use super::{parts, refusal};
use crate::domain::finding::{Finding, Param};
use crate::domain::rules::workbook::{MACROS, NOT_A_WORKBOOK, PASSWORD_PROTECTED, TOO_LARGE, UNREADABLE};
use crate::words::{self, LocalText};

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML (`.xlsx`).
    Xlsx,
    /// The binary format of Excel 97 to 2003 (`.xls`).
    Xls,
}

/// The first bytes of a compound file, the container of `.xls` and of encrypted `.xlsx`.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The most entries a package may have; the largest regular one has a few dozen.
const MAX_ENTRIES: usize = 2_000;
/// The most bytes that are read of each part that decides on the format.
const MAX_DESCRIPTION: u64 = 1 << 20;

/// The parts of an opened package by name: lower case, with slashes, as the format compares them.
pub(super) type Archive<'a> = (ZipArchive<Cursor<&'a [u8]>>, HashMap<String, usize>);

/// The container of a workbook.
pub(super) enum Container<'a> {
    /// The package of an `.xlsx`, and the name of its workbook part.
    Package(Archive<'a>, String),
    /// The compound file of an `.xls`.
    Compound,
}

/// The format of the bytes; for another, a finding with its name.
pub fn detect_format(bytes: &[u8]) -> Result<Format, Finding> {
    Ok(match open_container(bytes)? {
        Container::Package(..) => Format::Xlsx,
        Container::Compound => Format::Xls,
    })
}

/// Opens the container of a workbook; for bytes that are none, a finding with the name of their format.
pub(super) fn open_container(bytes: &[u8]) -> Result<Container<'_>, Finding> {
    if bytes.starts_with(COMPOUND) {
        return compound(bytes).map(|()| Container::Compound);
    }
    if bytes.starts_with(b"PK") {
        let mut archive = archive(bytes)?;
        let workbook = workbook_part(&mut archive)?;
        return Ok(Container::Package(archive, workbook));
    }
    Err(other(plain(bytes)))
}

/// Whether the bytes are an `.xls`: decided without opening a package.
pub fn is_xls(bytes: &[u8]) -> bool {
    bytes.starts_with(COMPOUND) && compound(bytes).is_ok()
}

/// Whether the bytes are a plain text, as a table in CSV is.
pub fn is_text(bytes: &[u8]) -> bool {
    plain(bytes) == TEXT
}

/// Opens the container of an `.xlsx`, having counted its entries first.
pub(super) fn archive(bytes: &[u8]) -> Result<Archive<'_>, Finding> {
    if memmem::find_iter(bytes, b"PK\x01\x02").count() > MAX_ENTRIES {
        return Err(refusal(&TOO_LARGE));
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| refusal(&UNREADABLE))?;
    let mut names = HashMap::new();
    for at in 0..archive.len() {
        if let Some(Ok(name)) = archive.name_for_index(at) {
            names.entry(part_name(&name)).or_insert(at);
        }
    }
    Ok((archive, names))
}

/// The name of the workbook part of a package: this main part decides on its kind, whatever the others are.
fn workbook_part((archive, names): &mut Archive<'_>) -> Result<String, Finding> {
    let mut start_of = |name: &str| {
        let mut text = Vec::new();
        let entry = names.get(name).and_then(|at| archive.by_index(*at).ok());
        entry.and_then(|entry| entry.take(MAX_DESCRIPTION).read_to_end(&mut text).ok());
        text
    };
    if start_of("mimetype").starts_with(b"application/vnd.oasis.opendocument") {
        return Err(other(OPEN_DOCUMENT));
    }
    if names.keys().any(|name| name.ends_with("encryptioninfo")) {
        return Err(refusal(&PASSWORD_PROTECTED));
    }
    let relations = parts::relationships(&start_of("_rels/.rels")).unwrap_or_default();
    let main = relations.iter().find(|relation| relation.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| part_name(&relation.target));
    let types = parts::content_types(&start_of("[content_types].xml")).unwrap_or_default();
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let has_macros = names.contains_key(&format!("{folder}/vbaproject.bin"));
    match types.of(&main).unwrap_or_default().to_ascii_lowercase() {
        kind if kind.contains("sheet.binary") => Err(other(BINARY)),
        kind if kind.contains("ms-excel") && kind.contains("macroenabled") => Err(refusal(&MACROS)),
        kind if kind.contains("spreadsheetml") && has_macros => Err(refusal(&MACROS)),
        kind if kind.contains("spreadsheetml") => Ok(main),
        _ if main.ends_with("workbook.bin") => Err(other(BINARY)),
        _ if names.contains_key("xl/workbook.xml") && main == "xl/workbook.xml" => Ok(main),
        _ if ["word/", "ppt/", "visio/"].iter().any(|folder| main.starts_with(folder)) => Err(other(OFFICE)),
        _ => Err(other(ZIP)),
    }
}

/// Whether a compound file is a workbook. Its directory consists of entries of 128 bytes that begin with a UTF-16 name.
fn compound(bytes: &[u8]) -> Result<(), Finding> {
    let names = |wanted: &str| {
        let wanted: Vec<u8> = wanted.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        bytes.chunks(128).skip(4).any(|entry| entry.starts_with(&wanted))
    };
    if names("EncryptedPackage") || names("EncryptionInfo") {
        Err(refusal(&PASSWORD_PROTECTED))
    } else if names("Workbook") || names("Book") || names("WORKBOOK") || names("BOOK") {
        Ok(())
    } else if names("WordDocument") || names("PowerPoint Document") {
        Err(other(OFFICE))
    } else {
        Err(refusal(&UNREADABLE))
    }
}

/// The format of a file that is neither a package nor a compound file.
fn plain(bytes: &[u8]) -> LocalText {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if bytes.is_empty() {
        EMPTY
    } else if start.starts_with(b"%PDF") {
        PDF
    } else if start.starts_with(b"<") {
        MARKUP
    } else if start.starts_with(b"{") || start.starts_with(b"[") {
        JSON
    } else if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || !bytes.contains(&0) {
        TEXT
    } else {
        UNKNOWN
    }
}

fn other(kind: LocalText) -> Finding {
    refusal(&NOT_A_WORKBOOK).with("kind", Param::Text(kind))
}

const EMPTY: LocalText = words::ingest::EMPTY;
const PDF: LocalText = words::ingest::PDF;
const MARKUP: LocalText = words::ingest::MARKUP;
const JSON: LocalText = words::ingest::JSON;
const TEXT: LocalText = words::ingest::TEXT;
const UNKNOWN: LocalText = words::ingest::UNKNOWN;
const OPEN_DOCUMENT: LocalText = words::ingest::OPEN_DOCUMENT;
const BINARY: LocalText = words::ingest::BINARY;
const OFFICE: LocalText = words::ingest::OFFICE;
const ZIP: LocalText = words::ingest::ZIP;
