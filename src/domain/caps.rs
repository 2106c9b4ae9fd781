//! How much of each thing one organiser may store, so that no organiser affects the others.

use serde::Deserialize;

use super::finding::{Finding, FindingPlace, Param};
use super::rules::organiser::CAP_REACHED;
use crate::words::{LocalText, caps};

/// The caps, as they are configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Caps {
    /// Persons in the staff register.
    pub staff_members: u32,
    /// Revisions of one statement.
    pub revisions_per_statement: u32,
    /// Drafts.
    pub drafts: u32,
    /// Doctors.
    pub doctors: u32,
    /// Doctors whose agreement is stored.
    pub agreements: u32,
    /// Applications, also those that were revoked.
    pub applications: u32,
    /// API keys, also those that ended and are still stored.
    pub keys: u32,
    /// Users, also those who were deactivated.
    pub users: u32,
    /// Webhook endpoints.
    pub webhook_endpoints: u32,
    /// Bytes of one file that is stored as it was sent.
    pub file_bytes: u32,
    /// Attachments of one report.
    pub attachments_per_report: u32,
    /// Attachments of one report with those that were removed after a signature.
    pub kept_attachments_per_report: u32,
    /// Bytes of all attachments of one report.
    pub attachment_bytes_per_report: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            staff_members: 5_000,
            revisions_per_statement: 1_000,
            drafts: 500,
            doctors: 500,
            agreements: 200,
            applications: 100,
            keys: 500,
            users: 1_000,
            webhook_endpoints: 50,
            file_bytes: 10_000_000,
            attachments_per_report: 20,
            kept_attachments_per_report: 100,
            attachment_bytes_per_report: 50_000_000,
        }
    }
}

/// What is capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapKind {
    /// Persons in the staff register.
    StaffMembers,
    /// Revisions of one statement.
    Revisions,
    /// Drafts.
    Drafts,
    /// Doctors.
    Doctors,
    /// Doctors whose agreement is stored.
    Agreements,
    /// Applications.
    Applications,
    /// API keys.
    Keys,
    /// Users.
    Users,
}

impl CapKind {
    /// Its words in a sentence after “for”.
    const fn words(self) -> LocalText {
        match self {
            Self::StaffMembers => caps::STAFF_MEMBERS,
            Self::Revisions => caps::REVISIONS,
            Self::Drafts => caps::DRAFTS,
            Self::Doctors => caps::DOCTORS,
            Self::Agreements => caps::AGREEMENTS,
            Self::Applications => caps::APPLICATIONS,
            Self::Keys => caps::KEYS,
            Self::Users => caps::USERS,
        }
    }
}

impl Caps {
    /// The most there may be.
    pub const fn most(&self, what: CapKind) -> u32 {
        match what {
            CapKind::StaffMembers => self.staff_members,
            CapKind::Revisions => self.revisions_per_statement,
            CapKind::Drafts => self.drafts,
            CapKind::Doctors => self.doctors,
            CapKind::Agreements => self.agreements,
            CapKind::Applications => self.applications,
            CapKind::Keys => self.keys,
            CapKind::Users => self.users,
        }
    }

    /// The finding when a write would leave `count` of it; nothing within the cap.
    pub fn exceeded(&self, what: CapKind, count: u64) -> Option<Finding> {
        let most = u64::from(self.most(what));
        let finding = || Finding::new(&CAP_REACHED, FindingPlace::default()).with("what", Param::Text(what.words()));
        (count > most).then(|| finding().with("most", Param::Count(most)))
    }
}
