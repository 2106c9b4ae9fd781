//! Slots of connections: a limited number for each address, and the last quarter for addresses with a valid credential.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::ConnectionSettings;
use crate::http::address::ClientAddress;
use crate::http::metrics::ConnectionFigures;
use crate::network::Network;

/// One slot in this many is reserved for addresses with a valid credential.
const RESERVED_ONE_IN: usize = 4;
/// How long an address counts as one with a valid credential after it showed one.
const CREDENTIAL_COUNTS: Duration = Duration::from_mins(15);
/// How many such addresses are stored.
const MOST_ADDRESSES: usize = 10_000;

/// All slots.
#[derive(Debug, Clone)]
pub(super) struct ConnectionSlots(Arc<SlotTable>);

#[derive(Debug)]
struct SlotTable {
    most: usize,
    per_address: usize,
    proxies: Arc<[Network]>,
    figures: ConnectionFigures,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    last: u64,
    /// By number: the longest open first.
    open: BTreeMap<u64, Arc<Connection>>,
    per_address: HashMap<IpAddr, usize>,
    /// Addresses with a valid credential, and when they last showed one.
    authenticated: HashMap<IpAddr, Instant>,
}

#[derive(Debug)]
struct Connection {
    number: u64,
    address: IpAddr,
    slots: Weak<SlotTable>,
    authenticated: AtomicBool,
    answered: AtomicBool,
    busy: AtomicBool,
    lingers: AtomicBool,
    replaced: Notify,
}

/// One connection, shared by its requests and its socket.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionHandle(Arc<Connection>);

/// A slot, released when dropped.
#[derive(Debug)]
pub(super) struct ConnectionSlot {
    slots: ConnectionSlots,
    handle: ConnectionHandle,
}

impl ConnectionSlots {
    /// All slots, free.
    pub(super) fn new(connections: &ConnectionSettings) -> Self {
        Self(Arc::new(SlotTable {
            most: connections.most,
            per_address: connections.per_address,
            proxies: Arc::clone(&connections.proxies),
            figures: connections.figures.clone(),
            table: Mutex::default(),
        }))
    }

    /// A slot for a connection from this address; when none is free, that of an idle anonymous connection, which is closed.
    pub(super) fn take_slot(&self, address: IpAddr) -> Option<ConnectionSlot> {
        let SlotTable { most, per_address, proxies, figures, .. } = &*self.0;
        let address = address.to_canonical();
        let proxy = proxies.iter().any(|network| network.contains(address));
        let address = ClientAddress(address).client_network();
        let mut table = self.0.lock();
        let of_address = |connection: &Connection| connection.address == address;
        if !proxy && table.count(address) >= *per_address && !table.replace(of_address) {
            figures.refuse("perAddress");
            return None;
        }
        let reserved = if proxy || table.is_authenticated(address) { 0 } else { most / RESERVED_ONE_IN };
        if table.open.len() >= most - reserved && !table.replace(|_| true) {
            figures.refuse("full");
            return None;
        }
        figures.open.inc();
        let handle = ConnectionHandle(table.add(address, Arc::downgrade(&self.0)));
        Some(ConnectionSlot { slots: self.clone(), handle })
    }

    /// Closes the longest open idle anonymous connection, if there is one.
    pub(super) fn close_idle(&self) {
        self.0.lock().replace(|_| true);
    }
}

impl SlotTable {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn count(&self, address: IpAddr) -> usize {
        self.per_address.get(&address).copied().unwrap_or_default()
    }

    fn is_authenticated(&self, address: IpAddr) -> bool {
        self.authenticated.get(&address).is_some_and(|at| at.elapsed() < CREDENTIAL_COUNTS)
    }

    fn add(&mut self, address: IpAddr, slots: Weak<SlotTable>) -> Arc<Connection> {
        self.last += 1;
        let flag = || AtomicBool::new(false);
        let (authenticated, answered, busy, lingers) = (flag(), flag(), flag(), flag());
        let (number, replaced) = (self.last, Notify::new());
        let added = Arc::new(Connection { number, address, slots, authenticated, answered, busy, lingers, replaced });
        self.open.insert(number, Arc::clone(&added));
        *self.per_address.entry(address).or_default() += 1;
        added
    }

    fn remove(&mut self, number: u64) {
        let Some(removed) = self.open.remove(&number) else { return };
        if let Some(count) = self.per_address.get_mut(&removed.address) {
            *count -= 1;
            if *count == 0 {
                self.per_address.remove(&removed.address);
            }
        }
    }

    /// Closes the longest open anonymous connection that is idle and meets the condition, and frees its slot; `false` when
    /// there is none.
    fn replace(&mut self, may: impl Fn(&Connection) -> bool) -> bool {
        let idle = self.open.values().find(|connection| connection.is_idle_and_anonymous() && may(connection));
        let Some(idle) = idle.map(Arc::clone) else { return false };
        idle.replaced.notify_one();
        self.remove(idle.number);
        true
    }

    fn note_credential(&mut self, address: IpAddr) {
        if self.authenticated.len() >= MOST_ADDRESSES {
            self.authenticated.retain(|_, at| at.elapsed() < CREDENTIAL_COUNTS);
        }
        if self.authenticated.len() < MOST_ADDRESSES || self.authenticated.contains_key(&address) {
            self.authenticated.insert(address, Instant::now());
        }
    }
}

impl Connection {
    fn is_idle_and_anonymous(&self) -> bool {
        !self.busy.load(Ordering::Relaxed) && !self.authenticated.load(Ordering::Relaxed)
    }
}

impl ConnectionSlot {
    pub(super) fn handle(&self) -> ConnectionHandle {
        self.handle.clone()
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let SlotTable { figures, .. } = &*self.slots.0;
        figures.open.dec();
        self.slots.0.lock().remove(self.handle.0.number);
    }
}

impl ConnectionHandle {
    /// Records that a request of the connection had a valid credential.
    pub(crate) fn authenticated(&self) {
        self.0.authenticated.store(true, Ordering::Relaxed);
        if let Some(slots) = self.0.slots.upgrade() {
            slots.lock().note_credential(self.0.address);
        }
    }

    /// Makes the socket read and discard for a moment after the last response, so that the client receives it.
    pub(crate) fn request_lingering_close(&self) {
        self.0.lingers.store(true, Ordering::Relaxed);
    }

    /// Whether that was requested.
    pub(super) fn is_lingering_close(&self) -> bool {
        self.0.lingers.load(Ordering::Relaxed)
    }

    /// Counts a write that made no progress for too long.
    pub(super) fn write_timed_out(&self) {
        if let Some(slots) = self.0.slots.upgrade() {
            slots.figures.close("writeTimeout");
        }
    }

    /// Marks the connection as busy with a request until the value is dropped.
    pub(super) fn busy(&self) -> BusyConnection {
        self.0.busy.store(true, Ordering::Relaxed);
        BusyConnection(self.clone())
    }

    /// Resolves when the slot was given to another connection.
    pub(super) async fn replaced(&self) {
        self.0.replaced.notified().await;
    }

    /// Resolves after `limit`, unless a request was answered or had a valid credential by then.
    pub(super) async fn first_request_overdue(&self, limit: Duration) {
        tokio::time::sleep(limit).await;
        if self.0.answered.load(Ordering::Relaxed) || self.0.authenticated.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }
}

/// A request of a connection in progress.
#[derive(Debug)]
pub(super) struct BusyConnection(ConnectionHandle);

impl Drop for BusyConnection {
    fn drop(&mut self) {
        let Self(ConnectionHandle(connection)) = self;
        connection.answered.store(true, Ordering::Relaxed);
        connection.busy.store(false, Ordering::Relaxed);
    }
}
