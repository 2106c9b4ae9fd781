//! A well-formed member of staff: the type that is stored, sealed, and returned.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::raw::Hundredths;
use super::{AbsenceKind, Category, ContractStatus, DocumentKind, Status, TrainingKind, runs_on};
use crate::domain::ssin::Ssin;
use crate::ids::CrecheId;

/// One person. Not shown by `Debug`, because all of it is personal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The vendor's own reference.
    pub reference: String,
    /// National or bis number, which the gateway never returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssin: Option<Ssin>,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Birth date.
    pub birth_date: Date,
    /// Contracts, in the sender's order.
    pub contracts: Vec<Contract>,
    /// Diplomas and certificates.
    pub trainings: Vec<Training>,
    /// Documents.
    pub documents: Vec<Document>,
    /// Absences.
    pub absences: Vec<Absence>,
}

/// A contract or another link with the organiser.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// The vendor's own reference, unique within the member.
    pub reference: String,
    /// The status.
    pub status: Status,
    /// First day.
    pub start_date: Date,
    /// Last day, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
    /// The functions under it.
    pub functions: Vec<Function>,
}

/// A function in one crèche.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Function {
    /// The crèche.
    pub creche_id: CrecheId,
    /// The category.
    pub category: Category,
    /// Working time, in hundredths of a full-time equivalent.
    pub fte_hundredths: Hundredths,
}

/// A diploma or a certificate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Training {
    /// The result.
    pub kind: TrainingKind,
    /// The title.
    pub title: String,
    /// The date on it.
    pub date: Date,
}

/// The dates of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Which document.
    pub kind: DocumentKind,
    /// The date on it.
    pub date: Date,
    /// The last day of its validity, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

/// A period of absence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Absence {
    /// What kind.
    pub kind: AbsenceKind,
    /// First day.
    pub start_date: Date,
    /// Last day, if set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
}

impl Contract {
    /// Its first and last day.
    pub const fn period(&self) -> (Date, Option<Date>) {
        (self.start_date, self.end_date)
    }
}

impl Member {
    /// As `stored`, when this has the same content and only its records are in another order: that is no change.
    pub(super) fn in_order_of(self, stored: &Self) -> Self {
        if self != *stored && self.clone().sorted() == stored.clone().sorted() { stored.clone() } else { self }
    }

    fn sorted(mut self) -> Self {
        self.contracts.iter_mut().for_each(|contract| contract.functions.sort_unstable());
        self.contracts.sort_unstable();
        self.trainings.sort_unstable();
        self.documents.sort_unstable();
        self.absences.sort_unstable();
        self
    }

    /// Every crèche of every function, each once.
    pub fn creches(&self) -> Vec<CrecheId> {
        let functions = self.contracts.iter().flat_map(|contract| &contract.functions);
        let mut creches: Vec<_> = functions.map(|function| function.creche_id).collect();
        creches.sort_unstable();
        creches.dedup();
        creches
    }

    /// The state of the contracts on a day.
    pub fn standing(&self, day: Date) -> ContractStatus {
        if self.contracts.is_empty() {
            return ContractStatus::NoContract;
        }
        if self.contracts.iter().any(|contract| runs_on(contract.period(), day)) {
            return ContractStatus::Current;
        }
        let began = self.contracts.iter().any(|contract| contract.start_date <= day);
        if began { ContractStatus::Ended } else { ContractStatus::NotStarted }
    }

    /// Whether the person works in several crèches at once on a day.
    pub fn works_in_several(&self, day: Date) -> bool {
        let running = self.contracts.iter().filter(|contract| runs_on(contract.period(), day));
        let mut places: Vec<_> = running.flat_map(|contract| &contract.functions).map(|one| one.creche_id).collect();
        places.sort_unstable();
        places.dedup();
        places.len() > 1
    }

    /// The day on which the last contract ended, when none is current or future.
    pub fn ended_on(&self) -> Option<Date> {
        self.contracts.iter().map(|contract| contract.end_date).collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Member(***)")
    }
}
