//! What is signed below the sums: the gross salaries of each person, and each cost.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::claim::FigureName;
use crate::domain::money::Cents;
use crate::domain::period::{Month, Quarter};
use crate::domain::report::{ClaimedPerson, Costs, Expense, Indemnity, Report};
use crate::ids::StaffMemberId;
use crate::words::Language;

/// The salaries and the costs of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimDetails {
    quarter: Quarter,
    /// The persons for whom a subsidy is claimed, by name, with the salary of each month.
    salaries: Vec<(String, [Option<Cents>; 3])>,
    costs: Vec<CostLine>,
}

/// One cost: an indemnity, an expense, or a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CostLine {
    figure: FigureName,
    note: CostNote,
    amount: Cents,
}

/// What a cost is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum CostNote {
    /// So many times an amount.
    Times(u32, Cents),
    /// The day and the purpose of an expense.
    Spent(String),
    /// Nothing else than its kind.
    Nothing,
}

impl CostNote {
    fn written(&self, language: Language) -> String {
        match self {
            Self::Times(quantity, unit) => format!("{quantity}\u{a0}×\u{a0}{}", unit.with_currency(language)),
            Self::Spent(text) => text.clone(),
            Self::Nothing => String::new(),
        }
    }
}

/// The salary of a person and month that is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalaryChange {
    /// The person.
    pub id: StaffMemberId,
    /// Family and given name, or the reference of a person whose name the reader may not know.
    pub person: String,
    /// The month.
    pub month: Month,
    /// What was signed; `None` where no salary was.
    pub signed: Option<Cents>,
    /// What it is now.
    pub now: Option<Cents>,
}

impl SalaryChange {
    /// What was signed and what it is now, as people read it.
    pub fn written(&self, language: Language) -> [String; 2] {
        [written_or_dash(self.signed, language), written_or_dash(self.now, language)]
    }
}

/// An amount as people read it; a dash where there is none.
fn written_or_dash(amount: Option<Cents>, language: Language) -> String {
    amount.map_or_else(|| "–".to_owned(), |amount| amount.with_currency(language))
}

impl ClaimDetails {
    /// Those of a report; `names` has the name of each person.
    pub(super) fn of(report: &Report, quarter: Quarter, names: &HashMap<StaffMemberId, String>) -> Self {
        let claimed = report.staff.iter().filter(|person| person.subsidised);
        let salaries =
            claimed.map(|person| (name_of(person.id, names), quarter.months().map(|month| paid(person, month))));
        let mut salaries: Vec<_> = salaries.collect();
        salaries.sort();
        Self { quarter, salaries, costs: cost_lines(&report.costs) }
    }

    /// Whether a subsidy is claimed for somebody.
    pub const fn has_salaries(&self) -> bool {
        !self.salaries.is_empty()
    }

    /// Whether there are costs.
    pub const fn has_costs(&self) -> bool {
        !self.costs.is_empty()
    }

    /// A row for each person: the name, the salary of each month, their sum.
    pub fn salary_rows(&self, language: Language) -> Vec<Vec<String>> {
        let row = |(name, salaries): &(String, [Option<Cents>; 3])| {
            let sum: Cents = salaries.iter().flatten().copied().sum();
            let amounts = salaries.iter().map(|amount| written_or_dash(*amount, language));
            std::iter::once(name.clone()).chain(amounts).chain([sum.with_currency(language)]).collect()
        };
        self.salaries.iter().map(row).collect()
    }

    /// The names of the months.
    pub fn months(&self, language: Language) -> [String; 3] {
        self.quarter.months().map(|month| month.in_words(language))
    }

    /// A row for each cost: its kind, what it is, its amount.
    pub fn cost_rows(&self, language: Language) -> Vec<[String; 3]> {
        let row = |cost: &CostLine| {
            [
                cost.figure.label().get(language).to_owned(),
                cost.note.written(language),
                cost.amount.with_currency(language),
            ]
        };
        self.costs.iter().map(row).collect()
    }
}

/// The salaries that differ, by person and month.
pub(super) fn salary_changes(
    signed: &[ClaimedPerson],
    now: &[ClaimedPerson],
    names: &HashMap<StaffMemberId, String>,
) -> Vec<SalaryChange> {
    let paid = |persons: &[ClaimedPerson]| -> BTreeMap<(StaffMemberId, Month), Cents> {
        let claimed = persons.iter().filter(|person| person.subsidised);
        let salaries = claimed.flat_map(|person| person.salaries.iter().map(|salary| (person.id, salary)));
        salaries.map(|(id, salary)| ((id, salary.month), salary.gross_cents)).collect()
    };
    let (signed, now) = (paid(signed), paid(now));
    let keys: BTreeSet<_> = signed.keys().chain(now.keys()).copied().collect();
    let changed = keys.into_iter().filter(|key| signed.get(key) != now.get(key));
    let change = |(id, month)| SalaryChange {
        id,
        person: name_of(id, names),
        month,
        signed: signed.get(&(id, month)).copied(),
        now: now.get(&(id, month)).copied(),
    };
    let mut found: Vec<_> = changed.map(change).collect();
    found.sort_by(|one, other| (&one.person, one.month).cmp(&(&other.person, other.month)));
    found
}

fn name_of(person: StaffMemberId, names: &HashMap<StaffMemberId, String>) -> String {
    names.get(&person).cloned().unwrap_or_else(|| person.to_string())
}

/// The salary of a month.
fn paid(person: &ClaimedPerson, month: Month) -> Option<Cents> {
    person.salaries.iter().find(|salary| salary.month == month).map(|salary| salary.gross_cents)
}

/// Every cost, kind by kind in the order of the report.
fn cost_lines(costs: &Costs) -> Vec<CostLine> {
    let indemnity = |figure, one: Option<Indemnity>| {
        let Indemnity { quantity: Some(quantity), unit_cents: Some(unit) } = one? else { return None };
        let note = CostNote::Times(quantity, unit);
        (quantity > 0).then(|| CostLine { figure, note, amount: Cents(u64::from(quantity) * unit.0) })
    };
    let expenses = |figure: FigureName, list: &[Expense]| -> Vec<CostLine> {
        let line = |one: &Expense| {
            let date = one.date.map(|date| date.strftime("%d/%m/%Y").to_string());
            let parts: Vec<_> = date.into_iter().chain(one.description.clone()).collect();
            CostLine { figure, note: CostNote::Spent(parts.join(", ")), amount: one.amount_cents.unwrap_or_default() }
        };
        list.iter().map(line).collect()
    };
    let whole = |figure, amount: Option<Cents>| {
        amount.filter(|amount| amount.0 > 0).map(|amount| CostLine { figure, note: CostNote::Nothing, amount })
    };
    let mut lines = Vec::new();
    lines.extend(indemnity(FigureName::ClerkIndemnityCents, costs.clerk_indemnity));
    lines.extend(indemnity(FigureName::PremisesIndemnityCents, costs.premises_indemnity));
    lines.extend(expenses(FigureName::SuppliesCents, &costs.supplies));
    lines.extend(whole(FigureName::SocialStaffTravelCents, costs.social_staff_travel_cents));
    lines.extend(expenses(FigureName::EducationalSessionsCents, &costs.educational_sessions));
    lines.extend(expenses(FigureName::ParentActivitiesCents, &costs.parent_activities));
    lines.extend(expenses(FigureName::DoctorTrainingsCents, &costs.doctor_trainings));
    lines
}
