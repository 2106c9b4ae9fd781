//! The warnings that a revision was accepted with, kept in the clear beside it: codes, places and counts, nothing of the
//! document's content.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, Part};
use crate::domain::period::Month;
use crate::domain::rules;
use crate::domain::standing::{self, DoctorStates, doctor_warning};
use crate::domain::statement::{Channel, Statement, Totals};
use crate::domain::text::StoredText;
use crate::ids::DoctorId;
use crate::store::statements::StoredRevision;

/// The warnings of a revision as they stand today; those about doctors at the lines of `statement`.
pub(super) fn standing<S: Statement>(
    revision: &StoredRevision,
    creche: &Creche,
    statement: &S,
    states: &DoctorStates,
) -> Result<Findings, serde_json::Error> {
    let mut warnings = standing::standing(read(&revision.warnings)?, creche, revision.month);
    let doctors = statement.totals().doctors();
    warnings.extend(standing::doctor_warnings(&doctors, states, |doctor| statement.places_of_doctor(doctor)));
    Ok(warnings)
}

/// Whether a revision with these sums has warnings as things stand today.
pub(in crate::app) fn any_standing<T: Totals>(
    revision: &StoredRevision,
    creche: &Creche,
    totals: &T,
    states: &DoctorStates,
) -> Result<bool, serde_json::Error> {
    let is_warned = |doctor: &DoctorId| states.get(doctor).is_some_and(|state| doctor_warning(*state).is_some());
    if totals.doctors().iter().any(is_warned) {
        return Ok(true);
    }
    // Most have none, and their JSON need not be read.
    Ok(revision.has_warnings && !standing::standing(read(&revision.warnings)?, creche, revision.month).is_empty())
}

#[derive(Serialize, Deserialize)]
struct StoredWarning {
    code: String,
    part: StoredPart,
    places: Vec<StoredPlace>,
    count: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    params: Vec<(String, StoredParam)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredPlace {
    pointer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredPart {
    Body,
    Path,
    Query,
    Header,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredParam {
    Date(Date),
    Month(Month),
    Count(u64),
    Code(String),
    Words(StoredText),
}

/// The warnings as the revision's row keeps them. The cells of a table that was typed in are gone with its page.
pub(super) fn write(warnings: &Findings, door: Channel) -> Result<String, serde_json::Error> {
    let mut kept: Vec<_> = warnings.iter().map(keep).collect();
    if door == Channel::Console {
        kept.iter_mut().flat_map(|warning| &mut warning.places).for_each(|place| place.cell = None);
    }
    serde_json::to_string(&kept)
}

/// The warnings of a revision's row. Those of a rule that no longer exists are left out.
fn read(text: &str) -> Result<Findings, serde_json::Error> {
    Ok(serde_json::from_str::<Vec<StoredWarning>>(text)?.into_iter().filter_map(restore).collect())
}

fn keep(finding: &Finding) -> StoredWarning {
    let place = |place: &FindingPlace| StoredPlace { pointer: place.pointer.clone(), cell: place.cell.clone() };
    let param = |param: &Param| match param {
        Param::Date(date) => StoredParam::Date(*date),
        Param::Month(month) => StoredParam::Month(*month),
        Param::Count(count) => StoredParam::Count(*count),
        Param::Code(code) => StoredParam::Code(code.clone()),
        Param::Text(text) => StoredParam::Words((*text).into()),
        Param::Words(words) => StoredParam::Words((**words).clone()),
    };
    StoredWarning {
        code: finding.rule.code.to_owned(),
        part: match finding.part {
            Part::Body => StoredPart::Body,
            Part::Path => StoredPart::Path,
            Part::Query => StoredPart::Query,
            Part::Header => StoredPart::Header,
        },
        places: finding.places.iter().map(place).collect(),
        count: finding.count,
        params: finding.params.iter().map(|(name, value)| (name.clone().into_owned(), param(value))).collect(),
        value: finding.value.clone(),
    }
}

fn restore(kept: StoredWarning) -> Option<Finding> {
    let rule = rules::find(&kept.code)?;
    let place = |place: StoredPlace| FindingPlace { pointer: place.pointer, cell: place.cell };
    let param = |param| match param {
        StoredParam::Date(date) => Param::Date(date),
        StoredParam::Month(month) => Param::Month(month),
        StoredParam::Count(count) => Param::Count(count),
        StoredParam::Code(code) => Param::Code(code),
        StoredParam::Words(words) => Param::Words(Box::new(words)),
    };
    let part = match kept.part {
        StoredPart::Body => Part::Body,
        StoredPart::Path => Part::Path,
        StoredPart::Query => Part::Query,
        StoredPart::Header => Part::Header,
    };
    Some(Finding {
        rule,
        part,
        places: kept.places.into_iter().map(place).collect(),
        count: kept.count,
        params: kept.params.into_iter().map(|(name, value)| (name.into(), param(value))).collect(),
        value: kept.value,
        existing: None,
        source: None,
    })
}
