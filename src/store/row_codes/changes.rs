//! The notation of changes of rows in audit entries: a line each, with the table, the row and the first bytes of its code
//! before and after. `-` stands for no row.

use super::tables::ProtectedTable;

/// How many bytes of a code identify a state of a row. A row is checked against its whole code.
const SHORT: usize = 8;

/// The first bytes of the code of a row; `None` when there is no row.
pub type RowState = Option<[u8; SHORT]>;

/// A change of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The table and the row's id.
    pub row: String,
    /// Its state before.
    pub before: RowState,
    /// Its state after.
    pub after: RowState,
}

impl RowChange {
    /// A change of the row `id` from one code to another.
    pub(in crate::store) fn new(table: &ProtectedTable, id: &str, before: Option<&[u8]>, after: Option<&[u8]>) -> Self {
        Self {
            row: format!("{} {id}", table.code_name),
            before: before.and_then(short_code),
            after: after.and_then(short_code),
        }
    }

    /// The change as a line.
    pub(in crate::store) fn line(&self) -> String {
        format!("{} {} {}", self.row, written(self.before), written(self.after))
    }

    /// Parses a line; `None` when it is no change.
    pub fn parse(line: &str) -> Option<Self> {
        let (rest, after) = line.rsplit_once(' ')?;
        let (row, before) = rest.rsplit_once(' ')?;
        Some(Self { row: row.to_owned(), before: read(before)?, after: read(after)? })
    }
}

/// The first bytes of a code.
pub(in crate::store) fn short_code(mac: &[u8]) -> RowState {
    mac.first_chunk().copied()
}

/// A state as text.
pub(in crate::store) fn written(state: RowState) -> String {
    state.map_or_else(|| "-".to_owned(), |bytes| format!("{:016x}", u64::from_be_bytes(bytes)))
}

fn read(text: &str) -> Option<RowState> {
    match text {
        "-" => Some(None),
        text => u64::from_str_radix(text, 16).ok().map(|number| Some(number.to_be_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tables::API_KEY;
    use super::*;

    #[test]
    fn a_change_is_read_back_from_its_line() {
        for (before, after) in [(None, Some([1; 32])), (Some([0; 32]), Some([255; 32])), (Some([7; 32]), None)] {
            let change = RowChange::new(
                &API_KEY,
                "abc",
                before.as_ref().map(|mac| &mac[..]),
                after.as_ref().map(|mac| &mac[..]),
            );
            assert_eq!(RowChange::parse(&change.line()), Some(change));
        }
        assert_eq!(RowChange::parse("api_key abc"), None);
    }
}
