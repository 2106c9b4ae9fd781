//! The facts of a kind of statement: its names, codes and words.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::domain::period::{Month, Period};
use crate::domain::rule::Rule;
use crate::words::LocalText;

/// A kind of statement, by its facts. The table of kinds is in `domain/kinds/mod.rs`.
#[derive(Clone, Copy)]
pub struct StatementKind(&'static KindFacts);

/// The names, codes and words of a kind. Codes are those of the API, of events and of the audit trail.
#[derive(Debug)]
pub struct KindFacts {
    /// The name in the database, in metrics, in the addresses of pages, and the family of its rules.
    pub name: &'static str,
    /// The collection in the API's paths.
    pub collection: &'static str,
    /// Whether there is one for each quarter; otherwise for each month. That of a quarter is stored under its first month.
    pub is_quarterly: bool,
    /// Whether a person may sign a month of it alone, and not only with the report of its quarter.
    pub is_signed_alone: bool,
    /// Its displayed name.
    pub title: LocalText,
    /// The displayed name of the file that rights are given for.
    pub file: LocalText,
    /// The scope that reads it.
    pub read: CodeWords,
    /// The scope that deposits it.
    pub write: CodeWords,
    /// The first statement of a month was accepted.
    pub deposited: CodeWords,
    /// A further revision was accepted.
    pub replaced: CodeWords,
    /// A statement was refused for its content.
    pub refused: CodeWords,
    /// A month is over and has no statement; only of a kind that is due.
    pub missing: Option<CodeWords>,
    /// A statement was read: this and the following are in the audit trail alone.
    pub statement_read: CodeWords,
    /// The pages on which it is typed in, line by line; `None` of a kind without lines.
    pub pages: Option<PageFacts>,
    /// Its family of rules.
    pub rules: &'static [&'static Rule],
}

/// The address, codes and words of the pages on which a kind of statement is typed in.
#[derive(Debug)]
pub struct PageFacts {
    /// The address of its board.
    pub board: &'static str,
    /// A draft was read.
    pub draft_read: CodeWords,
    /// A draft was changed.
    pub draft_changed: CodeWords,
    /// A draft was discarded.
    pub draft_discarded: CodeWords,
}

/// A code and its displayed words.
#[derive(Debug, Clone, Copy)]
pub struct CodeWords {
    /// The code.
    pub code: &'static str,
    /// Its words.
    pub words: LocalText,
}

impl CodeWords {
    /// A code with its words.
    pub const fn new(code: &'static str, words: LocalText) -> Self {
        Self { code, words }
    }
}

impl StatementKind {
    /// The kind with these facts.
    pub const fn new(facts: &'static KindFacts) -> Self {
        Self(facts)
    }

    /// Its facts.
    pub const fn facts(self) -> &'static KindFacts {
        self.0
    }

    /// The name in the database, in events and in metrics.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The address of its board among the pages.
    pub const fn board(self) -> Option<&'static str> {
        match &self.0.pages {
            Some(pages) => Some(pages.board),
            None => None,
        }
    }

    /// The period that is stored under this month.
    pub const fn period(self, month: Month) -> Period {
        if self.0.is_quarterly { Period::Quarter(month.quarter()) } else { Period::Month(month) }
    }

    /// Whether a month of it may be signed alone.
    pub const fn is_signed_alone(self) -> bool {
        self.0.is_signed_alone
    }

    /// Whether a subsidised crèche must deposit one for every month.
    pub const fn is_due(self) -> bool {
        self.0.missing.is_some()
    }

    /// The collection in the API's paths.
    pub const fn collection(self) -> &'static str {
        self.0.collection
    }
}

impl PartialEq for StatementKind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for StatementKind {}

impl PartialOrd for StatementKind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for StatementKind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name().cmp(other.name())
    }
}

impl Hash for StatementKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for StatementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
