//! The pages of attendance: a calendar of children, whole and half days.

mod comparison;
mod day_code;

use std::collections::HashSet;

use askama::Template;

use self::day_code::{DayCode, code};
use super::{CarriedWords, ColumnSuggestions, FigureColumnGroup, KindWords, LinesContext, StatementPages, SumTable};
use crate::app::caller::Caller;
use crate::app::statements::StatementFormat as _;
use crate::console::findings::line_of;
use crate::console::grid::{MonthDay, days};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, day, percent};
use crate::domain::days::Days;
use crate::domain::finding::FindingPlace;
use crate::domain::kinds::attendance::{self, ChildLine, SignedDays, Statement, Status, Totals};
use crate::domain::period::Month;
use crate::domain::statement::{Statement as _, Totals as _};
use crate::domain::summary::Figures;
use crate::http::problem::Result;
use crate::ids::CrecheId;
use crate::words::{self, Language, LocalText};

/// Whole and half days, as the quarter's columns have them.
const DAYS: &[LocalText] = &[words::common::DAYS, words::kinds::HALF_DAYS];

/// The words of the pages of attendance.
const WORDS: KindWords = KindWords {
    kind: attendance::KIND,
    line: words::kinds::CHILD,
    lines: words::kinds::CHILDREN,
    count: [words::kinds::CHILD_2, words::kinds::CHILDREN_2],
    body: words::kinds::CALENDAR,
    none: words::kinds::THE_STATEMENT_HAS_NO_CHILDREN,
    same: words::kinds::NO_LINE_HAS_CHANGED,
    codes: words::kinds::CODES_P_PRESENT_AJ_JUSTIFIED_ABSENCE,
    without: words::board::LATE_THE_QUARTERS_DEADLINE_HAS_PASSED,
    carried: Some(CarriedWords {
        template: words::kinds::TEMPLATE_WITH_LAST_MONTHS_CHILDREN,
        start: words::kinds::THE_CHILDREN_OF_THE_LAST_MONTH,
        lost: words::kinds::THE_TABLE_HAS_NO_COLUMNS_FOR,
    }),
};

impl StatementPages for Statement {
    const WORDS: &'static KindWords = &WORDS;
    const GROUPS: &'static [FigureColumnGroup] = &[
        FigureColumnGroup { title: Some(words::kinds::PRESENT), columns: DAYS },
        FigureColumnGroup { title: Some(JUSTIFIED), columns: DAYS },
        FigureColumnGroup { title: Some(UNJUSTIFIED), columns: DAYS },
        FigureColumnGroup { title: None, columns: &[words::kinds::OPEN_DAYS] },
        FigureColumnGroup {
            title: Some(words::kinds::OCCUPANCY),
            columns: &[words::kinds::PRESENT_2, words::kinds::WITH_JUSTIFIED_ABSENCE],
        },
    ];
    const BY: Option<LocalText> = None;

    async fn names(_: &PageContext) -> Result<()> {
        Ok(())
    }

    fn name_of_place(&self, (): &(), place: &FindingPlace) -> Option<String> {
        let (line, item) = line_of(place)?;
        let line = self.lines.get(line)?;
        let date = item.and_then(|item| line.days.get(item)).map(|found| format!(", {}", day(found.date)));
        Some(format!("{}{}", name_of(line), date.unwrap_or_default()))
    }

    fn sums(totals: &Totals, (): &(), language: Language) -> SumTable {
        let row = |status: &Status| {
            let Days { full_days, half_days } = totals.of(*status);
            (status.label().get(language).to_owned(), vec![full_days.to_string(), half_days.to_string()])
        };
        SumTable { heads: column_titles(language), rows: Status::ALL.iter().map(row).collect() }
    }

    fn change(before: &Totals, after: &Totals, language: Language) -> SumTable {
        let change = after.since(before);
        let row = |status: Status, SignedDays { full_days, half_days }: SignedDays| {
            let name = status.label().get(language).to_owned();
            (name, vec![format!("{full_days:+}"), format!("{half_days:+}")])
        };
        let rows = vec![
            row(Status::Present, change.present),
            row(Status::JustifiedAbsence, change.justified_absence),
            row(Status::UnjustifiedAbsence, change.unjustified_absence),
        ];
        SumTable { heads: column_titles(language), rows }
    }

    fn figures(figures: &Figures<Totals>, _: Language) -> Vec<String> {
        let counts = Status::ALL.iter().flat_map(|status| {
            let Days { full_days, half_days } = figures.totals.of(*status);
            [full_days.to_string(), half_days.to_string()]
        });
        let occupancy = figures.occupancy();
        let rates = [occupancy.present_rate, occupancy.present_and_justified_rate].map(percent);
        counts.chain([figures.open_days.to_string()]).chain(rates).collect()
    }

    async fn suggestions(_: &PageContext, _: &Caller, _: (CrecheId, Month)) -> Result<Option<ColumnSuggestions>> {
        Ok(None)
    }

    fn body(self, at: &LinesContext<'_, ()>) -> askama::Result<String> {
        let (frame, days) = (PageFrame::anonymous(at.language), days(at.creche, at.month, at.language));
        Calendar { frame, days, children: children(self, at) }.render()
    }
}

fn column_titles(language: Language) -> Vec<&'static str> {
    let full = words::kinds::WHOLE_DAYS;
    let half = words::kinds::HALF_DAYS_2;
    vec![full.get(language), half.get(language)]
}

fn name_of(line: &ChildLine) -> String {
    format!("{} {}", line.family_name, line.given_name)
}

#[derive(Template)]
#[template(path = "kinds/calendar.html", config = ".config/askama.toml")]
struct Calendar {
    frame: PageFrame,
    days: Vec<MonthDay>,
    children: Vec<ChildMonth>,
}

/// A child's month.
struct ChildMonth {
    name: String,
    remark: String,
    cells: Vec<CalendarCell>,
}

/// A child's day.
struct CalendarCell {
    code: DayCode,
    look: &'static str,
    warned: bool,
}

fn children(statement: Statement, at: &LinesContext<'_, ()>) -> Vec<ChildMonth> {
    let dated = |place: &FindingPlace| {
        let (line, item) = line_of(place)?;
        Some((line, statement.lines.get(line)?.days.get(item?)?.date.day()))
    };
    let warned: HashSet<_> = at.warnings.iter().flat_map(|finding| &finding.places).filter_map(dated).collect();
    let remark = |line: &ChildLine| format!("{} · {}", line.reference, day(line.birth_date));
    let remarks: Vec<_> = statement.lines.iter().map(|line| (name_of(line), remark(line))).collect();
    let fixed = Statement::headers(at.month).len() - at.month.days().count();
    let calendar = Statement::rows(&statement.into_raw(), at.month);
    let child = |(line, ((name, remark), row)): (usize, ((String, String), Vec<String>))| {
        let cell = |(date, text): (jiff::civil::Date, &String)| {
            let code = code(text, at.language);
            CalendarCell { look: code.look, warned: warned.contains(&(line, date.day())), code }
        };
        ChildMonth { name, remark, cells: at.month.days().zip(&row[fixed..]).map(cell).collect() }
    };
    remarks.into_iter().zip(calendar).enumerate().map(child).collect()
}

const JUSTIFIED: LocalText = words::kinds::JUSTIFIED;
const UNJUSTIFIED: LocalText = words::kinds::UNJUSTIFIED;
