//! Removes what is past its retention period: statements, doctors, members of staff, users, drafts, verdicts, keys and
//! their figures, calls, sessions. Audit entries and events stay: their chains have no gaps.

use std::ops::AddAssign;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;

use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use super::unit_of_work::UnitOfWork;
use super::{App, doctors, expired_forms, files, idempotency, requests};
use crate::clock;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::retention::{Horizon, LONGEST_SESSION, Retention};
use crate::ids::OrganiserId;
use crate::store::limited_delete::EVERY_ROW;
use crate::store::{self, DataOwner, WritePurpose};

/// How many rows of each kind were removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RemovedCounts {
    /// Statements.
    pub statements: u64,
    /// Their revisions.
    pub revisions: u64,
    /// Doctors whose collaboration had ended.
    pub doctors: u64,
    /// Members of staff who had left.
    pub staff: u64,
    /// Users who had been deactivated.
    pub users: u64,
    /// Verdicts on deposits and dry runs.
    pub verdicts: u64,
    /// Expired and revoked keys, with their figures.
    pub keys: u64,
    /// Days of figures of other keys.
    pub key_days: u64,
    /// Drafts of statements.
    pub drafts: u64,
    /// Claims, with their acts and signatures.
    pub claims: u64,
    /// Payments of subsidies.
    pub payments: u64,
    /// Deliveries to webhook endpoints, with their attempts.
    pub deliveries: u64,
    /// Stored responses to requests with an idempotency key.
    pub answers: u64,
    /// Files, also those that never belonged to anything.
    pub files: u64,
    /// Calls of software.
    pub requests: u64,
}

/// How many rows were removed, by organiser.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PurgeReport {
    /// Expired and ended sessions. They belong to persons, not to organisers.
    pub sessions: u64,
    /// The organisers with removed rows.
    pub organisers: Vec<(OrganiserId, RemovedCounts)>,
}

impl PurgeReport {
    /// The sum over all organisers.
    pub fn total(&self) -> RemovedCounts {
        let mut total = RemovedCounts::default();
        self.organisers.iter().for_each(|(_, removed)| total += *removed);
        total
    }
}

impl RemovedCounts {
    /// Whether nothing was removed.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl AddAssign for RemovedCounts {
    fn add_assign(&mut self, other: Self) {
        self.statements += other.statements;
        self.revisions += other.revisions;
        self.doctors += other.doctors;
        self.staff += other.staff;
        self.users += other.users;
        self.verdicts += other.verdicts;
        self.keys += other.keys;
        self.key_days += other.key_days;
        self.drafts += other.drafts;
        self.claims += other.claims;
        self.payments += other.payments;
        self.deliveries += other.deliveries;
        self.answers += other.answers;
        self.files += other.files;
        self.requests += other.requests;
    }
}

/// The counts as text, for the audit trail and the operator.
impl std::fmt::Display for RemovedCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { statements, revisions, doctors, staff, users, .. } = self;
        let Self { verdicts, keys, key_days, drafts, claims, payments, deliveries, answers, files, requests, .. } =
            self;
        write!(
            f,
            "{statements} statement(s) with {revisions} revision(s), {doctors} doctor(s), {staff} member(s) of staff, \
             {users} user(s), {drafts} draft(s), {claims} claim(s), {payments} payment(s), \
             {verdicts} verdict(s), "
        )?;
        write!(
            f,
            "{keys} key(s), {key_days} day(s) of figures, {deliveries} delivered event(s), {answers} kept answer(s), \
             {files} file(s), {requests} logged call(s)"
        )
    }
}

/// The most rows of a kind, without those that belong to them, that are removed in one transaction, for which other writers
/// wait.
const ROWS_PER_TRANSACTION: i64 = 50;
/// The same of doctors, who are removed one by one.
const DOCTORS_PER_TRANSACTION: usize = 25;
/// The same of calls, which are small.
const REQUESTS_PER_TRANSACTION: i64 = 1_000;

/// Removes what is past its period, or only counts it.
///
/// Each organiser's rows are removed in transactions of at most `ROWS_PER_TRANSACTION` rows of a kind, for each of which
/// the organiser is locked and an audit entry is written: with several gateways at once, one removes and the others find
/// nothing left.
/// Counting takes one transaction, which is rolled back.
pub async fn apply(
    act: OperatorContext<'_>,
    retention: Retention,
    dry_run: bool,
) -> Result<PurgeReport, OperatorError> {
    let mut all = PurgeReport { sessions: delete_sessions(act, dry_run).await?, organisers: Vec::new() };
    let organisers = store::organisers::list(&mut act.db.read().await?).await?;
    for organiser in organisers {
        let horizon = retention.on(act.clocks.business_clock(organiser.id).today());
        let doctors = ended_doctors(act, organiser.id, horizon.doctors).await?;
        let requests = remove_requests(act, organiser.id, dry_run).await?;
        let mut removed = if dry_run {
            let mut work = act.begin(organiser.id, WritePurpose::RecordOnly).await?;
            remove(&mut work, organiser.id, horizon, &doctors, EVERY_ROW).await?
        } else {
            remove_in_parts(act, organiser.id, horizon, &doctors).await?
        };
        removed.requests = requests;
        if !removed.is_nothing() {
            all.organisers.push((organiser.id, removed));
        }
    }
    Ok(all)
}

/// Removes an organiser's rows part by part, until nothing is left.
async fn remove_in_parts(
    act: OperatorContext<'_>,
    organiser: OrganiserId,
    horizon: Horizon,
    doctors: &[store::doctors::DoctorRecord],
) -> Result<RemovedCounts, OperatorError> {
    let (mut all, mut doctors) = (RemovedCounts::default(), doctors.chunks(DOCTORS_PER_TRANSACTION));
    loop {
        let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
        let ended = doctors.next();
        let removed = remove(&mut work, organiser, horizon, ended.unwrap_or_default(), ROWS_PER_TRANSACTION).await?;
        if !removed.is_nothing() {
            work.record(&Record::of(RecordedAction::RetentionApplied).detail(removed.to_string()));
            work.commit().await?;
            all += removed;
        } else if ended.is_none() {
            // Doctors who were changed since they were listed are no end: others may follow.
            return Ok(all);
        }
    }
}

/// Removes sessions that are expired under any configuration, expired forms, and of the agency files that belong to nothing and
/// stored responses.
async fn delete_sessions(act: OperatorContext<'_>, dry_run: bool) -> Result<u64, OperatorError> {
    let mut work = act.begin_for_operator().await?;
    let created = work.at().checked_sub(LONGEST_SESSION).unwrap_or(Timestamp::MIN);
    let sessions = store::sessions::forget(&mut work, created).await?;
    let sent = work.at().checked_sub(expired_forms::KEPT_FOR).unwrap_or(Timestamp::MIN);
    let forms = store::expired_forms::forget(&mut work, sent).await?;
    let begun = work.at().checked_sub(files::ABANDONED_AFTER).unwrap_or(Timestamp::MIN);
    let files = store::files::remove_abandoned(&mut work, DataOwner::Agency, begun, EVERY_ROW).await?;
    let answered = work.at().checked_sub(idempotency::KEPT_FOR).unwrap_or(Timestamp::MIN);
    let answers = store::idempotency::remove_before(&mut work, DataOwner::Agency, answered, EVERY_ROW).await?;
    if dry_run {
        return Ok(sessions);
    }
    if sessions > 0 {
        work.record(&Record::of(RecordedAction::RetentionApplied).detail(format!("{sessions} session(s)")));
        work.commit().await?;
    } else if forms + files + answers > 0 {
        // They are stored for a day at most and belong to no organiser whose history could have the entry.
        work.commit_unrecorded().await?;
    }
    Ok(sessions)
}

/// Removes the organiser's calls that are in the log for longer than their period. Nothing of a document is in them: no entry of
/// the history says that they are gone.
async fn remove_requests(
    act: OperatorContext<'_>,
    organiser: OrganiserId,
    dry_run: bool,
) -> Result<u64, OperatorError> {
    let today = act.clocks.business_clock(organiser).today();
    let before = clock::brussels_midnight(today.saturating_sub(requests::KEPT_DAYS.days()));
    let mut all = 0;
    loop {
        let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
        let most = if dry_run { EVERY_ROW } else { REQUESTS_PER_TRANSACTION };
        let removed = store::requests::remove_before(&mut work, organiser, before, most).await?;
        all += removed;
        if dry_run || removed == 0 {
            return Ok(all);
        }
        work.commit_unrecorded().await?;
    }
}

/// The organiser's doctors whose collaboration ended before this day.
async fn ended_doctors(
    act: OperatorContext<'_>,
    organiser: OrganiserId,
    day: Date,
) -> Result<Vec<store::doctors::DoctorRecord>, OperatorError> {
    let rows = store::doctors::list(&mut act.db.read().await?, organiser).await?;
    if rows.is_empty() {
        return Ok(rows);
    }
    let key = act.vault.organiser_key(act.db, organiser).await?;
    let mut ended = Vec::new();
    for row in rows {
        if doctors::sheet_of(&key, organiser, &row)?.end_date.is_some_and(|end| end < day) {
            ended.push(row);
        }
    }
    Ok(ended)
}

/// Removes at most `most` rows of each kind, and these doctors.
async fn remove(
    work: &mut UnitOfWork<'_>,
    organiser: OrganiserId,
    horizon: Horizon,
    ended: &[store::doctors::DoctorRecord],
    most: i64,
) -> Result<RemovedCounts, store::Error> {
    let (at, machine) = (work.at(), work.machine().now());
    let tx = &mut **work;
    let before = clock::brussels_midnight(horizon.day);
    let (statements, revisions) = store::statements::remove_before(tx, organiser, horizon.month, most).await?;
    let verdicts = store::verdicts::remove_before(tx, organiser, before, most).await?;
    let key_days = store::key_uses::remove_before(tx, organiser, horizon.day, most).await?;
    // Keys are removed only when no old figures are left, which refer to them.
    let keys = if key_days.cast_signed() == most {
        0
    } else {
        store::keys::remove_ended_before(tx, organiser, before, most).await?
    };
    let claims = store::claims::remove_before(tx, organiser, horizon.month, most).await?;
    let payments = store::subsidies::remove_before(tx, organiser, horizon.month, most).await?;
    let drafts = store::drafts::remove_before(tx, organiser, before, most).await?;
    let staff = store::staff::remove_ended_before(tx, organiser, (horizon.staff, at), most).await?;
    let users = store::users::remove_deactivated_before(tx, organiser, before, most).await?;
    store::staff::forget_probes(tx, organiser, before).await?;
    let deliveries = store::webhooks::remove_before(tx, organiser, before, most).await?;
    let answered = machine.checked_sub(idempotency::KEPT_FOR).unwrap_or(Timestamp::MIN);
    let answers = store::idempotency::remove_before(tx, DataOwner::Organiser(organiser), answered, most).await?;
    let abandoned = machine.checked_sub(files::ABANDONED_AFTER).unwrap_or(Timestamp::MIN);
    let attachments = store::attachments::remove_before(tx, organiser, horizon.month, most).await?;
    let files =
        attachments + store::files::remove_abandoned(tx, DataOwner::Organiser(organiser), abandoned, most).await?;
    let mut doctors = 0;
    for doctor in ended {
        doctors += u64::from(store::doctors::delete(tx, organiser, doctor).await?);
    }
    Ok(RemovedCounts {
        statements,
        revisions,
        doctors,
        staff,
        users,
        verdicts,
        keys,
        key_days,
        drafts,
        claims,
        payments,
        deliveries,
        answers,
        files,
        requests: 0,
    })
}

/// Applies the periods once a day, by the business time of the agency.
#[derive(Debug)]
pub struct RetentionJob {
    retention: Retention,
    /// The day on which it was last done.
    done: Option<Date>,
}

impl RetentionJob {
    /// With these periods; the first time is now.
    pub const fn new(retention: Retention) -> Self {
        Self { retention, done: None }
    }

    /// Applies them if a day has begun since the last time; returns the removed counts. Failures are retried
    /// the next time.
    pub async fn run_if_due(&mut self, app: &App) -> Result<Option<PurgeReport>, OperatorError> {
        let today = app.clocks.agency_clock().today();
        if self.done == Some(today) {
            return Ok(None);
        }
        let actor = Actor::system("retention");
        let all = apply(app.acting_as(&actor), self.retention, false).await?;
        self.done = Some(today);
        Ok(Some(all))
    }
}
