//! The two clocks of a gateway. Business time (today, deadlines, expiries, when something was recorded) belongs to an
//! organiser and is passed with the caller; machine time (leases, caches, limits, sessions, ids) is that of the
//! process.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, Unit};

use crate::clock::Clock;
use crate::ids::OrganiserId;

/// The source of business time: of each organiser, and of the agency for what belongs to none.
pub trait BusinessClocks: Send + Sync {
    /// The clock of an organiser.
    fn clock_of(&self, organiser: OrganiserId) -> Arc<dyn Clock>;

    /// The clock of the agency.
    fn clock_of_agency(&self) -> Arc<dyn Clock>;
}

/// Both clocks of a gateway. Cheap to clone.
#[derive(Clone)]
pub struct Clocks {
    machine: Arc<dyn Clock>,
    business: Arc<dyn BusinessClocks>,
}

/// The business time of one organiser, or of the agency.
#[derive(Clone)]
pub struct BusinessClock(Arc<dyn Clock>);

/// One business time for every organiser.
struct Common(Arc<dyn Clock>);

impl BusinessClocks for Common {
    fn clock_of(&self, _: OrganiserId) -> Arc<dyn Clock> {
        Arc::clone(&self.0)
    }

    fn clock_of_agency(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0)
    }
}

impl Clocks {
    /// Machine time, and a business time for each organiser.
    pub const fn new(machine: Arc<dyn Clock>, business: Arc<dyn BusinessClocks>) -> Self {
        Self { machine, business }
    }

    /// One clock for everything, as in production.
    pub fn same_for_all(clock: Arc<dyn Clock>) -> Self {
        Self::with_common_business_time(Arc::clone(&clock), clock)
    }

    /// Machine time, and another clock for the business time of all organisers.
    pub fn with_common_business_time(machine: Arc<dyn Clock>, business: Arc<dyn Clock>) -> Self {
        Self::new(machine, Arc::new(Common(business)))
    }

    /// Machine time.
    pub fn machine(&self) -> &dyn Clock {
        &*self.machine
    }

    /// Machine time, owned.
    pub fn shared_machine(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.machine)
    }

    /// The business time of an organiser.
    pub fn business_clock(&self, organiser: OrganiserId) -> BusinessClock {
        BusinessClock(self.business.clock_of(organiser))
    }

    /// The business time of the agency: what it does that belongs to no single organiser.
    pub fn agency_clock(&self) -> BusinessClock {
        BusinessClock(self.business.clock_of_agency())
    }

    /// An instant of machine time in the business time of an organiser: as long ago by its clock as by the machine's.
    pub fn to_business_time(&self, organiser: OrganiserId, at: Timestamp) -> Timestamp {
        let ahead = self.business_clock(organiser).now().duration_since(self.machine.now());
        // Where both are one clock, its two readings differ by far less than a second.
        let ahead = ahead.round(Unit::Second).unwrap_or(ahead);
        at.checked_add(ahead).unwrap_or(at)
    }
}

impl BusinessClock {
    /// This instant.
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// Today's date in Brussels.
    pub fn today(&self) -> Date {
        self.0.today()
    }
}

impl fmt::Debug for BusinessClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BusinessClock").field(&self.now()).finish()
    }
}
