//! The board: every crèche and month of a year, and where each stands.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::form::Asked;
use super::kinds::{Paged, Words};
use super::month::Head;
use super::shell::{Shell, day, show};
use super::visit::Visit;
use crate::app::App;
use crate::app::board::{self, Board, Stage};
use crate::domain::creche::Creche;
use crate::domain::period::{Month, Quarter};
use crate::domain::text::{Language, Text};
use crate::http::problem::Result;

pub(super) fn routes<S: Paged>() -> Router<App> {
    Router::new().route(S::WORDS.part, get(page::<S>))
}

#[derive(Template)]
#[template(path = "board.html", config = ".config/askama.toml")]
struct BoardPage {
    shell: Shell,
    words: &'static Words,
    year: i16,
    years: Vec<i16>,
    quarters: Vec<Due>,
    months: Vec<&'static str>,
    rows: Vec<Line>,
}

/// A quarter above its months.
struct Due {
    quarter: Quarter,
    deadline: String,
}

/// A crèche's year.
struct Line {
    creche: Creche,
    cells: Vec<Square>,
}

/// A month of it.
struct Square {
    href: String,
    /// Crèche, month and state in words, for who hears the link alone.
    label: String,
    stage: Mark,
    draft: bool,
}

/// How a stage is shown: the word, the look of its tag, and whether there is anything behind it.
pub(super) struct Mark {
    pub(super) word: &'static str,
    pub(super) look: &'static str,
    pub(super) leads: bool,
}

async fn page<S: Paged>(visit: Visit, Asked(asked): Asked) -> Result<Response> {
    let caller = visit.caller(S::READ)?;
    let Board { year, years, rows } = board::of_year::<S>(&visit.app, &caller, asked.number("year")).await?;
    let shell = Shell::at(S::WORDS.part, &visit);
    let months = Month::of_year(year).map(|month| month.name().get(visit.language)).collect();
    let due = |months: &[Month]| {
        let quarter = months[0].quarter();
        Due { quarter, deadline: day(quarter.deadline()) }
    };
    let quarters = Month::of_year(year).collect::<Vec<_>>().chunks(3).map(due).collect();
    let rows = rows.into_iter().map(|row| line::<S>(&shell, row)).collect();
    Ok(show(&BoardPage { shell, words: S::WORDS, year, years: years.rev().collect(), quarters, months, rows }))
}

fn line<S: Paged>(shell: &Shell, row: board::Row) -> Line {
    let square = |cell: &board::Cell| {
        let stage = mark(shell.language, S::WORDS, row.creche.subsidised, cell.stage);
        let (creche, month) = (&row.creche.name, cell.month.in_words(shell.language));
        Square {
            href: Head::address::<S>(row.creche.id, cell.month),
            label: format!("{creche}, {month}{} {}", shell.colon(), stage.word),
            stage,
            draft: cell.draft,
        }
    };
    Line { cells: row.months.iter().map(square).collect(), creche: row.creche }
}

/// How a stage is shown. A month that holds up nothing is not missed: it may well be that there was nothing to tell, or
/// that the crèche is not subsidised.
pub(super) fn mark(language: Language, words: &Words, subsidised: bool, stage: Stage) -> Mark {
    let (word, look) = match stage {
        Stage::Closed => (NOTHING, ""),
        Stage::Ahead => (AHEAD, ""),
        Stage::Running => (RUNNING, "plain"),
        Stage::Missing | Stage::Late if !words.due => (NONE, "plain"),
        Stage::Missing | Stage::Late if !subsidised => (MISSING, "plain"),
        Stage::Missing => (MISSING, "bad"),
        Stage::Late => (LATE, "bad strong"),
        Stage::Deposited { warned: true } => (WARNED, "warn"),
        Stage::Deposited { warned: false } => (DEPOSITED, "good"),
    };
    Mark { word: word.get(language), look, leads: !matches!(stage, Stage::Closed | Stage::Ahead) }
}

const NOTHING: Text = Text { fr: "Non autorisée", nl: "Niet vergund", en: "Not authorised" };
const AHEAD: Text = Text { fr: "À venir", nl: "Nog niet", en: "To come" };
const RUNNING: Text = Text { fr: "En cours", nl: "Lopend", en: "Under way" };
const NONE: Text = Text { fr: "Aucun", nl: "Geen", en: "None" };
const MISSING: Text = Text { fr: "Manquant", nl: "Ontbreekt", en: "Missing" };
const LATE: Text = Text { fr: "En retard", nl: "Te laat", en: "Late" };
const WARNED: Text = Text { fr: "À vérifier", nl: "Na te kijken", en: "To check" };
const DEPOSITED: Text = Text { fr: "Déposé", nl: "Ingediend", en: "Deposited" };
