//! Parses bytes to raw values with their places, and writes them.
//!
//! Every kind of statement has the same channels. A [`ParsedDocument`] is what was read of the sender's bytes: the raw
//! document and all findings on its shape. [`ParsedDocument::validate`] applies the rules and merges both kinds of
//! findings, each at its place in the sender's document.

pub mod attendance;
pub mod canonical;
pub mod closures;
pub mod file_inspection;
pub mod json;
mod listing;
pub mod medical;
pub mod payments;
pub mod registry;
pub mod report;
pub mod schema;
pub mod staff;
pub mod typed;
pub mod workbook;

pub use rust_xlsxwriter::XlsxError;
use serde::Serialize;

use self::schema::Schemas;
use self::typed::Typed;
use self::workbook::annotate;
use self::workbook::parsed_workbook::{CellMapper, ExpectedHead};
use self::workbook::xls::XlsReader;
use self::workbook::{Model, RequestedSheet, Table};
use crate::domain::announced_rules::Severities;
use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::kinds::for_each_kind;
use crate::domain::period::Month;
use crate::domain::raw::Raw;
use crate::domain::report::raw::RawReport;
use crate::domain::rules::document::NOT_UNDERSTOOD;
use crate::domain::staff::raw::RawRegister;
use crate::domain::statement::{Channel, Statement};
use crate::words::Language;

/// A raw document that comes as JSON or as a workbook.
pub trait ImportFormat: Raw + Serialize + Default + Clone + Send + Sync + 'static {
    /// The file name of its published schema.
    const SCHEMA: &'static str;
    /// The sheets of its workbook, the main one first.
    const SHEETS: &'static [RequestedSheet];
    /// The parts of the address that a workbook is compared with.
    type Expected: Sync;

    /// Converts the sheets, in the order of [`Self::SHEETS`], to the document, with a map from its places to their
    /// cells.
    fn read(sheets: &Sheets, expected: &Self::Expected) -> Result<(Self, Box<dyn CellMapper>), Finding>;

    /// The model of the main sheet.
    fn model() -> &'static Model {
        Self::SHEETS[0].model
    }
}

/// The sheets of an opened workbook, in the order of the requested parts.
pub type Sheets = Vec<Option<Table>>;

/// A kind of statement that can be read from its documents and written as a workbook.
pub trait StatementFormat: Statement<Raw: ImportFormat<Expected = ExpectedHead>> {
    /// The month in a workbook, if it has one.
    fn stated_month(table: &Table) -> Option<Month>;

    /// The headers of the columns to be filled in for `month`, in the order of the model.
    fn headers(month: Month) -> Vec<String>;

    /// The column whose values are not displayed again once they were typed.
    const SECRET: Option<usize>;

    /// A property that only lines of this kind have in JSON, by which a document is recognised.
    const LINE_PROPERTY: &'static str;

    /// A raw document as the rows below those headers, in the format of typed fields.
    fn rows(raw: &Self::Raw, month: Month) -> Vec<Vec<String>>;

    /// A raw document as a workbook of the model, with at least `rows` formatted rows.
    fn write(raw: &Self::Raw, creche: &Creche, month: Month, rows: usize) -> Result<Vec<u8>, XlsxError>;
}

macro_rules! sheets_of_kinds {
    ($($kind:ident)*) => {
        [$(<crate::domain::kinds::$kind::Statement as Statement>::Raw::SHEETS),*]
    };
}

/// The models of all sheets that can be read.
pub fn models() -> Vec<&'static Model> {
    let sheets = for_each_kind!(sheets_of_kinds).into_iter();
    let sheets = sheets.chain([RawRegister::SHEETS, RawReport::SHEETS, payments::SHEETS]);
    sheets.flatten().map(|sheet| sheet.model).collect()
}

/// The declared form of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentForm {
    /// A JSON text.
    Json,
    /// A workbook of either format, which is detected from the bytes.
    Workbook,
    /// A table that a user typed in, as [`Typed`] is written.
    Typed,
}

impl DocumentForm {
    /// The channel of bytes of this form: the format of a workbook is detected from the file.
    pub fn channel(self, bytes: &[u8]) -> Channel {
        match self {
            Self::Json => Channel::Json,
            Self::Typed => Channel::Console,
            Self::Workbook if workbook::is_xls(bytes) => Channel::Xls,
            Self::Workbook => Channel::Xlsx,
        }
    }
}

/// The findings of the schema on a document that is no JSON text.
fn shape_of<R: ImportFormat>(raw: &R) -> Findings {
    if raw.is_clean() { Findings::default() } else { Schemas::shared().validate(R::SCHEMA, &json::value_of(raw)) }
}

/// A parsed document.
pub struct ParsedDocument<R> {
    /// The document, where it could be read.
    pub raw: Option<R>,
    /// The channel.
    pub channel: Channel,
    shape: Findings,
    sheets: Sheets,
    places: Option<Box<dyn CellMapper>>,
    /// The package that was sent, to be returned marked.
    package: Vec<u8>,
}

impl<R: ImportFormat> ParsedDocument<R> {
    /// Reads JSON, a typed table or an `.xlsx` that was sent for `expected`: CPU work. An `.xls` is read
    /// by [`ParsedDocument::of_xls`].
    pub fn of(bytes: Vec<u8>, form: DocumentForm, expected: &R::Expected) -> Self {
        match form {
            DocumentForm::Json => {
                let (raw, shape) = json::read(&bytes, R::SCHEMA, Schemas::shared());
                Self { raw, channel: Channel::Json, shape, sheets: Vec::new(), places: None, package: Vec::new() }
            }
            DocumentForm::Typed => {
                let table = Typed::read(&bytes).and_then(|typed| typed.table(R::model()));
                Self::of_opened(table.map(|table| vec![Some(table)]), Channel::Console, expected)
            }
            DocumentForm::Workbook => {
                let opened = workbook::read_xlsx_sheets(&bytes, R::SHEETS);
                Self::of_opened(opened, Channel::Xlsx, expected).with_package(bytes)
            }
        }
    }

    /// Reads a legacy workbook in a child process.
    pub async fn of_xls(bytes: &[u8], expected: &R::Expected, xls: &XlsReader) -> Self {
        Self::of_opened(xls.read_sheets(bytes, R::SHEETS).await, Channel::Xls, expected)
    }

    /// Stores the package from which it was read, to be returned marked.
    pub fn with_package(self, package: Vec<u8>) -> Self {
        Self { package, ..self }
    }

    /// A document that a user typed into the fields of a page.
    pub fn of_fields(raw: R) -> Self {
        let shape = shape_of(&raw);
        let (sheets, package) = (Vec::new(), Vec::new());
        Self { raw: Some(raw), channel: Channel::Console, shape, sheets, places: None, package }
    }

    /// The document of an opened workbook, or the finding why it could not be opened.
    pub fn of_opened(opened: Result<Sheets, Finding>, channel: Channel, expected: &R::Expected) -> Self {
        let package = Vec::new();
        let refused = |finding, sheets, package| {
            let shape = Findings::from_iter([finding]);
            Self { raw: None, channel, shape, sheets, places: None, package }
        };
        let sheets = match opened {
            Ok(sheets) => sheets,
            Err(finding) => return refused(finding, Vec::new(), package),
        };
        match R::read(&sheets, expected) {
            Ok((raw, places)) => {
                let shape = shape_of(&raw);
                Self { raw: Some(raw), channel, shape, sheets, places: Some(places), package }
            }
            Err(finding) => refused(finding, sheets, package),
        }
    }

    /// The result of `parse` on the document, when it has no errors, and all findings: those on the shape and those of
    /// the rules, each with its cell when there are cells, folded.
    pub fn validate<T>(
        &mut self,
        severities: Severities,
        parse: impl FnOnce(R) -> (Option<T>, Findings),
    ) -> (Option<T>, Findings) {
        let (parsed, rules) = self.raw.take().map(parse).unwrap_or_default();
        self.verdict(severities, parsed, rules)
    }

    /// The same with the document left in its place, so that it can be validated again.
    pub fn validate_again<T>(
        &self,
        severities: Severities,
        parse: impl FnOnce(&R) -> (Option<T>, Findings),
    ) -> (Option<T>, Findings) {
        let (parsed, rules) = self.raw.as_ref().map(parse).unwrap_or_default();
        self.verdict(severities, parsed, rules)
    }

    /// What was parsed, when there are no errors, and all findings.
    fn verdict<T>(&self, severities: Severities, parsed: Option<T>, rules: Findings) -> (Option<T>, Findings) {
        let mut findings = self.shape.clone();
        findings.extend(rules);
        let mut findings = match &self.places {
            Some(places) => {
                let mut settled = severities.apply(places.map_to_cells(findings));
                workbook::source::attach_to_values(&mut settled, &self.sheets, places.as_ref());
                let mut settled = settled.folded();
                workbook::source::attach_cells(&mut settled, &self.sheets, places.as_ref());
                settled
            }
            None => severities.apply(findings).folded(),
        };
        if parsed.is_none() && !findings.has_errors() {
            // A document that cannot be parsed is never refused without a finding.
            findings.push(Finding::new(&NOT_UNDERSTOOD, FindingPlace::default()));
        }
        (parsed.filter(|_| !findings.has_errors()), findings)
    }

    /// The sender's own workbook with its errors marked, when the document was a workbook.
    pub fn annotated(&self, findings: &Findings, language: Language) -> Option<Vec<u8>> {
        let sheets = R::SHEETS.iter().zip(&self.sheets).filter_map(|(part, table)| Some((part.model, table.as_ref()?)));
        let is_workbook = matches!(self.channel, Channel::Xlsx | Channel::Xls);
        is_workbook.then(|| annotate::write(&self.package, &sheets.collect::<Vec<_>>(), findings, language))?
    }
}
