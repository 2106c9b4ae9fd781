//! The rules of documents. Every rule is one entry of one table; `/refData/rules` publishes them all.

use jiff::civil::Date;

use crate::words::{LocalText, rule_owners};

/// Whether breaking the rule refuses the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The document is refused until it is repaired.
    Error,
    /// The document is accepted; the finding should be checked.
    Warning,
}

impl Severity {
    /// The name in findings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The severity that a rule has from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnouncedSeverity {
    /// The severity.
    pub severity: Severity,
    /// The first day.
    pub from: Date,
}

/// The rules that a document is validated by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuleSet {
    /// Those in force.
    #[default]
    Current,
    /// The same with every announced severity.
    Next,
}

/// A name that is no set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a set of rules: current or next")]
pub struct ParseRuleSetError;

impl std::str::FromStr for RuleSet {
    type Err = ParseRuleSetError;

    fn from_str(text: &str) -> Result<Self, ParseRuleSetError> {
        match text {
            "current" => Ok(Self::Current),
            "next" => Ok(Self::Next),
            _ => Err(ParseRuleSetError),
        }
    }
}

/// The party that can repair a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The users who enter the data.
    Encoder,
    /// The vendor, in the software.
    Vendor,
    /// The organiser's administrators, by rights, keys and registers.
    Administrator,
    /// The agency.
    Agency,
}

impl Owner {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Encoder, Self::Vendor, Self::Administrator, Self::Agency];

    /// The name in findings and in the catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Encoder => "encoder",
            Self::Vendor => "vendor",
            Self::Administrator => "administrator",
            Self::Agency => "agency",
        }
    }

    /// The party's displayed name.
    pub const fn label(self) -> LocalText {
        match self {
            Self::Encoder => rule_owners::ENCODER,
            Self::Vendor => rule_owners::VENDOR,
            Self::Administrator => rule_owners::ADMINISTRATOR,
            Self::Agency => rule_owners::AGENCY,
        }
    }
}

/// The facts that a rule needs beyond the document; off-line they may not be available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the document and its month are enough.
    Nothing,
    /// Today's date.
    Today,
    /// The crèche's closures.
    Closures,
    /// The crèche's authorised places.
    Capacity,
    /// Earlier statements.
    History,
    /// The organiser's doctors.
    Doctors,
    /// The organiser's crèches, the sender's rights, and the SSINs that are taken.
    Organiser,
}

/// A line that breaks the rule and the same line repaired, in a few words of JSON or of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Breaks the rule.
    pub wrong: &'static str,
    /// Satisfies it.
    pub right: &'static str,
}

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name, `family.lowerCamelCase`.
    pub code: &'static str,
    /// Whether it refuses.
    pub severity: Severity,
    /// Who can repair it.
    pub owner: Owner,
    /// The facts it needs.
    pub need: Need,
    /// Why it is found, as a sentence; `{name}` stands for a parameter of the finding.
    pub reason: LocalText,
    /// What to do, as a sentence.
    pub repair: LocalText,
    /// Before and after.
    pub example: Example,
}

/// Declares a family of rules: a constant for each, and the table `ALL` of them.
///
/// It begins with `words area;`, the file in `src/words/<language>/` that has a table with `reason` and `repair` for each
/// rule. A rule reads `NAME = "family.code", Severity, Owner, Need;`, then an example: what breaks the rule, and what
/// satisfies it.
macro_rules! rules {
    (
        words $area:ident;
        $(
            $(#[$doc:meta])*
            $name:ident = $code:literal, $severity:ident, $owner:ident, $need:ident;
            example $wrong:literal => $right:literal;
        )+
    ) => {
        $(
            $(#[$doc])*
            pub static $name: $crate::domain::rule::Rule = $crate::domain::rule::Rule {
                code: $code,
                severity: $crate::domain::rule::Severity::$severity,
                owner: $crate::domain::rule::Owner::$owner,
                need: $crate::domain::rule::Need::$need,
                reason: $crate::words::$area::$name::reason,
                repair: $crate::words::$area::$name::repair,
                example: $crate::domain::rule::Example { wrong: $wrong, right: $right },
            };
        )+

        /// Every rule of the family.
        pub static ALL: &[&$crate::domain::rule::Rule] = &[$(&$name),+];
    };
}
pub(crate) use rules;
