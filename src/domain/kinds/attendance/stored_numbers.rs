//! The stored national numbers of a crèche's children.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{ChildLine, Statement};
use crate::domain::ssin::Ssin;
use crate::domain::statement::PastStatements;

/// The stored national numbers, by reference and birth date; the most recent statement wins.
pub(super) struct StoredNumbers<'a>(HashMap<(&'a str, Date), &'a Ssin>);

impl<'a> StoredNumbers<'a> {
    pub(super) fn new(past: Option<&'a PastStatements<Statement>>) -> Self {
        let lines = past.into_iter().flat_map(|past| past.latest.iter().rev()).flat_map(|statement| &statement.lines);
        let number = |line: &'a ChildLine| Some(((line.reference.as_str(), line.birth_date), line.ssin.as_ref()?));
        Self(lines.filter_map(number).collect())
    }

    pub(super) fn get(&self, reference: &str, birth_date: Date) -> Option<&'a Ssin> {
        self.0.get(&(reference, birth_date)).copied()
    }
}
