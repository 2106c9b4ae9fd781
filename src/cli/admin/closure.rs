//! `passerelle admin closure`.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::desk::Desk;
use super::report::Report;
use crate::app::closures::import::{self, Imported, Manner, Outcome};
use crate::cli::{Failure, Words, check};
use crate::domain::rule::Severity;
use crate::http::finding::FindingBody;
use crate::http::urls::Urls;

/// More than any calendar of closures.
const MAX_FILE: u64 = 10_000_000;

/// All that an operator needs to write such a file.
const IMPORT: &str = r#"Bring in the closures of many crèches from one file: all of it, or nothing when there is an error in it.

Closures are added to those that a crèche has; one that it has already changes nothing. With --replace, the file
has all closures of each crèche it names, and others of that crèche are taken away.

The file is a table (CSV) or JSON, in UTF-8.

A table has the headings creche, startDate, endDate and reason, in any order; other columns are ignored. Columns
are parted by semicolons, commas or tabs. The crèche is given by its id or its ONE number, dates as 2026-12-24 or
24/12/2026, the reason as publicHoliday, strike, annualClosure or other. A single day begins and ends on it:

    creche;startDate;endDate;reason
    63/25118/01;24/12/2026;01/01/2027;annualClosure
    63/25118/01;2026-11-11;2026-11-11;publicHoliday

JSON is one object with a property for each crèche, named by its id or its ONE number, that holds what
PUT /creches/{crecheId}/closures takes:

    {"63/25118/01": {"items": [{"startDate": "2026-12-24", "endDate": "2027-01-01", "reason": "annualClosure"}]}}"#;

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Bring in the closures of many crèches from one file: all of it, or nothing when there is an error in it.
    #[command(long_about = IMPORT)]
    Import {
        /// The file.
        file: PathBuf,
        /// Only tell what is wrong with the file and what it would change.
        #[arg(long)]
        dry_run: bool,
        /// Take away closures that the file does not have, of the crèches it names.
        #[arg(long)]
        replace: bool,
        /// The language of the findings.
        #[arg(long, value_enum, default_value = "en")]
        language: Words,
    },
}

impl Verb {
    pub(super) async fn run(self, desk: &Desk) -> Result<Report, Failure> {
        let Self::Import { file, dry_run, replace, language } = self;
        let outcome = import::import(desk.act(), &read(&file)?, Manner { replace, dry_run }).await?;
        Ok(tell(&file, &outcome, dry_run, language))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let named = |error| format!("{}: {error}", file.display());
    if std::fs::metadata(file).map_err(named)?.len() > MAX_FILE {
        return Err(format!("{} is larger than {MAX_FILE} bytes: bring it in piece by piece", file.display()).into());
    }
    Ok(std::fs::read(file).map_err(named)?)
}

fn tell(file: &Path, outcome: &Outcome, dry_run: bool, language: Words) -> Report {
    let refused = outcome.findings.refuse();
    let written = !refused && !dry_run;
    let count = |severity| outcome.findings.of(severity).map(|finding| finding.count).sum::<usize>();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let bodies = outcome.findings.iter().map(|finding| FindingBody::new(finding, language.into(), &Urls::new("")));
    let creche = |one: &Imported| {
        json!({ "organiserId": one.organiser, "crecheId": one.creche, "added": one.added, "removed": one.removed,
                "total": one.total })
    };
    let body = json!({
        "written": written,
        "errors": errors,
        "warnings": warnings,
        "findings": bodies.collect::<Vec<_>>(),
        "creches": outcome.creches.iter().map(creche).collect::<Vec<_>>(),
    });
    let done = match (refused, dry_run) {
        (true, _) => "nothing is changed",
        (false, true) => "nothing is changed, because of --dry-run; without it:",
        (false, false) => "done",
    };
    let line = format!("{}: {errors} error(s), {warnings} warning(s); {done}", file.display());
    let mut report = Report::new(&body, line).alarming(refused);
    for finding in &outcome.findings {
        report = check::sentences(finding, language.into()).into_iter().fold(report, Report::line);
    }
    for one in &outcome.creches {
        let Imported { creche, added, removed, total, .. } = one;
        report = report.line(format!("  crèche {creche}: {added} added, {removed} removed, {total} in all"));
    }
    report
}
