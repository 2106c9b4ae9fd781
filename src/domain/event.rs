//! What happens to an organiser's data, and what is told of it: which thing, never who or what it says.

mod cloud_event;
mod event_type;
mod sample;

use std::fmt;

use jiff::Timestamp;

pub use self::cloud_event::{CloudEvent, CloudEventData, SERVICE};
pub use self::event_type::{About, EventType, StatementEvent};
use super::period::Period;
use crate::ids::{CrecheId, EventId};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What kind of thing.
    pub kind: EventType,
    /// The id of what it is about, where that is not a crèche or one of its periods.
    pub subject: Option<String>,
    /// The crèche it is about.
    pub creche: Option<CrecheId>,
    /// The crèches that it concerns, where it is about something that may span several. Only written, never read back.
    pub concerned: Vec<CrecheId>,
    /// The period it is about.
    pub period: Option<Period>,
    /// The revision or version that came of it.
    pub revision: Option<u32>,
    /// How many warnings a statement was accepted with.
    pub warnings: Option<u32>,
    /// When.
    pub at: Timestamp,
}

impl Event {
    /// That something of a kind happened, and nothing more yet.
    pub const fn new(id: EventId, kind: EventType, at: Timestamp) -> Self {
        let concerned = Vec::new();
        Self { id, kind, subject: None, creche: None, concerned, period: None, revision: None, warnings: None, at }
    }

    /// About the thing with this id.
    pub fn about(self, subject: impl fmt::Display) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }

    /// Concerning these crèches.
    pub fn with_creches(self, creches: Vec<CrecheId>) -> Self {
        Self { concerned: creches, ..self }
    }

    /// About a crèche.
    pub fn of(self, creche: CrecheId) -> Self {
        Self { creche: Some(creche), ..self }
    }
}

/// Which events are looked for.
#[derive(Debug, Clone, Copy)]
pub struct EventFilter<'a> {
    /// Of these types; of every type when there are none.
    pub types: &'a [EventType],
    /// Of these crèches or concerning one of them; every event when it is `None`.
    pub creches: Option<&'a [CrecheId]>,
}
