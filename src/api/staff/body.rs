//! Response bodies of the staff register. A person has the form of the request, with the gateway's additions; digits of
//! national numbers are never in it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::super::creches::CrecheReference;
use crate::app::staff::{
    AcceptedRegister, NumberLookup, RegisterRevision, RevisionPage, StaffPerson, StaffRegister, WrittenPerson,
    YearlyValidations,
};
use crate::domain::rule::Severity;
use crate::domain::staff::compare::RegisterChanges;
use crate::domain::staff::raw::{RawMember, RawRegister};
use crate::domain::staff::{ContractStatus, kept_sections};
use crate::domain::statement::Channel;
use crate::http::finding::FindingBody;
use crate::http::urls::Urls;
use crate::ids::{ApplicationId, StaffMemberId, UserId};
use crate::words::Language;

/// The address of a person.
pub(super) fn address(id: StaffMemberId, urls: &Urls) -> String {
    urls.api(format_args!("{}/{id}", super::MEMBERS))
}

/// A person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberBody {
    href: String,
    id: StaffMemberId,
    contract_status: ContractStatus,
    created_at: Timestamp,
    #[serde(flatten)]
    member: RawMember,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<FindingBody>>,
}

impl MemberBody {
    /// As the person is today; with diplomas and documents for callers with the right to them.
    pub(super) fn new(person: StaffPerson, today: Date, documents: bool, urls: &Urls) -> Self {
        let StaffPerson { id, member, created_at, .. } = person;
        Self {
            href: address(id, urls),
            id,
            contract_status: member.standing(today),
            created_at,
            member: kept_sections(member.into_raw(), documents),
            written: None,
            warnings: None,
        }
    }

    /// After a write.
    pub(super) fn after_write(
        stored: WrittenPerson,
        today: Date,
        documents: bool,
        language: Language,
        urls: &Urls,
    ) -> Self {
        let warnings = FindingBody::of(&stored.warnings, Severity::Warning, language, urls);
        let body = Self::new(stored.person, today, documents, urls);
        Self { written: Some(stored.written), warnings: Some(warnings), ..body }
    }
}

/// Several persons.
#[derive(Serialize)]
pub(super) struct MembersBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<MemberBody>,
}

impl MembersBody {
    pub(super) fn new(found: Vec<StaffPerson>, today: Date, documents: bool, urls: &Urls) -> Self {
        let items = found.into_iter().map(|person| MemberBody::new(person, today, documents, urls)).collect();
        Self { this: urls.api(super::MEMBERS), items }
    }
}

/// The response to a look-up of a number.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct QueryBody {
    known: bool,
    family_name_required: bool,
}

impl From<NumberLookup> for QueryBody {
    fn from(answer: NumberLookup) -> Self {
        Self { known: answer.known, family_name_required: answer.name_needed }
    }
}

/// What a register changes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangesBody<'a> {
    added: &'a [String],
    changed: &'a [String],
    ended: Vec<EndingBody<'a>>,
    left_out: &'a [String],
    unchanged: usize,
}

#[derive(Serialize)]
struct EndingBody<'a> {
    reference: &'a str,
    contract: &'a str,
}

impl<'a> ChangesBody<'a> {
    fn new(changes: &'a RegisterChanges) -> Self {
        let ending = |(reference, contract): &'a (String, String)| EndingBody { reference, contract };
        Self {
            added: &changes.added,
            changed: &changes.changed,
            ended: changes.ended.iter().map(ending).collect(),
            left_out: &changes.left_out,
            unchanged: changes.unchanged,
        }
    }
}

/// An accepted register.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DepositedBody<'a> {
    #[serde(rename = "self")]
    this: String,
    written: bool,
    revision: u64,
    members: usize,
    changes: ChangesBody<'a>,
    warnings: Vec<FindingBody>,
}

impl<'a> DepositedBody<'a> {
    pub(super) fn new(done: &'a AcceptedRegister, language: Language, urls: &Urls) -> Self {
        Self {
            this: urls.api(super::REGISTER),
            written: done.written,
            revision: done.revision,
            members: done.members,
            changes: ChangesBody::new(&done.changes),
            warnings: FindingBody::of(&done.warnings, Severity::Warning, language, urls),
        }
    }
}

/// The register.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegisterBody {
    #[serde(rename = "self")]
    this: String,
    revision: u64,
    #[serde(flatten)]
    document: RawRegister,
    warnings: Vec<FindingBody>,
}

impl RegisterBody {
    /// The register, or a revision of it, at this address.
    pub(super) fn new(register: StaffRegister, this: String, language: Language, urls: &Urls) -> Self {
        Self {
            this,
            revision: register.revision,
            document: register.document,
            warnings: FindingBody::of(&register.warnings, Severity::Warning, language, urls),
        }
    }
}

/// The address of a revision of the register.
pub(super) fn revision_address(revision: u64, urls: &Urls) -> String {
    urls.api(format_args!("{}/{revision}", super::REVISIONS))
}

/// Revisions of the register, without the persons.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RevisionsBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<RevisionBody>,
    page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RevisionBody {
    href: String,
    revision: u64,
    recorded_at: Timestamp,
    #[serde(rename = "door", skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    members: u64,
}

impl RevisionsBody {
    /// A page before a number; its address has the size where that is not the default.
    pub(super) fn new(found: RevisionPage, (before, page_size, usual): (Option<u64>, u64, u64), urls: &Urls) -> Self {
        let address = |before: Option<u64>| {
            let before = before.map(|before| format!("before={before}"));
            let size = (page_size != usual).then(|| format!("pageSize={page_size}"));
            urls.api_list(super::REVISIONS, before.into_iter().chain(size))
        };
        let item = |one: RegisterRevision| RevisionBody {
            href: revision_address(one.revision, urls),
            revision: one.revision,
            recorded_at: one.recorded_at,
            channel: one.channel,
            application_id: one.application,
            user_id: one.user,
            members: one.persons,
        };
        Self {
            this: address(before),
            next: found.next.map(|number| address(Some(number))),
            items: found.items.into_iter().map(item).collect(),
            page_size,
        }
    }
}

/// The validations of a crèche.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ValidationsBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    due: Date,
    items: Vec<ValidationBody>,
    warnings: Vec<FindingBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValidationBody {
    year: i16,
    validated_at: Timestamp,
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
}

impl ValidationsBody {
    /// After a write.
    pub(super) fn written(done: &YearlyValidations, language: Language, urls: &Urls) -> Self {
        Self { written: Some(done.written), ..Self::new(done, language, urls) }
    }

    pub(super) fn new(found: &YearlyValidations, language: Language, urls: &Urls) -> Self {
        let item = |one: &crate::app::staff::ValidationRecord| ValidationBody {
            year: one.year,
            validated_at: one.at,
            revision: one.revision,
            user_id: one.user,
            application_id: one.application,
        };
        Self {
            this: urls.api(format_args!("/creches/{}/staffValidations", found.creche.id)),
            creche: CrecheReference::of(&found.creche, urls),
            due: found.due,
            items: found.items.iter().map(item).collect(),
            warnings: FindingBody::of(&found.warnings, Severity::Warning, language, urls),
            written: None,
        }
    }
}
