//! The place of a revision among those of an organiser.

use std::fmt;
use std::str::FromStr;

use super::{StatementKey, StatementKind};

/// A revision by its key: in the order of crèches, kinds, months and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevisionPlace {
    /// The statement.
    pub key: StatementKey,
    /// The number of the revision.
    pub revision: u32,
}

impl fmt::Display for RevisionPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StatementKey { creche, kind, month } = self.key;
        write!(f, "{creche}.{}.{month}.{}", kind.name(), self.revision)
    }
}

impl FromStr for RevisionPlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<_> = text.split('.').collect();
        let [creche, kind, month, revision] = parts[..] else { return Err(()) };
        let kind = StatementKind::from_name(kind).ok_or(())?;
        let key = StatementKey { creche: creche.parse().map_err(drop)?, kind, month: month.parse().map_err(drop)? };
        Ok(Self { key, revision: revision.parse().map_err(drop)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_as_it_is_written() {
        let text = "019a5c00-0000-7000-8000-000000000011.attendance.2026-10.3";
        assert_eq!(text.parse::<RevisionPlace>().unwrap().to_string(), text);
        for other in ["", "1.2.3.4", "019a5c00-0000-7000-8000-000000000011.attendance.2026-10", "a.b.c.d.e"] {
            assert!(other.parse::<RevisionPlace>().is_err(), "{other}");
        }
    }
}
