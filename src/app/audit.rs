//! The audit trail: writes and accesses with their actors, in hash chains that detect altered and removed entries.
//!
//! An entry's hash is keyed and covers the entry, its number and the previous hash; the end of the chain is
//! authenticated as well, so that removing the last entries is detected. With write access to the database but without
//! the master key a chain can be broken, not forged. A whole database restored to an earlier copy is not detected by
//! the chains: a checkpoint stored elsewhere detects it (`app::checkpoint`).

use std::collections::HashSet;

use crate::domain::action::RecordedAction;
use crate::domain::audit::{AuditChain, AuditFilter, ChainHead};
use crate::ids::OrganiserId;
use crate::seal::IndexKey;
use crate::store::audit::{self, ChainLink};
use crate::store::audit_hash;
use crate::store::{self, Db, Tx};

/// The action of the entry that records the authentication codes of the existing rows of a chain: the first record of
/// row states in the chain.
pub const ROWS_AUTHENTICATED: &str = RecordedAction::RowsAuthenticated.code();

/// The action that begins an organiser's chain of audit entries: where it is missing, entries were erased.
pub const CREATED: &str = RecordedAction::OrganiserCreated.code();

/// How many entries are read at a time.
const PAGE: u32 = 1000;

/// Why a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// The entry was altered, or is from another place.
    #[error("entry {0} was altered")]
    Altered(u64),
    /// The entry is missing.
    #[error("entry {0} was removed")]
    Removed(u64),
    /// There are entries after the sealed end, from this number on.
    #[error("entry {0} was added outside the gateway")]
    Added(u64),
    /// The record of the chain's end was not written by the gateway, or was removed.
    #[error("the end of the chain, after entry {0}, was altered")]
    End(u64),
    /// The chain of an organiser does not begin with its registration: it was begun anew.
    #[error("entry 1 is not the organiser's registration: what was recorded before it was erased")]
    NoBeginning,
    /// There is a chain but no such organiser.
    #[error("the organiser of this chain is gone")]
    NoOrganiser,
    /// The operator's chain does not record the registration of an organiser: it was begun anew.
    #[error("it does not tell of the registration of organiser {0}: what was recorded before was erased")]
    NoRegistration(OrganiserId),
    /// A checkpoint names an entry that does not exist.
    #[error("entry {0}, which the checkpoint names, is missing: entries were erased, or an earlier copy was put back")]
    BehindCheckpoint(u64),
    /// A checkpoint names an entry that is another one.
    #[error("entry {0} is not the one that the checkpoint names")]
    NotOfCheckpoint(u64),
}

/// Verifies a chain from its first entry to its end: returns how many entries it has, or where it is broken first.
pub async fn verify(db: &Db, index: &IndexKey, chain: AuditChain) -> Result<Result<u64, ChainBreak>, store::Error> {
    // One transaction: concurrent entries are not visible.
    verify_entries(&mut db.read().await?, index, chain, |_| {}).await
}

/// As [`verify`], within a transaction; `see` is called with each verified entry.
pub(super) async fn verify_entries(
    tx: &mut Tx,
    index: &IndexKey,
    chain: AuditChain,
    mut see: impl FnMut(&ChainLink) + Send,
) -> Result<Result<u64, ChainBreak>, store::Error> {
    let head = audit::head(tx, chain).await?.unwrap_or_default();
    let mut last = ChainHead::default();
    loop {
        let links = audit::after(tx, chain, last.number, PAGE).await?;
        if links.is_empty() {
            return Ok(end(index, chain, &head, &last));
        }
        for link in links {
            if let Err(broken) = is_next_link(index, chain, &last, &link) {
                return Ok(Err(broken));
            }
            see(&link);
            last = ChainHead { number: link.number, hash: link.hash, seal: String::new() };
        }
    }
}

/// The result for each chain, the operator's first: those that have entries and those that should have. An organiser's
/// must begin with its registration, so that the removal of a whole chain is detected too.
pub async fn verify_all(db: &Db, index: &IndexKey) -> Result<Vec<(AuditChain, Result<u64, ChainBreak>)>, store::Error> {
    let tx = &mut db.read().await?;
    let ids: Vec<_> = store::organisers::list(tx).await?.iter().map(|known| known.id).collect();
    let organisers: Vec<_> = ids.iter().copied().map(AuditChain::Organiser).collect();
    let recorded = audit::chains(tx).await?;
    let orphans = recorded.iter().filter(|chain| **chain != AuditChain::Operator && !organisers.contains(chain));
    let mut verdicts = vec![(AuditChain::Operator, verify_operator(db, index, &ids).await?)];
    for chain in &organisers {
        verdicts.push((*chain, verify_whole(db, index, *chain).await?));
    }
    verdicts.extend(orphans.map(|chain| (*chain, Err(ChainBreak::NoOrganiser))));
    Ok(verdicts)
}

/// As [`verify`] for the operator's chain, which must record the registration of every organiser, unless it records
/// that rows got authentication codes when there were organisers already.
async fn verify_operator(
    db: &Db,
    index: &IndexKey,
    organisers: &[OrganiserId],
) -> Result<Result<u64, ChainBreak>, store::Error> {
    let (mut registered, mut all) = (HashSet::new(), false);
    let mut tx = db.read().await?;
    let verdict = verify_entries(&mut tx, index, AuditChain::Operator, |link| {
        all |= link.entry.action == ROWS_AUTHENTICATED;
        registered.extend(link.entry.detail.clone().filter(|_| link.entry.action == CREATED));
    });
    let verdict = verdict.await?;
    let unknown = organisers.iter().find(|id| !all && !registered.contains(&id.to_string()));
    Ok(verdict.and_then(|entries| unknown.map_or(Ok(entries), |id| Err(ChainBreak::NoRegistration(*id)))))
}

/// As [`verify`], and the chain must begin with the organiser's registration.
pub async fn verify_whole(
    db: &Db,
    index: &IndexKey,
    chain: AuditChain,
) -> Result<Result<u64, ChainBreak>, store::Error> {
    let verdict = verify(db, index, chain).await?;
    let first = audit::after(&mut db.read().await?, chain, 0, 1).await?;
    let begins = first.first().is_some_and(|link| link.number == 1 && link.entry.action == CREATED);
    Ok(verdict.and_then(|entries| if begins { Ok(entries) } else { Err(ChainBreak::NoBeginning) }))
}

/// At most `limit` entries of a chain, the latest first, before number `before` where that is given.
pub async fn list(db: &Db, chain: AuditChain, before: Option<u64>, limit: u32) -> Result<Vec<ChainLink>, store::Error> {
    let filter = AuditFilter { before, ..AuditFilter::default() };
    audit::before(&mut db.read().await?, chain, &filter, limit).await
}

/// Whether `link` is the entry that was recorded after `last`.
fn is_next_link(index: &IndexKey, chain: AuditChain, last: &ChainHead, link: &ChainLink) -> Result<(), ChainBreak> {
    let number = last.number + 1;
    if link.number != number {
        return Err(ChainBreak::Removed(number));
    }
    let hash = audit_hash::entry_hash(index, chain, number, &link.entry, link.changes.as_deref(), &last.hash);
    if link.previous_hash == last.hash && link.hash == hash { Ok(()) } else { Err(ChainBreak::Altered(number)) }
}

/// Whether the chain ends at its authenticated end.
fn end(index: &IndexKey, chain: AuditChain, head: &ChainHead, last: &ChainHead) -> Result<u64, ChainBreak> {
    let sealed =
        if head.number == 0 { String::new() } else { audit_hash::head_seal(index, chain, head.number, &head.hash) };
    if head.seal != sealed {
        Err(ChainBreak::End(last.number))
    } else if head.number > last.number {
        Err(ChainBreak::Removed(last.number + 1))
    } else if head.number < last.number {
        Err(ChainBreak::Added(head.number + 1))
    } else if head.hash == last.hash {
        Ok(last.number)
    } else {
        Err(ChainBreak::Altered(last.number))
    }
}
