//! The table of organisers: a line describes an organiser and, in further columns, one of its crèches, the
//! crèche's places from a day on, and an administrator. Lines on the same organiser or crèche add up.

use super::Lines;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, List};
use crate::domain::registry::raw::{RawAdministrator, RawCreche, RawOrganiser, RawPlaces, RawRegistry};
use crate::domain::rules::document::UNKNOWN_PROPERTY;
use crate::domain::rules::registry::CONTRADICTION;
use crate::ingest::listing::{self, ListingRow, ListingTable};
use crate::ingest::schema::property_param;

/// The required columns.
const REQUIRED: [&str; 2] = ["enterpriseNumber", "legalName"];
/// The columns of a crèche.
const CRECHE: [&str; 7] =
    ["oneNumber", "name", "subsidised", "authorisedFrom", "authorisedUntil", "placesFrom", "places"];
/// The columns of its places.
const PLACES: [&str; 2] = ["placesFrom", "places"];
/// The columns of an administrator.
const ADMINISTRATOR: [&str; 4] = ["givenName", "familyName", "email", "ssin"];

/// The column of a property of the document; none for other places.
pub(super) fn column(property: &str) -> Option<&str> {
    match property {
        "from" => Some("placesFrom"),
        "capacity" => Some("places"),
        property => known_columns().find(|column| *column == property),
    }
}

fn known_columns() -> impl Iterator<Item = &'static str> {
    REQUIRED.into_iter().chain(CRECHE).chain(ADMINISTRATOR)
}

/// The document of the table, the lines of its values, and the contradictions between lines.
pub(super) fn read(table: &ListingTable) -> Result<(RawRegistry, Lines, Findings), Findings> {
    let mut faults = table.missing(&REQUIRED);
    faults.extend(unknown_columns(table));
    faults.extend(table.surplus());
    let nameless = table.rows().filter(|row| row.text(REQUIRED[0]).is_empty());
    faults.extend(nameless.map(|row| listing::missing_column(row.place(None), REQUIRED[0])).collect());
    if faults.has_errors() {
        return Err(faults);
    }
    let mut reader = RegistryTableReader::default();
    table.rows().for_each(|row| reader.row(row));
    let organisers = reader.organisers.into_iter().map(TableOrganiser::document).map(Field::Present).collect();
    let registry = RawRegistry { organisers: Field::Present(List(organisers)), unknown: false };
    Ok((registry, reader.places.lines, reader.places.contradictions))
}

/// The unknown headings: one of them may be a column misspelt.
fn unknown_columns(table: &ListingTable) -> Findings {
    let all = known_columns().collect::<Vec<_>>().join(", ");
    let strange = |heading: &str| {
        let finding = Finding::new(&UNKNOWN_PROPERTY, table.place());
        finding.with("property", property_param(heading)).with("known", Param::Code(all.clone()))
    };
    table.unknown(&known_columns().collect::<Vec<_>>()).map(strange).collect()
}

/// The organisers of the lines so far.
#[derive(Default)]
struct RegistryTableReader {
    organisers: Vec<TableOrganiser>,
    places: TablePlaces,
}

/// An organiser with its crèches and administrators, in the order of the lines.
#[derive(Default)]
struct TableOrganiser {
    number: String,
    own: RawOrganiser,
    creches: Vec<(RawCreche, Vec<RawPlaces>)>,
    administrators: Vec<RawAdministrator>,
}

impl TableOrganiser {
    fn document(self) -> RawOrganiser {
        let creche = |(own, places): (RawCreche, _)| RawCreche { capacity: list(places), ..own };
        let creches = list(self.creches.into_iter().map(creche).collect());
        RawOrganiser { creches, administrators: list(self.administrators), ..self.own }
    }
}

/// The items as a list; absent when there are none.
fn list<T, const MAX: usize>(items: Vec<T>) -> Field<List<T, MAX>> {
    let items = (!items.is_empty()).then(|| List(items.into_iter().map(Field::Present).collect()));
    items.into()
}

impl RegistryTableReader {
    fn row(&mut self, row: ListingRow<'_>) {
        let number = row.digits(REQUIRED[0], 10);
        let known = self.organisers.iter().position(|organiser| organiser.number == number);
        let index = known.unwrap_or_else(|| {
            let own = RawOrganiser { enterprise_number: listing::field(&number), ..RawOrganiser::default() };
            self.organisers.push(TableOrganiser { number, own, ..TableOrganiser::default() });
            self.organisers.len() - 1
        });
        let (at, organiser) = (FindingPlace::default().item("organisers", index), &mut self.organisers[index]);
        self.places.note(&at, row);
        self.places.merge_field(&at, &mut organiser.own.legal_name, "legalName", row.field("legalName"), row);
        if row.is_any_filled(&CRECHE) {
            creche(organiser, &mut self.places, &at, row);
        }
        let administrator = administrator(row);
        if row.is_any_filled(&ADMINISTRATOR) && !organiser.administrators.contains(&administrator) {
            self.places.note(&at.item("administrators", organiser.administrators.len()), row);
            organiser.administrators.push(administrator);
        }
    }
}

/// Adds a line's crèche to the organiser.
fn creche(organiser: &mut TableOrganiser, places: &mut TablePlaces, at: &FindingPlace, row: ListingRow<'_>) {
    let number = row.field("oneNumber");
    let known = organiser.creches.iter().position(|(own, _)| !number.is_absent() && own.one_number == number);
    let index = known.unwrap_or(organiser.creches.len());
    if known.is_none() {
        organiser.creches.push((RawCreche { one_number: number, ..RawCreche::default() }, Vec::new()));
    }
    let (at, (own, capacity)) = (at.clone().item("creches", index), &mut organiser.creches[index]);
    places.note(&at, row);
    places.merge_field(&at, &mut own.name, "name", row.field("name"), row);
    places.merge_field(&at, &mut own.subsidised, "subsidised", row.boolean("subsidised"), row);
    places.merge_field(&at, &mut own.authorised_from, "authorisedFrom", row.date("authorisedFrom"), row);
    places.merge_field(&at, &mut own.authorised_until, "authorisedUntil", row.date("authorisedUntil"), row);
    let from_then = RawPlaces { from: row.date(PLACES[0]), places: row.number(PLACES[1]), unknown: false };
    if row.is_any_filled(&PLACES) && !capacity.contains(&from_then) {
        places.note(&at.item("capacity", capacity.len()), row);
        capacity.push(from_then);
    }
}

fn administrator(row: ListingRow<'_>) -> RawAdministrator {
    RawAdministrator {
        given_name: row.field("givenName"),
        family_name: row.field("familyName"),
        email: row.field("email"),
        ssin: listing::field(&row.digits("ssin", 11)),
        unknown: false,
    }
}

/// The places of the document's values in the table.
#[derive(Default)]
struct TablePlaces {
    lines: Lines,
    contradictions: Findings,
}

impl TablePlaces {
    /// Stores the first line of a value.
    fn note(&mut self, at: &FindingPlace, row: ListingRow<'_>) {
        self.lines.entry(at.pointer.clone()).or_insert(row.line);
    }

    /// Sets a field from the line; another line may fill it when it is empty.
    fn merge_field<T: PartialEq>(
        &mut self,
        at: &FindingPlace,
        field: &mut Field<T>,
        name: &str,
        said: Field<T>,
        row: ListingRow<'_>,
    ) {
        let at = at.clone().field(name);
        if said.is_absent() || *field == said {
            return;
        }
        if field.is_absent() {
            *field = said;
            self.lines.insert(at.pointer, row.line);
            return;
        }
        let first = self.lines.get(&at.pointer).copied().unwrap_or_default();
        let finding = Finding::new(&CONTRADICTION, row.place(Some(name)));
        let finding = finding.with("field", Param::Code(name.to_owned())).with("line", Param::Count(first as u64));
        self.contradictions.push(finding);
    }
}
