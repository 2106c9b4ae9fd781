//! External applications: a vendor's software as an organiser registers it, and the bounds of its keys.

mod document;
mod issue;
mod notice;
mod words;

use std::fmt;

use jiff::{SignedDuration, Timestamp};

pub use self::document::{Contact, RawApplication, RawContact, Registration, RequestedApplication, UncheckedBefore};
pub(super) use self::document::{CrecheChoice, unknown};
pub use self::issue::{KeyRequest, RawKey, key_request_findings};
pub use self::notice::{NOTICES, days_left, due_notice};
pub use self::words::{key_kind_words, scope_words};
use super::codes::codes;
use super::key::Scopes;
use crate::ids::CrecheId;

codes! {
    /// The state of an application, for its keys.
    pub enum ApplicationState with codes_application {
        /// Active: its keys work.
        Active "active";
        /// Suspended: its keys are refused until it is resumed.
        Suspended "suspended";
        /// Its end date is past.
        Ended "ended";
        /// Revoked: its keys are refused for good.
        Revoked "revoked";
    }
}

codes! {
    /// The state of a key.
    pub enum KeyState with codes_application {
        /// It works.
        Active "active";
        /// Its application is suspended.
        Suspended "suspended";
        /// It expired, or its application ended.
        Expired "expired";
        /// It was revoked, or its application was.
        Revoked "revoked";
    }
}

codes! {
    /// For how long the masked bodies of an application's calls are logged.
    pub enum BodyLoggingTime with codes_application {
        /// A day.
        OneDay "oneDay";
        /// Three days.
        ThreeDays "threeDays";
        /// Seven days, the longest.
        SevenDays "sevenDays";
    }
}

impl BodyLoggingTime {
    /// The end of the time that begins now.
    pub fn end(self, now: Timestamp) -> Timestamp {
        let days = match self {
            Self::OneDay => 1,
            Self::ThreeDays => 3,
            Self::SevenDays => 7,
        };
        now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for ApplicationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The bounds of an application, which apply to each of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationBounds {
    /// The most that its keys may do.
    pub scopes: Scopes,
    /// The crèches that its keys may reach; `None` for all of the organiser's.
    pub creches: Option<Vec<CrecheId>>,
    /// Since when its keys are refused.
    pub suspended_at: Option<Timestamp>,
    /// From when on its keys are refused.
    pub ends_at: Option<Timestamp>,
    /// Since when its keys are refused for good.
    pub revoked_at: Option<Timestamp>,
    /// Until when the masked bodies of its calls are logged, where they are not always.
    pub logs_bodies_until: Option<Timestamp>,
}

impl Default for ApplicationBounds {
    fn default() -> Self {
        Self {
            scopes: Scopes::all(),
            creches: None,
            suspended_at: None,
            ends_at: None,
            revoked_at: None,
            logs_bodies_until: None,
        }
    }
}

impl ApplicationBounds {
    /// The state of the application now, and since when its keys are refused.
    pub fn state(&self, now: Timestamp) -> (ApplicationState, Option<Timestamp>) {
        let ended = self.ends_at.filter(|at| *at <= now);
        let refused = [
            (ApplicationState::Revoked, self.revoked_at),
            (ApplicationState::Ended, ended),
            (ApplicationState::Suspended, self.suspended_at),
        ];
        refused.into_iter().find(|(_, since)| since.is_some()).unwrap_or((ApplicationState::Active, None))
    }

    /// Until when the masked bodies of its calls are logged; `None` when they are not now.
    pub fn body_logging(&self, now: Timestamp) -> Option<Timestamp> {
        self.logs_bodies_until.filter(|until| now < *until)
    }

    /// The crèches that a key limited to `creches` reaches.
    pub fn narrow(&self, creches: Option<Vec<CrecheId>>) -> Option<Vec<CrecheId>> {
        match (&self.creches, creches) {
            (None, creches) => creches,
            (Some(ours), None) => Some(ours.clone()),
            (Some(ours), Some(creches)) => Some(creches.into_iter().filter(|creche| ours.contains(creche)).collect()),
        }
    }

    /// When a key with its own end `expires_at` stops working.
    pub fn end(&self, expires_at: Option<Timestamp>) -> Option<Timestamp> {
        match (expires_at, self.ends_at) {
            (Some(key), Some(application)) => Some(key.min(application)),
            (key, application) => key.or(application),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Option<Timestamp> {
        Timestamp::from_second(seconds).ok()
    }

    #[test]
    fn what_lasts_longest_is_told_first() {
        let now = at(100).unwrap();
        let mut bounds = ApplicationBounds::default();
        assert_eq!(bounds.state(now), (ApplicationState::Active, None));
        bounds.suspended_at = at(90);
        assert_eq!(bounds.state(now), (ApplicationState::Suspended, at(90)));
        bounds.ends_at = at(101);
        assert_eq!(bounds.state(now).0, ApplicationState::Suspended);
        bounds.ends_at = at(100);
        assert_eq!(bounds.state(now), (ApplicationState::Ended, at(100)));
        bounds.revoked_at = at(80);
        assert_eq!(bounds.state(now), (ApplicationState::Revoked, at(80)));
    }

    #[test]
    fn bodies_are_logged_until_their_end_alone() {
        let now = at(100).unwrap();
        let until = |end| ApplicationBounds { logs_bodies_until: at(end), ..ApplicationBounds::default() };
        assert_eq!(ApplicationBounds::default().body_logging(now), None);
        assert_eq!([until(100), until(101)].map(|bounds| bounds.body_logging(now)), [None, at(101)]);
        let ends = BodyLoggingTime::ALL.iter().map(|time| time.end(now).as_second() - 100);
        assert_eq!(ends.collect::<Vec<_>>(), [86_400, 259_200, 604_800]);
    }

    #[test]
    fn a_key_never_reaches_further_than_its_application() {
        let ids: Vec<CrecheId> =
            ["1", "2", "3"].map(|last| format!("019a5c00-0000-7000-8000-00000000001{last}").parse().unwrap()).into();
        let all = ApplicationBounds::default();
        assert_eq!((all.narrow(None), all.narrow(Some(ids.clone()))), (None, Some(ids.clone())));
        let two =
            ApplicationBounds { creches: Some(ids[..2].to_vec()), ends_at: at(50), ..ApplicationBounds::default() };
        assert_eq!(two.narrow(None), Some(ids[..2].to_vec()));
        assert_eq!(two.narrow(Some(ids[1..].to_vec())), Some(vec![ids[1]]));
        assert_eq!(two.narrow(Some(vec![ids[2]])), Some(Vec::new()), "none at all, not all of them");
        assert_eq!([two.end(None), two.end(at(40)), two.end(at(60))], [at(50), at(40), at(50)]);
        assert_eq!([all.end(None), all.end(at(40))], [None, at(40)]);
    }
}
