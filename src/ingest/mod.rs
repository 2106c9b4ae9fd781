//! Bytes into raw values with their place, and back.
//!
//! Every kind of statement comes in by the same doors. A [`Reading`] is what a door makes of the sender's bytes: the raw
//! document and everything that is wrong with its shape. [`Reading::judge`] applies the rules and puts both kinds of findings
//! together, each at the place where the sender will look for it.

mod attendance;
pub mod closures;
pub mod json;
mod listing;
mod medical;
pub mod registry;
pub mod schema;
pub mod typed;
pub mod workbook;

pub use rust_xlsxwriter::XlsxError;

use self::schema::Schemas;
use self::typed::Typed;
use self::workbook::annotate;
use self::workbook::reading::{self, Expected};
use self::workbook::xls::XlsReader;
use self::workbook::{Model, Table};
use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, Findings};
use crate::domain::period::Month;
use crate::domain::raw::Raw as _;
use crate::domain::statement::{Context, Door, Statement};
use crate::domain::text::Language;

/// A kind of statement that can be read from its documents and written as a workbook.
pub trait Document: Statement {
    /// The file name of its published schema.
    const SCHEMA: &'static str;
    /// Its workbook model.
    const MODEL: &'static Model;

    /// The sheet as a raw document.
    fn read(table: &Table, expected: &Expected) -> Result<reading::Reading<Self::Raw>, Finding>;

    /// The month that a workbook itself names, when it names one.
    fn stated_month(table: &Table) -> Option<Month>;

    /// The headers of the columns that somebody fills in for `month`, in the order of the model.
    fn headers(month: Month) -> Vec<String>;

    /// The column of what is not shown again once it was typed.
    const SECRET: Option<usize>;

    /// A raw document as the rows below those headers, as they would be typed.
    fn rows(raw: &Self::Raw, month: Month) -> Vec<Vec<String>>;

    /// A raw document as a workbook of the model, with at least `rows` rows made ready.
    fn write(raw: &Self::Raw, creche: &Creche, month: Month, rows: usize) -> Result<Vec<u8>, XlsxError>;
}

/// The form that the sender says the bytes have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON text.
    Json,
    /// A workbook of either format: which one, the bytes tell.
    Workbook,
    /// A table that a person typed in, as [`Typed`] is written.
    Typed,
}

impl Form {
    /// The door that bytes of this form go through: the file itself says which format of workbook it has.
    pub fn door(self, bytes: &[u8]) -> Door {
        match self {
            Self::Json => Door::Json,
            Self::Typed => Door::Console,
            Self::Workbook if workbook::sniff(bytes) == Ok(workbook::Format::Xls) => Door::Xls,
            Self::Workbook => Door::Xlsx,
        }
    }
}

/// What a door made of the sender's bytes.
pub struct Reading<S: Document> {
    /// The document, as far as it could be read.
    pub raw: Option<S::Raw>,
    /// The way it came in.
    pub door: Door,
    shape: Findings,
    workbook: Option<(Table, Option<reading::Reading<()>>)>,
}

impl<S: Document> Reading<S> {
    /// Reads JSON, a typed table or an `.xlsx` that was sent for `expected`: work for the processor. An `.xls` is not read here, but by
    /// [`Reading::of_xls`].
    pub fn of(bytes: &[u8], form: Form, expected: &Expected) -> Self {
        if form == Form::Json {
            let (raw, shape) = json::read(bytes, S::SCHEMA, Schemas::shared());
            return Self { raw, door: Door::Json, shape, workbook: None };
        }
        if form == Form::Typed {
            let table = Typed::read(bytes).and_then(|typed| typed.table(S::MODEL));
            return Self::of_opened(table, Door::Console, expected);
        }
        let opened = workbook::sniff(bytes).and_then(|_| workbook::read_xlsx(bytes, S::MODEL));
        Self::of_opened(opened, Door::Xlsx, expected)
    }

    /// Reads a legacy workbook by way of a child process.
    pub async fn of_xls(bytes: &[u8], expected: &Expected, xls: &XlsReader) -> Self {
        Self::of_opened(xls.read(bytes, S::MODEL).await, Door::Xls, expected)
    }

    /// What an opened workbook says, or why it could not be opened.
    pub fn of_opened(opened: Result<Table, Finding>, door: Door, expected: &Expected) -> Self {
        match opened {
            Ok(table) => Self::of_table(table, door, expected),
            Err(finding) => Self { raw: None, door, shape: Findings::from_iter([finding]), workbook: None },
        }
    }

    fn of_table(table: Table, door: Door, expected: &Expected) -> Self {
        match S::read(&table, expected) {
            Ok(sheet) => {
                let (raw, sheet) = sheet.part();
                let clean = raw.is_clean();
                let shape =
                    if clean { Findings::default() } else { Schemas::shared().judge(S::SCHEMA, &json::value_of(&raw)) };
                Self { raw: Some(raw), door, shape, workbook: Some((table, Some(sheet))) }
            }
            Err(finding) => {
                Self { raw: None, door, shape: Findings::from_iter([finding]), workbook: Some((table, None)) }
            }
        }
    }

    /// The statement, when it has no errors, and all findings: those on the shape and those of the rules, each with its
    /// cell when there are cells, folded.
    pub fn judge(&mut self, context: &Context<S>) -> (Option<S>, Findings) {
        let mut findings = std::mem::take(&mut self.shape);
        let mut statement = None;
        if let Some(raw) = self.raw.take() {
            let (parsed, rules) = S::parse(raw, context);
            statement = parsed;
            findings.extend(rules);
        }
        let findings = match &self.workbook {
            Some((_, Some(sheet))) => sheet.settle(findings).folded(),
            _ => findings.folded(),
        };
        (statement.filter(|_| !findings.refuse()), findings)
    }

    /// The sender's own sheet with its faults marked, when the document came as a workbook.
    pub fn annotated(&self, findings: &Findings, language: Language) -> Option<Vec<u8>> {
        let table = self.workbook.as_ref().map(|(table, _)| table);
        let written =
            matches!(self.door, Door::Xlsx | Door::Xls).then(|| annotate::write(S::MODEL, table, findings, language));
        written?.ok()
    }
}
