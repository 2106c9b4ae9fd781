//! Importing the staff register: its schema, and its sheets combined into one document.

use std::collections::HashMap;

use super::schema::STAFF_REGISTER;
use super::workbook::parsed_workbook::{CellMapper, ParsedWorkbook, merge_findings};
use super::workbook::property::Property;
use super::workbook::staff::{ABSENCES, CONTRACTS, DOCUMENTS, FUNCTIONS, MEMBERS, OwnedRecord, STAFF, TRAININGS};
pub use super::workbook::template::staff::write;
use super::workbook::{RequestedSheet, records};
use super::{ImportFormat, Sheets};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, List};
use crate::domain::rules::workbook::OWNER_MISSING;
use crate::domain::staff::raw::{MAX_MEMBERS, RawContract, RawFunction, RawMember, RawRegister, Reference};

/// The most rows of a sheet below the persons'.
const MAX_ROWS: usize = 20_000;

impl ImportFormat for RawRegister {
    const SCHEMA: &'static str = STAFF_REGISTER;
    const SHEETS: &'static [RequestedSheet] = &[
        RequestedSheet::main(&STAFF[0]),
        RequestedSheet::main(&STAFF[1]),
        RequestedSheet::main(&STAFF[2]),
        RequestedSheet::optional(&STAFF[3]),
        RequestedSheet::optional(&STAFF[4]),
        RequestedSheet::optional(&STAFF[5]),
    ];
    type Expected = ();

    fn read(sheets: &Sheets, (): &()) -> Result<(Self, Box<dyn CellMapper>), Finding> {
        let mut book = RegisterSheets::default();
        let members = book.sheet(sheets, &MEMBERS, MAX_MEMBERS)?;
        let contracts = book.sheet(sheets, &CONTRACTS, MAX_ROWS)?;
        let functions = book.sheet(sheets, &FUNCTIONS, MAX_ROWS)?;
        let trainings = book.sheet(sheets, &TRAININGS, MAX_ROWS)?;
        let documents = book.sheet(sheets, &DOCUMENTS, MAX_ROWS)?;
        let absences = book.sheet(sheets, &ABSENCES, MAX_ROWS)?;
        let mut register = book.members(members);
        book.contracts(&mut register, contracts);
        book.functions(&mut register, functions);
        book.section(&mut register, (3, "trainings", trainings), |member| &mut member.trainings);
        book.section(&mut register, (4, "documents", documents), |member| &mut member.documents);
        book.section(&mut register, (5, "absences", absences), |member| &mut member.absences);
        let members = register.into_iter().map(Field::Present).collect();
        Ok((Self { members: Field::Present(List(members)), ..Self::default() }, Box::new(book)))
    }
}

/// The sheets of a register, with the row of each record of the document.
#[derive(Default)]
struct RegisterSheets {
    sheets: Vec<Option<ParsedWorkbook<()>>>,
    /// Sheet and row of a record, by its place in the document.
    rows: HashMap<String, (usize, usize)>,
    /// The persons, by reference.
    persons: HashMap<Reference, usize>,
    /// The contracts, by the person's reference and their own.
    contracts: HashMap<(Reference, Reference), (usize, usize)>,
    findings: Findings,
}

impl RegisterSheets {
    /// Reads the next sheet; a missing one has no rows.
    fn sheet<R: Default>(
        &mut self,
        sheets: &Sheets,
        properties: &[Property<R>],
        most: usize,
    ) -> Result<Vec<R>, Finding> {
        let at = self.sheets.len();
        let Some(table) = sheets.get(at).and_then(Option::as_ref) else {
            self.sheets.push(None);
            return Ok(Vec::new());
        };
        let (rows, sheet) = records::read(table, None, &STAFF[at], properties, most)?.part();
        self.sheets.push(Some(sheet));
        Ok(rows.into_iter().filter_map(Field::take).collect())
    }

    fn members(&mut self, rows: Vec<RawMember>) -> Vec<RawMember> {
        for (row, member) in rows.iter().enumerate() {
            self.rows.insert(format!("/members/{row}"), (0, row));
            if let Some(reference) = member.reference.get() {
                self.persons.entry(reference.clone()).or_insert(row);
            }
        }
        rows
    }

    fn contracts(&mut self, members: &mut [RawMember], rows: Vec<OwnedRecord<RawContract>>) {
        for (row, OwnedRecord { member, record, .. }) in rows.into_iter().enumerate() {
            let owner = member.get().and_then(|owner| Some((owner.clone(), *self.persons.get(owner)?)));
            let Some((owner, at)) = owner else {
                self.add_unmatched_row((1, row), "member", 0);
                continue;
            };
            let contracts = list(&mut members[at].contracts);
            self.rows.insert(format!("/members/{at}/contracts/{}", contracts.len()), (1, row));
            if let Some(reference) = record.reference.get() {
                self.contracts.entry((owner, reference.clone())).or_insert((at, contracts.len()));
            }
            contracts.push(Field::Present(record));
        }
    }

    fn functions(&mut self, members: &mut [RawMember], rows: Vec<OwnedRecord<RawFunction>>) {
        for (row, OwnedRecord { member, contract, record }) in rows.into_iter().enumerate() {
            let owner = member.take().zip(contract.take()).and_then(|owner| self.contracts.get(&owner).copied());
            let place = owner.and_then(|(member, contract)| {
                let Field::Present(found) = list(&mut members[member].contracts).get_mut(contract)? else {
                    return None;
                };
                Some((format!("/members/{member}/contracts/{contract}/functions"), list(&mut found.functions)))
            });
            let Some((place, functions)) = place else {
                self.add_unmatched_row((2, row), "contract", 1);
                continue;
            };
            self.rows.insert(format!("{place}/{}", functions.len()), (2, row));
            functions.push(Field::Present(record));
        }
    }

    /// A section of the persons: the number of its sheet, its name in the document, its rows.
    fn section<R, const MAX: usize>(
        &mut self,
        members: &mut [RawMember],
        (sheet, name, rows): (usize, &str, Vec<OwnedRecord<R>>),
        of: impl Fn(&mut RawMember) -> &mut Field<List<R, MAX>>,
    ) {
        for (row, OwnedRecord { member, record, .. }) in rows.into_iter().enumerate() {
            let Some(at) = member.get().and_then(|owner| self.persons.get(owner)).copied() else {
                self.add_unmatched_row((sheet, row), "member", 0);
                continue;
            };
            let items = list(of(&mut members[at]));
            self.rows.insert(format!("/members/{at}/{name}/{}", items.len()), (sheet, row));
            items.push(Field::Present(record));
        }
    }

    /// The finding on a row that refers to nothing on the sheet `to`.
    fn add_unmatched_row(&mut self, (sheet, row): (usize, usize), property: &str, to: usize) {
        let place = FindingPlace::line(row).field(property);
        let cell = self.sheets[sheet].as_ref().and_then(|sheet| sheet.cells.cell(&place.pointer));
        let finding = Finding::new(&OWNER_MISSING, FindingPlace { pointer: String::new(), cell });
        self.findings.push(finding.with("sheet", Param::Code(STAFF[to].sheet.to_owned())));
    }

    /// The sheet of a place of the document, and the place there.
    fn on_sheet(&self, pointer: &str) -> Option<(&ParsedWorkbook<()>, String)> {
        let mut whole = pointer;
        loop {
            if let Some((sheet, row)) = self.rows.get(whole) {
                let rest = &pointer[whole.len()..];
                return Some((self.sheets[*sheet].as_ref()?, format!("/lines/{row}{rest}")));
            }
            let Some((shorter, _)) = whole.rsplit_once('/') else {
                return Some((self.sheets.first()?.as_ref()?, String::new()));
            };
            whole = shorter;
        }
    }
}

impl CellMapper for RegisterSheets {
    fn map_to_cells(&self, found: Findings) -> Findings {
        let mut own = self.findings.clone();
        self.sheets.iter().flatten().for_each(|sheet| own.extend(sheet.findings.clone()));
        let explains = |pointer: &str| self.on_sheet(pointer).is_some_and(|(sheet, there)| sheet.explains(&there));
        merge_findings(own, found, explains, |pointer| {
            let (sheet, there) = self.on_sheet(pointer)?;
            sheet.cells.cell(&there)
        })
    }

    fn cell_of(&self, pointer: &str) -> Option<String> {
        let (sheet, there) = self.on_sheet(pointer)?;
        sheet.cells.exact(&there)
    }
}

/// The items of a list, which is created when it is absent.
fn list<T, const MAX: usize, const MIN: usize>(field: &mut Field<List<T, MAX, MIN>>) -> &mut Vec<Field<T>> {
    if field.get().is_none() {
        *field = Field::Present(List::default());
    }
    match field {
        Field::Present(List(items)) => items,
        _ => unreachable!("the list was begun"),
    }
}
