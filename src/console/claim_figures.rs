//! The figures of a claim as tables: those of months, and those of the quarter. For the organiser and for the agency.

use super::page_frame::date_time;
use crate::app::claims::ActView;
use crate::domain::actor::ActorKind;
use crate::domain::claim::{ClaimAct, ClaimState, FigureChange, FigureLine, MonthlyFigure, monthly_figures};
use crate::domain::period::Quarter;
use crate::words::{self, Language, LocalText};

/// The figures of a claim.
pub(super) struct FigureTable {
    pub(super) months: Vec<String>,
    pub(super) rows: Vec<FigureRow>,
    pub(super) totals: Vec<(&'static str, String)>,
}

/// A figure of each month, and their sum.
pub(super) struct FigureRow {
    pub(super) label: &'static str,
    pub(super) cells: Vec<String>,
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
    pub(super) by: &'static str,
    pub(super) reason: Option<String>,
}

impl FigureTable {
    pub(super) fn new(lines: &[FigureLine], quarter: Quarter, language: Language) -> Self {
        let row = |MonthlyFigure { figure, values }: MonthlyFigure| {
            let sum = figure.written(values.iter().flatten().sum());
            let cells = values.map(|value| figure.written_or_dash(value)).into_iter().chain([sum]).collect();
            FigureRow { label: figure.label().get(language), cells }
        };
        let of_quarter = lines.iter().filter(|line| line.month.is_none());
        Self {
            months: quarter.months().iter().map(|month| month.in_words(language)).collect(),
            rows: monthly_figures(lines, quarter).into_iter().map(row).collect(),
            totals: of_quarter
                .map(|line| (line.figure.label().get(language), line.figure.written(line.value)))
                .collect(),
        }
    }
}

/// The figures that have changed.
pub(super) fn change_rows(changes: &[FigureChange], language: Language) -> Vec<ChangeRow> {
    let row = |change: &FigureChange| {
        let label = change.figure.label().get(language);
        let month = change.month.map(|month| format!(", {}", month.in_words(language))).unwrap_or_default();
        ChangeRow {
            label: format!("{label}{month}"),
            signed: change.figure.written(change.signed),
            now: change.figure.written(change.now),
        }
    };
    changes.iter().map(row).collect()
}

/// The acts on a claim, the latest first.
pub(super) fn act_rows(acts: &[ActView], language: Language) -> Vec<ActRow> {
    let row = |act: &ActView| ActRow {
        at: date_time(act.at),
        act: done(act.act).get(language),
        by: match act.by {
            ActorKind::Agent => words::reports::BY_AGENCY,
            _ => words::reports::BY_ORGANISER,
        }
        .get(language),
        reason: act.reason.clone(),
    };
    acts.iter().rev().map(row).collect()
}

/// An act that was done.
const fn done(act: ClaimAct) -> LocalText {
    match act {
        ClaimAct::Sign => words::reports::DONE_SIGN,
        ClaimAct::Withdraw => words::reports::DONE_WITHDRAW,
        ClaimAct::TakeUp => words::reports::DONE_TAKE_UP,
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
        ClaimState::Signed | ClaimState::TakenUp => "plain",
    }
}
