//! Rows as their codes cover them: read by the description of their table, one at a time or all of an owner.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, ColumnIndex, Database, Decode, Row, Type};

use crate::domain::audit::AuditChain;
use crate::store::db::{Tx, on};
use crate::store::error::Error;
use crate::store::row_codes::{
    AGENCY, CodeMessage, Column, ColumnKind, Owner, OwnerColumn, PartTable, ProtectedTable, RowState, short_code,
    written,
};
use crate::store::sql_tuples::tuples;

/// The most rows of one statement.
pub(super) const CHUNK: usize = 100;

/// A value of a row's key.
#[derive(Debug, Clone, Copy)]
pub enum KeyValue<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Int(i64),
}

/// A row as its code covers it.
#[derive(Debug)]
pub struct LoadedRow {
    /// The id that reports and the audit trail give it.
    pub id: String,
    /// Its owner.
    pub owner: Owner,
    /// Its code; `None` when it has none.
    pub mac: Option<Vec<u8>>,
    pub(super) message: CodeMessage,
    key: Vec<OwnedKey>,
}

/// An owned value of a key.
#[derive(Debug, Clone)]
enum OwnedKey {
    Text(String),
    Int(i64),
}

impl OwnedKey {
    fn borrowed(&self) -> KeyValue<'_> {
        match self {
            Self::Text(text) => KeyValue::Text(text),
            Self::Int(number) => KeyValue::Int(*number),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(number) => number.to_string(),
        }
    }
}

impl LoadedRow {
    /// Whether its code matches its content.
    pub fn is_sound(&self, tx: &Tx) -> bool {
        tx.row_key.matches(&self.message, self.mac.as_deref())
    }

    /// The state of the row that the audit trail should record last.
    pub fn state(&self) -> RowState {
        self.mac.as_deref().and_then(short_code)
    }
}

/// Adds keys to a query.
macro_rules! bound {
    ($query:expr, $keys:expr) => {
        $keys.iter().fold($query, |query, key| match key {
            KeyValue::Text(text) => query.bind((*text).to_owned()),
            KeyValue::Int(number) => query.bind(*number),
        })
    };
}

/// The row with this key, with the rows that belong to it.
pub(super) async fn one(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>]) -> Result<Option<LoadedRow>, Error> {
    let conditions = table.key.iter().enumerate().map(|(index, column)| format!("{column} = ${}", index + 1));
    let filter = conditions.collect::<Vec<_>>().join(" and ");
    Ok(select(tx, table, &filter, key).await?.pop())
}

/// The rows with these keys, at most [`CHUNK`], with the rows that belong to them.
pub(super) async fn several(tx: &mut Tx, table: &ProtectedTable, keys: &[String]) -> Result<Vec<LoadedRow>, Error> {
    let filter = format!("{} in {}", table.key[0], tuples(1, keys.len(), 1));
    let keys: Vec<_> = keys.iter().map(|key| KeyValue::Text(key)).collect();
    select(tx, table, &filter, &keys).await
}

/// All rows of a table that a chain of audit entries covers.
pub async fn of_chain(tx: &mut Tx, table: &ProtectedTable, chain: AuditChain) -> Result<Vec<LoadedRow>, Error> {
    match (table.owner, chain) {
        (OwnerColumn::Organiser(column) | OwnerColumn::OrganiserOrAgency(column), AuditChain::Organiser(id)) => {
            select(tx, table, &format!("{column} = $1"), &[KeyValue::Text(&id.to_string())]).await
        }
        (OwnerColumn::OrganiserOrAgency(column), AuditChain::Operator) => {
            select(tx, table, &format!("{column} = $1"), &[KeyValue::Text(AGENCY)]).await
        }
        (OwnerColumn::Operator, AuditChain::Operator) => select(tx, table, "1 = 1", &[]).await,
        _ => Ok(Vec::new()),
    }
}

async fn select(
    tx: &mut Tx,
    table: &ProtectedTable,
    filter: &str,
    keys: &[KeyValue<'_>],
) -> Result<Vec<LoadedRow>, Error> {
    let query = format!("select {}, mac from {} where {filter}", names(table.columns), table.name);
    let found = on!(tx, c => {
        let rows = bound!(sqlx::query(AssertSqlSafe(query)), keys).fetch_all(c).await?;
        rows.iter().map(|row| loaded(table, row)).collect::<Result<Vec<_>, sqlx::Error>>()
    })?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        rows.push(identified(tx, table, row));
    }
    with_parts(tx, table, rows).await
}

/// Adds to each row the rows that belong to it: one query for each kind of part, of these rows alone where they are few.
async fn with_parts(tx: &mut Tx, table: &ProtectedTable, mut rows: Vec<LoadedRow>) -> Result<Vec<LoadedRow>, Error> {
    for part in table.parts {
        let Some(Owner::Organiser(organiser)) = rows.first().map(|row| row.owner.clone()) else { return Ok(rows) };
        let few = if rows.len() <= CHUNK { rows.as_slice() } else { &[] };
        let parents: Vec<_> = few.iter().filter_map(|row| row.key.first()).map(OwnedKey::text).collect();
        let mut parts = parts(tx, part, &organiser, &parents).await?;
        for row in &mut rows {
            let parent = row.key.first().map(OwnedKey::text).unwrap_or_default();
            let message = std::mem::replace(&mut row.message, CodeMessage::part());
            row.message = message.parts(parts.remove(&parent).unwrap_or_default());
        }
    }
    Ok(rows)
}

/// The parts of these rows of an organiser, or of all of them when none is named, by parent row.
async fn parts(
    tx: &mut Tx,
    part: &PartTable,
    organiser: &str,
    parents: &[String],
) -> Result<HashMap<String, Vec<CodeMessage>>, Error> {
    let PartTable { name, parent, columns } = part;
    let only =
        if parents.is_empty() { String::new() } else { format!(" and {parent} in {}", tuples(1, parents.len(), 2)) };
    let query = format!("select {}, {parent} from {name} where organiser_id = $1{only}", names(columns));
    let keys: Vec<_> =
        std::iter::once(organiser).chain(parents.iter().map(String::as_str)).map(KeyValue::Text).collect();
    let found = on!(tx, c => {
        let rows = bound!(sqlx::query(AssertSqlSafe(query)), keys).fetch_all(c).await?;
        let part = |row| Ok((Row::try_get::<String, _>(row, columns.len())?, message(CodeMessage::part(), columns, row)?));
        rows.iter().map(part).collect::<Result<Vec<_>, sqlx::Error>>()
    })?;
    let mut parts = HashMap::<_, Vec<_>>::new();
    for (parent, message) in found {
        parts.entry(parent).or_default().push(message);
    }
    Ok(parts)
}

/// A row without its parts; its id is that of its key.
fn loaded<R>(table: &ProtectedTable, row: &R) -> Result<LoadedRow, sqlx::Error>
where
    R: Row,
    R::Database: Database,
    usize: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<Vec<u8>>: Decode<'r, R::Database> + Type<R::Database>,
{
    let at = |name: &str| table.columns.iter().position(|(column, _)| *column == name).unwrap_or_default();
    let key = |name: &&str| {
        let index = at(name);
        Ok(match table.columns[index].1 {
            ColumnKind::Int => OwnedKey::Int(row.try_get::<Option<i64>, _>(index)?.unwrap_or_default()),
            _ => OwnedKey::Text(row.try_get::<Option<String>, _>(index)?.unwrap_or_default()),
        })
    };
    let key = table.key.iter().map(key).collect::<Result<Vec<_>, sqlx::Error>>()?;
    let owner = match table.owner {
        OwnerColumn::Organiser(column) => {
            Owner::Organiser(row.try_get::<Option<String>, _>(at(column))?.unwrap_or_default())
        }
        OwnerColumn::OrganiserOrAgency(column) => {
            match row.try_get::<Option<String>, _>(at(column))?.unwrap_or_default() {
                agency if agency == AGENCY => Owner::Operator,
                organiser => Owner::Organiser(organiser),
            }
        }
        OwnerColumn::Operator => Owner::Operator,
        OwnerColumn::None => Owner::None,
    };
    let is_owner = |name| [OwnerColumn::Organiser(name), OwnerColumn::OrganiserOrAgency(name)].contains(&table.owner);
    let own = |name: &'static str| !is_owner(name) || table.key.len() == 1;
    let values = table.key.iter().zip(&key).filter(|(name, _)| own(name)).map(|(_, value)| value.text());
    Ok(LoadedRow {
        id: values.collect::<Vec<_>>().join("/"),
        owner,
        mac: row.try_get(table.columns.len())?,
        message: message(CodeMessage::of(table.code_name), table.columns, row)?,
        key,
    })
}

/// As [`loaded`], with a keyed hash as the id where the key identifies a person.
fn identified(tx: &Tx, table: &ProtectedTable, row: LoadedRow) -> LoadedRow {
    if !table.hides_key {
        return row;
    }
    LoadedRow { id: hidden_id(tx, table, &row.id), ..row }
}

/// The id, a keyed hash, of a row whose key identifies a person.
pub(in crate::store) fn hidden_id(tx: &Tx, table: &ProtectedTable, id: &str) -> String {
    let mac = tx.row_key.mac(&CodeMessage::of("id of a row").text(table.code_name).text(id)).unwrap_or_default();
    written(short_code(&mac))
}

fn message<R>(start: CodeMessage, columns: &[Column], row: &R) -> Result<CodeMessage, sqlx::Error>
where
    R: Row,
    R::Database: Database,
    usize: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<Vec<u8>>: Decode<'r, R::Database> + Type<R::Database>,
{
    columns.iter().enumerate().try_fold(start, |message, (at, (_, kind))| message.column(row, at, *kind))
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Writes the code of the row that a key finds.
pub(super) async fn set(tx: &mut Tx, table: &ProtectedTable, key: &[KeyValue<'_>], mac: &[u8]) -> Result<(), Error> {
    let conditions = table.key.iter().enumerate().map(|(index, column)| format!("{column} = ${}", index + 2));
    let filter = conditions.collect::<Vec<_>>().join(" and ");
    let update = format!("update {} set mac = $1 where {filter}", table.name);
    let touched = on!(tx, c => {
        let query = sqlx::query(AssertSqlSafe(update)).bind(mac.to_owned());
        bound!(query, key).execute(c).await.map(|done| done.rows_affected())
    })?;
    if touched == 1 { Ok(()) } else { Err(Error::Rows(touched)) }
}

/// Gives a row that was written before there were codes its first one, and records the change.
pub async fn set_mac(tx: &mut Tx, table: &ProtectedTable, row: &LoadedRow) -> Result<(), Error> {
    let Some(mac) = tx.row_key.mac(&row.message) else { return Ok(()) };
    let key: Vec<_> = row.key.iter().map(OwnedKey::borrowed).collect();
    set(tx, table, &key, &mac).await?;
    // Revisions are never changed: the audit trail does not record them.
    if ![super::REVISION.name, super::INPUT_REVISION.name].contains(&table.name) {
        tx.note_change(&row.owner, super::RowChange::new(table, &row.id, None, Some(&mac)));
    }
    Ok(())
}

/// How many organisers and agents have no code: none, once existing rows were given codes.
pub async fn missing(tx: &mut Tx) -> Result<u64, Error> {
    let query = "select (select count(*) from organiser where mac is null) \
                 + (select count(*) from agent where mac is null)";
    let found: Option<(i64,)> = crate::store::db::row!(tx, (i64,), query)?;
    Ok(found.map_or(0, |(count,)| count.unsigned_abs()))
}
