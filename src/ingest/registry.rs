//! Organisers with their crèches and first administrators in one file: a table as CSV, or a JSON
//! object.
//!
//! Both become one document and are validated with its schema; findings are reported at the place in the file.

mod table;

use std::collections::BTreeMap;

use super::json;
use super::listing::{self, FileContent};
use super::schema::{REGISTRY, Schemas};
use crate::domain::finding::{FindingPlace, Findings};
use crate::domain::registry::raw::RawRegistry;

/// A parsed file.
pub struct Listing {
    /// The organisers, where they could be read.
    pub registry: RawRegistry,
    /// The findings on their shape, at their place in the file.
    pub shape: Findings,
    /// The lines of the table; nothing for JSON, whose places are its own.
    lines: Option<Lines>,
}

/// The line of each value, or of its object, by its JSON Pointer.
type Lines = BTreeMap<String, usize>;

impl Listing {
    /// The findings, each at its place in the file.
    pub fn locate(&self, mut findings: Findings) -> Findings {
        if let Some(lines) = &self.lines {
            for place in findings.iter_mut().flat_map(|finding| &mut finding.places) {
                *place = locate(lines, place);
            }
        }
        findings
    }
}

/// Reads a file, as a table or as JSON.
pub fn read(bytes: &[u8]) -> Result<Listing, Findings> {
    match listing::open(bytes)? {
        FileContent::Json(text) => {
            let (registry, shape) = json::read(text.as_bytes(), REGISTRY, Schemas::shared());
            Ok(Listing { registry: registry.unwrap_or_default(), shape, lines: None })
        }
        FileContent::Table(table) => {
            let (registry, lines, contradictions) = table::read(&table)?;
            let shape = Schemas::shared().validate(REGISTRY, &json::value_of(&registry));
            let mut listing = Listing { registry, shape: contradictions, lines: Some(lines) };
            let shape = listing.locate(shape);
            listing.shape.extend(shape);
            Ok(listing)
        }
    }
}

/// A place of the document as a line and column of the table: those of the value, or of its object.
fn locate(lines: &Lines, place: &FindingPlace) -> FindingPlace {
    if place.cell.is_some() {
        return place.clone();
    }
    let column = place.pointer.rsplit('/').next().and_then(table::column);
    let mut pointer = place.pointer.as_str();
    loop {
        if let Some(line) = lines.get(pointer) {
            return listing::line(*line, column);
        }
        let Some((above, _)) = pointer.rsplit_once('/') else { return listing::line(1, column) };
        pointer = above;
    }
}
