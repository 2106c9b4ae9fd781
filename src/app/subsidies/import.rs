//! Payments of a file, all of them or none.

use jiff::civil::Date;

use super::record::{record, too_many};
use super::{PaymentError, PaymentView};
use crate::app::App;
use crate::app::error::InternalError;
use crate::clock;
use crate::domain::finding::{Finding, Findings};
use crate::domain::subsidy::MAX_PAYMENTS;
use crate::ingest::{payments, workbook};

/// The largest file that is read, in bytes.
pub const MAX_FILE: usize = 1 << 20;

/// The payments of a file that has no errors.
#[derive(Debug)]
pub struct ImportedPayments {
    /// Those that are recorded, or that would be, line by line.
    pub payments: Vec<PaymentView>,
    /// What in the file is not read: warnings.
    pub warnings: Findings,
}

/// Validates the payments of a file and records all of them, or none; a dry run records none. The findings are at the cells
/// of the file.
pub async fn import(
    app: &App,
    matricule: &str,
    file: Vec<u8>,
    dry_run: bool,
) -> Result<ImportedPayments, PaymentError> {
    let refused = |finding: Finding| PaymentError::Invalid(Findings::from_iter([finding]));
    let parsed = if workbook::is_xls(&file) {
        payments::read_xls(&file, &app.xls).await
    } else {
        tokio::task::spawn_blocking(move || payments::read(&file)).await.map_err(InternalError::from)?
    };
    let parsed = parsed.map_err(refused)?;
    if parsed.lines > MAX_PAYMENTS {
        return Err(refused(too_many(parsed.lines)));
    }
    let warnings = parsed.locate(Findings::default());
    let is_refused = warnings.has_errors();
    match record(app, matricule, &parsed.payments, dry_run || is_refused).await {
        Ok(payments) if !is_refused => Ok(ImportedPayments { payments, warnings }),
        Ok(_) => Err(PaymentError::Invalid(warnings)),
        Err(PaymentError::Invalid(found)) => Err(PaymentError::Invalid(parsed.locate(found))),
        Err(refusal) => Err(refusal),
    }
}

/// An empty workbook for payments.
pub fn template_xlsx(app: &App) -> Result<Vec<u8>, InternalError> {
    Ok(payments::template_xlsx(today(app))?)
}

/// The same as CSV.
pub fn template_csv() -> String {
    payments::template_csv()
}

/// Today for an agent, who belongs to no organiser.
fn today(app: &App) -> Date {
    clock::to_brussels(app.clocks.machine().now()).date()
}
