//! The facts of a statement that are compared with the present closures, authorised places and doctors.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::DayKind;
use super::creche::Creche;
use super::day_coverage::DayCoverage;
use super::doctor::{DoctorState, KnownDoctor};
use super::inami::Inami;
use super::period::Month;
use crate::ids::{CrecheId, DoctorId};

/// The facts that are compared with closures, places and doctors: counts and days, no data of a child.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingFacts {
    /// Whether no day is given although the kind has one for every open day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_blank: bool,
    /// How many half days of presence each day of the month has, from the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present_halves: Vec<u32>,
    /// The days on which there was a consultation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consultation_days: Vec<Date>,
    /// The first and the last day of each doctor's consultations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doctors: Vec<(DoctorId, Date, Date)>,
    /// The days with entries; none for other kinds, and for revisions of an earlier version of the gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<DayCoverage>,
}

/// A doctor of the organiser by today's sheet and decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentDoctor {
    /// The id.
    pub id: DoctorId,
    /// The number.
    pub inami: Inami,
    /// The doctor's status with the agency.
    pub state: DoctorState,
    /// The first and, if set, the last day of the collaboration.
    pub collaboration: (Date, Option<Date>),
    /// The crèches that the doctor works in.
    pub creches: Vec<CrecheId>,
}

impl CurrentDoctor {
    /// The doctor as the rules on the consultations of a crèche need it.
    pub fn known_at(&self, creche: CrecheId) -> KnownDoctor {
        let Self { id, inami, state, collaboration, .. } = *self;
        KnownDoctor { id, inami, state, collaboration, here: self.creches.contains(&creche) }
    }
}

impl StandingFacts {
    /// The days of a month on which the crèche was open and for which entries were expected and there are none. `None`
    /// where that is not known: of other kinds, and of a revision of an earlier version of the gateway.
    pub fn missing_days(&self, creche: &Creche, month: Month) -> Option<Vec<Date>> {
        let open: Vec<_> = creche.open_days(month).collect();
        let is_attended = |day: &Date| {
            let halves = self.present_halves.get(usize::from(day.day().unsigned_abs()) - 1);
            halves.is_some_and(|halves| *halves > 0)
        };
        match self.coverage {
            Some(_) if self.is_blank => Some(open),
            Some(coverage) => Some(coverage.missing(&open).collect()),
            None => (!open.is_empty() && open.iter().all(is_attended)).then(Vec::new),
        }
    }

    /// Whether the present closures, places or doctors lead to a warning on the statement of a month.
    pub fn is_warned(&self, creche: &Creche, month: Month, doctors: &[CurrentDoctor]) -> bool {
        (self.is_blank && creche.open_days(month).next().is_some())
            || month.days().zip(&self.present_halves).any(|(date, halves)| is_presence_warned(creche, date, *halves))
            || self.consultation_days.iter().any(|date| creche.calendar.day(*date) != DayKind::Open)
            || self.doctors.iter().any(|doctor| is_doctor_warned(doctor, creche, doctors))
    }
}

fn is_presence_warned(creche: &Creche, date: Date, halves: u32) -> bool {
    let is_closed = halves > 0 && matches!(creche.calendar.day(date), DayKind::Closed(_));
    is_closed || creche.capacity.on(date).is_some_and(|places| halves > places * 2)
}

fn is_doctor_warned((id, first, last): &(DoctorId, Date, Date), creche: &Creche, doctors: &[CurrentDoctor]) -> bool {
    let Some(doctor) = doctors.iter().find(|doctor| doctor.id == *id) else { return false };
    let known = doctor.known_at(creche.id);
    !known.here || known.state.is_warned() || !known.works_on(*first) || !known.works_on(*last)
}
