//! Files of imports: reading, and the report.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::report::CommandReport;
use crate::cli::{CliError, CliLanguage, check};
use crate::domain::finding::Findings;
use crate::domain::rule::Severity;
use crate::http::finding::FindingBody;
use crate::http::urls::Urls;

/// The largest file that is imported, in bytes.
const MAX_FILE: u64 = 10_000_000;

/// The file, and how to report on it.
#[derive(Debug, clap::Args)]
pub(super) struct Listing {
    /// The file.
    file: PathBuf,
    /// Only list what is wrong with the file and what it would change.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// The language of the findings.
    #[arg(long, value_enum, default_value = "en")]
    language: CliLanguage,
}

impl Listing {
    /// The content of the file.
    pub(super) fn read(&self) -> Result<Vec<u8>, CliError> {
        let named = |error| format!("{}: {error}", self.file.display());
        if std::fs::metadata(&self.file).map_err(named)?.len() > MAX_FILE {
            let large = format!("{} is larger than {MAX_FILE} bytes: bring it in piece by piece", self.file.display());
            return Err(large.into());
        }
        Ok(std::fs::read(&self.file).map_err(named)?)
    }

    /// The findings and the outcome: of each of its `name`s, as documents and as lines.
    pub(super) fn report(&self, findings: &Findings, name: &str, items: &[Value], lines: Vec<String>) -> CommandReport {
        let (refused, language) = (findings.has_errors(), self.language.into());
        let count = |severity| findings.of(severity).map(|finding| finding.count).sum::<usize>();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let bodies = findings.iter().map(|finding| FindingBody::new(finding, language, &Urls::new("")));
        let body = json!({
            "written": !refused && !self.dry_run,
            "errors": errors,
            "warnings": warnings,
            "findings": bodies.collect::<Vec<_>>(),
            (name): items,
        });
        let outcome = match (refused, self.dry_run) {
            (true, _) => "nothing is changed",
            (false, true) => "nothing is changed, because of --dry-run; without it:",
            (false, false) => "done",
        };
        let line = format!("{}: {errors} error(s), {warnings} warning(s); {outcome}", self.file.display());
        let sentences = findings.iter().flat_map(|finding| check::sentences(finding, language));
        sentences.chain(lines).fold(CommandReport::new(&body, line).failing_if(refused), CommandReport::line)
    }
}
