//! A crèche with the current statement of a month, in one query: what a deposit is validated against, and what is read.

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::freeze::{freeze, from_number};
use super::{CurrentRow, CurrentStatement, revision_columns};
use crate::domain::claim::Freeze;
use crate::domain::creche::Creche;
use crate::domain::statement::{StatementKey, StatementKind};
use crate::ids::OrganiserId;
use crate::store::creches::{WholeRow, whole_columns};
use crate::store::db::{Tx, row};
use crate::store::error::Error;

/// A crèche and its statement, with further columns of the current revision.
macro_rules! find {
    ($further:literal) => {
        concat!(
            "select ",
            whole_columns!(),
            ", ",
            revision_columns!(),
            $further,
            ", s.status, s.updated_at, s.mac as statement_mac, ",
            freeze!("c", "id", "$3", "$4"),
            " as frozen from creche c left join statement s \
             on s.organiser_id = c.organiser_id and s.creche_id = c.id and s.kind = $3 and s.month = $4 \
             left join revision r on r.organiser_id = s.organiser_id and r.creche_id = s.creche_id \
             and r.kind = s.kind and r.month = s.month and r.revision = s.revision \
             where c.organiser_id = $1 and c.id = $2"
        )
    };
}
const FIND: &str = find!("");
const FIND_WITH_DOCUMENT: &str = find!(", r.document");

/// A crèche and its statement of a month.
pub struct CrecheStatement {
    /// The crèche.
    pub creche: Creche,
    /// The current state of the statement; `None` when it was never deposited.
    pub current: Option<CurrentStatement>,
    /// What freezes it.
    pub freeze: Freeze,
}

/// The crèche of `key`, and its statement where there is one; `None` when the organiser has no such crèche.
pub async fn find_with_creche(
    tx: &mut Tx,
    organiser: OrganiserId,
    key: StatementKey,
) -> Result<Option<CrecheStatement>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found = row!(tx, CrecheAndCurrent, FIND, &organiser, creche, key.kind.name(), month)?;
    found.map(|row| row.checked(tx, &organiser, key.kind)).transpose()
}

/// The same, with the sealed document of the current revision where there is a statement.
pub async fn find_with_document(
    tx: &mut Tx,
    organiser: OrganiserId,
    key: StatementKey,
) -> Result<Option<(CrecheStatement, Option<Vec<u8>>)>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found = row!(tx, WithDocument, FIND_WITH_DOCUMENT, &organiser, creche, key.kind.name(), month)?;
    found.map(|row| Ok((row.found.checked(tx, &organiser, key.kind)?, row.document))).transpose()
}

#[derive(sqlx::FromRow)]
struct WithDocument {
    #[sqlx(flatten)]
    found: CrecheAndCurrent,
    document: Option<Vec<u8>>,
}

struct CrecheAndCurrent {
    creche: WholeRow,
    current: Option<CurrentRow>,
    frozen: i64,
}

impl CrecheAndCurrent {
    fn checked(self, tx: &Tx, organiser: &str, kind: StatementKind) -> Result<CrecheStatement, Error> {
        let current = self.current.map(|row| row.checked(tx, organiser, kind)).transpose()?;
        Ok(CrecheStatement { creche: self.creche.try_into()?, current, freeze: from_number(self.frozen) })
    }
}

impl<'r, R: Row> FromRow<'r, R> for CrecheAndCurrent
where
    WholeRow: FromRow<'r, R>,
    CurrentRow: FromRow<'r, R>,
    &'static str: ColumnIndex<R>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let status: Option<String> = row.try_get("status")?;
        let current = status.map(|_| CurrentRow::from_row(row)).transpose()?;
        Ok(Self { creche: WholeRow::from_row(row)?, current, frozen: row.try_get("frozen")? })
    }
}
