//! The warnings of a kept statement as they stand today. A warning about something else than the document (closures,
//! authorised places, doctors) disappears once that was put right, without a new deposit.

use std::collections::HashMap;

use jiff::civil::Date;

use super::creche::Creche;
use super::doctor::DoctorState;
use super::finding::{Finding, FindingPlace, Findings, Param};
use super::holidays::public_holiday;
use super::period::{Month, is_weekend};
use super::rule::{Need, Rule};
use super::rules::medical;
use crate::ids::DoctorId;

/// The parameter of `attendance.capacityExceeded` that no sentence speaks of: the children present, in half days.
pub const PRESENT_HALVES: &str = "presentHalves";

/// Where the doctors of an organiser stand with the agency.
pub type DoctorStates = HashMap<DoctorId, DoctorState>;

/// What is left today of the warnings that the statement of a month was accepted with. Those about doctors are not among
/// them: [`doctor_warning`] gives these anew.
pub fn standing(warnings: Findings, creche: &Creche, month: Month) -> Findings {
    warnings.into_iter().filter(|warning| stands(warning, creche, month)).collect()
}

/// The warning about a doctor whose consultations were accepted, in the state of today.
pub const fn doctor_warning(state: DoctorState) -> Option<&'static Rule> {
    match state {
        DoctorState::Incomplete | DoctorState::AwaitingValidation => Some(&medical::DOCTOR_AWAITS_VALIDATION),
        DoctorState::Refused => Some(&medical::DOCTOR_REFUSED_LATER),
        DoctorState::Validated | DoctorState::Ended => None,
    }
}

/// The warnings about the doctors of a statement, at the places that `places` gives for each.
pub fn doctor_warnings(
    doctors: &[DoctorId],
    states: &DoctorStates,
    places: impl Fn(DoctorId) -> Vec<FindingPlace>,
) -> Findings {
    let warned = |doctor: &DoctorId| Some((*doctor, doctor_warning(*states.get(doctor)?)?));
    let findings = |(doctor, rule)| places(doctor).into_iter().map(move |place| Finding::new(rule, place));
    doctors.iter().filter_map(warned).flat_map(findings).collect::<Findings>().folded()
}

fn stands(warning: &Finding, creche: &Creche, month: Month) -> bool {
    match warning.rule.need {
        Need::Doctors => false,
        Need::Closures => match date_of(warning) {
            Some(date) => is_closed(warning.rule, creche, date),
            None => creche.open_days(month).next().is_some(),
        },
        Need::Capacity => date_of(warning).is_none_or(|date| exceeds(warning, creche, date)),
        Need::Nothing | Need::Today | Need::History | Need::Organiser => true,
    }
}

/// Whether the crèche is closed on the day that the warning is about.
fn is_closed(rule: &Rule, creche: &Creche, date: Date) -> bool {
    let whatever_the_closures = rule == &medical::CLOSED_DAY && (is_weekend(date) || public_holiday(date).is_some());
    whatever_the_closures || creche.calendar.closure_on(date).is_some()
}

/// Whether those who were present on the day are more than the places authorised today. A warning of a time when they were
/// not kept stands as long as there are no more places than then.
fn exceeds(warning: &Finding, creche: &Creche, date: Date) -> bool {
    let Some(places) = creche.capacity.on(date).map(u64::from) else { return false };
    match (count_of(warning, PRESENT_HALVES), count_of(warning, "places")) {
        (Some(halves), _) => halves > places * 2,
        (None, Some(then)) => places <= then,
        (None, None) => true,
    }
}

fn param<'a>(warning: &'a Finding, name: &str) -> Option<&'a Param> {
    warning.params.iter().find(|(known, _)| known == name).map(|(_, param)| param)
}

fn date_of(warning: &Finding) -> Option<Date> {
    match param(warning, "date")? {
        Param::Date(date) => Some(*date),
        _ => None,
    }
}

fn count_of(warning: &Finding, name: &str) -> Option<u64> {
    match param(warning, name)? {
        Param::Count(count) => Some(*count),
        _ => None,
    }
}
