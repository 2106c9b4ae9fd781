//! Organisers with their crèches and first administrators in one file: a table as spreadsheets save it, or a JSON
//! object.
//!
//! Both become one document and are held to its schema; what is found is told at the place in the file.

mod table;

use std::collections::BTreeMap;

use super::json;
use super::listing::{self, FileContent};
use super::schema::{REGISTRY, Schemas};
use crate::domain::finding::{FindingPlace, Findings};
use crate::domain::registry::raw::RawRegistry;

/// What a file says.
pub struct Listing {
    /// The organisers, as far as they could be read.
    pub registry: RawRegistry,
    /// What is wrong with their shape, at its place in the file.
    pub shape: Findings,
    /// Where a table has what the document has; nothing for JSON, whose places are its own.
    lines: Option<Lines>,
}

/// The line that each value, or what it belongs to, stands on, by its JSON Pointer.
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

/// A place of the document as a line and column of the table: those of the value, or of what should have it.
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
