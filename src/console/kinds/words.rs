//! What the pages say of each kind.

use crate::domain::text::LocalText;
use crate::words;

/// What the pages say of a kind.
pub(in crate::console) struct KindWords {
    /// Where its board is.
    pub(in crate::console) part: &'static str,
    /// What it is called.
    pub(in crate::console) title: LocalText,
    /// Whether every month must have one.
    pub(in crate::console) due: bool,
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

/// Of who was there.
pub(super) const ATTENDANCE: KindWords = KindWords {
    part: "/console/board",
    title: words::kinds::ATTENDANCE,
    due: true,
    line: words::kinds::CHILD,
    lines: words::kinds::CHILDREN,
    count: [words::kinds::CHILD_2, words::kinds::CHILDREN_2],
    body: words::kinds::CALENDAR,
    none: words::kinds::THE_STATEMENT_HAS_NO_CHILDREN,
    same: words::kinds::NO_LINE_HAS_CHANGED,
    codes: words::kinds::CODES_P_PRESENT_AJ_JUSTIFIED_ABSENCE,
    carried: Some(CarriedWords {
        template: words::kinds::TEMPLATE_WITH_LAST_MONTHS_CHILDREN,
        start: words::kinds::THE_CHILDREN_OF_THE_LAST_MONTH,
        lost: words::kinds::THE_TABLE_HAS_NO_COLUMNS_FOR,
    }),
};

/// Of consultations.
pub(super) const MEDICAL: KindWords = KindWords {
    part: "/console/consultations",
    title: words::kinds::CONSULTATIONS,
    due: false,
    line: words::kinds::CONSULTATION,
    lines: words::kinds::CONSULTATIONS,
    count: [words::kinds::CONSULTATION_2, words::kinds::CONSULTATIONS_2],
    body: words::kinds::CONSULTATIONS_OF_THE_MONTH,
    none: words::kinds::THE_STATEMENT_HAS_NO_CONSULTATIONS,
    same: words::kinds::NO_CONSULTATION_HAS_CHANGED,
    codes: words::kinds::ONE_CONSULTATION_PER_LINE_DATE_14,
    carried: None,
};
