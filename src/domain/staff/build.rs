//! Conversions between the document and the member.

use super::context::{RegisterContext, StoredPerson};
use super::raw::{RawAbsence, RawContract, RawDocument, RawFunction, RawMember, RawTraining};
use super::{Absence, Contract, Document, Function, Member, Training};
use crate::domain::person::Name;
use crate::domain::raw::{Field, Label, List};
use crate::domain::ssin::Ssin;

/// The member that `raw` describes, with the stored data of the person for what it leaves out, and in the stored order where
/// only the order differs; nothing where a field is malformed or names something that does not exist.
pub fn build(raw: RawMember, context: &RegisterContext<'_>) -> Option<Member> {
    let stored = context.find_held(&raw).map(|known| &known.member);
    let sent = raw.ssin.get().and_then(|text| Ssin::parse(&text.0).ok());
    let ssin = sent.or_else(|| stored.and_then(|stored| stored.ssin.clone()));
    let told = ssin.as_ref().and_then(|ssin| ssin.birth_date(context.latest_birth_date()));
    let birth_date = raw.birth_date.get().copied().or(told).or_else(|| stored.map(|stored| stored.birth_date))?;
    let member = Member {
        reference: raw.reference.take()?.0,
        ssin,
        given_name: raw.given_name.take()?.0,
        family_name: raw.family_name.take()?.0,
        birth_date,
        contracts: section(raw.contracts, stored.map(|stored| &stored.contracts), |raw| contract(raw, context))?,
        trainings: section(raw.trainings, stored.map(|stored| &stored.trainings), training)?,
        documents: section(raw.documents, stored.map(|stored| &stored.documents), document)?,
        absences: section(raw.absences, stored.map(|stored| &stored.absences), absence)?,
    };
    Some(match stored {
        Some(stored) => member.in_order_of(stored),
        None => member,
    })
}

/// A section: the sent one, or the stored one when it is absent.
fn section<R, T: Clone, const MAX: usize>(
    sent: Field<List<R, MAX>>,
    stored: Option<&Vec<T>>,
    make: impl Fn(R) -> Option<T>,
) -> Option<Vec<T>> {
    match sent {
        Field::Absent => Some(stored.cloned().unwrap_or_default()),
        sent => sent.take()?.0.into_iter().map(|item| make(item.take()?)).collect(),
    }
}

fn contract(raw: RawContract, context: &RegisterContext<'_>) -> Option<Contract> {
    let functions = raw.functions.take()?.0.into_iter();
    Some(Contract {
        reference: raw.reference.take()?.0,
        status: raw.status.take()?,
        start_date: raw.start_date.take()?,
        end_date: raw.end_date.take(),
        functions: functions.map(|function| self::function(function.take()?, context)).collect::<Option<_>>()?,
    })
}

fn function(raw: RawFunction, context: &RegisterContext<'_>) -> Option<Function> {
    Some(Function {
        creche_id: context.find_creche(&raw.creche.take()?.0)?,
        category: raw.category.take()?,
        fte_hundredths: raw.fte.take()?,
    })
}

fn training(raw: RawTraining) -> Option<Training> {
    Some(Training { kind: raw.kind.take()?, title: raw.title.take()?.0, date: raw.date.take()? })
}

fn document(raw: RawDocument) -> Option<Document> {
    Some(Document { kind: raw.kind.take()?, date: raw.date.take()?, valid_until: raw.valid_until.take() })
}

fn absence(raw: RawAbsence) -> Option<Absence> {
    Some(Absence { kind: raw.kind.take()?, start_date: raw.start_date.take()?, end_date: raw.end_date.take() })
}

impl Member {
    /// As a document with the same content, without the digits of the number.
    pub fn into_raw(self) -> RawMember {
        RawMember {
            reference: Field::Present(Label(self.reference)),
            ssin: Field::Absent,
            ssin_present: self.ssin.map(|_| true).into(),
            given_name: Field::Present(Name(self.given_name)),
            family_name: Field::Present(Name(self.family_name)),
            birth_date: Field::Present(self.birth_date),
            contracts: list(self.contracts, Contract::into_raw),
            trainings: list(self.trainings, Training::into_raw),
            documents: list(self.documents, Document::into_raw),
            absences: list(self.absences, Absence::into_raw),
            unknown: false,
        }
    }
}

fn list<T, R, const MAX: usize, const MIN: usize>(items: Vec<T>, make: impl Fn(T) -> R) -> Field<List<R, MAX, MIN>> {
    Field::Present(List(items.into_iter().map(|item| Field::Present(make(item))).collect()))
}

impl Contract {
    /// As a document with the same content.
    pub fn into_raw(self) -> RawContract {
        RawContract {
            reference: Field::Present(Label(self.reference)),
            status: Field::Present(self.status),
            start_date: Field::Present(self.start_date),
            end_date: self.end_date.into(),
            functions: list(self.functions, Function::into_raw),
            unknown: false,
        }
    }
}

impl Function {
    fn into_raw(self) -> RawFunction {
        RawFunction {
            creche: Field::Present(Label(self.creche_id.to_string())),
            category: Field::Present(self.category),
            fte: Field::Present(self.fte_hundredths),
            unknown: false,
        }
    }
}

impl Training {
    fn into_raw(self) -> RawTraining {
        RawTraining {
            kind: Field::Present(self.kind),
            title: Field::Present(Label(self.title)),
            date: Field::Present(self.date),
            unknown: false,
        }
    }
}

impl Document {
    fn into_raw(self) -> RawDocument {
        RawDocument {
            kind: Field::Present(self.kind),
            date: Field::Present(self.date),
            valid_until: self.valid_until.into(),
            unknown: false,
        }
    }
}

impl Absence {
    fn into_raw(self) -> RawAbsence {
        RawAbsence {
            kind: Field::Present(self.kind),
            start_date: Field::Present(self.start_date),
            end_date: self.end_date.into(),
            unknown: false,
        }
    }
}

/// `raw` without the sections that need a right of their own: diplomas and documents.
pub fn kept_sections(mut raw: RawMember, documents: bool) -> RawMember {
    if !documents {
        raw.trainings = Field::Absent;
        raw.documents = Field::Absent;
    }
    raw
}

impl StoredPerson {
    /// Whether `raw` has this person's reference.
    pub(super) fn is_named(&self, raw: &RawMember) -> bool {
        raw.reference.get().is_some_and(|reference| reference.0 == self.member.reference)
    }
}
