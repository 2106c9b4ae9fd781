//! Closures of several crèches in one file: a table as CSV, or a JSON object.
//!
//! Both become documents of a crèche's closures, and are validated with its schema; findings are reported at
//! the place in the file.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::json;
use super::listing::{self, FileContent, ListingRow, ListingTable, line};
use super::schema::{CLOSURES, Schemas};
use crate::domain::closure::{RawClosure, RawClosures};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, List};
use crate::domain::rules::document as rules;

/// One crèche of a file.
pub struct ListedCreche {
    /// The crèche, by its id or its ONE number.
    pub creche: String,
    /// Its closures, where they could be read.
    pub closures: RawClosures,
    /// The findings on their shape, at their place in the file.
    pub shape: Findings,
    origin: ClosureOrigin,
}

/// The place of a crèche's closures in the file.
enum ClosureOrigin {
    /// In these lines of a table, one for each closure.
    Lines(Vec<usize>),
    /// Under this name of an object.
    Name(String),
}

impl ListedCreche {
    /// Where the crèche is named first.
    pub fn place(&self) -> FindingPlace {
        match &self.origin {
            ClosureOrigin::Lines(lines) => line(lines.first().copied().unwrap_or(1), None),
            ClosureOrigin::Name(name) => named(name),
        }
    }

    /// The findings on its closures, each at its place in the file.
    pub fn locate(&self, mut findings: Findings) -> Findings {
        self.origin.locate(&mut findings);
        findings
    }
}

impl ClosureOrigin {
    fn locate(&self, findings: &mut Findings) {
        for place in findings.iter_mut().flat_map(|finding| &mut finding.places) {
            *place = match self {
                Self::Name(name) => FindingPlace::at(named(name).pointer + &place.pointer),
                Self::Lines(lines) => {
                    let mut steps = place.pointer.split('/').skip(2);
                    let index = steps.next().and_then(|index| index.parse::<usize>().ok());
                    let number = index.and_then(|index| lines.get(index)).or(lines.first());
                    line(number.copied().unwrap_or(1), steps.next())
                }
            };
        }
    }
}

/// A property of the outermost object (RFC 6901).
fn named(name: &str) -> FindingPlace {
    FindingPlace::default().field(&name.replace('~', "~0").replace('/', "~1"))
}

/// The columns of a table, by their headings; others are ignored.
const COLUMNS: [&str; 4] = ["creche", "startDate", "endDate", "reason"];

/// Reads a file, as a table or as JSON.
pub fn read(bytes: &[u8]) -> Result<Vec<ListedCreche>, Findings> {
    match listing::open(bytes)? {
        FileContent::Json(text) => from_json(text),
        FileContent::Table(table) => from_table(&table),
    }
}

/// The rows of a table, crèche by crèche in the order in which they are first named.
fn from_table(table: &ListingTable) -> Result<Vec<ListedCreche>, Findings> {
    let mut faults = table.missing(&COLUMNS);
    if !faults.has_errors() {
        let nameless = table.rows().filter(|row| row.text(COLUMNS[0]).is_empty());
        faults = nameless.map(|row| listing::missing_column(row.place(None), COLUMNS[0])).collect();
        faults.extend(table.surplus());
    }
    if faults.has_errors() {
        return Err(faults);
    }
    let mut order = Vec::new();
    let mut rows = BTreeMap::<&str, (Vec<usize>, Vec<Field<RawClosure>>)>::new();
    for row in table.rows() {
        let creche = row.text(COLUMNS[0]);
        let (lines, closures) = rows.entry(creche).or_insert_with(|| {
            order.push(creche);
            (Vec::new(), Vec::new())
        });
        lines.push(row.line);
        closures.push(Field::Present(closure(row)));
    }
    let listed = |creche: &str| {
        let (lines, closures) = rows.remove(creche)?;
        let closures = RawClosures { items: Field::Present(List(closures)), unknown: false };
        let origin = ClosureOrigin::Lines(lines);
        let mut shape = Schemas::shared().validate(CLOSURES, &json::value_of(&closures));
        origin.locate(&mut shape);
        Some(ListedCreche { creche: creche.to_owned(), closures, shape, origin })
    };
    Ok(order.into_iter().filter_map(listed).collect())
}

fn closure(row: ListingRow<'_>) -> RawClosure {
    let (start_date, end_date) = (row.date("startDate"), row.date("endDate"));
    RawClosure { start_date, end_date, reason: row.field("reason"), unknown: false }
}

/// The properties of an object, in its order: each has a crèche as its name and the document of its closures as its
/// value.
fn from_json(text: &str) -> Result<Vec<ListedCreche>, Findings> {
    let Entries(entries) =
        serde_json::from_str(text).map_err(|error| Findings::from_iter([json::syntax_finding(&error)]))?;
    let mut listed: Vec<ListedCreche> = Vec::new();
    for (creche, document) in entries {
        let (closures, mut shape) = json::read(document.get().as_bytes(), CLOSURES, Schemas::shared());
        let origin = ClosureOrigin::Name(creche.clone());
        origin.locate(&mut shape);
        if listed.iter().any(|other| other.creche == creche) {
            let property = Param::Code(creche.clone());
            shape.push(Finding::new(&rules::JSON_DUPLICATE_PROPERTY, named(&creche)).with("property", property));
        }
        listed.push(ListedCreche { creche, closures: closures.unwrap_or_default(), shape, origin });
    }
    Ok(listed)
}

/// The properties of an object in their order, duplicates included.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(All)
    }
}
