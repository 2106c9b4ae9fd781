//! One record of a person: a contract with its functions, a training, a document, an absence.

mod contract;

use std::sync::Arc;

use axum::Extension;
use axum::response::Response;
use serde::Deserialize;

use super::form::{EditPage, Select, SubmittedForm};
use super::identity::find_person;
use super::{PART, href, name};
use crate::app::staff::{self, StaffPerson};
use crate::app::{Precondition, SubmittedDocument, creches};
use crate::console::confirm::{self, Confirmation};
use crate::console::field_labels::{DATE, END, KIND, START, TITLE, VALID_UNTIL};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, TextField, text};
use crate::console::page_context::{PageContext, forbidden};
use crate::console::page_frame::PageFrame;
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::domain::raw::{Field, List};
use crate::domain::staff::raw::{MAX_RECORDS, RawAbsence, RawDocument, RawMember, RawTraining};
use crate::domain::staff::{AbsenceKind, DocumentKind, TrainingKind};
use crate::http::extract::Path;
use crate::http::metrics::Metrics;
use crate::http::problem::{Problem, Result};
use crate::ids::StaffMemberId;
use crate::words::{self, LocalText};

/// A record of a person: the section, and its number from 1, or `new`.
#[derive(Deserialize)]
pub(super) struct AtRecord {
    #[serde(rename = "staffMemberId")]
    member: StaffMemberId,
    section: RecordSection,
    record: String,
}

const REMOVE: LocalText = words::staff::REMOVE;

/// The sections that are lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum RecordSection {
    Contracts,
    Trainings,
    Documents,
    Absences,
}

impl RecordSection {
    const fn name(self) -> &'static str {
        match self {
            Self::Contracts => "contracts",
            Self::Trainings => "trainings",
            Self::Documents => "documents",
            Self::Absences => "absences",
        }
    }

    const fn title(self) -> LocalText {
        match self {
            Self::Contracts => words::staff::CONTRACT,
            Self::Trainings => words::staff::TRAINING,
            Self::Documents => words::staff::DOCUMENT,
            Self::Absences => words::staff::ABSENCE,
        }
    }

    /// Whether it needs the right to diplomas and documents.
    const fn reserved(self) -> bool {
        matches!(self, Self::Trainings | Self::Documents)
    }

    fn len(self, person: &StaffPerson) -> usize {
        let member = &person.member;
        match self {
            Self::Contracts => member.contracts.len(),
            Self::Trainings => member.trainings.len(),
            Self::Documents => member.documents.len(),
            Self::Absences => member.absences.len(),
        }
    }
}

/// The index of the edited record in its section, from 0; the length for a new one.
struct RecordEditor {
    visit: PageContext,
    person: StaffPerson,
    section: RecordSection,
    at: usize,
}

impl RecordEditor {
    async fn of(visit: PageContext, AtRecord { member, section, record }: AtRecord) -> Result<Self> {
        let caller = visit.caller(Scope::StaffWrite)?;
        if section.reserved() && !caller.may(Scope::StaffDocumentsWrite) {
            return Err(forbidden());
        }
        let person = find_person(&visit, member).await?;
        let number = match record.as_str() {
            "new" => Some(section.len(&person) + 1),
            number => number.parse().ok().filter(|number| (1..=section.len(&person)).contains(number)),
        };
        let at = number.ok_or_else(|| Problem::not_found("record"))? - 1;
        Ok(Self { visit, person, section, at })
    }

    fn is_new(&self) -> bool {
        self.at >= self.section.len(&self.person)
    }

    fn ask_before_removal(&self, fields: &Fields) -> Response {
        let frame = PageFrame::at(PART, &self.visit);
        let back = href(self.person.id);
        let question = Confirmation {
            action: format!("{back}/{}/{}", self.section.name(), self.at + 1),
            title: format!("{} · {}", REMOVE.get(frame.language), self.section.title().get(frame.language)),
            consequence: frame.text(&words::staff::THE_LINE_GOES_FROM_THE_SHEET),
            button: REMOVE.get(frame.language),
            back,
        };
        confirm::confirmation_page(frame, fields, question)
    }

    /// The section with `record` in its place, or without it.
    fn section_with(&self, fields: &Fields, removed: bool) -> RawMember {
        let stored = self.person.member.clone().into_raw();
        let mut change = RawMember::default();
        match self.section {
            RecordSection::Contracts => {
                change.contracts = replaced(
                    stored.contracts,
                    self.at,
                    (!removed).then(|| contract::parse_contract(fields, self.person.member.contracts.get(self.at))),
                );
            }
            RecordSection::Trainings => {
                change.trainings = replaced(stored.trainings, self.at, (!removed).then(|| training(fields)));
            }
            RecordSection::Documents => {
                change.documents = replaced(stored.documents, self.at, (!removed).then(|| document(fields)));
            }
            RecordSection::Absences => {
                change.absences = replaced(stored.absences, self.at, (!removed).then(|| absence(fields)));
            }
        }
        change
    }

    async fn page(&self, SubmittedForm { fields, faults, stale }: SubmittedForm) -> Result<EditPage> {
        let (language, version) = (self.visit.language, self.person.version);
        let mut page = EditPage {
            frame: PageFrame::at(PART, &self.visit),
            title: self.section.title().get(language),
            name: Some(name(&self.person)),
            lead: None,
            back: href(self.person.id),
            action: format!("{}/{}/{}", href(self.person.id), self.section.name(), self.number()),
            hidden: vec![(
                "version",
                if stale { version } else { fields.number("version").unwrap_or(version) }.to_string(),
            )],
            selects: Vec::new(),
            entries: Vec::new(),
            rows: Vec::new(),
            faults: FieldErrors::default(),
            stale,
            removable: !self.is_new(),
        };
        let from = (&fields, &faults);
        let entry = |name, kind, label: LocalText, required| {
            TextField::new(name, &fields, &faults).described(kind, label.get(language), "", required)
        };
        match self.section {
            RecordSection::Contracts => {
                let caller = self.visit.caller(Scope::StaffWrite)?;
                let known = creches::list(&self.visit.app, &caller).await?;
                contract::add_inputs(&mut page, from, &known, language);
            }
            RecordSection::Trainings => {
                let kinds = (TrainingKind::ALL, TrainingKind::code as fn(_) -> _, TrainingKind::label as fn(_) -> _);
                page.selects = vec![Select::of("kind", KIND.get(language), kinds, from, language)];
                page.entries = vec![entry("title", "text", TITLE, true), entry("date", "date", DATE, true)];
            }
            RecordSection::Documents => {
                let kinds = (DocumentKind::ALL, DocumentKind::code as fn(_) -> _, DocumentKind::label as fn(_) -> _);
                page.selects = vec![Select::of("kind", KIND.get(language), kinds, from, language)];
                page.entries = vec![entry("date", "date", DATE, true), entry("validUntil", "date", VALID_UNTIL, false)];
            }
            RecordSection::Absences => {
                let kinds = (AbsenceKind::ALL, AbsenceKind::code as fn(_) -> _, AbsenceKind::label as fn(_) -> _);
                page.selects = vec![Select::of("kind", KIND.get(language), kinds, from, language)];
                page.entries = vec![entry("startDate", "date", START, true), entry("endDate", "date", END, false)];
            }
        }
        page.faults = faults;
        Ok(page)
    }

    /// Whether the form has a field with this name.
    fn has(&self, name: &str) -> bool {
        match self.section {
            RecordSection::Contracts => contract::has_field(name),
            RecordSection::Trainings => ["kind", "title", "date"].contains(&name),
            RecordSection::Documents => ["kind", "date", "validUntil"].contains(&name),
            RecordSection::Absences => ["kind", "startDate", "endDate"].contains(&name),
        }
    }

    fn number(&self) -> String {
        if self.is_new() { "new".to_owned() } else { (self.at + 1).to_string() }
    }

    /// The record as the form's values.
    fn fields(&self) -> Fields {
        let member = &self.person.member;
        let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let mut pairs = match self.section {
            RecordSection::Contracts => {
                return contract::form_values(member.contracts.get(self.at), self.person.version);
            }
            RecordSection::Trainings => member.trainings.get(self.at).map(|one| {
                vec![("kind", one.kind.code().to_owned()), ("title", one.title.clone()), ("date", one.date.to_string())]
            }),
            RecordSection::Documents => member.documents.get(self.at).map(|one| {
                let until = date(one.valid_until);
                vec![("kind", one.kind.code().to_owned()), ("date", one.date.to_string()), ("validUntil", until)]
            }),
            RecordSection::Absences => member.absences.get(self.at).map(|one| {
                let end = date(one.end_date);
                vec![("kind", one.kind.code().to_owned()), ("startDate", one.start_date.to_string()), ("endDate", end)]
            }),
        }
        .unwrap_or_default();
        pairs.push(("version", self.person.version.to_string()));
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>().into()
    }
}

pub(super) async fn filled(visit: PageContext, Path(at): Path<AtRecord>) -> Result<Response> {
    let editor = RecordEditor::of(visit, at).await?;
    let fields = editor.fields();
    Ok(editor.page(SubmittedForm { fields, ..SubmittedForm::default() }).await?.show())
}

pub(super) async fn change(
    Path(at): Path<AtRecord>,
    Extension(metrics): Extension<Arc<Metrics>>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let editor = RecordEditor::of(visit, at).await?;
    let caller = editor.visit.caller(Scope::StaffWrite)?;
    let faults = FieldErrors::unexpected(&fields, |name| editor.has(name), editor.visit.language);
    if !faults.0.is_empty() {
        return Ok(editor.page(SubmittedForm { fields, faults, stale: false }).await?.show());
    }
    let precondition = Precondition::Known(fields.number("version").into_iter().collect());
    let removed = fields.get("action") == "remove" && !editor.is_new();
    if removed && !confirm::is_sure(&fields) {
        return Ok(editor.ask_before_removal(&fields));
    }
    let change = SubmittedDocument::Fields(editor.section_with(&fields, removed));
    let kept = staff::change(&editor.visit.app, &caller, editor.person.id, &precondition, change, false).await;
    match metrics.record_staff_write(kept) {
        Ok(_) => {
            let notice = if removed { Notice::EntryRemoved } else { Notice::SheetSaved };
            Ok(editor.visit.done(&href(editor.person.id), notice).await)
        }
        Err(refusal) => {
            let record = format!("{}/{}/", editor.section.name(), editor.at);
            let named = |place: &str| contract::field_of(place.strip_prefix(&record).unwrap_or(place));
            let shown = SubmittedForm::from_refusal(fields, refusal, editor.visit.language, named)?;
            Ok(editor.page(shown).await?.show())
        }
    }
}

/// A section with a record at index `at`, at its end, or without the existing one.
fn replaced<T>(section: Field<List<T, MAX_RECORDS>>, at: usize, record: Option<T>) -> Field<List<T, MAX_RECORDS>> {
    let List(mut items) = section.take().unwrap_or_default();
    if at < items.len() {
        items.splice(at..=at, record.map(Field::Present));
    } else {
        items.extend(record.map(Field::Present));
    }
    Field::Present(List(items))
}

fn training(fields: &Fields) -> RawTraining {
    RawTraining { kind: text(fields, "kind"), title: text(fields, "title"), date: text(fields, "date"), unknown: false }
}

fn document(fields: &Fields) -> RawDocument {
    let valid_until = text(fields, "validUntil");
    RawDocument { kind: text(fields, "kind"), date: text(fields, "date"), valid_until, unknown: false }
}

fn absence(fields: &Fields) -> RawAbsence {
    let (start_date, end_date) = (text(fields, "startDate"), text(fields, "endDate"));
    RawAbsence { kind: text(fields, "kind"), start_date, end_date, unknown: false }
}
