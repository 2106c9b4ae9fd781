//! `passerelle check`: validation of a vendor's documents on the vendor's machine.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;
use serde_json::Value;

use super::{CliError, CliLanguage, print_error, print_line};
use crate::app::check::{self, CheckResult, CheckedKind, OfflineContext};
use crate::domain::finding::Finding;
use crate::domain::period::Month;
use crate::domain::rule::Severity;
use crate::http::finding::FindingBody;
use crate::http::urls::Urls;
use crate::ingest::workbook::xls::XlsReader;
use crate::words::Language;

/// Validates statements and staff registers off-line, JSON or workbooks. Exit status: 0 nothing found, 1 findings, 2 a
/// document that cannot be read.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// The documents: JSON texts, .xlsx or .xls workbooks.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What they are. Left out, a workbook is told by its sheets and a JSON text by its properties.
    #[arg(long, value_parser = kinds(), value_name = "KIND")]
    kind: Option<CheckedKind>,
    /// The month they are for. JSON needs it; a workbook may name its own.
    #[arg(long, value_name = "MONTH")]
    month: Option<Month>,
    /// What is known of crèche and day, as JSON: `{"today", "capacity", "closures", "subsidised"}`. Rules that need what
    /// is not known are listed as not checked.
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,
    /// For people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: OutputFormat,
    /// The language of the sentences.
    #[arg(long, value_enum, default_value = "en")]
    language: CliLanguage,
    /// Write the workbook back with its faults marked, in French. For one workbook only.
    #[arg(long, value_name = "OUT.xlsx")]
    annotate: Option<PathBuf>,
}

/// The kinds of document by their names.
fn kinds() -> impl TypedValueParser<Value = CheckedKind> {
    let named = |name: &str| CheckedKind::all().find(|kind| kind.name() == name);
    PossibleValuesParser::new(CheckedKind::all().map(CheckedKind::name))
        .try_map(move |name| named(&name).ok_or("no kind of document"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    Text,
    Json,
}

/// The result of a document, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum FileMark {
    Clean = 0,
    Findings = 1,
    Unreadable = 2,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileBody {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
    errors: usize,
    warnings: usize,
    findings: Vec<FindingBody>,
    not_checked: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

impl Check {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        if self.annotate.is_some() && self.files.len() > 1 {
            return Err("--annotate takes one document at a time".into());
        }
        let context = match &self.context {
            Some(file) => serde_json::from_str::<OfflineContext>(&std::fs::read_to_string(file).map_err(named(file))?)
                .map_err(named(file))?,
            None => OfflineContext::default(),
        };
        let xls = XlsReader::new(std::env::current_exe()?);
        let mut worst = FileMark::Clean;
        let mut bodies = Vec::new();
        for file in &self.files {
            let (mark, body) = match self.check_file(file, &context, &xls).await {
                Ok(checked) => (mark(&checked), self.print_result(file, &checked)),
                Err(failure) => (FileMark::Unreadable, self.print_failure(file, &failure)),
            };
            worst = worst.max(mark);
            bodies.push(serde_json::to_value(body)?);
        }
        if self.format == OutputFormat::Json {
            print_line(&serde_json::to_string_pretty(&Value::from_iter([("files", Value::from(bodies))]))?);
        }
        Ok(ExitCode::from(worst as u8))
    }

    async fn check_file(
        &self,
        file: &Path,
        context: &OfflineContext,
        xls: &XlsReader,
    ) -> Result<CheckResult, CliError> {
        let bytes = std::fs::read(file)?;
        let annotate = self.annotate.as_ref().map(|_| Language::Fr);
        let document = match self.kind {
            Some(kind) => kind,
            None => CheckedKind::recognised(&bytes, xls).await,
        };
        let checked = check::check(document, &bytes, self.month, context, annotate, xls).await?;
        if let Some(out) = &self.annotate {
            match &checked.annotated {
                Some(workbook) => std::fs::write(out, workbook).map_err(named(out))?,
                None => print_error(&format!("{} is not written: there is nothing to mark", out.display())),
            }
        }
        Ok(checked)
    }

    /// Prints the result for people; returns it as JSON output.
    fn print_result(&self, file: &Path, checked: &CheckResult) -> FileBody {
        let count = |severity| checked.findings.of(severity).map(|finding| finding.count).sum::<usize>();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let language = self.language.into();
        let not_checked: Vec<_> = checked.not_checked.iter().map(|rule| rule.code).collect();
        if self.format == OutputFormat::Text {
            print_line(&format!("{}: {errors} error(s), {warnings} warning(s)", file.display()));
            for finding in &checked.findings {
                for line in sentences(finding, language) {
                    print_line(&line);
                }
            }
            if !not_checked.is_empty() {
                print_line(&format!(
                    "  not checked, or only in part, for want of --context or of a gateway: {}",
                    not_checked.join(", ")
                ));
            }
        }
        let findings =
            checked.findings.iter().map(|finding| FindingBody::new(finding, language, &Urls::new(""))).collect();
        let month = checked.month.filter(|_| checked.readable);
        FileBody { file: file.display().to_string(), month, errors, warnings, findings, not_checked, failure: None }
    }

    fn print_failure(&self, file: &Path, failure: &CliError) -> FileBody {
        if self.format == OutputFormat::Text {
            print_error(&format!("{}: {failure}", file.display()));
        }
        FileBody {
            file: file.display().to_string(),
            month: None,
            errors: 0,
            warnings: 0,
            findings: Vec::new(),
            not_checked: Vec::new(),
            failure: Some(failure.to_string()),
        }
    }
}

fn mark(checked: &CheckResult) -> FileMark {
    match (checked.readable, checked.findings.is_empty()) {
        (false, _) => FileMark::Unreadable,
        (true, false) => FileMark::Findings,
        (true, true) => FileMark::Clean,
    }
}

/// A finding in two lines: its rule and place, its reason and repair.
pub(super) fn sentences(finding: &Finding, language: Language) -> [String; 2] {
    let place = finding.place();
    let at = place.cell.as_deref().unwrap_or(if place.pointer.is_empty() { "the document" } else { &place.pointer });
    let more = if finding.count > 1 { format!(" and {} more", finding.count - 1) } else { String::new() };
    let first = format!("  {} {} at {at}{more}", finding.severity.name(), finding.rule.code);
    [first, format!("    {}", finding.detail_with_source(language))]
}

/// Prefixes an error with the file's name.
fn named<E: std::fmt::Display>(file: &Path) -> impl Fn(E) -> CliError {
    move |error| format!("{}: {error}", file.display()).into()
}
