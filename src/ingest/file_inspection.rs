//! The type of a file that is stored as it was sent, by its content; names and declared types are ignored.

use std::io::{Cursor, Read as _};

use memchr::memmem;
use zip::ZipArchive;

use crate::domain::file::FileType;
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::rule::Rule;
use crate::domain::rules::file::{DAMAGED, EMPTY, ENCRYPTED, MACROS, UNKNOWN_TYPE};

/// The first bytes of a compound file: an older Office document, or an encrypted one.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The first bytes of a ZIP package with entries.
const PACKAGE: &[u8] = b"PK\x03\x04";
/// The most entries a package may have.
const MAX_ENTRIES: usize = 10_000;
/// The most bytes that are read of each entry that describes a package.
const MAX_DESCRIPTION: u64 = 1 << 20;
/// How many bytes may precede the version of a PDF.
const PDF_START: usize = 1024;

/// The type of the bytes; a finding where they are empty, of another type, damaged, encrypted, or with macros.
pub fn inspect(bytes: &[u8]) -> Result<FileType, Finding> {
    if bytes.is_empty() {
        return Err(refusal(&EMPTY));
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(FileType::Png);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(FileType::Jpeg);
    }
    if bytes.starts_with(COMPOUND) {
        return Err(refusal(compound(bytes)));
    }
    if bytes.starts_with(PACKAGE) {
        return package(bytes);
    }
    if memmem::find(&bytes[..bytes.len().min(PDF_START)], b"%PDF-").is_some() {
        return if is_encrypted_pdf(bytes) { Err(refusal(&ENCRYPTED)) } else { Ok(FileType::Pdf) };
    }
    Err(refusal(&UNKNOWN_TYPE))
}

fn refusal(rule: &'static Rule) -> Finding {
    Finding::new(rule, FindingPlace::default())
}

/// Why a compound file is refused. Its directory has names in UTF-16.
fn compound(bytes: &[u8]) -> &'static Rule {
    let names = |wanted: &str| {
        let wanted: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wanted).is_some()
    };
    if names("EncryptedPackage") || names("EncryptionInfo") { &ENCRYPTED } else { &UNKNOWN_TYPE }
}

/// Whether a trailer of the PDF names an encryption dictionary: a reference (`/Encrypt 12 0 R`) or the dictionary itself.
/// Trailers are never compressed.
fn is_encrypted_pdf(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"/Encrypt";
    memmem::find_iter(bytes, NAME).any(|at| {
        let value = &bytes[at + NAME.len()..];
        let text = value.trim_ascii_start();
        let is_reference = text.len() < value.len() && text.first().is_some_and(u8::is_ascii_digit);
        is_reference || text.starts_with(b"<<")
    })
}

/// The type of an Office package.
fn package(bytes: &[u8]) -> Result<FileType, Finding> {
    if memmem::find_iter(bytes, b"PK\x01\x02").count() > MAX_ENTRIES {
        return Err(refusal(&UNKNOWN_TYPE));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| refusal(&DAMAGED))?;
    let names: Result<Vec<String>, _> =
        archive.file_names().map(|name| name.map(|name| name.replace('\\', "/").to_ascii_lowercase())).collect();
    let names = names.map_err(|_| refusal(&DAMAGED))?;
    let open_document = description(&mut archive, "mimetype");
    let content_types = description(&mut archive, "[Content_Types].xml");
    let manifest = description(&mut archive, "META-INF/manifest.xml");
    let found = open_document_type(&open_document).or_else(|| open_xml_type(&content_types));
    let kind = found.ok_or_else(|| refusal(&UNKNOWN_TYPE))?;
    if manifest.contains("encryption-data") || names.iter().any(|name| name == "encrypted-package") {
        return Err(refusal(&ENCRYPTED));
    }
    if names.iter().any(|name| is_program(name)) || content_types.contains("macroenabled") {
        return Err(refusal(&MACROS));
    }
    Ok(kind)
}

/// The beginning of an entry in small letters; empty where there is none.
fn description(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> String {
    let mut text = Vec::new();
    if let Some(entry) = archive.index_for_name(name).and_then(|at| archive.by_index(at).ok()) {
        // What can be read before an error is enough to decide; nothing is refused for it.
        entry.take(MAX_DESCRIPTION).read_to_end(&mut text).ok();
    }
    String::from_utf8_lossy(&text).to_ascii_lowercase()
}

/// Whether an entry of a package is a program: Basic of Excel and Word, macro sheets of Excel 4, Basic and scripts of
/// OpenDocument.
fn is_program(name: &str) -> bool {
    name.ends_with("vbaproject.bin")
        || name.starts_with("xl/macrosheets/")
        || (!name.ends_with('/') && (name.starts_with("basic/") || name.starts_with("scripts/")))
}

fn open_document_type(media: &str) -> Option<FileType> {
    match media.trim() {
        "application/vnd.oasis.opendocument.text" => Some(FileType::Odt),
        "application/vnd.oasis.opendocument.spreadsheet" => Some(FileType::Ods),
        _ => None,
    }
}

/// The type by the content type of the main part. One with macros is recognised too, to be refused for these.
fn open_xml_type(content_types: &str) -> Option<FileType> {
    let names = |kinds: [&str; 2]| kinds.iter().any(|kind| content_types.contains(kind));
    if names(["wordprocessingml.document.main+xml", "ms-word.document.macroenabled"]) {
        Some(FileType::Docx)
    } else if names(["spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroenabled"]) {
        Some(FileType::Xlsx)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A package with these entries.
    fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
            writer.write_all(text.as_bytes()).expect("its text");
        }
        writer.finish().expect("a package").into_inner()
    }

    fn inspected(bytes: &[u8]) -> Result<FileType, &'static str> {
        inspect(bytes).map_err(|finding| finding.rule.code)
    }

    const WORD: &str = "<Override PartName='/word/document.xml' ContentType=\
                        'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/>";
    const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

    #[test]
    fn the_content_decides_on_the_type() {
        let odt = "application/vnd.oasis.opendocument.text";
        let ods = "application/vnd.oasis.opendocument.spreadsheet";
        for (bytes, kind) in [
            (b"%PDF-1.7\n1 0 obj".to_vec(), FileType::Pdf),
            (b"\xEF\xBB\xBF\n%PDF-1.4".to_vec(), FileType::Pdf),
            (b"\x89PNG\r\n\x1a\n....".to_vec(), FileType::Png),
            (b"\xff\xd8\xff\xe0....".to_vec(), FileType::Jpeg),
            (zipped(&[("[Content_Types].xml", WORD)]), FileType::Docx),
            (zipped(&[("[Content_Types].xml", EXCEL)]), FileType::Xlsx),
            (zipped(&[("mimetype", odt), ("META-INF/manifest.xml", "<manifest:manifest/>")]), FileType::Odt),
            (zipped(&[("mimetype", ods)]), FileType::Ods),
        ] {
            assert_eq!(inspected(&bytes), Ok(kind));
        }
    }

    #[test]
    fn other_types_and_damaged_files_are_refused() {
        let template = "application/vnd.oasis.opendocument.presentation";
        for (bytes, rule) in [
            (Vec::new(), "file.empty"),
            (b"MZ\x90\x00".to_vec(), "file.unknownType"),
            (b"<html>".to_vec(), "file.unknownType"),
            (zipped(&[("x.txt", "text")]), "file.unknownType"),
            (zipped(&[("mimetype", template)]), "file.unknownType"),
            (zipped(&[("[Content_Types].xml", WORD)])[..60].to_vec(), "file.damaged"),
            ([COMPOUND, &[0; 512], b"W\0o\0r\0d\0D\0o\0c\0"].concat(), "file.unknownType"),
        ] {
            assert_eq!(inspected(&bytes), Err(rule));
        }
    }

    #[test]
    fn macros_are_refused() {
        let enabled = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
        let ods = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
        for entries in [
            [("[Content_Types].xml", WORD), ("word/vbaProject.bin", "x")],
            [("[Content_Types].xml", EXCEL), ("xl/macrosheets/sheet1.xml", "x")],
            [("[Content_Types].xml", enabled), ("xl/workbook.xml", "x")],
            [ods, ("Basic/Standard/Module1.xml", "x")],
            [ods, ("Scripts/python/run.py", "x")],
        ] {
            assert_eq!(inspected(&zipped(&entries)), Err("file.macros"), "{entries:?}");
        }
    }

    #[test]
    fn what_needs_a_password_is_refused() {
        let odt = ("mimetype", "application/vnd.oasis.opendocument.text");
        let compound: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            b"%PDF-1.7\ntrailer << /Root 1 0 R /Encrypt 12 0 R >>".to_vec(),
            b"%PDF-1.7\ntrailer << /Encrypt<< /Filter /Standard >> >>".to_vec(),
            [COMPOUND, &[0; 512], &compound].concat(),
            zipped(&[odt, ("META-INF/manifest.xml", "<manifest:encryption-data/>")]),
        ] {
            assert_eq!(inspected(&bytes), Err("file.encrypted"));
        }
        assert_eq!(inspected(b"%PDF-1.7\n(see /EncryptMetadata true, or /Encrypt, in the manual)"), Ok(FileType::Pdf));
    }
}
