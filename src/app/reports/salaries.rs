//! The salaries of a draft as a workbook to be filled in.

use super::form::{FormPerson, ReportForm, form};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::domain::period::Quarter;
use crate::domain::raw::{Field, Flag, Label};
use crate::domain::report::raw::{RawPerson, RawReport};
use crate::ids::CrecheId;
use crate::ingest::report;

/// The file name of a workbook of salaries.
pub const SALARY_FILE: &str = "salaires.xlsx";

/// A workbook of salaries.
pub struct SalaryWorkbook {
    /// The revision of the stored draft, if there is one.
    pub revision: Option<u32>,
    /// The file, an `.xlsx`.
    pub bytes: Vec<u8>,
}

/// Writes the salaries of a quarter: the persons of its form, with what the stored draft or the beginning of a new one says
/// of them. The reading of names and salaries is recorded.
pub async fn salary_workbook(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<SalaryWorkbook, AccessError> {
    let ReportForm { creche, persons, document, revision, .. } = form(app, caller, creche, quarter).await?;
    let rows: Vec<_> = persons.iter().map(|person| row(person, &document)).collect();
    let bytes = report::write(&rows, &creche, quarter).map_err(InternalError::from)?;
    Ok(SalaryWorkbook { revision, bytes })
}

/// The row of a person: as the document has it, or without subsidy and salaries.
fn row(person: &FormPerson, document: &RawReport) -> report::SalaryRow {
    let stated = document.person(&person.reference).cloned().unwrap_or_else(|| RawPerson {
        reference: Field::Present(Label(person.reference.clone())),
        subsidised: Field::Present(Flag(false)),
        ..RawPerson::default()
    });
    report::salary_row(&stated, Some(&person.name))
}
