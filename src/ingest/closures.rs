//! Closures of several crèches in one file: a table as spreadsheets save it, or a JSON object.
//!
//! Both become the document that a crèche's closures are sent as, and are held to its schema; what is found is told at
//! the place in the file.

mod csv;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::json;
use super::schema::{CLOSURES, Schemas};
use crate::domain::closure::RawClosures;
use crate::domain::finding::{Finding, Findings, Param, Place};
use crate::domain::rules::document as rules;

/// What a file says of one crèche.
pub struct Listed {
    /// The crèche, by its id or its ONE number.
    pub creche: String,
    /// Its closures, as far as they could be read.
    pub closures: RawClosures,
    /// What is wrong with their shape, at its place in the file.
    pub shape: Findings,
    origin: Origin,
}

/// Where a crèche's closures stand in the file.
enum Origin {
    /// In these lines of a table, one a closure.
    Lines(Vec<usize>),
    /// Under this name of an object.
    Name(String),
}

impl Listed {
    /// Where the crèche is named first.
    pub fn place(&self) -> Place {
        match &self.origin {
            Origin::Lines(lines) => line(lines.first().copied().unwrap_or(1), None),
            Origin::Name(name) => named(name),
        }
    }

    /// The findings on its closures, each at its place in the file.
    pub fn locate(&self, mut findings: Findings) -> Findings {
        self.origin.locate(&mut findings);
        findings
    }
}

impl Origin {
    fn locate(&self, findings: &mut Findings) {
        for place in findings.iter_mut().flat_map(|finding| &mut finding.places) {
            *place = match self {
                Self::Name(name) => Place::at(named(name).pointer + &place.pointer),
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

/// A line of the table, counted from 1, and a column of it.
fn line(number: usize, column: Option<&str>) -> Place {
    let column = column.map(|column| format!(", {column}")).unwrap_or_default();
    Place { pointer: String::new(), cell: Some(format!("line {number}{column}")) }
}

/// A property of the outermost object (RFC 6901).
fn named(name: &str) -> Place {
    Place::default().field(&name.replace('~', "~0").replace('/', "~1"))
}

/// Reads a file: JSON when it begins with a brace, otherwise a table. Nothing can be told of a file that cannot be read
/// as either.
pub fn read(bytes: &[u8]) -> Result<Vec<Listed>, Findings> {
    let bytes = bytes.strip_prefix(json::BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = json::text(bytes).map_err(|finding| Findings::from_iter([finding]))?;
    if text.trim_start().starts_with('{') { from_json(text) } else { from_table(text) }
}

/// The rows of a table, crèche by crèche in the order in which they are first named.
fn from_table(text: &str) -> Result<Vec<Listed>, Findings> {
    let mut order = Vec::new();
    let mut rows = BTreeMap::<String, (Vec<usize>, RawClosures)>::new();
    for row in csv::rows(text)? {
        let (lines, closures) = rows.entry(row.creche.clone()).or_insert_with(|| {
            order.push(row.creche);
            (Vec::new(), csv::no_closures())
        });
        lines.push(row.line);
        csv::append(closures, row.closure);
    }
    let listed = |creche: String| {
        let (lines, closures) = rows.remove(&creche)?;
        let origin = Origin::Lines(lines);
        let mut shape = Schemas::shared().judge(CLOSURES, &json::value_of(&closures));
        origin.locate(&mut shape);
        Some(Listed { creche, closures, shape, origin })
    };
    Ok(order.into_iter().filter_map(listed).collect())
}

/// The properties of an object, in its order: each is named for a crèche and is the document of its closures.
fn from_json(text: &str) -> Result<Vec<Listed>, Findings> {
    let Entries(entries) = serde_json::from_str(text).map_err(|error| Findings::from_iter([json::broken(&error)]))?;
    let mut listed: Vec<Listed> = Vec::new();
    for (creche, document) in entries {
        let (closures, mut shape) = json::read(document.get().as_bytes(), CLOSURES, Schemas::shared());
        let origin = Origin::Name(creche.clone());
        origin.locate(&mut shape);
        if listed.iter().any(|other| other.creche == creche) {
            let property = Param::Code(creche.clone());
            shape.push(Finding::new(&rules::JSON_DUPLICATE_PROPERTY, named(&creche)).with("property", property));
        }
        listed.push(Listed { creche, closures: closures.unwrap_or_default(), shape, origin });
    }
    Ok(listed)
}

/// The properties of an object as they stand, also those that it has twice.
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
