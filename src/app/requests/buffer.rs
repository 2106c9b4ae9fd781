//! Calls that are answered and not yet written.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::sealed_body;
use crate::app::error::InternalError;
use crate::domain::calls::LoggedRequest;
use crate::ids::OrganiserId;
use crate::store::{self, Db};
use crate::vault::Vault;

/// How many calls wait to be written at most; further ones are not logged.
const MOST: usize = 20_000;
/// How many calls are written in one transaction, for which other writers wait.
const AT_ONCE: usize = 500;

/// The calls since they were last written.
#[derive(Debug, Default)]
pub struct RequestBuffer {
    waiting: Mutex<Vec<LoggedRequest>>,
    left_out: AtomicU64,
    /// Held while calls are written.
    writing: tokio::sync::Mutex<()>,
}

impl RequestBuffer {
    /// Adds a call, unless too many wait.
    pub fn add(&self, request: LoggedRequest) {
        let mut waiting = self.waiting();
        if waiting.len() < MOST {
            waiting.push(request);
        } else {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes the calls; afterwards those that were added before are written, whoever began to write them. While the database
    /// cannot be written to they wait for the next time; those that it refuses are left out.
    pub async fn flush(&self, db: &Db, vault: &Vault) -> Result<(), InternalError> {
        let _one = self.writing.lock().await;
        let mut taken = std::mem::take(&mut *self.waiting());
        while !taken.is_empty() {
            let rest = taken.split_off(taken.len().min(AT_ONCE));
            if let Err(error) = write(db, vault, &taken).await {
                if may_pass(&error) {
                    taken.extend(rest);
                    self.put_back(taken);
                } else {
                    self.left_out.fetch_add(taken.len() as u64, Ordering::Relaxed);
                    self.put_back(rest);
                }
                return Err(error);
            }
            taken = rest;
        }
        Ok(())
    }

    /// How many calls were not logged since this was last asked, because too many waited.
    pub fn take_left_out(&self) -> u64 {
        self.left_out.swap(0, Ordering::Relaxed)
    }

    /// Puts calls before those that came meanwhile.
    fn put_back(&self, mut earlier: Vec<LoggedRequest>) {
        let mut waiting = self.waiting();
        earlier.append(&mut waiting);
        let beyond = earlier.len().saturating_sub(MOST);
        earlier.truncate(MOST);
        self.left_out.fetch_add(beyond as u64, Ordering::Relaxed);
        *waiting = earlier;
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<LoggedRequest>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the same write may be possible later.
fn may_pass(error: &InternalError) -> bool {
    matches!(error, InternalError::Store(error) if error.is_unavailable() || error.is_storage_full())
}

async fn write(db: &Db, vault: &Vault, requests: &[LoggedRequest]) -> Result<(), InternalError> {
    let mut by_organiser: BTreeMap<OrganiserId, Vec<_>> = BTreeMap::new();
    for request in requests {
        let body = match &request.body {
            Some(body) => Some(sealed_body::seal(db, vault, request, body).await?),
            None => None,
        };
        by_organiser.entry(request.organiser).or_default().push((request, body));
    }
    let mut tx = db.write().await?;
    store::requests::append(&mut tx, by_organiser).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Fixed;
    use crate::domain::key::KeyId;
    use crate::ids::ApplicationId;

    fn request() -> LoggedRequest {
        let clock = Fixed::at(jiff::Timestamp::UNIX_EPOCH);
        LoggedRequest {
            id: "019a5c00-0000-4000-8000-0000000000d2".parse().unwrap(),
            organiser: OrganiserId::new(&clock),
            at: jiff::Timestamp::UNIX_EPOCH,
            application: ApplicationId::new(&clock),
            key: KeyId::from_random([1; 12]),
            creche: None,
            operation: None,
            method: "GET".to_owned(),
            path: "/caller".to_owned(),
            status: 200,
            problem: None,
            verdict: None,
            millis: 1,
            media: None,
            body_bytes: None,
            body: None,
        }
    }

    #[test]
    fn what_is_too_much_is_left_out_and_counted() {
        let (buffer, one) = (RequestBuffer::default(), request());
        (0..MOST + 2).for_each(|_| buffer.add(one.clone()));
        assert_eq!((buffer.waiting().len(), buffer.take_left_out(), buffer.take_left_out()), (MOST, 2, 0));
        buffer.put_back(vec![one; 3]);
        assert_eq!((buffer.waiting().len(), buffer.take_left_out()), (MOST, 3));
    }
}
