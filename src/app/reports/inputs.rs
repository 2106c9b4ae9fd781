//! What a report is compared with, read in one transaction.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;

use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::revision_warnings::RevisionWarnings;
use crate::app::staff::{self, NamedPerson};
use crate::app::statements::{open, sealed, unseal_text};
use crate::app::{App, doctors};
use crate::domain::claim::{FigureLine, month_lines};
use crate::domain::creche::Creche;
use crate::domain::doctor::DoctorState;
use crate::domain::kinds::{attendance, medical};
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::report::completeness::ReportStep;
use crate::domain::report::{self, MonthDeposit, RegisterPerson, Report, ReportContext};
use crate::domain::standing_facts::CurrentDoctor;
use crate::domain::statement::{Statement as _, StatementFilter, StatementKey, StatementKind};
use crate::ids::{CrecheId, OrganiserId, StaffMemberId};
use crate::seal::DataKey;
use crate::store::statements::{CurrentStatement, StoredRevision};
use crate::store::{self, Tx};

/// What the rules of a report need besides the document.
pub(in crate::app) struct ReportInputs {
    staff: Vec<RegisterPerson>,
    /// Given and family name of each person, in the same order, where the caller may know it.
    names: Vec<Option<(String, String)>>,
    claimed_elsewhere: Vec<StaffMemberId>,
}

impl ReportInputs {
    /// Reads them for a crèche and a quarter. A stored report names persons who may be out of the caller's reach since: it
    /// can be read and sent back nevertheless.
    pub(super) async fn read(
        app: &App,
        caller: &Caller,
        slot: StatementKey,
        stored: Option<&Report>,
    ) -> Result<Self, InternalError> {
        let (creche, quarter) = (slot.creche, slot.month.quarter());
        let stored_ids: Vec<_> = stored.iter().flat_map(|report| &report.staff).map(|person| person.id).collect();
        let persons = staff::report_persons(app, caller, (creche, quarter), &stored_ids).await?;
        let split = |NamedPerson { person, name }| (person, name);
        let (staff, names) = persons.into_iter().map(split).unzip();
        Ok(Self { staff, names, claimed_elsewhere: claimed_elsewhere(app, caller, slot).await? })
    }

    /// The persons of the register.
    pub(super) fn staff(&self) -> &[RegisterPerson] {
        &self.staff
    }

    /// The same with given and family name.
    pub(super) fn named_staff(&self) -> impl Iterator<Item = (&RegisterPerson, Option<&(String, String)>)> {
        self.staff.iter().zip(self.names.iter().map(Option::as_ref))
    }

    /// The name of each person as it is shown.
    pub(in crate::app) fn shown_names(&self) -> HashMap<StaffMemberId, String> {
        self.named_staff().map(|(person, name)| (person.id, shown_name(person, name))).collect()
    }

    /// The context of the rules.
    pub(super) fn context<'a>(&'a self, caller: &Caller, creche: &'a Creche, quarter: Quarter) -> ReportContext<'a> {
        ReportContext {
            quarter,
            today: caller.clock.today(),
            creche,
            staff: &self.staff,
            claimed_elsewhere: &self.claimed_elsewhere,
        }
    }
}

/// Family and given name of a person; the reference where the caller may not know the name.
pub(super) fn shown_name(person: &RegisterPerson, name: Option<&(String, String)>) -> String {
    name.map_or_else(|| person.reference.clone(), |(given, family)| format!("{family} {given}"))
}

/// The persons for whom reports of other crèches within the caller's reach claim a subsidy in the same quarter.
async fn claimed_elsewhere(
    app: &App,
    caller: &Caller,
    slot: StatementKey,
) -> Result<Vec<StaffMemberId>, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut tx = app.db.read().await?;
    let mut reports = Vec::new();
    let filter = StatementFilter::in_period(report::KIND, slot.period());
    for current in store::statements::list(&mut tx, caller.organiser, filter).await? {
        let StoredRevision { creche, revision, .. } = current.revision;
        if creche != slot.creche && caller.reaches(creche) {
            let other = StatementKey { creche, ..slot };
            reports.push((other, revision, sealed(&mut tx, caller.organiser, other, revision).await?));
        }
    }
    // Unsealing is slow: no transaction is open meanwhile.
    drop(tx);
    let mut claimed = Vec::new();
    for (other, revision, sealed) in reports {
        let report = unseal_report(caller.organiser, &key, other, revision, &sealed)?;
        claimed.extend(report.staff.into_iter().filter(|person| person.subsidised).map(|person| person.id));
    }
    Ok(claimed)
}

/// Reads and unseals a stored report.
pub(in crate::app) async fn open_report(
    tx: &mut Tx,
    organiser: OrganiserId,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
) -> Result<Report, InternalError> {
    let sealed = sealed(tx, organiser, slot, revision).await?;
    unseal_report(organiser, key, slot, revision, &sealed)
}

fn unseal_report(
    organiser: OrganiserId,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
    sealed: &[u8],
) -> Result<Report, InternalError> {
    Ok(serde_json::from_slice(&unseal_text(organiser, key, slot, revision, sealed)?)?)
}

/// The current statements of the months of a quarter.
pub(in crate::app) struct DepositedMonths {
    pub(in crate::app) attendance: Vec<CurrentStatement>,
    pub(in crate::app) medical: Vec<CurrentStatement>,
}

/// The sums of the statements of a quarter, by month.
type MonthTotals = (BTreeMap<Month, attendance::Totals>, BTreeMap<Month, medical::Totals>);

impl DepositedMonths {
    /// Reads them.
    pub(in crate::app) async fn read(
        tx: &mut Tx,
        (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
    ) -> Result<Self, store::Error> {
        let of = |kind| StatementFilter::of_creche_in(kind, creche, Period::Quarter(quarter));
        Ok(Self {
            attendance: store::statements::list(tx, organiser, of(attendance::KIND)).await?,
            medical: store::statements::list(tx, organiser, of(medical::KIND)).await?,
        })
    }

    /// Their sums, of the months that have a statement.
    pub(in crate::app) fn totals(&self) -> Result<MonthTotals, InternalError> {
        Ok((totals_by_month(&self.attendance)?, totals_by_month(&self.medical)?))
    }

    /// The figures of the months of a quarter; 0 of a month without a statement.
    pub(super) fn figures(&self, quarter: Quarter) -> Result<Vec<FigureLine>, InternalError> {
        let (mut attendance, mut medical) = self.totals()?;
        for month in quarter.months() {
            attendance.entry(month).or_default();
            medical.entry(month).or_default();
        }
        Ok(month_lines(&attendance, &medical))
    }
}

/// What was deposited for each month of the quarter.
pub(super) async fn month_deposits(
    app: &App,
    caller: &Caller,
    quarter: Quarter,
    deposited: &DepositedMonths,
) -> Result<Vec<MonthDeposit>, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let doctors = doctors::current_doctors(tx, &key, caller.organiser).await?;
    let mut months = Vec::new();
    for month in quarter.months() {
        let consultations = deposited.medical.iter().find(|current| current.revision.month == month);
        let states = match consultations {
            Some(current) => doctor_states(tx, (caller, &key), current, &doctors).await?,
            None => Vec::new(),
        };
        months.push(MonthDeposit {
            month,
            attendance: deposited.attendance.iter().any(|current| current.revision.month == month),
            medical: consultations.is_some(),
            awaits_doctors: states.contains(&DoctorState::AwaitingValidation),
            lacks_doctors: states.iter().any(|state| matches!(state, DoctorState::Incomplete | DoctorState::Refused)),
        });
    }
    Ok(months)
}

/// The sums of statements by month.
fn totals_by_month<T: DeserializeOwned>(statements: &[CurrentStatement]) -> Result<BTreeMap<Month, T>, InternalError> {
    let read =
        |current: &CurrentStatement| Ok((current.revision.month, serde_json::from_str(&current.revision.totals)?));
    statements.iter().map(read).collect()
}

/// The kind of statement that a step of a report draws on.
pub const fn statements_of(step: ReportStep) -> Option<StatementKind> {
    match step {
        ReportStep::Attendance => Some(attendance::KIND),
        ReportStep::Medical => Some(medical::KIND),
        ReportStep::Quarter
        | ReportStep::Staff
        | ReportStep::Information
        | ReportStep::Costs
        | ReportStep::Attachments => None,
    }
}

/// The state of each doctor of these consultations.
async fn doctor_states(
    tx: &mut Tx,
    (caller, key): (&Caller, &DataKey),
    current: &CurrentStatement,
    doctors: &[CurrentDoctor],
) -> Result<Vec<DoctorState>, InternalError> {
    let stored = RevisionWarnings::read(&current.revision)?;
    let facts = if let Some(facts) = stored.facts() {
        facts.clone()
    } else {
        let month: Month = current.revision.month;
        let slot = StatementKey { creche: current.revision.creche, kind: medical::KIND, month };
        open::<medical::Statement>(tx, caller.organiser, key, slot, current.revision.revision).await?.standing_facts()
    };
    let state = |id| doctors.iter().find(|doctor| doctor.id == id).map(|doctor| doctor.state);
    Ok(facts.doctors.iter().filter_map(|(id, ..)| state(*id)).collect())
}
