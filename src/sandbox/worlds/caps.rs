//! Caps on what worlds may take: bytes, rows, and messages to other machines.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use url::Url;

use super::record::WorldDirectory;
use crate::app::webhook_transport::{CallError, OutboundRequest, SendResult, WebhookTransport};
use crate::app::webhooks::HostRates;
use crate::clock::Clock;
use crate::domain::webhook::{DeliveryFailure, UrlObjection};
use crate::outbound::transport::HttpTransport;
use crate::store::FreeSpace;

/// What all worlds take together.
#[derive(Debug, Default)]
pub(super) struct TakenInAll {
    /// Bytes of their directories, as last counted.
    pub(super) bytes: AtomicU64,
}

/// How many bytes the database of a world may still grow by.
#[derive(Debug)]
pub(super) struct WorldSpace {
    /// The database and its log.
    files: [PathBuf; 2],
    /// The most bytes of one world, and of all.
    pub(super) most: (u64, u64),
    pub(super) in_all: Arc<TakenInAll>,
    /// Whether there are too many rows, in the world or in all.
    pub(super) rows_full: AtomicBool,
}

impl WorldSpace {
    pub(super) fn of(directory: &WorldDirectory, most: (u64, u64), in_all: Arc<TakenInAll>) -> Self {
        let database = directory.database();
        let log = PathBuf::from(format!("{}-wal", database.display()));
        Self { files: [database, log], most, in_all, rows_full: AtomicBool::new(false) }
    }
}

impl FreeSpace for WorldSpace {
    fn available_bytes(&self) -> io::Result<u64> {
        let taken: u64 = self.files.iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
        let in_all = self.in_all.bytes.load(Ordering::Relaxed);
        if self.rows_full.load(Ordering::Relaxed) || taken >= self.most.0 || in_all >= self.most.1 {
            return Ok(0);
        }
        let stats = rustix::fs::statvfs(&self.files[0])?;
        Ok(stats.f_bavail.saturating_mul(stats.f_frsize))
    }
}

/// Messages counted by day.
#[derive(Debug)]
pub(super) struct MessageCounter {
    most: u64,
    today: Mutex<(Date, u64)>,
}

impl MessageCounter {
    /// A counter that allows `most` a day.
    pub(super) const fn new(most: u64) -> Self {
        Self { most, today: Mutex::new((Date::ZERO, 0)) }
    }

    /// Counts a message of that day; `false` where there were too many.
    fn take(&self, day: Date) -> bool {
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if today.0 != day {
            *today = (day, 0);
        }
        let is_left = today.1 < self.most;
        today.1 += u64::from(is_left);
        is_left
    }
}

/// What the messages of all worlds share.
#[derive(Debug)]
pub(super) struct SharedSending {
    /// Messages of all worlds.
    pub(super) in_all: MessageCounter,
    /// Messages to each host, of all worlds together: a host gets no more because several worlds call it.
    pub(super) hosts: HostRates,
}

/// Sends the messages of one world over the network.
pub(super) struct WorldTransport {
    pub(super) network: HttpTransport,
    pub(super) shared: Arc<SharedSending>,
    pub(super) own: MessageCounter,
    /// The machine's: a day of messages does not end because the clock of the world is moved.
    pub(super) clock: Arc<dyn Clock>,
}

impl WorldTransport {
    /// Sends a message, once the host may get one. Past the caps nothing is sent, and the receiver counts as unreachable.
    async fn send_within_caps(&self, outgoing: OutboundRequest) -> SendResult {
        let today = self.clock.today();
        if !self.own.take(today) || !self.shared.in_all.take(today) {
            tracing::warn!("a message of a world was not sent: there were too many today");
            return SendResult { took: Duration::ZERO, answer: Err(CallError::Failed(DeliveryFailure::Unreachable)) };
        }
        if let Some(host) = outgoing.url.host_str().filter(|_| !self.network.is_trusted(&outgoing.url)) {
            while let Err(wait) = self.shared.hosts.take_from_host(host) {
                tokio::time::sleep(wait).await;
            }
        }
        self.network.send(outgoing).await
    }
}

impl WebhookTransport for WorldTransport {
    fn objection(&self, url: &Url) -> Option<UrlObjection> {
        self.network.objection(url)
    }

    fn is_trusted(&self, url: &Url) -> bool {
        self.network.is_trusted(url)
    }

    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>> {
        Box::pin(self.send_within_caps(outgoing))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn messages_are_counted_by_day() {
        let counter = MessageCounter::new(2);
        let (one, next) = (date(2026, 10, 12), date(2026, 10, 13));
        assert_eq!([one, one, one, next].map(|day| counter.take(day)), [true, true, false, true]);
        assert!(!MessageCounter::new(0).take(one));
    }
}
