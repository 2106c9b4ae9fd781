//! The board: every crèche and month of a year, with its status.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::form::QueryFields;
use super::kinds::{KindWords, StatementPages};
use super::month::MonthHead;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, day, render};
use super::stage_tag::{StageTag, stage_tag};
use crate::app::App;
use crate::app::board::{self, Board};
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::period::{Month, Quarter};
use crate::http::problem::Result;
use crate::words;

pub(super) fn routes<S: StatementPages>() -> Router<App> {
    Router::new().route(S::WORDS.part(), get(page::<S>))
}

#[derive(Template)]
#[template(path = "board.html", config = ".config/askama.toml")]
struct BoardPage {
    frame: PageFrame,
    words: &'static KindWords,
    year: i16,
    years: Vec<i16>,
    quarters: Vec<QuarterHead>,
    months: Vec<&'static str>,
    rows: Vec<CrecheYear>,
}

/// A quarter above its months.
struct QuarterHead {
    quarter: Quarter,
    deadline: String,
}

/// A crèche's year.
struct CrecheYear {
    creche: Creche,
    cells: Vec<BoardSquare>,
}

/// A month of it.
struct BoardSquare {
    href: String,
    /// Crèche, month and state in words, for screen readers.
    label: String,
    stage: StageTag,
    draft: bool,
    is_locked: bool,
}

async fn page<S: StatementPages>(visit: PageContext, QueryFields(asked): QueryFields) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsRead(S::KIND))?;
    let Board { year, years, rows } = board::of_year::<S>(&visit.app, &caller, asked.number("year")).await?;
    let frame = PageFrame::at(S::WORDS.part(), &visit);
    let months = Month::of_year(year).map(|month| month.name().get(visit.language)).collect();
    let due = |months: &[Month]| {
        let quarter = months[0].quarter();
        QuarterHead { quarter, deadline: day(quarter.deadline()) }
    };
    let quarters = Month::of_year(year).collect::<Vec<_>>().chunks(3).map(due).collect();
    let rows = rows.into_iter().map(|row| line::<S>(&frame, row)).collect();
    Ok(render(&BoardPage { frame, words: S::WORDS, year, years: years.rev().collect(), quarters, months, rows }))
}

fn line<S: StatementPages>(frame: &PageFrame, row: board::BoardRow) -> CrecheYear {
    let square = |cell: &board::BoardCell| {
        let stage = stage_tag(frame.language, S::WORDS, row.creche.subsidised, cell.stage);
        let (creche, month) = (&row.creche.name, cell.month.in_words(frame.language));
        BoardSquare {
            href: MonthHead::address::<S>(row.creche.id, cell.month),
            label: format!(
                "{creche}, {month}{} {}{}",
                frame.colon(),
                stage.word,
                if cell.is_locked { format!(", {}", frame.text(&words::home::LOCKED)) } else { String::new() }
            ),
            stage,
            draft: cell.draft,
            is_locked: cell.is_locked,
        }
    };
    CrecheYear { cells: row.months.iter().map(square).collect(), creche: row.creche }
}
