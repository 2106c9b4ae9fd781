//! The warnings that a revision was accepted with, kept in the clear beside it: codes, places and counts, nothing of the
//! document's content.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, Findings, Param, Part, Place};
use crate::domain::period::Month;
use crate::domain::rules;
use crate::domain::standing::{self, DoctorStates, doctor_warning};
use crate::domain::statement::{Door, Statement, Totals};
use crate::domain::text::Words;
use crate::ids::DoctorId;
use crate::store::statements::Revision;

/// The warnings of a revision as they stand today; those about doctors at the lines of `statement`.
pub(super) fn standing<S: Statement>(
    revision: &Revision,
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
    revision: &Revision,
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
struct Kept {
    code: String,
    part: KeptPart,
    places: Vec<KeptPlace>,
    count: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    params: Vec<(String, KeptParam)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct KeptPlace {
    pointer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KeptPart {
    Body,
    Path,
    Query,
    Header,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeptParam {
    Date(Date),
    Month(Month),
    Count(u64),
    Code(String),
    Words(Words),
}

/// The warnings as the revision's row keeps them. The cells of a table that was typed in are gone with its page.
pub(super) fn write(warnings: &Findings, door: Door) -> Result<String, serde_json::Error> {
    let mut kept: Vec<_> = warnings.iter().map(keep).collect();
    if door == Door::Console {
        kept.iter_mut().flat_map(|warning| &mut warning.places).for_each(|place| place.cell = None);
    }
    serde_json::to_string(&kept)
}

/// The warnings of a revision's row. Those of a rule that no longer exists are left out.
fn read(text: &str) -> Result<Findings, serde_json::Error> {
    Ok(serde_json::from_str::<Vec<Kept>>(text)?.into_iter().filter_map(restore).collect())
}

fn keep(finding: &Finding) -> Kept {
    let place = |place: &Place| KeptPlace { pointer: place.pointer.clone(), cell: place.cell.clone() };
    let param = |param: &Param| match param {
        Param::Date(date) => KeptParam::Date(*date),
        Param::Month(month) => KeptParam::Month(*month),
        Param::Count(count) => KeptParam::Count(*count),
        Param::Code(code) => KeptParam::Code(code.clone()),
        Param::Text(text) => KeptParam::Words((*text).into()),
        Param::Words(words) => KeptParam::Words((**words).clone()),
    };
    Kept {
        code: finding.rule.code.to_owned(),
        part: match finding.part {
            Part::Body => KeptPart::Body,
            Part::Path => KeptPart::Path,
            Part::Query => KeptPart::Query,
            Part::Header => KeptPart::Header,
        },
        places: finding.places.iter().map(place).collect(),
        count: finding.count,
        params: finding.params.iter().map(|(name, value)| (name.clone().into_owned(), param(value))).collect(),
        value: finding.value.clone(),
    }
}

fn restore(kept: Kept) -> Option<Finding> {
    let rule = rules::find(&kept.code)?;
    let place = |place: KeptPlace| Place { pointer: place.pointer, cell: place.cell };
    let param = |param| match param {
        KeptParam::Date(date) => Param::Date(date),
        KeptParam::Month(month) => Param::Month(month),
        KeptParam::Count(count) => Param::Count(count),
        KeptParam::Code(code) => Param::Code(code),
        KeptParam::Words(words) => Param::Words(Box::new(words)),
    };
    let part = match kept.part {
        KeptPart::Body => Part::Body,
        KeptPart::Path => Part::Path,
        KeptPart::Query => Part::Query,
        KeptPart::Header => Part::Header,
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
