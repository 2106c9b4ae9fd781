//! The part of the pages that differs between kinds of statement: words, lines and their names, figures.
//! Everything else is written once, for all kinds.

mod attendance;
mod comparison;
mod medical;
mod words;

pub(super) use self::comparison::{ComparedStatement, Difference, LinePair, match_lines};
pub(super) use self::words::{CarriedWords, KindWords};
use super::page_context::PageContext;
use crate::app::caller::Caller;
use crate::app::statements::StatementFormat;
use crate::domain::creche::Creche;
use crate::domain::finding::{FindingPlace, Findings};
use crate::domain::period::Month;
use crate::domain::summary::Figures;
use crate::http::problem::Result;
use crate::ids::CrecheId;
use crate::words::{Language, LocalText};

/// The address of a page of a month, with the names of its parts.
pub(super) fn month_route<S: StatementPages>(page: &str) -> String {
    format!("/console/creches/{{crecheId}}/{}/{{month}}{page}", S::KIND.name())
}

/// Figures by name: a row for each, with as many texts as there are columns.
#[derive(Default)]
pub(super) struct SumTable {
    pub(super) heads: Vec<&'static str>,
    pub(super) rows: Vec<(String, Vec<String>)>,
}

/// Columns of figures below one heading; without heading, columns on their own.
pub(super) struct FigureColumnGroup {
    pub(super) title: Option<LocalText>,
    pub(super) columns: &'static [LocalText],
}

/// A kind of statement with pages.
pub(super) trait StatementPages: StatementFormat + ComparedStatement {
    /// The words of the pages.
    const WORDS: &'static KindWords;
    /// The figures of a period.
    const GROUPS: &'static [FigureColumnGroup];
    /// A second breakdown of the figures of a period, if there is one.
    const BY: Option<LocalText>;

    /// The names that the user may see.
    fn names(visit: &PageContext) -> impl Future<Output = Result<Self::Names>> + Send;

    /// The names of the line and the item at a place.
    fn name_of_place(&self, names: &Self::Names, place: &FindingPlace) -> Option<String>;

    /// The sums in words.
    fn sums(totals: &Self::Totals, names: &Self::Names, language: Language) -> SumTable;

    /// The change of the sums, with signs.
    fn change(before: &Self::Totals, after: &Self::Totals, language: Language) -> SumTable;

    /// The figures of a period, a text for each column.
    fn figures(figures: &Figures<Self::Totals>, language: Language) -> Vec<String>;

    /// The suggested values of a column of the typed table for a month of a crèche; `None` when no column has any.
    fn suggestions(
        visit: &PageContext,
        caller: &Caller,
        at: (CrecheId, Month),
    ) -> impl Future<Output = Result<Option<ColumnSuggestions>>> + Send;

    /// The lines as an HTML fragment, with a mark where there is a warning.
    fn body(self, at: &LinesContext<'_, Self::Names>) -> askama::Result<String>;
}

/// The suggested values of a column.
pub(super) struct ColumnSuggestions {
    /// The header of the column.
    pub(super) header: &'static str,
    /// Each value, with its meaning.
    pub(super) options: Vec<(String, String)>,
}

/// What rendering the lines of a statement needs.
pub(super) struct LinesContext<'a, N> {
    pub(super) creche: &'a Creche,
    pub(super) month: Month,
    pub(super) names: &'a N,
    pub(super) warnings: &'a Findings,
    pub(super) language: Language,
}
