//! An act of the agency that is sent as a document: what it lacks is named at its place.

use super::ClaimError;
use super::answer::{KnownClaim, NewAnswer, answer};
use crate::app::agents::AgencyCaller;
use crate::app::{App, Precondition, SubmittedDocument};
use crate::domain::claim::{ClaimAct, RawClaimAct};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::period::Period;
use crate::domain::rules::document::{MALFORMED, REQUIRED, UNKNOWN_PROPERTY};
use crate::ids::{CrecheId, OrganiserId};
use crate::ingest::schema::CLAIM_ACT;
use crate::store::claims::ClaimRecord;
use crate::words;

/// Records the act of a document, on the claim that the sender knows; returns the act and where the claim stands after it.
///
/// # Errors
/// Those of [`answer`], and `Invalid` for what is wrong in the document.
pub async fn answer_as_sent(
    app: &App,
    caller: &AgencyCaller,
    key: (OrganiserId, CrecheId, Period),
    known: Precondition,
    sent: SubmittedDocument<'_, RawClaimAct>,
) -> Result<(ClaimAct, ClaimRecord), ClaimError> {
    let (raw, findings) = sent.read(CLAIM_ACT);
    let sent = raw.filter(|_| !findings.has_errors()).and_then(RawClaimAct::parse);
    let Some(sent) = sent else { return Err(ClaimError::Invalid(findings.folded())) };
    if let Some(property) = sent.misplaced {
        return Err(invalid(misplaced(sent.act, property)));
    }
    let act = sent.act;
    let months = sent.details.months.clone();
    let new = NewAnswer { act, known: KnownClaim::Acts(known), reason: &sent.reason, details: sent.details };
    match answer(app, caller, key, new).await {
        Ok(after) => Ok((act, after)),
        Err(refusal) => Err(finding_of(act, !months.is_empty(), &refusal).map_or(refusal, invalid)),
    }
}

fn invalid(finding: Finding) -> ClaimError {
    ClaimError::Invalid(Findings::from_iter([finding]))
}

/// The finding on a document whose act is refused for its content; `None` for other refusals.
fn finding_of(act: ClaimAct, has_months: bool, refusal: &ClaimError) -> Option<Finding> {
    let malformed = |place: FindingPlace, field, expected| {
        Finding::new(&MALFORMED, place).with("field", Param::Text(field)).with("expected", Param::Text(expected))
    };
    let required = |name: &str, field| {
        Finding::new(&REQUIRED, FindingPlace::default().field(name)).with("field", Param::Text(field))
    };
    Some(match refusal {
        ClaimError::ReasonMissing => required("reason", words::claims::REASON),
        ClaimError::MessageMissing => required("text", words::claims::TEXT),
        ClaimError::RemarksNotTaken => {
            misplaced(act, if act.takes_remarks() && has_months { "months" } else { "remarks" })
        }
        ClaimError::NoFigure(index) => {
            let place = FindingPlace::default().item("remarks", *index).field("figure");
            malformed(place, words::claims::FIGURE, words::claims::SIGNED_FIGURE_ONCE)
        }
        ClaimError::NoMonth(index) => {
            let place = FindingPlace::default().item("months", *index);
            malformed(place, words::claims::MONTH, words::claims::MONTH_ONCE)
        }
        _ => return None,
    })
}

/// A property that the act does not have.
fn misplaced(act: ClaimAct, property: &str) -> Finding {
    let known = match act {
        ClaimAct::Message => "act, text",
        ClaimAct::Return => "act, reason, months, remarks",
        act if act.takes_remarks() => "act, reason, remarks",
        _ => "act, reason",
    };
    let place = FindingPlace::default().field(property);
    let finding = Finding::new(&UNKNOWN_PROPERTY, place).with("property", Param::Code(property.to_owned()));
    finding.with("known", Param::Code(known.to_owned()))
}
