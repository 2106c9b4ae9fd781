//! The judgement of an attempt to sign: a key cannot, and the software shows the page on which a person does.

use super::failure::{Failure, FailureReason};
use super::report::Outcome;
use super::seen::Seen;

/// The operation that a key attempts in vain.
const SIGN: &str = "signActivityReport";

/// Why the step was not passed, where the problem names this page.
///
/// # Errors
/// With the reason.
pub(super) fn judge(seen: &Seen<'_>, page: &str) -> Result<(), Failure> {
    if !seen.calls.iter().any(|call| call.text("operationId") == SIGN) {
        return Err(Failure::of(FailureReason::NotCalled));
    }
    seen.require_few_calls()?;
    seen.require_outcome(Outcome::Refused)?;
    let shown = seen.report.page.as_deref();
    if shown == Some(page) { Ok(()) } else { Err(Failure::of(FailureReason::PageNotShown).with(page, shown)) }
}
