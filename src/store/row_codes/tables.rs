//! Which tables have codes, and which of their columns a code covers.

mod agency;
mod claims;
mod communications;
mod files;
mod subsidies;

use self::ColumnKind::{Blob, Int, Text};
pub(in crate::store) use self::agency::{AGENCY_KEY, AGENT};
pub(in crate::store) use self::claims::{CLAIM, CLAIM_ACT, MONTH_CLAIM, MONTH_CLAIM_ACT, RECEIPT_KEY};
pub(in crate::store) use self::communications::COMMUNICATION;
pub(in crate::store) use self::files::{AGENCY, REPORT_ATTACHMENT, STORED_FILE};
pub(in crate::store) use self::subsidies::SUBSIDY_PAYMENT;
use crate::store::grant_columns::{
    api_key_creches, api_key_scopes, application_covered_scopes, application_creches, webhook_endpoint_creches,
    webhook_endpoint_event_types,
};

/// The kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum ColumnKind {
    Text,
    Int,
    Blob,
}

/// A column (or an expression) and its kind.
pub(in crate::store) type Column = (&'static str, ColumnKind);

/// The chain of audit entries that records the changes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An organiser's, by its id as stored in the row.
    Organiser(String),
    /// The operator's.
    Operator,
    /// None: the row is short-lived and only has a code.
    None,
}

/// Where the owner of a table's rows is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum OwnerColumn {
    /// In this column.
    Organiser(&'static str),
    /// In this column, which names an organiser or the agency; the operator's chain records the agency's rows.
    OrganiserOrAgency(&'static str),
    Operator,
    None,
}

/// A table whose rows have codes.
#[derive(Debug)]
pub struct ProtectedTable {
    /// Its name in the database.
    pub name: &'static str,
    /// Its name in codes and in the audit trail: unchanged when the table is renamed.
    pub code_name: &'static str,
    /// The columns that identify a row.
    pub(in crate::store) key: &'static [&'static str],
    /// The columns that a code covers; those of the key and of the owner are among them.
    pub(in crate::store) columns: &'static [Column],
    pub(in crate::store) owner: OwnerColumn,
    /// Tables whose rows are covered by the code of the row that they belong to.
    pub(in crate::store) parts: &'static [PartTable],
    /// Whether the key identifies a person: the audit trail then contains a keyed hash of it.
    pub(in crate::store) hides_key: bool,
}

/// A table of rows that belong to a row of another.
#[derive(Debug)]
pub(in crate::store) struct PartTable {
    pub(in crate::store) name: &'static str,
    /// The column with the id of the row that it belongs to.
    pub(in crate::store) parent: &'static str,
    pub(in crate::store) columns: &'static [Column],
}

const ORGANISER_ID: OwnerColumn = OwnerColumn::Organiser("organiser_id");

/// A table whose rows have an id of their own and belong to an organiser.
const fn owned(name: &'static str, columns: &'static [Column], parts: &'static [PartTable]) -> ProtectedTable {
    ProtectedTable { name, code_name: name, key: &["id"], columns, owner: ORGANISER_ID, parts, hides_key: false }
}

/// Organisers.
pub(in crate::store) const ORGANISER: ProtectedTable = ProtectedTable {
    owner: OwnerColumn::Organiser("id"),
    ..owned("organiser", &[("id", Text), ("legal_name", Text), ("enterprise_number", Text), ("created_at", Int)], &[])
};

/// Crèches with their authorised places and closures.
pub(in crate::store) const CRECHE: ProtectedTable = owned(
    "creche",
    &[
        ("id", Text),
        ("organiser_id", Text),
        ("name", Text),
        ("one_number", Text),
        ("subsidised", Int),
        ("authorised_from", Text),
        ("authorised_until", Text),
        ("closures_version", Int),
        ("created_at", Int),
    ],
    &[
        PartTable { name: "capacity", parent: "creche_id", columns: &[("from_date", Text), ("places", Int)] },
        PartTable {
            name: "closure",
            parent: "creche_id",
            columns: &[("position", Int), ("start_date", Text), ("end_date", Text), ("reason", Text)],
        },
    ],
);

/// Applications: what bounds their keys and lets their bodies be logged, with their rows of scopes and crèches joined into one text each, as in the codes
/// that were computed before there were such rows.
pub(in crate::store) const APPLICATION: ProtectedTable = owned(
    "application",
    &[
        ("id", Text),
        ("organiser_id", Text),
        ("name", Text),
        ("vendor", Text),
        (application_covered_scopes!(), Text),
        (application_creches!(), Text),
        ("suspended_at", Int),
        ("ends_at", Int),
        ("revoked_at", Int),
        ("created_at", Int),
    ],
    &[],
);

/// API keys, with their scopes and crèches likewise. The last use of a key is not covered.
pub(in crate::store) const API_KEY: ProtectedTable = owned(
    "api_key",
    &[
        ("id", Text),
        ("organiser_id", Text),
        ("application_id", Text),
        ("kind", Text),
        ("secret_hash", Blob),
        (api_key_scopes!(), Text),
        (api_key_creches!(), Text),
        ("created_at", Int),
        ("expires_at", Int),
        ("revoked_at", Int),
    ],
    &[],
);

/// Users with their rights.
pub(in crate::store) const APP_USER: ProtectedTable = ProtectedTable {
    code_name: "person",
    ..owned(
        "app_user",
        &[
            ("id", Text),
            ("organiser_id", Text),
            ("ssin_hash", Text),
            ("sealed", Blob),
            ("profile", Text),
            ("consented_at", Int),
            ("consented_by", Text),
            ("created_at", Int),
            ("deactivated_at", Int),
            ("version", Int),
        ],
        &[PartTable { name: "app_user_right", parent: "user_id", columns: &[("creche_id", Text), ("scopes", Text)] }],
    )
};

/// Sessions. Their last use and their end are not covered: both change without being recorded, and neither gives access
/// without the secret.
pub(in crate::store) const SESSION: ProtectedTable = ProtectedTable {
    name: "session",
    code_name: "session",
    key: &["id"],
    columns: &[
        ("id", Text),
        ("ssin_hash", Text),
        ("agent", Text),
        ("organiser_id", Text),
        ("user_id", Text),
        ("assurance", Text),
        ("sealed", Blob),
        ("created_at", Int),
    ],
    owner: OwnerColumn::None,
    parts: &[],
    hides_key: true,
};

/// Doctors with the agency's decision and the identity of the agreement.
pub(in crate::store) const DOCTOR: ProtectedTable = owned(
    "doctor",
    &[
        ("id", Text),
        ("organiser_id", Text),
        ("inami_hash", Text),
        ("sealed", Blob),
        ("decision", Text),
        ("decided_at", Int),
        ("decided_by", Text),
        ("reason", Blob),
        ("created_at", Int),
        ("version", Int),
    ],
    &[PartTable {
        name: "doctor_agreement",
        parent: "doctor_id",
        // A sealed file is large; its form and nonce, the first 13 bytes, identify it, and a change of any other byte
        // breaks the seal.
        columns: &[("media", Text), ("substr(sealed, 1, 13)", Blob), ("stored_at", Int)],
    }],
);

/// Members of staff with the functions that figures are computed from.
pub(in crate::store) const STAFF_MEMBER: ProtectedTable = owned(
    "staff_member",
    &[
        ("id", Text),
        ("organiser_id", Text),
        ("ssin_hash", Text),
        ("sealed", Blob),
        ("ended_on", Text),
        ("created_at", Int),
        ("version", Int),
    ],
    &[PartTable {
        name: "staff_post",
        parent: "member_id",
        columns: &[
            ("creche_id", Text),
            ("category", Text),
            ("hundredths", Int),
            ("start_date", Text),
            ("end_date", Text),
        ],
    }],
);

/// Yearly validations of a crèche's staff.
pub(in crate::store) const STAFF_VALIDATION: ProtectedTable = ProtectedTable {
    key: &["creche_id", "year"],
    ..owned(
        "staff_validation",
        &[
            ("creche_id", Text),
            ("year", Int),
            ("organiser_id", Text),
            ("at", Int),
            ("user_id", Text),
            ("application_id", Text),
            ("revision", Int),
        ],
        &[],
    )
};

/// The current state of each statement.
pub(in crate::store) const STATEMENT: ProtectedTable = ProtectedTable {
    key: &["organiser_id", "creche_id", "kind", "month"],
    ..owned(
        "statement",
        &[
            ("organiser_id", Text),
            ("creche_id", Text),
            ("kind", Text),
            ("month", Text),
            ("revision", Int),
            ("status", Text),
            ("updated_at", Int),
            ("revision_mac", Blob),
        ],
        &[],
    )
};

/// Revisions: written once, never changed. The document is not covered: its own seal is bound to the same key, and the
/// fingerprint of its content is covered.
pub const REVISION: ProtectedTable = ProtectedTable {
    key: &["organiser_id", "creche_id", "kind", "month", "revision"],
    ..owned(
        "revision",
        &[
            ("organiser_id", Text),
            ("creche_id", Text),
            ("kind", Text),
            ("month", Text),
            ("revision", Int),
            ("fingerprint", Text),
            ("totals", Text),
            ("lines", Int),
            ("warnings", Text),
            ("has_warnings", Int),
            ("channel", Text),
            ("application_id", Text),
            ("key_id", Text),
            ("deposited_at", Int),
        ],
        &[],
    )
};

/// Past states of the inputs of figures: written once, never changed.
pub const INPUT_REVISION: ProtectedTable = ProtectedTable {
    key: &["organiser_id", "subject", "id", "revision"],
    ..owned(
        "input_revision",
        &[
            ("organiser_id", Text),
            ("subject", Text),
            ("id", Text),
            ("revision", Int),
            ("recorded_at", Int),
            ("content", Blob),
        ],
        &[],
    )
};

/// Webhook endpoints, with their types of events and crèches likewise. Failures and leases change without being recorded,
/// and do not affect where events are sent.
pub(in crate::store) const WEBHOOK_ENDPOINT: ProtectedTable = owned(
    "webhook_endpoint",
    &[
        ("id", Text),
        ("organiser_id", Text),
        ("application_id", Text),
        ("sealed_url", Blob),
        ("url_version", Int),
        ("host_hash", Text),
        ("allowed_rate", Int),
        ("description", Text),
        (webhook_endpoint_event_types!(), Text),
        (webhook_endpoint_creches!(), Text),
        ("signing", Text),
        ("headers", Blob),
        ("rate", Int),
        ("state", Text),
        ("reason", Text),
        ("created_at", Int),
        ("verified_at", Int),
    ],
    &[],
);

/// The tables whose changes are recorded in the audit trail. A revision never changes: its existence follows from the
/// statement.
pub const CHANGES_RECORDED: [&ProtectedTable; 20] = [
    &ORGANISER,
    &CRECHE,
    &APPLICATION,
    &API_KEY,
    &APP_USER,
    &AGENT,
    &AGENCY_KEY,
    &DOCTOR,
    &STAFF_MEMBER,
    &STAFF_VALIDATION,
    &STATEMENT,
    &CLAIM,
    &CLAIM_ACT,
    &MONTH_CLAIM,
    &MONTH_CLAIM_ACT,
    &STORED_FILE,
    &REPORT_ATTACHMENT,
    &SUBSIDY_PAYMENT,
    &COMMUNICATION,
    &WEBHOOK_ENDPOINT,
];
