//! Office documents: packages of Office Open XML and OpenDocument.

use std::io::{Cursor, Read as _};

use memchr::memmem;
use zip::ZipArchive;

use crate::domain::file::FileType;
use crate::domain::rule::Rule;
use crate::domain::rules::file::{DAMAGED, EMBEDDED, ENCRYPTED, MACROS, UNKNOWN_TYPE};

/// The most entries a package may have.
const MAX_ENTRIES: usize = 10_000;
/// The most bytes that are read of each entry that describes a package.
const MAX_DESCRIPTION: u64 = 1 << 20;
/// The content types of programs in a package, in small letters: a document with macros, Basic, macro sheets of Excel 4.
const MACRO_TYPES: [&str; 4] = ["macroenabled", "vnd.ms-office.vbaproject", "macrosheet+xml", "vnd.ms-word.vbadata"];
/// The extensions of what may be embedded: documents that are packages themselves, such as the table of a chart, and pictures.
const EMBEDDABLE: [&str; 10] = [".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".png", ".jpeg", ".jpg", ".emf"];

/// The type of an Office package, or the rule that it breaks.
pub(super) fn inspected(bytes: &[u8]) -> Result<FileType, &'static Rule> {
    if memmem::find_iter(bytes, b"PK\x01\x02").count() > MAX_ENTRIES {
        return Err(&UNKNOWN_TYPE);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| &DAMAGED)?;
    let names: Result<Vec<String>, _> =
        archive.file_names().map(|name| name.map(|name| name.replace('\\', "/").to_ascii_lowercase())).collect();
    let names = names.map_err(|_| &DAMAGED)?;
    let open_document = description(&mut archive, "mimetype");
    let content_types = description(&mut archive, "[Content_Types].xml");
    let manifest = description(&mut archive, "META-INF/manifest.xml");
    let found = open_document_type(&open_document).or_else(|| open_xml_type(&content_types));
    let kind = found.ok_or(&UNKNOWN_TYPE)?;
    if manifest.contains("encryption-data") || names.iter().any(|name| name == "encrypted-package") {
        return Err(&ENCRYPTED);
    }
    if names.iter().any(|name| is_macro(name)) || MACRO_TYPES.iter().any(|kind| content_types.contains(kind)) {
        return Err(&MACROS);
    }
    if names.iter().any(|name| is_embedded_object(name)) || manifest.contains("oleobject") {
        return Err(&EMBEDDED);
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

/// Whether an entry of a package is a program of the document: Basic of Excel and Word, macro sheets of Excel 4, Basic and
/// scripts of OpenDocument.
fn is_macro(name: &str) -> bool {
    name.ends_with("vbaproject.bin")
        || name.starts_with("xl/macrosheets/")
        || (!name.ends_with('/') && (name.starts_with("basic/") || name.starts_with("scripts/")))
}

/// Whether an entry is a file or an object of another program, which that program is to open.
fn is_embedded_object(name: &str) -> bool {
    let is_embedded = name.contains("/embeddings/") && !name.ends_with('/');
    is_embedded && !EMBEDDABLE.iter().any(|extension| name.ends_with(extension))
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

    fn code(entries: &[(&str, &str)]) -> Result<FileType, &'static str> {
        inspected(&zipped(entries)).map_err(|rule| rule.code)
    }

    const TYPES: &str = "[Content_Types].xml";
    const WORD: &str = "<Override PartName='/word/document.xml' ContentType=\
                        'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/>";
    const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    const ODT: (&str, &str) = ("mimetype", "application/vnd.oasis.opendocument.text");
    const ODS: (&str, &str) = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    const MANIFEST: &str = "META-INF/manifest.xml";

    #[test]
    fn the_content_decides_on_the_type() {
        assert_eq!(code(&[(TYPES, WORD)]), Ok(FileType::Docx));
        assert_eq!(code(&[(TYPES, EXCEL)]), Ok(FileType::Xlsx));
        assert_eq!(code(&[ODT, (MANIFEST, "<manifest:manifest/>")]), Ok(FileType::Odt));
        assert_eq!(code(&[ODS]), Ok(FileType::Ods));
        assert_eq!(code(&[("x.txt", "text")]), Err("file.unknownType"));
        let presentation = "application/vnd.oasis.opendocument.presentation";
        assert_eq!(code(&[("mimetype", presentation)]), Err("file.unknownType"));
        let cut = &zipped(&[(TYPES, WORD)])[..60];
        assert_eq!(inspected(cut).map_err(|rule| rule.code), Err("file.damaged"));
    }

    #[test]
    fn macros_are_refused() {
        let enabled = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
        let renamed =
            format!("{WORD}<Override PartName='/word/a.bin' ContentType='application/vnd.ms-office.vbaProject'/>");
        for entries in [
            [(TYPES, WORD), ("word/vbaProject.bin", "x")],
            [(TYPES, renamed.as_str()), ("word/a.bin", "x")],
            [(TYPES, EXCEL), ("xl/macrosheets/sheet1.xml", "x")],
            [(TYPES, enabled), ("xl/workbook.xml", "x")],
            [ODS, ("Basic/Standard/Module1.xml", "x")],
            [ODS, ("Scripts/python/run.py", "x")],
        ] {
            assert_eq!(code(&entries), Err("file.macros"), "{entries:?}");
        }
    }

    #[test]
    fn embedded_objects_are_refused_and_the_table_of_a_chart_is_not() {
        for entries in [
            [(TYPES, WORD), ("word/embeddings/oleObject1.bin", "x")],
            [(TYPES, WORD), ("word/embeddings/setup.exe", "x")],
            [(TYPES, EXCEL), ("xl/embeddings/Microsoft_Excel_Macro.xlsm", "x")],
            [ODT, (MANIFEST, "<manifest:file-entry manifest:media-type='application/vnd.sun.star.oleobject'/>")],
        ] {
            assert_eq!(code(&entries), Err("file.embedded"), "{entries:?}");
        }
        let chart = ("word/embeddings/Microsoft_Excel_Worksheet.xlsx", "x");
        assert_eq!(code(&[(TYPES, WORD), ("word/embeddings/", ""), chart]), Ok(FileType::Docx));
        assert_eq!(code(&[(TYPES, EXCEL), ("xl/printerSettings/printerSettings1.bin", "x")]), Ok(FileType::Xlsx));
    }

    #[test]
    fn what_needs_a_password_is_refused() {
        assert_eq!(code(&[ODT, (MANIFEST, "<manifest:encryption-data/>")]), Err("file.encrypted"));
    }
}
