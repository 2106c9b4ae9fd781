//! Payments of a file, all of them or none.

use jiff::civil::Date;

use super::PaymentError;
use super::record::{RecordedPayments, record};
use super::validation::too_many;
use crate::app::App;
use crate::app::error::InternalError;
use crate::domain::actor::Actor;
use crate::domain::finding::{Finding, Findings};
use crate::domain::subsidy::MAX_PAYMENTS;
use crate::ingest::{payments, workbook};

/// The largest file that is read, in bytes.
pub const MAX_FILE: usize = 1 << 20;

/// Validates the payments of a file and records all of them, or none; a dry run records none. The findings are at the cells
/// of the file; what in it is not read is a warning.
pub async fn import(app: &App, author: &Actor, file: Vec<u8>, dry_run: bool) -> Result<RecordedPayments, PaymentError> {
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
    let is_refused = parsed.locate(Findings::default()).has_errors();
    match record(app, author, &parsed.payments, dry_run || is_refused).await {
        Ok(RecordedPayments { warnings, .. }) if is_refused => Err(PaymentError::Invalid(parsed.locate(warnings))),
        Ok(recorded) => Ok(RecordedPayments { warnings: parsed.locate(recorded.warnings), ..recorded }),
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
    app.clocks.agency_clock().today()
}
