//! What differs of a consultation between two revisions: when it was, who held it, for how much.

use super::{Doctors, called, hours, stay};
use crate::domain::medical::{Line, Statement};
use crate::domain::text::{Language, Text};
use crate::http::console::kinds::comparison::{Fact, between, facts};
use crate::http::console::kinds::{Compared, Difference, Pair};
use crate::http::console::shell::day;

impl Compared for Statement {
    type Line = Line;
    type Names = Doctors;
    /// Day, arrival and doctor; or two of the three, when the other was corrected.
    const MARKS: &'static [fn(&Line) -> String] = &[
        Line::reference,
        |line| format!("{} {}", line.date, String::from(line.arrival)),
        |line| format!("{} {}", line.date, line.inami),
        |line| format!("{} {} {} {}", stay(line), line.inami, line.fee_cents, line.travel_cents),
    ];

    fn each(&self) -> &[Line] {
        &self.lines
    }

    fn title(line: &Line, names: &Doctors) -> String {
        called(names, line)
    }

    fn compare(pair: Pair<'_, Line>, names: &Doctors, language: Language) -> Vec<Difference> {
        let mut all: Vec<_> = doctor(pair, names, language).into_iter().collect();
        all.extend(facts(pair, FACTS, language));
        all
    }
}

const FACTS: &[Fact<Line>] = &[
    (Text { fr: "Date", nl: "Datum", en: "Date" }, |line| Some(day(line.date))),
    (Text { fr: "Heures", nl: "Uren", en: "Hours" }, |line| Some(stay(line))),
    (Text { fr: "Durée", nl: "Duur", en: "Duration" }, |line| Some(hours(line.minutes()))),
    (Text { fr: "Honoraires", nl: "Ereloon", en: "Fee" }, |line| Some(format!("{} €", line.fee_cents))),
    (Text { fr: "Déplacement", nl: "Verplaatsing", en: "Travel" }, |line| Some(format!("{} €", line.travel_cents))),
];
const DOCTOR: Text = Text { fr: "Médecin", nl: "Arts", en: "Doctor" };

/// The doctor by name, and by number where two have the same name.
fn doctor((before, after): Pair<'_, Line>, names: &Doctors, language: Language) -> Option<Difference> {
    let name = |line: Option<&Line>| line.map(|line| names.of(line));
    let number = |line: Option<&Line>| line.map(|line| line.inami.to_string());
    let by_name = between(DOCTOR.get(language), name(before), name(after));
    by_name.or_else(|| between(DOCTOR.get(language), number(before), number(after)))
}
