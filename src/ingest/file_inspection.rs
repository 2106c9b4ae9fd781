//! The type of a file that is stored as it was sent, by its content; names and declared types are ignored.
//!
//! What is inspected and what is not is in docs/adr/0041-files.md.

mod package;
mod pdf;
mod pdf_tokens;
mod pictures;

use memchr::memmem;

use crate::domain::file::FileType;
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::rule::Rule;
use crate::domain::rules::file::{EMPTY, ENCRYPTED, INCOMPLETE, UNKNOWN_TYPE};

/// The first bytes of a compound file: an older Office document, or an encrypted one.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The first bytes of a ZIP package with entries.
const PACKAGE: &[u8] = b"PK\x03\x04";
/// How many bytes may precede the version of a PDF.
const PDF_START: usize = 1024;

/// The type of the bytes; a finding where they are empty, of another type, cut off, damaged, encrypted, or with programs.
pub fn inspect(bytes: &[u8]) -> Result<FileType, Finding> {
    inspected(bytes).map_err(|rule| Finding::new(rule, FindingPlace::default()))
}

/// The type of the bytes, or the rule that they break.
fn inspected(bytes: &[u8]) -> Result<FileType, &'static Rule> {
    let whole = |kind, is_whole: bool| if is_whole { Ok(kind) } else { Err(&INCOMPLETE) };
    if bytes.is_empty() {
        Err(&EMPTY)
    } else if bytes.starts_with(pictures::PNG) {
        whole(FileType::Png, pictures::is_whole_png(bytes))
    } else if bytes.starts_with(pictures::JPEG) {
        whole(FileType::Jpeg, pictures::is_whole_jpeg(bytes))
    } else if bytes.starts_with(COMPOUND) {
        Err(compound(bytes))
    } else if bytes.starts_with(PACKAGE) {
        package::inspected(bytes)
    } else if memmem::find(&bytes[..bytes.len().min(PDF_START)], b"%PDF-").is_some() {
        pdf::fault(bytes).map_or(Ok(FileType::Pdf), Err)
    } else {
        Err(&UNKNOWN_TYPE)
    }
}

/// Why a compound file is refused. Its directory has names in UTF-16.
fn compound(bytes: &[u8]) -> &'static Rule {
    let names = |wanted: &str| {
        let wanted: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wanted).is_some()
    };
    if names("EncryptedPackage") || names("EncryptionInfo") { &ENCRYPTED } else { &UNKNOWN_TYPE }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> Result<FileType, &'static str> {
        inspect(bytes).map_err(|finding| finding.rule.code)
    }

    #[test]
    fn the_content_decides_on_the_type() {
        let pdf = "%PDF-1.4\n1 0 obj\nstartxref\n9\n%%EOF\n";
        for (bytes, kind) in [
            (pdf.as_bytes().to_vec(), FileType::Pdf),
            (format!("\u{feff}\n{pdf}").into_bytes(), FileType::Pdf),
            ([pictures::PNG, b"\0\0\0\0IEND\xae\x42\x60\x82"].concat(), FileType::Png),
            (b"\xff\xd8\xff\xd9".to_vec(), FileType::Jpeg),
        ] {
            assert_eq!(code(&bytes), Ok(kind));
        }
    }

    #[test]
    fn other_types_and_what_needs_a_password_are_refused() {
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, rule) in [
            (Vec::new(), "file.empty"),
            (b"MZ\x90\x00".to_vec(), "file.unknownType"),
            (b"<html>".to_vec(), "file.unknownType"),
            ([COMPOUND, &[0; 512], b"W\0o\0r\0d\0D\0o\0c\0"].concat(), "file.unknownType"),
            ([COMPOUND, &[0; 512], &encrypted].concat(), "file.encrypted"),
            (pictures::PNG.to_vec(), "file.incomplete"),
            (b"\xff\xd8\xff\xe0".to_vec(), "file.incomplete"),
        ] {
            assert_eq!(code(&bytes), Err(rule));
        }
    }
}
