//! PDF documents: whether they are whole, need a password, or contain programs.

use std::io::Read as _;

use encoding_rs::UTF_16BE;
use flate2::read::ZlibDecoder;
use memchr::memmem;

use super::pdf_tokens::{PdfToken, PdfTokens};
use crate::domain::file::is_program_name;
use crate::domain::rule::Rule;
use crate::domain::rules::file::{ACTIVE_CONTENT, EMBEDDED, ENCRYPTED, INCOMPLETE};

/// How many bytes of unpacked objects are inspected: far more than documents of the largest accepted size have.
const MAX_UNPACKED: u64 = 32 << 20;

/// The rule that a PDF breaks.
pub(super) fn fault(bytes: &[u8]) -> Option<&'static Rule> {
    if !is_whole(bytes) {
        return Some(&INCOMPLETE);
    }
    if is_encrypted(bytes) {
        return Some(&ENCRYPTED);
    }
    let mut found = FoundPrograms { unpacked_left: MAX_UNPACKED, ..FoundPrograms::default() };
    found.read(bytes, true);
    match found {
        FoundPrograms { has_actions: true, .. } => Some(&ACTIVE_CONTENT),
        FoundPrograms { has_files: true, names_program: true, .. } => Some(&EMBEDDED),
        _ => None,
    }
}

/// Whether the end is there: where the last table of objects begins, and `%%EOF` (ISO 32000-1, 7.5.5). What programs add after
/// it is ignored, but for objects: these are of an update that was cut. A file made for the web has such an end after its
/// first page too, with the offset 0.
fn is_whole(bytes: &[u8]) -> bool {
    const START: &[u8] = b"startxref";
    let Some(at) = memmem::rfind(bytes, START) else { return false };
    let rest = bytes[at + START.len()..].trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (offset, rest) = rest.split_at(digits);
    let added = rest.trim_ascii_start().strip_prefix(b"%%EOF");
    offset.iter().any(|digit| *digit != b'0') && added.is_some_and(|added| !has_object(added))
}

/// Whether an object begins in the bytes: `12 0 obj`.
fn has_object(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b" obj").any(|at| at > 0 && bytes[at - 1].is_ascii_digit())
}

/// Whether a trailer names an encryption dictionary: a reference (`/Encrypt 12 0 R`) or the dictionary itself. Trailers are
/// never compressed.
fn is_encrypted(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"/Encrypt";
    memmem::find_iter(bytes, NAME).any(|at| {
        let value = &bytes[at + NAME.len()..];
        let text = value.trim_ascii_start();
        let is_reference = text.len() < value.len() && text.first().is_some_and(u8::is_ascii_digit);
        is_reference || text.starts_with(b"<<")
    })
}

/// What the objects of a document show.
#[derive(Default)]
struct FoundPrograms {
    /// An action runs JavaScript or starts a program.
    has_actions: bool,
    /// Files are attached.
    has_files: bool,
    /// A file has the name of a program.
    names_program: bool,
    /// How many bytes may still be unpacked.
    unpacked_left: u64,
}

impl FoundPrograms {
    /// Reads objects; `with_streams` also those that are packed together in streams.
    fn read(&mut self, bytes: &[u8], with_streams: bool) {
        let (mut before, mut stream) = (Vec::new(), StreamNames::default());
        for token in PdfTokens(bytes) {
            let mut name = Vec::new();
            match token {
                PdfToken::Name(found) => {
                    self.has_actions |= before == b"S" && matches!(&found[..], b"JavaScript" | b"Launch");
                    self.has_files |= found == b"EF";
                    stream.note(&found);
                    name = found;
                }
                PdfToken::Text(text) => {
                    self.names_program |= matches!(&before[..], b"F" | b"UF") && is_program(&text);
                }
                PdfToken::Stream(content) => {
                    let dictionary = std::mem::take(&mut stream);
                    if with_streams && dictionary.is_readable() {
                        let objects = self.unpacked(content);
                        self.read(&objects, false);
                    }
                }
                PdfToken::Other => {}
            }
            before = name;
        }
    }

    /// A compressed stream, as far as it can be read and is inspected.
    fn unpacked(&mut self, content: &[u8]) -> Vec<u8> {
        let mut objects = Vec::new();
        ZlibDecoder::new(content).take(self.unpacked_left).read_to_end(&mut objects).ok();
        self.unpacked_left -= objects.len() as u64;
        objects
    }
}

/// What the dictionary of a stream says.
#[derive(Default)]
struct StreamNames {
    has_objects: bool,
    is_deflated: bool,
    is_otherwise_coded: bool,
}

impl StreamNames {
    fn note(&mut self, name: &[u8]) {
        match name {
            b"ObjStm" => self.has_objects = true,
            b"FlateDecode" => self.is_deflated = true,
            name => self.is_otherwise_coded |= name.ends_with(b"Decode"),
        }
    }

    const fn is_readable(&self) -> bool {
        self.has_objects && self.is_deflated && !self.is_otherwise_coded
    }
}

/// Whether the text of a file's name is that of a program. Addresses of the web may end alike.
fn is_program(text: &[u8]) -> bool {
    let name = match text.strip_prefix(b"\xfe\xff") {
        Some(text) => UTF_16BE.decode_without_bom_handling(text).0,
        None => String::from_utf8_lossy(text),
    };
    !name.contains("://") && is_program_name(&name)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    const END: &str = "startxref\n123\n%%EOF\n";

    /// The rule that a whole PDF with these objects breaks.
    fn code(objects: &str) -> Option<&'static str> {
        fault(format!("%PDF-1.7\n%\u{e2}\n{objects}\n{END}").as_bytes()).map(|rule| rule.code)
    }

    #[test]
    fn a_file_that_was_cut_is_refused() {
        let web = format!("%PDF-1.7\n1 0 obj\n<</Linearized 1>>\nendobj\nstartxref\n0\n%%EOF\n2 0 obj\nendobj\n{END}");
        let updated = format!("%PDF-1.7\n1 0 obj\nendobj\n{END}1 0 obj\n<</Changed true>>\nendobj\n{END}");
        for whole in [&web, &updated] {
            let old_end = whole.find(END).map_or(0, |at| at + END.len());
            for length in 10..whole.trim_end().len() {
                let is_old = (old_end - 1..old_end + 7).contains(&length);
                let found = fault(&whole.as_bytes()[..length]).map(|rule| rule.code);
                assert_eq!(found, (!is_old).then_some("file.incomplete"), "{}", &whole[..length]);
            }
        }
        assert_eq!(fault(b"%PDF-1.7\n").map(|rule| rule.code), Some("file.incomplete"));
    }

    #[test]
    fn what_programs_add_after_the_end_is_no_fault() {
        for added in ["", "\n\n", "\0\0\0\0", "\u{1a}", "<!-- page of a portal, endobj -->"] {
            assert!(fault(format!("%PDF-1.7\n1 0 obj\nendobj\n{END}{added}").as_bytes()).is_none(), "{added:?}");
        }
        assert!(fault(format!("%PDF-1.7\r\n{}", END.replace('\n', "\r")).as_bytes()).is_none());
    }

    #[test]
    fn what_needs_a_password_is_refused() {
        for trailer in ["<< /Root 1 0 R /Encrypt 12 0 R >>", "<< /Encrypt<< /Filter /Standard >> >>"] {
            assert_eq!(code(&format!("trailer {trailer}")), Some("file.encrypted"), "{trailer}");
        }
        assert_eq!(code("(see /EncryptMetadata true, or /Encrypt, in the manual)"), None);
    }

    #[test]
    fn actions_that_run_something_are_refused() {
        for action in ["/S /JavaScript /JS (app.alert)", "/S/J#61vaScript/JS 5 0 R", "/S /Launch /F (cmd.exe)"] {
            assert_eq!(
                code(&format!("4 0 obj\n<</Type/Action {action}>>\nendobj")),
                Some("file.activeContent"),
                "{action}"
            );
        }
        for words in ["/Title (/S /JavaScript)", "/S /URI /URI (https://one.example/JavaScript)", "% /S /JavaScript"] {
            assert_eq!(code(&format!("4 0 obj\n<<{words}\n>>\nendobj")), None, "{words}");
        }
        assert_eq!(
            code("5 0 obj\n<</Length 20>>\nstream\n/S /JavaScript\nendstream\nendobj"),
            None,
            "the text of a page"
        );
    }

    #[test]
    fn attached_programs_are_refused_and_other_files_are_not() {
        let attached = |name: &str| format!("6 0 obj\n<</Type/Filespec/F {name}/EF<</F 7 0 R>>>>\nendobj");
        for name in ["(virus.exe)", "(Facture.pdf.js)", "<FEFF0061002E0065007800650020>"] {
            assert_eq!(code(&attached(name)), Some("file.embedded"), "{name}");
        }
        for name in ["(factur-x.xml)", "(Annexe.pdf)", "(tableau.xlsx)"] {
            assert_eq!(code(&attached(name)), None, "{name}");
        }
        let form = "<</S/SubmitForm/F<</FS/URL/F(https://one.example.com)>>>>";
        assert_eq!(code(&(attached("(factur-x.xml)") + form)), None, "an address");
        assert_eq!(code("<</S/GoToR/F(annexe.html)>>"), None, "a link");
    }

    #[test]
    fn packed_objects_are_inspected() {
        let packed = |filter: &str, objects: &str| {
            let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
            writer.write_all(objects.as_bytes()).expect("objects");
            let content = writer.finish().expect("a stream");
            let head = format!("%PDF-1.7\n8 0 obj\n<</Type/ObjStm/Filter{filter}>>\nstream\n");
            let bytes = [head.as_bytes(), &content, format!("\nendstream\nendobj\n{END}").as_bytes()].concat();
            fault(&bytes).map(|rule| rule.code)
        };
        let script = "4 0 <</S/JavaScript/JS(1)>>";
        assert_eq!(packed("/FlateDecode", script), Some("file.activeContent"));
        assert_eq!(packed("[/FlateDecode]", &format!("{}{script}", " ".repeat(1 << 20))), Some("file.activeContent"));
        assert_eq!(packed("/FlateDecode", "4 0 <</S/GoTo/D[1 0 R/Fit]>>"), None);
        // Beyond what is inspected, and coded in another way: not refused (docs/adr/0041-files.md).
        let most = usize::try_from(MAX_UNPACKED).expect("a size");
        assert_eq!(packed("/FlateDecode", &format!("{}{script}", " ".repeat(most))), None);
        assert_eq!(packed("[/ASCII85Decode/FlateDecode]", script), None);
    }
}
