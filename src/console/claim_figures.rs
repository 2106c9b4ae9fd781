//! The figures of a claim as tables: those of months, and those of the quarter. For the organiser and for the agency.

use super::page_frame::date_time;
use crate::app::claims::ActView;
use crate::domain::actor::ActorKind;
use crate::domain::claim::{ClaimState, FigureChange, FigureLine, FigureName};
use crate::domain::money::Cents;
use crate::domain::period::{Month, Quarter};
use crate::words::{self, Language};

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
        let row = |figure: &FigureName| {
            let of = |month: Month| lines.iter().find(|line| line.figure == *figure && line.month == Some(month));
            let found: Vec<_> = quarter.months().into_iter().map(of).collect();
            let sum = found.iter().flatten().map(|line| line.value).sum();
            let exists = found.iter().any(Option::is_some);
            let cell = |line: Option<&FigureLine>| line.map_or(NONE.to_owned(), |line| value(*figure, line.value));
            let cells = found.into_iter().map(cell).chain([value(*figure, sum)]).collect();
            exists.then(|| FigureRow { label: figure.label().get(language), cells })
        };
        let of_quarter = lines.iter().filter(|line| line.month.is_none());
        Self {
            months: quarter.months().iter().map(|month| month.in_words(language)).collect(),
            rows: FigureName::ALL.iter().filter_map(row).collect(),
            totals: of_quarter
                .map(|line| (line.figure.label().get(language), value(line.figure, line.value)))
                .collect(),
        }
    }
}

/// The place of a figure that does not exist.
const NONE: &str = "–";

/// A figure as people read it.
pub(super) fn value(figure: FigureName, value: u64) -> String {
    match figure {
        FigureName::OpensAtMinute | FigureName::ClosesAtMinute => format!("{:02}:{:02}", value / 60, value % 60),
        figure if figure.is_amount() => format!("{}\u{a0}€", Cents(value)),
        _ => value.to_string(),
    }
}

/// The figures that have changed.
pub(super) fn change_rows(changes: &[FigureChange], language: Language) -> Vec<ChangeRow> {
    let row = |change: &FigureChange| {
        let label = change.figure.label().get(language);
        let month = change.month.map(|month| format!(", {}", month.in_words(language))).unwrap_or_default();
        ChangeRow {
            label: format!("{label}{month}"),
            signed: value(change.figure, change.signed),
            now: value(change.figure, change.now),
        }
    };
    changes.iter().map(row).collect()
}

/// The acts on a claim, the latest first.
pub(super) fn act_rows(acts: &[ActView], language: Language) -> Vec<ActRow> {
    let row = |act: &ActView| ActRow {
        at: date_time(act.at),
        act: act.state.label().get(language),
        by: match act.by {
            ActorKind::Agent => words::reports::BY_AGENCY,
            _ => words::reports::BY_ORGANISER,
        }
        .get(language),
        reason: act.reason.clone(),
    };
    acts.iter().rev().map(row).collect()
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
