//! Consultations: a list of visits, with their doctors by name; hours, fees and travel.

mod comparison;

use std::collections::{HashMap, HashSet};

use askama::Template;

use super::{ColumnSuggestions, FigureColumnGroup, KindWords, LinesContext, StatementPages, SumTable};
use crate::app::caller::Caller;
use crate::app::doctors::{self, Doctor};
use crate::app::statements::INAMI;
use crate::console::findings::line_of;
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, day};
use crate::domain::doctor::{DoctorSheet, DoctorState};
use crate::domain::finding::FindingPlace;
use crate::domain::inami::Inami;
use crate::domain::kinds::medical::{self, ConsultationLine, Statement, Totals};
use crate::domain::money::{Cents, MINUS};
use crate::domain::period::Month;
use crate::domain::statement::Totals as _;
use crate::domain::summary::Figures;
use crate::http::problem::Result;
use crate::ids::{CrecheId, DoctorId};
use crate::words::{self, Language, LocalText};

/// The names of the doctors.
pub(in crate::console) struct DoctorNames {
    by_id: HashMap<DoctorId, String>,
    by_number: HashMap<Inami, String>,
}

impl DoctorNames {
    /// The doctor's name; the number for a doctor out of reach.
    fn of(&self, line: &ConsultationLine) -> String {
        self.by_number.get(&line.inami).cloned().unwrap_or_else(|| line.inami.to_string())
    }
}

/// The columns of figures on every page.
const COLUMNS: [LocalText; 4] =
    [words::kinds::CONSULTATIONS, words::kinds::HOURS, words::kinds::FEES, words::kinds::TRAVEL_2];

/// The words of the pages of consultations.
const WORDS: KindWords = KindWords {
    kind: medical::KIND,
    line: words::kinds::CONSULTATION,
    lines: words::kinds::CONSULTATIONS,
    count: [words::kinds::CONSULTATION_2, words::kinds::CONSULTATIONS_2],
    body: words::kinds::CONSULTATIONS_OF_THE_MONTH,
    none: words::kinds::THE_STATEMENT_HAS_NO_CONSULTATIONS,
    same: words::kinds::NO_CONSULTATION_HAS_CHANGED,
    codes: words::kinds::ONE_CONSULTATION_PER_LINE_DATE_14,
    without: words::board::A_MONTH_WITHOUT_CONSULTATIONS_MAY_STAY,
    carried: None,
};

impl StatementPages for Statement {
    const WORDS: &'static KindWords = &WORDS;
    const GROUPS: &'static [FigureColumnGroup] = &[FigureColumnGroup { title: None, columns: &COLUMNS }];
    const BY: Option<LocalText> = Some(words::kinds::BY_DOCTOR);

    async fn names(visit: &PageContext) -> Result<DoctorNames> {
        let found = doctors::list(&visit.app, &visit.caller(doctors::READ)?).await?;
        let mut names = DoctorNames { by_id: HashMap::new(), by_number: HashMap::new() };
        for doctor in found {
            let name = doctor.name();
            names.by_number.insert(doctor.sheet.inami, name.clone());
            names.by_id.insert(doctor.id, name);
        }
        Ok(names)
    }

    fn name_of_place(&self, names: &DoctorNames, place: &FindingPlace) -> Option<String> {
        let (line, _) = line_of(place)?;
        self.lines.get(line).map(|line| line_name(names, line))
    }

    fn sums(totals: &Totals, names: &DoctorNames, language: Language) -> SumTable {
        let name = |id: &DoctorId| names.by_id.get(id).cloned().unwrap_or_else(|| OTHER.get(language).to_owned());
        let mut rows: Vec<_> = totals.by_doctor.iter().map(|(id, sums)| (name(id), row(sums, language))).collect();
        rows.sort();
        rows.push((TOTAL.get(language).to_owned(), row(&totals.all, language)));
        SumTable { heads: column_titles(language), rows }
    }

    fn change(before: &Totals, after: &Totals, language: Language) -> SumTable {
        let change = after.since(before);
        let sign = |number: i64| if number < 0 { MINUS } else { "+" };
        let amount = |cents: i64| format!("{}{}", sign(cents), Cents(cents.unsigned_abs()).grouped(language));
        let row = vec![
            format!("{}{}", sign(change.consultations), change.consultations.unsigned_abs()),
            format!("{}{}", sign(change.minutes), hours(change.minutes.unsigned_abs())),
            amount(change.fee_cents),
            amount(change.travel_cents),
        ];
        SumTable { heads: column_titles(language), rows: vec![(TOTAL.get(language).to_owned(), row)] }
    }

    fn figures(figures: &Figures<Totals>, language: Language) -> Vec<String> {
        row(&figures.totals.all, language)
    }

    /// The doctors who may hold consultations in the crèche in that month, by name.
    async fn suggestions(
        visit: &PageContext,
        caller: &Caller,
        (creche, month): (CrecheId, Month),
    ) -> Result<Option<ColumnSuggestions>> {
        let mut doctors = doctors::list(&visit.app, caller).await?;
        doctors.retain(|doctor| doctor.state != DoctorState::Refused && works(&doctor.sheet, creche, month));
        let option = |doctor: &Doctor| (doctor.sheet.inami.to_string(), doctor.name());
        Ok(Some(ColumnSuggestions { header: INAMI, options: doctors.iter().map(option).collect() }))
    }

    fn body(self, at: &LinesContext<'_, DoctorNames>) -> askama::Result<String> {
        let places = at.warnings.iter().flat_map(|finding| &finding.places);
        let warned: HashSet<_> = places.filter_map(line_of).map(|(line, _)| line).collect();
        let mut lines: Vec<_> = self.lines.iter().enumerate().collect();
        lines.sort_by_key(|(_, line)| **line);
        let row = |(index, line): (usize, &ConsultationLine)| ConsultationRow {
            date: day(line.date),
            stay: stay(line),
            long: hours(line.minutes_between()),
            doctor: at.names.of(line),
            fee: line.fee_cents.grouped(at.language),
            travel: line.travel_cents.grouped(at.language),
            warned: warned.contains(&index),
        };
        Consultations { frame: PageFrame::anonymous(at.language), rows: lines.into_iter().map(row).collect() }.render()
    }
}

/// Whether the doctor works in the crèche on some day of the month.
fn works(sheet: &DoctorSheet, creche: CrecheId, month: Month) -> bool {
    sheet.creche_ids.contains(&creche)
        && sheet.start_date <= month.last_day()
        && sheet.end_date.is_none_or(|end| month.first_day() <= end)
}

fn line_name(names: &DoctorNames, line: &ConsultationLine) -> String {
    format!("{}, {} {}", names.of(line), day(line.date), String::from(line.arrival))
}

fn stay(line: &ConsultationLine) -> String {
    format!("{}–{}", String::from(line.arrival), String::from(line.departure))
}

/// Minutes in the displayed format.
fn hours(minutes: u64) -> String {
    format!("{} h {:02}", minutes / 60, minutes % 60)
}

fn column_titles(language: Language) -> Vec<&'static str> {
    COLUMNS.iter().map(|column| column.get(language)).collect()
}

fn row(sums: &medical::Sums, language: Language) -> Vec<String> {
    let amounts = [sums.fee_cents, sums.travel_cents].map(|amount| amount.grouped(language));
    [sums.consultations.to_string(), hours(sums.minutes)].into_iter().chain(amounts).collect()
}

#[derive(Template)]
#[template(path = "kinds/consultations.html", config = ".config/askama.toml")]
struct Consultations {
    frame: PageFrame,
    rows: Vec<ConsultationRow>,
}

/// A consultation.
struct ConsultationRow {
    date: String,
    stay: String,
    long: String,
    doctor: String,
    fee: String,
    travel: String,
    warned: bool,
}

const TOTAL: LocalText = words::common::TOTAL;
/// A doctor who works in none of the crèches within the user's reach.
const OTHER: LocalText = words::kinds::ANOTHER_DOCTOR;
