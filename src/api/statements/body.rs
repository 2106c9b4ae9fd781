//! Response bodies of statements.

use jiff::Timestamp;
use serde::Serialize;

use super::super::caller::ApplicationReference;
use super::super::creches::CrecheReference;
use crate::app::statements::{AcceptedStatement, DryRunEffect, StatementEntry, StoredStatement, WriteOutcome};
use crate::domain::claim::CorrectionReason;
use crate::domain::period::{Month, Quarter};
use crate::domain::rule::Severity;
use crate::domain::statement::{Channel, Statement, StatementStatus};
use crate::http::finding::FindingBody;
use crate::http::urls::Urls;
use crate::ids::CrecheId;
use crate::words::Language;

/// The address of a statement.
pub(in crate::api) fn address<S: Statement>(urls: &Urls, creche: CrecheId, month: Month) -> String {
    urls.api(format_args!("/creches/{creche}/{}/{month}", S::KIND.collection()))
}

/// The address of a revision of a statement.
pub(in crate::api) fn revision_address<S: Statement>(
    urls: &Urls,
    creche: CrecheId,
    month: Month,
    revision: u32,
) -> String {
    format!("{}/revisions/{revision}", address::<S>(urls, creche, month))
}

/// A collection.
#[derive(Serialize)]
pub(in crate::api) struct ListBody<T> {
    #[serde(rename = "self")]
    pub(in crate::api) this: String,
    pub(in crate::api) items: Vec<T>,
}

/// An accepted deposit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AcceptedBody<'a, T> {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    month: Month,
    status: StatementStatus,
    revision: u32,
    written: bool,
    unchanged: bool,
    has_warnings: bool,
    lines: usize,
    totals: &'a T,
    warnings: Vec<FindingBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deposited_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<EffectBody<'a, T>>,
}

#[derive(Serialize)]
struct EffectBody<'a, T> {
    month: ChangeBody<'a, T>,
    quarter: QuarterBody<'a, T>,
}

#[derive(Serialize)]
struct QuarterBody<'a, T> {
    period: Quarter,
    #[serde(flatten)]
    change: ChangeBody<'a, T>,
}

#[derive(Serialize)]
struct ChangeBody<'a, T> {
    before: &'a T,
    after: &'a T,
}

impl<'a, T> AcceptedBody<'a, T> {
    pub(super) fn of<S: Statement<Totals = T>>(
        accepted: &'a AcceptedStatement<T>,
        language: Language,
        urls: &Urls,
    ) -> Self {
        let warnings = FindingBody::of(&accepted.warnings, Severity::Warning, language, urls);
        Self {
            this: address::<S>(urls, accepted.creche.id, accepted.month),
            creche: CrecheReference::of(&accepted.creche, urls),
            month: accepted.month,
            status: accepted.status,
            revision: accepted.written.revision(accepted.revision),
            written: accepted.written.is_written(),
            unchanged: accepted.written == WriteOutcome::Unchanged,
            has_warnings: !warnings.is_empty(),
            lines: accepted.lines,
            totals: &accepted.totals,
            warnings,
            deposited_at: accepted.deposited_at,
            effect: accepted.effect.as_ref().map(|effect| EffectBody::of(effect, accepted.month)),
        }
    }
}

impl<'a, T> EffectBody<'a, T> {
    fn of(effect: &'a DryRunEffect<T>, month: Month) -> Self {
        let change = |(before, after): &'a (T, T)| ChangeBody { before, after };
        let quarter = QuarterBody { period: month.quarter(), change: change(&effect.quarter) };
        Self { month: change(&effect.month), quarter }
    }
}

/// A statement with its lines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatementBody<T, R> {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    month: Month,
    status: StatementStatus,
    revision: u32,
    deposited_at: Timestamp,
    has_warnings: bool,
    totals: T,
    warnings: Vec<FindingBody>,
    #[serde(flatten)]
    document: R,
}

impl<T, R> StatementBody<T, R> {
    /// The statement that was read at the address `this`.
    pub(super) fn of<S: Statement<Totals = T, Raw = R>>(
        stored: StoredStatement<S>,
        this: String,
        language: Language,
        urls: &Urls,
    ) -> Self {
        let deposited = stored.entry.deposited;
        Self {
            this,
            creche: CrecheReference::of(&stored.creche, urls),
            month: deposited.month,
            status: deposited.status,
            revision: deposited.revision,
            deposited_at: stored.entry.deposited_at,
            has_warnings: deposited.has_warnings,
            totals: deposited.totals,
            warnings: FindingBody::of(&stored.warnings, Severity::Warning, language, urls),
            document: stored.statement.into_raw(),
        }
    }
}

/// A statement in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryBody<T> {
    href: String,
    month: Month,
    status: StatementStatus,
    revision: u32,
    has_warnings: bool,
    lines: u64,
    totals: T,
    deposited_at: Timestamp,
}

impl<T> EntryBody<T> {
    pub(super) fn of<S: Statement<Totals = T>>(entry: StatementEntry<T>, creche: CrecheId, urls: &Urls) -> Self {
        let deposited = entry.deposited;
        Self {
            href: address::<S>(urls, creche, deposited.month),
            month: deposited.month,
            status: deposited.status,
            revision: deposited.revision,
            has_warnings: deposited.has_warnings,
            lines: deposited.lines,
            totals: deposited.totals,
            deposited_at: entry.deposited_at,
        }
    }
}

/// A revision in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RevisionBody<T> {
    href: String,
    revision: u32,
    deposited_at: Timestamp,
    #[serde(rename = "door")]
    channel: Channel,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<ApplicationReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correction_reason: Option<CorrectionReason>,
    lines: u64,
    totals: T,
    has_warnings: bool,
}

impl<T> RevisionBody<T> {
    pub(super) fn of<S: Statement<Totals = T>>(entry: StatementEntry<T>, creche: CrecheId, urls: &Urls) -> Self {
        let deposited = entry.deposited;
        Self {
            href: revision_address::<S>(urls, creche, deposited.month, deposited.revision),
            revision: deposited.revision,
            deposited_at: entry.deposited_at,
            channel: entry.channel,
            application: entry.application.map(|(id, name)| ApplicationReference { id, name }),
            correction_reason: entry.correction,
            lines: deposited.lines,
            totals: deposited.totals,
            has_warnings: deposited.has_warnings,
        }
    }
}
