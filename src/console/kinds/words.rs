//! What the pages say of each kind.

use crate::domain::statement::StatementKind;
use crate::domain::text::LocalText;

/// What the pages say of a kind.
pub(in crate::console) struct KindWords {
    /// Which kind.
    pub(in crate::console) kind: StatementKind,
    /// A line.
    pub(in crate::console) line: LocalText,
    /// Lines, as a heading.
    pub(in crate::console) lines: LocalText,
    /// One line, and several, behind their number.
    pub(in crate::console) count: [LocalText; 2],
    /// What the lines are shown as.
    pub(in crate::console) body: LocalText,
    /// There are no lines.
    pub(in crate::console) none: LocalText,
    /// No line changed.
    pub(in crate::console) same: LocalText,
    /// What to type into the table.
    pub(in crate::console) codes: LocalText,
    /// What the board says below of months without a statement.
    pub(in crate::console) without: LocalText,
    /// The lines that a new month can begin with, if it can begin with any.
    pub(in crate::console) carried: Option<CarriedWords>,
}

/// What a new month can begin with.
pub(in crate::console) struct CarriedWords {
    /// The workbook that has it.
    pub(in crate::console) template: LocalText,
    /// The table that has it.
    pub(in crate::console) start: LocalText,
    /// What the table leaves out of a statement that was deposited.
    pub(in crate::console) lost: LocalText,
}

impl KindWords {
    /// Where its board is.
    pub(in crate::console) const fn part(&self) -> &'static str {
        self.kind.facts().board
    }

    /// What it is called.
    pub(in crate::console) const fn title(&self) -> &'static LocalText {
        &self.kind.facts().title
    }

    /// Whether every month must have one.
    pub(in crate::console) const fn is_due(&self) -> bool {
        self.kind.is_due()
    }
}
