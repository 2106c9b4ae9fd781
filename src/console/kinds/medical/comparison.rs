//! The differences of a consultation between two revisions: times, doctor, amounts.

use super::{DoctorNames, hours, line_name, stay};
use crate::console::field_labels::DATE;
use crate::console::kinds::comparison::{LineField, differing_fields, field_difference};
use crate::console::kinds::{ComparedStatement, Difference, LinePair};
use crate::console::page_frame::day;
use crate::domain::kinds::medical::{ConsultationLine, Statement};
use crate::words::{self, Language, LocalText};

impl ComparedStatement for Statement {
    type Line = ConsultationLine;
    type Names = DoctorNames;
    /// Day, arrival and doctor; or two of the three, when the other was corrected.
    const MARKS: &'static [fn(&ConsultationLine) -> String] = &[
        ConsultationLine::reference,
        |line| format!("{} {}", line.date, String::from(line.arrival)),
        |line| format!("{} {}", line.date, line.inami),
        |line| format!("{} {} {} {}", stay(line), line.inami, line.fee_cents, line.travel_cents),
    ];

    fn compared_lines(&self) -> &[ConsultationLine] {
        &self.lines
    }

    fn title(line: &ConsultationLine, names: &DoctorNames) -> String {
        line_name(names, line)
    }

    fn compare(pair: LinePair<'_, ConsultationLine>, names: &DoctorNames, language: Language) -> Vec<Difference> {
        let mut all: Vec<_> = doctor(pair, names, language).into_iter().collect();
        all.extend(differing_fields(pair, FACTS, language));
        all
    }
}

const FACTS: &[LineField<ConsultationLine>] = &[
    (DATE, |line, _| Some(day(line.date))),
    (words::kinds::HOURS, |line, _| Some(stay(line))),
    (words::common::DURATION, |line, _| Some(hours(line.minutes_between()))),
    (words::kinds::FEE_2, |line, language| Some(line.fee_cents.with_currency(language))),
    (words::kinds::TRAVEL_3, |line, language| Some(line.travel_cents.with_currency(language))),
];
const DOCTOR: LocalText = words::kinds::DOCTOR;

/// The doctor by name, and by number where two have the same name.
fn doctor(
    (before, after): LinePair<'_, ConsultationLine>,
    names: &DoctorNames,
    language: Language,
) -> Option<Difference> {
    let name = |line: Option<&ConsultationLine>| line.map(|line| names.of(line));
    let number = |line: Option<&ConsultationLine>| line.map(|line| line.inami.to_string());
    let by_name = field_difference(DOCTOR.get(language), name(before), name(after));
    by_name.or_else(|| field_difference(DOCTOR.get(language), number(before), number(after)))
}
