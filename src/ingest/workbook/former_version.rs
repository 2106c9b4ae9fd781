//! Workbooks of the version before: they are read, and a finding says how one becomes a present one.

use super::model::{Column, Model, folded};
use super::sheet::{Sheet, header};
use crate::domain::announced_rules::announced;
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::rules::workbook::MODEL_SUPERSEDED;

impl Sheet<'_> {
    /// Adds the finding that the workbook follows the version before: it `is_named` there, or headers are those of that version.
    pub(super) fn name_former_version(&mut self, model: &Model, columns: &[Column], is_named: bool) {
        let (Some(former), Some(announced)) = (model.former_version, announced(&MODEL_SUPERSEDED)) else { return };
        let headers: Vec<&str> =
            columns.iter().filter(|column| column.former.is_some()).map(|column| column.header).collect();
        let found = |place| {
            Finding::new(&MODEL_SUPERSEDED, place)
                .with("found", Param::Code(former.to_owned()))
                .with("expected", Param::Code(model.version.to_owned()))
                .with("headers", Param::Code(headers.join(", ")))
                .with("from", Param::Date(announced.from))
        };
        let mut places: Vec<FindingPlace> = columns.iter().filter_map(|column| self.former_header(column)).collect();
        if places.is_empty() && is_named {
            let (row, column) = self.anchor.parts();
            places.push(self.place("", row, column));
        }
        self.findings.extend(places.into_iter().map(found).reduce(Finding::with_places_of).into_iter().collect());
    }

    /// The header of a column, where it is that of the version before.
    fn former_header(&self, column: &Column) -> Option<FindingPlace> {
        let former = folded(column.former?);
        let cell = self.headers.iter().find(|cell| header(self.table, cell).is_some_and(|text| text == former))?;
        Some(self.place("", cell.row, cell.column))
    }
}
