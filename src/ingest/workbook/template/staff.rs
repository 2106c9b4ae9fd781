//! Writes the workbook of the staff register: a sheet for each kind of record.

use jiff::civil::Date;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::model::Model;
use super::super::property::Property;
use super::super::staff::{ABSENCES, CONTRACTS, DOCUMENTS, FUNCTIONS, HINTS, MEMBERS, OwnedRecord, STAFF, TRAININGS};
use super::{frame, records};
use crate::domain::raw::{Field, List};
use crate::domain::staff::raw::{
    RawAbsence, RawContract, RawDocument, RawFunction, RawMember, RawRegister, RawTraining, Reference,
};

/// The displayed name of the workbook.
const TITLE: &str = "Registre du personnel";

/// The records of a register, sheet by sheet.
#[derive(Default)]
struct RegisterRows {
    members: Vec<RawMember>,
    contracts: Vec<OwnedRecord<RawContract>>,
    functions: Vec<OwnedRecord<RawFunction>>,
    trainings: Vec<OwnedRecord<RawTraining>>,
    documents: Vec<OwnedRecord<RawDocument>>,
    absences: Vec<OwnedRecord<RawAbsence>>,
}

/// Writes the register of `organiser` as it is on `day`, each sheet with at least `ready` formatted rows. The sheets of
/// diplomas and documents are included only with `documents`.
pub fn write(
    register: &RawRegister,
    organiser: &str,
    day: Date,
    ready: usize,
    documents: bool,
) -> Result<Vec<u8>, XlsxError> {
    let mut rows = RegisterRows::default();
    for member in register.members.get().into_iter().flat_map(|members| &members.0).filter_map(Field::get) {
        rows.add(member);
    }
    let mut workbook = frame::dated(TITLE, day)?;
    let mut book = RegisterBook { workbook: &mut workbook, organiser, ready };
    book.sheet(&STAFF[0], &MEMBERS, &rows.members)?;
    book.sheet(&STAFF[1], &CONTRACTS, &rows.contracts)?;
    book.sheet(&STAFF[2], &FUNCTIONS, &rows.functions)?;
    if documents {
        book.sheet(&STAFF[3], &TRAININGS, &rows.trainings)?;
        book.sheet(&STAFF[4], &DOCUMENTS, &rows.documents)?;
    }
    book.sheet(&STAFF[5], &ABSENCES, &rows.absences)?;
    frame::legend(workbook.add_worksheet(), &[("À savoir", &HINTS)])?;
    frame::bytes(workbook, &STAFF[0])
}

/// A workbook that is being written.
struct RegisterBook<'a> {
    workbook: &'a mut Workbook,
    organiser: &'a str,
    ready: usize,
}

impl RegisterBook<'_> {
    fn sheet<R>(&mut self, model: &Model, properties: &[Property<R>], rows: &[R]) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(model.sheet)?;
        let labels = [("Organisme", self.organiser.to_owned())];
        frame::labelled(sheet, model, &format!("{TITLE} · {}", model.sheet), &labels)?;
        records::rows(sheet, &properties.iter().collect::<Vec<_>>(), rows, self.ready)
    }
}

impl RegisterRows {
    fn add(&mut self, member: &RawMember) {
        let owner = &member.reference;
        for contract in items(&member.contracts) {
            let functions = items(&contract.functions)
                .map(|function| OwnedRecord { contract: contract.reference.clone(), ..owned(owner, function.clone()) });
            self.functions.extend(functions);
            self.contracts.push(owned(owner, contract.clone()));
        }
        self.trainings.extend(items(&member.trainings).map(|record| owned(owner, record.clone())));
        self.documents.extend(items(&member.documents).map(|record| owned(owner, record.clone())));
        self.absences.extend(items(&member.absences).map(|record| owned(owner, record.clone())));
        self.members.push(member.clone());
    }
}

fn items<T, const MAX: usize, const MIN: usize>(section: &Field<List<T, MAX, MIN>>) -> impl Iterator<Item = &T> {
    section.get().into_iter().flat_map(|items| &items.0).filter_map(Field::get)
}

fn owned<R>(member: &Field<Reference>, record: R) -> OwnedRecord<R> {
    OwnedRecord { member: member.clone(), contract: Field::Absent, record }
}
