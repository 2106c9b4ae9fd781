//! The differences of a child between two revisions: identity, first and last day, days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::name_of;
use crate::console::field_labels::{BIRTH_DATE, FAMILY_NAME, GIVEN_NAME, LAST_DAY, NATIONAL_NUMBER};
use crate::console::kinds::comparison::{LineField, differing_fields, field_difference};
use crate::console::kinds::{ComparedStatement, Difference, LinePair};
use crate::console::page_frame::day;
use crate::domain::kinds::attendance::code::code_letters;
use crate::domain::kinds::attendance::{ChildLine, Day, Duration, Statement};
use crate::domain::raw::TimeOfDay;
use crate::domain::ssin::Ssin;
use crate::words::{self, Language, LocalText};

impl ComparedStatement for Statement {
    type Line = ChildLine;
    type Names = ();
    const MARKS: &'static [fn(&ChildLine) -> String] = &[|line| line.reference.clone()];

    fn compared_lines(&self) -> &[ChildLine] {
        &self.lines
    }

    fn title(line: &ChildLine, (): &()) -> String {
        format!("{} ({})", name_of(line), line.reference)
    }

    fn compare(pair: LinePair<'_, ChildLine>, (): &(), language: Language) -> Vec<Difference> {
        let mut all = differing_fields(pair, PERSON, language);
        all.extend(number(pair, language));
        all.extend(differing_fields(pair, STAY, language));
        all.extend(days(pair, language));
        all
    }
}

const PERSON: &[LineField<ChildLine>] = &[
    (FAMILY_NAME, |line, _| Some(line.family_name.clone())),
    (GIVEN_NAME, |line, _| Some(line.given_name.clone())),
    (BIRTH_DATE, |line, _| Some(day(line.birth_date))),
];
const STAY: &[LineField<ChildLine>] =
    &[(words::kinds::FIRST_DAY, |line, _| line.start_date.map(day)), (LAST_DAY, |line, _| line.end_date.map(day))];
const KNOWN: LocalText = words::kinds::KNOWN;
const OTHER: LocalText = words::kinds::OTHER;

/// Of the national number only whether there is one and whether it differs, never a digit.
fn number((before, after): LinePair<'_, ChildLine>, language: Language) -> Option<Difference> {
    let (before, after) = (ssin(before), ssin(after));
    let said = |number: Option<&Ssin>| number.map(|_| KNOWN.get(language).to_owned());
    let replaced = before.is_some() && after.is_some() && before != after;
    let now = if replaced { Some(OTHER.get(language).to_owned()) } else { said(after) };
    field_difference(NATIONAL_NUMBER.get(language), said(before), now)
}

fn ssin(line: Option<&ChildLine>) -> Option<&Ssin> {
    line?.ssin.as_ref()
}

fn days((before, after): LinePair<'_, ChildLine>, language: Language) -> Vec<Difference> {
    let (mut before, mut after) = (by_date(before, language), by_date(after, language));
    let dates: BTreeSet<Date> = before.keys().chain(after.keys()).copied().collect();
    let difference = |date: Date| field_difference(&day(date), before.remove(&date), after.remove(&date));
    dates.into_iter().filter_map(difference).collect()
}

/// The codes of each date, two halves in a fixed order.
fn by_date(line: Option<&ChildLine>, language: Language) -> BTreeMap<Date, String> {
    let mut days: Vec<_> = line.map(|line| line.days.clone()).unwrap_or_default();
    days.sort_unstable();
    let mut dates = BTreeMap::<Date, String>::new();
    for day in &days {
        let said = dates.entry(day.date).or_default();
        said.push_str(if said.is_empty() { "" } else { " + " });
        said.push_str(&words(day, language));
    }
    dates
}

/// A whole or half day with its times and its reason: `AJ/2 07:30–12:00 (Certificat médical)`.
fn words(day: &Day, language: Language) -> String {
    let half = if day.duration == Duration::Half { "/2" } else { "" };
    let reason = day.reason.map(|reason| format!(" ({})", reason.label().get(language))).unwrap_or_default();
    format!("{}{half}{}{reason}", code_letters(day.status), times(day))
}

/// Arrival and departure after a space, where either is given.
fn times(day: &Day) -> String {
    let time = |time: Option<TimeOfDay>| time.map_or_else(|| "…".to_owned(), String::from);
    let known = day.arrival.is_some() || day.departure.is_some();
    if known { format!(" {}–{}", time(day.arrival), time(day.departure)) } else { String::new() }
}
