//! Events on an organiser's data: they name the changed object, never the actor or the content.

mod cloud_event;
mod event_type;
mod sample;

use std::fmt;

use jiff::Timestamp;

pub use self::cloud_event::{CloudEvent, CloudEventData, SERVICE};
pub use self::event_type::{About, EventType, StatementEvent};
use super::period::Period;
use crate::ids::{CrecheId, EventId};

/// A new event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Its type.
    pub kind: EventType,
    /// The id of its subject, where that is not a crèche or one of its periods.
    pub subject: Option<String>,
    /// The crèche it is about.
    pub creche: Option<CrecheId>,
    /// The crèches that it concerns, where its subject may span several. Only written, never read back.
    pub concerned: Vec<CrecheId>,
    /// The period it is about.
    pub period: Option<Period>,
    /// The resulting revision or version.
    pub revision: Option<u32>,
    /// How many warnings a statement was accepted with.
    pub warnings: Option<u32>,
    /// How many days are left until a deadline.
    pub days_left: Option<u32>,
    /// When.
    pub at: Timestamp,
}

impl Event {
    /// An event of a type, without a subject yet.
    pub const fn new(id: EventId, kind: EventType, at: Timestamp) -> Self {
        let concerned = Vec::new();
        let (subject, creche, period, revision, warnings, days_left) = (None, None, None, None, None, None);
        Self { id, kind, subject, creche, concerned, period, revision, warnings, days_left, at }
    }

    /// Sets the id of the subject.
    pub fn about(self, subject: impl fmt::Display) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }
}

/// A filter of events.
#[derive(Debug, Clone, Copy)]
pub struct EventFilter<'a> {
    /// Of these types; of every type when there are none.
    pub types: &'a [EventType],
    /// Of these crèches or concerning one of them; all when it is `None`.
    pub creches: Option<&'a [CrecheId]>,
}
