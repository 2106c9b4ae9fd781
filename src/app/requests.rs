//! The log of software's calls: collected in memory, written at intervals, read by those who made them. Never a write for a
//! request. What a killed gateway had collected since the last time is lost; an orderly shutdown writes it.

mod body_mask;
mod buffer;
mod plain_value;
mod read;
mod sealed_body;

pub use self::buffer::RequestBuffer;
pub use self::plain_value::is_plain_value;
pub use self::read::{RequestPage, RequestQuery, RequestView, find, of_application, read_log};

use super::App;
use super::caller::Caller;
use crate::domain::calls::{LoggedRequest, SentBody};
use crate::domain::key::Deployment;

/// For how many days a call is in the log.
pub const KEPT_DAYS: i32 = 30;

impl App {
    /// Whether the bodies of all calls are logged: in a sandbox, where no body is of real persons.
    pub fn logs_all_bodies(&self) -> bool {
        self.deployment == Deployment::Sandbox
    }

    /// Whether the bodies of this caller's calls are logged, masked: in a sandbox, and for a time by leave of the organiser.
    pub fn logs_bodies_of(&self, caller: &Caller) -> bool {
        self.logs_all_bodies() || caller.verified_key().is_some_and(|key| key.logs_bodies)
    }

    /// Adds a call to those that are to be written, with its body, where it is to be logged, masked. A pseudonym is the same for the same text of an
    /// organiser.
    pub fn collect_request(&self, mut request: LoggedRequest, body: Option<SentBody>) {
        let organiser = request.organiser.to_string();
        let pseudonym = |text: &str| {
            let hash = self.vault.index_key().hash("logged body", &[organiser.as_bytes(), text.as_bytes()]);
            format!("~{}", &hash[..12])
        };
        let body = body.filter(|body| !body.beginning.is_empty());
        request.body = body.map(|body| body_mask::mask_body(&body, pseudonym));
        self.requests.add(request);
    }
}
