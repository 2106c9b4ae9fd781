//! The name of a stored file.

use super::FileType;
use crate::domain::finding::{Finding, FindingPlace};
use crate::domain::rules::file::{DANGEROUS_NAME, NAME_MISSING};
use crate::domain::text::is_unprintable;

/// The longest name, in characters; of a longer one the end of its stem is left out.
const LONGEST: usize = 150;

/// Extensions whose files are programs, or documents that contain some, for the computer of a person who opens them.
const DANGEROUS: [&str; 40] = [
    "app", "bat", "chm", "cmd", "com", "cpl", "desktop", "docm", "dotm", "exe", "hta", "htm", "html", "iso", "jar",
    "js", "jse", "lnk", "mht", "msi", "potm", "ppam", "pptm", "ps1", "reg", "scf", "scr", "sh", "svg", "url", "vbe",
    "vbs", "wsf", "wsh", "xhtml", "xla", "xlam", "xlsb", "xlsm", "xltm",
];

/// Whether a computer would run a file of this name.
pub fn is_program_name(name: &str) -> bool {
    let name = name.trim_end_matches(['.', ' ', '\0']);
    name.rsplit_once('.').is_some_and(|(_, extension)| DANGEROUS.contains(&extension.to_lowercase().as_str()))
}

/// The name of a file, without the folders it was in, and with an extension of its type. Personal data: it is sealed, and
/// is in no address, log line or event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The name of a file that was sent under `sent` and whose content is of this type. Where the extension is of another
    /// type, that of the content is added.
    ///
    /// # Errors
    /// `file.nameMissing`, and `file.dangerousName` where a computer would run a file of this name.
    pub fn new(sent: &str, kind: FileType) -> Result<Self, Finding> {
        let finding = |rule| Finding::new(rule, FindingPlace::default());
        let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible: String = name.chars().filter(|sign| !is_unprintable(*sign)).collect();
        let name = visible.trim().trim_end_matches('.').trim_end();
        if name.is_empty() {
            return Err(finding(&NAME_MISSING));
        }
        if is_program_name(name) {
            return Err(finding(&DANGEROUS_NAME));
        }
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let extension = extension.to_lowercase();
        let (stem, extension) = match kind.extensions().iter().find(|known| **known == extension) {
            Some(known) => (stem, *known),
            None => (name, kind.extensions()[0]),
        };
        let stem: String = stem.chars().take(LONGEST).collect();
        Ok(Self(format!("{stem}.{extension}")))
    }

    /// A name as it was stored.
    pub fn stored(name: String) -> Self {
        Self(name)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(sent: &str) -> Result<String, &'static str> {
        FileName::new(sent, FileType::Pdf).map(|name| name.0).map_err(|finding| finding.rule.code)
    }

    #[test]
    fn folders_invisible_characters_and_final_points_are_left_out() {
        for sent in [
            "Bail 2026.pdf",
            r"C:\Users\x\Bail 2026.pdf",
            "../../Bail 2026.PDF",
            "Bail \u{202e}2026.pdf\n",
            "Bail 2026.pdf. ",
        ] {
            assert_eq!(name(sent).as_deref(), Ok("Bail 2026.pdf"), "{sent:?}");
        }
    }

    #[test]
    fn the_type_of_the_content_decides_on_the_extension() {
        assert_eq!(name("bail.docx").as_deref(), Ok("bail.docx.pdf"));
        assert_eq!(name("bail").as_deref(), Ok("bail.pdf"));
        assert_eq!(name(".pdf").as_deref(), Ok(".pdf"));
    }

    #[test]
    fn a_name_that_a_computer_would_run_is_refused() {
        for sent in ["bail.exe", "bail.pdf.JS", "tableau.xlsm", "bail.html", "bail.exe."] {
            assert_eq!(name(sent), Err("file.dangerousName"), "{sent}");
        }
        for sent in ["", "  ", "dossier/", "\u{200b}"] {
            assert_eq!(name(sent), Err("file.nameMissing"), "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let long = name(&format!("{}.pdf", "é".repeat(300))).expect("a name");
        assert_eq!(long.chars().count(), LONGEST + 4);
        assert_eq!(long.strip_suffix(".pdf").map(|name| name.chars().count()), Some(LONGEST));
    }
}
