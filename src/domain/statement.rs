//! What the kinds of statement share: one crèche, one month, lines, totals, rules, revisions.

mod filter;
mod key;
mod kind;
mod revision_place;

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::filter::StatementFilter;
pub use self::key::StatementKey;
pub use self::kind::{CodeWords, KindFacts, PageFacts, StatementKind};
pub use self::revision_place::RevisionPlace;
use super::calendar::Calendar;
use super::codes::codes;
use super::creche::{Capacity, Creche};
use super::doctor::KnownDoctor;
use super::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use super::period::Month;
use super::raw::Raw;
use super::rule::{Rule, RuleSet};
use super::ssin::AcceptedSsins;
use super::standing_facts::{CurrentDoctor, StandingFacts};

/// The most lines that a statement may have, whatever its kind.
pub const MAX_LINES: usize = 500;

codes! {
    /// Whether the statement of a month was deposited.
    pub enum StatementStatus {
        /// Nothing was deposited.
        Missing "missing";
        /// Deposited, and open to corrections.
        Deposited "deposited";
        /// Deposited, and part of a signed claim: open to corrections with a reason.
        Locked "locked";
    }
}

codes! {
    /// The channel of a document.
    pub enum Channel {
        /// As JSON.
        Json "json";
        /// As an `.xlsx` workbook.
        Xlsx "xlsx";
        /// As an `.xls` workbook.
        Xls "xls";
        /// Typed in by a user.
        Console "console";
    }
}

/// One kind of statement: its types and its rules. Everything else is written once, for all kinds.
pub trait Statement: Sized + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Which kind.
    const KIND: StatementKind;
    /// The document before validation.
    type Raw: Raw + Serialize + Default + Clone + Send + Sync;
    /// The sums of a summary.
    type Totals: Totals;

    /// What the rules need besides the document.
    fn needs(raw: &Self::Raw, month: Month) -> Needs;

    /// Every finding beyond the shape, and the statement itself when it is well-formed. A statement
    /// that is returned with errors must not be stored.
    fn parse(raw: Self::Raw, context: &StatementContext<Self>) -> (Option<Self>, Findings);

    /// The statement as a document, without what the gateway never returns (the digits of SSINs).
    fn into_raw(self) -> Self::Raw;

    /// The initial lines of the next statement of the crèche, for `month`: those that have not ended, without
    /// the data of a month.
    fn carried_over(self, month: Month) -> Self::Raw;

    /// The same statement in a canonical order: equal content has equal bytes. Borrowed when it is in that order
    /// already.
    fn canonical(&self) -> Cow<'_, Self>;

    /// A shorter text than its JSON with the same content, for storage; `None` where the kind has none.
    fn to_compact(&self) -> Option<String> {
        None
    }

    /// The statement of such a text, which never begins like JSON; `None` when it cannot be read.
    fn from_compact(_text: &str) -> Option<Self> {
        None
    }

    /// How many lines it has.
    fn lines(&self) -> usize;

    /// The facts that are compared with closures, places and doctors after the deposit.
    fn standing_facts(&self) -> StandingFacts;

    /// The rule of the warning on an accepted statement that breaks `rule` at present;
    /// `None` where there is none.
    fn standing_rule(rule: &'static Rule) -> Option<&'static Rule> {
        Some(rule)
    }

    /// The same statement with the present numbers of its doctors, which may have been corrected.
    fn with_current_numbers(self, _doctors: &[CurrentDoctor]) -> Self {
        self
    }

    /// The sums.
    fn totals(&self) -> Self::Totals;

    /// The share of each line in the sums; together they are the sums exactly.
    fn contributions(&self) -> Vec<Contribution<Self::Totals>>;
}

/// Sums of a statement that can be added up over months and crèches.
pub trait Totals:
    Clone + Default + PartialEq + Serialize + DeserializeOwned + std::ops::Add<Output = Self> + Send + Sync + 'static
{
    /// The difference from `before` to `self`, with signs.
    type Change: Serialize;

    /// What changed since `before`.
    fn since(&self, before: &Self) -> Self::Change;

    /// The sums for callers with the right to figures but not to the statements.
    #[must_use]
    fn without_details(self) -> Self {
        self
    }
}

/// The share of one line in the sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution<T> {
    /// The vendor's own reference of the line.
    pub reference: String,
    /// Its share.
    pub totals: T,
    /// Its days, for comparison between revisions: a date and a code in words of the API.
    pub days: Vec<(Date, String)>,
    /// What identifies the line's subject.
    pub identity: Fingerprint,
    /// Arrivals and departures of its days.
    pub times: Fingerprint,
}

/// A hash of a part of a line, only to be compared with the same part in another revision: its value cannot be
/// derived. It is computed and compared within one process and never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The hash of this value.
    pub fn of(value: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// What validating a document may need besides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// The current statement of the same month and the last one before it.
    pub latest: bool,
    /// The other months of the quarter.
    pub quarter: bool,
    /// The same month's statements of the organiser's other crèches, and its doctors.
    pub across: bool,
}

/// Statements that were deposited before.
#[derive(Debug, Clone)]
pub struct PastStatements<S> {
    /// The same month's current statement, then the last deposited one before it.
    pub latest: Vec<S>,
    /// The other months of the quarter.
    pub quarter: Vec<S>,
    /// The same month's current statements of the organiser's other crèches.
    pub elsewhere: Vec<S>,
}

impl<S> Default for PastStatements<S> {
    fn default() -> Self {
        Self { latest: Vec::new(), quarter: Vec::new(), elsewhere: Vec::new() }
    }
}

/// What the rules need besides the document. What is `None` is not available, and the rules that need it are not
/// applied: a vendor may check a file off-line.
#[derive(Debug, Clone)]
pub struct StatementContext<S> {
    /// The month of the statement.
    pub month: Month,
    /// The present day in Brussels.
    pub today: Option<Date>,
    /// The crèche's closures.
    pub calendar: Option<Calendar>,
    /// The crèche's places.
    pub capacity: Option<Capacity>,
    /// Whether the crèche has a claim, and so a deadline.
    pub subsidised: bool,
    /// Earlier statements.
    pub past: Option<PastStatements<S>>,
    /// The organiser's doctors.
    pub doctors: Option<Vec<KnownDoctor>>,
    /// Longest stay, in minutes, that counts as half a day.
    pub half_day_max_minutes: u32,
    /// The SSINs that are taken.
    pub accepted_ssins: AcceptedSsins,
    /// The rules, by their severities.
    pub rules: RuleSet,
}

impl<S> StatementContext<S> {
    /// The finding on the month: it has not begun, or the deadline of its quarter has passed. Nothing without a present
    /// day.
    pub fn month_findings(&self, in_future: &'static Rule, deadline_passed: &'static Rule) -> Findings {
        let mut findings = Findings::default();
        let Some(today) = self.today else { return findings };
        let found = |rule| Finding::new(rule, FindingPlace::at("month")).in_part(RequestPart::Path);
        if self.month > Month::of(today) {
            let finding = found(in_future).with("month", Param::Month(self.month));
            findings.push(finding.value(self.month.to_string()));
        }
        let deadline = self.month.quarter().deadline();
        if self.subsidised && today > deadline {
            findings.push(found(deadline_passed).with("date", Param::Date(deadline)));
        }
        findings
    }

    /// The month alone.
    pub const fn offline(month: Month) -> Self {
        Self {
            month,
            today: None,
            calendar: None,
            capacity: None,
            subsidised: true,
            past: None,
            doctors: None,
            half_day_max_minutes: 300,
            accepted_ssins: AcceptedSsins::Valid,
            rules: RuleSet::Current,
        }
    }

    /// All facts of `creche`.
    pub fn of(creche: &Creche, month: Month, today: Date, half_day_max_minutes: u32) -> Self {
        Self {
            month,
            today: Some(today),
            calendar: Some(creche.calendar.clone()),
            capacity: Some(creche.capacity.clone()),
            subsidised: creche.subsidised,
            past: Some(PastStatements::default()),
            doctors: Some(Vec::new()),
            half_day_max_minutes,
            accepted_ssins: AcceptedSsins::Valid,
            rules: RuleSet::Current,
        }
    }

    /// Whether the rules that have this need can be applied.
    pub const fn knows(&self, need: super::rule::Need) -> bool {
        use super::rule::Need;
        match need {
            Need::Nothing => true,
            Need::Today => self.today.is_some(),
            Need::Closures => self.calendar.is_some(),
            Need::Capacity => self.capacity.is_some(),
            Need::History => self.past.is_some(),
            Need::Doctors => self.doctors.is_some(),
            // No rule of a statement has this need.
            Need::Organiser => false,
        }
    }
}
