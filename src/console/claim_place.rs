//! Where the page of a claim is, and its words: those of the report of a quarter, and those of a month of consultations.

use super::addresses::REPORTS;
use crate::domain::claim::claimed_kind;
use crate::domain::key::Scope;
use crate::domain::period::Period;
use crate::http::path_parameters::{AtMonth, AtQuarter};
use crate::ids::CrecheId;
use crate::words::{LocalText, month_signature, navigation, reports};

/// The claim of a crèche and period.
#[derive(Clone, Copy)]
pub(super) struct ClaimPlace {
    pub(super) creche: CrecheId,
    pub(super) period: Period,
}

impl From<AtQuarter> for ClaimPlace {
    fn from(AtQuarter { creche, quarter }: AtQuarter) -> Self {
        Self { creche, period: quarter.into() }
    }
}

impl From<AtMonth> for ClaimPlace {
    fn from(AtMonth { creche, month }: AtMonth) -> Self {
        Self { creche, period: month.into() }
    }
}

impl ClaimPlace {
    /// The name of the period among the parts of its address.
    pub(super) const fn parameter(self) -> &'static str {
        if self.period.month().is_some() { "month" } else { "quarter" }
    }

    /// The page on which what is signed is prepared.
    pub(super) fn edit(self) -> String {
        format!("/console/creches/{}/{}/{}", self.creche, claimed_kind(self.period).name(), self.period)
    }

    /// The page of the claim.
    pub(super) fn href(self) -> String {
        format!("{}/{}", self.edit(), if self.period.month().is_some() { "signature" } else { "claim" })
    }

    /// What the addresses of its forms and receipts begin with.
    pub(super) fn base(self) -> String {
        if self.period.month().is_some() { self.href() } else { self.edit() }
    }

    /// The part of the console.
    pub(super) fn part(self) -> &'static str {
        claimed_kind(self.period).board().unwrap_or(REPORTS)
    }

    /// The right to read it.
    pub(super) const fn read(self) -> Scope {
        Scope::StatementsRead(claimed_kind(self.period))
    }

    /// The right to write about it.
    pub(super) const fn write(self) -> Scope {
        Scope::StatementsWrite(claimed_kind(self.period))
    }

    /// Its words.
    pub(super) const fn words(self) -> &'static ClaimWords {
        match self.period {
            Period::Quarter(_) => &OF_QUARTER,
            Period::Month(_) => &OF_MONTH,
        }
    }
}

/// The words of a claim's page.
pub(super) struct ClaimWords {
    /// The name of the part of the console.
    pub(super) part: LocalText,
    pub(super) title: LocalText,
    pub(super) incomplete_first: LocalText,
    pub(super) complete_it: LocalText,
    pub(super) no_right: LocalText,
    pub(super) declaration: LocalText,
    pub(super) withdraw_why: LocalText,
    pub(super) other_revisions: LocalText,
    pub(super) refused_for_good: LocalText,
    pub(super) message_hint: LocalText,
}

const OF_QUARTER: ClaimWords = ClaimWords {
    part: navigation::REPORTS,
    title: reports::SIGN_AND_FOLLOW,
    incomplete_first: reports::INCOMPLETE_FIRST,
    complete_it: reports::COMPLETE_IT,
    no_right: reports::NO_RIGHT,
    declaration: reports::DECLARATION,
    withdraw_why: reports::WITHDRAW_WHY,
    other_revisions: reports::OTHER_REVISIONS,
    refused_for_good: reports::FINAL_LEAD,
    message_hint: reports::MESSAGE_HINT,
};

const OF_MONTH: ClaimWords = ClaimWords {
    part: month_signature::PART,
    title: month_signature::SIGN_AND_FOLLOW,
    incomplete_first: month_signature::INCOMPLETE_FIRST,
    complete_it: month_signature::COMPLETE_IT,
    no_right: month_signature::NO_RIGHT,
    declaration: month_signature::DECLARATION,
    withdraw_why: month_signature::WITHDRAW_WHY,
    other_revisions: month_signature::OTHER_REVISIONS,
    refused_for_good: month_signature::FINAL_LEAD,
    message_hint: month_signature::MESSAGE_HINT,
};
