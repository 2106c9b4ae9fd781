//! From the document to the report and back.

use super::raw::{RawCosts, RawExpense, RawHours, RawIndemnity, RawPerson, RawReport, RawSalary};
use super::{ClaimedPerson, Costs, Expense, Indemnity, OpeningHours, RegisterPerson, Report, ReportContext, Salary};
use crate::domain::raw::{Field, Flag, Label, List};
use crate::ids::StaffMemberId;

/// The report, when every field is well-formed and every person known.
pub fn build(raw: RawReport, context: &ReportContext<'_>) -> Option<Report> {
    let person = |raw: RawPerson| {
        let known = context.person(&raw.reference.take()?.0)?;
        let salary = |raw: RawSalary| Some(Salary { month: raw.month.take()?, gross_cents: raw.gross.take()? });
        let Flag(subsidised) = raw.subsidised.take()?;
        Some(ClaimedPerson { id: known.id, subsidised, salaries: items(raw.salaries, salary)? })
    };
    let hours = |raw: RawHours| Some(OpeningHours { from: part(raw.from, Some)?, until: part(raw.until, Some)? });
    Some(Report {
        staff: items(raw.staff, person)?,
        opening_hours: part(raw.opening_hours, hours)?,
        children_on_15_january: part(raw.children_on_15_january, Some)?,
        costs: part(raw.costs, costs)?.unwrap_or_default(),
    })
}

fn costs(raw: RawCosts) -> Option<Costs> {
    let indemnity =
        |raw: RawIndemnity| Some(Indemnity { quantity: part(raw.quantity, Some)?, unit_cents: part(raw.unit, Some)? });
    Some(Costs {
        clerk_indemnity: part(raw.clerk_indemnity, indemnity)?,
        premises_indemnity: part(raw.premises_indemnity, indemnity)?,
        supplies: items(raw.supplies, expense)?,
        social_staff_travel_cents: part(raw.social_staff_travel, Some)?,
        educational_sessions: items(raw.educational_sessions, expense)?,
        parent_activities: items(raw.parent_activities, expense)?,
        doctor_trainings: items(raw.doctor_trainings, expense)?,
    })
}

fn expense(raw: RawExpense) -> Option<Expense> {
    Some(Expense {
        date: part(raw.date, Some)?,
        description: part(raw.description, |Label(description)| Some(description))?,
        amount_cents: part(raw.amount, Some)?,
    })
}

/// A part that may be absent; `None` when it is malformed.
#[expect(clippy::option_option, reason = "absent is not malformed")]
fn part<R, T>(field: Field<R>, read: impl FnOnce(R) -> Option<T>) -> Option<Option<T>> {
    match field {
        Field::Absent => Some(None),
        field => read(field.take()?).map(Some),
    }
}

/// The items of a list that may be absent; `None` when it, or one of them, is malformed.
fn items<R, T, const MAX: usize>(field: Field<List<R, MAX>>, read: impl Fn(R) -> Option<T>) -> Option<Vec<T>> {
    let List(items) = part(field, Some)?.unwrap_or_default();
    items.into_iter().map(|item| read(item.take()?)).collect()
}

/// A draft with the persons of another document in place of those with the same references. The others stay, after them.
pub fn with_staff_of(draft: RawReport, sent: &RawReport) -> RawReport {
    let named = sent.references();
    let is_replaced =
        |person: &RawPerson| person.reference.get().is_some_and(|Label(reference)| named.contains(&reference.as_str()));
    let left = draft
        .staff
        .get()
        .into_iter()
        .flat_map(|List(persons)| persons)
        .filter(|person| !person.get().is_some_and(is_replaced));
    let sent = sent.staff.get().into_iter().flat_map(|List(persons)| persons);
    let staff: Vec<_> = sent.chain(left).cloned().collect();
    let staff = if staff.is_empty() { Field::Absent } else { Field::Present(List(staff)) };
    RawReport { staff, ..draft }
}

/// The persons whom a document names.
pub fn ids_of(raw: &RawReport, context: &ReportContext<'_>) -> Vec<StaffMemberId> {
    raw.references().into_iter().filter_map(|reference| Some(context.person(reference)?.id)).collect()
}

/// The report as a document, in which persons are named by their present references. A person who is no longer in the
/// register is named by the id.
pub fn into_raw(report: Report, staff: &[RegisterPerson]) -> RawReport {
    let person = |person: ClaimedPerson| {
        let known = staff.iter().find(|known| known.id == person.id);
        let reference = known.map_or_else(|| person.id.to_string(), |known| known.reference.clone());
        let salary = |Salary { month, gross_cents }: Salary| RawSalary {
            month: Field::Present(month),
            gross: Field::Present(gross_cents),
            unknown: false,
        };
        RawPerson {
            reference: Field::Present(Label(reference)),
            subsidised: Field::Present(Flag(person.subsidised)),
            salaries: list(person.salaries, salary),
            unknown: false,
        }
    };
    let hours = |OpeningHours { from, until }: OpeningHours| RawHours {
        from: from.into(),
        until: until.into(),
        unknown: false,
    };
    RawReport {
        staff: list(report.staff, person),
        opening_hours: report.opening_hours.map(hours).into(),
        children_on_15_january: report.children_on_15_january.into(),
        costs: raw_costs(report.costs),
        unknown: false,
    }
}

fn raw_costs(costs: Costs) -> Field<RawCosts> {
    if costs == Costs::default() {
        return Field::Absent;
    }
    let indemnity = |Indemnity { quantity, unit_cents }: Indemnity| RawIndemnity {
        quantity: quantity.into(),
        unit: unit_cents.into(),
        unknown: false,
    };
    let expense = |Expense { date, description, amount_cents }: Expense| RawExpense {
        date: date.into(),
        description: description.map(Label).into(),
        amount: amount_cents.into(),
        unknown: false,
    };
    Field::Present(RawCosts {
        clerk_indemnity: costs.clerk_indemnity.map(indemnity).into(),
        premises_indemnity: costs.premises_indemnity.map(indemnity).into(),
        supplies: list(costs.supplies, expense),
        social_staff_travel: costs.social_staff_travel_cents.into(),
        educational_sessions: list(costs.educational_sessions, expense),
        parent_activities: list(costs.parent_activities, expense),
        doctor_trainings: list(costs.doctor_trainings, expense),
        unknown: false,
    })
}

/// A list, which is absent when it is empty.
fn list<T, R, const MAX: usize>(items: Vec<T>, raw: impl Fn(T) -> R) -> Field<List<R, MAX>> {
    if items.is_empty() {
        return Field::Absent;
    }
    Field::Present(List(items.into_iter().map(|item| Field::Present(raw(item))).collect()))
}

/// The beginning of the next quarter's report: the persons who were claimed for, without salaries; the opening hours; the
/// amounts of the indemnities, none of each yet.
pub fn carried_over(report: Report) -> Report {
    let claimed = report.staff.into_iter().filter(|person| person.subsidised);
    Report {
        staff: claimed.map(|person| ClaimedPerson { salaries: Vec::new(), ..person }).collect(),
        opening_hours: report.opening_hours,
        children_on_15_january: None,
        costs: Costs {
            clerk_indemnity: report.costs.clerk_indemnity.map(Indemnity::without_quantity),
            premises_indemnity: report.costs.premises_indemnity.map(Indemnity::without_quantity),
            ..Costs::default()
        },
    }
}
