//! The sums of a report: what is claimed besides attendance and consultations.

use serde::Serialize;

use super::{ClaimedPerson, Costs, Expense, Indemnity, Report};
use crate::domain::money::Cents;

/// The sums, each kind of cost apart; amounts in euro cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportFigures {
    /// How many persons a subsidy is claimed for.
    pub subsidised_persons: u64,
    /// Their gross salaries of the quarter.
    pub gross_salary_cents: Cents,
    /// Indemnity of the clerk.
    pub clerk_indemnity_cents: Cents,
    /// Indemnity for premises.
    pub premises_indemnity_cents: Cents,
    /// Supplies.
    pub supplies_cents: Cents,
    /// Travel of social staff.
    pub social_staff_travel_cents: Cents,
    /// Educational sessions.
    pub educational_sessions_cents: Cents,
    /// Collective activities for parents.
    pub parent_activities_cents: Cents,
    /// Training for doctors.
    pub doctor_trainings_cents: Cents,
    /// All costs together, without salaries.
    pub costs_cents: Cents,
}

/// The gross salaries of those for whom a subsidy is claimed.
pub fn gross_salaries(staff: &[ClaimedPerson]) -> Cents {
    let claimed = staff.iter().filter(|person| person.subsidised);
    claimed.flat_map(|person| &person.salaries).map(|salary| salary.gross_cents).sum()
}

impl ReportFigures {
    /// The sums of this report.
    pub fn of(report: &Report) -> Self {
        let subsidised = report.staff.iter().filter(|person| person.subsidised);
        let Costs { clerk_indemnity, premises_indemnity, social_staff_travel_cents, .. } = report.costs;
        let mut figures = Self {
            subsidised_persons: subsidised.count() as u64,
            gross_salary_cents: gross_salaries(&report.staff),
            clerk_indemnity_cents: clerk_indemnity.map(Indemnity::amount).unwrap_or_default(),
            premises_indemnity_cents: premises_indemnity.map(Indemnity::amount).unwrap_or_default(),
            supplies_cents: sum(&report.costs.supplies),
            social_staff_travel_cents: social_staff_travel_cents.unwrap_or_default(),
            educational_sessions_cents: sum(&report.costs.educational_sessions),
            parent_activities_cents: sum(&report.costs.parent_activities),
            doctor_trainings_cents: sum(&report.costs.doctor_trainings),
            costs_cents: Cents::default(),
        };
        figures.costs_cents = figures.costs().into_iter().sum();
        figures
    }

    /// The seven kinds of costs, in the order of the report.
    pub const fn costs(&self) -> [Cents; 7] {
        [
            self.clerk_indemnity_cents,
            self.premises_indemnity_cents,
            self.supplies_cents,
            self.social_staff_travel_cents,
            self.educational_sessions_cents,
            self.parent_activities_cents,
            self.doctor_trainings_cents,
        ]
    }
}

impl Indemnity {
    /// None of the same amount.
    #[must_use]
    pub const fn without_quantity(self) -> Self {
        Self { quantity: Some(0), ..self }
    }

    /// The number of times the amount; 0 while one of them is lacking.
    pub fn amount(self) -> Cents {
        let parts = self.quantity.zip(self.unit_cents);
        parts.map(|(quantity, unit)| Cents(u64::from(quantity) * unit.0)).unwrap_or_default()
    }
}

fn sum(expenses: &[Expense]) -> Cents {
    expenses.iter().filter_map(|expense| expense.amount_cents).sum()
}
