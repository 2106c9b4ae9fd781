//! The warnings that a revision was accepted with, stored unsealed beside it: codes, places and counts, nothing of the
//! document's content.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::creche::Creche;
use crate::domain::current_warnings::{current_warnings, is_about_surroundings};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::period::{Month, Quarter};
use crate::domain::rule_catalogue;
use crate::domain::standing_facts::{CurrentDoctor, StandingFacts};
use crate::domain::statement::{Channel, Statement, StatementContext};
use crate::store::statements::StoredRevision;
use crate::words::OwnedLocalText;

/// The unsealed part of a revision's row: its warnings, and what they are recomputed from. Rows of an earlier version
/// have the warnings alone.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredWarnings {
    WithFacts { warnings: Vec<StoredWarning>, facts: StandingFacts },
    Alone(Vec<StoredWarning>),
}

/// The warnings that a revision was accepted with, and what is compared with the current closures, places and doctors.
pub(in crate::app) struct RevisionWarnings {
    warnings: Findings,
    facts: Option<StandingFacts>,
}

impl RevisionWarnings {
    /// Those of a row. Warnings of a rule that no longer exists are left out.
    pub(in crate::app) fn read(revision: &StoredRevision) -> Result<Self, serde_json::Error> {
        let (warnings, facts) = match serde_json::from_str(&revision.warnings)? {
            StoredWarnings::WithFacts { warnings, facts } => (warnings, Some(facts)),
            StoredWarnings::Alone(warnings) => (warnings, None),
        };
        Ok(Self { warnings: warnings.into_iter().filter_map(restore).collect(), facts })
    }

    /// Whether the organiser's current doctors are needed.
    pub(in crate::app) fn needs_doctors(&self) -> bool {
        self.facts.as_ref().is_none_or(|facts| !facts.doctors.is_empty())
    }

    /// The statement's facts, where they were stored.
    pub(in crate::app) const fn facts(&self) -> Option<&StandingFacts> {
        self.facts.as_ref()
    }

    /// The days of a month for which nothing was received; `None` where the facts were not stored, or have no days.
    pub(in crate::app) fn missing_days(&self, creche: &Creche, month: Month) -> Option<Vec<Date>> {
        self.facts.as_ref()?.missing_days(creche, month)
    }

    /// Whether there are warnings at present.
    pub(in crate::app) fn any(&self, creche: &Creche, month: Month, doctors: &[CurrentDoctor]) -> bool {
        match &self.facts {
            Some(facts) => self.stored_findings().next().is_some() || facts.is_warned(creche, month, doctors),
            None => !self.warnings.is_empty(),
        }
    }

    /// The present warnings, at the lines of `statement`.
    pub(in crate::app) fn today<S: Statement>(
        &self,
        statement: &S,
        creche: &Creche,
        doctors: &[CurrentDoctor],
        context: &StatementContext<S>,
    ) -> Findings {
        let mut warnings: Findings = self.stored_findings().cloned().collect();
        let facts = self.facts.clone().unwrap_or_else(|| statement.standing_facts());
        if facts.is_warned(creche, context.month, doctors) {
            warnings.extend(current_warnings(statement.clone(), context));
        }
        warnings.folded()
    }

    fn stored_findings(&self) -> impl Iterator<Item = &Finding> {
        self.warnings.iter().filter(|warning| !is_about_surroundings(warning.rule))
    }
}

#[derive(Serialize, Deserialize)]
struct StoredWarning {
    code: String,
    part: StoredPart,
    places: Vec<StoredPlace>,
    count: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    params: Vec<(String, StoredParam)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredPlace {
    pointer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredPart {
    Body,
    Path,
    Query,
    Header,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredParam {
    Date(Date),
    Month(Month),
    Quarter(Quarter),
    Count(u64),
    Code(String),
    Words(OwnedLocalText),
}

/// What the revision's row stores. The cells of a table that was typed in exist only on its page.
pub(in crate::app) fn write(
    warnings: &Findings,
    facts: &StandingFacts,
    channel: Channel,
) -> Result<String, serde_json::Error> {
    let mut warnings: Vec<_> = warnings.iter().map(stored_warning).collect();
    if channel == Channel::Console {
        warnings.iter_mut().flat_map(|warning| &mut warning.places).for_each(|place| place.cell = None);
    }
    serde_json::to_string(&StoredWarnings::WithFacts { warnings, facts: facts.clone() })
}

fn stored_warning(finding: &Finding) -> StoredWarning {
    let place = |place: &FindingPlace| StoredPlace { pointer: place.pointer.clone(), cell: place.cell.clone() };
    let param = |param: &Param| match param {
        Param::Date(date) => StoredParam::Date(*date),
        Param::Month(month) => StoredParam::Month(*month),
        Param::Quarter(quarter) => StoredParam::Quarter(*quarter),
        Param::Count(count) => StoredParam::Count(*count),
        Param::Code(code) => StoredParam::Code(code.clone()),
        Param::Text(text) => StoredParam::Words((*text).into()),
        Param::Words(words) => StoredParam::Words((**words).clone()),
    };
    StoredWarning {
        code: finding.rule.code.to_owned(),
        part: match finding.part {
            RequestPart::Body => StoredPart::Body,
            RequestPart::Path => StoredPart::Path,
            RequestPart::Query => StoredPart::Query,
            RequestPart::Header => StoredPart::Header,
        },
        places: finding.places.iter().map(place).collect(),
        count: finding.count,
        params: finding.params.iter().map(|(name, value)| (name.clone().into_owned(), param(value))).collect(),
        value: finding.value.clone(),
    }
}

fn restore(stored: StoredWarning) -> Option<Finding> {
    let rule = rule_catalogue::find(&stored.code)?;
    let place = |place: StoredPlace| FindingPlace { pointer: place.pointer, cell: place.cell };
    let param = |param| match param {
        StoredParam::Date(date) => Param::Date(date),
        StoredParam::Month(month) => Param::Month(month),
        StoredParam::Quarter(quarter) => Param::Quarter(quarter),
        StoredParam::Count(count) => Param::Count(count),
        StoredParam::Code(code) => Param::Code(code),
        StoredParam::Words(words) => Param::Words(Box::new(words)),
    };
    let part = match stored.part {
        StoredPart::Body => RequestPart::Body,
        StoredPart::Path => RequestPart::Path,
        StoredPart::Query => RequestPart::Query,
        StoredPart::Header => RequestPart::Header,
    };
    Some(Finding {
        rule,
        severity: rule.severity,
        is_announced: false,
        part,
        places: stored.places.into_iter().map(place).collect(),
        count: stored.count,
        params: stored.params.into_iter().map(|(name, value)| (name.into(), param(value))).collect(),
        value: stored.value,
        existing: None,
        source: None,
    })
}
