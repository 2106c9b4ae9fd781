//! The reports of the last quarters, crèche by crèche.

use askama::Template;
use axum::response::Response;

use super::{READ, href};
use crate::app::{claims, creches, reports};
use crate::console::addresses::REPORTS;
use crate::console::claim_figures::state_look;
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, day, render};
use crate::domain::claim::ClaimState;
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::period::{Month, Period, Quarter};
use crate::http::problem::Result;
use crate::words;

/// How many quarters are shown, the present one among them.
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "reports/board.html", config = ".config/askama.toml")]
struct BoardPage {
    frame: PageFrame,
    quarters: Vec<QuarterHead>,
    rows: Vec<BoardRow>,
}

struct QuarterHead {
    name: String,
    deadline: String,
    /// The page on which several reports are signed, where the user may sign some.
    sign: Option<String>,
}

struct BoardRow {
    creche: String,
    cells: Vec<BoardCell>,
}

struct BoardCell {
    href: String,
    word: &'static str,
    look: &'static str,
    label: String,
}

pub(super) async fn page(visit: PageContext) -> Result<Response> {
    let caller = visit.caller(READ)?;
    let found = creches::list(&visit.app, &caller).await?;
    let stored = reports::stored_quarters(&visit.app, &caller).await?;
    let standings = claims::standings(&visit.app, &caller).await?;
    let quarters = last_quarters(Month::of(visit.clock().today()).quarter());
    let frame = PageFrame::at(REPORTS, &visit);
    let cell = |creche: &Creche, quarter: Quarter| {
        let standing = standings.get(&(creche.id, quarter.into()));
        let (word, look) = match (standing, stored.contains(&(creche.id, quarter))) {
            (Some(standing), _) => (standing.state.label(), state_look(standing.state)),
            (None, true) => (words::reports::DRAFT, "warn"),
            (None, false) => (words::reports::NOT_BEGUN, "plain"),
        };
        let word = frame.text(&word);
        let label = format!("{}, {}, {word}", creche.name, quarter.in_words(visit.language));
        BoardCell { href: href(creche.id, quarter), word, look, label }
    };
    let row = |creche: &Creche| BoardRow {
        creche: creche.name.clone(),
        cells: quarters.iter().map(|quarter| cell(creche, *quarter)).collect(),
    };
    let rows: Vec<_> = found.iter().filter(|creche| creche.subsidised).map(row).collect();
    let today = visit.clock().today();
    let signs_several = visit.acting.caller(Scope::ReportsSign).is_some() && rows.len() > 1;
    let is_to_sign = |creche: &Creche, quarter: Quarter| {
        let state = standings.get(&(creche.id, quarter.into())).map_or(ClaimState::Draft, |standing| standing.state);
        let is_open = matches!(state, ClaimState::Draft | ClaimState::Returned | ClaimState::Withdrawn);
        is_open && stored.contains(&(creche.id, quarter))
    };
    let head = |quarter: &Quarter| QuarterHead {
        name: quarter.in_words(visit.language),
        deadline: day(quarter.deadline()),
        sign: (signs_several
            && Period::Quarter(*quarter).last_day() < today
            && found.iter().any(|creche| creche.subsidised && is_to_sign(creche, *quarter)))
        .then(|| format!("{REPORTS}/{quarter}/sign")),
    };
    Ok(render(&BoardPage { quarters: quarters.iter().map(head).collect(), rows, frame }))
}

/// The last quarters up to this one, oldest first.
fn last_quarters(present: Quarter) -> Vec<Quarter> {
    let mut quarters: Vec<_> = std::iter::successors(Some(present), |one| Some(one.previous())).take(SHOWN).collect();
    quarters.reverse();
    quarters
}
