//! The words of the pages of each kind.

use crate::domain::statement::StatementKind;
use crate::words::LocalText;

/// The words of the pages of a kind.
pub(in crate::console) struct KindWords {
    /// Which kind.
    pub(in crate::console) kind: StatementKind,
    /// A line.
    pub(in crate::console) line: LocalText,
    /// Lines, as a heading.
    pub(in crate::console) lines: LocalText,
    /// One line, and several, after their number.
    pub(in crate::console) count: [LocalText; 2],
    /// The title of the lines.
    pub(in crate::console) body: LocalText,
    /// There are no lines.
    pub(in crate::console) none: LocalText,
    /// No line changed.
    pub(in crate::console) same: LocalText,
    /// What to type into the table.
    pub(in crate::console) codes: LocalText,
    /// The note on months without a statement below the board.
    pub(in crate::console) without: LocalText,
    /// The initial lines of a new month, if there can be any.
    pub(in crate::console) carried: Option<CarriedWords>,
}

/// The initial lines of a new month.
pub(in crate::console) struct CarriedWords {
    /// The workbook with them.
    pub(in crate::console) template: LocalText,
    /// The table with them.
    pub(in crate::console) start: LocalText,
    /// What the table leaves out of a statement that was deposited.
    pub(in crate::console) lost: LocalText,
}

impl KindWords {
    /// The path of its board.
    pub(in crate::console) fn part(&self) -> &'static str {
        self.kind.board().unwrap_or_default()
    }

    /// Its displayed name.
    pub(in crate::console) const fn title(&self) -> &'static LocalText {
        &self.kind.facts().title
    }

    /// Whether every month is due.
    pub(in crate::console) const fn is_due(&self) -> bool {
        self.kind.is_due()
    }
}
