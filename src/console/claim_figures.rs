//! The figures of a claim as tables: those of months, and those of the quarter. For the organiser and for the agency.

use super::page_frame::date_time;
use crate::app::claims::ActView;
use crate::domain::claim::{
    ClaimAct, ClaimState, FigureChange, FigureLine, FigureName, FigureRemark, MonthlyFigure, monthly_figures,
};
use crate::domain::period::{Month, Quarter};
use crate::words::{self, Language, LocalText};

/// The figures of a claim.
pub(super) struct FigureTable {
    pub(super) months: Vec<String>,
    pub(super) rows: Vec<FigureRow>,
    pub(super) totals: Vec<TotalRow>,
}

/// A figure of the quarter.
pub(super) struct TotalRow {
    pub(super) label: &'static str,
    pub(super) amount: String,
    /// The agency's remarks at it.
    pub(super) remarks: Vec<String>,
}

/// A figure of each month, and their sum.
pub(super) struct FigureRow {
    pub(super) label: &'static str,
    pub(super) cells: Vec<String>,
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
    pub(super) fn new(lines: &[FigureLine], quarter: Quarter, language: Language) -> Self {
        Self::with_remarks(lines, &[], quarter, language)
    }

    /// The figures, each with the agency's remarks at it.
    pub(super) fn with_remarks(
        lines: &[FigureLine],
        remarks: &[FigureRemark],
        quarter: Quarter,
        language: Language,
    ) -> Self {
        let row = |MonthlyFigure { figure, values }: MonthlyFigure| {
            let sum = figure.written(values.iter().flatten().sum());
            let cells = values.map(|value| figure.written_or_dash(value)).into_iter().chain([sum]).collect();
            let remarks = remarks.iter().filter(|remark| remark.figure == figure);
            let remarks = remarks.filter_map(|remark| Some(said(&remark.month?.in_words(language), remark, language)));
            FigureRow { label: figure.label().get(language), cells, remarks: remarks.collect() }
        };
        let of_quarter = lines.iter().filter(|line| line.month.is_none());
        Self {
            months: quarter.months().iter().map(|month| month.in_words(language)).collect(),
            rows: monthly_figures(lines, quarter).into_iter().map(row).collect(),
            totals: of_quarter.map(|line| TotalRow::new(line, remarks, language)).collect(),
        }
    }
}

impl TotalRow {
    fn new(line: &FigureLine, remarks: &[FigureRemark], language: Language) -> Self {
        let at = |remark: &&FigureRemark| remark.figure == line.figure && remark.month.is_none();
        Self {
            label: line.figure.label().get(language),
            amount: line.figure.written(line.value),
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
        signed: change.figure.written(change.signed),
        now: change.figure.written(change.now),
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
