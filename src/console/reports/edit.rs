//! The draft of a report: what it lacks, and the form in which it is prepared.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::input::{INDEMNITIES, LISTS, MOST, ParsedForm, fields_of};
use super::step::StepView;
use super::{READ, WRITE, href, statement};
use crate::app::Precondition;
use crate::app::reports::{self, DepositError, DepositOptions, FormPerson, ReportForm, SubmittedReport};
use crate::console::addresses::REPORTS;
use crate::console::correction::{CORRECTION, correction_choices, correction_reason};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, SelectOption};
use crate::console::page_context::{PageContext, forbidden};
use crate::console::page_frame::{PageFrame, day, render_with_status};
use crate::domain::claim::FigureName;
use crate::domain::key::Scope;
use crate::domain::money::Cents;
use crate::domain::notice::Notice;
use crate::domain::period::Quarter;
use crate::domain::report::ReportFigures;
use crate::domain::report::raw::RawReport;
use crate::domain::staff::Category;
use crate::http::extract::Path;
use crate::http::path_parameters::AtQuarter;
use crate::http::problem::Result;
use crate::words::{self, Language, LocalText};

#[derive(Template)]
#[template(path = "reports/edit.html", config = ".config/askama.toml")]
#[expect(clippy::struct_excessive_bools, reason = "facts of a page that do not depend on each other")]
struct ReportPage {
    frame: PageFrame,
    creche: String,
    title: String,
    /// Of a subsidised crèche.
    deadline: Option<String>,
    before: Option<(String, String)>,
    after: Option<(String, String)>,
    action: String,
    /// The sums of the stored draft; none before there is one.
    figures: Option<Vec<(&'static str, Cents)>>,
    /// Whether it is complete, in words.
    completeness: &'static str,
    steps: Vec<StepView>,
    months: Vec<String>,
    groups: Vec<PersonGroup>,
    hours: [FormInput; 2],
    /// The children of 15 January; in the first quarter only.
    children: Option<FormInput>,
    indemnities: Vec<(&'static str, [FormInput; 2])>,
    travel: FormInput,
    lists: Vec<ExpenseList>,
    revision: u32,
    /// Whether the form begins with what the quarter before had, none of which is stored.
    is_carried_over: bool,
    /// Another user stored a draft meanwhile.
    stale: bool,
    /// The reasons of a correction, where the report is signed.
    corrections: Vec<SelectOption>,
    /// The page on which it is signed.
    claim: String,
    /// Whether the user may change it, and the crèche can have a report.
    writable: bool,
    /// Whether the user may open the sheets of persons.
    opens_sheets: bool,
}

/// The persons of one category.
struct PersonGroup {
    category: &'static str,
    persons: Vec<PersonRow>,
}

struct PersonRow {
    id: String,
    name: String,
    reference: String,
    is_stored: bool,
    subsidised: FormInput,
    salaries: Vec<FormInput>,
}

/// A field with its value.
struct FormInput {
    name: String,
    label: String,
    value: String,
    error: Option<String>,
}

struct ExpenseList {
    label: &'static str,
    rows: Vec<[FormInput; 3]>,
}

/// The names of the seven kinds of costs, in the order of the report.
const COST_LABELS: [LocalText; 7] = [
    FigureName::ClerkIndemnityCents.label(),
    FigureName::PremisesIndemnityCents.label(),
    FigureName::SuppliesCents.label(),
    FigureName::SocialStaffTravelCents.label(),
    FigureName::EducationalSessionsCents.label(),
    FigureName::ParentActivitiesCents.label(),
    FigureName::DoctorTrainingsCents.label(),
];

/// How many empty entries a list has.
const BLANK: usize = 2;

/// What the page is filled with, besides the stored draft.
#[derive(Default)]
struct ReportFormView {
    fields: Option<Fields>,
    faults: FieldErrors,
    stale: bool,
}

pub(super) async fn page(visit: PageContext, Path(at): Path<AtQuarter>) -> Result<Response> {
    render_report(&visit, at, ReportFormView::default()).await
}

pub(super) async fn save(Path(at): Path<AtQuarter>, PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = visit.caller(WRITE)?;
    let form = ParsedForm::of(&fields, at.quarter);
    let precondition = Precondition::of_form(fields.number("version").unwrap_or(0));
    let correction = correction_reason(&fields);
    let options = DepositOptions { precondition, correction, ..DepositOptions::default() };
    let document = SubmittedReport::Typed(Box::new(form.document.clone()));
    match reports::deposit(&visit.app, &caller, (at.creche, at.quarter), document, options).await {
        Ok(_) => Ok(visit.done(&href(at.creche, at.quarter), Notice::ReportSaved).await),
        Err(DepositError::Invalid { findings, .. }) => {
            let faults = FieldErrors::new(&findings, visit.language).named(|place| form.field_of(place));
            render_report(&visit, at, ReportFormView { fields: Some(fields), faults, stale: false }).await
        }
        Err(DepositError::Blocked(_)) => {
            render_report(&visit, at, ReportFormView { fields: Some(fields), stale: true, ..ReportFormView::default() })
                .await
        }
        Err(DepositError::Locked) => {
            let faults = FieldErrors::one(CORRECTION, words::correction::REASON_MISSING.get(visit.language));
            render_report(&visit, at, ReportFormView { fields: Some(fields), faults, stale: false }).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn render_report(
    visit: &PageContext,
    AtQuarter { creche, quarter }: AtQuarter,
    shown: ReportFormView,
) -> Result<Response> {
    let caller = visit.caller(READ)?;
    let writable = visit.acting.mandate.may(WRITE, creche);
    let form = reports::form(&visit.app, &caller, creche, quarter).await?;
    let chosen = shown.fields.as_ref().and_then(correction_reason);
    let corrections = correction_choices(visit, &caller, statement(creche, quarter), chosen).await?;
    if shown.fields.is_some() && !writable {
        return Err(forbidden());
    }
    let status = match (shown.stale, shown.faults.0.is_empty()) {
        (true, _) => StatusCode::PRECONDITION_FAILED,
        (false, false) => StatusCode::BAD_REQUEST,
        (false, true) => StatusCode::OK,
    };
    Ok(render_with_status(status, &report_page(visit, quarter, &form, shown, (writable, corrections))))
}

fn report_page(
    visit: &PageContext,
    quarter: Quarter,
    form: &ReportForm,
    shown: ReportFormView,
    (writable, corrections): (bool, Vec<SelectOption>),
) -> ReportPage {
    let language = visit.language;
    let ReportFormView { fields, faults, stale } = shown;
    let fields = fields.unwrap_or_else(|| fields_of(&form.document, &form.persons, quarter));
    let inputs = FormInputs { fields: &fields, faults: &faults };
    let link = |other: Quarter| {
        let exists = (2000..=2099).contains(&other.year());
        exists.then(|| (href(form.creche.id, other), other.in_words(language)))
    };
    let months: Vec<_> = quarter.months().iter().map(|month| month.in_words(language)).collect();
    let groups = inputs.groups(&form.persons, &months, language);
    let hours =
        [inputs.of("from", &words::reports::OPENING, language), inputs.of("until", &words::reports::CLOSING, language)];
    let children = inputs.of("children", &words::reports::CHILDREN, language);
    let indemnities = inputs.indemnities(language);
    let travel = inputs.named("travel".to_owned(), format!("{} (€)", COST_LABELS[3].get(language)));
    let lists = inputs.lists(language);
    let completeness = if form.is_complete { words::reports::COMPLETE } else { words::reports::INCOMPLETE };
    let ids = ids(&groups, &lists);
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    ReportPage {
        frame: PageFrame::at(REPORTS, visit).refusing(&faults, &ids).refused_if(stale),
        creche: form.creche.name.clone(),
        title: quarter.in_words(language),
        deadline: form.creche.subsidised.then(|| day(quarter.deadline())),
        before: link(quarter.previous()),
        after: link(quarter.next()),
        action: href(form.creche.id, quarter),
        figures: form.revision.map(|_| sums(&form.figures, language)),
        completeness: completeness.get(language),
        steps: form.steps.iter().map(|step| StepView::of(step, form, quarter, visit)).collect(),
        months,
        groups,
        hours,
        children: (quarter.number() == 1).then_some(children),
        indemnities,
        travel,
        lists,
        // The page displays the present draft, so that its form may replace it.
        revision: form.revision.unwrap_or(0),
        is_carried_over: form.revision.is_none() && form.is_possible && form.document != RawReport::default(),
        stale,
        corrections,
        claim: format!("{}/claim", href(form.creche.id, quarter)),
        writable: writable && form.is_possible,
        opens_sheets: visit.acting.mandate.may(Scope::StaffRead, form.creche.id),
    }
}

/// The sums of a draft with their names.
fn sums(figures: &ReportFigures, language: Language) -> Vec<(&'static str, Cents)> {
    let costs = COST_LABELS.iter().zip(figures.costs());
    let salaries = (&words::reports::GROSS_SALARIES, figures.gross_salary_cents);
    std::iter::once(salaries).chain(costs).map(|(name, amount)| (name.get(language), amount)).collect()
}

/// The ids of all fields, in the order of the page.
fn ids(groups: &[PersonGroup], lists: &[ExpenseList]) -> Vec<String> {
    let persons = groups.iter().flat_map(|group| &group.persons);
    let persons = persons.flat_map(|person| std::iter::once(&person.subsidised).chain(&person.salaries));
    let entries = lists.iter().flat_map(|list| list.rows.iter().flatten());
    let between = ["from", "until", "children"].map(str::to_owned);
    let indemnities = INDEMNITIES.iter().flat_map(|(name, _)| [format!("{name}-quantity"), format!("{name}-unit")]);
    let names = |input: &FormInput| input.name.clone();
    persons
        .map(names)
        .chain(between)
        .chain(indemnities)
        .chain(["travel".to_owned()])
        .chain(entries.map(names))
        .chain([CORRECTION.to_owned()])
        .collect()
}

/// The values and the errors of the form.
struct FormInputs<'a> {
    fields: &'a Fields,
    faults: &'a FieldErrors,
}

impl FormInputs<'_> {
    fn of(&self, name: &str, label: &LocalText, language: Language) -> FormInput {
        self.named(name.to_owned(), label.get(language).to_owned())
    }

    fn named(&self, name: String, label: String) -> FormInput {
        let fault = self.faults.0.iter().find(|(field, _)| *field == name);
        let (value, error) = (self.fields.get(&name).to_owned(), fault.map(|(_, sentence)| sentence.clone()));
        FormInput { name, label, value, error }
    }

    /// The persons by category, in the order of the form.
    fn groups(&self, persons: &[FormPerson], months: &[String], language: Language) -> Vec<PersonGroup> {
        let mut groups: Vec<PersonGroup> = Vec::new();
        for person in persons {
            let category = person.category.map_or(words::reports::WITHOUT_FUNCTION, Category::label);
            let category = category.get(language);
            if groups.last().is_none_or(|group| group.category != category) {
                groups.push(PersonGroup { category, persons: Vec::new() });
            }
            let FormPerson { id, name, reference, is_stored, .. } = person;
            let salary = |(number, month): (usize, &String)| {
                self.named(format!("salary.{id}.{number}"), format!("{name}, {month}"))
            };
            let row = PersonRow {
                id: id.to_string(),
                name: name.clone(),
                reference: reference.clone(),
                is_stored: *is_stored,
                subsidised: self.of(&format!("subsidised.{id}"), &words::reports::SUBSIDISED, language),
                salaries: months.iter().enumerate().map(salary).collect(),
            };
            groups.last_mut().expect("one was just added").persons.push(row);
        }
        groups
    }

    fn indemnities(&self, language: Language) -> Vec<(&'static str, [FormInput; 2])> {
        let labels = [&COST_LABELS[0], &COST_LABELS[1]];
        let one = |((name, _), label): (&(&str, &str), &LocalText)| {
            let quantity = self.of(&format!("{name}-quantity"), &words::reports::QUANTITY, language);
            let unit = self.of(&format!("{name}-unit"), &words::reports::AMOUNT, language);
            (label.get(language), [quantity, unit])
        };
        INDEMNITIES.iter().zip(labels).map(one).collect()
    }

    fn lists(&self, language: Language) -> Vec<ExpenseList> {
        let labels = [2, 4, 5, 6].map(|at: usize| COST_LABELS[at].get(language));
        let list = |((name, _), label): (&(&str, &str), &'static str)| {
            let has = |at: usize, part: &str| !self.fields.get(&format!("{name}-{at}-{part}")).is_empty();
            let filled = |at: &usize| ["date", "description", "amount"].iter().any(|part| has(*at, part));
            let rows = (0..MOST).rfind(filled).map_or(0, |last| last + 1) + BLANK;
            let row = |at: usize| {
                let field = |part: &str, words: &LocalText| {
                    let label = format!("{label} {}, {}", at + 1, words.get(language));
                    self.named(format!("{name}-{at}-{part}"), label)
                };
                [
                    field("date", &words::common::DATE),
                    field("description", &words::reports::DESCRIPTION),
                    field("amount", &words::reports::AMOUNT),
                ]
            };
            ExpenseList { label, rows: (0..rows).map(row).collect() }
        };
        LISTS.iter().zip(labels).map(list).collect()
    }
}
