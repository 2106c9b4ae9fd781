//! The figures of a claim as tables: those of months, and those of the quarter, if it has any. For the organiser and for the
//! agency.

use super::page_frame::date_time;
use crate::app::claims::{ActView, SalaryChange};
use crate::domain::claim::{
    ClaimAct, ClaimState, FigureChange, FigureLine, FigureName, FigureRemark, MonthlyFigure, monthly_figures,
};
use crate::domain::money::Cents;
use crate::domain::period::{Month, Period};
use crate::words::{self, Language, LocalText};

/// The figures of a claim.
pub(super) struct FigureTable {
    pub(super) months: Vec<String>,
    /// Whether the rows end with the sum of the months.
    pub(super) has_sum: bool,
    pub(super) rows: Vec<FigureRow>,
    pub(super) totals: Vec<TotalRow>,
}

/// A figure with the page of what it is made of.
pub(super) struct FigureCell {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

/// A figure of the quarter.
pub(super) struct TotalRow {
    /// What it counts; `None` for the gross salaries.
    figure: Option<FigureName>,
    pub(super) label: &'static str,
    pub(super) cell: FigureCell,
    /// The agency's remarks at it.
    pub(super) remarks: Vec<String>,
}

/// A figure of each month, and their sum where there are several.
pub(super) struct FigureRow {
    figure: FigureName,
    pub(super) label: &'static str,
    pub(super) cells: Vec<FigureCell>,
    /// The agency's remarks at it, with their months.
    pub(super) remarks: Vec<String>,
}

/// A figure that has changed.
pub(super) struct ChangeRow {
    pub(super) label: String,
    pub(super) signed: String,
    pub(super) now: String,
}

/// An act on a claim.
pub(super) struct ActRow {
    pub(super) at: String,
    pub(super) act: &'static str,
    pub(super) by: String,
    pub(super) reason: Option<String>,
    /// The remarks at figures, with figure and month.
    pub(super) remarks: Vec<String>,
    /// The months to correct.
    pub(super) months: String,
}

impl FigureTable {
    /// The figures, without remarks.
    pub(super) fn new(lines: &[FigureLine], period: Period, language: Language) -> Self {
        Self::with_remarks(lines, &[], period, language)
    }

    /// The figures, each with the agency's remarks at it.
    pub(super) fn with_remarks(
        lines: &[FigureLine],
        remarks: &[FigureRemark],
        period: Period,
        language: Language,
    ) -> Self {
        let has_sum = period.month().is_none();
        let row = |MonthlyFigure { figure, values }: MonthlyFigure| {
            let sum = has_sum.then(|| figure.written(values.iter().flatten().sum(), language));
            let cells = values.into_iter().map(|value| figure.written_or_dash(value, language)).chain(sum);
            let cells = cells.map(FigureCell::from).collect();
            let remarks = remarks.iter().filter(|remark| remark.figure == figure);
            let remarks = remarks.filter_map(|remark| Some(said(&remark.month?.in_words(language), remark, language)));
            FigureRow { figure, label: figure.label().get(language), cells, remarks: remarks.collect() }
        };
        let of_quarter = lines.iter().filter(|line| line.month.is_none());
        Self {
            months: period.months().iter().map(|month| month.in_words(language)).collect(),
            has_sum,
            rows: monthly_figures(lines, period).into_iter().map(row).collect(),
            totals: of_quarter.map(|line| TotalRow::new(line, remarks, language)).collect(),
        }
    }

    /// The same with the sum of the gross salaries, where there are any.
    pub(super) fn with_gross(mut self, gross: Option<Cents>, language: Language) -> Self {
        let label = words::reports::GROSS_SALARIES.get(language);
        let cell = gross.map(|gross| gross.with_currency(language).into());
        self.totals.extend(cell.map(|cell| TotalRow { figure: None, label, cell, remarks: Vec::new() }));
        self
    }

    /// The same with the pages of what the figures are made of, which `page` knows by figure and month.
    pub(super) fn linked(
        mut self,
        period: Period,
        page: impl Fn(Option<FigureName>, Option<Month>) -> Option<String>,
    ) -> Self {
        for row in &mut self.rows {
            for (cell, month) in row.cells.iter_mut().zip(period.months()) {
                cell.href = page(Some(row.figure), Some(month));
            }
        }
        for row in &mut self.totals {
            row.cell.href = page(row.figure, None);
        }
        self
    }
}

impl From<String> for FigureCell {
    fn from(text: String) -> Self {
        Self { text, href: None }
    }
}

impl TotalRow {
    fn new(line: &FigureLine, remarks: &[FigureRemark], language: Language) -> Self {
        let at = |remark: &&FigureRemark| remark.figure == line.figure && remark.month.is_none();
        Self {
            figure: Some(line.figure),
            label: line.figure.label().get(language),
            cell: line.figure.written(line.value, language).into(),
            remarks: remarks.iter().filter(at).map(|remark| remark.text.clone()).collect(),
        }
    }
}

/// A remark after the name of what it is about.
fn said(about: &str, remark: &FigureRemark, language: Language) -> String {
    format!("{about}{} {}", words::page_frame::COLON.get(language), remark.text)
}

/// A figure with its month.
pub(super) fn figure_in_words(figure: FigureName, month: Option<Month>, language: Language) -> String {
    let label = figure.label().get(language);
    month.map_or_else(|| label.to_owned(), |month| format!("{label}, {}", month.in_words(language)))
}

/// The figures that have changed.
pub(super) fn change_rows(changes: &[FigureChange], language: Language) -> Vec<ChangeRow> {
    let row = |change: &FigureChange| ChangeRow {
        label: figure_in_words(change.figure, change.month, language),
        signed: change.figure.written(change.signed, language),
        now: change.figure.written(change.now, language),
    };
    changes.iter().map(row).collect()
}

/// The salaries that have changed.
pub(super) fn salary_change_rows(changes: &[SalaryChange], language: Language) -> Vec<ChangeRow> {
    let row = |change: &SalaryChange| {
        let [signed, now] = change.written(language);
        ChangeRow { label: format!("{}, {}", change.person, change.month.in_words(language)), signed, now }
    };
    changes.iter().map(row).collect()
}

/// Who reads the acts on a claim.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ActReader {
    /// The organiser, which sees no matricule of an agent.
    Organiser,
    /// An agent.
    Agent,
}

/// The acts on a claim and the messages about it, the latest first.
pub(super) fn act_rows(acts: &[ActView], reader: ActReader, language: Language) -> Vec<ActRow> {
    let row = |act: &ActView| ActRow {
        at: date_time(act.at),
        act: done(act.act).get(language),
        by: author(act, reader, language),
        reason: act.reason.clone(),
        remarks: act.details.remarks.iter().map(|remark| listed(remark, language)).collect(),
        months: act.details.months.iter().map(|month| month.in_words(language)).collect::<Vec<_>>().join(", "),
    };
    acts.iter().rev().map(row).collect()
}

/// A remark with its figure and month.
fn listed(remark: &FigureRemark, language: Language) -> String {
    said(&figure_in_words(remark.figure, remark.month, language), remark, language)
}

fn author(act: &ActView, reader: ActReader, language: Language) -> String {
    let agency = words::reports::BY_AGENCY.get(language);
    match (act.by, reader) {
        (by, ActReader::Agent) if by.is_agency() => format!("{agency} ({})", act.agent),
        (by, ActReader::Organiser) if by.is_agency() => agency.to_owned(),
        _ => words::reports::BY_ORGANISER.get(language).to_owned(),
    }
}

/// An act that was done.
const fn done(act: ClaimAct) -> LocalText {
    match act {
        ClaimAct::Sign => words::reports::DONE_SIGN,
        ClaimAct::Withdraw => words::reports::DONE_WITHDRAW,
        ClaimAct::TakeUp => words::reports::DONE_TAKE_UP,
        ClaimAct::ProposeAccept => words::reports::DONE_PROPOSE_ACCEPT,
        ClaimAct::ProposeAcceptWithRemarks => words::reports::DONE_PROPOSE_ACCEPT_WITH_REMARKS,
        ClaimAct::ProposeRefuse => words::reports::DONE_PROPOSE_REFUSE,
        ClaimAct::RejectProposal => words::reports::DONE_REJECT_PROPOSAL,
        ClaimAct::Message => words::reports::DONE_MESSAGE,
        ClaimAct::Return => words::reports::DONE_RETURN,
        ClaimAct::Accept => words::reports::DONE_ACCEPT,
        ClaimAct::AcceptWithRemarks => words::reports::DONE_ACCEPT_WITH_REMARKS,
        ClaimAct::Refuse => words::reports::DONE_REFUSE,
    }
}

/// The look of the tag of a state.
pub(super) const fn state_look(state: ClaimState) -> &'static str {
    match state {
        ClaimState::Accepted | ClaimState::AcceptedWithRemarks => "good",
        ClaimState::Returned | ClaimState::Withdrawn | ClaimState::Draft => "warn",
        ClaimState::Refused => "bad",
        ClaimState::Signed
        | ClaimState::TakenUp
        | ClaimState::AcceptProposed
        | ClaimState::AcceptWithRemarksProposed
        | ClaimState::RefuseProposed => "plain",
    }
}
