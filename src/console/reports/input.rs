//! The fields of the form of a report: from the document and back.

use crate::app::reports::FormPerson;
use crate::console::form::Fields;
use crate::console::form_fields::text;
use crate::domain::money::Cents;
use crate::domain::period::Quarter;
use crate::domain::raw::{Field, Flag, Label, List};
use crate::domain::report::raw::{RawCosts, RawExpense, RawHours, RawIndemnity, RawPerson, RawReport, RawSalary};
use crate::domain::report::{MAX_COSTS, MAX_PERSONS};

/// The lists of expenses: name of the field, property of the document.
pub(super) const LISTS: [(&str, &str); 4] = [
    ("supplies", "supplies"),
    ("sessions", "educationalSessions"),
    ("parents", "parentActivities"),
    ("trainings", "doctorTrainings"),
];
/// The indemnities: name of the field, property of the document.
pub(super) const INDEMNITIES: [(&str, &str); 2] = [("clerk", "clerkIndemnity"), ("premises", "premisesIndemnity")];

/// The most entries of a list that a form has: more than a report may have.
pub(super) const MOST: usize = 2 * MAX_COSTS;

/// The document of a form, and the field of each of its places.
pub(super) struct ParsedForm {
    pub(super) document: RawReport,
    /// Place in the document without its first slash, and id of the field.
    places: Vec<(String, String)>,
}

impl ParsedForm {
    /// The field of a place: that of the longest place around it.
    pub(super) fn field_of(&self, place: &str) -> String {
        let around = self.places.iter().filter(|(known, _)| place.starts_with(known.as_str()));
        around.max_by_key(|(known, _)| known.len()).map(|(_, field)| field.clone()).unwrap_or_default()
    }

    /// Reads a form.
    pub(super) fn of(fields: &Fields, quarter: Quarter) -> Self {
        let mut form = Self { document: RawReport::default(), places: Vec::new() };
        let mut staff = Vec::new();
        // One more than a report may have is refused by the schema.
        for id in fields.all("person").take(MAX_PERSONS + 1) {
            staff.extend(form.person(fields, (id, staff.len()), quarter).map(Field::Present));
        }
        let hours = form.hours(fields);
        let children = whole_number(fields.get("children"));
        form.place("childrenOn15January", "children");
        let costs = form.costs(fields);
        form.document = RawReport {
            staff: if staff.is_empty() { Field::Absent } else { Field::Present(List(staff)) },
            opening_hours: hours,
            children_on_15_january: children,
            costs,
            unknown: false,
        };
        form
    }

    fn place(&mut self, place: impl Into<String>, field: impl Into<String>) {
        self.places.push((place.into(), field.into()));
    }

    /// The person with this id, in this place of the document; `None` of one who is neither claimed for nor was named before.
    fn person(&mut self, fields: &Fields, (id, at): (&str, usize), quarter: Quarter) -> Option<RawPerson> {
        let ticked = format!("subsidised.{id}");
        let salary = |number: usize| format!("salary.{id}.{number}");
        let is_paid = (0..3).any(|number| !fields.get(&salary(number)).is_empty());
        if !fields.ticked(&ticked) && !is_paid && !fields.has(&format!("stored.{id}")) {
            return None;
        }
        self.place(format!("staff/{at}"), &ticked);
        let mut salaries = Vec::new();
        for (number, month) in quarter.months().into_iter().enumerate() {
            let name = salary(number);
            if !fields.get(&name).is_empty() {
                self.place(format!("staff/{at}/grossSalaries/{}", salaries.len()), &name);
                let gross = amount(fields.get(&name));
                salaries.push(Field::Present(RawSalary { month: Field::Present(month), gross, unknown: false }));
            }
        }
        Some(RawPerson {
            reference: Field::from_text(fields.get(&format!("reference.{id}"))),
            subsidised: Field::Present(Flag(fields.ticked(&ticked))),
            salaries: if salaries.is_empty() { Field::Absent } else { Field::Present(List(salaries)) },
            unknown: false,
        })
    }

    fn hours(&mut self, fields: &Fields) -> Field<RawHours> {
        for name in ["from", "until"] {
            self.place(format!("openingHours/{name}"), name);
        }
        if fields.get("from").is_empty() && fields.get("until").is_empty() {
            return Field::Absent;
        }
        Field::Present(RawHours { from: text(fields, "from"), until: text(fields, "until"), unknown: false })
    }

    fn costs(&mut self, fields: &Fields) -> Field<RawCosts> {
        let [clerk_indemnity, premises_indemnity] =
            INDEMNITIES.map(|(name, property)| self.indemnity(fields, name, property));
        self.place("costs/socialStaffTravelCents", "travel");
        let [supplies, educational_sessions, parent_activities, doctor_trainings] =
            LISTS.map(|(name, property)| self.expenses(fields, name, property));
        let costs = RawCosts {
            clerk_indemnity,
            premises_indemnity,
            supplies,
            social_staff_travel: amount(fields.get("travel")),
            educational_sessions,
            parent_activities,
            doctor_trainings,
            unknown: false,
        };
        if costs == RawCosts::default() { Field::Absent } else { Field::Present(costs) }
    }

    fn indemnity(&mut self, fields: &Fields, name: &str, property: &str) -> Field<RawIndemnity> {
        let (quantity, unit) = (format!("{name}-quantity"), format!("{name}-unit"));
        self.place(format!("costs/{property}"), &quantity);
        self.place(format!("costs/{property}/unitCents"), &unit);
        if fields.get(&quantity).is_empty() && fields.get(&unit).is_empty() {
            return Field::Absent;
        }
        let (quantity, unit) = (whole_number(fields.get(&quantity)), amount(fields.get(&unit)));
        Field::Present(RawIndemnity { quantity, unit, unknown: false })
    }

    fn expenses<const MAX: usize>(
        &mut self,
        fields: &Fields,
        name: &str,
        property: &str,
    ) -> Field<List<RawExpense, MAX>> {
        let mut found = Vec::new();
        for at in (0..MOST).take_while(|at| fields.has(&format!("{name}-{at}-date"))) {
            let part = |part: &str| format!("{name}-{at}-{part}");
            let (date, description, sum) = (part("date"), part("description"), part("amount"));
            if [&date, &description, &sum].iter().all(|field| fields.get(field).is_empty()) {
                continue;
            }
            let place = format!("costs/{property}/{}", found.len());
            self.place(&place, &date);
            self.place(format!("{place}/description"), &description);
            self.place(format!("{place}/amountCents"), &sum);
            let (date, description) = (text(fields, &date), text(fields, &description));
            let amount = amount(fields.get(&sum));
            found.push(Field::Present(RawExpense { date, description, amount, unknown: false }));
        }
        if found.is_empty() { Field::Absent } else { Field::Present(List(found)) }
    }
}

/// An amount in euros as users write it.
fn amount(typed: &str) -> Field<Cents> {
    if typed.is_empty() {
        return Field::Absent;
    }
    Cents::parse(typed).map_or_else(|| Field::malformed(typed), Field::Present)
}

/// A whole number as users write it.
fn whole_number(typed: &str) -> Field<u32> {
    if typed.is_empty() {
        return Field::Absent;
    }
    let number = typed.parse().ok().filter(|number| *number <= 99_999);
    number.map_or_else(|| Field::malformed(typed), Field::Present)
}

/// A document as the fields of the form for these persons.
pub(super) fn fields_of(document: &RawReport, shown: &[FormPerson], quarter: Quarter) -> Fields {
    let mut fields = Fields::default();
    let persons: Vec<_> = list(&document.staff).collect();
    for FormPerson { id, reference, .. } in shown {
        let named = |person: &&&RawPerson| person.reference.get().is_some_and(|Label(name)| name == reference);
        let Some(person) = persons.iter().find(named) else { continue };
        if person.subsidised.get() == Some(&Flag(true)) {
            fields.push(&format!("subsidised.{id}"), "1".to_owned());
        }
        for salary in list(&person.salaries) {
            let number = quarter.months().iter().position(|month| salary.month.get() == Some(month));
            if let (Some(number), Some(gross)) = (number, salary.gross.get()) {
                fields.push(&format!("salary.{id}.{number}"), gross.to_string());
            }
        }
    }
    if let Some(hours) = document.opening_hours.get() {
        for (name, time) in [("from", &hours.from), ("until", &hours.until)] {
            fields.push(name, time.get().map(|time| String::from(*time)).unwrap_or_default());
        }
    }
    if let Some(children) = document.children_on_15_january.get() {
        fields.push("children", children.to_string());
    }
    if let Some(costs) = document.costs.get() {
        push_costs(costs, &mut fields);
    }
    fields
}

fn push_costs(costs: &RawCosts, fields: &mut Fields) {
    for ((name, _), indemnity) in INDEMNITIES.iter().zip([&costs.clerk_indemnity, &costs.premises_indemnity]) {
        if let Some(indemnity) = indemnity.get() {
            let quantity = indemnity.quantity.get().map(ToString::to_string);
            fields.push(&format!("{name}-quantity"), quantity.unwrap_or_default());
            fields.push(&format!("{name}-unit"), indemnity.unit.get().map(ToString::to_string).unwrap_or_default());
        }
    }
    if let Some(travel) = costs.social_staff_travel.get() {
        fields.push("travel", travel.to_string());
    }
    let RawCosts { supplies, educational_sessions, parent_activities, doctor_trainings, .. } = costs;
    let lists = [supplies, educational_sessions, parent_activities, doctor_trainings];
    for ((name, _), expenses) in LISTS.iter().zip(lists) {
        for (at, expense) in list(expenses).enumerate() {
            let shown = [
                ("date", expense.date.get().map(ToString::to_string)),
                ("description", expense.description.get().map(|Label(words)| words.clone())),
                ("amount", expense.amount.get().map(ToString::to_string)),
            ];
            for (part, value) in shown {
                fields.push(&format!("{name}-{at}-{part}"), value.unwrap_or_default());
            }
        }
    }
}

/// The well-formed items of a list.
fn list<T, const MAX: usize>(list: &Field<List<T, MAX>>) -> impl Iterator<Item = &T> {
    list.get().into_iter().flat_map(|list| &list.0).filter_map(Field::get)
}
