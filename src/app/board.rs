//! The board: the status of every month of a year, crèche by crèche. Statuses are not personal: reading is not
//! recorded.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::caller::Caller;
use super::error::InternalError;
use super::figure_inputs::AsOf;
use super::{App, creches, summaries};
use crate::domain::creche::Creche;
use crate::domain::period::Month;
use crate::domain::statement::{Statement, StatementFilter, StatementStatus};
use crate::store;

/// A year of the crèches that the caller can reach.
pub struct Board {
    /// The year.
    pub year: i16,
    /// The years with data.
    pub years: RangeInclusive<i16>,
    /// Crèche by crèche.
    pub rows: Vec<BoardRow>,
}

/// A year of one crèche.
pub struct BoardRow {
    /// The crèche.
    pub creche: Creche,
    /// Its twelve months.
    pub months: Vec<BoardCell>,
}

/// A month of one crèche.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardCell {
    /// The month.
    pub month: Month,
    /// Its status.
    pub stage: MonthStage,
    /// Whether there is a draft.
    pub draft: bool,
    /// Whether it is part of a signed claim.
    pub is_locked: bool,
}

/// The status of a month of a crèche.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthStage {
    /// The crèche was not authorised.
    Closed,
    /// It has yet to begin.
    Ahead,
    /// It is under way, and nothing was deposited.
    Running,
    /// It is over, and nothing was deposited.
    Missing,
    /// The same, and the deadline of its quarter has passed.
    Late,
    /// Deposited, with warnings or without.
    Deposited {
        /// Whether it has warnings.
        warned: bool,
    },
}

/// The board of one year; the present one by default.
pub async fn of_year<S: Statement>(app: &App, caller: &Caller, year: Option<i16>) -> Result<Board, InternalError> {
    let today = caller.clock.today();
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let creches = creches::list_within_reach(tx, caller).await?;
    let first = creches.iter().map(|creche| creche.authorised_from.year()).min().unwrap_or(today.year());
    let years = first.clamp(2000, today.year())..=today.year();
    let year = year.filter(|year| years.contains(year)).unwrap_or(today.year());
    let months: Vec<_> = Month::of_year(year).collect();
    let (from, to) = (months[0], months[11]);
    let filter = StatementFilter { from: Some(from), to: Some(to), ..StatementFilter::of(S::KIND) };
    let stored = store::statements::list(tx, caller.organiser, filter).await?;
    let stored =
        summaries::deposited_statements::<S::Totals>(tx, &key, (caller.organiser, &creches), &stored, AsOf::NOW)
            .await?;
    let stored: HashMap<_, _> = stored
        .into_iter()
        .map(|(creche, stored)| ((creche, stored.month), (stored.has_warnings, stored.status)))
        .collect();
    let drafts = store::drafts::list(tx, caller.organiser, S::KIND, (from, to)).await?;
    let drafts: HashSet<_> = drafts.into_iter().collect();
    let row = |creche: Creche| {
        let cell = |month: &Month| {
            let at = (creche.id, *month);
            let stored = stored.get(&at);
            BoardCell {
                month: *month,
                stage: month_stage(&creche, *month, stored.map(|(warned, _)| *warned), today),
                draft: drafts.contains(&at),
                is_locked: stored.is_some_and(|(_, status)| *status == StatementStatus::Locked),
            }
        };
        let months = months.iter().map(cell).collect();
        BoardRow { creche, months }
    };
    Ok(Board { year, years, rows: creches.into_iter().map(row).collect() })
}

/// The status of a month, given whether its statement, if there is one, has warnings.
pub fn month_stage(creche: &Creche, month: Month, stored: Option<bool>, today: Date) -> MonthStage {
    let authorised = creche.is_authorised_within(month.first_day(), month.last_day());
    match stored {
        Some(warned) => MonthStage::Deposited { warned },
        None if !authorised => MonthStage::Closed,
        None if month > Month::of(today) => MonthStage::Ahead,
        None if month == Month::of(today) => MonthStage::Running,
        None if creche.subsidised && today > month.quarter().deadline() => MonthStage::Late,
        None => MonthStage::Missing,
    }
}
