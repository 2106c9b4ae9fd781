//! Audit entries, chain by chain. What their hashes cover is decided in `app::audit`.

use jiff::Timestamp;

use super::db::{Tx, later, row, rows};
use super::error::Error;
use super::source::{RowSource, all, optional};
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditChain, AuditEntry, AuditFilter, ChainHead, EntryNature};

/// An entry with its number and hashes in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    /// 1, 2, 3 … without holes.
    pub number: u64,
    /// What was done.
    pub entry: AuditEntry,
    /// The hash of the entry before; empty for the first.
    pub previous_hash: String,
    /// Which rows with authentication codes it changed, a line each (`integrity::RowChange`).
    pub changes: Option<String>,
    /// Covers the entry, its number, its chain, its changes and the hash before.
    pub hash: String,
}

const LOCK_HEAD: &str = "insert into audit_head (chain, number, hash, seal) values ($1, 0, '', '') \
                    on conflict (chain) do update set number = audit_head.number returning number, hash, seal";
const HEAD: &str = "select number, hash, seal from audit_head where chain = $1";
const INSERT: &str = "insert into audit_entry (chain, number, at, actor_kind, actor, action, creche_id, period, \
                      detail, changes, previous_hash, hash) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const MOVE_HEAD: &str =
    "update audit_head set number = $2, hash = $3, seal = $4 where chain = $1 and number = $2 - 1 and hash = $5";
const AFTER: &str = "select number, at, actor_kind, actor, action, creche_id, period, detail, changes, \
                     previous_hash, hash from audit_entry where chain = $1 and number > $2 order by number limit $3";
const BEFORE: &str = "select number, at, actor_kind, actor, action, creche_id, period, detail, \
                      cast(null as text) as changes, previous_hash, hash from audit_entry where chain = $1 and number < $2 and ($3 = '' or creche_id = $3) \
                      and ($4 = '' or period = $4) and at >= $5 and at < $6 and ($7 = '' or actor = $7) and ($8 = '' or action = $8) \
                      and ($9 = '' or ($9 = 'reads') = (action like '%.read' or action like '%Read' or action = 'staff.asked')) \
                      order by number desc limit $10";
const LATEST: &str =
    "select max(e.at) from audit_head h join audit_entry e on e.chain = h.chain and e.number = h.number";
const ANY_CHANGES: &str = "select number from audit_entry where changes is not null limit 1";
const CHAINS: &str = "select chain from audit_head union select chain from audit_entry order by chain";

/// The end of the chain, for the next entry. It is locked until the transaction ends, so that entries never race; in a
/// transaction that has not begun it is the end that this process wrote last, where that is known.
pub async fn lock_head(tx: &mut Tx, chain: AuditChain) -> Result<ChainHead, Error> {
    if let Some(known) = tx.known_head(chain) {
        return Ok(known);
    }
    row!(tx, HeadRow, LOCK_HEAD, chain.name())?.ok_or(Error::Rows(0))?.try_into()
}

/// The end of the chain; `None` when it has no entry.
pub async fn head(tx: &mut Tx, chain: AuditChain) -> Result<Option<ChainHead>, Error> {
    optional(row!(tx, HeadRow, HEAD, chain.name())?)
}

/// Appends an entry and moves the end of the chain to it, with the commit or before the next query.
pub fn append(tx: &mut Tx, of: AuditChain, new: ChainLink, seal: String) {
    let (chain, entry) = (of.name(), &new.entry);
    let number = i64::try_from(new.number).unwrap_or(i64::MAX);
    let (at, kind) = (entry.at.as_millisecond(), entry.actor.kind.code());
    let creche = entry.creche.map(|creche| creche.to_string());
    let period = entry.period.map(|period| period.to_string());
    later!(tx, OneUnlessMoved, MOVE_HEAD, &chain, number, &new.hash, &seal, &new.previous_hash);
    later!(
        tx,
        Inserted,
        INSERT,
        &chain,
        number,
        at,
        kind,
        &entry.actor.name,
        &entry.action,
        &creche,
        &period,
        &entry.detail,
        &new.changes,
        &new.previous_hash,
        &new.hash,
    );
    tx.set_head(of, ChainHead { number: new.number, hash: new.hash, seal });
}

/// The changes of rows that the chain's next entry is to record.
pub fn take_changes(tx: &mut Tx, chain: AuditChain) -> Option<String> {
    tx.take_changes(chain)
}

/// Whether any entry of any chain records changes of rows.
pub async fn any_changes(tx: &mut Tx) -> Result<bool, Error> {
    Ok(row!(tx, (i64,), ANY_CHANGES)?.is_some())
}

/// At most `limit` entries after number `after`, the oldest first.
pub async fn after(tx: &mut Tx, chain: AuditChain, after: u64, limit: u32) -> Result<Vec<ChainLink>, Error> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    all(rows!(tx, LinkRow, AFTER, chain.name(), after, i64::from(limit))?)
}

/// At most `limit` entries that match the filter, the latest first. Their changes of rows are left out.
pub async fn before(tx: &mut Tx, chain: AuditChain, filter: &AuditFilter, limit: u32) -> Result<Vec<ChainLink>, Error> {
    let before = filter.before.and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX);
    let creche = filter.creche.map_or_else(String::new, |creche| creche.to_string());
    let period = filter.period.map_or_else(String::new, |period| period.to_string());
    let from = filter.from.map_or(i64::MIN, Timestamp::as_millisecond);
    let until = filter.until.map_or(i64::MAX, Timestamp::as_millisecond);
    let person = filter.person.map_or_else(String::new, |person| person.to_string());
    let action = filter.action.unwrap_or_default();
    let nature = filter.nature.map_or("", EntryNature::code);
    let (chain, limit) = (chain.name(), i64::from(limit));
    all(rows!(tx, LinkRow, BEFORE, chain, before, creche, period, from, until, person, action, nature, limit)?)
}

/// When something was last recorded, in any chain.
pub async fn latest(tx: &mut Tx) -> Result<Option<Timestamp>, Error> {
    let at = row!(tx, (Option<i64>,), LATEST)?.and_then(|(at,)| at);
    RowSource { table: "audit_entry", id: "latest" }.maybe_instant("at", at)
}

/// Every chain that has entries.
pub async fn chains(tx: &mut Tx) -> Result<Vec<AuditChain>, Error> {
    all(rows!(tx, ChainRow, CHAINS)?)
}

#[derive(sqlx::FromRow)]
struct ChainRow {
    chain: String,
}

impl TryFrom<ChainRow> for AuditChain {
    type Error = Error;

    fn try_from(row: ChainRow) -> Result<Self, Error> {
        RowSource { table: "audit_head", id: &row.chain }.text("chain", &row.chain)
    }
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    number: i64,
    hash: String,
    seal: String,
}

impl TryFrom<HeadRow> for ChainHead {
    type Error = Error;

    fn try_from(row: HeadRow) -> Result<Self, Error> {
        let from = RowSource { table: "audit_head", id: &row.hash };
        Ok(Self { number: from.number("number", row.number)?, hash: row.hash, seal: row.seal })
    }
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    number: i64,
    at: i64,
    actor_kind: String,
    actor: String,
    action: String,
    creche_id: Option<String>,
    period: Option<String>,
    detail: Option<String>,
    changes: Option<String>,
    previous_hash: String,
    hash: String,
}

impl TryFrom<LinkRow> for ChainLink {
    type Error = Error;

    fn try_from(row: LinkRow) -> Result<Self, Error> {
        let id = row.number.to_string();
        let from = RowSource { table: "audit_entry", id: &id };
        let entry = AuditEntry {
            at: from.instant("at", row.at)?,
            actor: Actor { kind: from.text("actor_kind", &row.actor_kind)?, name: row.actor },
            creche: from.optional("creche_id", row.creche_id.as_deref())?,
            action: row.action,
            period: from.optional("period", row.period.as_deref())?,
            detail: row.detail,
        };
        let number = from.number("number", row.number)?;
        Ok(Self { number, entry, previous_hash: row.previous_hash, changes: row.changes, hash: row.hash })
    }
}
